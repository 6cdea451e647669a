"""Decides whether a change of rules may pass, and lists what is left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from attrs import evolve, frozen

from msrisk.checking import Remark, remarks_on, unsigned_rules
from msrisk.diff.changes import Diff
from msrisk.diff.compare import compare
from msrisk.gate.changelog import Changelog
from msrisk.gate.document import diff_document, gate_document
from msrisk.gate.git import NO_BASE, Base
from msrisk.gate.page import diff_outline
from msrisk.gate.signatures import Signature, Signatures, signatures
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet
from msrisk.rendering.shape import Line, Point, Section
from msrisk.rendering.words import plural

__all__ = ["DiffResult", "GateResult", "diff_result", "gate_result"]

_ADVICE: Final = (
    f"If these rules are new, say so with --base {NO_BASE}; if they were moved, name their folder "
    "of then with --was."
)


@frozen
class DiffResult:
    """A diff, and what is left to do about it.

    Attributes:
        diff: all changes.
        signatures: who has signed for them.
        changelog: what the changelog lacks, in words; empty if nothing, None if none was named.

    """

    diff: Diff
    signatures: Signatures
    changelog: str | None

    @property
    def to_do(self) -> list[str]:
        """What keeps the change from passing, a sentence each."""
        waiting = len(self.signatures.waiting)
        sign = f"To be read and signed by a person: {plural(waiting, 'change')}."
        return [
            *([sign] if waiting else []),
            *self.signatures.incomplete,
            *filter(None, [self.changelog]),
        ]

    @property
    def outline(self) -> Section:
        """The diff for people."""
        return diff_outline(self.diff, self.signatures.waiting, self.signatures.words())

    @property
    def document(self) -> dict[str, object]:
        """The diff for programs."""
        return diff_document(
            self.diff, self.signatures, changelog=self.changelog, passed=not self.to_do
        )


def diff_result(diff: Diff, entries: Iterable[Signature], changelog: Changelog) -> DiffResult:
    """Return what is left to do about a diff, given what was signed and written about it.

    Raises:
        RuleSetError: if a patient in a signature cannot be read, or loses nothing.

    """
    signed = signatures(diff, entries, datetime.now(UTC).date())
    return DiffResult(diff, signed, changelog.lacks(diff) if changelog.name else None)


@frozen
class GateResult:
    """Rules that are to go into git, and what is left to do about them.

    Attributes:
        ruleset: the rules.
        base: what they are compared with.
        remarks: what the checks say of them.
        compared: what changed since the base; None if there is nothing to compare with.
        ignored: rule files that git keeps out of every commit.

    """

    ruleset: RuleSet
    base: Base
    remarks: Sequence[Remark]
    compared: DiffResult | None
    ignored: Sequence[str]

    @property
    def to_do(self) -> list[str]:
        """What keeps the rules from passing, a sentence each."""
        remarks = plural(len(self.remarks), "remark")
        return [
            *([f"{self._nothing}. {_ADVICE}"] if self.base.missing else []),
            *([f"To be mended: {remarks}."] if self.remarks else []),
            *(self.compared.to_do if self.compared is not None else []),
            *(f"git ignores {name}, so no commit will have it." for name in self.ignored),
        ]

    @property
    def _nothing(self) -> str:
        return f"Nothing was compared: {self.base.missing}"

    def outline(self, folder: str) -> Section:
        """Return the answer for people, about rules in a folder of this name."""
        fine = "No remark, which does not make a rule right."
        title, to_do = f"{folder} compared with nothing", self.to_do
        parts = [self._checked]
        if self.base.missing:
            title, to_do = self._nothing, [_ADVICE, *to_do[1:]]
        elif self.compared is not None:
            title = f"{folder} compared with {self.base.name}"
            fine = "No remark, and nothing waits for a signature. Neither makes a rule right."
            parts.append(self.compared.outline)
        return Section(title, notes=tuple(to_do) or (fine,), sections=tuple(parts))

    @property
    def _checked(self) -> Section:
        rules, remarks = self.ruleset, self.remarks
        return Section(
            f"Check of {rules.name}, version {rules.version}: {plural(len(remarks), 'remark')}",
            notes=(f"Nobody has signed {unsigned_rules(rules)} of {len(rules.rules)} rules.",),
            points=tuple(
                Point(one.where, (Line(one.check, one.says), Line("Expected", one.expected)))
                for one in remarks
            ),
        )

    @property
    def document(self) -> dict[str, object]:
        """The answer for programs."""
        diff = None if self.compared is None else self.compared.document
        return gate_document(self.base.name, self.ruleset, self.to_do, self.remarks, diff)


def gate_result(
    ruleset: RuleSet,
    base: Base,
    *,
    cases: Iterable[Case],
    entries: Iterable[Signature],
    changelog: Changelog,
    ignored: Sequence[str],
    doing: Callable[[str], object] = lambda _: None,
) -> GateResult:
    """Check rules, compare them with their base, and return what is left to do.

    `doing` is told what is done next, in a few words.

    Raises:
        RuleSetError: if a patient in a signature cannot be read, or loses nothing.

    """
    doing("checking the rules and their worked patients")
    worked = tuple(cases)
    remarks = remarks_on(ruleset, worked, base.rules)
    compared = None
    if base.rules is not None:
        diff = compare(base.rules, ruleset, worked=(base.cases, worked), doing=doing)
        diff = evolve(diff, notes=(*filter(None, [base.note]), *diff.notes))
        compared = diff_result(diff, entries, changelog)
    return GateResult(ruleset, base, remarks, compared, ignored)
