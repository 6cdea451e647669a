"""What a change of rules does to patients, as objects."""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import frozen

from msrisk.model.profile import PatientProfile
from msrisk.model.results import Level
from msrisk.model.rules import RuleSet

__all__ = ["Change", "Diff", "Loss", "OF_WORDS", "Shown", "Verdict"]


class Verdict(Enum):
    """What a change does to patients, the most serious first."""

    WEAKENS = "weakens"
    UNDECIDED = "undecided"
    SETTLES = "settles"
    REWORDS = "rewords"
    STRENGTHENS = "strengthens"
    EQUIVALENT = "equivalent"


OF_WORDS: Final = ("name", "code", "word")
"""What a change is about that names, codes or words are to be signed for one by one."""

_GATED: Final = (Verdict.WEAKENS, Verdict.UNDECIDED, Verdict.SETTLES)


@frozen
class Loss:
    """What one patient no longer gets.

    Attributes:
        what: "finding", "question", "silence", "caveat", "claim", "assessment", "level",
            "worst case" or "warning", which stands beside names that look alike.
        id: of the rule or claim; of an assessment, its name; empty for a level.
        about: name of the supplement that was assessed; empty for the whole report.
        before: the level that it brought; None for what has no level.
        after: the level that stands in its place; None if nothing does.
        message: what the patient reads, such as a message or question; empty for a level.
        action: what to do, if the rule says that.
        without: of a claim that is still shown, the messages that no longer stand against it.

    """

    what: str
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
        about: what sort of thing: "rule", "claim", "threshold", "name", "review", …
        id: which one; of names and codes, what they stand for.
        says: what was changed, a sentence each.
        names: the names, words or codes concerned, as the vocabulary spells them.
        reviewed: whether a person must have read it although no patient loses anything.
        shown: a patient that shows it; always there when patients lose something.

    """

    verdict: Verdict
    about: str
    id: str
    says: tuple[str, ...]
    names: tuple[str, ...] = ()
    reviewed: bool = False
    shown: Shown | None = None

    @property
    def gated(self) -> bool:
        """Whether it may pass only when a person has signed for it."""
        return self.reviewed or self.verdict in _GATED

    @property
    def items(self) -> tuple[str, ...]:
        """What a signature has to name: the names concerned, or the id of what moved them."""
        return self.names if self.about in OF_WORDS else (self.id,)


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
