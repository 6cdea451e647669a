"""The checks that read reports by rule find each kind of mistake, and none where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import msrisk

from .problems import (
    cut_short,
    lost,
    plain,
    said_twice,
    too_long,
    unheld,
    untitled,
    without_caveat,
)

ARTICLE = {"key": "A", "id": "article", "title": "An unsigned article", "short": "the article"}
LETTER = {"key": "B", "id": "letter", "title": "A letter", "short": "the letter"}


def cited(source: str, *passages: int, whole: bool = False) -> list[dict[str, Any]]:
    return [
        {"source": source, "where": "Risks, sentence 5", "passages": [*passages], "whole": whole}
    ]


SCOPE = {
    "rule": "scope",
    "kind": "scope",
    "title": "what was read",
    "effect": "",
    "message": "Only two texts were read.",
    "action": "Ask a doctor.",
    "citations": cited("article", whole=True),
}
FINDING = {
    "rule": "graft-medicine",
    "level": "contraindicated",
    "title": "medicines after a transplant",
    "message": "You take a medicine for a graft. Such people cannot take it.",
    "action": "Leave it alone. Keep taking your Prograf.",
    "effect": "It is ruled out.",
    "basis_in_words": "The source says so.",
    "because": [
        {"field": "medications", "text": "Prograf … 1 mg", "code": None, "value": None},
        {"field": "medications", "text": None, "code": {"code": "L04AD02"}, "value": None},
        {"field": "age_years", "text": None, "code": None, "value": [66, 67]},
        {"field": "ms_symptoms_severe", "text": None, "code": None, "value": True},
    ],
    "citations": cited("letter", 16, 18, 19),
}
QUESTION = {
    "rule": "milk-allergy",
    "level": "caution",
    "title": "people with a milk allergy",
    "question": "Are you allergic to milk?",
    "fields": ["allergies"],
    "citations": cited("letter", 3),
}
CLAIM = {
    "claim": "no-risk",
    "message": "The letter says that there is no risk.",
    "disputed_by": ["graft-medicine", "milk-allergy"],
    "qualified_by": ["elsewhere"],
    "other_side": [
        {"rule": "elsewhere", "title": "people with diabetes", "citations": cited("article", 61)}
    ],
    "citations": cited("letter", 15),
}
DOCUMENT: dict[str, Any] = {
    "ruleset": {"version": "2026.9"},
    "headline": "CONTRAINDICATED so far",
    "caveats": [SCOPE],
    "assessments": [
        {
            "name": "whey",
            "taking": None,
            "findings": [FINDING],
            "open_questions": [QUESTION],
            "caveats": [SCOPE],
            "claims": [CLAIM],
            "silences": [],
        }
    ],
    "unrecognised": [
        {
            "field": "medications",
            "text": "foozumab",
            "code": None,
            "reason": "no known name",
            "question": "What is your “foozumab”?",
            "suggestions": ["fozumab"],
        }
    ],
    "next_question": {
        "field": "allergies",
        "question": "What are you allergic to?",
        "why": "first",
    },
    "not_looked_at": [{"field": "medications", "text": "omeprazole", "code": None}],
    "sources": [ARTICLE, LETTER],
}
SAID = """\
WHEY: DO NOT TAKE THE SUPPLEMENT. Only two texts were read.
(An unsigned article, whole)
 1 Medicines after a transplant: You take a medicine for a
   graft. Such people cannot take it. Leave it alone. Keep taking your
   Prograf. [B16, 18-19]
   Because of Prograf … 1 mg, L04AD02, age 66 to 67. The source says so.
 ? Are you allergic to milk? [B3] ? What are you allergic to?
 ? What is your “foozumab”? (no known name; did you mean fozumab?)
Not looked at: omeprazole. Ask a doctor.
The letter says that there is no risk. [B15] x medicines after a transplant
~ people with diabetes [A61]. Rules 2026.9
"""


def test_a_report_without_mistakes_has_no_problems() -> None:
    for check in (unheld, said_twice, lost, cut_short, without_caveat):
        assert check(SAID, DOCUMENT) == []
    assert untitled(DOCUMENT) == []
    assert too_long(SAID, DOCUMENT) == []


@pytest.mark.parametrize(
    "more",
    [
        "Limited by: “You have diabetes.”",
        "You take a medicine for a graft of another kind",
        "YOUR LIVER IS ILL",
        "[ ] I take insulin",
        "before you take it with alcohol",
        "whey and you",
        "You already take it.",
    ],
)
def test_words_to_the_patient_that_the_report_does_not_hold_are_found(more: str) -> None:
    expected = 0 if more == "whey and you" else 1
    assert len(unheld(SAID + more, DOCUMENT)) == expected


def test_the_verdict_may_say_that_it_is_taken_where_it_is() -> None:
    taken = {**DOCUMENT, "assessments": [{**DOCUMENT["assessments"][0], "taking": True}]}
    assert unheld(f"{SAID}You already take it.", taken) == []


def test_the_question_for_a_field_is_held_where_the_report_asks_it() -> None:
    asked = {**DOCUMENT, "to_ask": [{"question": "Which allergies do you have?", "short": ""}]}
    assert unheld(f"{SAID}Which allergies do you have?", asked) == []
    assert len(unheld(f"{SAID}What do you weigh?", asked)) == 1


def test_a_title_that_is_missing_or_speaks_to_the_patient_is_found() -> None:
    for title in ("", "you and milk"):
        question = {**QUESTION, "title": title}
        of = {**DOCUMENT["assessments"][0], "open_questions": [question]}
        assert len(untitled({**DOCUMENT, "assessments": [of]})) == 1


def test_a_message_that_is_said_again_is_found_except_on_the_first_screen() -> None:
    again = f"{SAID}{FINDING['message']}"
    assert said_twice(again, DOCUMENT) == ["graft-medicine is said 2 times"]
    assert said_twice(again, DOCUMENT, SAID) == []


def left_out() -> Iterator[str]:
    yield from ("~ people with diabetes", "2026.9", "omeprazole")
    yield from ("Such people cannot", "Leave it alone", "The source says so", "allergic to milk?")
    yield from ("Prograf … 1 mg", "L04AD02", "66 to", "to 67", "“foozumab”", "fozumab?")
    yield from ("no known name", "What are you", "no risk.", "B16", "18-19", "B15", "A61", "whole")


@pytest.mark.parametrize("part", [*left_out()])
def test_whatever_is_left_out_is_found(part: str) -> None:
    joined = " ".join(SAID.split())
    assert part in joined
    assert lost(joined.replace(part, ""), DOCUMENT) != []


def test_a_source_may_be_told_in_words() -> None:
    told = SAID.replace("[B16, 18-19]", "(Risks, sentence 5)")
    assert lost(told, DOCUMENT) == []


def test_an_ellipsis_of_msrisk_is_found_and_one_that_was_typed_is_not() -> None:
    for more in ("The letter says …", "and so on..."):
        assert len(cut_short(SAID + more, DOCUMENT)) == 1


def test_words_without_a_caveat_or_without_its_source_are_found() -> None:
    assert without_caveat("Only two texts were read.", DOCUMENT) == ["names no source"]
    assert without_caveat("The letter says so.", DOCUMENT) == ["holds no caveat"]


def test_a_first_screen_that_is_too_long_too_wide_or_leaves_out_the_worst_is_found() -> None:
    mild = {**DOCUMENT, "assessments": [{**DOCUMENT["assessments"][0], "findings": []}]}
    lines = "line\n" * 26
    assert too_long(lines, mild) == ["has 26 lines"]
    assert too_long(lines, DOCUMENT) == ["does not name graft-medicine, which is contraindicated"]
    assert too_long(f"{lines}It is ruled out.", DOCUMENT) == []
    assert len(too_long("x" * 81, mild)) == 1


@pytest.mark.parametrize(
    ("said", "format_"),
    [
        ("Take  no more.\n", "text"),
        ("- **Take** no\\\n  more\\.", "markdown"),
        ("<style>x</style><p><b>Take</b> no</p>more<i>.</i>", "html"),
        ('{"a": ["Take no more."], "b": null, "c": true}', "json"),
    ],
)
def test_the_marks_of_a_format_are_no_words(said: str, format_: str) -> None:
    assert " ".join(plain(said, format_).replace("\\", "").split()) == "Take no more."


def test_the_shipped_rules_make_documents_that_these_checks_can_read() -> None:
    profile = msrisk.PatientProfile(
        supplements=["alpha lipoic acid"], medications=["metformin", "foozumab"], age_years=70
    )
    document = msrisk.assess(profile).to_dict()
    assert lost("", document)
    assert without_caveat("", document) == ["holds no caveat", "names no source"]
