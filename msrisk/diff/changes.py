"""Defines the verdicts, the changes of rules, and the patients who show them.

Implements *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Final

from attrs import frozen

from msrisk.model.profile import PatientProfile
from msrisk.model.results import Level
from msrisk.model.rules import RuleSet

__all__ = ["About", "Change", "Diff", "Loss", "Lost", "Shown", "Verdict"]


class Verdict(Enum):
    """What a change does to patients, the most serious first."""

    WEAKENS = "weakens"
    UNDECIDED = "undecided"
    SETTLES = "settles"
    REWORDS = "rewords"
    STRENGTHENS = "strengthens"
    EQUIVALENT = "equivalent"


class About(StrEnum):
    """What a change is about."""

    RULE_SET = "rule set"
    SUBSTANCE = "substance"
    RULE = "rule"
    CLAIM = "claim"
    THRESHOLD = "threshold"
    SOURCE = "source"
    QUESTION = "question"
    REVIEW = "review"
    CASE = "worked patient"
    CONFUSABLE = "confusable"
    EVIDENCE = "evidence"
    CLASS = "class"
    NAME = "name"
    CODE = "code"
    WORD = "word"

    @property
    def signed_one_by_one(self) -> bool:
        """Whether a signature names each of the names, codes or words concerned."""
        return self in {About.NAME, About.CODE, About.WORD}


class Lost(StrEnum):
    """What a patient loses; a warning is that beside names which look alike."""

    FINDING = "finding"
    QUESTION = "question"
    SILENCE = "silence"
    CAVEAT = "caveat"
    CLAIM = "claim"
    ASSESSMENT = "assessment"
    LEVEL = "level"
    WORST_CASE = "worst case"
    WARNING = "warning"


_GATED: Final = (Verdict.WEAKENS, Verdict.UNDECIDED, Verdict.SETTLES)


@frozen
class Loss:
    """What one patient no longer gets.

    Attributes:
        what: what kind of thing it is.
        id: of the rule or claim; of an assessment, its name; empty for a level.
        about: name of the supplement that was assessed; empty for the whole report.
        before: the level that it brought; None for what has no level.
        after: the level that stands in its place; None if nothing does.
        message: what the patient reads, such as a message or question; empty for a level.
        action: what to do, if the rule says that.
        without: of a claim that is still shown, the messages that no longer stand against it.

    """

    what: Lost
    id: str
    about: str
    before: Level | None = None
    after: Level | None = None
    message: str = ""
    action: str = ""
    without: tuple[str, ...] = ()


@frozen
class Shown:
    """A patient that shows a change, as both rule sets answer.

    Attributes:
        profile: the whole patient, as small as possible.
        before: headline under the old rules.
        after: headline under the new rules.
        losses: everything that the patient no longer gets; none for what strengthens.
        gains: everything that the patient did not get before, or got at a lower level.

    """

    profile: PatientProfile
    before: str
    after: str
    losses: tuple[Loss, ...] = ()
    gains: tuple[Loss, ...] = ()


@frozen
class Change:
    """What became of one thing that rules say, and what that does to patients.

    Attributes:
        verdict: what it does.
        about: what kind of thing.
        id: which one; of names and codes, what they stand for.
        edits: what was changed, a sentence each.
        names: the names, words or codes concerned, as the vocabulary spells them.
        reviewed: whether a person must have read it although no patient loses anything.
        shown: a patient that shows it; always there when patients lose something.
        before: of a name or code, what it was taken for.
        now: likewise, what it is taken for.
        source: likewise, where the vocabulary has its facts from.

    """

    verdict: Verdict
    about: About
    id: str
    edits: tuple[str, ...]
    names: tuple[str, ...] = ()
    reviewed: bool = False
    shown: Shown | None = None
    before: str = ""
    now: str = ""
    source: str = ""

    @property
    def says(self) -> tuple[str, ...]:
        """All that is said of the change, a sentence each."""
        taken = {"before": self.before, "now": self.now}
        source = [f"source: {self.source}"] if self.source else []
        return (*(f"{when}: {what}" for when, what in taken.items() if what), *self.edits, *source)

    @property
    def gated(self) -> bool:
        """Whether it may pass only when a person has signed for it."""
        return self.reviewed or self.verdict in _GATED

    @property
    def items(self) -> tuple[str, ...]:
        """What a signature has to name: the names concerned, or the id of what moved them."""
        return self.names if self.about.signed_one_by_one else (self.id,)


@frozen(eq=False)
class Diff:
    """All changes from one rule set to another, the most serious first.

    `notes` are remarks about the rule sets as a whole, which concern no patient. `edits`
    are what was edited in the files where no change says it.
    """

    old: RuleSet
    new: RuleSet
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
