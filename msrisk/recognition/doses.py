"""Dose words of a product ("900 mg twice a day", "0.6 g BID") → amounts.

Every number in the words must be explained: as an amount, a count of doses or a year.
What is not understood for certain stays unknown: a strength without a count of capsules,
a bottle size, "as needed", "up to", two amounts that do not explain each other.
"""

from __future__ import annotations

import math
import re
from typing import Final

from attrs import evolve, field, frozen

from msrisk.model.concepts import Dose
from msrisk.model.profile import Supplement, amount_of
from msrisk.model.quantities import Amount, Number, Unit
from msrisk.recognition.characters import normalised

__all__ = ["UNKNOWN_DOSE", "dose_in_words", "dose_of", "summed"]

UNKNOWN_DOSE: Final = Dose(
    Amount.unknown(Unit.MG), Amount.unknown(Unit.MG_PER_DAY), Amount.unknown(Unit.PER_DAY)
)

_N: Final = r"(\d{1,3}(?:,\d{3})+|\d{1,9}(?:[.,]\d{1,6})?)"
_RANGE: Final = rf"(?<![\w.,/]){_N}(?: ?(?:-|–|to) ?{_N})?"
_UNITS: Final = {
    "mg": 1.0, "mgs": 1.0, "milligram": 1.0, "milligrams": 1.0,
    "milligramme": 1.0, "milligrammes": 1.0,
    "g": 1000.0, "gr": 1000.0, "gm": 1000.0, "gms": 1000.0, "gram": 1000.0, "grams": 1000.0,
    "gramme": 1000.0, "grammes": 1000.0,
    "mcg": 0.001, "ug": 0.001, "μg": 0.001, "microgram": 0.001, "micrograms": 0.001,
    "microgramme": 0.001, "microgrammes": 0.001,
}  # fmt: skip
_UNIT: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_AMOUNT: Final = re.compile(rf"{_RANGE} ?({_UNIT})\b\.?(?! ?(?:/|per)(?! ?(?:d\b|day)))")
_UNREADABLE: Final = re.compile(
    r"(?:as|when|if) (?:needed|required|necessary)|\bprn\b|\bsos\b|other day|\balternat"
    r"|\bevery (?!(?:6|8|12|24) ?h)\d"
    r"|week|month|fortnight|\byear|\bhalf\b|\bup to\b|\bmax|\bmin\b|\bminimum|\bat (?:least|most)"
    r"|\b(?:less|more|over|under|from|about|approx\w*|around|roughly|or|not|no|some\w*|then|when"
    r"|occasional\w*|increas\w*|reduc\w*|taper\w*|titrat\w*|start\w*|was|were|previously|off"
    r"|change[ds]?|stop\w*|days)\b"
    r"|[~≈<>≤≥?½¼%⁄]|\d\.\d{3} ?mgs?\b|(?<!\d)\d{1,3},\d{3} ?gr?m?s?\b|\b0,\d{3} ?m"
)
_EVERY_HOURS: Final = r"every (?:%s) ?(?:hours|hrs|h)\b|q ?%s ?h\b"
_COUNT: Final = {"once": 1, "one": 1, "twice": 2, "two": 2, "thrice": 3, "three": 3, "four": 4}
_TIMES: Final = (
    (re.compile(rf"(?<!\w)(?:qd|q\.d\.?|od|o\.d\.?)(?!\w)|{_EVERY_HOURS % (24, 24)}"), 1),
    (re.compile(rf"(?<!\w)(?:bid|b\.i\.d\.?|bd|b\.d\.?)(?!\w)|{_EVERY_HOURS % (12, 12)}"), 2),
    (re.compile(rf"(?<!\w)(?:tid|t\.i\.d\.?|tds|t\.d\.s\.?)(?!\w)|{_EVERY_HOURS % (8, 8)}"), 3),
    (re.compile(rf"(?<!\w)(?:qid|q\.i\.d\.?|qds|q\.d\.s\.?)(?!\w)|{_EVERY_HOURS % (6, 6)}"), 4),
)
_A_DAY_WORDS: Final = r"(?:(?:a|per|each|every) day\b|/ ?(?:day|d)\b|\bdaily\b)"
_SPELT: Final = re.compile(
    rf"(?:\b(once|twice|thrice)|(?:\b(one|two|three|four)|{_RANGE}) ?(?:times|x|×))"
    rf"(?: ?{_A_DAY_WORDS}| day\b)|\b(one|1) a day\b"
)
_DIVIDED: Final = re.compile(
    r"\b(?:divided|split)? ?(?:in|into|as|over)? ?\b(two|three|four|2|3|4) "
    r"(?:equal |equally )?(?:divided |separate |split )?(?:doses|parts|portions|intakes)\b"
)
_A_DAY: Final = re.compile(_A_DAY_WORDS)
_PIECES: Final = re.compile(
    rf"(?:{_RANGE}|\b(?:one|two|three|four|five|six)) ?"
    r"(?:x|×|capsules?|caps?|tablets?|tabs?|pills?|softgels?|scoops?|sachets?|gummies|drops)\b"
)
_FORMS: Final = re.compile(r"@ ?(?:\w+ )?(?:capsules|caps|tablets|tabs|pills|softgels|sachets)\b")
_FORM: Final = re.compile(r"@ ?(?:\w+ )?(?:capsule|cap|tablet|tab|pill|softgel|sachet)\b")
_YEAR: Final = re.compile(r"(?<![\w.,/])(?:19|20)\d\d(?![\w/])")
_UNEXPLAINED: Final = re.compile(
    r"(?<![\w-])\d|\bx ?\d|\b(?:once|twice|thrice|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|double|triple|couple|few|several|x)\b|×|\b(?:divided|split)\b"
)
_TOTAL: Final = re.compile(r"\btotal\b|=")
_HOURS: Final = {
    "morning": re.compile(r"\b(?:mornings?|breakfast|mane)\b"),
    "noon": re.compile(r"\b(?:noon|midday|lunch|lunchtime|afternoon)\b"),
    "evening": re.compile(r"\b(?:evenings?|dinner|supper)\b"),
    "night": re.compile(r"\b(?:nights?|nightly|bedtime|bed|nocte)\b"),
}
_MOST_MG: Final = 100_000
# Two ways of telling one dose may differ by rounding.
_ROUNDING: Final = 1.02


def dose_in_words(text: str) -> Dose:
    """Return the dose that the words of an entry tell, unknown where they do not."""
    words = " ".join(normalised(text).split())
    if _UNREADABLE.search(words):
        return UNKNOWN_DOSE
    read = _Words(words)
    times = read.times()
    if times is None or len(read.amounts) > 2:
        return UNKNOWN_DOSE
    if not read.amounts or read.pieces:
        return evolve(UNKNOWN_DOSE, times=times)
    daily_at = [_A_DAY.search(part) is not None or _is_total(part) for part in read.parts()]
    counted = not math.isinf(times.high)
    if len(read.amounts) == 2:
        return _explained(read.amounts, daily_at, times) if read.counts else UNKNOWN_DOSE
    amount = read.amounts[0]
    daily = read.daily or daily_at[0]
    if read.divided or (daily and not counted):
        return _completed(Dose(Amount.unknown(Unit.MG), _as(amount, Unit.MG_PER_DAY), times))
    if daily and times.high != 1:
        return evolve(UNKNOWN_DOSE, times=times)  # of one dose, or of the whole day?
    return _completed(Dose(amount, Amount.unknown(Unit.MG_PER_DAY), times))


def _is_total(part: str) -> bool:
    return _TOTAL.search(part) is not None


def _explained(amounts: list[Amount], daily_at: list[bool], times: Amount) -> Dose:
    """Read "300 mg twice a day (600 mg daily)": one amount must be the other, added up."""
    for each, total, said in (
        (amounts[0], amounts[1], daily_at[1]),
        (amounts[1], amounts[0], daily_at[0]),
    ):
        daily = _daily(each, times)
        if said and _overlap(daily, _as(total, Unit.MG_PER_DAY)):
            return Dose(each, daily, times)
    return UNKNOWN_DOSE


@frozen
class _Words:
    """Dose words with what is understood taken out, amounts marked by "@"."""

    words: str
    rest: str = field(init=False)
    amounts: list[Amount] = field(init=False, factory=list)
    counts: set[tuple[Number, Number]] = field(init=False, factory=set)
    divided: bool = field(init=False)
    pieces: bool = field(init=False)
    daily: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        rest, divided = _DIVIDED.subn(self._divided, self.words)
        rest = _SPELT.sub(self._spelt, rest)
        for rule, count in _TIMES:
            rest, found = rule.subn(" ", rest)
            self.counts.update([(count, count)] if found else [])
        rest = _AMOUNT.sub(self._amount, rest)
        rest, pieces = _PIECES.subn(" ", rest)
        strength = _FORMS.search(rest) or (_FORM.search(rest) and not self.counts)
        rest = _YEAR.sub(" ", rest)
        object.__setattr__(self, "rest", rest)
        object.__setattr__(self, "divided", bool(divided))
        object.__setattr__(self, "pieces", bool(pieces or strength))
        object.__setattr__(self, "daily", _A_DAY.search(rest) is not None or _is_total(rest))

    def _divided(self, match: re.Match[str]) -> str:
        count = int(_COUNT.get(match[1]) or match[1])
        self.counts.add((count, count))
        return " "

    def _spelt(self, match: re.Match[str]) -> str:
        word = match[1] or match[2] or ("one" if match[5] else "")
        low = _COUNT[word] if word else _number(match[3])
        high = low if word else _number(match[4] or match[3])
        self.counts.add((min(low, high), max(low, high)))
        return " "

    def _amount(self, match: re.Match[str]) -> str:
        factor = _UNITS[match[3]]
        first = _number(match[1]) * factor
        last = _number(match[2] or match[1]) * factor
        self.amounts.append(Amount(min(first, last), max(first, last), Unit.MG))
        return "@"

    def parts(self) -> list[str]:
        """Return what stands behind each amount, up to the next."""
        return self.rest.split("@")[1:]

    def times(self) -> Amount | None:
        """Return the count of doses a day; None if something in the words is unexplained."""
        if _UNEXPLAINED.search(self.rest) or len(self.counts) > 1:
            return None
        if any(not 0 < amount.high <= _MOST_MG for amount in self.amounts):
            return None
        for low, high in self.counts:
            return Amount(low, high, Unit.PER_DAY) if 0 < high <= 48 else None
        hours = {hour for hour, rule in _HOURS.items() if rule.search(self.rest)}
        if len(hours) < 2:
            return Amount.unknown(Unit.PER_DAY)
        # "In the evening at bedtime" is one hour or two.
        both = {"evening", "night"} <= hours
        return None if both else Amount(len(hours), len(hours), Unit.PER_DAY)


def dose_of(supplement: Supplement, words: Dose) -> tuple[Dose, bool]:
    """Return the dose that fields and words tell together, and whether they agree.

    Where they do not, each amount is the range that holds both.
    """
    told = Dose(
        amount_of(supplement.dose_mg, Unit.MG),
        amount_of(supplement.daily_dose_mg, Unit.MG_PER_DAY),
        amount_of(supplement.times_per_day, Unit.PER_DAY),
    )
    fields = _completed(told)
    each, a = _both(fields.each, words.each)
    times, b = _both(fields.times, words.times)
    daily, c = _both(fields.daily, words.daily)
    product = _daily(each, times)
    agree = a and b and c and _overlap(daily, product)
    daily = _both(daily, product)[0] if agree else _hull(daily, product)
    return _completed(Dose(each, daily, times)), agree


def _completed(dose: Dose) -> Dose:
    """Return the dose with what follows from two of its three amounts."""
    each, daily, times = dose.each, dose.daily, dose.times
    if math.isinf(daily.high):
        daily = _daily(each, times)
    if math.isinf(times.high) and each.low > 0 and not math.isinf(each.high) and daily.low > 0:
        times = Amount(daily.low / each.high, daily.high / each.low, Unit.PER_DAY)
    if math.isinf(each.high) and times.low > 0 and not math.isinf(daily.high):
        each = Amount(daily.low / times.high, daily.high / times.low, Unit.MG)
    return Dose(each, daily, times)


def summed(one: Dose, other: Dose) -> Dose:
    """Return the dose of two products of one substance, which may be told twice."""
    low = max(one.daily.low, other.daily.low)
    return evolve(
        UNKNOWN_DOSE, daily=Amount(low, one.daily.high + other.daily.high, Unit.MG_PER_DAY)
    )


def _daily(each: Amount, times: Amount) -> Amount:
    return Amount(each.low * times.low, each.high * times.high, Unit.MG_PER_DAY)


def _both(one: Amount, other: Amount) -> tuple[Amount, bool]:
    """Return what two statements of one amount tell together, and whether they agree."""
    if not _overlap(one, other):
        return _hull(one, other), False
    low, high = max(one.low, other.low), min(one.high, other.high)
    return (Amount(low, high, one.unit) if low <= high else one), True


def _hull(one: Amount, other: Amount) -> Amount:
    """Return the range that holds two statements, one that says nothing left aside."""
    if math.isinf(one.high) or math.isinf(other.high):
        return _both(one, other)[0]
    return Amount(min(one.low, other.low), max(one.high, other.high), one.unit)


def _overlap(one: Amount, other: Amount) -> bool:
    return one.low <= other.high * _ROUNDING and other.low <= one.high * _ROUNDING


def _as(amount: Amount, unit: Unit) -> Amount:
    return Amount(amount.low, amount.high, unit)


def _number(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))
