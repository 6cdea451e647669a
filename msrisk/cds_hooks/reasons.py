"""Lists the reasons that a clinician can give for going on in spite of a card."""

from __future__ import annotations

from typing import Final

from msrisk.cds_hooks.services import Json
from msrisk.model.levels import Level, rank

__all__ = ["REASON_SYSTEM", "override_reasons", "reason_code"]

REASON_SYSTEM: Final = "urn:msrisk:override-reason"

_GRAVE: Final = {
    "not-taken": "The patient does not take it, and will not",
    "specialist-decided": "Who treats the MS knows of the warning and decided otherwise",
    "does-not-fit": "The warning does not fit this patient",
    "rule-is-wrong": "The warning is wrong: tell those who keep the rules",
}
_CAUTION: Final = {
    "will-monitor": "I watch what the warning is about",
    "was-discussed": "The patient was told of the warning",
    **_GRAVE,
}
_NOT_CHECKED: Final = {
    "looked-up": "I looked up in the record what could not be checked",
    "will-ask": "I ask the patient what is not known",
    "not-taken": _GRAVE["not-taken"],
}
_CODES: Final = frozenset((*_GRAVE, *_CAUTION, *_NOT_CHECKED))


def override_reasons(level: Level | None) -> list[Json]:
    """Return the reasons to choose from on a card of a level; None for one that did not check."""
    if level is None:
        chosen = _NOT_CHECKED
    elif rank(level) >= rank(Level.CONTRAINDICATED):
        chosen = _GRAVE
    else:
        chosen = _CAUTION if level is not Level.UNDETERMINED else {**_NOT_CHECKED, **_CAUTION}
    return [
        {"code": code, "system": REASON_SYSTEM, "display": display}
        for code, display in chosen.items()
    ]


def reason_code(system: object, code: object) -> str:
    """Return the code of a reason of these; of any other reason, "other"."""
    ours = system in (REASON_SYSTEM, None) and isinstance(code, str) and code in _CODES
    return str(code) if ours else "other"
