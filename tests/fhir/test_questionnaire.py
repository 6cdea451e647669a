"""The form asks what the rules need, by name where they ask by name, and says why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from fhir.resources.R4B.questionnaire import Questionnaire

import msrisk
from msrisk.asking.by_name import is_asked_by_name, named
from msrisk.fhir import questionnaire
from msrisk.fhir.form import YES, form_of
from msrisk.fhir.systems import Json
from msrisk.model.conditions import walk
from msrisk.model.profile import LIST_FIELDS, Entry
from msrisk.model.results import Level
from msrisk.recognition import recognise_entry
from msrisk.recognition.profile import KINDS
from tests.fhir.filling import items_of, link

EXTENSION = "http://hl7.org/fhir/StructureDefinition/"


def items(form: Json) -> Iterator[Json]:
    """Yield every item of a form, outermost first."""
    for item in items_of(form):
        yield item
        yield from items(item)


def item(name: str, form: Json) -> Json:
    """Return the item of a link."""
    return next(one for one in items(form) if one["linkId"] == f"msrisk-{form['version']}:{name}")


def questions(form: Json) -> list[Json]:
    """Return the items that can be answered."""
    return [one for one in items(form) if one["type"] not in ("group", "display")]


@pytest.fixture
def form() -> Json:
    """Return the form of the shipped rules."""
    return questionnaire()


def test_a_form_is_json_and_the_same_each_time(form: Json) -> None:
    again = questionnaire(ruleset=msrisk.RuleSet.default())
    assert json.dumps(again) == json.dumps(form)


def test_the_models_of_others_take_the_form(form: Json) -> None:
    read: Any = Questionnaire.model_validate(form)
    assert len(read.item) == len(items_of(form))


def test_every_link_id_comes_once(form: Json) -> None:
    links = [one["linkId"] for one in items(form)]
    assert len(set(links)) == len(links) > 40


def test_what_a_contraindication_an_emergency_or_a_silence_tests_is_asked_by_name(
    form: Json, ruleset: msrisk.RuleSet
) -> None:
    asked = {
        named(test, ruleset).concept
        for rule in ruleset.rules
        for test in (walk(rule.when) if rule.when else ())
        if is_asked_by_name(test, rule)
    }
    assert {"pregnancy", "milk-protein", "hives", "difficulty-breathing"} <= asked
    for concept in asked:
        assert item(f"named/{concept}", form)["type"] == "choice"


def test_nothing_is_asked_that_no_rule_needs(ruleset: msrisk.RuleSet) -> None:
    only = [one for one in ruleset.rules if one.id in ("ala-liver-disease", "scope-two-texts")]
    links = [one.link for one in form_of(evolve(ruleset, rules=tuple(only))).questions()]
    assert links == [
        "supplements/any",
        "supplements/product/name",
        "supplements/complete",
        "conditions/names",
        "conditions/complete",
    ]


def test_an_emergency_comes_first_and_says_what_to_do(form: Json) -> None:
    about, first, *_ = items_of(form)
    assert about["type"] == "display"
    assert {str(one["text"]).partition("? ")[2] for one in items_of(first)} == {
        "If yes, call the emergency number (112, 911, 999) now; do not finish this form."
    }


def test_every_question_says_why_it_is_asked_and_who_says_so(form: Json) -> None:
    for one in questions(form):
        help_ = items_of(one)[0]
        assert help_["type"] == "display"
        assert str(help_["linkId"]) == f"{one['linkId']}/why"
        assert help_["text"]
    milk = str(items_of(item("named/milk-protein", form))[0]["text"])
    assert milk == (
        "The answer could bring CONTRAINDICATED (milk allergy). "
        "Source: letter from a colleague of the quoted author."
    )
    pregnancy = str(items_of(item("named/pregnancy", form))[0]["text"])
    assert "The sources are silent on this, which has to be said: pregnancy." in pregnancy


def test_yes_and_no_always_come_with_an_answer_for_who_does_not_know(form: Json) -> None:
    assert not [one for one in items(form) if one["type"] == "boolean"]
    for one in questions(form):
        if one["type"] == "choice" and not str(one["linkId"]).endswith("/unknown"):
            options = one["answerOption"]
            assert isinstance(options, list)
            assert [option["valueCoding"]["code"] for option in options] == [
                "Y",
                "N",
                "asked-unknown",
            ]


def test_none_and_not_known_exclude_the_names_of_a_list(form: Json) -> None:
    options = item("conditions/names", form)["answerOption"]
    assert isinstance(options, list)
    alone = {
        option["valueCoding"]["display"]: option.get("extension", [{}])[0].get("url")
        for option in options
    }
    exclusive = f"{EXTENSION}questionnaire-optionExclusive"
    assert alone["None"] == alone["Don't know"] == exclusive
    assert alone["diabetes"] is None


@pytest.mark.parametrize("name", ["age_years/number", "weight_kg/number"])
def test_a_number_has_bounds_and_may_be_a_range(name: str, form: Json) -> None:
    one = item(name, form)
    assert (one["type"], one["repeats"]) == ("decimal", True)
    extensions = one["extension"]
    assert isinstance(extensions, list)
    urls = [str(each["url"]).removeprefix(EXTENSION) for each in extensions]
    assert urls == ["minValue", "maxValue", "questionnaire-maxOccurs"]


def test_what_is_offered_in_a_list_is_recognised_as_what_it_stands_for(
    ruleset: msrisk.RuleSet,
) -> None:
    kinds = {field: kind for kind, field in KINDS.items()}
    offered = 0
    for one in form_of(ruleset).questions():
        field = one.link.partition("/")[0]
        for option in one.options if field in LIST_FIELDS else ():
            if not option.alone:
                told = recognise_entry(Entry(option.words), kinds[field], ruleset)
                assert option.code in told.concepts, option
                assert told.status == "recognised", option
                offered += 1
    assert offered > 10


def test_medicines_are_asked_for_by_their_names_and_not_by_class(form: Json) -> None:
    options = item("medications/names", form)["answerOption"]
    assert isinstance(options, list)
    assert [one["valueCoding"]["display"] for one in options] == ["None", "Don't know"]


def test_the_version_tells_forms_apart_that_do_not_ask_the_same(ruleset: msrisk.RuleSet) -> None:
    other = [evolve(one, question=f"{one.question} Really?") for one in ruleset.fields]
    reworded = evolve(ruleset, fields=tuple(other))
    less = evolve(ruleset, rules=tuple(r for r in ruleset.rules if r.id != "silence-pregnancy"))
    retitled = evolve(ruleset, rules=tuple(evolve(r, title="a title") for r in ruleset.rules))
    versions = [form_of(one).version for one in (ruleset, reworded, less, retitled)]
    assert len(set(versions[:3])) == 3
    assert versions[3] == versions[0]  # why something is asked changes no answer
    assert link("age_years/number", less) != link("age_years/number")


def test_the_form_carries_a_caveat_with_its_source(form: Json, ruleset: msrisk.RuleSet) -> None:
    about = str(items_of(form)[0]["text"])
    scope = ruleset.rule("scope-two-texts")
    assert scope.message in about
    assert "Source: unsigned web article" in about
    assert "No clinician has reviewed these rules yet." in about
    assert form["description"] == about
    assert form["experimental"] is True


def test_a_yes_to_a_thing_asked_by_name_means_that_thing(ruleset: msrisk.RuleSet) -> None:
    for one in form_of(ruleset).questions():
        if one.named is not None:
            assert YES in one.options
            assert one.link == f"named/{one.named.concept}"


def test_a_rule_set_without_a_line_for_the_screen_has_its_scope_caveat_on_the_form(
    ruleset: msrisk.RuleSet,
) -> None:
    plain = evolve(ruleset, rules=tuple(evolve(rule, screen=None) for rule in ruleset.rules))
    about = str(items_of(questionnaire(ruleset=plain))[0]["text"])
    assert "Source: " in about
    assert Level.URGENT.words not in about
