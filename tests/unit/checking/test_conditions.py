"""Rules that fire for nobody, for everybody, or wherever another one does."""

from __future__ import annotations

import pytest
from attrs import evolve

from msrisk.checking.conditions import implied, unconditional
from msrisk.model import conditions as c
from msrisk.model.conditions import Condition
from msrisk.model.rules import Kind
from msrisk.search import search
from tests.unit.analysis_world import RULES, adding, made, rule, with_rules
from tests.unit.diff.test_rules import LARGE

RED, OLD, YOUNG = c.Takes("red-medicine"), c.AgeAtLeast("years"), c.AgeBelow("years")
NEVER = ("never-fires", "rule x: when", "a condition that somebody meets, or no such rule")
ALWAYS = (
    "always-fires",
    "rule x: when",
    "a condition that tells patients apart, or a caveat",
)


def remarks(when: Condition) -> list[tuple[str, str, str]]:
    found = unconditional(with_rules(rule("x", when)))
    return [(one.check, one.where, one.expected) for one in found]


def test_a_rule_that_tells_patients_apart_leaves_nothing_to_remark() -> None:
    for when in (RED, OLD, c.States("ms_symptoms_severe"), c.DailyDoseAbove("much"), c.Taking()):
        assert remarks(when) == []


def test_a_condition_that_contradicts_itself_never_fires() -> None:
    assert remarks(c.All((OLD, YOUNG))) == [NEVER]


def test_a_class_without_a_name_that_is_certainly_in_it_never_fires() -> None:
    assert remarks(c.HasConditionBeyond(("gorfitis", "lumnosis", "plain-ailment"))) == []
    none = adding(made(rules=(*RULES.rules, rule("x", c.Takes("blue-medicine"))), claims=()))
    words = none.vocabulary
    drugs = tuple(one for one in words.drugs if one.id in {"dravox", "tunipal"})
    classes = tuple(one for one in words.drug_classes if one.id != "blue-medicine")
    blue = evolve(words.drug_classes[1], names=())
    empty = made(none, vocabulary=evolve(words, drugs=drugs, drug_classes=(*classes, blue)))
    # The class itself can be named.
    assert list(unconditional(empty)) == []


def test_a_condition_that_covers_everybody_always_fires() -> None:
    assert remarks(c.Any((OLD, YOUNG))) == [ALWAYS]
    assert remarks(c.Any((OLD, YOUNG, RED))) == [ALWAYS]


def test_a_condition_that_is_too_large_is_said_to_be() -> None:
    assert remarks(LARGE) == [("condition-too-large", "rule x: when", "a simpler one")]
    assert list(implied(with_rules(rule("x", LARGE)))) == []


def test_a_condition_with_too_many_patients_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_PATIENTS", 0)
    assert remarks(RED)[-1][0] == "condition-too-large"


def test_caveats_and_rules_of_no_substance_are_not_looked_at() -> None:
    rules = with_rules(rule("x", c.All((OLD, YOUNG)), applies_to=()))
    assert list(unconditional(rules)) == []
    assert [one.where for one in implied(rules)] == []


def of_others(*others: Condition, kind: Kind = Kind.CAUTION) -> list[str]:
    made_ = with_rules(
        rule("x", c.All((RED, OLD))),
        *(rule(f"other-{n}", when, kind) for n, when in enumerate(others)),
    )
    return [one.says for one in implied(made_) if one.where == "rule x: when"]


def test_a_rule_that_another_implies_is_said_with_it() -> None:
    assert of_others() == ["whoever gets it gets red too, at the same level or above"]
    assert of_others(OLD, YOUNG, c.HasCondition("gorfitis")) == [
        "whoever gets it gets other-0 too, at the same level or above",
        "whoever gets it gets red too, at the same level or above",
    ]


def test_a_rule_at_a_lower_level_implies_nothing() -> None:
    assert of_others(OLD, kind=Kind.INFORM) == of_others()


def test_what_is_implied_for_one_substance_and_not_for_the_other_is_not_said() -> None:
    two = rule("x", c.All((RED, OLD)), applies_to=("lucidol", "veritane"))
    other = rule("y", OLD, applies_to=("lucidol",))
    found = implied(with_rules(two, other))
    assert [one.says for one in found if one.where == "rule x: when"] == of_others()


def test_a_rule_that_never_fires_implies_and_is_implied_by_nothing() -> None:
    found = implied(with_rules(rule("x", c.All((OLD, YOUNG)))))
    assert [one.where for one in found] == []
