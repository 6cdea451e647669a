"""Dose words of a supplement ("900 mg twice a day", "0.6 g BID") → amounts.

What is not understood for certain stays unknown: a number without a unit, a bottle size,
"as needed", two amounts that do not explain each other.
"""

from __future__ import annotations

import math
import re
from typing import Final

from attrs import evolve

from msrisk.model.concepts import Dose
from msrisk.model.profile import Supplement, amount_of
from msrisk.model.quantities import Amount, Unit
from msrisk.recognition.tokens import normalised

__all__ = ["UNKNOWN_DOSE", "dose_in_words", "dose_of"]

UNKNOWN_DOSE: Final = Dose(
    Amount.unknown(Unit.MG), Amount.unknown(Unit.MG_PER_DAY), Amount.unknown(Unit.PER_DAY)
)

_N: Final = r"(\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?)"
_RANGE: Final = rf"(?<![\d.,]){_N}(?:\s*(?:-|–|to)\s*{_N})?"
_UNITS: Final = {
    "mg": 1.0, "milligram": 1.0, "milligrams": 1.0, "mgs": 1.0,
    "g": 1000.0, "gr": 1000.0, "gram": 1000.0, "grams": 1000.0, "gm": 1000.0,
    "mcg": 0.001, "ug": 0.001, "μg": 0.001, "microgram": 0.001, "micrograms": 0.001,
}  # fmt: skip
_AMOUNT: Final = re.compile(rf"{_RANGE}\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b")
_UNREADABLE: Final = re.compile(
    r"as needed|when needed|if needed|\bprn\b|every other|alternate|every \d+ days|week|month"
    r"|\d\.\d{3}\s*mg"  # a thousand in one country, one and a bit in another
)
_PIECES: Final = re.compile(
    rf"{_RANGE}\s*(?:x|×|capsules?|caps?|tablets?|tabs?|pills?|softgels?|scoops?|sachets?)\b"
    r"|(?:\bx|×)\s*\d|\b(?:one|two|three|four) (?:capsule|cap|tablet|tab|pill)"
)
_COUNT: Final = {"once": 1, "one": 1, "twice": 2, "two": 2, "thrice": 3, "three": 3, "four": 4}
_TIMES: Final = (
    (re.compile(r"\b(?:once daily|qd|od|o\.d\.|every 24 hours|q24h)\b"), 1.0),
    (re.compile(r"\b(?:bid|b\.i\.d\.?|bd|q12h|every 12 hours)(?!\w)"), 2.0),
    (re.compile(r"\b(?:tid|t\.i\.d\.?|tds|q8h|every 8 hours)(?!\w)"), 3.0),
    (re.compile(r"\b(?:qid|q\.i\.d\.?|qds|q6h|every 6 hours)(?!\w)"), 4.0),
)
_SPELT: Final = re.compile(
    rf"(?:\b(once|twice|thrice)|(?:\b(one|two|three|four)|{_RANGE})\s*(?:times|x|×))"
    r"\s*(?:a|per|every|each|/)?\s*(?:day\b|daily\b|d\b)"
)
_A_DAY: Final = re.compile(r"(?:\b(?:a|per|each|every)\s+day|/\s*(?:day|d)|\bdaily|\btotal)\b")
_DIVIDED: Final = re.compile(
    r"\b(?:divided|split|in)\s+(?:in|into|as|over)?\s*(two|three|four|2|3|4)\s*"
    r"(?:divided\s+)?(?:doses|parts|portions|intakes)"
)
_HOURS: Final = re.compile(
    r"\b(morning|noon|midday|afternoon|evening|night|bedtime|breakfast|lunch|dinner|supper)\b"
)
# Two ways of telling one dose may differ by rounding.
_ROUNDING: Final = 1.02


def dose_in_words(text: str) -> Dose:
    """Return the dose that the words of an entry tell, unknown where they do not."""
    words = normalised(text)
    if _UNREADABLE.search(words):
        return UNKNOWN_DOSE
    times = _times(words)
    amounts = list(dict.fromkeys(_amounts(words)))
    if not amounts or len(amounts) > 2 or _PIECES.search(_SPELT.sub(" ", words)):
        return evolve(UNKNOWN_DOSE, times=times)
    first, *rest = amounts
    counted = not math.isinf(times.high)
    if rest:
        # "300 mg twice a day (600 mg)": the second amount must be the first, added up.
        daily = _daily(first, times)
        second = _as(rest[0], Unit.MG_PER_DAY)
        if counted and _overlap(daily, second):
            return Dose(first, daily, times)
        return evolve(UNKNOWN_DOSE, times=times)
    if _DIVIDED.search(words) or (_A_DAY.search(_SPELT.sub(" ", words)) and not _explicit(words)):
        daily = _as(first, Unit.MG_PER_DAY)
        return _completed(Dose(Amount.unknown(Unit.MG), daily, times))
    return _completed(Dose(first, Amount.unknown(Unit.MG_PER_DAY), times))


def dose_of(supplement: Supplement, words: Dose) -> tuple[Dose, bool]:
    """Return the dose that fields and words tell together, and whether they agree."""
    fields = Dose(
        amount_of(supplement.dose_mg, Unit.MG),
        amount_of(supplement.daily_dose_mg, Unit.MG_PER_DAY),
        amount_of(supplement.times_per_day, Unit.PER_DAY),
    )
    each, a = _both(fields.each, words.each)
    times, b = _both(fields.times, words.times)
    told, c = _both(fields.daily, words.daily)
    daily, d = _both(told, _daily(each, times))
    return _completed(Dose(each, daily, times)), a and b and c and d


def _completed(dose: Dose) -> Dose:
    """Return the dose with what follows from two of its three amounts."""
    each, daily, times = dose.each, dose.daily, dose.times
    product = _daily(each, times)
    if math.isinf(daily.high):
        daily = product
    if math.isinf(times.high) and each.low > 0 and not math.isinf(each.high) and daily.low > 0:
        times = Amount(daily.low / each.high, daily.high / each.low, Unit.PER_DAY)
    if math.isinf(each.high) and times.low > 0 and not math.isinf(daily.high):
        each = Amount(daily.low / times.high, daily.high / times.low, Unit.MG)
    return Dose(each, daily, times)


def _daily(each: Amount, times: Amount) -> Amount:
    return Amount(each.low * times.low, each.high * times.high, Unit.MG_PER_DAY)


def _both(one: Amount, other: Amount) -> tuple[Amount, bool]:
    """Return what two statements of one amount tell together, and whether they agree."""
    if _overlap(one, other):
        low, high = max(one.low, other.low), min(one.high, other.high)
        return (Amount(low, high, one.unit) if low <= high else one), True
    return Amount(min(one.low, other.low), max(one.high, other.high), one.unit), False


def _overlap(one: Amount, other: Amount) -> bool:
    return one.low <= other.high * _ROUNDING and other.low <= one.high * _ROUNDING


def _as(amount: Amount, unit: Unit) -> Amount:
    return Amount(amount.low, amount.high, unit)


def _amounts(words: str) -> list[Amount]:
    found = []
    for low, high, unit in _AMOUNT.findall(words):
        factor = _UNITS[unit]
        first = _number(low) * factor
        last = _number(high) * factor if high else first
        found.append(Amount(min(first, last), max(first, last), Unit.MG))
    return found


def _number(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def _explicit(words: str) -> bool:
    """Whether a count of doses is said, so that an amount is that of one dose."""
    return bool(_SPELT.search(words)) or any(rule.search(words) for rule, _ in _TIMES)


def _times(words: str) -> Amount:
    counts: set[tuple[float, float]] = set()
    for once, spelt, low, high in _SPELT.findall(words):
        if once or spelt:
            counts.add((_COUNT[once or spelt],) * 2)
        else:
            counts.add((_number(low), _number(high or low)))
    counts |= {(count, count) for rule, count in _TIMES if rule.search(words)}
    for parts in _DIVIDED.findall(words):
        counts.add((float(_COUNT.get(parts) or parts),) * 2)
    if not counts:
        hours = set(_HOURS.findall(words))
        counts = {(len(hours), len(hours))} if len(hours) > 1 else counts
    if len(counts) != 1:
        return Amount.unknown(Unit.PER_DAY)
    ((low, high),) = counts
    return Amount(min(low, high), max(low, high), Unit.PER_DAY)
