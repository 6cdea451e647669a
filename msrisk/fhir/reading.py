"""Reads a bundle of FHIR R4 as a profile, with an account of every entry."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from msrisk.errors import FhirError, Problem
from msrisk.fhir.account import Became, Import, Line
from msrisk.fhir.bearing import doubt_the_empty
from msrisk.fhir.bundle import Bundle, Resource
from msrisk.fhir.concepts import Reader
from msrisk.fhir.context import Context
from msrisk.fhir.gathering import profile_of
from msrisk.fhir.lists import read_composition, read_list
from msrisk.fhir.measured import read_measured
from msrisk.fhir.medications import read_medication, read_nutrition
from msrisk.fhir.outcomes import Item, Outcome
from msrisk.fhir.people import read_patient, together
from msrisk.fhir.persons import Person
from msrisk.fhir.problems import read_allergy, read_condition
from msrisk.fhir.weight import Weight, is_weight, last_weight, read_weight
from msrisk.model.checks import BOUNDS, Range, kind_of
from msrisk.model.concepts import Recognition
from msrisk.model.profile import MOST_ENTRIES, Entry, PatientProfile, Supplement
from msrisk.model.rules import RuleSet

__all__ = ["MOST_BYTES", "MOST_TOLD", "bundle_from_json", "profile_from_bundle", "read_bundle"]

MOST_BYTES: Final = 64_000_000
"""Length above which a bundle is refused unread."""

MOST_TOLD: Final = 10 * MOST_ENTRIES
"""Different entries of one list above which nothing more of a bundle is read."""

_MOST_NOTES: Final = 8
_TWICE: Final = "another entry has the same id and says the same"
_MOST_DIGITS: Final = 400

_READERS: Final[Mapping[str, Callable[[Resource, Context], Outcome]]] = {
    "AllergyIntolerance": read_allergy,
    "Composition": read_composition,
    "Condition": read_condition,
    "List": read_list,
    "MedicationAdministration": read_medication,
    "MedicationDispense": read_medication,
    "MedicationRequest": read_medication,
    "MedicationStatement": read_medication,
    "NutritionOrder": read_nutrition,
}
_USED: Final = {
    "Medication": "it is read where another entry refers to it",
    "Substance": "it is read where another entry refers to it",
    "OperationOutcome": "a search failed or was not complete",
    "": "it has no resourceType",
}


def read_bundle(
    bundle: object,
    *,
    on: date | str,
    patient: str | None = None,
    ruleset: RuleSet | None = None,
) -> Import:
    """Return the profile that a FHIR R4 Bundle tells, and what became of each entry.

    What the record states counts; what it does not hold is not known; what is doubtful in it
    is only possible. A list is incomplete unless the record says that there is nothing.

    Args:
        bundle: a Bundle in JSON types.
        on: the day as of which it is read, for the age and for what ended before; a date, or
            one as ISO 8601 writes it.
        patient: id or reference of the patient, where the bundle holds several.
        ruleset: whose vocabulary tells medicines from supplements; that of the shipped rules
            if None.

    Raises:
        FhirError: if it is no Bundle, is too large, or speaks of several people and `patient`
            names none of them; never with a patient's values.

    """
    day = _day(on)
    taken = Bundle(bundle)
    person = Person(taken, patient)
    reader = Reader(RuleSet.default() if ruleset is None else ruleset)
    context = Context(taken, person, reader, day)
    ages: list[Range] = []
    weights: list[Weight] = []
    outcomes = _read_all(context, ages, weights)
    doubt_the_empty(outcomes, context)
    if len(set(ages)) > 1:
        for one in outcomes:
            if one.resource in person.resources and one.numbers:
                one.disputed = True
                one.remarks.append("records of the person differ: the range of them is read")
    age, weight = together(ages), last_weight(weights, partial=bool(taken.partial))
    profile = profile_of(outcomes, taken.partial, age, weight, reader)
    lines = (*taken.lines, *(_line(one, reader) for one in outcomes))
    return Import(profile, lines)


def _day(on: object) -> date:
    if isinstance(on, str):
        try:
            return date.fromisoformat(on)
        except ValueError:
            pass
    elif isinstance(on, datetime):
        return on.date()
    elif isinstance(on, date):
        return on
    raise FhirError([Problem("on", "a date, such as 2026-01-31", kind_of(on))])


def bundle_from_json(data: bytes) -> object:
    """Return a bundle in JSON types from its bytes in UTF-8.

    Raises:
        FhirError: if it is no JSON, has a key twice in one object, or is too large.

    """
    if len(data) > MOST_BYTES:
        raise FhirError([Problem("bundle", f"at most {MOST_BYTES // 1_000_000} megabytes", "more")])
    twice: list[str] = []

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice.append("")
        return made

    try:
        document: object = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=table, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        got = f"something else at line {error.lineno}, column {error.colno}"
    except UnicodeDecodeError as error:
        got = f"what is no UTF-8 at byte {error.start + 1}"
    except RecursionError:
        got = "lists or objects nested too deeply"
    else:
        if not twice:
            return document
        got = f"one twice in {len(twice)} of them"
        raise FhirError([Problem("bundle", "each key once in an object", got)])
    # Raised here, not above, so that the error does not carry the record as its context.
    raise FhirError([Problem("bundle", "JSON", got)])


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def profile_from_bundle(
    bundle: object,
    *,
    on: date | str,
    patient: str | None = None,
    ruleset: RuleSet | None = None,
) -> PatientProfile:
    """Return the profile that a FHIR R4 Bundle tells; see `read_bundle`.

    Raises:
        FhirError: as `read_bundle` does.

    """
    return read_bundle(bundle, on=on, patient=patient, ruleset=ruleset).profile


def _read_all(context: Context, ages: list[Range], weights: list[Weight]) -> list[Outcome]:
    """Return what each resource tells.

    Raises:
        FhirError: as soon as there is far more than a profile holds.

    """
    outcomes: list[Outcome] = []
    told: dict[str, set[object]] = {}
    for one in context.bundle.resources:
        outcomes.append(_read(one, context, ages, weights))
        for of, item in outcomes[-1].told:
            different = told.setdefault(of, set())
            different.add((item.text, item.codes))
            if len(different) > MOST_TOLD:
                expected = f"at most {MOST_ENTRIES} different {of}"
                raise FhirError([Problem("bundle", expected, f"over {MOST_TOLD}")])
    return outcomes


def _read(
    resource: Resource, context: Context, ages: list[Range], weights: list[Weight]
) -> Outcome:
    """Return what a resource tells, and note the ages and weights that it gives."""
    type_ = resource.type
    if type_ in _READERS:
        return _READERS[type_](resource, context)
    if type_ == "Patient":
        outcome, age = read_patient(resource, context)
        if age is not None:
            ages.append(age)
        return outcome
    if type_ == "Observation" and is_weight(resource.element):
        outcome, told = read_weight(resource, context)
        weights += told
        return outcome
    if type_ in _USED:
        return Outcome(resource, unseen=True, remarks=[_USED[type_]])
    return read_measured(resource, context)


def _line(outcome: Outcome, reader: Reader) -> Line:
    notes = outcome.resource.element.notes
    became = outcome.became
    read = [(item, reader.told(of, Entry(item.text, item.codes))) for of, item in outcome.told]
    unsure = [told.reason for _, told in read if told.reason]
    doubts = [why for item, _ in read for why in (item.doubt or "").split("; ") if why]
    if read and not any(item.doubt is None and _is_certain(told) for item, told in read):
        became = Became.OPEN
    more = len(notes) - _MOST_NOTES
    why = [
        *outcome.doubts,
        *doubts,
        *outcome.remarks,
        *unsure,
        *(f"of the {field}: {why}" for field, why in outcome.unread),
        *([_TWICE] if outcome.resource.twin else []),
        *notes[:_MOST_NOTES],
        *([f"and {more} more of the kind"] if more > 0 else []),
    ]
    return Line(
        path=outcome.resource.element.path,
        resource=outcome.resource.label,
        became=became,
        read_as=tuple(dict.fromkeys((*_read_as(outcome, reader), *outcome.numbers))),
        why=tuple(dict.fromkeys(why)),
    )


def _is_certain(told: Recognition) -> bool:
    """Whether a report takes anything of it as certain."""
    return bool(told.concepts or told.named or told.allergens or not told.possible)


def _read_as(outcome: Outcome, reader: Reader) -> Iterator[str]:
    for field, item in outcome.told:
        yield f"{field}: {_words(field, item, reader)}"
    for none in outcome.nothing:
        of = "none known" if none.kind == "all" else f"no known allergy of one kind ({none.kind})"
        said = f", by {_named(none.item)}" if none.item else ""
        yield f"{none.field}: {of}{said}"


def _named(item: Item) -> str:
    return f"“{item.text}”" if item.text else f"code {item.codes[0].code}"


def _words(field: str, item: Item, reader: Reader) -> str:
    told = reader.told(field, Entry(item.text, item.codes))
    words = _named(item)
    words += f", taken for {told.name}" if told.name else ", not recognised"
    if isinstance(item, Supplement):
        for unit, name in (
            ("mg each time", "dose_mg"),
            ("mg a day", "daily_dose_mg"),
            ("times a day", "times_per_day"),
        ):
            value = getattr(item, name)
            if value is not None:
                low, high = value if isinstance(value, tuple) else (value, value)
                least = "at least " if low < high == BOUNDS[name][1] else ""
                to = f" to {high:g}" if low < high < BOUNDS[name][1] else ""
                words += f", {least}{low:g}{to} {unit}"
    return words
