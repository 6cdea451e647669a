"""Of all who lose something, the patient who loses most is shown, and what moved the names."""

from __future__ import annotations

import pytest
from attrs import evolve

from msrisk.analysis import Change, Diff, Verdict, compare
from msrisk.gate.page import patient_words
from msrisk.model import conditions as c
from msrisk.model.concepts import DrugClass
from msrisk.model.conditions import Condition
from msrisk.model.results import Level
from msrisk.model.rules import Kind, RuleSet
from tests.unit.analysis_world import (
    RULES,
    adding,
    changed,
    drug,
    edited,
    made,
    member,
    reworded,
    rule,
    with_rules,
    without,
)

RED, GORF = c.Takes("red-medicine"), c.HasCondition("gorfitis")


def grave(when: Condition, kind: Kind = Kind.CONTRAINDICATION) -> RuleSet:
    """Return rules of which the gravest is about the substance that stands last."""
    return with_rules(rule("grave", when, kind, applies_to=("lucidol-forte",)))


def told(change: Change) -> str:
    assert change.shown is not None
    return patient_words(change.shown.profile)


@pytest.mark.parametrize("of", ["class", "drug"])
def test_the_substance_with_the_gravest_loss_is_shown(of: str) -> None:
    old = grave(RED)
    new = without(old, "dravox") if of == "drug" else reworded(old, "dravox", classes=())
    one = changed(old, new, "dravox", "name")
    assert told(one).startswith("supplements: lucidol forte; medicines: dravox; ")
    assert one.shown is not None
    assert one.shown.before.startswith("CONTRAINDICATED")


@pytest.mark.parametrize(
    ("kind", "first"), [(Kind.EMERGENCY, "grave"), (Kind.INFORM, "red")], ids=str
)
def test_a_graver_rule_that_wants_other_facts_besides_is_looked_at_too(
    kind: Kind, first: str
) -> None:
    old = grave(c.All((RED, c.ReportsSymptom("wheeze"))), kind)
    one = changed(old, reworded(old, "dravox", classes=()), "dravox", "name")
    assert one.shown is not None
    assert first in {loss.id for loss in one.shown.losses if loss.what == "finding"}
    assert ("wheeze" in told(one)) is (first == "grave")


def test_a_loss_is_shown_where_others_cannot_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msrisk.search.search.MOST_PATIENTS", 0)
    old = grave(c.All((RED, c.ReportsSymptom("wheeze"))))
    one = changed(old, reworded(old, "dravox", classes=()), "dravox", "name")
    assert one.verdict is Verdict.WEAKENS
    assert "wheeze" not in told(one)


def test_a_substance_whose_own_name_changed_is_not_used_to_show_another_loss() -> None:
    old = grave(c.All((RED, c.ReportsSymptom("wheeze"))), Kind.EMERGENCY)
    renamed = edited(reworded(old, "dravox", classes=()), "lucidol-forte", name="lucidol extra")
    one = changed(old, renamed, "dravox", "name")
    assert one.verdict is Verdict.WEAKENS
    assert "wheeze" not in told(one)


def test_a_substance_that_is_gone_is_shown_by_its_gravest_rule() -> None:
    old = grave(c.AllergicTo("nutwort"))
    one = changed(old, without(old, "lucidol-forte"), "lucidol-forte", "substance")
    assert "allergies: nutwort" in told(one)
    assert one.shown is not None
    assert ("finding", "grave", Level.CONTRAINDICATED) in {
        (loss.what, loss.id, loss.before) for loss in one.shown.losses
    }


def test_rules_of_a_lost_substance_that_cannot_be_looked_at_do_not_hide_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("msrisk.search.search.MOST_PATIENTS", 0)
    old = grave(c.AllergicTo("nutwort"))
    one = changed(old, without(old, "lucidol-forte"), "lucidol-forte", "substance")
    assert told(one).startswith("supplements: lucidol forte; age")


def test_a_rule_of_a_lost_substance_that_nobody_can_meet_is_passed_over() -> None:
    old = made(
        grave(c.Takes("void-medicine")),
        vocabulary=evolve(
            RULES.vocabulary,
            drug_classes=(
                *RULES.vocabulary.drug_classes,
                evolve(RULES.vocabulary.drug_classes[0], id="void-medicine", atc=()),
            ),
        ),
    )
    one = changed(old, without(old, "lucidol-forte"), "lucidol-forte", "substance")
    assert one.verdict is Verdict.WEAKENS


def test_a_name_that_moves_to_another_medicine_is_not_told_with_one_that_is_gone() -> None:
    old = reworded(RULES, "melitor", names=("Meliton",))
    new = reworded(reworded(old, "melitor", names=()), "dravox", names=("Meliton",))
    gone, moved = (
        next(one for one in compare(old, new).changes if one.names == (name,))
        for name in ("Dravoxin", "Meliton")
    )
    assert gone.says[1] == "now: not recognised, so it could be anything"
    assert moved.says[2:4] == (
        "it stands for something else now",
        "no longer counted as: blue medicine and dark medicine",
    )


def test_a_lost_name_of_a_substance_is_shown_by_the_gravest_rule_that_goes_with_it() -> None:
    old = grave(c.ReportsSymptom("wheeze"), Kind.EMERGENCY)
    old = edited(old, "lucidol-forte", names=("lucifort",))
    one = changed(old, edited(old, "lucidol-forte", names=()), "lucidol-forte", "name")
    assert told(one).startswith("supplements: lucifort; symptoms: wheeze; ")
    assert one.shown is not None
    assert one.shown.before.startswith("URGENT")
    assert "What grave says." in {loss.message for loss in one.shown.losses}


def test_the_gravest_of_what_weakens_stands_first() -> None:
    old = with_rules(
        rule("mild", c.Taking(), Kind.INFORM),
        rule("worst", GORF, Kind.EMERGENCY),
        rule("bad", c.ReportsSymptom("wheeze"), Kind.CONTRAINDICATION),
    )
    lost = [one.id for one in compare(old, RULES).changes if one.verdict is Verdict.WEAKENS]
    assert lost == ["worst", "bad", "mild"]


def test_a_rule_that_was_there_before_stands_for_no_other() -> None:
    first, second = rule("first", None, Kind.EVIDENCE), rule("second", None, Kind.EVIDENCE)
    heir = evolve(second, replaces=("first",))
    one = changed(with_rules(first, second), with_rules(heir), "first")
    assert one.verdict is Verdict.WEAKENS
    assert one.says[0] == "it was removed, and no rule replaces it"


# --- What moved the names ---


def test_a_class_that_leaves_another_is_one_change_of_all_its_names() -> None:
    new = reworded(RULES, "dark-medicine", within=())
    one, *others = compare(RULES, new).changes
    assert not any(other.gated for other in others)
    assert (one.verdict, one.about, one.id) == (Verdict.WEAKENS, "class", "dark-medicine")
    assert one.says == ("dark medicine was within red-medicine, and is within nothing",)
    assert "melitor" in one.names
    assert one.items == ("dark-medicine",)
    assert told(one).startswith("supplements: veritane; medicines: melitor; ")


def test_a_condition_that_is_no_longer_a_case_of_another_is_named() -> None:
    old = with_rules(rule("x", c.HasCondition("gorfitis")))
    one, *_ = compare(old, reworded(old, "acute-gorfitis", within=())).changes
    assert (one.verdict, one.about, one.id) == (Verdict.WEAKENS, "class", "acute-gorfitis")
    assert one.names == ("acute gorfitis",)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"within": (), "definition": "another"}, "the definition of dark medicine changed"),
        ({"within": (), "names": ("dark pills",)}, "the names of dark medicine changed"),
    ],
    ids=["definition", "names"],
)
def test_what_else_was_changed_in_a_class_is_told_beside_it(
    keys: dict[str, object], says: str
) -> None:
    changes = compare(RULES, reworded(RULES, "dark-medicine", **keys)).changes
    of_class = next(one for one in changes if one.about == "class")
    assert says in of_class.says


def test_a_class_that_is_new_or_gone_moves_the_names_of_what_is_within() -> None:
    words = RULES.vocabulary
    between = DrugClass("between", "between", "made up", within=("red-medicine",))
    more = made(vocabulary=evolve(words, drug_classes=(*words.drug_classes, between)))
    under = reworded(more, "dark-medicine", within=("between",))
    asked = (*under.rules, rule("x", c.Takes("between")))
    there, back = made(RULES, rules=asked[:-1]), made(under, rules=asked)
    assert says_of(compare(there, back)) >= {"between is new"}
    assert says_of(compare(back, there)) >= {"between was removed"}


def says_of(diff: Diff) -> set[str]:
    return {says for one in diff.changes if one.about == "class" for says in one.says}


def test_a_drug_that_was_edited_is_told_by_its_own_name_although_its_class_was_too() -> None:
    old = adding(RULES, drugs=drug("newdrug", member("dark-medicine")))
    new = reworded(reworded(old, "dark-medicine", within=()), "newdrug", classes=())
    changes = [(one.about, one.id) for one in compare(old, new).changes]
    assert ("name", "newdrug") in changes
    assert ("class", "dark-medicine") in changes
