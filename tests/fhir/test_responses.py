"""What is answered on the form is read as it was meant, and what is not answered is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from attrs import evolve

import msrisk
from msrisk.documents.intake import profile_to_document
from msrisk.errors import FhirError
from msrisk.fhir import profile_from_response, questionnaire
from msrisk.fhir.systems import Json
from msrisk.model.profile import NONE_REPORTED, Entries, Entry, Supplement
from tests.fhir.filling import answered, items_of, link, option, response

Short = Mapping[str, str | float | Sequence[str | float]]

CONDITIONS = (
    "pregnancy",
    "breast-feeding",
    "planned-operation",
    "kidney-disease",
    "cancer",
    "cancer-treatment",
    "bleeding-disorder",
    "alcohol-dependence",
    "thiamine-deficiency",
)
NO_CONDITION = {f"named/{name}": "no" for name in CONDITIONS}


def told(answers: Short, *products: Short) -> dict[str, object]:
    """Return what is told by these answers, as the keys of an intake document that say it."""
    filled = response(answered(answers), [answered(one) for one in products])
    document = profile_to_document(profile_from_response(filled))
    return {key: value for key, value in document.items() if value is not None and key != "schema"}


def problems(filled: object) -> dict[str, str]:
    """Return what is wrong with a response, by where."""
    with pytest.raises(FhirError) as error:
        profile_from_response(filled)
    return {one.where: f"{one.expected}; {one.got}" for one in error.value.problems}


def test_a_form_without_an_answer_tells_nothing() -> None:
    assert told({}) == {}
    assert profile_from_response({"resourceType": "QuestionnaireResponse"}).denied is None


def test_a_no_by_name_denies_and_a_yes_tells() -> None:
    assert told({"named/milk-protein": "no", "named/hives": "yes", "named/cancer": "unknown"}) == {
        "denied": ["milk-protein"],
        "symptoms": {"entries": ["hives"], "complete": False},
    }


def test_a_list_is_complete_only_if_somebody_says_so() -> None:
    names = {"medications/names": ["Prograf", "baclofen"]}
    entries = {"entries": ["Prograf", "baclofen"], "complete": False}
    assert told(names) == {"medications": entries}
    for word in ("no", "unknown"):
        assert told({**names, "medications/complete": word}) == {"medications": entries}
    whole = told({**names, "medications/complete": "yes"})
    assert whole == {"medications": ["Prograf", "baclofen"]}


def test_none_is_none_and_nothing_else_is() -> None:
    assert told({"medications/names": "none"}) == {"medications": "none"}
    assert told({"medications/complete": "yes"}) == {}


@pytest.mark.parametrize("alone", ["none", "unknown"])
def test_none_or_not_known_beside_a_name_is_a_list_that_may_not_be_complete(alone: str) -> None:
    names = {"medications/names": [alone, "Prograf"], "medications/complete": "yes"}
    assert told(names) == {"medications": {"entries": ["Prograf"], "complete": False}}


def test_a_none_that_is_not_all_is_not_known() -> None:
    for word in ("no", "unknown"):
        names = {"medications/names": "none", "medications/complete": word}
        assert told(names) == {"medications": "unknown"}
    both = {"medications/names": ["none", "unknown"], "medications/complete": "yes"}
    assert told(both) == {"medications": "unknown"}
    assert told({"medications/names": "unknown"}) == {"medications": "unknown"}


def test_a_list_is_not_complete_while_something_asked_by_name_is_not_answered() -> None:
    without = {key: no for key, no in NO_CONDITION.items() if key != "named/pregnancy"}
    names = {"conditions/names": "none"}
    whole = told({**NO_CONDITION, **names})
    assert whole["conditions"] == "none"
    assert told({**without, **names})["conditions"] == "unknown"
    unknown = told({**without, **names, "named/pregnancy": "unknown"})
    assert unknown["conditions"] == "unknown"
    some = told({**without, "conditions/names": "asthma", "conditions/complete": "yes"})
    assert some["conditions"] == {"entries": ["asthma"], "complete": False}
    yes = told({**NO_CONDITION, **names, "named/pregnancy": "yes"})
    assert yes["conditions"] == ["pregnancy"]


def test_supplements_are_told_one_by_one_with_what_is_known_of_them() -> None:
    profile = profile_from_response(
        response(
            answered({"supplements/any": "yes", "supplements/complete": "yes"}),
            [
                {
                    "supplements/product/name": [option("alpha-lipoic-acid")],
                    **answered(
                        {
                            "supplements/product/taking": "yes",
                            "supplements/product/dose_mg": 600,
                            "supplements/product/times_per_day": [2, 1],
                        }
                    ),
                },
                {},
                answered(
                    {
                        "supplements/product/name": "NAC",
                        "supplements/product/taking": "no",
                        "supplements/product/daily_dose_mg": 1200,
                    }
                ),
            ],
        )
    )
    assert profile.supplements == Entries(
        (
            Supplement("alpha lipoic acid", dose_mg=600, times_per_day=(1, 2), taking=True),
            Supplement("NAC", daily_dose_mg=1200, taking=False),
        ),
        complete=True,
    )


def test_no_supplement_beside_one_is_a_list_that_may_not_be_complete() -> None:
    assert told({"supplements/any": "no"}) == {"supplements": "none"}
    assert told({"supplements/any": "unknown"}) == {"supplements": "unknown"}
    assert told({"supplements/any": "yes"}) == {}
    one = {"supplements/product/name": "NAC", "supplements/product/taking": "unknown"}
    for word in ("no", "unknown"):
        answers = {"supplements/any": word, "supplements/complete": "yes"}
        assert told(answers, one) == {"supplements": {"entries": ["NAC"], "complete": False}}


def test_a_number_is_a_number_a_range_or_not_known() -> None:
    assert told({"age_years/number": 66, "weight_kg/number": [70, 65.5]}) == {
        "age_years": 66,
        "weight_kg": [65.5, 70],
    }
    assert told({"age_years/unknown": "unknown"}) == {"age_years": "unknown"}
    assert told({"age_years/unknown": "unknown", "age_years/number": 66}) == {"age_years": 66}


def test_a_yes_no_question_is_answered_or_not_known() -> None:
    assert told({"ms_symptoms_severe": "yes", "replacing_ms_treatment": "no"}) == {
        "ms_symptoms_severe": True,
        "replacing_ms_treatment": False,
    }
    assert told({"ms_symptoms_severe": "unknown"}) == {"ms_symptoms_severe": "unknown"}


def test_a_code_of_another_system_is_an_entry_with_a_code() -> None:
    atc = {"system": "http://www.whocc.no/atc", "code": "L04AD02"}
    named: Json = {"valueCoding": {**atc, "display": "tacrolimus"}}
    bare: Json = {"valueCoding": atc}
    profile = profile_from_response(
        response(
            {"medications/names": [named, bare]},
            [{"supplements/product/name": [named]}],
        )
    )
    code = msrisk.Code(**atc)
    assert profile.medications == Entries((Entry("tacrolimus", [code]), Entry(None, [code])))
    assert profile.supplements == Entries((Supplement("tacrolimus", codes=[code]),))


def test_what_programs_add_is_no_answer() -> None:
    filled = response(answered({"named/hives": "no"}))
    items = items_of(filled)
    items.append({"linkId": link("about"), "text": "shown"})
    symptoms = items_of(items[0])
    symptoms.append({"linkId": link("named/hives/why"), "text": "shown"})
    symptoms[0]["text"] = "other words"
    filled["questionnaire"] = "urn:another"
    filled["authored"] = "2026-11-28"
    assert profile_from_response(filled).denied == ("hives",)


def test_of_all_that_is_wrong_each_thing_is_named_by_its_link_id() -> None:
    other: Json = {"valueCoding": {"system": "urn:msrisk:answer", "code": "some"}}
    filled = response(
        {
            "named/hives": [{"valueBoolean": False}],
            "named/cancer": [option("yes"), option("no")],
            "named/pregnancy": [{}],
            "named/breast-feeding": [option("none")],
            "named/kidney-disease": [{"valueCoding": "Y"}],
            "conditions/names": [other],
            "medications/names": [{"valueCoding": {"display": "Prograf"}}],
            "allergies/names": [{"valueString": " "}],
            "symptoms/names": [{"valueString": 3}],
            "age_years/number": [{"valueDecimal": 200}],
            "weight_kg/number": [{"valueDecimal": True}],
            "ms_symptoms_severe": [{**option("yes"), "valueString": "yes"}],
        },
        [
            {"supplements/product/dose_mg": [{"valueDecimal": 600}]},
            {"supplements/product/times_per_day": [{"valueDecimal": float("nan")}]},
            {"supplements/product/daily_dose_mg": [{"valueDecimal": n} for n in (1, 2, 3)]},
        ],
    )
    found = problems(filled)
    assert found == {
        link("named/hives"): "a valueCoding; another type of value, or none",
        link("named/cancer"): "at most 1 answer; 2",
        link("named/pregnancy"): "a valueCoding; another type of value, or none",
        link("named/breast-feeding"): "the system and code of an answer on the form; another",
        link("named/kidney-disease"): "the system and code of an answer on the form; another",
        link("medications/names"): "an answer on the form, or a system and a code; another",
        link("conditions/names"): "the system and code of an answer on the form; another",
        link("allergies/names.text"): "some words; blank text",
        link("symptoms/names.text"): "text; a number",
        link("age_years/number"): "a number of years from 0 to 130; a number outside these bounds",
        link("weight_kg/number"): "a number of kilograms from 0.2 to 700; true or false",
        link("ms_symptoms_severe"): "a valueCoding; another type of value, or none",
        link("supplements/product/name"): (
            "the name in words of the supplement that more is told of; "
        ),
        link("supplements/product/times_per_day"): (
            "a number of times from 0.01 to 48; a number outside these bounds"
        ),
        link("supplements/product/daily_dose_mg"): "at most 2 answers; 3",
    }


def test_a_product_told_by_a_code_alone_wants_its_name() -> None:
    atc = {"system": "http://www.whocc.no/atc", "code": "L04AD02"}
    filled = response({}, [{"supplements/product/name": [{"valueCoding": atc}]}])
    assert list(problems(filled)) == [link("supplements/product/name")]


def item(link_id: object, **parts: object) -> Json:
    """Return an item of a response."""
    return {"linkId": link_id, **parts}


def with_items(*items: object, **parts: object) -> Json:
    """Return a response with these items."""
    return {"resourceType": "QuestionnaireResponse", "item": list(items), **parts}


def in_symptoms(*items: object) -> Json:
    """Return a response with these items among the symptoms."""
    return with_items(item(link("symptoms"), item=list(items)))


HIVES = "named/hives"
BAD: list[tuple[str, Callable[[], object], str]] = [
    ("no table", lambda: ["a"], "response: a table; a list"),
    ("no response", questionnaire, "resourceType: QuestionnaireResponse; another resource"),
    ("nothing in it", dict, "resourceType: QuestionnaireResponse; another resource"),
    ("in error", lambda: with_items(status="entered-in-error"), "status: one of in-progress"),
    ("no list", lambda: {**with_items(), "item": {}}, "item: a list; a table"),
    ("no item", lambda: with_items(3), "item[0]: a table; a number"),
    ("no link", lambda: with_items({}), "item[0].linkId: a linkId that version"),
    ("a link of others", lambda: with_items(item("<b>")), "item[0].linkId: a linkId that version"),
    ("a link of no text", lambda: with_items(item(3)), "item[0].linkId: a linkId that version"),
    ("a link that is not there", lambda: with_items(item(link("foo"))), "{foo}: a linkId that"),
    ("a link elsewhere", lambda: with_items(item(link(HIVES))), "{named/hives}: a linkId that"),
    (
        "an answer to what is only shown",
        lambda: with_items(item(link("about"), answer=[option("no")])),
        "{about}: a linkId that version",
    ),
    (
        "an answer in a group",
        lambda: with_items(item(link("symptoms"), answer=[option("no")])),
        "{symptoms}: a group of items, which has no answer; an answer",
    ),
    (
        "an item in an answer",
        lambda: in_symptoms(item(link(HIVES), answer=[{**option("no"), "item": [item("a")]}])),
        "{named/hives}[0].linkId: a linkId that version",
    ),
    (
        "twice",
        lambda: in_symptoms(item(link(HIVES)), item(link(HIVES))),
        "{named/hives}: each question once; it more than once",
    ),
    (
        "no list of answers",
        lambda: in_symptoms(item(link(HIVES), answer={})),
        "{named/hives}: a list; a table",
    ),
    (
        "no answer in a list",
        lambda: in_symptoms(item(link(HIVES), answer=["Y"])),
        "{named/hives}: a table; text",
    ),
    (
        "modified",
        lambda: with_items(modifierExtension=[{"url": "urn:not"}]),
        "response: no modifierExtension, which could turn an answer around; one",
    ),
    (
        "rules of others",
        lambda: with_items(implicitRules="urn:x"),
        "implicitRules: no implicitRules, which could turn the answers around; some",
    ),
    (
        "modified answer",
        lambda: in_symptoms(item(link(HIVES), answer=[{**option("no"), "modifierExtension": []}])),
        "{named/hives}: no modifierExtension",
    ),
]


@pytest.mark.parametrize(("make", "expected"), [one[1:] for one in BAD], ids=[b[0] for b in BAD])
def test_a_bad_response_is_refused_with_what_was_expected_where(
    make: Callable[[], object], expected: str
) -> None:
    with pytest.raises(FhirError) as error:
        profile_from_response(make())
    place, _, rest = expected.partition("}")
    whole = expected if not rest else f"{link(place.removeprefix('{'))}{rest}"
    said = "\n".join(f"{one.where}: {one.expected}; {one.got}" for one in error.value.problems)
    assert any(line.startswith(whole) for line in said.splitlines()), said


def test_of_another_version_one_link_is_named_and_the_version_that_is_read() -> None:
    mine = questionnaire()["version"]
    found = problems(
        with_items(
            item("msrisk-1.00000000:named/hives"),
            item("msrisk-1.00000000:named/pregnancy"),
            item("msrisk-1.ffffffff:age_years"),
        )
    )
    assert found == {
        "msrisk-1.00000000:named/hives": f"version {mine} of the form; version 1.00000000",
        "msrisk-1.ffffffff:age_years": f"version {mine} of the form; version 1.ffffffff",
    }


def test_no_message_repeats_what_was_answered() -> None:
    typed = "Zaphod"
    coding: Any = {"system": "urn:msrisk:answer", "code": typed, "display": typed}
    filled = response(
        {
            "medications/names": [{"valueCoding": coding}, {"valueString": f"{typed}\x07"}],
            "age_years/number": [{"valueString": typed}],
        }
    )
    items_of(filled).append({"linkId": typed, "text": typed})
    with pytest.raises(FhirError) as error:
        profile_from_response(filled)
    assert len(error.value.problems) == 4
    assert typed not in str(error.value)


def test_a_response_is_read_by_the_form_of_its_rules(ruleset: msrisk.RuleSet) -> None:
    less = evolve(ruleset, rules=tuple(r for r in ruleset.rules if r.id != "silence-pregnancy"))
    filled = response(answered({"named/hives": "no"}), ruleset=less)
    assert profile_from_response(filled, ruleset=less).denied == ("hives",)
    with pytest.raises(FhirError):
        profile_from_response(filled)


def test_the_report_is_that_of_the_intake_document_with_the_same_answers() -> None:
    filled = response(
        answered(
            {
                **NO_CONDITION,
                "named/hives": "yes",
                "supplements/any": "yes",
                "supplements/complete": "yes",
                "medications/names": ["Prograf", "Synthroid 50 mcg"],
                "medications/complete": "yes",
                "conditions/names": "type 2 diabetes",
                "age_years/number": [66, 67],
            }
        ),
        [answered({"supplements/product/name": "ALA", "supplements/product/dose_mg": 600})],
    )
    document = {
        "supplements": [{"name": "ALA", "dose_mg": 600}],
        "medications": ["Prograf", "Synthroid 50 mcg"],
        "conditions": {"entries": ["type 2 diabetes"], "complete": False},
        "symptoms": {"entries": ["hives"], "complete": False},
        "age_years": [66, 67],
        "denied": list(CONDITIONS),
    }
    mine = msrisk.assess(profile_from_response(filled)).to_dict()
    assert mine == msrisk.assess(msrisk.PatientProfile.from_dict(document)).to_dict()


def test_none_reported_reads_as_none() -> None:
    filled = response(answered({"medications/names": "none"}))
    assert profile_from_response(filled).medications is NONE_REPORTED
