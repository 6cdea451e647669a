"""Defines each kind of test that a rule's `when` can make. There is no "not"."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

__all__ = [
    "AgeAtLeast",
    "AgeBelow",
    "All",
    "AllergicTo",
    "Any",
    "Condition",
    "DailyDoseAbove",
    "DailyDoseBelow",
    "DosesPerDayBelow",
    "HasCondition",
    "HasConditionBeyond",
    "ReportsSymptom",
    "ReportsSymptomBeyond",
    "States",
    "Takes",
    "TakesAnyMedication",
    "TakesOtherSupplement",
    "TakesSupplement",
    "Taking",
    "ThresholdTest",
    "WeightBelow",
    "asked_for",
    "walk",
]


@frozen
class Takes:
    """Takes a drug of this class or of one below it."""

    drug_class: str


@frozen
class TakesAnyMedication:
    """Takes some medication, recognised or not."""


@frozen
class TakesSupplement:
    """Takes this substance or one below it."""

    substance: str


@frozen
class TakesOtherSupplement:
    """Takes a supplement that is certainly not the one assessed."""


@frozen
class HasCondition:
    """Has this medical condition or one below it."""

    condition: str


@frozen
class HasConditionBeyond:
    """Has a medical condition outside these."""

    conditions: tuple[str, ...]


@frozen
class AllergicTo:
    """Is allergic to this or to something below it."""

    allergen: str


@frozen
class ReportsSymptom:
    """Reports this symptom: since starting the supplement, or now if it was not started."""

    symptom: str


@frozen
class ReportsSymptomBeyond:
    """Reports a symptom outside these."""

    symptoms: tuple[str, ...]


@frozen
class AgeAtLeast:
    """Is as old as the threshold, or older."""

    threshold: str


@frozen
class AgeBelow:
    """Is younger than the threshold."""

    threshold: str


@frozen
class WeightBelow:
    """Weighs less than the threshold."""

    threshold: str


@frozen
class DailyDoseAbove:
    """Takes more a day than the threshold, over all products of the substance."""

    threshold: str


@frozen
class DailyDoseBelow:
    """Takes less a day than the threshold, over all products of the substance."""

    threshold: str


@frozen
class DosesPerDayBelow:
    """Takes the substance in fewer doses a day than the threshold.

    Not so if one product alone reaches it; so if all together do not, each intake counted.
    """

    threshold: str


@frozen
class Taking:
    """Has started taking the substance."""


@frozen
class States:
    """Says yes to this yes/no field of the profile."""

    field: str


@frozen
class All:
    """All parts hold."""

    of: tuple[Condition, ...]


@frozen
class Any:
    """At least one part holds."""

    of: tuple[Condition, ...]


ThresholdTest = (
    AgeAtLeast | AgeBelow | WeightBelow | DailyDoseAbove | DailyDoseBelow | DosesPerDayBelow
)
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
    | ThresholdTest
    | Taking
    | States
    | All
    | Any
)


def asked_for(test: Condition) -> str | None:
    """Return the id that a test of membership asks for; None of another test."""
    match test:
        case (
            Takes(drug_class=id_)
            | TakesSupplement(substance=id_)
            | HasCondition(condition=id_)
            | AllergicTo(allergen=id_)
            | ReportsSymptom(symptom=id_)
        ):
            return id_
    return None


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and every condition inside it, outermost first."""
    yield condition
    if isinstance(condition, All | Any):
        for part in condition.of:
            yield from walk(part)
