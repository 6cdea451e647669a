"""Makes a rule a finding, question, silence or caveat for one patient, with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from attrs import evolve

from msrisk.evaluation.naming import Blanks, listed, sentences
from msrisk.model.concepts import MemberBasis
from msrisk.model.quantities import Quantity
from msrisk.model.results import (
    Because,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    OpenQuestion,
    OtherSide,
    Silence,
)
from msrisk.model.rules import Basis, Kind, Policy, Rule, RuleSet
from msrisk.model.sources import CitedPassages

__all__ = [
    "Said",
    "as_prescribed",
    "caveats_of",
    "claims_of",
    "in_order",
    "policy_caveat",
]


class Said:
    """What a rule says to a patient; what is the same for every patient is made once.

    Attributes:
        tells: whether its words name what the patient told.

    """

    def __init__(self, rule: Rule, level: Level, ruleset: RuleSet) -> None:
        self._rule = rule
        self._level = level
        self._ruleset = ruleset
        self._kind, self._of_basis = rule.kind.value, rule.basis.value
        self._title = _title(rule)
        self._questions: dict[tuple[str, ...], OpenQuestion] = {}
        texts = (rule.message, rule.action, rule.effect, rule.do, rule.ask, rule.do_prescribed)
        self.tells = any("{told}" in text for text in (*texts, rule.action_prescribed))

    @cached_property
    def _citations(self) -> tuple[CitedPassages, ...]:
        return self._ruleset.cited(self._rule.cites)

    @cached_property
    def _basis(self) -> str:
        return " ".join(_basis_in_words(self._rule, self._ruleset))

    def finding(self, because: tuple[Because, ...], blanks: Blanks) -> Finding:
        """Return the rule where it applies."""
        rule, basis = self._rule, self._basis
        members = [one for one in because if one.basis]
        # One labelled membership is enough to carry the finding.
        if members and all(one.basis == MemberBasis.JUDGED.value for one in members):
            basis += " That the medicine belongs to this class is msrisk's judgement."
        return Finding(
            rule=rule.id,
            kind=self._kind,
            level=self._level,
            basis=self._of_basis,
            message=blanks.fill(rule.message),
            action=blanks.fill(rule.action),
            basis_in_words=basis,
            because=because,
            citations=self._citations,
            title=self._title,
            effect=blanks.fill(rule.effect),
            do=blanks.fill(rule.do),
            ask=blanks.fill(rule.ask),
        )

    def question(self, fields: tuple[str, ...], blanks: Blanks) -> OpenQuestion:
        """Return the rule where it cannot be decided yet."""
        found = self._questions.get(fields)
        if found is None:
            found = OpenQuestion(
                rule=self._rule.id,
                level=self._level,
                question=blanks.fill(self._rule.question),
                fields=fields,
                citations=self._citations,
                title=self._title,
            )
            if found.question == self._rule.question:  # the same for every product
                self._questions[fields] = found
        return found

    def silence(self, because: tuple[Because, ...], blanks: Blanks) -> Silence:
        """Return the rule where no source speaks of what the patient told."""
        rule = self._rule
        return Silence(
            topic=rule.id.removeprefix("silence-"),
            rule=rule.id,
            message=blanks.fill(rule.message),
            because=because,
            citations=self._citations,
            action=blanks.fill(rule.action),
            title=self._title,
        )


def _title(rule: Rule) -> str:
    return rule.title or rule.id.replace("-", " ")


def _basis_in_words(rule: Rule, ruleset: RuleSet) -> Iterator[str]:
    """Say how far a rule goes beyond its sources."""
    by_basis = {
        Basis.STATED: "The source says so.",
        Basis.THRESHOLD: "The source says so in words; the number is not from the source.",
        Basis.INFERRED: f"Inferred by msrisk: {rule.argument}",
        Basis.EVIDENCE: "Not from the two texts: what was found beyond them says so.",
    }
    yield by_basis[rule.basis]
    for threshold in map(ruleset.threshold, rule.thresholds()):
        yield f"{threshold.name[0].upper()}{threshold.name[1:]}: {threshold.quantity}."
        if threshold.chosen:
            yield f"{threshold.reason} ({threshold.reference})"


def as_prescribed(finding: Finding, rule: Rule, of: Sequence[Blanks]) -> Finding:
    """Return a finding as it is said where a product is told among the medicines.

    `of` has the blanks for the prescribed products last, and before them for the others, if
    there are any.
    """
    return evolve(
        finding,
        action=_of_both(rule.action, rule.action_prescribed or rule.action, of),
        do=_of_both(rule.do, rule.do_prescribed or rule.do, of),
    )


def _of_both(bought: str, prescribed: str, of: Sequence[Blanks]) -> str:
    """Return what to do with each kind of product; what is ordered of both is said once."""
    *others, last = of
    if not others:
        return last.fill(prescribed)
    (first,) = others
    both = evolve(first, product=listed((first.product, last.product)))
    alike = set(sentences(bought)) & set(sentences(prescribed))
    said = [(both if one in alike else first).fill(one) for one in sentences(bought)]
    said += (last.fill(one) for one in sentences(prescribed) if one not in alike)
    return " ".join(said)


# A caveat is the same for every product.
_GENERAL: Final = Blanks("the supplement", "what you told")
_KIND_ORDER: Final = tuple(kind.value for kind in Kind)


def caveats_of(rules: Iterable[Rule], ruleset: RuleSet) -> tuple[Caveat, ...]:
    """Return what must be said whatever the profile, in the order of its kinds."""
    return in_order(
        Caveat(
            rule=rule.id,
            kind=rule.kind.value,
            message=_GENERAL.fill(rule.message),
            citations=ruleset.cited(rule.cites),
            action=_GENERAL.fill(rule.action),
            title=_title(rule),
            effect=_GENERAL.fill(rule.effect),
            do=_GENERAL.fill(rule.do),
            screen=rule.screen.value if rule.screen else None,
            basis=rule.basis.value,
        )
        for rule in rules
        if rule.when is None
    )


def in_order(caveats: Iterable[Caveat]) -> tuple[Caveat, ...]:
    """Return caveats in the order of their kinds."""
    return tuple(sorted(caveats, key=lambda one: (_KIND_ORDER.index(one.kind), one.rule)))


def claims_of(ruleset: RuleSet, substance: str, rules: dict[str, Rule]) -> Iterator[DisputedClaim]:
    """Yield what is claimed of a substance that has these rules, and what is against it."""
    for claim in sorted(ruleset.claims_for(substance), key=lambda one: one.id):
        disputed_by = tuple(id_ for id_ in claim.disputed_by if id_ in rules)
        qualified_by = tuple(id_ for id_ in claim.qualified_by if id_ in rules)
        yield DisputedClaim(
            claim=claim.id,
            message=claim.message,
            disputed_by=disputed_by,
            qualified_by=qualified_by,
            citations=ruleset.cited(claim.cites),
            other_side=tuple(
                OtherSide(id_, _title(rules[id_]), ruleset.cited(rules[id_].cites))
                for id_ in (*disputed_by, *qualified_by)
            ),
        )


def policy_caveat(policy: Policy, ruleset: RuleSet, caveats: tuple[Caveat, ...]) -> Caveat:
    """Say which numbers are the caller's, citing the rules that they change."""
    changed = sorted(policy.thresholds)
    used = [rule for rule in ruleset.rules if set(rule.thresholds()) & set(changed)]
    numbers = "; ".join(
        f"{one.name}: {Quantity(policy.thresholds[one.id], one.unit)}"
        for one in map(ruleset.threshold, changed)
    )
    message = f"This answer uses a local policy in place of msrisk's own numbers: {numbers}."
    citations = tuple(dict.fromkeys(c for rule in used for c in ruleset.cited(rule.cites)))
    return Caveat("policy", Kind.SCOPE.value, message, citations or caveats[0].citations)
