"""Fills in the form as a program does that shows it: answers by the last part of a linkId."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msrisk
from msrisk.fhir.questionnaire import questionnaire
from msrisk.fhir.systems import Json

__all__ = ["Answers", "answered", "items_of", "link", "option", "response"]

Answers = Mapping[str, Sequence[Json]]
"""The answers to each question, by its link without the version."""

_YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
_OPTIONS = {
    "yes": (_YES_NO, "Y"),
    "no": (_YES_NO, "N"),
    "unknown": ("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-unknown"),
    "none": ("urn:msrisk:answer", "none"),
}


def option(word: str) -> Json:
    """Return an answer that the form offers: yes, no, unknown, none, or a concept by its id."""
    system, code = _OPTIONS.get(word, ("urn:msrisk:concept", word))
    return {"valueCoding": {"system": system, "code": code}}


def items_of(part: Json) -> list[Json]:
    """Return the items inside a questionnaire, an item or a response."""
    items = part.get("item", [])
    assert isinstance(items, list)
    return items


def link(name: str, ruleset: msrisk.RuleSet | None = None) -> str:
    """Return the whole linkId of a question."""
    return f"msrisk-{questionnaire(ruleset=ruleset)['version']}:{name}"


def response(
    answers: Answers,
    products: Sequence[Answers] = (),
    ruleset: msrisk.RuleSet | None = None,
) -> Json:
    """Return a response with these answers, and a group for each supplement."""
    form = questionnaire(ruleset=ruleset)
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": list(_filled(items_of(form), answers, products)),
    }


def _filled(items: list[Json], answers: Answers, products: Sequence[Answers]) -> list[Json]:
    found: list[Json] = []
    for item in items:
        name = str(item["linkId"]).partition(":")[2]
        if name == "supplements/product":
            groups = [_filled(items_of(item), one, ()) for one in products]
            found += [{"linkId": item["linkId"], "item": one} for one in groups]
        elif item["type"] == "group":
            inside = _filled(items_of(item), answers, products)
            found += [{"linkId": item["linkId"], "item": inside}] if inside else []
        elif answers.get(name):
            found.append({"linkId": item["linkId"], "answer": list(answers[name])})
    return found


def answered(answers: Mapping[str, str | float | Sequence[str | float]]) -> dict[str, list[Json]]:
    """Return answers given in short: {"medications/names": ["Prograf", "none"]}.

    A word that is an option of the form stands for it, another one for text, a number for itself.
    """
    found: dict[str, list[Json]] = {}
    for name, value in answers.items():
        values = [value] if isinstance(value, str | int | float) else value
        found[name] = [_answer(one) for one in values]
    return found


def _answer(value: str | float) -> Json:
    if not isinstance(value, str):
        return {"valueDecimal": value}
    return option(value) if value in _OPTIONS else {"valueString": value}
