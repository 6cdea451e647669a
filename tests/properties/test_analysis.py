"""The analysis of a change of rules is right about every patient, by looking at patients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import given, note
from hypothesis import strategies as st

import msrisk
from msrisk.analysis import Diff, Verdict, compare
from msrisk.diff.heirs import heirs_of_rules
from msrisk.diff.losses import losses
from msrisk.model import conditions as c
from msrisk.model.concepts import Drug
from msrisk.model.rules import Kind, Rule, RuleSet
from msrisk.testing import profiles, rule_sets

pytestmark = pytest.mark.slow

_GATED = (Verdict.WEAKENS, Verdict.UNDECIDED, Verdict.SETTLES)
_KINDS = [kind for kind in Kind if kind.level is not None]


@st.composite
def changes(draw: st.DrawFn, old: RuleSet) -> RuleSet:
    """Return a rule set that differs from another in one thing or in several."""
    new = old
    for change in draw(st.lists(st.sampled_from(_CHANGES), min_size=1, max_size=2)):
        new = change(draw, new)
    return evolve(new, digest=f"{old.digest} changed")


def _some_rule(draw: st.DrawFn, rules: RuleSet) -> Rule:
    return draw(st.sampled_from([rule for rule in rules.rules if rule.when is not None]))


def _with(rules: RuleSet, old: Rule, *new: Rule) -> RuleSet:
    kept = tuple(rule for rule in rules.rules if rule is not old)
    return evolve(rules, rules=(*kept, *new))


def _claimed(rules: RuleSet) -> set[str]:
    return {id_ for claim in rules.claims for id_ in (*claim.disputed_by, *claim.qualified_by)}


def _drop(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    # No rule set loads whose claims name a rule that it does not have.
    free = [r for r in rules.rules if r.when is not None and r.id not in _claimed(rules)]
    return _with(rules, draw(st.sampled_from(free))) if len(free) > 1 else rules


def _kind(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    rule = _some_rule(draw, rules)
    return _with(rules, rule, evolve(rule, kind=draw(st.sampled_from(_KINDS))))


def _turn(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    rule = _some_rule(draw, rules)
    if isinstance(rule.when, c.Any | c.All):
        other = c.All if isinstance(rule.when, c.Any) else c.Any
        return _with(rules, rule, evolve(rule, when=other(rule.when.of)))
    return rules


def _fewer(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    rule = _some_rule(draw, rules)
    if isinstance(rule.when, c.Any | c.All) and len(rule.when.of) > 1:
        return _with(rules, rule, evolve(rule, when=type(rule.when)(rule.when.of[1:])))
    return rules


def _rewrite(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    rule, other = _some_rule(draw, rules), _some_rule(draw, rules)
    return _with(rules, rule, evolve(rule, when=other.when))


def _split(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    rule = _some_rule(draw, rules)
    parts = rule.when.of if isinstance(rule.when, c.Any) else ((rule.when,) if rule.when else ())
    new = [
        evolve(rule, id=f"{rule.id}-{n}", when=part, replaces=(rule.id,))
        for n, part in enumerate(parts)
    ]
    return rules if rule.id in _claimed(rules) else _with(rules, rule, *new)


def _threshold(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    one = draw(st.sampled_from(rules.thresholds))
    value = one.value * draw(st.sampled_from([0.5, 0.9, 1.1, 2]))
    new = tuple(evolve(t, value=value) if t is one else t for t in rules.thresholds)
    return evolve(rules, thresholds=new)


def _drug(change: Callable[[st.DrawFn, Drug], Drug | None]) -> Callable[..., RuleSet]:
    def changed(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
        words = rules.vocabulary
        used = {id_ for drug in words.drugs for id_ in drug.ingredients}
        one = draw(st.sampled_from([drug for drug in words.drugs if drug.id not in used]))
        new = change(draw, one)
        drugs = tuple(new if drug is one else drug for drug in words.drugs)
        kept = tuple(drug for drug in drugs if drug is not None)
        return evolve(rules, vocabulary=evolve(words, drugs=kept))

    return changed


def _concept(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    words = rules.vocabulary
    one = draw(st.sampled_from([one for one in words.concepts if one.names or one.within]))
    new = evolve(one, names=(), within=())
    concepts = tuple(new if other is one else other for other in words.concepts)
    return evolve(rules, vocabulary=evolve(words, concepts=concepts))


_CHANGES: list[Callable[[st.DrawFn, RuleSet], RuleSet]] = [
    _drop,
    _kind,
    _turn,
    _fewer,
    _rewrite,
    _split,
    _threshold,
    _concept,
    _drug(lambda *_: None),
    _drug(lambda _, drug: evolve(drug, names=())),
    _drug(lambda _, drug: evolve(drug, names=(*drug.names, "newname"))),
    _drug(lambda _, drug: evolve(drug, classes=drug.classes[1:])),
]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[RuleSet, RuleSet]:
    """Return two rule sets, either of which may be the older one."""
    old = draw(rule_sets())
    new = draw(changes(old))
    return (old, new) if draw(st.booleans()) else (new, old)


def is_gated(diff: Diff) -> bool:
    return any(change.verdict in _GATED for change in diff.changes)


@given(data=st.data())
def test_nobody_loses_anything_unless_the_analysis_says_that_somebody_does(
    data: st.DataObject,
) -> None:
    old, new = data.draw(pairs())
    diff = compare(old, new)
    if is_gated(diff):
        return
    for side in (old, new, old, new):
        profile = data.draw(profiles(side))
        before, after = (msrisk.assess(profile, ruleset=rules) for rules in (old, new))
        lost = losses(before, after, heirs_of_rules(old, new))
        note(f"{[str(change) for change in diff.changes]} {lost}")
        assert lost == ()


@given(data=st.data())
def test_everybody_who_is_said_to_lose_something_loses_it(data: st.DataObject) -> None:
    old, new = data.draw(pairs())
    for change in compare(old, new).changes:
        note(str(change))
        # Of names and codes that settle the same, the first is shown.
        settles = change.verdict is Verdict.SETTLES and change.about not in ("name", "code")
        if settles or (change.verdict is Verdict.WEAKENS and change.about != "name"):
            assert change.shown is not None
        if change.verdict is Verdict.WEAKENS and change.shown is not None:
            assert change.shown.losses
            if change.about == "rule":
                assert change.id in {loss.id for loss in change.shown.losses}


@given(data=st.data())
def test_a_rule_set_is_equivalent_to_itself_in_another_order(data: st.DataObject) -> None:
    old = data.draw(rule_sets())
    new = evolve(old, rules=tuple(data.draw(st.permutations(old.rules))))
    assert compare(old, new).changes == ()
