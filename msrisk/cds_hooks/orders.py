"""Reads the orders that are being written: each of them by itself, as what is to be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar, cast

from attrs import evolve, frozen

from msrisk.errors import ProfileError
from msrisk.fhir import Line, read_bundle
from msrisk.fhir.concepts import Concept, concept_of
from msrisk.fhir.elements import Element, cleaned
from msrisk.fhir.placing import EITHER, called_by_code
from msrisk.fhir.walking import NOBODY_ELSE, objects
from msrisk.keeping import recognition_of
from msrisk.model.checks import MOST_IN_AN_ENTRY
from msrisk.model.concepts import ANYTHING, Recognition
from msrisk.model.profile import (
    MOST_ENTRIES,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.rules import RuleSet

__all__ = ["Order", "Orders", "orders_of", "with_orders", "with_unknown"]

_READ: Final = ("MedicationRequest", "NutritionOrder")
_BESIDES: Final = ("Medication", "Substance")
# Orders of tests, devices and the like, which add nothing that is taken unless they name it.
_OTHERS: Final = (
    "Appointment",
    "CommunicationRequest",
    "DeviceRequest",
    "ImmunizationRecommendation",
    "ServiceRequest",
    "SupplyRequest",
    "Task",
    "VisionPrescription",
)
# These were never meant to be taken; anything else in an order that is signed will be.
_VOID: Final = ("cancelled", "entered-in-error")
_MOST: Final = 200
_MOST_ITEMS: Final = 1_000
_ADDED: Final = ("supplements", "medications", "conditions")
# What is text and no words: addresses, types, moments, contents.
_NAMES: Final = (
    "authoredOn contentType data div id instantiatesCanonical instantiatesUri intent priority "
    "reference resourceType status system type url value version versionId"
)
_NO_WORDS: Final = frozenset(_NAMES.split())

_T = TypeVar("_T", Entry, Supplement)


@frozen
class Order:
    """An order that is being written.

    Attributes:
        reference: its type and id; None if it has no id.
        selected: whether the advice is asked for on it.
        profile: what it adds to what is known of the patient.
        line: what became of it.

    """

    reference: str | None
    selected: bool
    profile: PatientProfile
    line: Line


@frozen
class Orders:
    """The orders of a request.

    Attributes:
        read: each order of a medicine or of nutrition that could be read.
        wrong: why not all of them could be, in clauses.
        came: whether any order at all came.

    """

    read: tuple[Order, ...] = ()
    wrong: tuple[str, ...] = ()
    came: bool = False


def orders_of(
    context: Mapping[str, object], patient: str | None, on: date, ruleset: RuleSet
) -> Orders:
    """Return the orders in the context of a request, each read by itself.

    Args:
        context: of the request.
        patient: the id of the patient.
        on: the day as of which they are read.
        ruleset: whose vocabulary tells medicines from supplements.

    """
    bundle = context.get("draftOrders")
    entries: object = None
    if isinstance(bundle, Mapping) and bundle.get("resourceType") == "Bundle":
        entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        return Orders(wrong=("draftOrders is no Bundle of orders",))
    held = [one.get("resource") if isinstance(one, Mapping) else None for one in entries]
    drafts = [cast("Mapping[str, object]", one) for one in held if isinstance(one, Mapping)]
    wrong = ["an entry of draftOrders has no resource"] if len(drafts) < len(held) else []
    orders = [one for one in drafts if one.get("resourceType") in _READ]
    if len(orders) > _MOST:
        wrong.append(f"only the first {_MOST} orders were read")
    besides = [one for one in drafts if one.get("resourceType") in _BESIDES]
    others = [one for one in drafts if one.get("resourceType") not in (*_READ, *_BESIDES)]
    if any(one.get("resourceType") not in _OTHERS or _names(one, ruleset) for one in others):
        wrong.append("a draft order is of a kind that is not read")
    chosen = context.get("selections")
    read: list[Order] = []
    items = 0
    for draft in orders[:_MOST]:
        if draft.get("status") in _VOID:
            continue
        order = _order(draft, besides, patient, on, ruleset)
        if order is None:
            wrong.append("an order names no product that could be read")
            continue
        items += sum(len(_items(getattr(order.profile, name))) for name in _ADDED)
        if items > _MOST_ITEMS:
            wrong.append(f"of the orders only what makes {_MOST_ITEMS} entries was read")
            break
        # A list that names none of the orders says nothing about which of them are meant.
        selected = order.reference in chosen if isinstance(chosen, list) else True
        read.append(evolve(order, selected=selected))
    return Orders(tuple(read), tuple(dict.fromkeys(wrong)), bool(drafts))


def _names(draft: Mapping[str, object], ruleset: RuleSet) -> bool:
    """Return whether an order of another kind names, or may name, a supplement with rules.

    Wherever it does: in its code, its details, a note, an instruction, the reason for it.
    """
    notes = list[str]()
    told = dict[Entry, None]()
    for name, one in objects({key: draft[key] for key in draft.keys() - NOBODY_ELSE}):
        coded = name == "code" or "coding" in one
        concept = concept_of(Element(one, name, notes)) if coded else Concept()
        texts = [text for key in one.keys() - _NO_WORDS for text in _texts(one[key])]
        if notes or any(len(text) > MOST_IN_AN_ENTRY for text in texts):
            return True
        told |= dict.fromkeys(map(Entry, filter(None, map(cleaned, texts))))
        told |= {Entry(codes=concept.codes): None} if concept.codes else {}
    found = (recognition_of(one, "supplement", ruleset).named for one in told)
    return any(one.id in named for named in found for one in ruleset.substances)


def _texts(value: object) -> Iterator[str]:
    """Yield a text, or those that stand in a list."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one


def _order(
    draft: Mapping[str, object],
    besides: Sequence[Mapping[str, object]],
    patient: str | None,
    on: date,
    ruleset: RuleSet,
) -> Order | None:
    """Return an order as what is to be taken; None if it names nothing that could be read."""
    # As if it were taken and told: so a product that nobody knows may be a supplement as well.
    told = {**draft, "status": "active", "intent": "order", "reportedBoolean": True}
    whose = [{"resourceType": "Patient", "id": patient}] if patient else []
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": one} for one in (*whose, told, *besides)],
    }
    try:
        taken = read_bundle(bundle, on=on, patient=patient, ruleset=ruleset)
        profile = _to_be_taken(taken.profile)
    except ProfileError:
        return None
    if profile.supplements is None and profile.medications is None:
        return None
    type_, id_ = draft.get("resourceType"), draft.get("id")
    reference = f"{type_}/{id_}" if isinstance(id_, str) and id_ else None
    return Order(reference, True, profile, taken.account[len(whose)])


def _to_be_taken(profile: PatientProfile) -> PatientProfile:
    """Return what an order adds: none of its supplements is started."""
    supplements = [
        one if one.doubt else evolve(one, taking=False) for one in _items(profile.supplements)
    ]
    return evolve(profile, supplements=Entries(supplements) if supplements else None)


def _items(value: Entries[_T] | NoneReported | None) -> tuple[_T, ...]:
    return value.items if isinstance(value, Entries) else ()


def with_orders(profile: PatientProfile, orders: Orders) -> PatientProfile:
    """Return what is known of a patient who takes what is being ordered.

    A list that was complete is complete with the orders, too.

    Raises:
        ProfileError: if there are more entries than a profile can hold.

    """
    added = [one.profile for one in orders.read]
    return evolve(
        profile,
        supplements=_joined(profile.supplements, [one.supplements for one in added]),
        medications=_joined(profile.medications, [one.medications for one in added]),
        conditions=_joined(profile.conditions, [one.conditions for one in added]),
        asked_unknown=profile.asked_unknown.difference(_ADDED),
    )


def with_unknown(profile: PatientProfile, ruleset: RuleSet) -> PatientProfile:
    """Return a profile in which each medicine that nobody knows may be a supplement as well."""
    unknown = [
        Supplement(
            one.text or called_by_code(one),
            codes=one.codes,
            doubt="; ".join(filter(None, (one.doubt, EITHER))),
        )
        for one in dict.fromkeys(_items(profile.medications))
        if _is_unknown(recognition_of(Entry(one.text, one.codes), "medication", ruleset))
    ]
    supplements = [*_items(profile.supplements), *unknown][:MOST_ENTRIES]
    return evolve(profile, supplements=Entries(supplements) if unknown else profile.supplements)


def _is_unknown(told: Recognition) -> bool:
    return told.possible is ANYTHING and told.name is None and not told.named


def _joined(
    first: Entries[_T] | NoneReported | None, others: Sequence[Entries[_T] | NoneReported | None]
) -> Entries[_T] | NoneReported | None:
    added: list[_T] = [item for one in others for item in _items(one)]
    if not added:
        return first
    complete = first.complete if isinstance(first, Entries) else first is not None
    return Entries(_items(first) + tuple(added), complete=complete)
