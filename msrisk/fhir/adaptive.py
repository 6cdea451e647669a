"""Asks one question after another: the operation `$next-question` of HL7's SDC, without a server.

The questions are those of `msrisk.asking`, in the items of the form; so what was answered is read
as every response is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from msrisk import api
from msrisk.asking import Answered, Form, Kind, Question, Said, open_questions, urgent
from msrisk.errors import FhirError, Problem
from msrisk.fhir.form import DENIED_BY_NAME, TOLD, RuleForm, form_of
from msrisk.fhir.questionnaire import link_id, questionnaire
from msrisk.fhir.responses import profile_from_response
from msrisk.fhir.systems import (
    QUESTIONNAIRE,
    Json,
    is_of_ruleset,
    ruleset_extensions,
    ruleset_told,
)
from msrisk.model.rules import RuleSet

__all__ = ["next_question"]

_ADAPTIVE: Final = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive"
)
_IN, _OUT = "questionnaire-response", "return"
_CONTAINED: Final = "contained Questionnaire"


def next_question(request: object, *, ruleset: RuleSet | None = None) -> Json:
    """Return a response with the next question in its contained Questionnaire.

    The question is the best that is open, as `msrisk.asking` has it, with what belongs to it on
    the form; one that was put before and not answered was passed over. If none is left, or a
    person has to get help at once, the status is "completed": that clears nothing, and what has
    to be read stands in the last items. What was not understood stands there, too.

    Args:
        request: a QuestionnaireResponse of FHIR R4 with a contained Questionnaire that is derived
            from "urn:msrisk:questionnaire", or Parameters that hold one; as a dictionary. For
            the first question neither has items.
        ruleset: the rules; those that ship with the package if None.

    Raises:
        FhirError: with every problem, by place or linkId; never with what was answered.
        RuleSetWithdrawnError: if the rule set must no longer answer.

    """
    rules = api.rules_to_use(ruleset, None)
    if isinstance(request, dict) and request.get("resourceType") == "Parameters":
        answer = _asked(_held(request), rules)
        return {
            "resourceType": "Parameters",
            "parameter": [{"name": _OUT, "resource": answer}],
        }
    return _asked(request, rules)


def _held(parameters: Json) -> object:
    """Return the response that Parameters hold."""
    listed = parameters.get("parameter")
    found = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and one.get("name") == _IN
    ]
    if len(found) != 1:
        expected = f"one parameter “{_IN}”, whose resource is a QuestionnaireResponse"
        raise FhirError([Problem("parameter", expected, "none or several")])
    return found[0].get("resource")


def _asked(response: object, ruleset: RuleSet) -> Json:
    form = form_of(ruleset)
    problems: list[Problem] = []
    contained, others = _contained(response, problems)
    whole = questionnaire(ruleset=ruleset)
    posed = _posed(contained, whole, form, problems)
    try:
        profile = profile_from_response(response, ruleset=ruleset)
    except FhirError as error:
        raise FhirError([*problems, *error.problems]) from None
    if problems:
        raise FhirError(problems)
    asked = Form(profile)
    questions = open_questions(asked, ruleset)
    # What was put and is not known of a product may make an emergency of a sign.
    put = [one for one in questions if one.part and _links(one, form) <= set(posed)]
    if put:
        asked = Form(profile, tuple(Answered(one, Said.SKIPPED) for one in put))
        questions = open_questions(asked, ruleset)
    places = (_links(one, form) for one in questions)
    chosen = next((links for links in places if not links <= set(posed)), frozenset[str]())
    first = [one.action for one in urgent(asked, ruleset)]
    last = [_which(one) for one in questions if one.kind is Kind.WHICH]
    if not chosen:
        last.append(api.assess(profile, ruleset=ruleset).render("text", "screen"))
    note, *groups = cast("list[Json]", whole["item"])
    place = {link: at for at, link in enumerate(posed)}
    kept = list(_shown(groups, {*posed, *chosen}))
    kept.sort(key=lambda one: place.get(str(one["linkId"]), len(place)))
    words = [
        {"linkId": link_id(form, f"{TOLD}{at}"), "type": "display", "text": text}
        for at, text in enumerate([*first, *last])
    ]
    told = {
        "resourceType": "Questionnaire",
        "id": contained["id"],
        "extension": [{"url": _ADAPTIVE, "valueBoolean": True}],
        **{key: whole[key] for key in ("title", "status", "experimental", "subjectType")},
        "derivedFrom": [f"{QUESTIONNAIRE}|{form.version}"],
        "item": [note, *words[: len(first)], *kept, *words[len(first) :]],
    }
    sent = cast("Json", response)
    before = sent.get("extension", [])
    kept_ = [one for one in before if not is_of_ruleset(one)] if isinstance(before, list) else []
    return {
        **sent,
        "extension": [*kept_, *ruleset_extensions(ruleset_told(ruleset))],
        "contained": [told, *others],
        "status": "in-progress" if chosen else "completed",
    }


def _contained(response: object, problems: list[Problem]) -> tuple[Json, list[object]]:
    """Return the contained Questionnaire, and what else is contained."""
    table = response if isinstance(response, dict) else {}
    listed = table.get("contained", [])
    there = listed if isinstance(listed, list) else []
    found = [
        one
        for one in there
        if isinstance(one, dict)
        and one.get("resourceType") == "Questionnaire"
        and isinstance(one.get("id"), str)
        and table.get("questionnaire") == f"#{one['id']}"
    ]
    if len(found) != 1:
        expected = f"“#” and the id of the {_CONTAINED}"
        problems.append(Problem("questionnaire", expected, "something else, or none"))
        return {"id": ""}, []
    (one,) = found
    version = f"{QUESTIONNAIRE}|"
    derived = one.get("derivedFrom")
    if not isinstance(derived, list) or not all(f"{base}|".startswith(version) for base in derived):
        derived = []
    if len(derived) != 1:
        expected = f"[“{QUESTIONNAIRE}”], the form of msrisk"
        problems.append(Problem(f"{_CONTAINED}: derivedFrom", expected, "another, or none"))
    if "modifierExtension" in one:
        expected = "no modifierExtension, which could turn a question around"
        problems.append(Problem(_CONTAINED, expected, "one"))
    return one, [other for other in there if other is not one]


def _posed(contained: Json, whole: Json, form: RuleForm, problems: list[Problem]) -> list[str]:
    """Return the linkIds of the form that were shown before, in their order."""
    known = {one["linkId"] for one in _every(whole)}
    words = link_id(form, TOLD)
    given = [str(one.get("linkId")) for one in _every(contained)]
    if not all(link in known or link.startswith(words) for link in given):
        expected = f"items of version {form.version} of the form alone"
        problems.append(Problem(f"{_CONTAINED}: item", expected, "another"))
    return given


def _every(part: Json) -> list[Json]:
    """Return every item of a questionnaire, the outer ones first."""
    found: list[Json] = [part]
    for one in found:
        items = one.get("item", [])
        found += (
            [inner for inner in items if isinstance(inner, dict)] if isinstance(items, list) else []
        )
    return found[1:]


def _links(question: Question, form: RuleForm) -> frozenset[str]:
    """Return the linkIds of what a question is on the form; none where it has no place."""
    if question.kind is Kind.WHICH:
        return frozenset()
    if question.kind is Kind.BY_NAME:
        links = [f"{DENIED_BY_NAME}/{one.concept}" for one in question.named]
    else:
        (place,) = (one for one in form.items if one.link == question.field)
        parts = [one for one in place.items if one.named is None] or [place]
        links = [leaf.link for one in parts for leaf in one.items or [one]]
    return frozenset(link_id(form, link) for link in links)


def _which(question: Question) -> str:
    """Return a question that is answered where the entry stands."""
    names = ", ".join(question.suggestions)
    near = f" It looks like: {names} (for a person to confirm)." if names else ""
    return f"{question.wording}{near} Put it right where it stands above."


def _shown(items: list[Json], shown: set[str]) -> Iterator[Json]:
    """Yield the items that are shown, in the groups in which they stand."""
    for one in items:
        inside = list(_shown(cast("list[Json]", one.get("item", [])), shown))
        if one["type"] != "group":
            if one["linkId"] in shown:
                yield one
        elif inside:
            yield {**one, "item": inside}
