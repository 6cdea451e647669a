"""Laws 11 to 14, each as a function from an example to the failure that it shows, or None."""

from __future__ import annotations

from collections.abc import Iterable

from msrisk.model.concepts import closure

from .entry_company import company_assessed, company_recognised
from .entry_failures import ALLERGIES, PRODUCTS, Failure, closed, lost_of, weight_of
from .entry_names import Item, named, plain
from .entry_reader import BASE, Reader, Statuses
from .entry_words import (
    Company,
    Example,
    Moved,
    Reworded,
    Tailed,
    WordMore,
)

__all__ = ["Failure", "assessed", "recognised"]


def recognised(reader: Reader, example: Example) -> Failure | None:
    """Return how the reading of an entry breaks the law of the example."""
    match example:
        case Company():
            return company_recognised(reader, example)
        case Moved():
            return _moved_recognised(reader, example)
        case WordMore():
            return _word_more_recognised(reader, example)
        case Tailed():
            return _tailed_recognised(reader, example)
        case Reworded():
            return _reworded_recognised(reader, example)


def assessed(reader: Reader, example: Example) -> Failure | None:
    """Return how what the rules make of an entry breaks the law of the example."""
    match example:
        case Company():
            return company_assessed(reader, example)
        case Moved():
            return _moved_assessed(reader, example)
        case WordMore():
            return _word_more_assessed(reader, example)
        case Tailed():
            return _tailed_assessed(reader, example)
        case Reworded():
            return _reworded_assessed(reader, example)


# ---- 12: in any field ----


def _moved_recognised(reader: Reader, example: Moved) -> Failure | None:
    item, field = example.item, example.field
    home, places = reader.alone(item.text, item.home), reader.places
    if home.anything or home.refused or places.is_word(item.name, field):
        return None  # "Zn" is zinc, and among the illnesses German for "after"
    needed = set(home.all & places.looked_at)
    if field in {"conditions", "symptoms"} and plain(item.name) in named(reader.ruleset).ill:
        needed -= places.symptoms
    # Inside the name of a product a food is one that is borne, not one that is taken.
    needed -= places.symptoms if item.home == "allergies" else set()
    if field not in ALLERGIES and not places.says_allergy(item.text):
        needed -= places.allergens
        if _is_food(reader, item):
            needed -= places.covered | places.conditions
    after = reader.alone(item.text, field)
    if field in PRODUCTS and places.said_to_be_taken(item.name) & named(reader.ruleset).taken:
        needed -= places.conditions  # "On metformin" is there the medicine, and no more.
    if field == "allergies" and after.certain & places.allergens and places.is_reaction(item.name):
        # The reaction to a named allergen opens nothing.
        needed -= places.symptoms | (places.covered - after.certain)
    lost = lost_of(reader, needed, after)
    if not lost:
        return None
    kind = f"{item.sort} from {item.home} to {field}"
    return Failure(12, "recognise", kind, field, item.text, lost, f"the same in {item.home}")


def _is_food(reader: Reader, item: Item) -> bool:
    """Return whether a name is of what an allergy is to, and of an illness only by that."""
    allergies = item.home in ALLERGIES and item.sort in {"allergen", "term"}
    return allergies and plain(item.name) in named(reader.ruleset).foods


def _moved_assessed(reader: Reader, example: Moved) -> Failure | None:
    item, field, places = example.item, example.field, reader.places
    home = reader.alone(item.text, item.home)
    if home.anything or home.refused or places.is_word(item.name, field):
        return None
    # An allergy to a substance tells of a product of its own only where none is told.
    borne = field == "allergies" and bool(home.all & places.covered)
    beside = BASE[:1] if item.home == "supplements" or borne else BASE
    before = reader.statuses(item.text, item.home, beside)
    after = reader.statuses(item.text, field, beside)
    spared = set[str]()
    if field not in ALLERGIES and not places.says_allergy(item.text):
        spared |= places.of_allergies
        if _is_food(reader, item):
            spared |= places.of_conditions | places.of_other_conditions
    # A symptom told elsewhere is meant as no other one.
    if field != "symptoms":
        spared |= places.of_other_symptoms
    # What an allergy may be to may be taken; what is no allergy any more has no dose of it.
    if item.home == "allergies":
        spared |= places.of_doses
    # Among the allergies it is what something did.
    if field == "allergies" and places.is_reaction(item.name):
        spared |= places.of_other_conditions
        if reader.alone(item.text, field).certain & places.allergens:
            # "Anaphylaxis due to milk": the reaction to a named allergen opens nothing.
            spared |= places.of_symptoms | places.of_allergies
    # What a list is of decides for what is of no such sort by itself.
    if not home.all & places.drugs:
        spared |= places.of_any_medicine
    if not home.all & places.supplements:
        spared |= places.of_other_supplements
    if not home.all & places.other_conditions:
        spared |= places.of_other_conditions
    # A word that is an illness among the conditions, or a symptom among the symptoms, is that.
    if field in {"conditions", "symptoms"} and plain(item.name) in named(reader.ruleset).ill:
        spared |= places.of_any_medicine | places.of_other_conditions | places.of_symptoms
    if field in PRODUCTS and places.said_to_be_taken(item.name) & named(reader.ruleset).taken:
        # "On metformin" is there the medicine, and no more.
        spared |= places.of_conditions | places.of_other_conditions
    # No word inside the name of a product tells a symptom.
    if item.home in {"medications", "supplements"}:
        spared |= places.of_symptoms
    # A product that tells of an illness is a product among the products.
    if field in {"medications", "supplements"} and plain(item.name) in named(reader.ruleset).taken:
        spared |= places.of_other_conditions
    # That a medicine among the allergies leaves foods open is said of that list alone.
    if item.home == "allergies" and not home.all & places.allergens & places.looked_at:
        spared |= places.of_allergies
    lost = closed(before or {}, after, spared)
    if not lost:
        return None
    kind = f"{item.sort} from {item.home} to {field}"
    return Failure(12, "assess", kind, field, item.text, lost, f"the same in {item.home}")


# ---- 13: a word more ----


def _word_more_recognised(reader: Reader, example: WordMore) -> Failure | None:
    before = reader.alone(example.text, example.field)
    if before.refused or (example.place == "behind the name" and _is_longer(reader, example)):
        return None
    after = reader.told(example.longer, example.field)
    # What no rule looks at may be lost in an entry that may be anything: it is asked about.
    needed = before.all & reader.places.looked_at if after.anything else before.all
    if after.anything:
        # So is what it may be to.
        needed -= reader.places.allergens | reader.places.covered
    if _is_over_a_sign(example):
        kept = reader.places.classes if example.field in PRODUCTS else frozenset()
        needed = needed & (_parts_of(reader, example) | kept)
    lost = lost_of(reader, needed, after, anything=before.anything)
    if not lost:
        return None
    kind = f"{example.place}, {weight_of(reader, lost)}"
    field, longer = example.field, example.longer
    return Failure(13, "recognise", kind, field, longer, lost, repr(example.text))


def _is_longer(reader: Reader, example: WordMore | Tailed) -> bool:
    """Return whether the first words behind a name make a longer name of it.

    "Heparin gel" is another thing than heparin, and "Neo-Synephrine nasal" one name.
    """
    item, text = (
        (example.items[0], example.text)
        if isinstance(example, WordMore)
        else (example.item, example.tail)
    )
    name, words = plain(item.name), plain(text).removeprefix(plain(item.name)).split()
    longer = (" ".join((name, *words[:n])) for n in range(1, len(words) + 1))
    return any(one in named(reader.ruleset).names for one in longer)


def _is_over_a_sign(example: WordMore) -> bool:
    """Return whether a sign and a word stand between two things.

    No name or word of allergy goes over both: "milk, sugar" are no milk sugar then.
    """
    if example.place != "between two":
        return False
    return example.text != " ".join(item.text for item in example.items)


def _parts_of(reader: Reader, example: WordMore) -> frozenset[str]:
    """Return what the things in an entry tell, each alone."""
    told = (reader.alone(item.text, example.field).all for item in example.items)
    return frozenset[str]().union(*told)


def _word_more_assessed(reader: Reader, example: WordMore) -> Failure | None:
    before = reader.statuses_alone(example.text, example.field)
    if before is None:
        return None
    lost = closed(before, reader.statuses(example.longer, example.field))
    if not lost:
        return None
    field, longer = example.field, example.longer
    return Failure(13, "assess", example.place, field, longer, lost, repr(example.text))


# ---- 14: what changes nothing ----


def _tailed_recognised(reader: Reader, example: Tailed) -> Failure | None:
    alone = reader.alone(example.item.text, "medications")
    if example.what.startswith("route ") and _is_longer(reader, example):
        return None
    got = reader.told(example.tail, "medications")
    classes = alone.all & reader.places.classes
    certain = alone.certain & classes
    if example.counted is not None:
        # Another route may narrow what a name alone leaves open; these are what it is.
        classes &= _above(reader, example.counted)
        certain &= classes
    elif example.what == "indication":
        certain = frozenset()
    lost = lost_of(reader, classes, got)
    if not lost and certain - got.certain:
        lost = tuple(f"{one} as certain" for one in sorted(certain - got.certain))
    if not lost:
        return None
    told = repr(example.item.text)
    return Failure(14, "recognise", example.what, "medications", example.tail, lost, told)


def _above(reader: Reader, classes: Iterable[str]) -> frozenset[str]:
    within = {one.id: one.within for one in reader.ruleset.vocabulary.drug_classes}
    return closure(classes, within)


def _tailed_assessed(reader: Reader, example: Tailed) -> Failure | None:
    if example.counted is not None:
        return None  # Which rules stay is read from the classes that stay.
    before = reader.statuses_alone(example.item.text, "medications")
    lost = closed(before or {}, reader.statuses(example.tail, "medications"))
    if not lost:
        return None
    told = repr(example.item.text)
    return Failure(14, "assess", example.what, "medications", example.tail, lost, told)


_PARTS = ("concepts", "named", "possible", "heard", "says", "dose")


def _reworded_recognised(reader: Reader, example: Reworded) -> Failure | None:
    before = reader.alone(example.text, example.field)
    after = reader.told(example.other, example.field)
    differ = tuple(
        f"{name} (now {now!r})"
        for name, then, now in zip(_PARTS, before.whole, after.whole, strict=False)
        if then != now
    )
    if after.refused and not before.refused:
        differ = (f"refused: {after.refused}",)
    if not differ:
        return None
    told = repr(example.text)
    return Failure(14, "recognise", example.way, example.field, example.other, differ, told)


def _reworded_assessed(reader: Reader, example: Reworded) -> Failure | None:
    before = reader.statuses_alone(example.text, example.field)
    after = reader.statuses(example.other, example.field)
    if before is None or before == after:
        return None
    lost = ("refused",) if after is None else tuple(sorted(map(_change, _changed(before, after))))
    told = repr(example.text)
    return Failure(14, "assess", example.way, example.field, example.other, lost, told)


def _changed(before: Statuses, after: Statuses) -> Iterable[tuple[str, str, str]]:
    for key in before.keys() | after.keys():
        then, now = before.get(key, "closed"), after.get(key, "closed")
        if then != now:
            yield f"{key[1]} of {key[0]}", then, now


def _change(change: tuple[str, str, str]) -> str:
    rule, then, now = change
    return f"{rule} ({then}, now {now})"
