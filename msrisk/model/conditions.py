"""Defines each kind of test that a rule's `when` can make. There is no "not"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final, get_args

from attrs import frozen

from msrisk.model.quantities import Unit

__all__ = [
    "AgeAtLeast",
    "AgeBelow",
    "All",
    "AllergicTo",
    "Any",
    "Condition",
    "DailyDoseAbove",
    "DailyDoseBelow",
    "DailyDoseTakenAbove",
    "DosesPerDayBelow",
    "General",
    "HasCondition",
    "HasConditionBeyond",
    "KINDS",
    "Membership",
    "ReportsSymptom",
    "ReportsSymptomBeyond",
    "States",
    "Takes",
    "TakesAnyMedication",
    "TakesOtherSupplement",
    "TakesSupplement",
    "Taking",
    "Test",
    "ThresholdTest",
    "WeightBelow",
    "asked_for",
    "walk",
]


class Test:
    """What each kind of test says of itself.

    Attributes:
        kind: the word that stands for it in the files.
        says: what it says of "the patient"; {} stands for what it names or compares with.
        of_product: whether it asks about the products of the substance that is assessed.

    """

    __slots__ = ()
    kind: ClassVar[str]
    says: ClassVar[str]
    of_product: ClassVar[bool] = False


class Membership(Test):
    """A test that asks for a thing or for one below it.

    Attributes:
        names: its attribute that holds the id of the thing.

    """

    __slots__ = ()
    names: ClassVar[str]


class General(Test):
    """A test that asks for anything of a kind, in the list where that is told.

    Attributes:
        told_in: the list.

    """

    __slots__ = ()
    told_in: ClassVar[str]


@frozen
class ThresholdTest(Test):
    """A test that compares a number of the patient, or of the products, with a threshold.

    Attributes:
        field: the number: of the profile, or of a supplement.
        unit: the unit that the threshold must have.
        below: whether it fires below the number, so that a lower threshold weakens it.

    """

    field: ClassVar[str]
    unit: ClassVar[Unit]
    below: ClassVar[bool]
    threshold: str


@frozen
class Takes(Membership):
    """Takes a drug of this class or of one below it."""

    kind = "takes"
    says = "takes a drug of the class {}"
    names = "drug_class"
    drug_class: str


@frozen
class TakesAnyMedication(General):
    """Takes some medication, recognised or not."""

    kind = "takes-any-medication"
    says = "takes any medicine"
    told_in = "medications"


@frozen
class TakesSupplement(Membership):
    """Takes this substance or one below it."""

    kind = "takes-supplement"
    says = "takes or considers {}"
    names = "substance"
    substance: str


@frozen
class TakesOtherSupplement(General):
    """Takes a supplement that is certainly not the one assessed."""

    kind = "takes-other-supplement"
    says = "takes or considers another supplement"
    told_in = "supplements"
    of_product = True


@frozen
class HasCondition(Membership):
    """Has this medical condition or one below it."""

    kind = "has-condition"
    says = "has {}"
    names = "condition"
    condition: str


@frozen
class HasConditionBeyond(General):
    """Has a medical condition outside these."""

    kind = "has-condition-beyond"
    says = "has a medical condition other than {}"
    told_in = "conditions"
    conditions: tuple[str, ...]


@frozen
class AllergicTo(Membership):
    """Is allergic to this or to something below it."""

    kind = "allergic-to"
    says = "is allergic to {}"
    names = "allergen"
    allergen: str


@frozen
class ReportsSymptom(Membership):
    """Reports this symptom: since starting the supplement, or now if it was not started."""

    kind = "reports-symptom"
    says = "reports {}"
    names = "symptom"
    symptom: str


@frozen
class ReportsSymptomBeyond(General):
    """Reports a symptom outside these."""

    kind = "reports-symptom-beyond"
    says = "reports a symptom other than {}"
    told_in = "symptoms"
    symptoms: tuple[str, ...]


@frozen
class AgeAtLeast(ThresholdTest):
    """Is as old as the threshold, or older."""

    kind = "age-at-least"
    says = "is at least {} old"
    field, unit, below = "age_years", Unit.YEARS, False


@frozen
class AgeBelow(ThresholdTest):
    """Is younger than the threshold."""

    kind = "age-below"
    says = "is younger than {}"
    field, unit, below = "age_years", Unit.YEARS, True


@frozen
class WeightBelow(ThresholdTest):
    """Weighs less than the threshold."""

    kind = "weight-below"
    says = "weighs less than {}"
    field, unit, below = "weight_kg", Unit.KG, True


@frozen
class DailyDoseAbove(ThresholdTest):
    """Takes more a day than the threshold, over all products of the substance."""

    kind = "daily-dose-above"
    says = "takes more than {} over all products"
    field, unit, below = "daily_dose_mg", Unit.MG_PER_DAY, False
    of_product = True


@frozen
class DailyDoseTakenAbove(DailyDoseAbove):
    """Takes more a day than the threshold, over the products of it that were started."""

    kind = "daily-dose-taken-above"
    says = "takes more than {} over all products that were started"


@frozen
class DailyDoseBelow(ThresholdTest):
    """Takes less a day than the threshold, over all products of the substance."""

    kind = "daily-dose-below"
    says = "takes less than {} over all products"
    field, unit, below = "daily_dose_mg", Unit.MG_PER_DAY, True
    of_product = True


@frozen
class DosesPerDayBelow(ThresholdTest):
    """Takes the substance in fewer doses a day than the threshold.

    Not so if one product alone reaches it; so if all together do not, each intake counted.
    """

    kind = "doses-per-day-below"
    says = "takes it in fewer than {}"
    field, unit, below = "times_per_day", Unit.PER_DAY, True
    of_product = True


@frozen
class Taking(Test):
    """Has started taking the substance."""

    kind = "taking"
    says = "has started the supplement"
    of_product = True


@frozen
class States(Test):
    """Says yes to this yes/no field of the profile."""

    kind = "states"
    says = "says yes to: {}"
    field: str


@frozen
class All(Test):
    """All parts hold."""

    kind = "all"
    says = "({})"
    of: tuple[Condition, ...]


@frozen
class Any(Test):
    """At least one part holds."""

    kind = "any"
    says = "({})"
    of: tuple[Condition, ...]


Condition = (
    Takes
    | TakesAnyMedication
    | TakesSupplement
    | TakesOtherSupplement
    | HasCondition
    | HasConditionBeyond
    | AllergicTo
    | ReportsSymptom
    | ReportsSymptomBeyond
    | AgeAtLeast
    | AgeBelow
    | WeightBelow
    | DailyDoseAbove
    | DailyDoseTakenAbove
    | DailyDoseBelow
    | DosesPerDayBelow
    | Taking
    | States
    | All
    | Any
)
KINDS: Final[tuple[type[Condition], ...]] = get_args(Condition)
"""Each kind of test."""


def asked_for(test: Condition) -> str | None:
    """Return the id that a test of membership asks for; None of another test."""
    return str(getattr(test, test.names)) if isinstance(test, Membership) else None


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and every condition inside it, outermost first."""
    yield condition
    if isinstance(condition, All | Any):
        for part in condition.of:
            yield from walk(part)
