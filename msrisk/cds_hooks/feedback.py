"""Reads what clinicians did with cards, and counts it by rule for those who keep the rules.

What is kept of a feedback holds nothing of the patient: no comment, no time of day, no uuid,
and of a reason only the code, if it is one that msrisk offered.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, cast

from attrs import frozen

from msrisk.cds_hooks.marks import Mark, mark_of
from msrisk.cds_hooks.reasons import reason_code
from msrisk.cds_hooks.services import service_of
from msrisk.errors import HookError, Problem
from msrisk.model.checks import kind_of
from msrisk.model.rules import RuleSet

__all__ = ["Feedback", "feedback_from_lines", "read_feedback", "summed"]

_OUTCOMES: Final = ("accepted", "overridden")
_MOST: Final = 1_000
# As RFC 3339 writes a moment; the specification asks for one in UTC.
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.IGNORECASE
)
_MOMENT_SAID: Final = "a moment such as 2026-12-01T10:00:00Z"
_REASON_SAID: Final = "an object with a reason that has a code, a userComment, or both"
_NO_REASON: Final = "none given"


@frozen
class Feedback:
    """What became of one card.

    Attributes:
        service: the id of the service that gave it.
        ruleset: the version of the rules at the time of the feedback.
        card: the kind of card; "unknown" if these rules did not give it.
        rules: ids of the gravest rules on it.
        outcome: "accepted" or "overridden".
        accepted: the kinds of suggestions that were accepted.
        reason: the code of the reason for going on; "other" for one that msrisk did not offer.

    """

    service: str
    ruleset: str
    card: str
    rules: tuple[str, ...]
    outcome: str
    accepted: tuple[str, ...] = ()
    reason: str = ""

    def to_line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps({key: getattr(self, key) for key in _KEYS}) + "\n"


_KEYS: Final = ("service", "ruleset", "card", "rules", "outcome", "accepted", "reason")


def read_feedback(id_: str, body: object, *, ruleset: RuleSet | None = None) -> list[Feedback]:
    """Return what the body of a feedback tells, without anything of the patient.

    Args:
        id_: of the service.
        body: in JSON types.
        ruleset: whose cards they are; the rules that ship with the package if None.

    Raises:
        ConceptError: if there is no service of this id.
        HookError: with every problem; nothing of it is to be kept then.

    """
    service_of(id_)
    rules = RuleSet.default() if ruleset is None else ruleset
    given = cast("Mapping[str, object]", body) if isinstance(body, Mapping) else {}
    items = given.get("feedback")
    if not isinstance(items, list) or not 0 < len(items) <= _MOST:
        raise HookError([Problem("feedback", f"a list of 1 to {_MOST} cards", kind_of(items))])
    problems: list[Problem] = []
    told = [_one(id_, at, one, rules, problems) for at, one in enumerate(items)]
    if problems:
        raise HookError(problems)
    return [one for one in told if one is not None]


def _one(
    id_: str, at: int, given: object, ruleset: RuleSet, problems: list[Problem]
) -> Feedback | None:
    where = f"feedback[{at}]"
    if not isinstance(given, Mapping):
        problems.append(Problem(where, "an object, in braces", kind_of(given)))
        return None
    outcome, accepted = given.get("outcome"), given.get("acceptedSuggestions")
    suggested = outcome != "accepted" or (
        isinstance(accepted, list) and accepted and all(map(_has_id, accepted))
    )
    reasons = given.get("overrideReason")
    wrong = [
        (key, expected)
        for key, is_right, expected in (
            ("card", isinstance(given.get("card"), str), "the uuid of the card"),
            ("outcome", outcome in _OUTCOMES, f"one of {', '.join(_OUTCOMES)}"),
            ("outcomeTimestamp", _is_moment(given.get("outcomeTimestamp")), _MOMENT_SAID),
            ("acceptedSuggestions", suggested, "a list of objects with the id of a suggestion"),
            ("overrideReason", reasons is None or _is_reason(reasons), _REASON_SAID),
        )
        if not is_right
    ]
    problems += [Problem(f"{where}.{key}", said, kind_of(given.get(key))) for key, said in wrong]
    if wrong:
        return None
    mark = mark_of(given.get("card"), ruleset)
    return Feedback(
        service=id_,
        ruleset=ruleset.version,
        card=_word(mark),
        rules=mark.rules if mark else (),
        outcome=str(outcome),
        accepted=tuple(_accepted(accepted, ruleset)),
        reason=_reason(reasons) if outcome == "overridden" else "",
    )


def _is_moment(given: object) -> bool:
    """Return whether something is a moment as RFC 3339 writes it."""
    if not isinstance(given, str) or not _MOMENT.fullmatch(given):
        return False
    try:
        datetime.fromisoformat(given.upper())
    except ValueError:
        return False
    return True


def _is_reason(given: object) -> bool:
    """Return whether something is a reason: a coding with a code, a comment, or both."""
    if not isinstance(given, Mapping):
        return False
    reason, comment = given.get("reason"), given.get("userComment")
    coded = isinstance(reason, Mapping) and _is_text(reason.get("code"))
    return (coded or reason is None) and (coded or _is_text(comment))


def _has_id(given: object) -> bool:
    return isinstance(given, Mapping) and _is_text(given.get("id"))


def _is_text(given: object) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _word(mark: Mark | None) -> str:
    return mark.kind.name.lower().replace("_", "-") if mark else "unknown"


def _accepted(given: object, ruleset: RuleSet) -> Iterator[str]:
    for one in given if isinstance(given, list) else []:
        yield _word(mark_of(one.get("id") if isinstance(one, Mapping) else None, ruleset))


def _reason(given: Mapping[str, object] | None) -> str:
    reason = given and given.get("reason")
    if not isinstance(reason, Mapping):
        return ""  # none, or in a comment alone
    return reason_code(reason.get("system"), reason.get("code"))


def feedback_from_lines(lines: Iterable[str]) -> list[Feedback]:
    """Return the feedback that was kept in the lines of a file.

    Raises:
        HookError: with every line that is none.

    """
    found, problems = [], []
    for number, line in enumerate(lines, start=1):
        try:
            kept = json.loads(line)
            lists = {key: tuple(map(str, kept.pop(key))) for key in ("rules", "accepted")}
            texts = {key: str(kept.pop(key)) for key in _KEYS if key not in lists}
            found.append(Feedback(**texts, **lists))  # type: ignore[arg-type]  # each key has its own kind
        except (ValueError, AttributeError, KeyError, TypeError):
            problems.append(Problem(f"line {number}", "feedback, as `msrisk serve` writes it"))
    if problems:
        raise HookError(problems)
    return found


def summed(given: Iterable[Feedback]) -> dict[str, Counter[str]]:
    """Return by rule how often its cards were accepted, and overridden for which reason.

    A card without a rule is counted by its kind, in brackets.
    """
    found: dict[str, Counter[str]] = {}
    for one in given:
        said = (
            "accepted" if one.outcome == "accepted" else f"overridden: {one.reason or _NO_REASON}"
        )
        for name in one.rules or (f"({one.card})",):
            found.setdefault(name, Counter())[said] += 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0])))
