"""Says in one line how msrisk understood an answer."""

from __future__ import annotations

import math
from typing import Final

from msrisk.asking.form import Question, Said
from msrisk.evaluation.naming import how_often, listed, range_text
from msrisk.model.checks import Range
from msrisk.model.concepts import Recognition
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.rules import RuleSet

__all__ = ["in_words", "understood"]

_UNITS: Final = {
    "age_years": " years",
    "weight_kg": " kg",
    "daily_dose_mg": " mg in one day",
}
_SAID: Final = {
    Said.NONE: "none",
    Said.UNKNOWN: "asked, and not known; it stays open",
    Said.SKIPPED: "passed over; it stays open, and is not a no",
}


def understood(found: Recognition, ruleset: RuleSet) -> str:
    """Return what a name was understood as, with what it belongs to and its dose.

    Of an entry that is understood in part, that part, and why the rest is open.
    """
    if found.says is False:
        return f"that there is no {found.kind}"
    if found.status == "recognised":
        return _certain(found, found.name or found.text or "", ruleset)
    if not found.named:
        spoken = f"; it speaks of {found.name}" if found.name else ""
        return f"nothing for certain{spoken} ({found.reason})"
    names = hierarchy_of(ruleset).names
    part = listed([names[id_] for id_ in sorted(found.named)])
    return f"{_certain(found, part, ruleset)}; the rest is open ({found.reason})"


def _certain(found: Recognition, name: str, ruleset: RuleSet) -> str:
    hierarchy = hierarchy_of(ruleset)
    kinds = [hierarchy.names[id_] for id_ in hierarchy.most_specific(found.concepts - found.named)]
    dose = [
        str(amount)
        for amount in ((found.dose.daily, found.dose.times) if found.dose else ())
        if not math.isinf(amount.high)
    ]
    belongs = f" ({', '.join(kinds)})" if kinds else ""
    return ", ".join([name, *dose]) + belongs


def in_words(question: Question, answer: bool | Range | Said) -> str:
    """Return an answer that is no name, in words."""
    if isinstance(answer, Said):
        return _SAID[answer]
    if isinstance(answer, bool):
        what = f": {', '.join(one.name for one in question.named)}" if question.named else ""
        return f"{'yes' if answer else 'no'}{what}"
    what = question.part or question.field
    if what == "times_per_day":
        return how_often(answer)
    return range_text(answer) + _UNITS[what]
