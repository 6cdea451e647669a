"""Describes a `Recognition` in labelled lines: what a name is taken for, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from msrisk.model.concepts import ANYTHING, Dose, Recognition, WordsRead
from msrisk.rendering.rule_words import Line

__all__ = ["recognition_lines", "recognition_status"]

_STATUS: Final = {
    "recognised": "recognised",
    "ambiguous": "ambiguous: ask",
    "unrecognised": "not recognised: ask",
}
_SCOPE: Final = (
    "the rules speak of what they were made from and of nothing else: "
    "that they are silent about a name says nothing for or against it"
)
_SILENT: Final = "passed over: it does not say which thing is meant"
_ROLES: Final = {
    "name": "a name of {meaning}",
    "number": _SILENT,
    "filler": _SILENT,
    "salt": _SILENT,
    "form": _SILENT,
    "route": "how it is taken: {meaning}",
    "negated": "that it is not so",
    "stopped": "that it was stopped or is past",
    "planned": "that it is planned",
    "other-person": "somebody else",
    "doubtful": "a doubt",
    "now": "that it is so now",
    "treated": "that it is treated",
    "any-medicine": "a medicine that is not named",
    "allergy": "an allergy",
    "none": "that there is nothing",
    "nothing-else": "that there is nothing else",
    "no-drug-allergy": "that there is no allergy to medicines",
    "no-food-allergy": "that there is no allergy to foods",
    "unsaid": "that it is not known",
    "indication": "the reason follows",
    "except": "an exception follows",
    "not understood": "not understood",
}


def recognition_status(found: Recognition) -> str:
    """Return in words whether an entry is recognised, and what to do if it is not."""
    return _STATUS[found.status]


def recognition_lines(
    found: Recognition, codes: Iterable[tuple[str, Recognition]] = ()
) -> Iterator[Line]:
    """Yield what an entry is taken for and why, then what each part of it was read as.

    Args:
        found: the entry as a whole.
        codes: each of its codes in words, and what it means by itself.

    """
    if found.name is not None:
        yield "taken as" if found.status == "recognised" else "speaks of", found.name
    if found.says is False:
        yield "says", f"that there is no {found.kind}"
    for concept in sorted(found.concepts):
        basis, reason = found.why.get(concept, ("", ""))
        why = reason if reason.startswith(basis) else f"{basis}: {reason}"
        yield "certainly", f"{concept} ({why})" if why else concept
    if found.status == "recognised" and found.says is not False and not found.concepts:
        yield "certainly", "in none of the classes that the rules speak of"
    if found.possible is ANYTHING:
        yield "possibly", f"any {found.kind}"
    elif found.possible:
        yield "possibly", ", ".join(sorted(found.possible))
    if found.reason:
        yield "because", found.reason
    if found.suggestions:
        yield "looks like", f"{', '.join(found.suggestions)} (for a person to confirm)"
    if found.warning:
        yield "beware", found.warning
    for said, parts in groupby(found.read, _role):
        yield "words", f"“{' '.join(part.words for part in parts)}”: {said}"
    for code, alone in codes:
        yield "code", f"{code}: {alone.name or 'not known to msrisk'}"
    if found.dose is not None:
        yield from _dose(found.dose)
    yield "note", _SCOPE


def _role(part: WordsRead) -> str:
    return _ROLES[part.role].format(meaning=part.meaning)


def _dose(dose: Dose) -> Iterator[Line]:
    for label, amount in (("one dose", dose.each), ("dose", dose.daily), ("doses", dose.times)):
        if not math.isinf(amount.high):
            yield label, str(amount)
