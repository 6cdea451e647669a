"""Defines the patient profile: what was typed; every field is known, or unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final, Generic, TypeVar, cast

from attrs import field, frozen

from msrisk.model.checks import Checks, Range, kind_of
from msrisk.model.quantities import Amount, Number, Unit

__all__ = [
    "Code",
    "Entries",
    "Entry",
    "FIELDS",
    "LIST_FIELDS",
    "MOST_ENTRIES",
    "NONE_REPORTED",
    "NUMBER_FIELDS",
    "NoneReported",
    "PRODUCT_FIELDS",
    "PatientProfile",
    "Supplement",
    "YES_NO_FIELDS",
]

LIST_FIELDS: Final = ("supplements", "medications", "conditions", "allergies", "symptoms")
PRODUCT_FIELDS: Final = ("supplements", "medications")
NUMBER_FIELDS: Final = ("age_years", "weight_kg")
YES_NO_FIELDS: Final = ("ms_symptoms_severe", "replacing_ms_treatment")
FIELDS: Final = LIST_FIELDS + NUMBER_FIELDS + YES_NO_FIELDS

MOST_ENTRIES: Final = 2_000

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class NoneReported(Enum):
    """That a list was asked for, and the answer was: none."""

    NONE_REPORTED = "none"

    def __repr__(self) -> str:
        return "NONE_REPORTED"


NONE_REPORTED: Final = NoneReported.NONE_REPORTED


# The converters only turn lists into tuples; what is wrong is noted by the checks.
def _code_tuple(codes: Sequence[Code]) -> tuple[Code, ...]:
    return tuple(codes) if isinstance(codes, list) else cast("tuple[Code, ...]", codes)


def _item_tuple(items: Sequence[T]) -> tuple[T, ...]:
    return tuple(items) if isinstance(items, list) else cast("tuple[T, ...]", items)


def _pair(value: Range | Sequence[Number] | None) -> Range | None:
    return cast(Range, tuple(value)) if isinstance(value, list) else cast("Range | None", value)


@frozen(cache_hash=True)
class Code:
    """A code and the FHIR URI of the system that it is from."""

    system: str
    code: str

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.text("system", self.system)
        checks.text("code", self.code)
        checks.raise_any()


def _check_codes(checks: Checks, codes: object) -> None:
    if not isinstance(codes, tuple) or not all(isinstance(c, Code) for c in codes):
        checks.note("codes", "a list of codes", "something else")
    elif len(codes) > MOST_ENTRIES:
        checks.note("codes", f"at most {MOST_ENTRIES} codes", f"{len(codes)}")


@frozen(cache_hash=True)
class Entry:
    """One medication, condition, allergy or symptom, by words, by codes, or both.

    Attributes:
        text: as typed.
        codes: what it is coded as.
        doubt: why it may not be so, or not now, in a clause ("the order was stopped"): all
            that the entry tells is only possible then. None if nothing speaks against it.

    """

    text: str | None = None
    codes: tuple[Code, ...] = field(default=(), converter=_code_tuple)
    doubt: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        if self.text is not None:
            checks.entry("text", self.text)
        _check_codes(checks, self.codes)
        if self.text is None and self.codes == ():
            checks.note("text", "words or a code", "nothing")
        if self.doubt is not None:
            checks.text("doubt", self.doubt)
        checks.raise_any()


@frozen(cache_hash=True)
class Supplement:
    """One supplement that the patient takes or considers.

    Attributes:
        name: as typed; may hold dose words ("900 mg twice a day").
        dose_mg: milligrams per intake, a number or (low, high).
        daily_dose_mg: milligrams per day, likewise.
        times_per_day: intakes per day, likewise.
        taking: true if it was started, false if it is considered, None if not known.
        codes: what it is coded as, beside the name.
        doubt: as of an `Entry`.

    """

    name: str
    dose_mg: Range | None = field(default=None, converter=_pair)
    daily_dose_mg: Range | None = field(default=None, converter=_pair)
    times_per_day: Range | None = field(default=None, converter=_pair)
    taking: bool | None = None
    codes: tuple[Code, ...] = field(default=(), converter=_code_tuple)
    doubt: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.entry("name", self.name)
        for name in ("dose_mg", "daily_dose_mg", "times_per_day"):
            checks.range(name, getattr(self, name))
        checks.yes_no("taking", self.taking)
        _check_codes(checks, self.codes)
        if self.doubt is not None:
            checks.text("doubt", self.doubt)
        checks.raise_any()

    @property
    def text(self) -> str:
        """The name as typed: a supplement is read like any other entry."""
        return self.name


@frozen(cache_hash=True)
class Entries(Generic[T_co]):
    """A list that may be incomplete; an incomplete list never proves absence."""

    items: tuple[T_co, ...] = field(converter=_item_tuple)
    complete: bool = False

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        items: object = self.items
        if not isinstance(items, tuple):
            checks.note("items", "a list of entries", kind_of(items))
        elif not items:
            checks.note("items", _EMPTY, "an empty list")
        complete: object = self.complete
        checks.yes_no("complete", complete)
        if complete is None:
            checks.note("complete", "true or false", "nothing")
        checks.raise_any()


_EMPTY: Final = "at least one entry; or NONE_REPORTED if asked and none, None if not asked"

EntryInput = Sequence[str | Entry] | Entries[str | Entry]
SupplementInput = Sequence[str | Supplement] | Entries[str | Supplement]


@frozen(kw_only=True, init=False, repr=False)
class PatientProfile:
    """What is known of a patient, and what is not.

    A list is None (not asked), `NONE_REPORTED` (asked, none), a sequence (complete), or
    `Entries` (complete or not). Numbers are a number or a range `(low, high)`: years,
    kilograms. Yes/no fields are true, false or None. `asked_unknown` names the fields
    that were asked and could not be answered. `denied` holds what was asked for by name and
    denied, by id or name (conditions, topics, allergens, symptoms); None if nothing was.

    Raises:
        ProfileError: with every problem, by field; never with a patient's values.

    """

    supplements: Entries[Supplement] | NoneReported | None
    medications: Entries[Entry] | NoneReported | None
    conditions: Entries[Entry] | NoneReported | None
    allergies: Entries[Entry] | NoneReported | None
    symptoms: Entries[Entry] | NoneReported | None
    age_years: Range | None
    weight_kg: Range | None
    ms_symptoms_severe: bool | None
    replacing_ms_treatment: bool | None
    asked_unknown: frozenset[str]
    denied: tuple[str, ...] | None

    def __init__(
        self,
        *,
        supplements: SupplementInput | NoneReported | None = None,
        medications: EntryInput | NoneReported | None = None,
        conditions: EntryInput | NoneReported | None = None,
        allergies: EntryInput | NoneReported | None = None,
        symptoms: EntryInput | NoneReported | None = None,
        age_years: Range | None = None,
        weight_kg: Range | None = None,
        ms_symptoms_severe: bool | None = None,
        replacing_ms_treatment: bool | None = None,
        asked_unknown: Iterable[str] = (),
        denied: Sequence[str] | None = None,
    ) -> None:
        checks = Checks()
        self.__attrs_init__(
            supplements=_entries(checks, "supplements", supplements, Supplement),
            medications=_entries(checks, "medications", medications, Entry),
            conditions=_entries(checks, "conditions", conditions, Entry),
            allergies=_entries(checks, "allergies", allergies, Entry),
            symptoms=_entries(checks, "symptoms", symptoms, Entry),
            age_years=checks.range("age_years", age_years),
            weight_kg=checks.range("weight_kg", weight_kg),
            ms_symptoms_severe=checks.yes_no("ms_symptoms_severe", ms_symptoms_severe),
            replacing_ms_treatment=checks.yes_no("replacing_ms_treatment", replacing_ms_treatment),
            asked_unknown=_names(checks, asked_unknown),
            denied=_denied(checks, denied),
        )
        for name in sorted(self.asked_unknown & set(FIELDS)):
            if getattr(self, name) is not None:
                checks.note(f"asked_unknown.{name}", "a field that has no answer", "an answer")
        checks.raise_any()

    @classmethod
    def from_dict(cls, document: object) -> PatientProfile:
        """Read an intake document, given as JSON types.

        Raises:
            IntakeError: with every problem, by field.

        """
        from msrisk.documents import profile_from_document

        return profile_from_document(document)

    def amount(self, name: str, unit: Unit) -> Amount:
        """Return a number field as an amount, unknown if it was not given."""
        return amount_of(getattr(self, name), unit)

    def __repr__(self) -> str:
        known = [name for name in (*FIELDS, "denied") if getattr(self, name) is not None]
        return f"<PatientProfile: {', '.join(known) or 'nothing'} known>"


def amount_of(value: Range | None, unit: Unit) -> Amount:
    """Return a number or range as an amount, unknown for None."""
    if value is None:
        return Amount(0, math.inf, unit)
    low, high = value if isinstance(value, tuple) else (value, value)
    return Amount(low, high, unit)


def _names(checks: Checks, names: object) -> frozenset[str]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        checks.note("asked_unknown", "a list of field names", kind_of(names))
        return frozenset()
    given = list(names)
    if not all(isinstance(name, str) and name in FIELDS for name in given):
        checks.note("asked_unknown", f"names among {', '.join(FIELDS)}", "another name")
        return frozenset()
    return frozenset(given)


def _denied(checks: Checks, names: object) -> tuple[str, ...] | None:
    if names is None:
        return None
    if isinstance(names, str) or not isinstance(names, Sequence):
        expected = 'a list of names, such as ["pregnancy"]; None if nothing was denied'
        checks.note("denied", expected, kind_of(names))
    elif not names:
        checks.note("denied", "at least one name; or None if nothing was denied", "an empty list")
    elif len(names) > MOST_ENTRIES:
        checks.note("denied", f"at most {MOST_ENTRIES} names", f"{len(names)}")
    else:
        return tuple(checks.text(f"denied[{i}]", name) for i, name in enumerate(names))
    return None


def _entries(
    checks: Checks, where: str, value: object, type_: type[T]
) -> Entries[T] | NoneReported | None:
    if value is None or isinstance(value, NoneReported):
        return value
    if not isinstance(value, Entries):
        if isinstance(value, str) or not isinstance(value, Sequence):
            expected = 'a list, such as ["one", "two"]; NONE_REPORTED if none; None if not asked'
            checks.note(where, expected, kind_of(value))
            return None
        if not value:
            checks.note(where, _EMPTY, "an empty list")
            return None
        value = Entries(tuple(value), complete=True)
    if len(value.items) > MOST_ENTRIES:
        checks.note(where, f"at most {MOST_ENTRIES} entries", f"{len(value.items)}")
        return None
    items = [_item(checks, f"{where}[{i}]", item, type_) for i, item in enumerate(value.items)]
    if any(item is None for item in items):
        return None
    return Entries(tuple(cast(list[T], items)), complete=value.complete)


def _item(checks: Checks, where: str, value: object, type_: type[T]) -> T | None:
    if isinstance(value, type_):
        return value
    if not isinstance(value, str):
        checks.note(where, f"text, or {type_.__name__}(...)", kind_of(value))
        return None
    before = len(checks.problems)
    checks.entry(where, value)
    return type_(value) if len(checks.problems) == before else None  # type: ignore[call-arg]  # both kinds of item take their text first
