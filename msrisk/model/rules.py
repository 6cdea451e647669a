"""Defines rules, claims and thresholds, and the rule set that holds all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from msrisk.errors import ConceptError, PolicyError, Problem, RuleSetError
from msrisk.model.concepts import Codes, Vocabulary, closure, frozen_codes
from msrisk.model.conditions import Condition, ThresholdTest, walk
from msrisk.model.history import Retired, Review, Withdrawal
from msrisk.model.kinds import Basis, Kind, Screen
from msrisk.model.later import Later
from msrisk.model.policy import AMOUNT, Policy, is_amount
from msrisk.model.quantities import Number, Quantity, Unit, number_text
from msrisk.model.sources import Citation, CitedPassages, Source, cited_passages
from msrisk.model.wording import Wording

if TYPE_CHECKING:
    from msrisk.model.evidence import Item, Reference, Searched

__all__ = [
    "BLANKS",
    "Basis",
    "Claim",
    "EVERY",
    "FieldPrompt",
    "Kind",
    "Policy",
    "Review",
    "Rule",
    "RuleSet",
    "Screen",
    "Substance",
    "Threshold",
    "Withdrawal",
]

EVERY: Final = "every"
"""What `applies_to` holds in a rule of every substance."""


@frozen
class Threshold:
    """A number that rules compare with, and where it comes from.

    A source states it (`cites`), or msrisk chose it (`reason` and `reference`).
    """

    id: str
    name: str
    value: Number
    unit: Unit
    cites: tuple[Citation, ...] = ()
    reason: str = ""
    reference: str = ""

    def __attrs_post_init__(self) -> None:
        problems = [] if is_amount(self.value) else [Problem("value", AMOUNT)]
        given = {bool(self.reason.strip()), bool(self.reference.strip())}
        if given != {not self.cites}:
            expected = "cites, or a reason with a reference"
            problems.append(Problem("cites", expected, "neither or both"))
        if problems:
            raise RuleSetError(problems)

    @property
    def chosen(self) -> bool:
        """Whether the number is msrisk's, so that a policy may replace it."""
        return not self.cites

    @property
    def quantity(self) -> Quantity:
        """The number with its unit."""
        return Quantity(self.value, self.unit)


BLANKS: Final = ("{product}", "{told}")
"""What a text of a rule may leave blank: the product, and the entries that a finding rests on."""


@frozen
class Rule:
    """One contraindication, caution or caveat, in msrisk's words, with its sources.

    Attributes:
        id: permanent, never reused.
        kind: decides the level, or that it is a caveat.
        basis: how far it goes beyond what the source says.
        message: what it means for the patient.
        cites: the passages that it rests on; never none.
        since: rule-set version that brought it.
        review: who signed it.
        when: the condition; None for a caveat, never for another kind.
        action: what to do.
        question: what to ask while the condition is not known.
        argument: the reasoning of an inferred rule.
        applies_to: substances, or "every".
        pack: the rule pack that it belongs to.
        replaces: ids of earlier rules that it stands for.
        title: what it is about, in words that are true of everybody: "milk allergy".
        effect: the message in one line, which goes on behind what the patient told.
        do: the action in one line.
        ask: what the patient can ask at the pharmacy, in the first person.
        action_prescribed: what to do if the product is told among the medicines.
        do_prescribed: that in one line.
        screen: which line of the first screen or of the handout a caveat is, if it is one.

    """

    id: str
    kind: Kind
    basis: Basis
    message: str
    cites: tuple[Citation, ...]
    since: str
    review: Review
    when: Condition | None = None
    action: str = ""
    question: str = ""
    argument: str = ""
    applies_to: tuple[str, ...] = ()
    pack: str = ""
    replaces: tuple[str, ...] = ()
    title: str = ""
    effect: str = ""
    do: str = ""
    ask: str = ""
    action_prescribed: str = ""
    do_prescribed: str = ""
    screen: Screen | None = None

    def __attrs_post_init__(self) -> None:
        conditional = self.kind.level is not None
        condition = "a condition" if conditional else "no condition in a caveat"
        missing = [
            (not self.cites, "cites", "at least one citation"),
            (not self.message.strip(), "message", "some words"),
            (conditional is (self.when is None), "when", condition),
            (conditional and not self.question.strip(), "question", "what to ask"),
            (
                self.basis is Basis.INFERRED and not self.argument.strip(),
                "argument",
                "the reasoning of an inferred rule",
            ),
            (conditional and self.screen is not None, "screen", "nothing but in a caveat"),
        ]
        problems = [Problem(where, expected) for wrong, where, expected in missing if wrong]
        problems += [
            Problem(where, f"no blank but {' and '.join(BLANKS)}", blank)
            for where, words in self.filled_in()
            for blank in re.findall("{[^{}]*}?|}", words)
            if blank not in BLANKS
        ]
        if problems:
            raise RuleSetError(problems)

    def filled_in(self) -> Iterator[tuple[str, str]]:
        """Yield the key and the words of each text in which blanks are filled in."""
        for key in ("message", "action", "question", "title", "effect", "do", "ask"):
            yield key, getattr(self, key)
        for key in ("action_prescribed", "do_prescribed"):
            yield key, getattr(self, key)

    def worded(self, words: Wording) -> Rule:
        """Return the rule with the words that another pack gives it."""
        return evolve(
            self,
            message=words.message or self.message,
            action=words.action or self.action,
            effect=words.effect or self.effect,
            do=words.do or self.do,
            title=words.title or self.title,
            argument=words.argument or self.argument,
        )

    def thresholds(self) -> tuple[str, ...]:
        """Return the ids of the thresholds that the condition compares with."""
        nodes = walk(self.when) if self.when else ()
        return tuple(node.threshold for node in nodes if isinstance(node, ThresholdTest))


@frozen
class Claim:
    """What a source asserts to reassure or promise, beside what contradicts or limits it."""

    id: str
    message: str
    cites: tuple[Citation, ...]
    disputed_by: tuple[str, ...] = ()
    qualified_by: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    pack: str = ""

    def __attrs_post_init__(self) -> None:
        problems = [] if self.message.strip() else [Problem("message", "some words")]
        if not self.cites:
            problems.append(Problem("cites", "at least one citation"))
        if not self.disputed_by and not self.qualified_by:
            problems.append(Problem("disputed_by", "a rule that disputes or qualifies the claim"))
        if problems:
            raise RuleSetError(problems)


@frozen
class Substance:
    """A substance that the rule set covers.

    `within` is the substance that it is a case of, whose rules it inherits less those
    in `without` (ids of rules and claims).
    """

    id: str
    name: str
    source: str
    names: tuple[str, ...] = ()
    codes: Codes = field(factory=dict, converter=frozen_codes)
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    told_in: tuple[str, ...] = ("supplements", "medications")


@frozen
class FieldPrompt:
    """A field of the profile: its name and the question, as said to a patient.

    `short` is the question in a few words, for the first screen.
    """

    id: str
    name: str
    question: str
    short: str = ""


@frozen(eq=False)
class RuleSet(Later):
    """All that msrisk knows, of one version. Compared by identity; `digest` tells content.

    Attributes:
        digest: "sha256:" and the digest of the loaded content, whatever the file layout.
        retired: ids that earlier versions had.
        withdrawn: None, or why it must not answer.
        roles: those who may sign a change of it; anybody if none is named.
        references: what evidence was found in.
        evidence: what was found beyond the texts.
        wordings: other words of rules, while the pack of the wording is used.
        searched: what was searched and not found, or not used.
        released: the day of this version as YYYY-MM-DD; empty if the rules do not say it. It is
            no part of the content.

    """

    name: str
    version: str
    digest: str
    packs: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    fields: tuple[FieldPrompt, ...]
    sources: tuple[Source, ...]
    substances: tuple[Substance, ...]
    rules: tuple[Rule, ...]
    claims: tuple[Claim, ...]
    vocabulary: Vocabulary
    retired: tuple[Retired, ...] = ()
    withdrawn: Withdrawal | None = None
    roles: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    evidence: tuple[Item, ...] = ()
    wordings: tuple[Wording, ...] = ()
    searched: tuple[Searched, ...] = ()
    released: str = ""

    @classmethod
    def load(cls, path: str | Path) -> RuleSet:
        """Load a rule set from its directory.

        Raises:
            RuleSetError: with every problem, by file, rule and path.

        """
        from msrisk.loading import load_ruleset

        return load_ruleset(Path(path))

    @classmethod
    def default(cls) -> RuleSet:
        """Return the rule set that ships with the package, loaded once."""
        from msrisk.api import default_ruleset

        return default_ruleset()

    @property
    def clinically_reviewed(self) -> bool:
        """Whether somebody has signed every rule."""
        return all(rule.review.done for rule in self.rules)

    def rule(self, id_: str) -> Rule:
        """Return the rule of this id.

        Raises:
            ConceptError: if there is none.

        """
        for rule in self.rules:
            if rule.id == id_:
                return rule
        raise ConceptError([Problem(id_, "the id of a rule, as `msrisk rules list` shows them")])

    def threshold(self, id_: str) -> Threshold:
        """Return the threshold of this id; validation made sure that there is one."""
        return next(threshold for threshold in self.thresholds if threshold.id == id_)

    def rules_for(self, substance: str | None) -> tuple[Rule, ...]:
        """Return the rules of a substance; of None, the caveats of any substance at all."""
        if substance is None:
            return tuple(r for r in self.rules if EVERY in r.applies_to and r.when is None)
        return tuple(r for r in self.rules if self._holds_for(r.id, r.applies_to, substance))

    def as_said(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """Return rules with the words that they have beside the packs that are used."""
        words = {one.of: one for one in self.wordings}
        return tuple(r.worded(words[r.id]) if r.id in words else r for r in rules)

    def claims_for(self, substance: str) -> tuple[Claim, ...]:
        """Return the claims made about a substance."""
        return tuple(c for c in self.claims if self._holds_for(c.id, c.applies_to, substance))

    def _holds_for(self, id_: str, applies_to: Iterable[str], substance: str) -> bool:
        line = closure([substance], {s.id: s.within for s in self.substances})
        if any(id_ in s.without for s in self.substances if s.id in line):
            return False
        return EVERY in applies_to or bool(line.intersection(applies_to))

    def cited(self, citations: Iterable[Citation]) -> tuple[CitedPassages, ...]:
        """Return citations as a reader of a report sees them."""
        sources = {source.id: source for source in self.sources}
        return tuple(
            self._cited(one.evidence) if one.evidence else cited_passages(sources[one.source], one)
            for one in citations
        )

    def _cited(self, evidence: str) -> CitedPassages:
        """Return where an item of evidence is found, and what was read of it."""
        item = next(one for one in self.evidence if one.id == evidence)
        found = (one for one in self.references if one.id in item.references)
        where = "; ".join(f"{one.identifier} ({one.read.value})" for one in found)
        return CitedPassages(item.id, where, (), whole=True)

    def only(self, packs: Iterable[str]) -> RuleSet:
        """Return the rule set with the rules of these packs; scope caveats always stay.

        Raises:
            ConceptError: for a pack that the rule set does not have, or none at all.

        """
        wanted = tuple(sorted(set(packs)))
        unknown = [pack for pack in wanted if pack not in self.packs]
        if unknown or not wanted:
            expected = f"ids of rule packs among {', '.join(self.packs)}"
            raise ConceptError([Problem("packs", expected, "another" if unknown else "none")])
        return evolve(
            self,
            packs=wanted,
            rules=tuple(r for r in self.rules if r.pack in wanted or r.kind is Kind.SCOPE),
            claims=tuple(c for c in self.claims if c.pack in wanted),
            references=tuple(r for r in self.references if r.pack in wanted),
            evidence=tuple(e for e in self.evidence if e.pack in wanted),
            wordings=tuple(w for w in self.wordings if w.pack in wanted),
            searched=tuple(s for s in self.searched if s.pack in wanted),
        )

    def under(self, policy: Policy) -> RuleSet:
        """Return the rule set with the thresholds that a policy replaces.

        Raises:
            PolicyError: if the policy names no threshold of msrisk's own choice, or
                loosens one without `allow_weaker`.

        """
        problems = [p for id_ in sorted(policy.thresholds) for p in self._refused(policy, id_)]
        if problems:
            raise PolicyError(problems)
        return evolve(
            self,
            thresholds=tuple(
                evolve(t, value=policy.thresholds.get(t.id, t.value)) for t in self.thresholds
            ),
        )

    def _refused(self, policy: Policy, id_: str) -> list[Problem]:
        where = f"policy.thresholds.{id_}"
        chosen = {t.id: t for t in self.thresholds if t.chosen}
        if id_ not in chosen:
            expected = f"a threshold that msrisk chose: {', '.join(sorted(chosen)) or 'none here'}"
            return [Problem(where, expected)]
        if policy.allow_weaker:
            return []
        old, new = chosen[id_].value, policy.thresholds[id_]
        for rule in self.rules:
            for node in walk(rule.when) if rule.when else ():
                if not isinstance(node, ThresholdTest) or node.threshold != id_:
                    continue
                if new < old if node.below else new > old:
                    side = "least" if node.below else "most"
                    expected = f"at {side} {number_text(old)}, or allow_weaker=True"
                    return [Problem(where, expected, "a number that weakens a rule")]
        return []
