"""Answers what was sent from its bytes alone, so that any process can do it.

What cannot be answered comes back as a refusal or a fault, in words without anything of a
patient: an exception may hold what a patient said, and does not pass from process to process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from uuid import uuid4

from attrs import frozen

from msrisk import cds_hooks, fhir
from msrisk.cds_hooks import Feedback
from msrisk.documents import profile_from_document
from msrisk.errors import FhirError, MsriskError, Problem, RuleSetWithdrawnError
from msrisk.model.profile import PatientProfile
from msrisk.model.rules import RuleSet
from msrisk.web import forms, page, told
from msrisk.web.bodies import json_of, object_of
from msrisk.web.frames import telling
from msrisk.web.logs import places
from msrisk.web.problems import Refused, status_of

__all__ = ["Call", "Fault", "Outcome", "Refusal", "Reply", "encoded", "outcome_of", "unchecked"]

_RECORD: Final = {
    "bundle": "a Bundle of FHIR R4",
    "on": "the day, such as 2026-01-31",
    "patient": "an id",
}
_ENTRY: Final = {"kind": "the kind of entry", "text": "the words", "codes": "its codes"}


@frozen
class Call:
    """What is to be answered.

    Attributes:
        job: which of the functions below answers it, by its key in the table of them.
        data: the body of the request.
        on: the day as of which a record is read.
        about: what else that function has to know.

    """

    job: str
    data: bytes
    on: date
    about: tuple[str, ...] = ()


@frozen
class Reply:
    """An answer.

    Attributes:
        data: the body of the answer.
        kind: of which kind it is.
        counted: of each report, its level and worst case; of each card, its indicator and level.
        feedback: what is to be kept.

    """

    data: bytes
    kind: str = "application/json"
    counted: tuple[tuple[str, str], ...] = ()
    feedback: tuple[Feedback, ...] = ()


@frozen
class Refusal:
    """A request that is not taken up, with the status of HTTP and why."""

    status: int
    problems: tuple[Problem, ...]


@frozen
class Fault:
    """Something that went wrong here, so that nothing was checked.

    Attributes:
        status: of HTTP.
        why: in words for the client.
        kind: the type of the exception, or a word for the log.
        at: the last places of the code before it, the innermost last.

    """

    status: int
    why: str
    kind: str
    at: tuple[str, ...] = ()


Outcome = Reply | Refusal | Fault


def outcome_of(call: Call, ruleset: RuleSet) -> Outcome:
    """Return what comes of a call; whatever happens, it is said and never raised."""
    try:
        return _JOBS[call.job](call, ruleset)
    except Refused as error:
        return Refusal(error.status, error.problems)
    except MsriskError as error:
        return Refusal(status_of(error), error.problems)
    except Exception as error:  # noqa: BLE001  # whatever it is, the client is told that nothing was checked
        return Fault(500, "there was a fault in msrisk", type(error).__name__, places(error))


def encoded(found: Mapping[str, object]) -> bytes:
    """Return JSON as it is sent."""
    return json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def unchecked(ruleset: RuleSet, why: str, more: str) -> Reply:
    """Return the card that says that nothing was checked: an error would be silence there."""
    found = cds_hooks.not_checked(why, more, ruleset=ruleset, instance=uuid4().hex)
    return _cards(found)


def _cards(found: told.Json) -> Reply:
    cards = found["cards"]
    shown = cards if isinstance(cards, list) else []
    counted = tuple(
        (str(one["indicator"]), str(one["extension"].get("org.msrisk.level", "not-checked")))
        for one in shown
    )
    return Reply(encoded(found), counted=counted)


def _respond(call: Call, ruleset: RuleSet) -> Reply:
    try:
        given = json_of(call.data)
    except Refused as error:
        why = "; ".join(map(str, error.problems))
        return unchecked(ruleset, "the request could not be read", f"{why}.")
    return _cards(cds_hooks.respond(call.about[0], given, on=call.on, ruleset=ruleset))


def _feedback(call: Call, ruleset: RuleSet) -> Reply:
    given = cds_hooks.read_feedback(call.about[0], json_of(call.data), ruleset=ruleset)
    return Reply(b"", feedback=tuple(given))


def _unless_withdrawn(answer: Callable[[Call, RuleSet], Reply]) -> Callable[[Call, RuleSet], Reply]:
    def checked(call: Call, ruleset: RuleSet) -> Reply:
        why = ruleset.withdrawn
        if why is not None:
            expected = f"one that was not withdrawn (on {why.on})"
            raise RuleSetWithdrawnError([Problem("rule set", expected, why.reason)])
        return answer(call, ruleset)

    return checked


def _leveled(found: told.Json, level: object, worst: object) -> Reply:
    return Reply(encoded(found), counted=((str(level), str(worst)),))


def _assess(call: Call, ruleset: RuleSet) -> Reply:
    return _reported(told.assessed(_profile(call.data), ruleset))


def _reported(found: told.Json) -> Reply:
    report = found["report"]
    level, worst = (
        (report[key] for key in ("level", "worst_case")) if isinstance(report, dict) else ("", "")
    )
    return _leveled(found, level, worst)


def _next_question(call: Call, ruleset: RuleSet) -> Reply:
    found = told.next_asked(_profile(call.data), ruleset)
    return _leveled(found, found["level"], found["worst_case"])


def _next_item(call: Call, ruleset: RuleSet) -> Reply:
    found = fhir.next_question(json_of(call.data), ruleset=ruleset)
    return Reply(encoded(found), "application/fhir+json")


def _profile(data: bytes) -> PatientProfile:
    return profile_from_document(json_of(data))


def _assess_record(call: Call, ruleset: RuleSet) -> Reply:
    given, wrong = object_of(call.data, _RECORD)
    problems = list(wrong)
    bundle, on, patient = given.get("bundle"), given.get("on"), given.get("patient")
    day = call.on
    if on is not None:
        try:
            day = date.fromisoformat(on if isinstance(on, str) else "")
        except ValueError:
            problems.append(Problem("on", "a day such as 2026-01-31", "another"))
    if patient is not None and not isinstance(patient, str):
        problems.append(Problem("patient", "an id or a reference", "something else"))
        patient = None
    if problems:
        try:
            fhir.read_bundle(bundle, on=day, patient=patient, ruleset=ruleset)
        except FhirError as error:
            problems += error.problems
        raise FhirError(problems)
    return _reported(told.assessed_record(bundle, day, patient, ruleset))


def _recognise(call: Call, ruleset: RuleSet) -> Reply:
    given, problems = object_of(call.data, _ENTRY)
    return Reply(encoded(told.recognised(given, ruleset, problems)))


def _page(call: Call, ruleset: RuleSet) -> Reply:
    """Answer the form of the intake page; `about` is its kind, language, base, and embedders."""
    kind, lang, base, *embedders = call.about
    fields = forms.fields_of(kind, call.data)
    if "lang" not in dict(fields):
        fields.append(("lang", lang))
    made = page.respond(fields, base=base, ruleset=ruleset)
    return Reply(telling(made, embedders).encode(), "text/html; charset=utf-8")


def _keep(call: Call, ruleset: RuleSet) -> Reply:
    return Reply(page.kept(forms.fields_of(call.about[0], call.data), ruleset=ruleset).encode())


_JOBS: Final[Mapping[str, Callable[[Call, RuleSet], Reply]]] = {
    "respond": _respond,
    "feedback": _feedback,
    "assess": _unless_withdrawn(_assess),
    "assess-record": _unless_withdrawn(_assess_record),
    "next-question": _unless_withdrawn(_next_question),
    "next-item": _unless_withdrawn(_next_item),
    "recognise": _unless_withdrawn(_recognise),
    "page": _page,
    "keep": _keep,
}
