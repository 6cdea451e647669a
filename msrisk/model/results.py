"""Defines a report and its parts; their attributes are the keys of the document."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from attrs import frozen

from msrisk.model.asked import NextQuestion, NotLookedAt, ToAsk, Unrecognised
from msrisk.model.bearing import Bearing, EvidenceUsed
from msrisk.model.checks import Range
from msrisk.model.facts import Denied
from msrisk.model.later import Later
from msrisk.model.levels import Level, highest, rank
from msrisk.model.profile import Code
from msrisk.model.sources import CitedPassages

if TYPE_CHECKING:
    from msrisk.model.summary import Summary

__all__ = [
    "Assessment",
    "Bearing",
    "Because",
    "Caveat",
    "CitedPlace",
    "CitedSource",
    "DisputedClaim",
    "EvidenceUsed",
    "Finding",
    "Level",
    "NextQuestion",
    "NotLookedAt",
    "OpenQuestion",
    "OtherSide",
    "PolicyUsed",
    "Report",
    "RuleSetUsed",
    "Silence",
    "ToAsk",
    "Unrecognised",
    "highest",
    "need",
    "rank",
]


def need(present: object, what: str) -> None:
    """Refuse an answer without something that none may be without."""
    # Not an attrs validator: those can be switched off for a whole process.
    if not present:
        raise ValueError(f"no answer may be without {what}")


@frozen
class Because:
    """A fact of the profile that a finding rests on, exactly as it was given.

    Attributes:
        field: the field of the profile.
        text: the entry as typed.
        code: the code, when the entry was told by code.
        value: the number, range or yes/no.
        recognised_as: what msrisk took it for.
        concept: the class, condition, allergen or symptom that the rule asks for.
        basis: who says that it belongs there: "labelled" or "judged", for drugs.
        why: that labelling or judgement, in a clause.

    """

    field: str
    text: str | None = None
    code: Code | None = None
    value: Range | bool | None = None
    recognised_as: str | None = None
    concept: str | None = None
    basis: str | None = None
    why: str = ""


@frozen
class Finding:
    """A rule that applies to this patient.

    `title` names it in words that are true of everybody; `effect` and `do` are the message
    and the action in a line each, and `ask` is what the patient can ask at the pharmacy.
    """

    rule: str
    kind: str
    level: Level
    basis: str
    message: str
    action: str
    basis_in_words: str
    because: tuple[Because, ...]
    citations: tuple[CitedPassages, ...]
    title: str = ""
    effect: str = ""
    do: str = ""
    ask: str = ""

    def __attrs_post_init__(self) -> None:
        need(self.citations, "a source")
        need(self.because, "the fact that it rests on")


@frozen(cache_hash=True)
class OpenQuestion:
    """A rule that cannot be decided yet: what to ask, and what it could bring."""

    rule: str
    level: Level
    question: str
    fields: tuple[str, ...]
    citations: tuple[CitedPassages, ...]
    title: str = ""

    def __attrs_post_init__(self) -> None:
        need(self.citations, "a source")
        need(self.fields, "a field that would settle it")


@frozen(cache_hash=True)
class Caveat:
    """What must be said whatever the profile; `action` is empty if there is nothing to do.

    `basis` is that of the rule, as in a finding; empty in what a caller's policy adds.
    """

    rule: str
    kind: str
    message: str
    citations: tuple[CitedPassages, ...]
    action: str = ""
    title: str = ""
    effect: str = ""
    do: str = ""
    screen: str | None = None
    basis: str = ""

    def __attrs_post_init__(self) -> None:
        need(self.citations, "a source")


@frozen(cache_hash=True)
class OtherSide:
    """A rule that contradicts or limits a claim; `title` is true of everybody."""

    rule: str
    title: str
    citations: tuple[CitedPassages, ...]

    def __attrs_post_init__(self) -> None:
        need(self.citations, "a source")


@frozen(cache_hash=True)
class DisputedClaim:
    """What a source asserts, beside the rules that contradict or limit it.

    `other_side` holds each rule of `disputed_by` and `qualified_by`, with its sources.
    """

    claim: str
    message: str
    disputed_by: tuple[str, ...]
    qualified_by: tuple[str, ...]
    citations: tuple[CitedPassages, ...]
    other_side: tuple[OtherSide, ...]

    def __attrs_post_init__(self) -> None:
        need(self.citations, "a source")
        need(self.other_side, "what a claim is disputed or qualified by")


@frozen
class Silence:
    """A topic that the profile mentions and no source addresses for this substance."""

    topic: str
    rule: str
    message: str
    because: tuple[Because, ...]
    citations: tuple[CitedPassages, ...]
    action: str = ""
    title: str = ""

    def __attrs_post_init__(self) -> None:
        need(self.citations, "a source")


@frozen
class CitedPlace:
    """Cited passages of one paragraph, and where they stand in the source."""

    passages: tuple[int, ...]
    section: str
    where: str


@frozen
class CitedSource:
    """A source that the report cites, once, with every cited passage.

    Attributes:
        key: the letter by which renderings cite it: "A".
        id: of the source; citations name it.
        title: what it is.
        short: how a nurse would name it.
        places: where each cited passage stands.
        evidence: whether it is no text that msrisk holds, but an item of evidence.

    """

    key: str
    id: str
    title: str
    short: str
    places: tuple[CitedPlace, ...]
    evidence: bool = False


@frozen
class Assessment:
    """The answer for one substance; `substance` is None for a name nobody recognises.

    Attributes:
        substance: the id, or None.
        name: its name, or what was typed.
        covered: whether rules speak of it.
        level: how much the answer asks for.
        worst_case: how much it could ask for once the open questions are answered.
        findings: the rules that apply.
        open_questions: the rules that cannot be decided yet.
        caveats: what must be said whatever the profile.
        claims: what the sources promise, beside what disputes it.
        silences: the topics that no source addresses.
        products: what it is taken as, in the words that were typed.
        taking: whether it was started; None if that is not known.
        prescribed: whether a product of it is told among the medicines.
        started: those of the products that are taken already.

    """

    substance: str | None
    name: str
    covered: bool
    level: Level
    worst_case: Level
    findings: tuple[Finding, ...]
    open_questions: tuple[OpenQuestion, ...]
    caveats: tuple[Caveat, ...]
    claims: tuple[DisputedClaim, ...]
    silences: tuple[Silence, ...]
    products: tuple[str, ...] = ()
    taking: bool | None = None
    prescribed: bool = False
    started: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        need(self.caveats, "a caveat")


@frozen
class RuleSetUsed:
    """Which rules answered."""

    version: str
    digest: str
    packs: tuple[str, ...]
    clinically_reviewed: bool


@frozen
class PolicyUsed:
    """Which thresholds a caller replaced, with a digest of them."""

    thresholds: tuple[tuple[str, int | float], ...]
    allow_weaker: bool
    digest: str


@frozen
class Report(Later):
    """Everything that msrisk has to say about one profile.

    It has no truth value, and no attribute, comparison or rendering of it means that
    there is nothing to fear.

    Attributes:
        ruleset: which rules answered.
        policy: which thresholds the caller replaced.
        level: the highest of the assessments.
        worst_case: the highest that it could be.
        headline: both ends in a line.
        caveats: what must be said of any supplement; never none.
        assessments: the answer for each substance.
        unrecognised: the entries to be cleared up.
        next_question: what to ask next.
        denied: what was asked for by name and denied, by id.
        sources: each cited source once.
        to_ask: each field that leaves something open, the best question first.
        none_reported: the lists that were answered with "none".
        medicines: the entries told among the medicines, but for those that were stopped, in
            few words.
        not_looked_at: what was understood and no rule applies to.
        signs: the symptoms told that are an emergency by themselves, in few words.
        watched: the others that a rule of an emergency asks about, where none applies.
        supplements: the entries told among the supplements, whole, with their amounts.
        evidence: what was found beyond the texts and bears on something said.

    """

    ruleset: RuleSetUsed
    policy: PolicyUsed | None
    level: Level
    worst_case: Level
    headline: str
    caveats: tuple[Caveat, ...]
    assessments: tuple[Assessment, ...]
    unrecognised: tuple[Unrecognised, ...]
    next_question: NextQuestion | None
    denied: tuple[Denied, ...] = ()
    sources: tuple[CitedSource, ...] = ()
    to_ask: tuple[ToAsk, ...] = ()
    none_reported: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    not_looked_at: tuple[NotLookedAt, ...] = ()
    signs: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    supplements: tuple[str, ...] = ()
    evidence: tuple[EvidenceUsed, ...] = ()

    def __attrs_post_init__(self) -> None:
        need(self.caveats, "a caveat")

    if not TYPE_CHECKING:
        # Named here too, else attrs looks by way of an exception for what is no summary.
        __getattr__ = Later.__getattr__

    def __bool__(self) -> NoReturn:
        raise TypeError("a Report is neither true nor false: ask report.could_reach(level)")

    def reaches(self, level: Level) -> bool:
        """Return whether the answer is already at this level or above."""
        return rank(self.level) >= rank(level)

    def could_reach(self, level: Level) -> bool:
        """Return whether it is, or would be if the open questions turn out badly."""
        return rank(self.worst_case) >= rank(level)

    @cached_property
    def summary(self) -> Summary:
        """The first screen as data."""
        from msrisk.evaluation.summarising import summary_of

        return summary_of(self)

    def to_dict(self) -> dict[str, object]:
        """Return the report document, in JSON types and stable key order."""
        from msrisk.rendering.document import to_document

        return to_document(self)

    def render(self, format: str = "text", part: str = "full") -> str:  # noqa: A002  # its name in the interface
        """Return the report in a format: "text", "markdown", "html" or "json".

        Args:
            format: of these four.
            part: "full", the first "screen" alone, or the "handout" for the patient. Each
                carries a caveat with its source.

        Raises:
            ConceptError: for another format or part.

        """
        from msrisk.rendering import render

        return render(self, format, part)

    def __str__(self) -> str:
        return self.render()

    def _repr_html_(self) -> str:
        return self.render("html")
