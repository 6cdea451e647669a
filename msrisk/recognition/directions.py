"""Reads the directions of one product ("600 mg, ii caps BID") as its dose.

The words become a row of known words (`direction_words`); all others are passed over. The
row is read once from left to right, by one rule for each kind of word:

    directions = { amount | count | frequency | hour | mark | aside | doubt } ;
    range      = number [ ( "-" | "to" | "or" ) number ] ;
    amount     = range unit [ ( "-" | "to" ) range unit ] [ "per" ( piece | volume | period ) ] ;
    count      = range ( piece | "x" | roman ) | range volume ;
    frequency  = rate | often per-period | range "x" per-period | range per-period
               | "every" [ range | "other" ] period | per-period | "other" "day" | weekday ;
    per-period = [ "per" | "every" ] period | span ;
    hour       = "morning" | "bed" | clock | range "-" range "-" range [ "-" range ] ;
    mark       = "up to" | "total" | "divided" [ range "doses" ] | "and" | "at once" | "today" ;
    aside      = "for" range period | range period "ago" | "since" weekday | "trough" number
               | "year" number | range "rounds" | "bottle of" number | month number | year ;
    doubt      = any other known word.

`direction_row` makes the row, `direction_times` holds the rules of how often and when. What
is read is kept in intakes, a second amount begins a second one, and `intakes.dose_from` adds
them up. A word that was not understood leaves the dose unknown. Only words that can do nothing
but add ("and at bedtime if needed") make it a range without an end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Final

from msrisk.recognition.direction_glance import UNKNOWN_DOSE, Directions
from msrisk.recognition.direction_row import Element, own, row_of
from msrisk.recognition.direction_times import Times
from msrisk.recognition.direction_words import Kind
from msrisk.recognition.intakes import Intake, Range, dose_from, upward

__all__ = ["directions_in"]

_ONE: Final = (1.0, 1.0)
_MOST_MG: Final = 100_000
_MOST_PIECES: Final = 20
_INDEFINITE: Final = frozenset(
    {"i", "ein", "eine", "einen", "un", "une", "uno", "una", "um", "uma", "een"}
)
_COUNTS: Final = frozenset({"number", "roman"})
_COUNTED: Final = frozenset({"unit", "piece", "times", "volume", "doses", "number"})
# What may follow an addition without changing what stood before it.
_ADDED: Final = frozenset(
    {"more", "hour", "piece", "number", "roman", "and", "meals", "on", "take", "of", "unit",
     "beside", "doses"}
)  # fmt: skip
_CYCLES: Final = frozenset({"cycle", "cycles"})
_EXTRA: Final = frozenset({"extra", "another", "additional"})
_BARE: Final = frozenset({"rate", "often", "hour", "every", "once", "day"})
_CAPPED: Final = frozenset({"number", "roman", "often", "rate"})


def directions_in(words: str) -> Directions:
    """Return the dose that the words of one item tell; unknown where they leave it open."""
    return _Reader(*own(row_of(words))).directions()


class _Reader(Times):
    """Reads a row of known words once, from left to right."""

    def __init__(self, row: list[Element], doubts: list[str]) -> None:
        super().__init__(row, doubts)
        at = 0
        while (kind := row[at][0]) != "end":
            if self.adding and kind not in _ADDED:
                self.lost(at, at + 1)
            at = _RULES[kind](self, at)

    def directions(self) -> Directions:
        """Return the dose of all that was read, and what was not understood."""
        if self.by_hour and self.intakes[-1].amount is None and len(self.intakes) > 1:
            self.intakes.pop()  # "in the morning 600 mg, and at night"
            self.more.append("and")
        if self.capped or self.total:
            self.left.append("max" if self.capped else "total")
        if self.weekdays:
            count = self.weekdays.bit_count() / 7
            self.left += ["days"] if self.days else []
            self.days = (count, count)
        if self.left:
            return Directions(UNKNOWN_DOSE, tuple(dict.fromkeys((*self.left, *self.more))))
        last = self.intakes[-1]
        last.on_a_day |= self.done and not (last.frequent or last.at_once)
        dose = dose_from(self.intakes, self.days)
        if dose is None:
            words = [word for intake in self.intakes for word in intake.words]
            return Directions(UNKNOWN_DOSE, (*words, *self.more))
        if self.more:
            return Directions(upward(dose), tuple(self.more))
        # What is not known, and in how many pieces an amount is, is asked.
        known = dose.each.high < inf or dose.daily.high < inf or last.on_a_day
        asked = [one for one in self.intakes if one.amount and (one.unsure or not known)]
        return Directions(dose, tuple([word for intake in asked for word in intake.words]))

    def count(self, at: int, low: float, high: float, *, sure: bool) -> None:
        """Keep how many pieces are taken at once."""
        intake = self.intakes[-1]
        if intake.count is not None and (intake.frequent or intake.count != (low, high)):
            self.lost(at, at + 1)  # "take 2 caps bid 2 caps": perhaps as many again
        intake.words.append(self.row[at][3])
        intake.count = self.capped_to(low, high)
        # "Take 2" behind an amount is how many of it; behind it, the amount may be of both.
        before = self.row[at - 1 - (self.row[at - 1][0] == "cap")][0]
        taken = before in ("take", "done") and intake.amount is not None
        intake.sure = intake.sure or sure or taken

    def number(self, at: int) -> int:
        """Read a number with what it counts."""
        row = self.row
        if row[at + 1][4] == row[at + 2][4] == "-" and row[at + 2][0] == "number":
            return self.scheme(at)
        low, high, end = self.range(at)
        kind, word, after = row[end][0], row[at][3], row[end][3]
        intake = self.intakes[-1]
        if kind == "unit":
            return self.amount(at, low, high, end)
        if kind == "period":
            return self.duration(at, low, high, end)
        if kind == "course" or after == "yo" or (kind == "month" and low <= 31):
            return end + 1
        if kind == "ordinal":
            dated = "month" in (row[at - 1][0], row[end + 1][0], row[end + 2][0])
            return end + 1 if dated else self.lost(at, end + 1)
        if 1900 <= low < 2100 and low == high and word.isdecimal() and kind not in _COUNTED:
            return end
        if after in ("am", "pm") and (5 <= low == high <= 12):
            return self.clock_time(at, int(low) % 12 + 12 * (after == "pm"), end + 1)
        if self.adding or self.joins(at):
            return self.added(at, end)
        if kind == "volume":
            if intake.volume not in (None, (low, high)):
                return self.lost(at, end + 1)
            intake.volume = self.capped_to(low, high)
            return end + 1
        if kind == "pack" or (kind == "piece" and low >= _MOST_PIECES):
            intake.pieces = 2
            return end + 1
        if kind == "piece":
            self.count(at, low, high, sure=self.directs(at, end + 1))
            return end + 1
        if kind == "times":
            every = self.interval(end + 1)
            if every and every[0][0] >= 1:
                return self.often(every[1], low / every[0][1], high / every[0][0])
            if row[end + 1][0] == "number":
                self.count_of_next(at, low, high)
                return end + 1
            return self.lost(at, end + 1)
        if kind in _COUNTS and row[end + 1][0] == "times" and intake.amount:
            # "300 mg capsules, 2 three times a day"
            self.count(at, low, high, sure=intake.pieces > 0)
            return end
        if kind == "doses" or (kind == "divided" and row[end + 1][0] == "doses"):
            end += 1 + (kind == "divided")
            if high == 1:
                return end
            if self.interval(end) and not intake.span:  # 600 mg in all three, or in each?
                return self.lost(at, end)
            intake.divided = True
            return self.often(end, low, high)
        return self.bare(at, low, high, end, after)

    def in_span(self, at: int, low: float, high: float, every: tuple[Range, int]) -> int:
        """Keep how many are taken in so many days."""
        intake = self.intakes[-1]
        span, end = every
        told = (self.capped_to(low, high), span)
        if intake.in_span not in (None, told):
            return self.lost(at, end)
        intake.in_span = told
        intake.words.append(self.row[at][3])
        return end

    def count_of_next(self, at: int, low: float, high: float) -> None:
        """Keep how many of the amount that follows are taken at once."""
        if self.intakes[-1].amount is not None:
            self.intakes.append(Intake())
        self.count(at, low, high, sure=True)

    def bare(self, at: int, low: float, high: float, end: int, after: str) -> int:
        """Read a number right before a frequency: "ii daily", "2 a day", "2 bid", "8 am"."""
        kind, word = self.row[end][0], self.row[at][3]
        roman = self.row[at][0] == "roman"
        every = None if kind == "other" else self.interval(end)
        sign = self.row[at][4]
        if high > _MOST_PIECES:
            return self.lost(at, end)
        if every and every[0][0] >= 1 and low >= 1:
            if sign == "(":  # "600 mg (2 a day)": 600 mg each, or all of it?
                self.count(at, low, high, sure=False)
                return end
            return self.in_span(at, low, high, every)
        if word in _INDEFINITE:
            return end
        fraction = word.isalpha() or low % 1
        if fraction and (kind == "number" or (kind == "of" and self.row[end + 1][0] == "number")):
            self.count_of_next(at, low, high)
            return end
        if roman or (kind in _BARE and after not in ("am", "pm") and low >= 1):
            self.count(at, low, high, sure=roman and sign != "(")
            return end
        return self.lost(at, end)

    def amount(self, at: int, low: float, high: float, end: int) -> int:
        """Read "600 mg", "300-600 mg", "300 mg to 600 mg", "10 mg/ml", "300 mg per capsule"."""
        row = self.row
        factor = row[end][1]
        whole = row[at][1] >= 1000 and "," in row[at][3] and factor != 1  # "1,200 g"
        low, high, end = low * factor, high * factor, end + 1
        upto = end + (row[end][0] == "to")
        ranged = row[upto][0] == "number" and (upto > end or row[upto][4] == "-")
        if ranged and row[upto + 1][0] == "unit":
            other = row[upto][1] * row[upto + 1][1]
            low, high, end = min(low, other), max(high, other), upto + 2
        if whole or not 0 < high <= _MOST_MG:
            return self.lost(at, end)
        if self.adding:  # "and sometimes 300 mg" may be instead
            return (self.added if self.more[0] in _EXTRA else self.lost)(at, end)
        if self.intakes[-1].amount is not None:
            self.intakes.append(Intake())
        intake = self.intakes[-1]
        low, high = self.capped_to(low, high)
        intake.words.append(" ".join(one[3] for one in row[at:end]))
        intake.sure = intake.sure or row[at - 1][0] == "of"  # 2 capsules of 300 mg
        if self.total:
            intake.span, self.total = _ONE, False
        intake.of_one = row[end][0] == "piece" and not row[end][4]
        per, size = row[end][0] == "per", 1.0
        if per and row[end + 1][0] == "piece":
            intake.pieces, intake.of_one, end = 2, True, end + 2
        elif per and row[end + 1][0] == "doses":
            end += 2
        elif per and row[end + 1][0] == "volume":
            intake.per_ml, end = True, end + 2
        elif per and row[end + 2][0] == "volume" and row[end + 1][1] > 0:
            intake.per_ml, size, end = True, row[end + 1][1], end + 3
        intake.amount = (low / size, high / size)
        return end

    def scheme(self, at: int) -> int:
        """Read "1-0-1": pieces in the morning, at noon, in the evening and at night."""
        row, end = self.row, at + 1
        while row[end][0] == "number" and row[end][4] == "-":
            end += 1
        counts = [one[1] for one in row[at:end] if one[1]]
        if end - at > 4 or not 0 < max(counts, default=0) <= 9 or self.intakes[-1].frequent:
            return self.lost(at, end)
        if len({*counts}) > 1:  # "2-0-1" are three a day
            total = sum(counts)
            return self.in_span(at, total, total, (_ONE, end))
        self.count(at, counts[0], counts[0], sure=True)
        return self.often(end, len(counts), len(counts))

    def times(self, at: int) -> int:
        """Read "x 3 months", "x2/day", "x 2 capsules", "x 300 mg"."""
        row = self.row
        if row[at + 1][0] not in _COUNTS:
            return self.lost(at, at + 1)
        low, high, end = self.range(at + 1)
        every = self.interval(end)
        if row[end][0] == "period" and row[end][1] >= 1:
            return end + 1
        if every and every[0][0] >= 1 and high <= _MOST_PIECES:
            return self.in_span(at + 1, low, high, every)
        if row[end][0] == "unit":  # 2 capsules x 300 mg
            self.intakes[-1].sure = True
            return at + 1
        if row[end][0] not in ("piece", "rate"):
            return self.lost(at, end)
        self.count(at + 1, low, high, sure=True)
        return end + (row[end][0] == "piece")

    def piece(self, at: int) -> int:
        """Read "capsules": the amount is that of one."""
        intake = self.intakes[-1]
        intake.pieces = max(intake.pieces, self.row[at][1])
        return at + 1

    def join(self, at: int) -> int:
        """Read "and": behind it, "sometimes" and "extra" can only add."""
        self.adding = self.adding or self.row[at + 1][0] == "more"
        return at + 1

    def addition(self, at: int) -> int:
        """Read "sometimes", "as needed"."""
        return self.added(at, at + 1) if self.adding else self.lost(at, at + 1)

    def doubt(self, at: int) -> int:
        """Keep a word that leaves every dose open."""
        return self.lost(at, at + 1)

    def cap(self, at: int) -> int:
        """Read "up to": what follows is the most."""
        self.capped = self.row[at + 1][0] in _CAPPED
        return at + 1 if self.capped else self.lost(at, at + 1)

    def sum(self, at: int) -> int:
        """Read "total": of the day, the amount before it or behind it."""
        row, end = self.row, at + 1
        end += row[end][0] == "of"
        if row[end][0] == "number":
            self.total = True
        elif self.intakes[-1].span in (None, _ONE):
            self.intakes[-1].span = _ONE
        else:
            return self.lost(at, end)
        return end

    def divided(self, at: int) -> int:
        """Read "divided", "split"."""
        self.intakes[-1].divided = True
        return at + 1

    def meals(self, at: int) -> int:
        """Read "with meals"."""
        self.intakes[-1].meals = True
        return at + 1

    def numbered(self, at: int) -> int:
        """Read "course 2", "March 3", "bottle of 60"."""
        row, end = self.row, at + 1
        kind = row[at][0]
        if kind == "pack":
            self.intakes[-1].pieces = 2
            end += row[end][0] == "of"
        alone = row[end][0] == "number" and row[end + 1][0] not in _COUNTED
        if row[at][3] in _CYCLES and not alone:
            return self.lost(at, end)
        return end + alone + (alone and row[end + 1][0] == "ordinal")

    def laboratory(self, at: int) -> int:
        """Read "trough 8 ng/ml": a value that was measured is no dose."""
        row, end = self.row, at + 1
        if row[end][0] != "number":
            return end
        if row[end + 1][0] == "unit" and row[end + 2][0] != "per":
            return end
        measured = row[end + 1][0] in ("unit", "doubt") and row[end + 2][0] == "per"
        return end + (4 if measured else 1)

    def aside(self, at: int) -> int:
        """Pass over a word that says nothing by itself."""
        return at + 1


_RULES: Final[Mapping[Kind, Callable[[_Reader, int], int]]] = {
    "number": _Reader.number,
    "roman": _Reader.number,
    "clock": _Reader.clock,
    "unit": _Reader.doubt,
    "volume": _Reader.doubt,
    "piece": _Reader.piece,
    "doses": _Reader.aside,
    "times": _Reader.times,
    "often": _Reader.twice,
    "rate": _Reader.rate,
    "every": _Reader.every,
    "other": _Reader.every,
    "per": _Reader.every,
    "period": _Reader.period,
    "span": _Reader.every,
    "hour": _Reader.hour,
    "meals": _Reader.meals,
    "weekday": _Reader.weekday,
    "short-weekday": _Reader.weekday,
    "and": _Reader.join,
    "to": _Reader.aside,
    "or": _Reader.doubt,
    "of": _Reader.aside,
    "cap": _Reader.cap,
    "divided": _Reader.divided,
    "total": _Reader.sum,
    "take": _Reader.aside,
    "done": _Reader.verb,
    "once": _Reader.once,
    "day": _Reader.day,
    "on": _Reader.aside,
    "for": _Reader.span_of_time,
    "since": _Reader.span_of_time,
    "beside": _Reader.aside,
    "course": _Reader.numbered,
    "lab": _Reader.laboratory,
    "pack": _Reader.numbered,
    "month": _Reader.numbered,
    "ordinal": _Reader.doubt,
    "more": _Reader.addition,
    "doubt": _Reader.doubt,
}
