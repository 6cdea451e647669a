"""What a reader of a diff is told: the words that a patient gets, loses, or gets otherwise."""

from __future__ import annotations

import json
from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.diff import About, Change, Diff, Loss, Lost, Shown, Verdict, compare
from msrisk.gate.changelog import Changelog
from msrisk.gate.page import diff_outline, patient_words
from msrisk.gate.verdict import diff_result
from msrisk.model import conditions as c
from msrisk.model.profile import NONE_REPORTED, PatientProfile
from msrisk.model.results import Level
from msrisk.model.rules import Basis, Claim, Kind, Rule, RuleSet, Substance
from msrisk.rendering.markdown import section_markdown
from msrisk.rendering.plain import section_text
from msrisk.rendering.shape import Line, Point, Section
from tests.unit.analysis_world import (
    RULES,
    adding,
    change_of,
    changed,
    drug,
    edited,
    made,
    rule,
    with_rules,
)

RED = c.Takes("red-medicine")
X = rule("x", RED)


def lines(diff: Diff, label: str) -> list[str]:
    points = [point for section in diff_outline(diff, ()).sections for point in section.points]
    return [line.text for point in points for line in point.lines if line.label == label]


def worded(old: Rule, **keys: Anything) -> Change:
    return changed(with_rules(old), with_rules(evolve(old, **keys)), "x")


# --- Words that are others ---


def test_words_that_differ_are_marked_where_most_do_not() -> None:
    old = rule("x", RED, message="You take red medicine. It is strong.")
    one = worded(old, message="You take a red medicine. It is weak.")
    assert one.says == (
        (
            "message: “You take red medicine. It is [-strong.-]” became "
            "“You take {+a+} red medicine. It is {+weak.+}”"
        ),
    )


@pytest.mark.parametrize("key", ["message", "action", "question", "argument"])
@pytest.mark.parametrize("kind", [Kind.INFORM, Kind.EMERGENCY])
def test_new_words_that_sound_like_an_all_clear_are_to_be_read_at_every_level(
    key: str, kind: Kind
) -> None:
    old = rule("x", RED, kind)
    one = worded(old, **{key: "It is harmless, and you can take it."})
    assert one.gated
    assert one.says[1] == f"{key} sounds like an all-clear: “harmless”, “you can take”"


def test_words_that_were_there_before_are_not_remarked_on_again() -> None:
    old = rule("x", RED, Kind.INFORM, action="It is harmless.")
    one = worded(old, message="Other words.")
    assert one.says == ("message: “What x says.” became “Other words.”",)


def test_a_new_rule_and_a_question_that_sound_like_an_all_clear_are_to_be_read() -> None:
    new = rule("x", RED, message="It is harmless.", action="It is safe.")
    one = changed(RULES, with_rules(new), "x")
    assert (one.verdict, one.gated) == (Verdict.STRENGTHENS, True)
    assert one.says == (
        "it is new",
        "message sounds like an all-clear: “harmless”",
        "action sounds like an all-clear: “safe”",
    )
    field = changed(RULES, edited(RULES, "age_years", name="a safe age"), "age_years")
    assert (field.gated, field.says[1:]) == (True, ("name sounds like an all-clear: “safe”",))


def test_an_action_that_comes_is_no_loss_and_one_that_goes_is() -> None:
    none = rule("x", RED, Kind.INFORM, action="")
    assert worded(none, action="Ask.").says == ("action: nothing became “Ask.”",)
    gone = worded(evolve(none, action="Ask."), action="")
    assert gone.gated
    assert gone.says == ("action: “Ask.” became nothing, so that less is told",)


def test_a_basis_that_claims_to_go_less_far_or_further_is_to_be_read() -> None:
    old = rule("x", RED, Kind.INFORM, basis=Basis.INFERRED, argument="So.")
    new = evolve(old, basis=Basis.STATED)
    assert changed(with_rules(old), with_rules(new), "x").gated
    assert changed(with_rules(new), with_rules(old), "x").gated


# --- Rules under other names ---


def test_a_rule_that_is_only_renamed_says_the_same() -> None:
    new = evolve(X, id="y", replaces=("x",), since="2")
    diff = compare(with_rules(X), with_rules(new))
    says = change_of(diff, "x").says
    one = next(one for one in diff.changes if one.verdict is Verdict.EQUIVALENT)
    assert one.says == ("x is now y; it says the same to the same patients",)
    assert says == ("since: “1” became “2”",)


def test_a_rule_that_is_kept_twice_says_the_same_twice() -> None:
    twice = [evolve(X, id=id_, replaces=("x",)) for id_ in ("y", "z")]
    one = changed(with_rules(X), with_rules(*twice), "x")
    assert one.says == ("x is now y and z; they say the same to the same patients",)
    words = [twice[0], evolve(twice[1], message="Other words.")]
    one = change_of(compare(with_rules(X), with_rules(*words)), "x")
    assert (
        one.says
        == (
            "message: “What x says.” became, in y: the same; in z: “Other words.”",
            "z: its kind was caution, and is advice",
        )[: len(one.says)]
    )


def test_a_rule_that_was_split_tells_its_old_words_and_condition_once() -> None:
    old = rule("x", c.Any((RED, c.Taking())), action="")
    parts = (
        rule("y", RED, replaces=("x",), action="Ask."),
        rule("z", c.Taking(), Kind.CONTRAINDICATION, replaces=("x",), action=""),
    )
    diff = compare(with_rules(old), with_rules(*parts))
    found = [one for one in diff.changes if one.id == "x"]
    said = [says for one in found for says in one.says]
    assert said == [
        "message: “What x says.” became, in y: “What y says.”; in z: “What z says.”",
        "action: nothing became, in y: “Ask.”; in z: the same",
        "question: “Does x apply?” became, in y: “Does y apply?”; in z: “Does z apply?”",
        "x is now y and z",
        (
            "it applied when the patient takes a drug of the class red medicine or has started the "
            "supplement; now y applies when the patient takes a drug of the class red medicine; "
            "z applies when the patient has started the supplement"
        ),
        "z: its kind was caution, and is contraindication",
    ]
    assert [one.gated for one in found] == [True, False]


def test_a_rule_under_a_new_name_that_replaces_nothing_is_pointed_at() -> None:
    diff = compare(with_rules(X), with_rules(evolve(X, id="y")))
    assert change_of(diff, "x").says == (
        "it was removed, and no rule replaces it",
        (
            "y, which is new, has the same condition and words: if it stands for this rule, write "
            'replaces = ["x"] there'
        ),
    )
    # Of the same patient it is told once what is lost, and once what is got.
    assert len(lines(diff, "Loses")) == len(lines(diff, "Gets")) == 1
    assert lines(diff, "Gets")[0].endswith("(rule y, veritane)")


# --- What a patient reads ---


def losing(rules: RuleSet, id_: str) -> list[str]:
    kept = tuple(one for one in rules.rules if one.id != id_)
    return lines(compare(rules, made(rules, rules=kept)), "Loses")


def test_a_loss_is_told_in_the_words_that_a_patient_reads() -> None:
    ends = "“What x says.” What to do: “What x asks for.”"
    assert losing(with_rules(X), "x") == [f"CAUTION {ends} (rule x, veritane)"]
    caveat = rule("x", None, Kind.ADVICE, action="")
    assert losing(with_rules(caveat), "x") == ["“What x says.” (rule x)"]
    silence = rule("x", RED, Kind.SILENCE)
    assert losing(with_rules(silence), "x") == [
        f"that the texts do not speak of it: {ends} (rule x, veritane)"
    ]


def test_a_lower_level_is_told_as_before_and_now() -> None:
    old, new = with_rules(rule("x", RED, Kind.EMERGENCY)), with_rules(X)
    ends = "“What x says.” What to do: “What x asks for.” (rule x, veritane)"
    assert lines(compare(old, new), "Loses") == [f"URGENT before, CAUTION now: {ends}"]
    assert lines(compare(new, old), "Gets") == [f"URGENT now, CAUTION before: {ends}"]
    told, silent = (with_rules(rule("x", RED, kind)) for kind in (Kind.INFORM, Kind.SILENCE))
    assert lines(compare(silent, told), "Loses") == [
        "that the texts do not speak of it (UNDETERMINED before, INFORM now): " + ends
    ]


def test_a_question_that_is_lost_is_told_as_it_was_asked() -> None:
    test = c.All((c.AgeAtLeast("years"), c.AgeBelow("years")))
    old = with_rules(rule("x", test))
    (said,) = losing(old, "x")
    assert said == "the question “Does x apply?”, which could bring CAUTION (rule x, veritane)"


def test_a_claim_that_stays_says_what_no_longer_stands_against_it() -> None:
    sides = rule("blue", c.Takes("blue-medicine"))
    old = edited(with_rules(sides), "claim", qualified_by=("blue",))
    new = edited(old, "claim", qualified_by=())
    one = changed(old, new, "claim")
    assert one.says == (
        "it is still shown, with less that stands against it",
        "no longer beside it: blue",
    )
    ends = "the claim “It is harmless.”: “blue” (claim claim, veritane)"
    assert lines(compare(old, new), "Loses") == [f"what stands beside {ends}"]
    gone = made(old, claims=())
    assert changed(old, gone, "claim").says == ("it is no longer shown",)
    assert lines(compare(old, gone), "Loses") == [
        "the claim “It is harmless.” (claim claim, veritane)"
    ]


def test_a_claim_whose_other_side_only_has_a_new_name_loses_nothing() -> None:
    (red,) = (one for one in RULES.rules if one.id == "red")
    others = tuple(one for one in RULES.rules if one is not red)
    new = made(rules=(*others, evolve(red, id="rouge", replaces=("red",))))
    diff = compare(RULES, edited(new, "claim", disputed_by=("rouge",)))
    assert all("no longer beside it" not in says for one in diff.changes for says in one.says)


def test_a_claim_that_nobody_is_shown_and_that_loses_a_side_is_named() -> None:
    (claim,) = RULES.claims
    other = evolve(claim, id="other", applies_to=("nothing",), qualified_by=("advice",))
    old = made(claims=(claim, other))
    one = changed(old, edited(old, "other", qualified_by=()), "other")
    assert (one.verdict, one.says) == (Verdict.EQUIVALENT, ("no longer beside it: advice",))
    assert isinstance(other, Claim)


def test_names_that_settle_suggest_that_nobody_was_in_danger() -> None:
    old = with_rules(rule("x", c.TakesSupplement("pondweed"), Kind.EMERGENCY))
    newt = Substance("newt", "newt", "made up")
    diff = compare(old, made(old, substances=(*old.substances, newt)))
    told = lines(diff, "No longer open")
    assert "what newt is: it could have been anything, with URGENT as worst case" in told
    assert lines(compare(old, adding(old, drugs=drug("newdrug"))), "No longer open") == [
        "“Does red apply?” (rule red, veritane; it could have brought CAUTION)",
    ]
    assert lines(diff, "Loses") == []


@pytest.mark.parametrize("claims", [RULES.claims, ()], ids=["with a claim", "alone"])
def test_a_substance_that_is_gone_tells_the_answer_that_is_gone(claims: tuple[Claim, ...]) -> None:
    kept = tuple(one for one in RULES.substances if one.id != "veritane")
    diff = compare(made(claims=claims), made(substances=kept, claims=claims))
    assert any(one.startswith("the answer about veritane, ") for one in lines(diff, "Loses"))


# --- The patient ---


def test_yes_and_no_stand_behind_what_was_asked() -> None:
    said = patient_words(
        PatientProfile(conditions=NONE_REPORTED, weight_kg=70.5, replacing_ms_treatment=False)
    )
    assert said.startswith(
        "weight: 70.5 kg; taking it instead of MS treatment: no. Asked, and none: medical "
        "conditions. Not asked: "
    )


def test_what_a_patient_denied_by_name_is_said() -> None:
    said = patient_words(PatientProfile(denied=["asthma", "pregnancy"], age_years=40))
    assert said.startswith("age: 40 years. Asked by name and denied: asthma and pregnancy. Not ")


def test_the_patient_can_be_copied_from_markdown_and_text_names_the_command() -> None:
    diff = compare(with_rules(X), RULES)
    text = section_text(diff_outline(diff, ()), width=400)
    assert "Intake" not in text
    assert "the option `--patients DIR` writes each of them to a file" in text
    shown = section_markdown(diff_outline(diff, ()))
    (line,) = (one for one in shown.splitlines() if "**Intake:**" in one)
    document = json.loads(line.split("`")[1])
    assert document["supplements"] == ["veritane"]
    assert "`--patients" not in section_text(diff_outline(compare(RULES, RULES), ()))


@pytest.mark.parametrize(
    ("text", "shown"), [("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("*a*", "`*a*`")]
)
def test_code_in_markdown_is_shown_as_it_is(text: str, shown: str) -> None:
    section = Section("T", points=(Point("p", (Line("Intake", text, code=True),)),))
    assert section_markdown(section).endswith(f"  - **Intake:** {shown}\n")


def test_the_document_holds_the_words_too() -> None:
    diff = compare(with_rules(X), RULES)
    changes = json.loads(json.dumps(diff_result(diff, (), Changelog()).document))["changes"]
    loss = next(one for one in changes[0]["patient"]["losses"] if one["what"] == "finding")
    assert (loss["message"], loss["action"], loss["without"]) == (
        "What x says.",
        "What x asks for.",
        [],
    )


def test_levels_alone_and_answers_that_are_new_are_told_too() -> None:
    high, low = Level.CAUTION, Level.NO_FINDING
    levels = (Loss(Lost.LEVEL, "", "", high, low), Loss(Lost.WORST_CASE, "", "newt", high, low))
    one = Shown(PatientProfile(), "a", "b", levels)
    two = Shown(
        PatientProfile(), "a", "b", (), (Loss(Lost.ASSESSMENT, "newt", "newt", None, high),)
    )
    changes = (
        Change(Verdict.WEAKENS, About.WORD, "x", (), shown=one),
        Change(Verdict.SETTLES, About.WORD, "x", (), shown=evolve(one, before="c")),
        Change(Verdict.STRENGTHENS, About.WORD, "y", (), shown=two),
    )
    diff = Diff(RULES, RULES, changes)
    assert lines(diff, "Loses") == [
        "the level is NO FINDING now, CAUTION before",
        "the worst case for newt is NO FINDING now, CAUTION before",
    ]
    assert lines(diff, "No longer open") == [
        "the level was CAUTION, and is NO FINDING now",
        "the worst case for newt was CAUTION, and is NO FINDING now",
    ]
    assert lines(diff, "Gets") == ["an answer about newt, CAUTION at worst"]


def test_a_number_that_changed_is_held_beside_what_is_said_of_it() -> None:
    one = change_of(compare(RULES, edited(RULES, "years", value=50, reason="chosen")), "years")
    both = edited(RULES, "years", value=50, reason="chosen", reference="a book")
    found = [one.says for one in compare(RULES, both).changes if one.verdict is Verdict.EQUIVALENT]
    assert one.verdict is Verdict.REWORDS
    assert found == [("it was 40 years, and is 50 years",)]
    says = {
        says
        for each in ("years", "much")
        for one in compare(RULES, edited(RULES, each, value=50)).changes
        for says in one.says
    }
    assert says == {
        "it was 40 years, and is 50 years",
        "its reason and reference are still what stood beside 40 years: “made up”; “nowhere”",
        "it was 100 mg a day, and is 50 mg a day",
        "its source is still what stood beside 100 mg a day: passage 1 of text",
    }
