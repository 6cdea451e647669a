"""Reads the Patient resources of the person: age, and whether the record is in use."""

from __future__ import annotations

from msrisk.fhir.bundle import Resource
from msrisk.fhir.context import Context
from msrisk.fhir.dates import age_on
from msrisk.fhir.outcomes import Outcome
from msrisk.model.checks import Range

__all__ = ["read_patient", "together"]


def read_patient(resource: Resource, context: Context) -> tuple[Outcome, Range | None]:
    """Return what a Patient tells, and the age on the day; None if that is not known."""
    outcome, element = Outcome(resource, doubts=list(resource.doubts)), resource.element
    if resource not in context.person.resources:
        outcome.out = True
        outcome.remarks.append("it is another person")
        return outcome, None
    if element.flag("active") is False:
        outcome.remarks.append("the record says that it is no longer in use (active: false)")
    if element.flag("deceasedBoolean") is True or element.has("deceasedDateTime"):
        outcome.remarks.append("the record says that the patient has died")
    if element.has("link"):
        outcome.remarks.append("it is linked with another record of the same person")
    birth = element.text("birthDate")
    if birth is None:
        absent = element.absent("birthDate")
        if absent in ("asked-unknown", "asked-declined"):
            outcome.asked_unknown.add("age_years")
        reason = f" ({absent})" if absent else ""
        outcome.remarks.append(f"it has no birth date{reason}")
        return outcome, None
    age = age_on(birth, context.on)
    if age is None:
        outcome.remarks.append("its birth date is none that a living person can have")
    elif outcome.doubts:
        age = None
    else:
        words = f"{age[0]} to {age[1]}" if isinstance(age, tuple) else f"{age}"
        outcome.numbers.append(f"age_years: {words}")
    return outcome, age


def together(ages: list[Range]) -> Range | None:
    """Return the range that holds all ages; None if there is none."""
    if not ages:
        return None
    ends = [end for age in ages for end in (age if isinstance(age, tuple) else (age,))]
    return min(ends) if min(ends) == max(ends) else (min(ends), max(ends))
