"""Law 11, in company as alone, with the limits that the design sets to it."""

from __future__ import annotations

from .entry_failures import ALLERGIES, PRODUCTS, Failure, closed, lost_of, weight_of
from .entry_names import Item, named, plain
from .entry_reader import Reader
from .entry_words import Company

__all__ = ["company_assessed", "company_recognised"]

_DASHES = ("-", "–", "—")


def _is_one_name(reader: Reader, example: Company) -> bool:
    """Return whether the entry, or what stands before a dose in it, is one name as written.

    Words before it that name nothing, such as "some" or "allergic", leave it one; so does
    the name of an allergen that is a word in this list, such as "polvo" among the products.
    The sign that ends a name before it, as in "A.L.A." and "NAD+", is one. Of words with an
    "and" between them those behind it stand before the name: "anaesthetics and the like".
    """
    before, field = example.before.rpartition(" and ")[2], example.field
    if not example.form.soft or example.first.tail:
        return False
    stands_alone = not before or before.endswith((".", "+")) or reader.places.is_word(before, field)
    if not (stands_alone or reader.alone(before, field).words):
        return False
    second = Item(example.second.name, "", "")
    return plain(example.form.of(example.first, second)) in named(reader.ruleset).names


def _is_torn(reader: Reader, example: Company) -> bool:
    """Return whether the two items are the halves of one name."""
    whole = plain(f"{example.first.name} {example.second.name}")
    return whole in named(reader.ruleset).names


def _ends_a_name(reader: Reader, example: Company, item: Item) -> bool:
    """Return whether the first item ends a name that begins before it: "T2DM insulin requiring"."""
    whole = plain(f"{example.before} {item.text}")
    return item is example.first and whole in named(reader.ruleset).names


def _says_of_the_other(reader: Reader, example: Company, item: Item) -> bool:
    """Return whether an item is of words that in this list say something of the name beside it.

    "Infusion" is a route there, "allergy" tells what the other one is, and "Zn" is German for
    "after"; "Alka-Seltzer plus" is a name, whatever follows.
    """
    if example.form.name == "plus" and plain(f"{item.text} plus") in named(reader.ruleset).names:
        return item is example.first
    if example.field in PRODUCTS and any(word.isdigit() for word in item.name.split()):
        # "Infusion every 6 months" says how the other one is given.
        return all(reader.alone(word, example.field).words for word in item.name.split())
    if _is_way(reader, example, item):
        return True
    word = reader.places.is_word(item.name, example.field)
    return word or reader.alone(item.text, example.field).words


def _is_way(reader: Reader, example: Company, item: Item) -> bool:
    """Return whether an item says how a medicine is given that stands before it: "infusions"."""
    medicine = reader.alone(example.first.name, "medications").all & reader.places.drugs
    routes = {plain(word) for word, _ in named(reader.ruleset).routes}
    behind = item is example.second and example.form.name == "blank"
    return behind and bool(medicine) and plain(item.name) in routes


def _by_its_tail(reader: Reader, field: str, item: Item) -> frozenset[str]:
    """Return what a route behind a name tells alone: "infusion" is how a medicine is given.

    Among the illnesses, where it is not understood alone, it lets a name be read in two ways.
    """
    if not item.tail or item.home == "conditions":
        return frozenset()  # beside an illness it tells of a medicine that is not named
    name, text = reader.alone(item.name, field), reader.alone(item.text, field)
    tail = text if text.anything and not name.anything else reader.alone(item.tail, field)
    # What it takes away among the medicines it may take away where it is understood.
    away = reader.alone(item.name, "medications").all - reader.alone(item.text, "medications").all
    return (tail.all - name.all) | away


def _form(example: Company) -> str:
    return f"{example.form.name} behind another" if example.before else example.form.name


def _needed_in_company(reader: Reader, example: Company, item: Item, other: Item) -> set[str]:
    """Return what an item must tell beside the other one: all but the reactions to it."""
    places, field = reader.places, example.field
    alone = reader.alone(item.text, field)
    # What no rule looks at may give way to the longer name.
    needed = set(alone.all & places.looked_at) - _by_its_tail(reader, field, item)
    if _is_vaccine(reader, item):
        needed -= places.conditions  # the illness in its name is what it prevents
    if _is_eaten_with(reader, example, item):
        needed -= places.covered
    if _may_be_the_supplement(reader, field, other):
        return needed
    aside = example.form.name in _DASHES or "(" in item.text
    if field == "conditions" and aside and _bears(reader, other):
        return needed - places.symptoms
    if field in {"symptoms", "conditions"}:
        return _not_as_allergen(reader, field, item, other, needed)
    needed -= places.symptoms
    reaction = field == "allergies" and _is_reaction(reader, example, item)
    if reaction and _allergen_beside(reader, example, other):
        # What a reaction may come from, and the illness that it may be, are told by the allergen.
        needed -= (places.conditions | places.allergens | places.covered) - alone.certain
        needed -= places.conditions if _did_all(reader, example, item) else set()
    if _is_what_for(reader, example, item):
        needed -= places.conditions - alone.certain
    return needed


def _is_vaccine(reader: Reader, item: Item) -> bool:
    named_there = reader.alone(item.name, "medications").certain
    return item.home in PRODUCTS and any(one.endswith("-vaccine") for one in named_there)


def _is_what_for(reader: Reader, example: Company, item: Item) -> bool:
    """Return whether an item is a symptom behind a dash, which a medicine is taken for."""
    aside = example.form.name in _DASHES and example.field in PRODUCTS
    return aside and _is_symptom(reader, item)


def _is_eaten_with(reader: Reader, example: Company, item: Item) -> bool:
    """Return whether an item is a food with which a medicine is taken: "with milk"."""
    behind = example.form.name == "with" and item is example.second
    food = plain(item.name) in named(reader.ruleset).foods
    return behind and food and example.field in PRODUCTS


def _not_as_allergen(
    reader: Reader, field: str, item: Item, other: Item, needed: set[str]
) -> set[str]:
    """Return what is needed of words that words of allergy beside them make an allergen.

    Alone in that list they were not understood.
    """
    allergen = item.home in ALLERGIES and reader.places.says_allergy(other.text)
    if allergen and reader.alone(item.text, field).anything:
        return needed - reader.places.covered
    return needed


def _is_symptom(reader: Reader, item: Item) -> bool:
    """Return whether an item is a symptom, and an illness by that alone."""
    return bool(reader.alone(item.text, "symptoms").certain & reader.places.symptoms)


def _is_reaction(reader: Reader, example: Company, item: Item) -> bool:
    """Return whether an item is what an allergen did."""
    return _did_all(reader, example, item) or _is_symptom(reader, item)


def _did_all(reader: Reader, example: Company, item: Item) -> bool:
    """Return whether an item, or the name that it is the half of, is known as a reaction."""
    whole = f"{example.first.name} {example.second.name}"
    torn = _is_torn(reader, example) and reader.places.is_reaction(whole)
    return torn or reader.places.is_reaction(item.name)


def _allergen_beside(reader: Reader, example: Company, other: Item) -> bool:
    """Return whether an allergen is named beside an item, by the other one or before both."""
    before = Item(example.before, "", "") if example.before else None
    return _bears(reader, other) or (before is not None and _bears(reader, before))


def _bears(reader: Reader, other: Item) -> bool:
    """Return whether an item names what one may be allergic to."""
    places = reader.places
    borne = places.allergens | places.drugs | places.supplements
    return bool(reader.alone(other.text, "allergies").all & borne)


def _may_be_the_supplement(reader: Reader, field: str, other: Item) -> bool:
    return bool(reader.alone(other.text, field).all & reader.places.covered)


def company_recognised(reader: Reader, example: Company) -> Failure | None:
    first, second = example.first, example.second
    if _is_one_name(reader, example):
        return None
    got = reader.told(example.text, example.field)
    for item, other in ((first, second), (second, first)):
        alone = reader.alone(item.text, example.field)
        if alone.refused or (alone.anything and _is_torn(reader, example)):
            continue  # half a name, which means nothing alone
        if _says_of_the_other(reader, example, item) or _ends_a_name(reader, example, item):
            continue
        if item.home == "conditions" and item.tail and _is_torn(reader, example):
            continue  # the whole name says what it is treated with
        needed = _needed_in_company(reader, example, item, other)
        needed -= reader.places.symptoms if _is_torn(reader, example) else set()
        at_home = item.home == example.field
        lost = lost_of(reader, needed, got, anything=alone.anything and at_home)
        if lost:
            where = "where it is told" if at_home else "elsewhere"
            kind = f"{_form(example)}, {where}, {weight_of(reader, lost)}"
            return Failure(11, "recognise", kind, example.field, example.text, lost, item.text)
    return None


def company_assessed(reader: Reader, example: Company) -> Failure | None:
    first, second, field = example.first, example.second, example.field
    if _is_one_name(reader, example):
        return None
    got = reader.statuses(example.text, field)
    places = reader.places
    for item, other in ((first, second), (second, first)):
        needed = reader.statuses_alone(item.text, field)
        if needed is None:
            continue
        if reader.alone(item.text, field).anything and (
            _is_torn(reader, example) or item.home != field
        ):
            continue  # what is not understood in another list is asked about in any company
        if _says_of_the_other(reader, example, item) or _ends_a_name(reader, example, item):
            continue
        if _is_eaten_with(reader, example, item) or _by_its_tail(reader, field, item):
            continue
        alone = reader.alone(item.text, field)
        reaction = field == "allergies" and (
            places.is_reaction(item.name) or not alone.all.isdisjoint(places.symptoms)
        )
        if reaction and (alone.anything or not _may_be_the_supplement(reader, field, other)):
            continue  # what the other one did
        spared = set[str]()
        if field not in {"symptoms", "conditions"} and not _may_be_the_supplement(
            reader, field, other
        ):
            spared |= places.of_symptoms
        if _is_what_for(reader, example, item):
            spared |= places.of_conditions | places.of_other_conditions
        if field == "allergies" and spared:
            spared |= places.of_other_conditions
        if example.before or _may_be_the_supplement(reader, field, other):
            # Two products add up; one that is borne is not taken as well.
            spared |= places.of_doses if field == "allergies" else places.of_less
            # An allergy to a product of one substance is none to that of its neighbour.
            if places.says_allergy(item.text) and alone.all & places.covered:
                spared |= places.of_allergies
        if places.says_allergy(other.text) and alone.all & places.covered:
            spared |= places.of_doses  # what an allergy may be to is not said to be taken
        if alone.all & reader.alone(other.text, field).certain & places.covered:
            # "Lipoid acid" beside a product of lipoic acid is no other supplement.
            spared |= places.of_other_supplements
        if _is_torn(reader, example):
            # Half a name is no further illness or medicine; what rules ask for stays.
            spared |= places.of_other_conditions | places.of_any_medicine | places.of_symptoms
            spared |= places.of_other_symptoms
            # Nor does it leave foods open, as a medicine among the allergies does.
            # The whole is what the allergy is to, and not said to be taken.
            spared |= places.of_doses if field == "allergies" else frozenset()
            names_food = alone.all & places.allergens & places.looked_at
            spared |= frozenset() if names_food else places.of_allergies
        lost = closed(needed, got, spared)
        if lost:
            where = "where it is told" if item.home == field else "elsewhere"
            kind = f"{_form(example)}, {where}"
            return Failure(11, "assess", kind, field, example.text, lost, item.text)
    return None
