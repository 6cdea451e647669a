"""Lays out a diff for people as an outline."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msrisk.diff.changes import About, Change, Diff, Loss, Lost, Shown, Verdict
from msrisk.documents import profile_to_document
from msrisk.model.checks import Range
from msrisk.model.profile import FIELDS, Entries, NoneReported, PatientProfile, Supplement
from msrisk.model.quantities import Unit, number_text
from msrisk.model.results import Level
from msrisk.rendering.shape import Line, Point, Section
from msrisk.rendering.words import field_name, listed, plural

__all__ = ["diff_outline", "patient_words"]

_TITLES: Final = {
    Verdict.WEAKENS: "Weakens: some patient is told less",
    Verdict.UNDECIDED: "Undecided: counts as weakening",
    Verdict.SETTLES: "Settles: what could have been anything, or was not covered, is known now",
    Verdict.REWORDS: "Rewords: the same rules speak to the same patients, in other words or on "
    "other grounds",
    Verdict.STRENGTHENS: "Strengthens: some patient is told more",
    Verdict.EQUIVALENT: "Equivalent: every patient is told the same",
}
# Changes that concern no patient stand under a heading of their own.
_APART: Final = {
    About.RULE_SET: "The rule set as a whole",
    About.REVIEW: "Reviews: who has signed the rules",
}
_NOTES: Final = {
    Verdict.SETTLES: "Questions close because of these names. Be sure that each is what it is "
    "said to be, and in no class that is not named."
}
_TELLS_MORE: Final = (Verdict.STRENGTHENS, Verdict.EQUIVALENT)
_NAMES_SHOWN: Final = 40
_LEVELS: Final = (Lost.LEVEL, Lost.WORST_CASE)
_NO_WORDS: Final[Mapping[Change, tuple[str, ...]]] = MappingProxyType({})
_EDITED: Final = "Edited in the files; what that does to patients, if anything, stands above"
_RUN: Final = (
    "To put these patients to the rules yourself: the option `--patients DIR` writes each of "
    "them to a file; `msrisk assess FILE --rules OLD` and `--rules NEW` answer it."
)


def diff_outline(
    diff: Diff, open_: Collection[Change], signatures: Mapping[Change, tuple[str, ...]] = _NO_WORDS
) -> Section:
    """Return a diff for a reader who does not program.

    Args:
        diff: all changes.
        open_: those that wait for a signature.
        signatures: what is told of the signatures for a change.

    """
    seen: dict[tuple[Shown, bool], str] = {}

    def points(changes: Iterable[Change]) -> tuple[Point, ...]:
        return tuple(
            _point(one, signatures.get(one, ("needed" if one in open_ else "given",)), seen)
            for one in changes
        )

    sections = []
    for about, title in _APART.items():
        apart = [change for change in diff.changes if change.about == about]
        if apart:
            sections.append(Section(title, points=points(apart)))
    for verdict in Verdict:
        changes = [
            one for one in diff.changes if one.verdict is verdict and one.about not in _APART
        ]
        if changes:
            notes = tuple(filter(None, [_NOTES.get(verdict)]))
            many = verdict is Verdict.EQUIVALENT
            short = [one for one in changes if many and one.about.signed_one_by_one]
            long = [one for one in changes if not many or not one.about.signed_one_by_one]
            told = (*points(long), *_short(short))
            sections.append(Section(_TITLES[verdict], notes=notes, points=told))
    if diff.edits:
        sections.append(Section(_EDITED, points=tuple(Point(one) for one in diff.edits)))
    return Section(
        _title(diff, open_),
        notes=(*diff.notes, *([_RUN] if seen else [])),
        sections=tuple(sections),
    )


def _title(diff: Diff, open_: Collection[Change]) -> str:
    versions = f"Rules {diff.old.version} to {diff.new.version}"
    if not diff.changes:
        same = diff.old.digest == diff.new.digest
        return (
            f"{versions}: {'nothing changed' if same else 'no change that a patient could notice'}"
        )
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


def _point(
    change: Change, signatures: tuple[str, ...], seen: dict[tuple[Shown, bool], str]
) -> Point:
    said = {
        "Names": _some(change.names),
        "Was taken for": change.before,
        "Is taken for": change.now,
    }
    lines = [Line(label, text) for label, text in said.items() if text]
    lines += [Line("Changed", edit) for edit in change.edits]
    lines += [Line("Source", change.source)] if change.source else []
    if change.shown is not None:
        shown = change.shown, change.verdict in _TELLS_MORE
        if shown in seen:
            lines.append(Line("Patient", f"as under {seen[shown]}"))
        else:
            lines += _patient(change.shown, change.verdict)
            document = json.dumps(profile_to_document(change.shown.profile), ensure_ascii=False)
            lines.append(Line("Intake", document, code=True))
        seen.setdefault(shown, f"{change.about} {change.id}")
    if change.gated:
        lines += [Line("Signature", said) for said in signatures]
    return Point(f"{change.about} {change.id}", tuple(lines))


def _patient(shown: Shown, verdict: Verdict) -> Iterator[Line]:
    yield Line("Patient", patient_words(shown.profile))
    yield Line("Before", shown.before)
    yield Line("Now", shown.after)
    if verdict in _TELLS_MORE:
        # What this patient may lose by another change is told there.
        for gain in _main(shown.gains):
            yield Line("Gets", _gain(gain))
        return
    settles = verdict is Verdict.SETTLES
    for loss in _main(shown.losses) or shown.losses:
        if settles:
            yield Line("No longer open", _settled(loss))
        else:
            yield Line("Loses", _loss(loss))


def _main(losses: Collection[Loss]) -> list[Loss]:
    """Return what a patient reads, each caveat once, without the levels that follow from it."""
    every = {loss.id for loss in losses if loss.what is Lost.CAVEAT and not loss.about}
    return [
        loss
        for loss in losses
        if loss.what not in _LEVELS
        and not (loss.what is Lost.CAVEAT and loss.about and loss.id in every)
    ]


def _gain(gain: Loss) -> str:
    was = f" now, {gain.before.words} before" if gain.before is not None else ""
    return _told(gain, gain.after, was)


def _loss(loss: Loss) -> str:
    if loss.what in _LEVELS and loss.before is not None and loss.after is not None:
        of = f" for {loss.about}" if loss.about else ""
        return f"the {loss.what}{of} is {loss.after.words} now, {loss.before.words} before"
    if loss.what is Lost.ASSESSMENT and loss.before is not None:
        return f"the answer about {loss.about}, which was {loss.before.words} at worst"
    now = f" before, {loss.after.words} now" if loss.after is not None else ""
    return _told(loss, loss.before, now)


def _told(loss: Loss, level: Level | None, other: str) -> str:
    """Return what a patient reads, the level first and the id last."""
    message = f"“{loss.message}”"
    ids = ", ".join(filter(None, [f"rule {loss.id}", loss.about]))
    to_do = f" What to do: “{loss.action}”" if loss.action else ""
    shown = level.words if level is not None else ""
    match loss.what:
        case Lost.CLAIM:
            beside = "; ".join(f"“{one}”" for one in loss.without)
            how = f"what stands beside the claim {message}: {beside}" if beside else ""
            ids = ", ".join(filter(None, [f"claim {loss.id}", loss.about]))
            return f"{how or f'the claim {message}'} ({ids})"
        case Lost.WARNING:
            return f"the warning beside “{loss.about}”: {message}"
        case Lost.QUESTION:
            return f"the question {message}, which could bring {shown}{other} ({ids})"
        case Lost.SILENCE:
            levels = f" ({shown}{other})" if other else ""
            return f"that the texts do not speak of it{levels}: {message}{to_do} ({ids})"
        case Lost.ASSESSMENT:
            return f"an answer about {loss.about}, {shown} at worst"
        case _:
            return f"{shown}{other}{':' * bool(other)} {message}{to_do} ({ids})".strip()


def _settled(loss: Loss) -> str:
    """Return what is no longer open, without the sound of a danger."""
    worst = loss.before.words if loss.before is not None else ""
    now = f", and is {loss.after.words} now" if loss.after is not None else ""
    match loss.what:
        case Lost.QUESTION:
            return f"“{loss.message}” (rule {loss.id}, {loss.about}; it could have brought {worst})"
        case Lost.ASSESSMENT:
            return f"what {loss.about} is: it could have been anything, with {worst} as worst case"
        case _:
            of = f" for {loss.about}" if loss.about else ""
            return f"the {loss.what}{of} was {worst}{now}"


def patient_words(profile: PatientProfile) -> str:
    """Return who a patient is, in a sentence."""
    said: list[str] = []
    no: list[str] = []
    none: list[str] = []
    asked: list[str] = []
    for name in FIELDS:
        value = getattr(profile, name)
        words = field_name(name)
        if value is None:
            asked.append(words)
        elif isinstance(value, NoneReported):
            none.append(words)
        elif isinstance(value, Entries):
            items = listed([_item(item) for item in value.items])
            more = "" if value.complete else " and perhaps others"
            said.append(f"{words}: {items}{more}")
        elif isinstance(value, bool):
            (said if value else no).append(f"{words}: {'yes' if value else 'no'}")
        else:
            unit = Unit.YEARS if name == "age_years" else Unit.KG
            said.append(f"{words}: {_number(value)} {unit.words}")
    parts = ["; ".join((*said, *no))]
    if profile.denied:
        parts.append(f"Asked by name and denied: {listed(profile.denied)}")
    if none:
        parts.append(f"Asked, and none: {listed(none)}")
    if asked:
        parts.append(f"Not asked: {listed(asked)}")
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


def _number(value: Range) -> str:
    numbers = value if isinstance(value, tuple) else (value,)
    return " to ".join(map(number_text, numbers))
