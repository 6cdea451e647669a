"""Holds what every reader of a resource needs: the bundle, the patient, the words, the day."""

from __future__ import annotations

from datetime import date
from typing import Final

from attrs import frozen

from msrisk.fhir.bundle import Bundle, Resource
from msrisk.fhir.concepts import Reader
from msrisk.fhir.dates import day_span
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Outcome
from msrisk.fhir.persons import Person, Whose
from msrisk.fhir.statuses import NOT_DONE

__all__ = ["Context"]

_NO: Final = ("n", "no", "false")


@frozen
class Context:
    """What every reader of a resource needs.

    Attributes:
        bundle: where references lead to.
        person: the patient.
        reader: the vocabulary.
        on: the day as of which the record is read.

    """

    bundle: Bundle
    person: Person
    reader: Reader
    on: date

    def begin(self, resource: Resource) -> Outcome:
        """Return the outcome of a resource, with what holds of any: whose it is, its modifiers."""
        outcome = Outcome(resource, doubts=list(resource.doubts))
        whose = self.person.whose(resource)
        if whose is Whose.OTHER:
            outcome.out = True
            outcome.remarks.append("it is about another person")
        elif whose is Whose.UNKNOWN:
            outcome.doubts.append("it names a patient who is not in the bundle")
        elif whose is Whose.UNSAID:
            says = "it does not say whose it is"
            (outcome.remarks if self.person.alone else outcome.doubts).append(says)
        for name in NOT_DONE:
            # An earlier release had a code here.
            value = resource.element.value.get(name)
            no = value.casefold() in _NO if isinstance(value, str) else value in (None, False)
            if not no:
                outcome.doubts.append("the record says that it is not done or not taken")
        if resource.element.has("note"):
            outcome.remarks.append("it has notes, which msrisk does not read")
        return outcome

    def heed_dates(self, outcome: Outcome, element: Element, start: str, end: str) -> None:
        """Doubt what the record says has ended before the day, or begins after it.

        Args:
            outcome: of the resource.
            element: what holds the dates.
            start: the element with the first day.
            end: the one with the last.

        """
        first, last = (day_span(element.text(name) or "") for name in (start, end))
        for name, told in ((start, first), (end, last)):
            if element.has(name) and told is None:
                outcome.doubts.append(f"its {name} is no date")
        if first and first[0] > self.on:
            outcome.doubts.append("the record says that it begins later")
        if last and last[0] <= self.on:
            outcome.doubts.append("the record says that it ended")
