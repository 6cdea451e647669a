"""Makes a profile of what the resources of a record tell together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from attrs import evolve

from msrisk.errors import FhirError, Problem
from msrisk.fhir.concepts import Reader, all_named
from msrisk.fhir.outcomes import Item, Outcome
from msrisk.model.checks import Range
from msrisk.model.concepts import ANYTHING, Recognition
from msrisk.model.profile import (
    MOST_ENTRIES,
    NONE_REPORTED,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)

__all__ = ["profile_of"]

_FIELDS: Final = ("supplements", "medications", "conditions", "allergies")
_OF_PROBLEMS: Final = "the record says that there are no problems, which tells nothing of this"
_MOST: Final = 5
_NOT_NONE: Final = "it is not taken as none, because"

List = Entries[Item] | NoneReported | None


def profile_of(
    outcomes: Sequence[Outcome],
    partial: Sequence[str],
    age: Range | None,
    weight: Range | None,
    reader: Reader,
) -> PatientProfile:
    """Return what the resources tell together; what contradicts each other is said in them.

    Args:
        outcomes: what each resource tells.
        partial: why the bundle does not hold all that the record does.
        age: the age in years.
        weight: the weight in kilograms.
        reader: the vocabulary.

    Raises:
        FhirError: if there are more entries than a profile can hold.

    """
    lists = {name: _list(name, outcomes, partial, reader) for name in _FIELDS}
    known = {**lists, "age_years": age, "weight_kg": weight}
    asked = {name for one in outcomes for name in one.asked_unknown}
    return PatientProfile(
        supplements=lists["supplements"],  # type: ignore[arg-type]  # one function serves all lists
        medications=lists["medications"],  # type: ignore[arg-type]  # likewise
        conditions=lists["conditions"],  # type: ignore[arg-type]  # likewise
        allergies=lists["allergies"],  # type: ignore[arg-type]  # likewise
        age_years=age,
        weight_kg=weight,
        asked_unknown=sorted(name for name in asked if known[name] is None),
    )


def _list(field: str, outcomes: Sequence[Outcome], partial: Sequence[str], reader: Reader) -> List:
    """Return a list of the profile: incomplete, unless the record says that there is nothing."""
    told = [(one, item) for one in outcomes for name, item in one.told if name == field]
    items = _told_anew(field, _once(told, reader), reader)
    if len(items) > MOST_ENTRIES:
        expected = f"at most {MOST_ENTRIES} different {field}"
        raise FhirError([Problem("bundle", expected, f"{len(items)}")])
    said = [(one, none) for one in outcomes for none in one.nothing if none.field == field]
    if not said:
        return Entries(items) if items else None
    against = [
        *partial,
        *(
            f"of {one.resource.element.path} ({why})"
            for one in outcomes
            for name, why in one.unread
            if name == field
        ),
    ]
    kinds = {none.kind for _, none in said}
    if not against and not items and "all" in kinds:
        return _none(field, [one for one, _ in said], reader)
    limits = {none.item for _, none in said if none.kind in ("foods", "medicines") and none.item}
    if items and "all" in kinds:
        against.append("other entries tell something")
    elif any(_may_be_food(item, reader) for item in items) and "foods" in kinds:
        against.append("another entry may tell an allergy to a food")
    elif items and "foods" not in kinds:
        against.append("other entries tell something")
    if not against and limits:
        # Each of these words leaves open what it does not speak of.
        return Entries((*items, *sorted(limits, key=_order)), complete=True)
    for one, _ in said:
        one.disputed = one.disputed or bool(against)
        reasons = list(dict.fromkeys(against))
        one.remarks += [f"{_NOT_NONE} {why}" for why in reasons[:_MOST]]
        if len(reasons) > _MOST:
            one.remarks.append(f"and {len(reasons) - _MOST} more of the kind")
    return Entries(items) if items else None


def _none(field: str, says: Sequence[Outcome], reader: Reader) -> List:
    """Return a list in which there is nothing.

    Nobody writes a pregnancy or a planned operation among the problems: that there are none of
    these leaves such topics open, each as an entry that is doubted.
    """
    topics = reader.topics if field == "conditions" else ()
    if not topics:
        return NONE_REPORTED
    for one in says:
        one.remarks.append(f"it tells nothing of {', '.join(topics)}: these stay open")
    return Entries([Entry(name, doubt=_OF_PROBLEMS) for name in topics], complete=True)


def _may_be_food(item: Item, reader: Reader) -> bool:
    told = reader.told("allergies", Entry(item.text, item.codes))
    return told.possible is ANYTHING or not all_named(told).isdisjoint(reader.lexicon.foods)


def _once(told: Sequence[tuple[Outcome, Item]], reader: Reader) -> tuple[Item, ...]:
    """Return each entry once, in an order that does not depend on the bundle's.

    A record has an entry for each refill. What is told for certain needs no doubtful telling
    beside it; of several doubts the first counts. A substance that is assessed and that several
    entries of one type tell for certain may be several products, and stays as often; one that
    comes twice under its id is one.
    """
    found: dict[Item, list[tuple[Outcome, Item]]] = {}
    for outcome, item in told:
        found.setdefault(evolve(item, doubt=None), []).append((outcome, item))
    items: list[Item] = []
    for plain, tellers in found.items():
        certain = {
            (one.resource.type, one.resource.first.element.path)
            for one, item in tellers
            if item.doubt is None
        }
        if not certain:
            items.append(evolve(plain, doubt=min(str(item.doubt) for _, item in tellers)))
        elif isinstance(plain, Supplement) and _is_assessed(plain, reader):
            often = Counter(type_ for type_, _ in certain)
            items += [plain] * max(often.values())
        else:
            items.append(plain)
    return tuple(sorted(items, key=_order))


def _is_assessed(item: Item, reader: Reader) -> bool:
    named = reader.named("supplements", Entry(item.text, item.codes))
    return not named.isdisjoint(reader.lexicon.substances)


def _told_anew(field: str, items: tuple[Item, ...], reader: Reader) -> tuple[Item, ...]:
    """Leave out the doubtful entries that name nothing but what another tells for certain.

    Not those of a substance that is assessed: each of them may be a product of its own. What is
    no illness, and matters to no rule, is not doubted: whether somebody still has a job that the
    record calls resolved need not be asked.
    """
    own = reader.lexicon.substances
    plain = {one: reader.told(field, Entry(one.text, one.codes)) for one in items}
    certain: dict[str, list[frozenset[str]]] = {}
    for one, told in plain.items():
        if one.doubt is None:
            sure = told.concepts | told.named | told.allergens
            for id_ in sure:
                certain.setdefault(id_, []).append(sure)

    def is_new(one: Item, told: Recognition) -> bool:
        names = all_named(told)
        if one.doubt is None or told.possible is ANYTHING or not names or names & own:
            return True
        return not any(names <= sure for sure in certain.get(min(names), ()))

    def settled(one: Item, told: Recognition) -> Item:
        named = all_named(told)
        idle = not told.possible and named and named <= reader.circumstances
        return evolve(one, doubt=None) if idle else one

    return tuple(settled(one, plain[one]) for one in items if is_new(one, plain[one]))


def _order(item: Item) -> tuple[str, ...]:
    codes = (part for code in item.codes for part in (code.system, code.code))
    return (item.text or "", item.doubt or "", repr(item), *codes)
