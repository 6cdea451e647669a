"""What is denied by name: how it is recognised, what it closes, and what contradicts it."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

import msrisk
from msrisk.errors import MsriskError, ProfileError
from msrisk.model.concepts import ConceptKind
from msrisk.model.facts import Denied
from msrisk.model.results import Unrecognised
from msrisk.model.rules import RuleSet
from msrisk.recognition import may_be_denied, recognise_denied
from tests.spec.cases import rules

RULES = rules()
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
EXPECTED = (
    "the id of a condition, topic, allergen or symptom, or one of its names without other words"
)
NOT_KNOWN = "a name that msrisk does not know, or words beside a name"
SEVERAL = "a name that may mean several things: give the id of the one that was denied"


def unclear(ruleset: RuleSet = RULES, **fields: Any) -> tuple[Unrecognised, ...]:
    profile = msrisk.PatientProfile(supplements=["memberwort"], **fields)
    return msrisk.assess(profile, ruleset=ruleset).unrecognised


# --- Recognised ---


@pytest.mark.parametrize(
    ("text", "concept", "settles"),
    [
        ("hill-fever", "hill-fever", True),
        (" hill-fever ", "hill-fever", True),
        ("Hill  Fever", "hill-fever", True),
        ("sea voyage", "voyage", True),
        ("nettle", "nettle", True),
        ("humming", "humming", True),
        ("calming-medicine", "calming-medicine", False),
        ("sleep medicine", "sleep-medicine", False),
        ("Calmoral", "calmol", False),
        ("memberwort", "memberwort", False),
        ("pondsalt", "pondsalt", False),
        ("kinwort", "kinwort", True),
    ],
)
def test_a_name_or_id_is_recognised_and_only_some_settle_anything(
    text: str, concept: str, settles: bool
) -> None:
    (denied,) = recognise_denied([text], RULES)
    assert (denied.text, denied.concept, denied.settles) == (text, concept, settles)
    assert may_be_denied(text, RULES)


@pytest.mark.parametrize(
    ("text", "concept", "settles"),
    [
        ("pregnant", "pregnancy", True),
        ("milk", "milk-protein", True),
        # What is shown by a name goes before what else is called so.
        ("milk protein", "milk-protein", True),
        ("thyroid medication", "thyroid-medication", False),
        # Every drug is in a group of allergens besides.
        ("Synthroid", "levothyroxine", False),
        ("alpha lipoic acid", "alpha-lipoic-acid", True),
    ],
)
def test_names_of_the_shipped_rules_are_recognised(text: str, concept: str, settles: bool) -> None:
    (denied,) = recognise_denied([text], RuleSet.default())
    assert (denied.concept, denied.settles) == (concept, settles)


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("glimmering", NOT_KNOWN),
        ("no hill fever", NOT_KNOWN),
        ("hill fever since 2010", NOT_KNOWN),
        ("mother had hill fever", NOT_KNOWN),
        ("none", NOT_KNOWN),
        ("?", NOT_KNOWN),
        # One of two things, one thing or another that is not said, one of two products.
        ("the hills", SEVERAL),
        ("skin trouble", SEVERAL),
        ("MR", SEVERAL),
    ],
)
def test_a_name_that_is_not_certain_is_an_error_that_never_shows_it(text: str, got: str) -> None:
    with pytest.raises(ProfileError) as refusal:
        unclear(denied=["nettle", text])
    (problem,) = refusal.value.problems
    assert (problem.where, problem.expected, problem.got) == ("denied[1]", EXPECTED, got)
    assert text not in str(refusal.value).replace("a name", "") or text == "none"
    assert isinstance(refusal.value, MsriskError)
    assert not may_be_denied(text, RULES)


def test_two_things_that_are_shown_by_one_name_need_an_id() -> None:
    words = RULES.vocabulary
    twin = evolve(words.concepts[0], id="twin", kind=ConceptKind.CONDITION, name="hill fever")
    ruleset = evolve(RULES, vocabulary=evolve(words, concepts=(*words.concepts, twin)))
    assert not may_be_denied("hill fever", ruleset)
    assert may_be_denied("hill-fever", ruleset)
    assert may_be_denied("twin", ruleset)


def test_all_names_that_cannot_be_denied_are_told_at_once() -> None:
    with pytest.raises(ProfileError) as refusal:
        unclear(denied=["glimmering", "nettle", "the hills"])
    assert [one.where for one in refusal.value.problems] == ["denied[0]", "denied[2]"]


# --- In the report ---


def test_the_report_holds_each_answer_once_and_in_the_order_of_the_ids() -> None:
    profile = msrisk.PatientProfile(denied=["nettle", "calming medicine", "nettle", "Hill Fever"])
    report = msrisk.assess(profile, ruleset=RULES)
    assert report.denied == (
        Denied("calming medicine", "calming-medicine", "calming medicine", settles=False),
        Denied("Hill Fever", "hill-fever", "hill fever", settles=True),
        Denied("nettle", "nettle", "nettle", settles=True),
    )
    document: Any = report.to_dict()
    assert document["denied"][1] == {
        "text": "Hill Fever",
        "concept": "hill-fever",
        "name": "hill fever",
        "settles": True,
    }
    assert "Asked by name and denied: “Hill Fever” (taken as hill fever) and “nettle”." in str(
        report
    )


def test_what_was_denied_by_name_is_not_asked_next() -> None:
    fields: dict[str, Any] = {
        "medications": msrisk.NONE_REPORTED,
        "allergies": msrisk.NONE_REPORTED,
        "supplements": ["memberwort"],
    }
    for denied, asked in ((None, "symptoms"), (["humming"], "conditions")):
        profile = msrisk.PatientProfile(**fields, denied=denied)
        question = msrisk.assess(profile, ruleset=RULES).next_question
        assert question is not None
        assert question.field == asked
    profile = msrisk.PatientProfile(**fields, denied=["humming", "fever", "nettle"])
    assert msrisk.assess(profile, ruleset=RULES).next_question is None


# --- Contradicted ---


def test_an_entry_that_is_clear_and_was_denied_is_ambiguous_and_says_why() -> None:
    (one,) = unclear(conditions=["high hill fever"], denied=["hill fever", "fever", "nettle"])
    assert (one.field, one.text, one.status) == ("conditions", "high hill fever", "ambiguous")
    assert one.reason == "the answer to the question about fever and hill fever was no"
    assert one.question == (
        "“high hill fever” was told, but the answer to the question about fever and hill fever was "
        "no. Which is right?"
    )


def test_an_entry_that_is_unclear_and_may_be_what_was_denied_says_both() -> None:
    (one,) = unclear(conditions=["the hills"], denied=["hill fever"])
    assert one.status == "ambiguous"
    assert one.reason == (
        "a fever and a cough are called so; the answer to the question about hill fever was no"
    )
    assert one.question == "What exactly is meant by “the hills”?"


def test_a_code_that_was_denied_is_asked_about_by_the_code() -> None:
    code = msrisk.Entry(codes=[msrisk.Code(ICD, "X10.1")])
    (one,) = unclear(conditions=[code], denied=["fever"])
    assert one.code == msrisk.Code(ICD, "X10.1")
    assert one.question == (
        "The code X10.1 was told, but the answer to the question about fever was no. "
        "Which is right?"
    )


def test_a_doubt_of_another_kind_stands_beside_the_denial() -> None:
    (one,) = unclear(conditions=["humming"], denied=["humming"])
    assert one.reason.endswith("; the answer to the question about humming was no")
    assert one.question.startswith(
        "“humming” was told, but the answer to the question about humming was no. Which is right? "
        "“humming”: "
    )


def test_an_allergy_that_may_be_told_contradicts_and_one_that_is_left_open_does_not() -> None:
    (one,) = unclear(allergies=["not allergic to nettle"], denied=["nettle"])
    assert one.reason.endswith("; the answer to the question about nettle was no")
    (other,) = unclear(allergies=["no known drug allergies"], denied=["nettle"])
    assert "the question about" not in other.reason


def test_a_substance_that_is_taken_contradicts_no_denial_of_an_allergy_to_it() -> None:
    profile = msrisk.PatientProfile(supplements=["kinwort"], denied=["kinwort"])
    assert msrisk.assess(profile, ruleset=RULES).unrecognised == ()
    allergic = msrisk.PatientProfile(
        supplements=["kinwort"], allergies=["kinwort"], denied=["kinwort"]
    )
    (one,) = msrisk.assess(allergic, ruleset=RULES).unrecognised
    assert one.field == "allergies"
