"""What is offered for an entry that was not understood: words that are, and lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import msrisk
from msrisk.asking import Form, Kind, Question, open_questions
from msrisk.documents import profile_from_document
from msrisk.model.rules import RuleSet
from tests.properties.test_asking import forms

FIELDS = {"supplement": "supplements", "medication": "medications", "condition": "conditions"}


def offered(kind: str, text: str, ruleset: RuleSet) -> tuple[str, ...]:
    form = Form(profile_from_document({FIELDS[kind]: [text]}))
    which = [one for one in open_questions(form, ruleset) if one.kind is Kind.WHICH]
    return which[0].suggestions


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            "supplement",
            "Ala 600 mg once a day",
            ["alpha lipoic acid", "alpha-linolenic acid", "aminolevulinic acid"],
        ),
        ("supplement", "lipoic 600 mg once a day", ["alpha lipoic acid"]),
        ("supplement", "lipoik 600 mg once a day", ["alpha lipoic acid"]),
        ("supplement", "lipoik  Acd 600 mg once a day", ["alpha lipoic acid"]),
    ],
)
def test_a_name_stands_in_place_of_what_was_not_understood_and_the_dose_stays(
    kind: str, text: str, expected: list[str], ruleset: RuleSet
) -> None:
    assert offered(kind, text, ruleset) == tuple(f"{one} 600 mg once a day" for one in expected)


def test_what_is_known_of_an_entry_is_not_lost_by_a_name_that_is_chosen(ruleset: RuleSet) -> None:
    both = offered("medication", "levothyroxinn 50 mcg and metformin", ruleset)
    assert both == ("levothyroxine 50 mcg and metformin",)
    assert offered("supplement", "glutathion precursr", ruleset) == ("glutathione precursor",)
    assert offered("medication", "ALA and metformin", ruleset) == ()
    assert offered("condition", "sugar", ruleset) == ()


def test_what_is_said_to_be_over_or_doubtful_can_be_taken_up(ruleset: RuleSet) -> None:
    for text in ("alpha lipoic acid, stopped yesterday", "alpha lipoic acid?"):
        assert offered("supplement", text, ruleset) == ("alpha lipoic acid",)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("supplement", "foopowder"),
        ("medication", "cortisone cream?"),  # nine of them
    ],
)
def test_what_has_no_few_meanings_is_to_be_said_in_other_words(
    kind: str, text: str, ruleset: RuleSet
) -> None:
    assert offered(kind, text, ruleset) == ()


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 4)
@given(forms(), st.data())
def test_whatever_is_offered_is_understood_once_it_is_chosen(
    case: tuple[RuleSet, Form], data: st.DataObject
) -> None:
    ruleset, form = case
    which = [one for one in open_questions(form, ruleset) if one.suggestions]
    if not which or form.profile.denied:  # what was denied is to be cleared up, whatever it is
        return
    question: Question = data.draw(st.sampled_from(which))
    chosen = data.draw(st.sampled_from(question.suggestions))
    report = msrisk.assess(form.answered(question, chosen).profile, ruleset=ruleset)
    assert (question.field, chosen) not in {(one.field, one.text) for one in report.unrecognised}
