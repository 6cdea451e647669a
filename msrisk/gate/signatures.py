"""Reads `accepted-changes.toml`, and finds which changes of a diff are signed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from msrisk.api import assess
from msrisk.diff.changes import Change, Diff, Verdict
from msrisk.diff.heirs import Heirs, heirs_of_rules
from msrisk.diff.losses import losses
from msrisk.documents import profile_from_json
from msrisk.errors import MsriskError, Problem, RuleSetError
from msrisk.loading.structuring import structure
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Report
from msrisk.rendering import to_document

__all__ = ["FILE", "Signature", "Signatures", "load_signatures", "signatures"]

FILE: Final = "accepted-changes.toml"
"""Name of the file, in the directory of the new rules."""

_DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")
_VERDICTS: Final = tuple(verdict.value for verdict in Verdict)
_FEWEST_WORDS: Final = 3
_ITEMS_SHOWN: Final = 3
# Somebody who signs far in the east is a day ahead of UTC.
_AHEAD: Final = timedelta(days=1)


@frozen
class Signature:
    """A person has read changes of one kind from one rule set to another, and agrees.

    If what a person has to fill in is empty or wrong, the entry signs nothing.

    Attributes:
        change: the verdict that was signed for, such as "weakens".
        of: ids of rules, claims and thresholds, or the names, that are concerned.
        old: digest of the rules before.
        new: digest of the rules after; any further edit makes the signature void.
        reason: why it is meant.
        reviewed_by: who signed, by role.
        on: the day, as YYYY-MM-DD.
        patient: the patient whose answer it lowers, as an intake document; empty where
            nobody's is.

    """

    change: str
    of: tuple[str, ...]
    old: str
    new: str
    reason: str = ""
    reviewed_by: str = ""
    on: str = ""
    patient: str = ""

    def __attrs_post_init__(self) -> None:
        checks = [
            ("change", f"one of {', '.join(_VERDICTS)}", self.change in _VERDICTS),
            ("of", "ids of rules, or names, that it is about", bool(self.of)),
            ("old", "sha256: and 64 hexadecimal digits", bool(_DIGEST.fullmatch(self.old))),
            ("new", "sha256: and 64 hexadecimal digits", bool(_DIGEST.fullmatch(self.new))),
        ]
        problems = [Problem(where, expected) for where, expected, right in checks if not right]
        if self.change == Verdict.WEAKENS.value and not self.patient:
            problems.append(Problem("patient", "the patient whose answer it lowers", "nothing"))
        if problems:
            raise RuleSetError(problems)

    def lacks(self, today: date, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return what a person has still to fill in or to mend, in words.

        Args:
            today: the day in UTC.
            roles: those who may sign; anybody if none is named.

        """
        words = len(self.reason.split())
        reason = "is still empty" if not words else f"has fewer than {_FEWEST_WORDS} words"
        return tuple(
            filter(
                None,
                (
                    f"the reason {reason}" if words < _FEWEST_WORDS else "",
                    _wrong_role(self.reviewed_by, roles),
                    _wrong_day(self.on, today),
                ),
            )
        )


def _wrong_role(text: str, roles: tuple[str, ...]) -> str:
    if not text.strip():
        return "the role (reviewed_by) is still empty"
    if roles and text not in roles:
        return f"the role (reviewed_by) is none of those in ruleset.toml: {', '.join(roles)}"
    return ""


def _wrong_day(text: str, today: date) -> str:
    if not text.strip():
        return "the day (on) is still empty"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        return "the day (on) is not written as YYYY-MM-DD"
    return "the day (on) lies in the future" if day > today + _AHEAD else ""


@frozen
class Signatures:
    """Who has signed for the changes of a diff, and what still waits.

    Attributes:
        waiting: changes that may not pass yet.
        given: changes that were signed for, each with the entries that did so.
        void: changes that wait, each with a signature for it under other rules.
        incomplete: what a person has still to fill in, a sentence for each entry.
        absent: changes that wait and have no entry, complete or not.

    """

    waiting: tuple[Change, ...]
    given: Mapping[Change, tuple[Signature, ...]]
    void: Mapping[Change, str]
    incomplete: tuple[str, ...]
    absent: tuple[Change, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is left to sign or to fill in."""
        return not self.waiting and not self.incomplete

    def words(self) -> dict[Change, tuple[str, ...]]:
        """Return a sentence on each signature, for the changes that have any."""
        given = {
            change: tuple(f"{one.reviewed_by}, {one.on}: “{one.reason}”" for one in signed)
            for change, signed in self.given.items()
        }
        return {**given, **{change: (said,) for change, said in self.void.items()}}


@frozen
class _File:
    accepted: tuple[Signature, ...] = field(default=())


def load_signatures(root: Path) -> tuple[Signature, ...]:
    """Return what was signed in a rule set's directory; nothing if there is no such file.

    Raises:
        RuleSetError: with every problem, by entry and key.

    """
    path = root / FILE
    if not path.exists():
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleSetError([Problem(FILE, "a readable TOML file", "something else")]) from error
    built, problems = structure(content, _File, "")
    if built is None:
        raise RuleSetError(evolve(p, where=_where(p.where)) for p in problems)
    return built.accepted


def _where(path: str) -> str:
    found = re.fullmatch(r"accepted\[(\d+)\](?:\.(.*))?", path)
    if found is None:
        return f"{FILE}: {path}"
    return ": ".join(filter(None, (f"{FILE}, entry {int(found[1]) + 1}", found[2])))


def signatures(diff: Diff, entries: Iterable[Signature], today: date) -> Signatures:
    """Return what the entries sign for in a diff; those for other rules sign nothing.

    Args:
        diff: all changes.
        entries: what was signed, in the order of the file.
        today: the day in UTC; an entry of a later day than tomorrow signs nothing.

    Raises:
        RuleSetError: if a patient in an entry cannot be read, or loses nothing.

    """
    here, begun, elsewhere, incomplete = [], [], [], []
    problems: list[Problem] = []
    for number, one in enumerate(entries, 1):
        lacks = one.lacks(today, diff.new.roles)
        if (one.old, one.new) != (diff.old.digest, diff.new.digest):
            elsewhere += [] if lacks else [one]
            continue
        problems += _patient_problems(number, one, diff)
        if lacks:
            begun.append(one)
            incomplete.append(f"{_entry_words(number, one)}: {'; '.join(lacks)}")
        else:
            here.append(one)
    if problems:
        raise RuleSetError(problems)
    heirs = heirs_of_rules(diff.old, diff.new)
    lost = {one: _lost_by(one, diff, heirs) for one in (*here, *begun)}
    waiting, given, void, absent = [], {}, {}, []
    for change in filter(lambda one: one.gated, diff.changes):
        if by := _by([one for one in here if _is_shown(change, lost[one])], change):
            given[change] = by
            continue
        waiting.append(change)
        if not _by([one for one in lost if _is_shown(change, lost[one])], change):
            absent.append(change)
        others = [one for one in elsewhere if not set(one.of).isdisjoint(change.items)]
        if others:
            void[change] = _void(others[-1], diff)
    return Signatures(tuple(waiting), given, void, tuple(incomplete), tuple(absent))


def _by(entries: Iterable[Signature], change: Change) -> tuple[Signature, ...]:
    """Return the entries for a change if together they name all of it."""
    wanted = set(change.items)
    by = [
        one
        for one in entries
        if one.change == change.verdict.value and not wanted.isdisjoint(one.of)
    ]
    return tuple(by) if wanted.issubset(item for one in by for item in one.of) else ()


def _lost_by(signature: Signature, diff: Diff, heirs: Heirs) -> frozenset[str]:
    """Return the ids of what the patient in an entry loses; nothing if there is none."""
    if not signature.patient:
        return frozenset()
    before, after = _answers(profile_from_json(signature.patient), diff)
    return frozenset(loss.id for loss in losses(before, after, heirs))


def _is_shown(change: Change, lost: frozenset[str]) -> bool:
    """Whether the patient in an entry loses something of what a change takes away.

    A name can change in several fields, and then has a patient for each.
    """
    if change.verdict is not Verdict.WEAKENS or change.shown is None:
        return True
    taken = {loss.id for loss in change.shown.losses if loss.id}
    return not taken or not taken.isdisjoint(lost)


def _answers(profile: PatientProfile, diff: Diff) -> tuple[Report, Report]:
    # A withdrawn rule set does not answer, and is compared all the same.
    before, after = (
        assess(profile, ruleset=evolve(one, withdrawn=None)) for one in (diff.old, diff.new)
    )
    return before, after


def _void(signature: Signature, diff: Diff) -> str:
    other = signature.new if signature.new != diff.new.digest else signature.old
    return (
        f"needed. That of {signature.reviewed_by} of {signature.on} was given for other rules "
        f"({other.removeprefix('sha256:')[:8]}…) and no longer counts: replace it."
    )


def _entry_words(number: int, signature: Signature) -> str:
    more = ", …" if len(signature.of) > _ITEMS_SHOWN else ""
    return f"{FILE}, entry {number} ({', '.join(signature.of[:_ITEMS_SHOWN])}{more})"


def _patient_problems(number: int, signature: Signature, diff: Diff) -> Iterator[Problem]:
    if not signature.patient:
        return
    where = f"{_entry_words(number, signature)}: patient"
    try:
        before, after = _answers(profile_from_json(signature.patient), diff)
    except MsriskError as error:
        yield from (Problem(f"{where}: {p.where}", p.expected, p.got) for p in error.problems)
        return
    if to_document(before) == to_document(evolve(after, ruleset=before.ruleset)):
        yield Problem(where, "a patient whose answer differs", "one whose answer does not")
