"""What mutants of the shipped rules once slipped past a diff, each of which is seen now."""

from __future__ import annotations

import pytest
from attrs import evolve

from msrisk.analysis import Change, Verdict, compare
from msrisk.model.rules import Basis, Claim, Kind, Rule, RuleSet

pytestmark = pytest.mark.slow


def with_rule(rules: RuleSet, old: Rule, new: Rule) -> RuleSet:
    return evolve(rules, rules=tuple(new if rule is old else rule for rule in rules.rules))


def with_claim(rules: RuleSet, old: Claim, new: Claim) -> RuleSet:
    return evolve(rules, claims=tuple(new if claim is old else claim for claim in rules.claims))


def only(old: RuleSet, new: RuleSet) -> Change:
    (change,) = compare(old, evolve(new, digest="another")).changes
    return change


def test_another_kind_of_caveat_must_have_been_read(ruleset: RuleSet) -> None:
    rule = ruleset.rule("glutathione-speaker-interest")
    change = only(ruleset, with_rule(ruleset, rule, evolve(rule, kind=Kind.EVIDENCE)))
    assert (change.verdict, change.gated) == (Verdict.REWORDS, True)
    assert change.says == ("its kind was interest, and is evidence",)


def test_another_action_must_have_been_read_at_every_level(ruleset: RuleSet) -> None:
    rule = ruleset.rule("ala-any-medication")
    assert only(ruleset, with_rule(ruleset, rule, evolve(rule, action=""))).gated
    assert only(ruleset, with_rule(ruleset, rule, evolve(rule, action="Ask them."))).gated


def test_a_rule_on_another_basis_must_have_been_read(ruleset: RuleSet) -> None:
    rule = ruleset.rule("ala-immunosuppressive-medication")
    stated = with_rule(ruleset, rule, evolve(rule, basis=Basis.STATED))
    assert only(ruleset, stated).gated
    assert only(stated, ruleset).gated


def test_a_side_of_a_claim_that_only_qualifies_it_must_have_been_read(ruleset: RuleSet) -> None:
    claim = next(one for one in ruleset.claims if len(one.disputed_by) > 1)
    side, *rest = claim.disputed_by
    softer = evolve(claim, disputed_by=tuple(rest), qualified_by=(*claim.qualified_by, side))
    change = only(ruleset, with_claim(ruleset, claim, softer))
    assert (change.verdict, change.gated) == (Verdict.REWORDS, True)
    assert change.says == (f"{side} disputed it, and now only qualifies it",)


def test_another_side_of_a_claim_is_told_and_waits_for_nobody(ruleset: RuleSet) -> None:
    claim = ruleset.claims[0]
    more = evolve(claim, qualified_by=(*claim.qualified_by, "ala-start-low"))
    change = only(ruleset, with_claim(ruleset, claim, more))
    assert (change.gated, change.says) == (False, ("qualified_by: ala-start-low was added",))


def test_a_claim_in_another_pack_must_have_been_read(ruleset: RuleSet) -> None:
    claim = ruleset.claims[0]
    assert only(ruleset, with_claim(ruleset, claim, evolve(claim, pack="other"))).gated


def test_a_claim_that_a_substance_leaves_out_is_lost(ruleset: RuleSet) -> None:
    id_ = "glutathione-claim-only-side-effect"
    substances = tuple(
        evolve(one, without=(*one.without, id_)) if one.id == "glutathione-precursor" else one
        for one in ruleset.substances
    )
    changes = compare(ruleset, evolve(ruleset, substances=substances, digest="another")).changes
    assert ("claim", id_, Verdict.WEAKENS) in {(c.about, c.id, c.verdict) for c in changes}


def with_drug(rules: RuleSet, id_: str, **changes: object) -> RuleSet:
    words = rules.vocabulary
    drugs = tuple(evolve(d, **changes) if d.id == id_ else d for d in words.drugs)  # type: ignore[arg-type]  # each key is of its own type
    return evolve(rules, vocabulary=evolve(words, drugs=drugs), digest="another")


def test_a_drug_that_acts_only_locally_by_one_route_more_is_lost_by_that_route(
    ruleset: RuleSet,
) -> None:
    drug = next(d for d in ruleset.vocabulary.drugs if d.id == "cyclophosphamide")
    classes = tuple(evolve(m, not_by=(*m.not_by, "transdermal")) for m in drug.classes)
    changes = compare(ruleset, with_drug(ruleset, drug.id, classes=classes)).changes
    lost = [one for one in changes if one.verdict is Verdict.WEAKENS]
    assert any(name.startswith("cyclophosphamide ") for one in lost for name in one.names)


def test_milk_that_is_called_a_medicine_is_denied_by_no_known_drug_allergies(
    ruleset: RuleSet,
) -> None:
    words = ruleset.vocabulary
    milk = tuple(evolve(c, drug=True) if c.id == "milk-protein" else c for c in words.concepts)
    new = evolve(ruleset, vocabulary=evolve(words, concepts=milk), digest="another")
    lost = [one for one in compare(ruleset, new).changes if one.verdict is Verdict.WEAKENS]
    assert any("no known drug allergies" in one.names for one in lost)


def test_a_name_that_stands_for_another_drug_must_have_been_read(ruleset: RuleSet) -> None:
    words = ruleset.vocabulary
    there = {drug.id: drug for drug in words.drugs}
    one, other = there["imiglucerase"], there["butylscopolamine"]
    less = with_drug(ruleset, one.id, names=tuple(n for n in one.names if n != "Vpriv"))
    new = with_drug(less, other.id, names=(*other.names, "Vpriv"))
    changes = compare(ruleset, new).changes
    moved = next(change for change in changes if "Vpriv" in change.names)
    assert (moved.verdict, moved.gated) == (Verdict.REWORDS, True)


def test_a_term_that_is_gone_is_lost_in_the_lists_that_know_it_from_another(
    ruleset: RuleSet,
) -> None:
    words = ruleset.vocabulary
    terms = tuple(one for one in words.terms if one.names[0] != "Buscapina")
    new = evolve(ruleset, vocabulary=evolve(words, terms=terms), digest="another")
    (change,) = compare(ruleset, new).changes
    assert change.verdict is Verdict.WEAKENS
