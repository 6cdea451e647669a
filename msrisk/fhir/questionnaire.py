"""Writes the form of a rule set as a Questionnaire of FHIR R4."""

from __future__ import annotations

from typing import Final

from msrisk.fhir.form import ABOUT, WHY, Item, ItemKind, Option, RuleForm, form_of
from msrisk.fhir.systems import EXTENSION, ITEM_CONTROL, QUESTIONNAIRE, Json
from msrisk.fhir.texts import standing_of
from msrisk.model.checks import BOUNDS
from msrisk.model.rules import RuleSet

__all__ = ["link_id", "questionnaire"]

_UNANSWERED: Final = (
    "Leave open what nobody can say: a question without an answer counts as unknown, never as no."
)


def questionnaire(*, ruleset: RuleSet | None = None) -> Json:
    """Return the form that asks what the rules need, as a Questionnaire of FHIR R4.

    `msrisk.fhir.profile_from_response` reads what was answered. The version of the form stands
    in `version` and in each linkId; it changes if a question, its words or its answers do.

    Args:
        ruleset: the rules; those that ship with the package if None.

    """
    rules = ruleset or RuleSet.default()
    form = form_of(rules)
    about = f"{_UNANSWERED} {standing_of(rules)}"
    note = {"linkId": link_id(form, ABOUT), "type": "display", "text": about}
    return {
        "resourceType": "Questionnaire",
        "url": QUESTIONNAIRE,
        "version": form.version,
        "name": "MsriskIntake",
        "title": "Before a person with multiple sclerosis takes a supplement",
        "status": "active",
        # Until a clinician has signed the rules, no form made of them is for use in care alone.
        "experimental": not rules.clinically_reviewed,
        "subjectType": ["Patient"],
        "publisher": "msrisk",
        "description": about,
        "purpose": "To ask what the rules of msrisk test, and nothing else.",
        "item": [note, *(_item(one, form) for one in form.items)],
    }


def link_id(form: RuleForm, link: str) -> str:
    """Return the linkId of a place of a form, with the version of the form in it."""
    return f"msrisk-{form.version}:{link}"


def _item(item: Item, form: RuleForm) -> Json:
    written: Json = {
        "extension": [*_extensions(item)],
        "linkId": link_id(form, item.link),
        "text": item.text,
        "type": item.kind.value,
        "repeats": item.repeats,
        "answerOption": [_option(one, item) for one in item.options],
        "item": [*(_item(one, form) for one in item.items), *_why(item, form)],
    }
    return {key: value for key, value in written.items() if value}


def _why(item: Item, form: RuleForm) -> list[Json]:
    """Return why a question is asked, as the help beside it."""
    if not item.why:
        return []
    return [
        {
            "extension": [_control("help")],
            "linkId": link_id(form, f"{item.link}/{WHY}"),
            "text": item.why,
            "type": "display",
        }
    ]


def _extensions(item: Item) -> list[Json]:
    if item.kind is ItemKind.CHOICE:
        across: Json = {
            "url": f"{EXTENSION}questionnaire-choiceOrientation",
            "valueCode": "horizontal",
        }
        return [_control("radio-button"), across]
    if item.kind is ItemKind.NAMES:
        return [_control("autocomplete")]
    if item.kind is ItemKind.NUMBER:
        least, most, _ = BOUNDS[item.bounds]
        return [
            {"url": f"{EXTENSION}minValue", "valueDecimal": least},
            {"url": f"{EXTENSION}maxValue", "valueDecimal": most},
            {"url": f"{EXTENSION}questionnaire-maxOccurs", "valueInteger": 2},
        ]
    return []


def _control(code: str) -> Json:
    return {
        "url": f"{EXTENSION}questionnaire-itemControl",
        "valueCodeableConcept": {"coding": [{"system": ITEM_CONTROL, "code": code}]},
    }


def _option(option: Option, item: Item) -> Json:
    coding = {"system": option.system, "code": option.code, "display": option.display}
    if not (item.repeats and option.alone):
        return {"valueCoding": coding}
    # A program that does not know this lets "none" stand beside a name; the reader copes.
    alone = {"url": f"{EXTENSION}questionnaire-optionExclusive", "valueBoolean": True}
    return {"extension": [alone], "valueCoding": coding}
