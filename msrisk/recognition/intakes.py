"""Adds up the intakes of a day, or multiplies one by how often it is taken.

One amount with one frequency is multiplied. Two amounts are added where each has its own
hours, and agree where one is the other added up. All else is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from attrs import Factory, define

from msrisk.model.concepts import Dose
from msrisk.model.quantities import Amount, Number, Unit

__all__ = ["Intake", "Range", "dose_from", "upward"]

Range = tuple[float, float]

_EXACT: Final = 10
_ONE: Final = (1.0, 1.0)
_UNKNOWN: Final = (0.0, math.inf)
_MOST_TIMES: Final = 48
# Two ways of telling one dose may differ by rounding.
_ROUNDING: Final = 1.02


@define
class Intake:
    """What is told of one amount: how often it is taken, when, and in how many pieces."""

    amount: Range | None = None
    words: list[str] = Factory(list)
    per_ml: bool = False
    volume: Range | None = None
    pieces: float = 0  # 1 beside "capsule", 2 beside "capsules": the amount is that of one
    count: Range | None = None
    sure: bool = False
    of_one: bool = False  # the amount is surely that of one piece
    in_span: tuple[Range, Range] | None = None  # "2 a day": how many, of how many days
    rate: Range | None = None
    span: Range | None = None
    hours: list[int] = Factory(list)
    besides: bool = False  # "bid and at bedtime"
    meals: bool = False
    divided: bool = False
    at_once: bool = False  # "12 tablets at once": all of it is one intake
    on_a_day: bool = False  # "7 g today": what one day brought, at least

    @property
    def frequent(self) -> bool:
        """Whether it is told how often."""
        return bool(self.rate or self.span or self.hours or self.in_span)

    @property
    def unsure(self) -> bool:
        """Whether the amount may be that of each piece or of all: "600 mg (2 capsules)"."""
        return self.count not in (None, _ONE) and not (self.sure or self.of_one)

    def piece_or_amount(self, count: Range | None) -> Range | None:
        """Return the amount that count and frequency are told of; None if that is open."""
        if self.per_ml != (self.volume is not None) or self.amount is None:
            return None
        if self.unsure and count and count[0] < 1:
            return None  # half of it, or what half of a tablet holds
        if self.pieces == 2 and count is None:
            return None
        return _times(self.amount, self.volume) if self.volume else self.amount


def dose_from(intakes: Sequence[Intake], days: Range | None) -> Dose | None:
    """Return the dose of all intakes, taken on so many days of seven; None if it is open."""
    told = _told(intakes, days)
    if told is None:
        return None
    each, daily, times = told
    # Of a week's amount a day's is a mean, and no more exact than that.
    daily = (_whole(daily[0]), _whole(daily[1]))
    return Dose(
        Amount(*each, Unit.MG), Amount(*daily, Unit.MG_PER_DAY), Amount(*times, Unit.PER_DAY)
    )


def _whole(amount: Number) -> Number:
    """Return an endless fraction in whole milligrams, unless so few that this would matter."""
    if not _EXACT <= amount < math.inf or math.isclose(amount, round(amount, 2)):
        return amount
    return round(amount)


def upward(dose: Dose) -> Dose:
    """Return the dose to which something may be added."""
    return Dose(
        Amount.unknown(Unit.MG),
        Amount(dose.daily.low, math.inf, Unit.MG_PER_DAY),
        Amount(dose.times.low, math.inf, Unit.PER_DAY),
    )


_Told = tuple[Range, Range, Range]
"""The amount of one intake, that of a day, and the intakes of a day."""
_Frequency = tuple[Range | None, Range | None, Range | None, bool]
"""Intakes a day, or the days of one amount; how many pieces; whether the amount is clear."""


def _told(intakes: Sequence[Intake], days: Range | None) -> _Told | None:
    if len(intakes) == 1:
        return _one(intakes[0], days)
    if days is not None:
        return None
    if len(intakes) == 2:
        explained = _explained(*intakes) or _explained(*reversed(intakes))
        if explained is not None:
            return explained
    events = [one for one in intakes if one.at_once or one.on_a_day]
    return _beside(events) if events else _sum(intakes)


def _beside(events: Sequence[Intake]) -> _Told | None:
    """Read "600 mg daily, took 7 g yesterday": one day brought that much at least."""
    told = [one for one in (_one(event, None) for event in events) if one is not None]
    most = max((max(each[0], daily[0]) for each, daily, _ in told), default=0)
    return (_UNKNOWN, (most, math.inf), _UNKNOWN) if most else None


def _one(intake: Intake, days: Range | None) -> _Told | None:
    frequency = _frequency(intake)
    if frequency is None:
        return None
    rate, span, count, clear = frequency
    amount = intake.piece_or_amount(count) if clear else None
    at_once = count
    if amount and count and intake.unsure:
        amount = (amount[0] * min(1, count[0]), amount[1] * max(1, count[1]))
        count = _ONE
    if intake.at_once or intake.on_a_day:
        return _event(intake, rate, span, _times(amount, count or _ONE) if amount else None)
    if days is not None:
        if rate and rate[0] >= 1:
            rate = _times(rate, days)
        elif rate and not _overlap(rate, days):
            return None
        elif span == _ONE:
            span = (1 / days[1], 1 / days[0])
        elif span and not _overlap(_over(_ONE, span), days):
            return None
    if rate and not 0 < rate[1] <= _MOST_TIMES:
        return None
    if intake.divided:
        if amount is None or count not in (None, _ONE) or span not in (None, _ONE) or days:
            return None
        return (_over(amount, rate) if rate else _UNKNOWN), amount, rate or _UNKNOWN
    if amount is None:
        return _UNKNOWN, _UNKNOWN, rate or _UNKNOWN
    if rate:
        each = _times(amount, count or _ONE)
        return each, _times(each, rate), rate
    if span:
        count = count or (_ONE if intake.pieces == 1 else None)
        if count is None:
            # Of what a week brings, a day brings no more than all.
            each = (0.0, amount[1]) if span[1] > 1 else _UNKNOWN
            return each, _over(amount, span), _UNKNOWN
        # Two a day are two at once, or one twice.
        each = (amount[0] * min(1, count[0]), amount[1] * count[1])
        low, high = map(math.ceil, at_once or count)
        if intake.unsure:
            each = (amount[0] / max(1, high), each[1])
        times = (min(1, low) / span[1], high / span[0])
        return each, _over(_times(amount, count), span), times
    if intake.pieces or count not in (None, _ONE):
        return _UNKNOWN, _UNKNOWN, _UNKNOWN
    return amount, _UNKNOWN, _UNKNOWN


def _event(
    intake: Intake, rate: Range | None, span: Range | None, all_: Range | None
) -> _Told | None:
    """Read "12 tablets of 600 mg at once", "600 mg at once daily", "7 g today"."""
    if intake.on_a_day:
        often = rate or span or intake.divided
        return None if often or all_ is None else (_UNKNOWN, (all_[0], math.inf), _UNKNOWN)
    if intake.divided or all_ is None:
        return None
    if rate is None and span is None:
        return all_, _UNKNOWN, _UNKNOWN
    times = rate or _over(_ONE, span or _ONE)
    return all_, _times(all_, times), times


def _frequency(intake: Intake) -> _Frequency | None:
    """Bring together all that tells how often; None if it contradicts itself."""
    rate, span, count, clear = intake.rate, intake.span, intake.count, True
    hours = len(intake.hours)
    if intake.in_span is not None:
        number, period = intake.in_span
        if count not in (None, _ONE) or span not in (None, period):
            return None
        if rate:
            if not _overlap(_over(number, period), rate):
                return None
        elif hours > 1:
            if period != _ONE or number != (hours, hours):
                return None
        else:
            count, span = number, period
    if rate and hours:
        low, high = rate
        if intake.besides:
            # "Four times a day with meals and at bedtime": at bedtime the fourth, or a fifth.
            more = low == high >= 2 and not (intake.meals and low > 3)
            rate = (low + hours if more else low, high + hours)
        elif hours < low:
            rate = (low, high + hours)  # "bid, at bedtime": one of the two, or a third
        elif not (low == high == hours or (high < 1 and hours == 1)):
            return None
    elif hours:
        if intake.meals or (span not in (None, _ONE) and hours > 1):
            return None
        if span in (None, _ONE):
            clear = span is None or hours == 1
            rate, span = (hours, hours), None
    elif intake.meals and span and not rate:
        clear = False
    if rate and span and not intake.divided:
        if span != _ONE:
            return None
        clear = clear and rate == _ONE  # of one intake, or of the whole day?
        span = None
    return rate, span, count, clear


def _explained(part: Intake, whole: Intake) -> _Told | None:
    """Read "300 mg twice a day (600 mg daily)" and "600 mg (2 x 300 mg) twice a day"."""
    if part.sure and _all_of(part, whole) and not (part.frequent and whole.frequent):
        return _one(part if part.frequent else whole, None)
    told, total = _one(part, None), _one(whole, None)
    if told is None or total is None or whole.span != _ONE or whole.rate or whole.hours:
        return None
    known = (part.rate or part.hours or part.in_span) and total[1] != _UNKNOWN
    return told if known and told[1] != _UNKNOWN and _overlap(told[1], total[1]) else None


def _all_of(part: Intake, whole: Intake) -> bool:
    """Return whether one amount is so many times the other."""
    if part.amount is None or part.count is None or whole.amount is None or whole.count:
        return False
    return _alike(_times(part.amount, part.count), whole.amount)


def _sum(intakes: Sequence[Intake]) -> _Told | None:
    """Add amounts of which each has its own hours: "600 mg am, 300 mg pm"."""
    seen = 0
    each, daily, times = (math.inf, 0.0), (0.0, 0.0), (0.0, 0.0)
    for intake in intakes:
        told = _one(intake, None)
        plain = intake.hours and not (
            intake.rate or intake.span or intake.in_span or intake.meals or intake.divided
        )
        if told is None or not plain or told[0] == _UNKNOWN:
            return None
        for hour in intake.hours:
            if hour & seen:
                return None
            seen |= hour
        each = (min(each[0], told[0][0]), max(each[1], told[0][1]))
        daily = (daily[0] + told[1][0], daily[1] + told[1][1])
        times = (times[0] + told[2][0], times[1] + told[2][1])
    return each, daily, times


def _times(one: Range, other: Range) -> Range:
    return one[0] * other[0], one[1] * other[1]


def _over(one: Range, other: Range) -> Range:
    return one[0] / other[1], one[1] / other[0]


def _overlap(one: Range, other: Range) -> bool:
    return one[0] <= other[1] * _ROUNDING and other[0] <= one[1] * _ROUNDING


def _alike(one: Range, other: Range) -> bool:
    return all(math.isclose(a, b, rel_tol=_ROUNDING - 1) for a, b in zip(one, other, strict=True))
