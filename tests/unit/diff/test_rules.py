"""What a diff says of rules, thresholds and substances, with a patient that shows it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.diff import About, Verdict, compare
from msrisk.gate.page import patient_words
from msrisk.model import conditions as c
from msrisk.model.conditions import Condition
from msrisk.model.rules import EVERY, Kind, RuleSet, Substance, Withdrawal
from msrisk.search import search
from msrisk.search.ways import ways
from tests.unit.analysis_world import (
    RULES,
    change_of,
    changed,
    edited,
    made,
    reworded,
    rule,
    with_rules,
    without,
)

RED, GORF = c.Takes("red-medicine"), c.HasCondition("gorfitis")
OLD = c.AgeAtLeast("years")
TESTS: list[tuple[Condition, str]] = [
    (RED, "supplements: veritane; medicines: dravox"),
    (c.TakesAnyMedication(), "medicines: veritane; age: 45"),
    (c.TakesSupplement("zincum"), "supplements: veritane; medicines: zincum"),
    (c.TakesOtherSupplement(), "supplements: veritane; medicines: zincum"),
    (GORF, "supplements: veritane; medical conditions: gorfitis"),
    (c.HasConditionBeyond(("gorfitis",)), "supplements: veritane; medical conditions: lumnosis"),
    (c.AllergicTo("nutwort"), "supplements: veritane; allergies: nutwort"),
    (c.ReportsSymptom("wheeze"), "supplements: veritane; symptoms: wheeze"),
    (c.ReportsSymptomBeyond(("wheeze",)), "supplements: veritane; symptoms: "),
    (OLD, "supplements: veritane; age: 40 years; weight: 70 kg"),
    (c.AgeBelow("years"), "supplements: veritane; age: 39 years; weight: 70 kg"),
    (c.WeightBelow("weight"), "supplements: veritane; age: 45 years; weight: 59 kg"),
    (c.DailyDoseAbove("much"), "supplements: veritane 101 mg a day"),
    (c.DailyDoseTakenAbove("much"), "supplements: veritane 101 mg a day started"),
    (c.DailyDoseBelow("little"), "supplements: veritane 19 mg a day"),
    (c.DosesPerDayBelow("often"), "supplements: veritane 1 times a day"),
    (c.Taking(), "supplements: veritane started"),
    (
        c.States("ms_symptoms_severe"),
        "supplements: veritane; age: 45 years; weight: 70 kg; severe or aggressive MS: yes; ",
    ),
]


@pytest.mark.parametrize(("test", "who"), TESTS, ids=[str(test) for test, _ in TESTS])
def test_a_removed_rule_weakens_and_the_smallest_patient_who_had_it_shows_it(
    test: Condition, who: str
) -> None:
    one = changed(with_rules(rule("x", test)), RULES, "x")
    assert (one.verdict, one.gated) == (Verdict.WEAKENS, True)
    assert one.says == ("it was removed, and no rule replaces it",)
    assert one.shown is not None
    assert patient_words(one.shown.profile).startswith(who)
    assert ("finding", "x") in {(loss.what, loss.id) for loss in one.shown.losses}


@pytest.mark.parametrize("test", [test for test, _ in TESTS], ids=str)
def test_an_added_rule_strengthens(test: Condition) -> None:
    one = changed(RULES, with_rules(rule("x", test)), "x")
    assert (one.verdict, one.says, one.gated) == (Verdict.STRENGTHENS, ("it is new",), False)


BOTH, EITHER = c.All((RED, GORF)), c.Any((RED, GORF))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EITHER, BOTH),
        (EITHER, RED),
        (RED, BOTH),
        (RED, GORF),
        (GORF, c.HasCondition("acute-gorfitis")),
        (c.HasConditionBeyond(("gorfitis",)), c.HasConditionBeyond(("gorfitis", "lumnosis"))),
        (c.ReportsSymptomBeyond(("wheeze",)), c.ReportsSymptomBeyond(("wheeze", "tingle"))),
        (c.Any((OLD, c.AgeBelow("years"))), OLD),
    ],
    ids=str,
)
def test_a_narrower_condition_weakens_and_a_wider_one_strengthens(
    before: Condition, after: Condition
) -> None:
    wide, narrow = with_rules(rule("x", before)), with_rules(rule("x", after))
    one = changed(wide, narrow, "x")
    assert one.verdict is Verdict.WEAKENS
    assert one.says[0].startswith("it applied when the patient ")
    back = changed(narrow, wide, "x")
    assert back.verdict is (Verdict.WEAKENS if (before, after) == (RED, GORF) else back.verdict)
    assert back.verdict is Verdict.STRENGTHENS or (before, after) == (RED, GORF)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (RED, c.All((RED,))),
        (EITHER, c.Any((GORF, RED))),
        (RED, c.Any((RED, BOTH))),
        (RED, c.Any((RED, c.Takes("dark-medicine")))),
    ],
    ids=str,
)
def test_a_condition_with_the_same_patients_is_equivalent(
    before: Condition, after: Condition
) -> None:
    one = changed(with_rules(rule("x", before)), with_rules(rule("x", after)), "x")
    assert (one.verdict, one.shown) == (Verdict.EQUIVALENT, None)


KINDS = (Kind.INFORM, Kind.SILENCE, Kind.CAUTION, Kind.CONTRAINDICATION, Kind.EMERGENCY)


@pytest.mark.parametrize(("low", "high"), list(pairwise(KINDS)))
def test_a_rule_at_a_lower_level_weakens_and_at_a_higher_one_strengthens(
    low: Kind, high: Kind
) -> None:
    below, above = (with_rules(rule("x", RED, kind)) for kind in (low, high))
    down = changed(above, below, "x")
    assert down.verdict is Verdict.WEAKENS
    assert down.says == (f"its kind was {high.value}, and is {low.value}",)
    up = {one.verdict for one in compare(below, above).changes}
    assert up - {Verdict.REWORDS} == {Verdict.STRENGTHENS}


def test_a_finding_that_becomes_a_silence_must_have_been_read() -> None:
    told, silent = with_rules(rule("x", RED, Kind.INFORM)), with_rules(rule("x", RED, Kind.SILENCE))
    there, back = (compare(*pair).changes for pair in ((told, silent), (silent, told)))
    assert [(one.verdict, one.gated) for one in there] == [
        (Verdict.REWORDS, True),
        (Verdict.STRENGTHENS, False),
    ]
    assert [one.verdict for one in back] == [Verdict.WEAKENS]


def test_a_rule_that_becomes_a_caveat_weakens_and_a_caveat_that_becomes_a_rule_does_too() -> None:
    firm, caveat = with_rules(rule("x", RED)), with_rules(rule("x", None, Kind.ADVICE))
    there, back = changed(firm, caveat, "x"), changed(caveat, firm, "x")
    assert there.verdict is back.verdict is Verdict.WEAKENS
    assert there.shown is not None
    assert back.shown is not None
    assert {loss.what for loss in back.shown.losses} == {"caveat"}


def test_a_caveat_of_another_kind_is_to_be_read() -> None:
    for kind in (Kind.EVIDENCE, Kind.SCOPE):
        new = edited(RULES, "quality", kind=kind)
        for one in (changed(RULES, new, "quality"), changed(new, RULES, "quality")):
            assert (one.verdict, one.gated) == (Verdict.REWORDS, True)


def test_a_caveat_of_every_substance_that_is_of_the_covered_ones_leaves_the_report() -> None:
    new = edited(RULES, "quality", applies_to=("lucidol", "veritane"))
    one = changed(RULES, new, "quality")
    assert one.verdict is Verdict.WEAKENS
    assert one.shown is not None
    assert [(loss.what, loss.id, loss.about) for loss in one.shown.losses] == [
        ("caveat", "quality", "")
    ]
    assert changed(new, RULES, "quality").verdict is Verdict.STRENGTHENS


@pytest.mark.parametrize("kind", [Kind.CAUTION, Kind.ADVICE])
def test_a_rule_of_fewer_substances_weakens(kind: Kind) -> None:
    first = rule("x", RED if kind is Kind.CAUTION else None, kind, applies_to=("veritane",))
    two = evolve(first, applies_to=("lucidol", "veritane"))
    one = changed(with_rules(two), with_rules(first), "x")
    assert one.verdict is Verdict.WEAKENS
    assert one.says == ("it was about lucidol, veritane, and is about veritane",)
    assert changed(with_rules(first), with_rules(two), "x").verdict is Verdict.STRENGTHENS


def test_a_rule_that_is_renamed_or_split_is_kept_by_those_that_replace_it() -> None:
    old = with_rules(rule("x", EITHER))
    parts = [rule(f"x-{n}", part, replaces=("x",)) for n, part in enumerate(EITHER.of)]
    texts: dict[str, Anything] = {
        "message": "What x says.",
        "action": "What x asks for.",
        "question": "Does x apply?",
    }
    new = with_rules(*(evolve(part, **texts) for part in parts))
    one = changed(old, new, "x")
    assert one.verdict is Verdict.EQUIVALENT
    assert one.says[0] == "x is now x-0 and x-1"
    assert not any(change.gated for change in compare(old, new).changes)
    assert changed(old, with_rules(parts[0]), "x", "rule").verdict is Verdict.WEAKENS


def test_a_rule_that_is_renamed_and_says_something_else_is_to_be_read() -> None:
    old = with_rules(rule("x", RED))
    new = with_rules(rule("y", RED, replaces=("x",), cites=rule("x", RED).cites[:1]))
    found = [one for one in compare(old, new).changes if one.id == "x"]
    assert [(one.verdict, one.gated) for one in found] == [
        (Verdict.REWORDS, True),
        (Verdict.EQUIVALENT, False),
    ]
    assert found[0].says[0] == "message: “What [-x-] says.” became “What {+y+} says.”"


def test_another_pack_is_not_decided() -> None:
    one = changed(RULES, edited(RULES, "red", pack="others"), "red")
    assert (one.verdict, one.gated, one.shown) == (Verdict.UNDECIDED, True, None)
    assert one.says == ("it was in the pack texts, and is in others",)


GROUPS = [c.Any(tuple(test for test, _ in TESTS[n : n + 3])) for n in range(0, 15, 3)]
LARGE = c.All((*GROUPS, c.Any(tuple(c.TakesSupplement(id_) for id_ in ("lucidol", "pondweed")))))


@pytest.mark.parametrize(
    "when", [LARGE, c.All((LARGE, RED)), c.Any((LARGE, RED))], ids=["it", "in all", "in any"]
)
def test_a_condition_that_holds_in_too_many_ways_is_not_decided(when: Condition) -> None:
    assert ways(when) is None
    one = changed(with_rules(rule("x", when)), RULES, "x")
    assert (one.verdict, one.gated, one.shown) == (Verdict.UNDECIDED, True, None)


def test_a_condition_with_too_many_patients_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_PATIENTS", 1)
    one = changed(with_rules(rule("x", EITHER)), RULES, "x")
    assert (one.verdict, one.shown) == (Verdict.UNDECIDED, None)


THRESHOLDS = [
    (c.AgeAtLeast("years"), "years", 40, 41),
    (c.AgeBelow("years"), "years", 40, 39),
    (c.WeightBelow("weight"), "weight", 60, 59.5),
    (c.DailyDoseAbove("much"), "much", 100, 101),
    (c.DailyDoseTakenAbove("much"), "much", 100, 101),
    (c.DailyDoseBelow("little"), "little", 20, 19),
    (c.DosesPerDayBelow("often"), "often", 2, 1.5),
]


@pytest.mark.parametrize(("test", "id_", "firm", "loose"), THRESHOLDS, ids=str)
def test_a_threshold_weakens_on_one_side_and_strengthens_on_the_other(
    test: Condition, id_: str, firm: float, loose: float
) -> None:
    old = with_rules(rule("x", test))
    new = edited(old, id_, value=loose)
    for before, after, verdict in (
        (old, new, Verdict.WEAKENS),
        (new, old, Verdict.STRENGTHENS),
    ):
        by_rule, number = changed(before, after, "x"), changed(before, after, id_, "threshold")
        assert by_rule.verdict is number.verdict is verdict
        assert by_rule.shown == number.shown is not None
        assert number.says[2:] == ("rule x uses it",)
        assert " still what stood beside " in number.says[1]
        assert number.says[0].startswith(f"it was {firm if before is old else loose} ")


def test_a_threshold_that_no_rule_uses_changes_nothing() -> None:
    assert changed(RULES, edited(RULES, "years", value=50), "years").verdict is Verdict.EQUIVALENT
    gone = changed(RULES, without(RULES, "years"), "years")
    assert (gone.verdict, gone.says) == (
        Verdict.EQUIVALENT,
        ("it was 40 years, and is removed",),
    )
    assert changed(without(RULES, "years"), RULES, "years").says == ("it is new",)


def test_a_threshold_at_the_bound_of_its_field_is_crossed_all_the_same() -> None:
    old = edited(with_rules(rule("x", c.AgeAtLeast("years"))), "years", value=129.5)
    new = edited(old, "years", value=130.5)
    assert changed(old, new, "x").verdict is Verdict.WEAKENS
    light = edited(with_rules(rule("x", c.WeightBelow("weight"))), "weight", value=0.3)
    assert changed(light, edited(light, "weight", value=0.2), "x").verdict is Verdict.WEAKENS


# --- Substances ---


def test_a_substance_that_is_no_longer_covered_weakens() -> None:
    new = made(
        without(without(RULES, "VL"), "veritane"),
        rules=RULES.rules,
    )
    one = changed(RULES, new, "veritane", "substance")
    assert one.verdict is Verdict.WEAKENS
    assert one.shown is not None
    assert patient_words(one.shown.profile).startswith("supplements: veritane; ")
    assert one.says == ("it is no longer covered, so none of its rules is left",)


def test_a_substance_that_is_covered_from_now_on_settles_what_was_open() -> None:
    new = made(substances=(*RULES.substances, Substance("newt", "newt", "made up")))
    one = changed(RULES, new, "newt", "substance")
    assert (one.verdict, one.says) == (Verdict.SETTLES, ("it is covered from now on",))
    known = made(
        without(RULES, "pondweed"),
        substances=(*RULES.substances, Substance("pondweed", "pondweed", "made up")),
    )
    assert changed(RULES, known, "pondweed").verdict is Verdict.SETTLES


def test_rule_sets_without_a_common_substance_are_compared() -> None:
    other = made(substances=(Substance("newt", "newt", "made up"),), claims=())
    verdicts = {(one.about, one.id): one.verdict for one in compare(RULES, other).changes}
    assert verdicts[About.SUBSTANCE, "veritane"] is Verdict.WEAKENS
    assert (About.RULE, "red") not in verdicts


@pytest.mark.parametrize("id_", ["red", "quality", "claim"])
def test_what_is_left_out_of_a_substance_weakens(id_: str) -> None:
    old = made(rules=(*RULES.rules, rule("blue", c.Takes("blue-medicine"))))
    new = edited(old, "veritane", without=(id_,))
    if id_ == "red":
        # A claim never stands alone.
        new = made(new, claims=())
        old = made(old, claims=())
    one = changed(old, new, id_)
    assert one.verdict is Verdict.WEAKENS
    assert changed(new, old, id_).verdict is Verdict.STRENGTHENS if id_ != "claim" else True
    assert change_of(compare(new, old), "veritane").says == (f"its without: no longer {id_}",)
    assert change_of(compare(old, new), "veritane").says == (f"its without: now also {id_}",)


def test_a_substance_that_is_a_case_of_no_other_loses_what_it_inherited() -> None:
    new = edited(RULES, "lucidol-forte", within=())
    one = changed(RULES, new, "advice")
    assert (one.verdict, one.says) == (
        Verdict.WEAKENS,
        ("where or of whom it is asked changed",),
    )
    assert one.shown is not None
    assert patient_words(one.shown.profile).startswith("supplements: lucidol forte")
    assert changed(new, RULES, "advice").verdict is Verdict.STRENGTHENS


# --- Where something is asked ---


@pytest.mark.parametrize(
    ("test", "id_", "told_in"),
    [
        (GORF, "gorfitis", ("conditions", "symptoms")),
        (c.AllergicTo("nutwort"), "nutwort", ("allergies", "conditions")),
    ],
)
def test_a_fact_that_may_be_told_in_fewer_places_closes_a_question(
    test: Condition, id_: str, told_in: tuple[str, ...]
) -> None:
    old = with_rules(rule("x", test))
    wide = reworded(old, id_, told_in=told_in)
    one = changed(wide, old, "x")
    assert (one.verdict, one.says) == (
        Verdict.WEAKENS,
        ("where or of whom it is asked changed",),
    )
    assert changed(old, wide, "x").verdict is Verdict.STRENGTHENS


# --- What changes nothing ---


def test_other_orders_change_nothing() -> None:
    words = RULES.vocabulary
    groups: dict[str, Anything] = {
        name: getattr(words, name)[::-1] for name in ("drugs", "concepts", "terms", "words")
    }
    new = made(
        rules=RULES.rules[::-1],
        substances=RULES.substances[::-1],
        thresholds=RULES.thresholds[::-1],
        sources=RULES.sources[::-1],
        claims=RULES.claims[::-1],
        fields=RULES.fields[::-1],
        vocabulary=evolve(words, **groups),
    )
    assert compare(RULES, new).changes == ()


def test_a_withdrawn_rule_set_is_compared_as_if_it_answered(withdrawn: RuleSet) -> None:
    away, back = compare(RULES, withdrawn), compare(withdrawn, RULES)
    (one,), (other,) = away.changes, back.changes
    assert (one.about, one.verdict, one.says) == (
        "rule set",
        Verdict.REWORDS,
        ("it is withdrawn, and answers nobody any more: 2026-12-01, a wrong rule",),
    )
    assert (other.verdict, other.says) == (
        Verdict.UNDECIDED,
        ("it is no longer withdrawn, and answers again",),
    )
    assert one.gated
    assert other.gated
    lost = changed(RULES, made(withdrawn, rules=tuple(RULES.rules[:-1])), "quality")
    assert lost.verdict is Verdict.WEAKENS


@pytest.fixture
def withdrawn() -> RuleSet:
    return made(withdrawn=Withdrawal("2026-12-01", "a wrong rule"))


def test_a_rule_of_every_substance_that_names_each_of_them_is_equivalent() -> None:
    ids = tuple(one.id for one in RULES.substances)
    listed = with_rules(rule("x", RED, applies_to=ids))
    every = with_rules(rule("x", RED, applies_to=(EVERY,)))
    assert changed(listed, every, "x").verdict is Verdict.EQUIVALENT
    assert changed(every, listed, "x").verdict is Verdict.EQUIVALENT


def test_lists_in_another_order_change_nothing_and_are_named() -> None:
    old = edited(RULES, "veritane", names=("verit", "verity"))
    one = change_of(compare(old, edited(old, "veritane", names=("verity", "verit"))), "veritane")
    assert (one.verdict, one.says) == (Verdict.EQUIVALENT, ("its names: in another order",))
