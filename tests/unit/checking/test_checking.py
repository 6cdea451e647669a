"""What no loader sees: entries without use, without grounds, or twice."""

from __future__ import annotations

from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.checking import CHECKS, Check, Remark, check_ruleset
from msrisk.checking.reasons import (
    rules_alike,
    short_reasons,
    stated_by_no_sentence,
    steps_not_cited,
    twin_thresholds,
)
from msrisk.checking.unused import (
    needless_exceptions,
    settled_terms,
    unused_classes,
    unused_packs,
    unused_routes,
    unused_sources,
    unused_thresholds,
)
from msrisk.model.concepts import DrugClass, MemberBasis, Membership, Term, WordKind, Words
from msrisk.model.conditions import (
    AgeAtLeast,
    AgeBelow,
    All,
    Any,
    Condition,
    DailyDoseAbove,
    Takes,
    Taking,
)
from msrisk.model.history import Retired
from msrisk.model.rules import Basis, Kind, Rule, RuleSet, Substance
from msrisk.model.sources import Citation
from tests.unit.rule_files import SMALL_RULES

RULES = RuleSet.load(SMALL_RULES)
SCOPE, SLEEPER = RULES.rules
YEARS, MOST = RULES.thresholds
WORDS = RULES.vocabulary
(DORMAL,) = WORDS.drugs
OLD, TAKING = AgeAtLeast("grown-up-years"), Taking()


def wheres(check: Check, ruleset: RuleSet) -> list[str]:
    return [remark.where for remark in check(ruleset)]


def with_rules(*rules: Rule) -> RuleSet:
    return evolve(RULES, rules=(SCOPE, *rules))


def with_words(**parts: Anything) -> RuleSet:
    return evolve(RULES, vocabulary=evolve(WORDS, **parts))


def when(condition: Condition) -> Rule:
    return evolve(SLEEPER, when=condition)


def test_the_shipped_rules_pass_every_check(ruleset: RuleSet) -> None:
    assert list(check_ruleset(ruleset)) == []


def test_every_check_is_asked_in_its_order() -> None:
    assert list(check_ruleset(RULES)) == [one for check in CHECKS for one in check(RULES)]
    assert len(set(CHECKS)) == len(CHECKS)


def test_a_remark_says_which_check_where_what_and_what_to_do() -> None:
    assert list(unused_thresholds(RULES)) == [
        Remark(
            "unused-threshold",
            "threshold `most-a-day`",
            "No rule compares anything with this number, so that changing it changes nothing.",
            "a rule that tests it, or a [[retired]] entry in its place",
        )
    ]


# --- What changes no answer ---


def test_a_threshold_that_a_rule_compares_with_is_used() -> None:
    rules = with_rules(when(All((OLD, DailyDoseAbove("most-a-day")))))
    assert wheres(unused_thresholds, rules) == []


@pytest.mark.parametrize(
    ("class_", "unused"),
    [
        (DrugClass("nap-medicine", "nap medicine", "x", within=("sleep-medicine",)), False),
        (DrugClass("night-medicine", "night medicine", "x"), False),
        (DrugClass("day-medicine", "day medicine", "x"), True),
    ],
    ids=["below", "above", "apart"],
)
def test_a_class_is_used_if_a_rule_asks_for_it_or_above_or_below_it(
    class_: DrugClass, unused: bool
) -> None:
    (sleep,) = WORDS.drug_classes
    tested = evolve(sleep, within=("night-medicine",) if class_.id == "night-medicine" else ())
    rules = with_words(drug_classes=(tested, class_))
    assert wheres(unused_classes, rules) == [f"drug_class `{class_.id}`"] * unused


def member(*, not_by: tuple[str, ...] = (), ask_route: bool = False) -> RuleSet:
    route = Words(WordKind.ROUTE, ("as a spray",), id="spray")
    own = Membership(
        "sleep-medicine", MemberBasis.LABELLED, "x", not_by=not_by, ask_route=ask_route
    )
    drug = evolve(DORMAL, classes=(own,))
    return with_words(drugs=(drug,), words=(*WORDS.words, route))


def test_a_route_is_used_if_a_drug_is_no_member_by_it_or_asks_for_the_route() -> None:
    assert wheres(unused_routes, member()) == ["words `spray`"]
    assert wheres(unused_routes, member(not_by=("spray",))) == []
    assert wheres(unused_routes, member(ask_route=True)) == []


def test_a_source_is_used_if_a_rule_claim_or_threshold_cites_it() -> None:
    other = evolve(RULES.sources[0], id="other-leaflet")
    rules = evolve(RULES, sources=(*RULES.sources, other))
    assert wheres(unused_sources, rules) == ["source `other-leaflet`"]
    cites = (Citation("other-leaflet", (4,)),)
    assert wheres(unused_sources, evolve(rules, thresholds=(evolve(MOST, cites=cites),))) == []


def test_a_pack_is_used_if_it_has_a_rule() -> None:
    rules = evolve(RULES, packs=("leaflets", "letters"))
    assert wheres(unused_packs, rules) == ["ruleset.toml: packs: `letters`"]
    assert wheres(unused_packs, RULES) == []


def test_an_exception_is_needless_if_there_is_nothing_to_leave_out() -> None:
    def lite(*within: str) -> RuleSet:
        one = Substance(
            "lite", "lite", "x", within=within, without=("sunroot-sleeper", "scope-leaflet")
        )
        return evolve(RULES, substances=(*RULES.substances, one))

    assert wheres(needless_exceptions, lite("sunroot")) == []
    assert wheres(needless_exceptions, lite()) == ["substance `lite`: without: `sunroot-sleeper`"]


def test_a_term_is_settled_if_it_may_only_be_what_it_certainly_is() -> None:
    def term(concepts: tuple[str, ...], possible: tuple[str, ...]) -> RuleSet:
        return with_words(terms=(Term(("pill",), ("medications",), "x", concepts, possible),))

    assert wheres(settled_terms, term(("dormal",), ("sleep-medicine",))) == ["term `pill`"]
    for concepts, possible in ((("sleep-medicine",), ("dormal",)), (("dormal",), ())):
        assert wheres(settled_terms, term(concepts, possible)) == []


# --- What it rests on ---


def test_a_reason_of_a_word_or_two_is_no_reason() -> None:
    assert wheres(short_reasons, RULES) == [
        "threshold `grown-up-years`: reference",
        "drug `dormal`: source",
    ]
    judged = evolve(DORMAL, classes=(Membership("sleep-medicine", MemberBasis.JUDGED, "as usual"),))
    rules = evolve(
        with_words(drugs=(judged,)),
        thresholds=(evolve(YEARS, reason="by choice", reference="a law of the land"), MOST),
        rules=(
            evolve(
                SCOPE, argument="obvious", cites=(Citation("leaflet", whole=True, reason="so"),)
            ),
            SLEEPER,
        ),
        retired=(Retired("gone", "1", "was wrong"),),
    )
    assert wheres(short_reasons, rules) == [
        "threshold `grown-up-years`: reason",
        "rule `scope-leaflet`: cites: reason",
        "rule `scope-leaflet`: argument",
        "retired `gone`: why",
        "drug `dormal`: source",
        "drug `dormal`: classes: `sleep-medicine`: why",
    ]


def test_what_is_stated_is_stated_by_a_sentence() -> None:
    whole = Citation("leaflet", whole=True, reason="it says so throughout")
    assert wheres(stated_by_no_sentence, RULES) == []
    (remark,) = stated_by_no_sentence(with_rules(evolve(SLEEPER, cites=(whole,))))
    assert remark.where == "rule `sunroot-sleeper`: cites"
    both = evolve(SLEEPER, cites=(whole, *SLEEPER.cites))
    assert wheres(stated_by_no_sentence, with_rules(both)) == []


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("It says so (2).", ""),
        ("It says so (2, 3).", "passage 3"),
        ("It says so (its passages 2 and 4), and so (its passage 3).", "passage 3, 4"),
        ("It says so (in 1999).", ""),
    ],
)
def test_every_passage_that_an_argument_names_is_cited(argument: str, named: str) -> None:
    rule = evolve(SLEEPER, basis=Basis.INFERRED, argument=argument)
    says = f"The argument rests on {named}, which the rule does not cite."
    assert [one.says for one in steps_not_cited(with_rules(rule))] == [says] * bool(named)


def test_two_thresholds_of_one_value_are_twins_if_the_same_kind_of_test_reads_them() -> None:
    def rules(*tests: Condition) -> RuleSet:
        return evolve(
            with_rules(when(Any(tests))), thresholds=(YEARS, evolve(YEARS, id="adult-years"))
        )

    twin = AgeAtLeast("adult-years")
    assert wheres(twin_thresholds, rules(OLD, twin)) == ["threshold `adult-years`"]
    assert wheres(twin_thresholds, rules(OLD, AgeBelow("adult-years"))) == []
    for differs in ({"value": 18}, {"reference": "another place"}):
        other = (YEARS, evolve(YEARS, id="adult-years", **differs))
        assert wheres(twin_thresholds, evolve(rules(OLD, twin), thresholds=other)) == []


SLEEPS = Takes("sleep-medicine")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (SLEEPS, SLEEPS, True),
        (SLEEPS, Any((SLEEPS,)), True),
        (Any((SLEEPS, OLD)), Any((OLD, Any((OLD, SLEEPS)))), True),
        (All((SLEEPS, Any((OLD, TAKING)))), All((Any((TAKING, OLD)), SLEEPS)), True),
        (SLEEPS, OLD, False),
        (All((SLEEPS, OLD)), Any((SLEEPS, OLD)), False),
        (All((SLEEPS, Any((OLD, TAKING)))), All((SLEEPS, OLD, TAKING)), False),
    ],
)
def test_rules_are_alike_if_they_have_one_level_and_one_condition(
    one: Condition, other: Condition, alike: bool
) -> None:
    rules = with_rules(when(one), evolve(when(other), id="sunroot-again"))
    assert wheres(rules_alike, rules) == ["rule `sunroot-again`: when"] * alike


def test_rules_of_unlike_levels_or_substances_are_not_alike_and_a_pair_is_told_once() -> None:
    again = evolve(SLEEPER, id="sunroot-again")
    lite = Substance("lite", "lite", "x", within=("sunroot",))
    both = evolve(with_rules(SLEEPER, again), substances=(*RULES.substances, lite))
    assert len(wheres(rules_alike, both)) == 1
    assert wheres(rules_alike, with_rules(SLEEPER, evolve(again, kind=Kind.INFORM))) == []
    moon = Substance("moon", "moon", "x")
    apart = evolve(
        both,
        substances=(*RULES.substances, moon),
        rules=(
            SCOPE,
            SLEEPER,
            evolve(again, applies_to=("moon",)),
        ),
    )
    assert wheres(rules_alike, apart) == []
