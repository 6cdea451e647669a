"""Small weakenings of the rules of a rule set, and what a careful editor would mend after one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from attrs import evolve, frozen

from msrisk.model import conditions as node
from msrisk.model.conditions import Condition, walk
from msrisk.model.rules import EVERY, Basis, Claim, Kind, Rule, RuleSet, Threshold
from msrisk.model.sources import Citation, Source

__all__ = ["Mutant", "replaced", "rule_mutants", "tidied"]

T = TypeVar("T")
Citing = TypeVar("Citing", Rule, Claim, Threshold)

# The kinds that are lower than each, the next one first.
LOWER = {
    Kind.EMERGENCY: (Kind.CONTRAINDICATION, Kind.CAUTION, Kind.INFORM, Kind.SILENCE),
    Kind.CONTRAINDICATION: (Kind.CAUTION, Kind.INFORM, Kind.SILENCE),
    Kind.CAUTION: (Kind.INFORM, Kind.SILENCE),
    Kind.INFORM: (Kind.SILENCE,),
    Kind.SILENCE: (Kind.INFORM,),
}


@frozen(eq=False)
class Mutant:
    """A change of a rule set that should not pass unseen.

    Attributes:
        kind: what sort of change it is.
        what: what it changes, in words.
        change: makes the changed rule set; a RuleSetError says that it cannot be written.

    """

    kind: str
    what: str
    change: Callable[[RuleSet], RuleSet]

    @property
    def subject(self) -> str:
        """The id of the thing that it changes, where `what` begins with that."""
        return self.what.partition(": ")[0]

    def of(self, ruleset: RuleSet) -> RuleSet:
        """Return the changed rule set, of a version and digest of its own."""
        digest = hashlib.sha256(f"{self.kind}: {self.what}".encode()).hexdigest()
        version = f"{ruleset.version}-mutant"
        return evolve(self.change(ruleset), version=version, digest=f"sha256:{digest}")

    def tidied(self) -> Mutant:
        """Return the same change with all that it leaves behind put in order."""
        return Mutant(f"{self.kind}, tidied", self.what, lambda rules: tidied(self.change(rules)))


def replaced(group: tuple[T, ...], old: T, *new: T) -> tuple[T, ...]:
    """Return a group with something else, or nothing, in place of one of its members."""
    at = next(n for n, one in enumerate(group) if one is old)
    return (*group[:at], *new, *group[at + 1 :])


def rule_mutants(ruleset: RuleSet) -> Iterator[Mutant]:
    """Yield every small weakening that leaves the vocabulary as it is."""
    for rule in ruleset.rules:
        for kind, what, new in (*_rule_changes(rule, ruleset), *_citation_changes(rule)):
            yield Mutant(kind, f"rule {rule.id}{what}", _with_rule(rule, new))
    for claim in ruleset.claims:
        for kind, what, of_claim in (*_claim_changes(claim), *_citation_changes(claim)):
            yield Mutant(kind, f"claim {claim.id}{what}", _with_claim(claim, of_claim))
    for one in ruleset.thresholds:
        for kind, what, number in (*_threshold_changes(one), *_citation_changes(one)):
            yield Mutant(kind, f"threshold {one.id}{what}", _with_threshold(one, number))
    for source in ruleset.sources:
        yield Mutant("interest of a source", source.id, _with_source(source))


def edited(one: T, **changes: object) -> Callable[[], tuple[T, ...]]:
    """Return what makes a copy with other values; it may turn out that there is no such thing."""
    return lambda: (evolve(one, **changes),)  # type: ignore[misc]  # only objects of attrs are edited


def _with_rule(rule: Rule, new: Callable[[], tuple[Rule, ...]]) -> Callable[[RuleSet], RuleSet]:
    return lambda rules: evolve(rules, rules=replaced(rules.rules, rule, *new()))


def _with_claim(claim: Claim, new: Callable[[], tuple[Claim, ...]]) -> Callable[[RuleSet], RuleSet]:
    return lambda rules: evolve(rules, claims=replaced(rules.claims, claim, *new()))


def _with_threshold(
    one: Threshold, new: Callable[[], tuple[Threshold, ...]]
) -> Callable[[RuleSet], RuleSet]:
    return lambda rules: evolve(rules, thresholds=replaced(rules.thresholds, one, *new()))


def _with_source(source: Source) -> Callable[[RuleSet], RuleSet]:
    new = evolve(source, interest="unknown")
    return lambda rules: evolve(rules, sources=replaced(rules.sources, source, new))


def _rule_changes(
    rule: Rule, ruleset: RuleSet
) -> Iterator[tuple[str, str, Callable[[], tuple[Rule, ...]]]]:
    level = rule.kind.level
    yield "drop a caveat" if level is None else "drop a rule", "", tuple
    if rule.action:
        yield "drop an action", "", edited(rule, action="")
    if rule.basis is not Basis.STATED:
        yield "call it stated", "", edited(rule, basis=Basis.STATED, argument="")
    for lower in LOWER.get(rule.kind, ()):
        yield "lower a kind", f" to {lower.value}", edited(rule, kind=lower)
    some = Kind.ADVICE if rule.kind is Kind.EVIDENCE else Kind.EVIDENCE
    if level is None:
        yield "kind of a caveat", f" to {some.value}", edited(rule, kind=some)
        asked = "Have you started?"
        conditional = edited(rule, kind=Kind.INFORM, when=node.Taking(), question=asked)
        yield "ask before a caveat", "", conditional
    else:
        yield "make it a caveat", "", edited(rule, kind=some, when=None)
    for id_ in rule.applies_to if EVERY not in rule.applies_to else ():
        kept = tuple(one for one in rule.applies_to if one != id_)
        yield "narrow a rule", f" less {id_}", edited(rule, applies_to=kept)
    for substance in ruleset.substances if EVERY in rule.applies_to else ():
        only = (substance.id,)
        yield "narrow a rule", f" to {only[0]}", edited(rule, applies_to=only)
    if rule.when is not None:
        for kind, what, when in _condition_changes(rule.when, _named(ruleset)):
            yield kind, what, edited(rule, when=when)


class _Named(NamedTuple):
    """The conditions and the symptoms that rules speak of."""

    conditions: tuple[str, ...]
    symptoms: tuple[str, ...]


def _named(ruleset: RuleSet) -> _Named:
    tests = [test for rule in ruleset.rules if rule.when for test in walk(rule.when)]
    ill = (test.condition for test in tests if isinstance(test, node.HasCondition))
    felt = (test.symptom for test in tests if isinstance(test, node.ReportsSymptom))
    return _Named(tuple(dict.fromkeys(ill)), tuple(dict.fromkeys(felt)))


def _condition_changes(when: Condition, named: _Named) -> Iterator[tuple[str, str, Condition]]:
    for test in (node.Taking(), node.States("replacing_ms_treatment")):
        yield "ask for more", f" as well: {test}", node.All((when, test))
    yield from _inside(when, named)


def _inside(when: Condition, named: _Named) -> Iterator[tuple[str, str, Condition]]:
    """Yield each condition that differs from another in one place."""
    if isinstance(when, node.HasConditionBeyond):
        for id_ in named.conditions:
            if id_ not in when.conditions:
                more = node.HasConditionBeyond((*when.conditions, id_))
                yield "one condition more beyond which", f" {id_}", more
    if isinstance(when, node.ReportsSymptomBeyond):
        for id_ in named.symptoms:
            if id_ not in when.symptoms:
                less = node.ReportsSymptomBeyond((*when.symptoms, id_))
                yield "one symptom more beyond which", f" {id_}", less
    if not isinstance(when, node.All | node.Any):
        return
    parts = when.of
    if isinstance(when, node.Any):
        yield "any to all", f" of {len(parts)}", node.All(parts)
    else:
        yield "all to any", f" of {len(parts)}", node.Any(parts)
    for n, part in enumerate(parts):
        rest = (*parts[:n], *parts[n + 1 :])
        name = "drop an alternative" if isinstance(when, node.Any) else "drop a requirement"
        yield name, f" {part}", type(when)(rest)
        for kind, what, new in _inside(part, named):
            yield kind, what, type(when)((*parts[:n], new, *parts[n + 1 :]))


def _claim_changes(claim: Claim) -> Iterator[tuple[str, str, Callable[[], tuple[Claim, ...]]]]:
    yield "drop a claim", "", tuple
    against, limits = claim.disputed_by, claim.qualified_by
    for id_ in against:
        rest = tuple(one for one in against if one != id_)
        yield "drop a side", f" {id_}", edited(claim, disputed_by=rest)
        softer = edited(claim, disputed_by=rest, qualified_by=(*limits, id_))
        yield "soften a side", f" {id_}", softer
    for id_ in limits:
        rest = tuple(one for one in limits if one != id_)
        yield "drop a side", f" {id_}", edited(claim, qualified_by=rest)


def _threshold_changes(
    one: Threshold,
) -> Iterator[tuple[str, str, Callable[[], tuple[Threshold, ...]]]]:
    for value in (one.value * 0.9, one.value * 1.1, one.value - 1, one.value + 1):
        yield "shift a threshold", f" to {value:g}", edited(one, value=value)


def _citation_changes(
    one: Citing,
) -> Iterator[tuple[str, str, Callable[[], tuple[Citing, ...]]]]:
    for citation in one.cites:
        if citation.whole or len(citation.passages) > 1:
            cites = replaced(one.cites, citation)
            what = f" as a whole: {citation.source}"
            yield "cut a citation", what, edited(one, cites=cites)
        for n in citation.passages:
            rest = tuple(number for number in citation.passages if number != n)
            left = (evolve(citation, passages=rest),) if rest else ()
            cites = replaced(one.cites, citation, *left)
            what = f": {citation.source} {n}"
            yield "cut a citation", what, edited(one, cites=cites)


def tidied(ruleset: RuleSet) -> RuleSet:
    """Return a rule set without references to rules that are gone, and with every passage placed.

    What cites nothing any more becomes background; a claim without another side goes too.
    """
    rules = {rule.id for rule in ruleset.rules}
    kept = tuple(
        evolve(claim, disputed_by=against, qualified_by=limits)
        for claim in ruleset.claims
        for against, limits in [(_in(claim.disputed_by, rules), _in(claim.qualified_by, rules))]
        if against or limits
    )
    known = rules | {claim.id for claim in kept}
    substances = tuple(evolve(s, without=_in(s.without, known)) for s in ruleset.substances)
    # The very same substances, where nothing changed, need not be read anew.
    same = substances == ruleset.substances
    cited = set(_cited((*ruleset.rules, *kept, *ruleset.thresholds)))
    return evolve(
        ruleset,
        claims=kept,
        substances=ruleset.substances if same else substances,
        sources=tuple(_placed(source, cited) for source in ruleset.sources),
    )


def _in(ids: tuple[str, ...], known: set[str]) -> tuple[str, ...]:
    return tuple(id_ for id_ in ids if id_ in known)


def _cited(ones: Iterable[Rule | Claim | Threshold]) -> Iterator[tuple[str, int]]:
    citations: Iterator[Citation] = (citation for one in ones for citation in one.cites)
    for citation in citations:
        yield from ((citation.source, n) for n in citation.passages)


def _placed(source: Source, cited: set[tuple[str, int]]) -> Source:
    passages = tuple(
        evolve(passage, context=None)
        if (source.id, passage.n) in cited
        else evolve(passage, context=passage.context or "background")
        for passage in source.passages
    )
    return source if passages == source.passages else evolve(source, passage=passages)
