"""Makes the resources that are checked, and some with a fault that a checker has to find."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from attrs import frozen

import msrisk
from msrisk.documents.intake import profile_from_json
from msrisk.fhir import guidance, next_question, questionnaire
from tests.cds_hooks.requests import cards, prefetch

__all__ = ["Fault", "faults", "resources"]

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
_FORM: Final = "urn:msrisk:questionnaire"


def resources() -> dict[str, Any]:
    """Return what msrisk writes: the form, and the report on each example and on others."""
    profiles = {
        file.stem: profile_from_json(file.read_bytes()) for file in sorted(EXAMPLES.glob("*.json"))
    }
    profiles["nothing known"] = msrisk.PatientProfile()
    profiles["not recognised"] = msrisk.PatientProfile(supplements=["<b>foopowder</b>", "ALA"])
    profiles["emergency"] = msrisk.PatientProfile(symptoms=["difficulty breathing"])
    code = msrisk.Code("http://www.whocc.no/atc", "L04AD02")
    profiles["by code"] = msrisk.PatientProfile(
        supplements=["NAC"], medications=[msrisk.Entry(codes=[code])]
    )
    written = {
        name: guidance(msrisk.assess(profile), patient="Patient/1")
        for name, profile in profiles.items()
    }
    policy = msrisk.Policy(thresholds={"older-adult-years": 60})
    written["policy"] = guidance(msrisk.assess(profiles["ordinary"], policy=policy))
    # One question at a time, and what a card of CDS Hooks offers to write into a record.
    start = {
        "resourceType": "QuestionnaireResponse",
        "contained": [{"resourceType": "Questionnaire", "id": "q", "derivedFrom": [_FORM]}],
        "questionnaire": "#q",
        "status": "in-progress",
        "subject": {"reference": "Patient/1"},
    }
    written["next question"] = next_question(start)
    (card,) = cards(sent=prefetch(["MS"], ["glutathione", "azathioprine"]))
    (suggested,) = card["suggestions"]
    (action,) = suggested["actions"]
    return {"form": questionnaire(), "of a card": action["resource"], **written}


@frozen
class Fault:
    """A resource with one fault, and which of the checks has to find it."""

    name: str
    found_by: frozenset[str]
    resource: Any


def faults(sound: dict[str, Any]) -> Iterator[Fault]:
    """Yield faulty resources: what no check finds would be no check."""

    def spoilt(of: str, spoil: Callable[[Any], object]) -> Any:
        one = copy.deepcopy(sound[of])
        spoil(one)
        return one

    def issue(bundle: Any) -> Any:
        return bundle["entry"][1]["resource"]

    def item(form: Any) -> Any:
        return form["item"][1]["item"][0]

    def answer(bundle: Any) -> Any:
        return bundle["entry"][0]["resource"]

    for name, found_by, of, spoil in (
        ("no status", "models medplum", "ordinary", lambda b: issue(b).pop("status")),
        (
            "no such element",
            "models medplum bindings",
            "ordinary",
            lambda b: issue(b).update(a="b"),
        ),
        (
            "severity critical",
            "bindings",
            "ordinary",
            lambda b: issue(b).update(severity="critical"),
        ),
        ("status banana", "bindings", "ordinary", lambda b: answer(b).update(status="banana")),
        (
            "a type that is none",
            "bindings",
            "ordinary",
            lambda b: answer(b)["dataRequirement"][0].update(type="Pill"),
        ),
        (
            "an artifact of no kind",
            "bindings",
            "ordinary",
            lambda b: issue(b)["contained"][0]["relatedArtifact"][0].update(type="text"),
        ),
        ("item type coding", "bindings", "form", lambda q: item(q).update(type="coding")),
        ("a group without items", "medplum", "form", lambda q: q["item"][1].pop("item")),
        (
            "an initial beside options",
            "medplum",
            "form",
            lambda q: item(q).update(initial=[{"valueString": "x"}]),
        ),
    ):
        yield Fault(name, frozenset(found_by.split()), spoilt(of, spoil))
