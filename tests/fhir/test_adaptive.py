"""The form that asks one question after another asks what `msrisk.asking` does, and ends."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import msrisk
from msrisk.asking import Answered, Form, Kind, Said, open_questions
from msrisk.errors import FhirError, RuleSetWithdrawnError
from msrisk.fhir import next_question, profile_from_response, questionnaire
from msrisk.model.history import Withdrawal
from msrisk.model.profile import PatientProfile
from tests.fhir.filling import answered, link

Short = str | float | Sequence[str | float]
Person = Callable[[str], Short | None]
"""What a person answers to a question, by its link without the version."""

URL = "urn:msrisk:questionnaire"
START: Any = {
    "resourceType": "QuestionnaireResponse",
    "contained": [{"resourceType": "Questionnaire", "id": "q", "derivedFrom": [URL]}],
    "questionnaire": "#q",
    "status": "in-progress",
    "subject": {"reference": "Patient/1"},
}


def shown(response: Any) -> dict[str, Any]:
    """Return the items of the contained questionnaire, by their link without the version."""
    found: dict[str, Any] = {}

    def walk(items: Any) -> None:
        for one in items:
            found[one["linkId"].partition(":")[2]] = one
            walk(one.get("item", []))

    walk(response["contained"][0].get("item", []))
    return found


def filled(items: Any, person: Person) -> list[Any]:
    """Answer the items as a program does that shows them; what is only read is left out."""
    found: list[Any] = []
    for one in items:
        name = one["linkId"].partition(":")[2]
        inside = filled(one.get("item", []), person)
        if one["type"] == "group":
            found += [{"linkId": one["linkId"], "item": inside}] if inside else []
        elif one["type"] != "display":
            said = person(name)
            if said is not None:
                answers = answered({name: said})[name]
                found.append({"linkId": one["linkId"], "answer": answers})
    return found


def told(person: Person) -> list[Any]:
    """Return every response of the server, from the first question to the end."""
    found = [next_question(copy.deepcopy(START))]
    while found[-1]["status"] == "in-progress":
        assert len(found) < 60
        sent: Any = copy.deepcopy(found[-1])
        sent["item"] = filled(sent["contained"][0]["item"], person)
        found.append(next_question(sent))
    return found


def says(answers: Mapping[str, Short], otherwise: Short | None = None) -> Person:
    return lambda name: answers.get(name, otherwise if name.startswith("named/") else None)


def test_the_first_question_is_about_an_emergency() -> None:
    (first, *_) = told(says({}))
    (contained,) = first["contained"]
    assert first["status"] == "in-progress"
    assert first["subject"] == START["subject"]
    assert contained["id"] == "q"
    assert contained["derivedFrom"] == [f"{URL}|{questionnaire()['version']}"]
    assert contained["extension"][0]["valueBoolean"] is True
    assert {"url", "version"} & contained.keys() == set()
    asked = [name for name, one in shown(first).items() if one["type"] == "choice"]
    assert asked == ["named/difficulty-breathing"]
    assert "counts as unknown, never as no" in shown(first)["about"]["text"]


def test_a_sign_of_an_emergency_ends_the_form_with_what_to_do() -> None:
    last = told(says({"named/difficulty-breathing": "yes"}))[-1]
    items = shown(last)
    assert last["status"] == "completed"
    assert "emergency number" in items["told/0"]["text"]
    assert list(items)[:2] == ["about", "told/0"]


@pytest.mark.parametrize("started", ["unknown", None])
def test_a_sign_of_an_allergy_ends_the_form_too_if_nobody_knows_whether_it_was_begun(
    started: str | None,
) -> None:
    answers = {key: value for key, value in ANSWERS.items() if key != "supplements/product/taking"}
    taking = {"supplements/product/taking": started} if started else {}
    last = told(says({**answers, **taking, "named/fainting": "yes"}, "no"))[-1]
    assert last["status"] == "completed"
    assert "emergency number" in shown(last)["told/0"]["text"]
    assert "age_years/number" not in shown(last), "help comes first"
    no = told(says({**ANSWERS, "named/fainting": "yes"}, "no"))[-1]
    assert "age_years/number" in shown(no)


ANSWERS: Mapping[str, Short] = {
    "supplements/any": "yes",
    "supplements/product/name": "alpha lipoic acid",
    "supplements/product/taking": "no",
    "supplements/complete": "yes",
    "medications/names": ["Synthroid", "foozumab"],
    "medications/complete": "yes",
    "conditions/names": "none",
    "allergies/names": "none",
    "symptoms/names": "none",
    "age_years/number": 41.0,
}


def test_the_end_clears_nothing_and_shows_the_first_screen() -> None:
    last = told(says(ANSWERS, "no"))[-1]
    report = msrisk.assess(profile_from_response(last))
    texts = [one["text"] for name, one in shown(last).items() if name.startswith("told/")]
    assert texts[-1] == report.render("text", "screen")
    assert "A missing warning clears nothing" in texts[-1]
    assert any("foozumab" in text and "stands above" in text for text in texts[:-1])


def _person() -> st.SearchStrategy[Mapping[str, Short]]:
    yes_no = st.sampled_from(["yes", "no", "unknown"])
    names = st.sampled_from(["none", "unknown", "Synthroid", "NAC", "foozumab", "diabetes"])
    fixed = st.fixed_dictionaries({"supplements/any": yes_no})
    product = st.sampled_from(["alpha lipoic acid", "NAC 600 mg", "foopowder"])
    more = st.fixed_dictionaries(
        {},
        optional={
            "supplements/product/name": product,
            "supplements/product/daily_dose_mg": st.floats(1, 5000),
            "age_years/number": st.floats(1, 100),
            "weight_kg/number": st.floats(20, 200),
            "ms_symptoms_severe": yes_no,
            "replacing_ms_treatment": yes_no,
            **{f"{name}/complete": yes_no for name in ("supplements", "medications", "symptoms")},
            **{f"{name}/names": names for name in ("medications", "conditions", "allergies")},
            "named/hives": yes_no,
            "named/pregnancy": yes_no,
            "named/milk-protein": yes_no,
        },
    )
    return st.tuples(fixed, more).map(lambda both: _with_name(both[0] | both[1]))


def _with_name(answers: dict[str, Any]) -> Mapping[str, Short]:
    """Leave out of which product a dose is, if none is named: that is an error."""
    if "supplements/product/name" not in answers:
        answers.pop("supplements/product/daily_dose_mg", None)
    return answers


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(_person(), st.sampled_from(["no", "unknown", None]))
def test_each_step_asks_what_msrisk_asks_and_keeps_what_was_asked(
    answers: Mapping[str, Short], otherwise: Short | None
) -> None:
    whole = {
        one["linkId"].partition(":")[2]
        for one in every(questionnaire())
        if one["type"] not in ("group", "display")
    }
    before: set[str] = set()
    for step in told(says(answers, otherwise)):
        after = {name for name, one in shown(step).items() if name in whole}
        profile = profile_from_response(step)
        wanted = [
            {f"named/{one.concept}" for one in asked.named}
            or {name for name in whole if name.partition("/")[0] == asked.field}
            for asked in open_questions(_put(profile, before), msrisk.RuleSet.default())
            if asked.kind is not Kind.WHICH
        ]
        # The best that was not put yet, and nothing else.
        best = next((links for links in wanted if not links <= before), set())
        assert after == before | best
        assert (step["status"] == "completed") == (not best)
        before = after


def _put(profile: PatientProfile, before: set[str]) -> Form:
    """Return the form of a profile in which what was put of a product was passed over."""
    form = Form(profile)
    asked = open_questions(form, msrisk.RuleSet.default())
    parts = [one for one in asked if one.part and "supplements/product/taking" in before]
    return evolve(form, answers=tuple(Answered(one, Said.SKIPPED) for one in parts))


def every(part: Any) -> list[Any]:
    return [one for item in part.get("item", []) for one in (item, *every(item))]


def test_parameters_are_answered_with_parameters() -> None:
    held = {"name": "questionnaire-response", "resource": START}
    found = next_question({"resourceType": "Parameters", "parameter": [held]})
    assert found == {
        "resourceType": "Parameters",
        "parameter": [{"name": "return", "resource": next_question(START)}],
    }


def test_what_else_is_contained_is_kept_and_items_that_are_only_read_may_come_back() -> None:
    other = {"resourceType": "Patient", "id": "p"}
    sent = copy.deepcopy(START)
    sent["contained"].append(other)
    sent["item"] = [{"linkId": link("about")}, {"linkId": link("told/0")}]
    assert next_question(sent)["contained"][1] == other  # type: ignore[index]  # JSON


def changed(**parts: Any) -> Any:
    contained = {**START["contained"][0], **parts}
    return {**START, "contained": [contained]}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (7, "response: expected a table"),
        ({}, "questionnaire: expected “#” and the id"),
        ({**START, "questionnaire": "#other"}, "questionnaire: expected “#” and the id"),
        ({**START, "contained": 7}, "questionnaire: expected “#” and the id"),
        ({**START, "contained": START["contained"] * 2}, "questionnaire: expected “#” and the id"),
        (changed(derivedFrom=None), "derivedFrom: expected [“urn:msrisk:questionnaire”]"),
        (changed(derivedFrom=[URL] * 2), "derivedFrom: expected [“urn:msrisk:questionnaire”]"),
        (changed(derivedFrom=[7]), "derivedFrom: expected [“urn:msrisk:questionnaire”]"),
        (changed(derivedFrom=["urn:other"]), "derivedFrom: expected"),
        (changed(modifierExtension=[{}]), "contained Questionnaire: expected no modifierExt"),
        (changed(item=[{"linkId": "Mrs Miller"}]), "item: expected items of version"),
        (changed(item=[{"linkId": "msrisk-1.00000000:about"}]), "item: expected items of version"),
        ({**START, "item": [{"linkId": "Mrs Miller"}]}, "item[0].linkId: expected a linkId"),
        ({"resourceType": "Parameters"}, "parameter: expected one parameter “questionnaire-resp"),
        ({"resourceType": "Parameters", "parameter": [7]}, "parameter: expected one parameter"),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response"}]},
            "response: expected a table",
        ),
    ],
    ids=str,
)
def test_what_is_no_such_response_is_told_by_its_place(sent: Any, said: str) -> None:
    with pytest.raises(FhirError) as error:
        next_question(sent)
    assert said in str(error.value)
    assert "Miller" not in str(error.value)


def test_items_that_are_none_are_passed_over() -> None:
    found = [next_question(changed(item=one)) for one in (7, [7], [])]
    assert len({json.dumps(one) for one in found}) == 1


def test_withdrawn_rules_ask_nothing(ruleset: msrisk.RuleSet) -> None:
    withdrawn = evolve(ruleset, withdrawn=Withdrawal("2026-12-01", "a wrong rule"))
    with pytest.raises(RuleSetWithdrawnError, match="a wrong rule"):
        next_question(START, ruleset=withdrawn)


def test_each_answer_says_once_which_rules_asked(ruleset: msrisk.RuleSet) -> None:
    other = {"url": "urn:other", "valueString": "kept"}
    for wrong in ([other], other, None):
        step = next_question({**START, "extension": wrong} if wrong else START)
        again: Any = next_question(step)
        said = {one["url"].rpartition(":")[2]: one for one in again["extension"]}
        assert len(said) == len(again["extension"])
        assert said["version"]["valueString"] == ruleset.version
        assert said["digest"]["valueString"] == ruleset.digest
        assert said["withdrawn"]["valueBoolean"] is False
        assert ("other" in said) == isinstance(wrong, list)
