"""Reads how often and when something is taken: part of the grammar of directions.

The grammar as a whole stands in `directions`.
"""

from __future__ import annotations

from typing import Final

from msrisk.recognition.direction_row import Element
from msrisk.recognition.direction_words import Kind
from msrisk.recognition.intakes import Intake, Range

__all__ = ["Times"]

_ONE: Final = (1.0, 1.0)
_WEEK: Final = (7.0, 7.0)
_PIECE: Final[tuple[Kind, float]] = ("piece", 1)
_MG: Final = frozenset({"mg", "mgs", "milligram", "milligrams"})
_COUNTS: Final = frozenset({"number", "roman"})
_HALVES: Final = frozenset({"half", "halbe", "media", "meia"})
_OFTEN: Final = frozenset({"rate", "span", "period", "hour"})
_COUNTED: Final = frozenset({"unit", "piece", "times", "volume", "doses", "number"})
_DAYS: Final = frozenset({"weekday", "short-weekday"})
_DATES: Final = _DAYS | {"month"}
_BESIDE_DAY: Final = _DAYS | {"on", "every", "since"}
_EVERY: Final = _DAYS | {"hour", "meals", "clock"}
_NOT_NOW: Final = frozenset({"this", "last", "next", "since", "past"})


class Times:
    """A reader of a row of known words; each rule returns where it stopped."""

    def __init__(self, row: list[Element], doubts: list[str]) -> None:
        self.row = row
        self.left = doubts  # no dose is certain beside these
        self.more: list[str] = []  # these can only add to it
        self.intakes = [Intake()]
        self.adding = self.capped = self.total = self.by_hour = self.done = False
        self.weekdays = 0
        self.days: Range | None = None

    def lost(self, at: int, end: int) -> int:
        """Keep words that were not understood."""
        self.left.append(" ".join(one[3] for one in self.row[at:end]))
        return end

    def added(self, at: int, end: int) -> int:
        """Keep words that can only add, and read what follows likewise."""
        self.adding = True
        self.more.append(" ".join(one[3] for one in self.row[at:end]))
        return end

    def joins(self, at: int) -> bool:
        """Return whether "and" joins this word to a frequency."""
        return at > 0 and self.row[at - 1][0] == "and" and self.intakes[-1].frequent

    def capped_to(self, low: float, high: float) -> Range:
        """Return a range, from nothing if "up to" stands before it."""
        low, self.capped = 0 if self.capped else low, False
        return low, high

    def range(self, at: int) -> tuple[float, float, int]:
        """Read one number or two with "-", "to" or "or" between them."""
        row = self.row
        low, word = row[at][1], row[at][3]
        at += 1
        kind, value, _, after, sign = row[at]
        if kind == "number" and not sign and word.isdecimal():
            if "⁄" in after:
                low, at = low + value, at + 1
            elif self.is_rest_of_thousands(at):
                low, at = low * 1000 + value, at + 1
        elif kind == "and" and row[at + 1][3] in _HALVES:
            low, at = low + 0.5, at + 2
        elif after == "/" and row[at + 1][1] > low and row[at + 2][:2] == _PIECE:
            low, at = low / row[at + 1][1], at + 2  # but "1/2 tablets" may be one or two
        kind, value, _, after, sign = row[at]
        high = low
        if kind in _COUNTS and sign == "-":
            high, at = value, at + 1
        elif kind in ("to", "or") and row[at + 1][0] in _COUNTS:
            high, at = row[at + 1][1], at + 2
        elif after == "a" and row[at + 1][1] > low >= 1 and row[at + 2][0] == "times":
            high, at = row[at + 1][1], at + 2  # "1 a 2 veces"
        return min(low, high), max(low, high), at

    def is_rest_of_thousands(self, at: int) -> bool:
        """Return whether a number ends another with a blank between its thousands.

        "2 600 mg" is two of 600 mg, or 2600 mg; but nobody writes a single one of 200 mg
        as "1 200 mg", unless a word for capsules follows.
        """
        first, rest = self.row[at - 1][3], self.row[at][3]
        if len(rest) != 3 or len(first) > 3 or self.row[at + 1][3] not in _MG:
            return False
        return rest[0] == "0" or (first == "1" and self.row[at + 2][0] != "piece")

    def directs(self, at: int, end: int) -> bool:
        """Return whether a sign sets a count apart from a strength: "300 mg, 2 caps bid".

        Of "600 mg, 2 caps a day" the amount may be that of both.
        """
        row = self.row
        often = row[end][0] in ("rate", "often")
        often = often or (row[end][0] == "number" and row[end + 1][0] == "times")
        return row[at][4] in (",", "-") and row[at - 1][0] == "unit" and often

    def interval(self, at: int) -> tuple[Range, int] | None:
        """Read "daily", "a day", "every 8 hours": the days of it, and where it ends."""
        row = self.row
        kind, low, high = row[at][:3]
        if kind == "span":
            return (low, high), at + 1
        if kind not in ("per", "every", "other"):
            return None
        first = last = low or 1.0
        at += 1
        if row[at][3] == "third":
            first, last, at = 3.0, 3.0, at + 1
        elif row[at][0] == "number":
            first, last, at = self.range(at)
            at += row[at][0] == "ordinal"
        elif row[at][0] == "other":
            first, last, at = row[at][1], row[at][1], at + 1
        if row[at][0] == "period" and first > 0:
            return (first * row[at][1], last * row[at][2]), at + 1
        # Every other night is every other day.
        return ((first, last), at + 1) if first > 1 and row[at][0] == "hour" else None

    def often(self, end: int, low: float, high: float, *, joined: bool = False) -> int:
        """Keep how many times a day."""
        intake = self.intakes[-1]
        if joined or intake.rate not in (None, (low, high)):
            return self.lost(end - 1, end)
        intake.rate = self.capped_to(low, high)
        return end

    def duration(self, at: int, low: float, high: float, end: int) -> int:
        """Read "for 3 months", "3 years ago", "30 min before", "5 days a week"."""
        row = self.row
        every = self.interval(end + 1)
        if row[end][1] == 1 and every and every[0] == _WEEK and 1 <= low <= high <= 7:
            self.days = (low / 7, high / 7)
            return every[1]
        if row[end + 1][3] == "ago":
            return self.ago(row[end][1], end + 1)
        before, after = row[at - 1][0], row[end + 1][0]
        aside = before in ("for", "since", "lab") or after in ("since", "beside")
        return end + 1 if aside else self.lost(at, end + 1)

    def ago(self, days: float, end: int) -> int:
        """Pass over "3 years ago"; what was taken hours ago, one day brought."""
        self.intakes[-1].on_a_day |= days < 1
        return end + 1

    def once(self, at: int) -> int:
        """Read "at once"."""
        self.intakes[-1].at_once = True
        return at + 1

    def day(self, at: int) -> int:
        """Read "today"."""
        self.intakes[-1].on_a_day = True
        return at + 1

    def verb(self, at: int) -> int:
        """Read "swallowed": behind a frequency, of what follows."""
        self.done = True
        if self.intakes[-1].frequent and self.row[at + 1][0] in _COUNTS:
            self.intakes.append(Intake())
        return at + 1

    def twice(self, at: int) -> int:
        """Read "twice a day", "once or twice a week", "once in the morning"."""
        row = self.row
        low = high = row[at][1]
        end = at + 1
        if (row[end][0] == "or" or row[end][0] == "to") and row[end + 1][0] == "often":
            high, end = row[end + 1][1], end + 2
        every = self.interval(end)
        if every:
            (first, last), end = every
            return self.often(end, low / last, high / first, joined=self.joins(at))
        if high == 1 and row[end][0] in ("hour", "every", "clock"):
            return end
        return self.lost(at, end)

    def rate(self, at: int) -> int:
        """Read "bid"."""
        low, sign = self.row[at][1], self.row[at][4]
        other = self.joins(at) or (sign == "-" and self.intakes[-1].frequent)  # "bid-tid"
        return self.often(at + 1, low, low, joined=other)

    def every(self, at: int) -> int:
        """Read "daily", "per 24 hours", "every 8 hours", "every other day", "each morning"."""
        row = self.row
        kind, before = row[at][0], row[at - 1][0]
        every = self.interval(at)
        if every is None:
            if kind == "every" and row[at + 1][0] in _EVERY:
                return at + 1
            if row[at][3] == "each" and before == "unit":
                self.intakes[-1].of_one = True
                self.intakes[-1].pieces = 2
                return at + 1
            return self.lost(at, at + 1)
        span, end = every
        if kind == "per" and row[end][3] == "ago":
            return self.ago(span[1], end)  # "an hour ago"
        if kind in ("every", "other") and (end > at + 2 or kind == "other" or span[0] < 1):
            joined = self.joins(at)
            return self.often(end, 1 / span[1], 1 / span[0], joined=joined)
        if kind == "per" and end > at + 2 and span != _ONE:
            return self.lost(at, end)  # "per 3 months" may be for three months
        intake = self.intakes[-1]
        often = intake.hours or (intake.rate and intake.rate[0] >= 1)
        if span == _ONE and often and before in _OFTEN and not row[at][4]:
            return end  # "bid daily"
        if self.joins(at) or intake.span not in (None, span):
            return self.lost(at, end)
        intake.span = span
        return end

    def hour(self, at: int) -> int:
        """Read "morning" and its like."""
        row = self.row
        if row[at - 1][3] in _NOT_NOW:
            return self.lost(at - 1, at + 1)
        return self.at_hour(at, int(row[at][1]), at + 1)

    def clock(self, at: int) -> int:
        """Read "8:00" and "8:00 am"."""
        end = at + 1 + (self.row[at + 1][3] in ("am", "pm"))
        hour = int(self.row[at][1]) % 24
        if self.row[end - 1][3] == "pm" and hour < 12:
            hour += 12
        return self.clock_time(at, hour, end)

    def clock_time(self, at: int, hour: int, end: int) -> int:
        """Keep an hour of the clock, told apart from the parts of a day."""
        return self.at_hour(at, 1 << (8 + hour), end)

    def at_hour(self, at: int, hour: int, end: int) -> int:
        """Keep an hour; two of which one may be part of the other are open."""
        intake = self.intakes[-1]
        joined = self.joins(at)
        if self.adding or (joined and intake.span and not intake.hours):
            return self.added(at, end)
        if intake.amount is None and len(self.intakes) == 1:
            self.by_hour = True
        elif self.by_hour and intake.amount is not None and hour not in intake.hours:
            intake = Intake()
            self.intakes.append(intake)
        for other in intake.hours:
            if hour == other and not joined:
                return end
            apart = joined and hour != other
            if (hour & other and not apart) or (hour > 255) is not (other > 255):
                return self.lost(at, end)
        intake.besides = intake.besides or (joined and not intake.hours)
        intake.hours.append(hour)
        return end

    def weekday(self, at: int) -> int:
        """Read "on Sundays", "Monday to Friday", "mon, wed, fri"."""
        row = self.row
        kind, low, _, _, _ = row[at]
        before, after = row[at - 1], row[at + 1]
        behind = row[at - 2] if before[0] == "on" else before
        joined = behind[0] == "and" and not self.weekdays
        beside = {before[0], after[0]}
        beside |= {row[at - 2][0]} if before[0] == "and" else set()
        beside |= {row[at + 2][0]} & _DAYS if after[0] == "to" else set()
        if kind == "short-weekday" and beside.isdisjoint(_BESIDE_DAY) and after[0] != "and":
            return self.lost(at, at + 1)
        if joined and self.intakes[-1].frequent:
            return self.lost(at, at + 1)
        first, end = int(low), at + 1
        upto = end + (after[0] == "to")
        if row[upto][0] in _DAYS and (upto > end or row[upto][4] == "-"):
            last, end = int(row[upto][1]), upto + 1
            if last <= first:
                return self.lost(at, end)
            first = 2 * last - first
        self.weekdays |= first
        return end

    def period(self, at: int) -> int:
        """Read "year 2"; a day or a week alone is open."""
        row = self.row
        if row[at][3] == "w":  # with
            return at + 1
        if row[at][1] > 300 and row[at + 1][0] == "number" and row[at + 2][0] not in _COUNTED:
            return at + 2
        return self.lost(at, at + 1)

    def span_of_time(self, at: int) -> int:
        """Read "for a year", "since Monday", "last week"."""
        kind, after = self.row[at][0], self.row[at + 1]
        if after[0] == "per" and self.row[at + 2][0] == "period":  # for a year
            return at + 3
        return at + 1 + (after[0] == "period" or (kind == "since" and after[0] in _DATES))
