"""Repeats in a few words what a patient told, and fills the blanks of rules with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from attrs import frozen

from msrisk.model.checks import BOUNDS, Range
from msrisk.model.facts import Fact
from msrisk.model.kinds import Kind
from msrisk.model.profile import Code, Supplement
from msrisk.model.quantities import number_text
from msrisk.model.results import Because, Finding

__all__ = [
    "Blanks",
    "ELSE",
    "UNNAMED",
    "all_typed",
    "as_typed",
    "beginning",
    "few",
    "given",
    "how_often",
    "is_prescribed",
    "listed",
    "range_text",
    "sentences",
    "shortened",
    "shown",
    "signs",
    "told",
    "told_beside",
]

ELSE: Final = "is about medicines: are you allergic to milk, another food or a supplement?"
"""What is asked behind an entry that denies allergies to medicines alone."""

_LONGEST: Final = 40
_MOST: Final = 3
# From the first number with a unit or a frequency.
_DIRECTIONS: Final = re.compile(
    r"[\s,(]+(?:\d[\d.,/]*\s*(?:[mµu]?c?g|m?l|iu|%|tab|cap|x\b|times)"
    r"|every\s+(?:\d|day|week|month)|(?:once|twice)\s+(?:a|daily|weekly)\b)\S*.*",
    re.IGNORECASE,
)
# "Dr." and the like end none.
_BETWEEN: Final = re.compile(r"(?<=[\w)}]{3}[.!?]) (?=[A-Z])")
_PRESCRIBED: Final = re.compile(r"\b(?:prescribed|prescription|rx)\b", re.IGNORECASE)
_BOUGHT: Final = re.compile(
    r"\b(?:not|non|no|never|without|nobody)\b\W+(?:\w+\W+)?(?:prescribed|prescription|rx)\b",
    re.IGNORECASE,
)
_FIELDS: Final = {
    "age_years": "age",
    "weight_kg": "weight",
    "ms_symptoms_severe": "severe or aggressive MS",
    "replacing_ms_treatment": "in place of MS treatment",
}
_TAKEN: Final = ("supplements", "medications")
_UNITS: Final = {"age_years": " years", "weight_kg": " kg"}


def shown(text: str | None, name: str | None, code: Code | None = None) -> str:
    """Return an entry as typed, without its directions, in about 40 characters at most.

    A longer one is shown by the name that it was recognised as, else by its beginning.
    """
    if text is None:
        return name or f"code {code.code if code else ''}"
    bare = " ".join(_DIRECTIONS.sub("", text).split()) or text
    if len(bare) > _LONGEST and name and len(name) <= _LONGEST:
        return name
    return shortened(bare, len(text))


def shortened(name: str, length: int = 0) -> str:
    """Return a name of at most 40 characters; of a longer one the rest is counted.

    `length` is how long it was, if it was typed with more than is to be shown.
    """
    begun = beginning(name)
    if begun == name:
        return name
    return f"{begun} (and {max(length, len(name)) - len(begun)} more characters)"


def beginning(name: str) -> str:
    """Return the first words of a name, at most 40 characters; a very long word is cut."""
    begun = name[:_LONGEST]
    if len(name) <= _LONGEST or name[_LONGEST] == " ":
        return begun.rstrip()
    whole = begun.rpartition(" ")[0].rstrip()
    return whole if len(whole) >= _LONGEST // 2 else begun


def as_typed(fact: Fact) -> str:
    """Return an entry in few words, as it was typed."""
    code = next(iter(fact.entry.codes), None)
    return shown(fact.entry.text, fact.recognition.name, code)


def is_prescribed(fact: Fact) -> bool:
    """Return whether a product is a medicine that somebody prescribed, as far as is told."""
    text = fact.entry.text or ""
    said = bool(_PRESCRIBED.search(text)) and not _BOUGHT.search(text)
    return fact.field == "medications" or said


def all_typed(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return entries in few words, each once, sorted."""
    return tuple(sorted(set(map(as_typed, facts))))


def given(entry: Supplement) -> str:
    """Return a supplement as it was given, with what was said of its amount."""
    said = [entry.name]
    if entry.dose_mg is not None:
        said.append(f"{_amount_text('dose_mg', entry.dose_mg)} mg at a time")
    if entry.times_per_day is not None:
        said.append(how_often(entry.times_per_day))
    if entry.daily_dose_mg is not None:
        said.append(f"{_amount_text('daily_dose_mg', entry.daily_dose_mg)} mg a day")
    return ", ".join(said)


def _amount_text(name: str, value: Range) -> str:
    """Return an amount in words; one up to the most that a field holds has no upper end."""
    low, high = value if isinstance(value, tuple) else (value, value)
    return f"at least {number_text(low)}" if low < high == BOUNDS[name][1] else range_text(value)


def how_often(times: Range) -> str:
    """Return how often something is taken, in words."""
    return "once a day" if times in (1, (1, 1)) else f"{range_text(times)} times a day"


def range_text(value: Range) -> str:
    """Return a number or a range in words: "2", "1 to 2"."""
    low, high = value if isinstance(value, tuple) else (value, value)
    return number_text(low) if low == high else f"{number_text(low)} to {number_text(high)}"


def told(fact: Because) -> str:
    """Return a fact of the profile in a few words."""
    value = fact.value
    if value is None:
        return shown(fact.text, fact.recognised_as, fact.code)
    name = _FIELDS[fact.field]
    if isinstance(value, bool):
        return name
    return f"{name} {range_text(value)}{_UNITS[fact.field]}"


def told_beside(facts: Iterable[Because], products: Collection[str]) -> str:
    """Return what findings rest on besides the product itself, if on anything."""
    names = list(map(told, facts))
    return few([name for name in names if name not in products] or names)


def signs(finding: Finding) -> list[Because]:
    """Return what a finding rests on; of an emergency the signs, and not what is taken."""
    facts = list(finding.because)
    if finding.kind != Kind.EMERGENCY.value:
        return facts
    return [one for one in facts if one.field not in _TAKEN] or facts


def few(names: Iterable[str]) -> str:
    """Return names as a list in a sentence, of many only the first."""
    each = list(dict.fromkeys(names))
    if len(each) > _MOST:
        each = [*each[:_MOST], f"{len(each) - _MOST} more"]
    return listed(each)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return _BETWEEN.split(text)


def listed(names: Iterable[str], last: str = "and") -> str:
    """Return names as a list in a sentence: "a, b and c"."""
    *most, end = names
    return f"{', '.join(most)} {last} {end}" if most else end


@frozen
class Blanks:
    """What stands in the blanks of a rule: the product, and what the patient told."""

    product: str
    told: str = ""

    def fill(self, text: str) -> str:
        """Return a text of a rule with its blanks filled in."""
        if "{" not in text:
            return text
        return text.replace("{product}", self.product).replace("{told}", self.told)


UNNAMED: Final = Blanks("the supplement")
"""What stands in the blanks where no product is named yet."""
