"""A diff as an outline for people, and as a document for programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msrisk.analysis.accepted import Signatures, proposal
from msrisk.analysis.results import Change, Diff, Loss, Shown, Verdict
from msrisk.intake import profile_to_document
from msrisk.model.profile import (
    FIELDS,
    Entries,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.rules import RuleSet
from msrisk.rendering.outline import Line, Point, Section
from msrisk.rendering.words import field_name, listed, plural

__all__ = ["diff_document", "diff_outline", "patient_words"]

_TITLES: Final = {
    Verdict.WEAKENS: "Weakens: some patient is told less",
    Verdict.UNDECIDED: "Undecided: counts as weakening",
    Verdict.SETTLES: "Settles: what could have been anything, or was not covered, is known now",
    Verdict.REWORDS: "Rewords: the same patients are told it in other words",
    Verdict.STRENGTHENS: "Strengthens: some patient is told more, nobody less",
    Verdict.EQUIVALENT: "Equivalent: every patient is told the same",
}
_NOTES: Final = {
    Verdict.SETTLES: "Questions close because of these names. Be sure that each is what it is "
    "said to be, and in no class that is not named.",
}
_OF_WORDS: Final = {"name", "word", "code"}
_NAMES_SHOWN: Final = 40
_LEVELS: Final = {"level": "level", "worst case": "worst case"}
_NO_WORDS: Final[Mapping[Change, tuple[str, ...]]] = MappingProxyType({})


def diff_outline(
    diff: Diff,
    open_: Collection[Change],
    signatures: Mapping[Change, tuple[str, ...]] = _NO_WORDS,
) -> Section:
    """Return a diff for a reader who does not program.

    Args:
        diff: all changes.
        open_: those that wait for a signature.
        signatures: what is told of the signatures for a change.

    """
    sections = []
    seen: dict[Shown, str] = {}
    for verdict in Verdict:
        changes = [change for change in diff.changes if change.verdict is verdict]
        if changes:
            notes = tuple(filter(None, [_NOTES.get(verdict)]))
            many = verdict is Verdict.EQUIVALENT
            points = [
                _point(one, signatures.get(one, ("needed" if one in open_ else "given",)), seen)
                for one in changes
                if not (many and one.about in _OF_WORDS)
            ]
            if many:
                points += _short(one for one in changes if one.about in _OF_WORDS)
            sections.append(Section(_TITLES[verdict], notes=notes, points=tuple(points)))
    return Section(_title(diff, open_), notes=diff.notes, sections=tuple(sections))


def _title(diff: Diff, open_: Collection[Change]) -> str:
    versions = f"Rules {diff.old.version} to {diff.new.version}"
    if not diff.changes:
        return f"{versions}: nothing changed"
    signed = sum(change.gated for change in diff.changes) - len(open_)
    waiting = f"{len(open_) or 'none'} to be read and signed by a person"
    return (
        f"{versions}: {plural(len(diff.changes), 'change')}, {waiting}"
        f"{f', {signed} signed' if signed else ''}"
    )


def _short(changes: Iterable[Change]) -> Iterator[Point]:
    """Yield names that changed nothing for anybody, a line for each sort of them."""
    groups: dict[str, list[str]] = {}
    for change in changes:
        groups.setdefault(change.about, []).append(change.id)
    for about, ids in groups.items():
        yield Point(f"{plural(len(ids), about)}: {_some(dict.fromkeys(ids))}")


def _some(words: Iterable[str]) -> str:
    all_ = list(words)
    more = len(all_) - _NAMES_SHOWN
    return ", ".join(all_[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _point(change: Change, signatures: tuple[str, ...], seen: dict[Shown, str]) -> Point:
    lines = [Line("Changed", said) for said in change.says]
    if change.names:
        lines.insert(0, Line("Names", _some(change.names)))
    if change.shown in seen:
        lines.append(Line("Patient", f"as under {seen[change.shown]}"))
    elif change.shown is not None:
        seen[change.shown] = f"{change.about} {change.id}"
        lines += _patient(change.shown)
    if change.gated:
        lines += [Line("Signature", said) for said in signatures]
    return Point(f"{change.about} {change.id}", tuple(lines))


def _patient(shown: Shown) -> Iterator[Line]:
    yield Line("Patient", patient_words(shown.profile))
    yield Line("Before", shown.before)
    yield Line("Now", shown.after)
    lost = [loss for loss in shown.losses if loss.what not in _LEVELS]
    for loss in lost or shown.losses:
        yield Line("Loses", _loss(loss))
    for gain in shown.gains if not shown.losses else ():
        if gain.what not in _LEVELS:
            yield Line("Gets", _loss(gain))
    document = json.dumps(profile_to_document(shown.profile), ensure_ascii=False)
    yield Line("Intake", document)


def _loss(loss: Loss) -> str:
    what = " ".join(filter(None, [_LEVELS.get(loss.what, f"the {loss.what}"), loss.id]))
    about = f" about {loss.about}" if loss.about and loss.id != loss.about else ""
    ends = ((loss.before, "before"), (loss.after, "now"))
    levels = ", ".join(f"{level.words} {when}" for level, when in ends if level is not None)
    return f"{what}{about}{f': {levels}' if levels else ''}"


def patient_words(profile: PatientProfile) -> str:
    """Return who a patient is, in a sentence."""
    said, asked, none = [], [], []
    for name in FIELDS:
        value = getattr(profile, name)
        if value is None:
            asked.append(field_name(name))
        elif isinstance(value, NoneReported) or value is False:
            none.append(field_name(name))
        elif isinstance(value, Entries):
            items = listed([_item(item) for item in value.items])
            more = "" if value.complete else " and perhaps others"
            said.append(f"{field_name(name)}: {items}{more}")
        elif value is True:
            said.append(field_name(name))
        else:
            said.append(f"{field_name(name)}: {_number(value)}")
    parts = ["; ".join(said)]
    if none:
        parts.append(f"asked and none: {listed(none)}")
    if asked:
        parts.append(f"not asked: {listed(asked)}")
    return ". ".join(filter(None, parts))


def _item(item: object) -> str:
    text = getattr(item, "text", None)
    words = [text or " ".join(code.code for code in getattr(item, "codes", ()))]
    if isinstance(item, Supplement):
        doses = (
            (item.dose_mg, "mg"),
            (item.daily_dose_mg, "mg a day"),
            (item.times_per_day, "times a day"),
        )
        words += [f"{_number(value)} {unit}" for value, unit in doses if value is not None]
        if item.taking is not None:
            words.append("started" if item.taking else "not started")
    return " ".join(words)


def _number(value: object) -> str:
    return " to ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def diff_document(
    diff: Diff, signatures: Signatures, *, changelog: str | None, passed: bool
) -> dict[str, object]:
    """Return a diff in JSON types, with stable key order.

    Args:
        diff: all changes.
        signatures: who has signed for them.
        changelog: what the changelog lacks, in words; empty if nothing, None if none was named.
        passed: whether nothing is left to do.

    """
    waiting = frozenset(signatures.waiting)
    heirs: dict[str, list[str]] = {}
    for rule in diff.new.rules:
        for id_ in rule.replaces:
            heirs.setdefault(id_, []).append(rule.id)
    return {
        "schema": "msrisk-diff/1",
        "passed": passed,
        "old": _rules(diff.old),
        "new": _rules(diff.new),
        "unsigned": len(signatures.waiting),
        "incomplete": list(signatures.incomplete),
        "changelog": {"asked": changelog is not None, "lacks": changelog or None},
        "notes": list(diff.notes),
        "changes": [
            {
                "verdict": change.verdict.value,
                "about": change.about,
                "id": change.id,
                "replaced_by": heirs.get(change.id, []) if change.about == "rule" else [],
                "says": list(change.says),
                "names": list(change.names),
                "needs_signature": change.gated,
                "signed": change in signatures.given,
                "signatures": [
                    {"by": one.reviewed_by, "on": one.on, "reason": one.reason}
                    for one in signatures.given.get(change, ())
                ],
                "proposal": proposal(diff, [change]) if change in waiting else None,
                "patient": _patient_document(change.shown),
            }
            for change in diff.changes
        ],
    }


def _rules(ruleset: RuleSet) -> dict[str, object]:
    return {"version": ruleset.version, "digest": ruleset.digest}


def _patient_document(shown: Shown | None) -> dict[str, object] | None:
    if shown is None:
        return None
    return {
        "intake": profile_to_document(shown.profile),
        "before": shown.before,
        "after": shown.after,
        "losses": [_loss_document(loss) for loss in shown.losses],
        "gains": [_loss_document(gain) for gain in shown.gains],
    }


def _loss_document(loss: Loss) -> dict[str, object]:
    return {
        "what": loss.what,
        "id": loss.id,
        "about": loss.about,
        "before": loss.before.value if loss.before is not None else None,
        "after": loss.after.value if loss.after is not None else None,
    }
