"""Laws 11 to 14, each as a function from an example to the failure that it shows, or None."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import frozen

from msrisk.model.concepts import closure

from .entry_names import Item, named, plain
from .entry_reader import BASE, Reader, Statuses, Told
from .entry_words import (
    Company,
    Example,
    Moved,
    Reworded,
    Tailed,
    WordMore,
)

__all__ = ["Failure", "assessed", "recognised"]


@frozen
class Failure:
    """That an example breaks a law.

    Attributes:
        law: its number.
        level: "recognise" or "assess".
        kind: what failures that are alike have in common.
        field: the list that the entry stands in.
        text: the entry.
        lost: the ids or rules that are lost, or what differs.
        than: what tells them.

    """

    law: int
    level: str
    kind: str
    field: str
    text: str
    lost: tuple[str, ...]
    than: str

    def __str__(self) -> str:
        lost = ", ".join(self.lost)
        start = f"law {self.law} on {self.level}, {self.kind}"
        return f"{start}: {self.field}: {self.text!r} loses {lost}, told by {self.than}"


def recognised(reader: Reader, example: Example) -> Failure | None:
    """Return how the reading of an entry breaks the law of the example."""
    match example:
        case Company():
            return _company_recognised(reader, example)
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
            return _company_assessed(reader, example)
        case Moved():
            return _moved_assessed(reader, example)
        case WordMore():
            return _word_more_assessed(reader, example)
        case Tailed():
            return _tailed_assessed(reader, example)
        case Reworded():
            return _reworded_assessed(reader, example)


# In these lists a food or a medicine that is named may be what an allergy is to.
ALLERGIES = ("allergies", "conditions")


# ---- 11: in company as alone ----


def _is_one_name(reader: Reader, example: Company) -> bool:
    """Return whether the entry, or what stands before a dose in it, is one name as written."""
    if not example.form.soft or example.before or example.first.tail:
        return False
    second = Item(example.second.name, "", "")
    return plain(example.form.of(example.first, second)) in named(reader.ruleset).names


def _is_torn(reader: Reader, example: Company) -> bool:
    """Return whether the two items are the halves of one name."""
    whole = plain(f"{example.first.name} {example.second.name}")
    return whole in named(reader.ruleset).names


def _form(example: Company) -> str:
    return f"{example.form.name} behind another" if example.before else example.form.name


def _needed_in_company(reader: Reader, example: Company, item: Item, other: Item) -> set[str]:
    """Return what an item must tell beside the other one: all but the reactions to it."""
    places = reader.places
    # What no rule looks at may give way to the longer name.
    needed = set(reader.alone(item.text, example.field).all & reader.places.looked_at)
    if example.field in {"symptoms", "conditions"}:
        return needed
    if _may_be_the_supplement(reader, example.field, other):
        return needed
    needed -= places.symptoms
    if example.field == "allergies" and places.is_reaction(item.name):
        needed -= places.conditions
    return needed


def _may_be_the_supplement(reader: Reader, field: str, other: Item) -> bool:
    return bool(reader.alone(other.text, field).all & reader.places.covered)


def _company_recognised(reader: Reader, example: Company) -> Failure | None:
    first, second = example.first, example.second
    if _is_one_name(reader, example):
        return None
    got = reader.told(example.text, example.field)
    for item, other in ((first, second), (second, first)):
        alone = reader.alone(item.text, example.field)
        if alone.refused or (alone.anything and _is_torn(reader, example)):
            continue  # half a name, which means nothing alone
        needed = _needed_in_company(reader, example, item, other)
        needed -= reader.places.symptoms if _is_torn(reader, example) else set()
        at_home = item.home == example.field
        lost = _lost(reader, needed, got, anything=alone.anything and at_home)
        if lost:
            where = "where it is told" if at_home else "elsewhere"
            kind = f"{_form(example)}, {where}, {_weight(reader, lost)}"
            return Failure(11, "recognise", kind, example.field, example.text, lost, item.text)
    return None


def _lost(
    reader: Reader, needed: Iterable[str], got: Told, *, anything: bool = False
) -> tuple[str, ...]:
    if got.refused:
        return (f"refused: {got.refused}",)
    lost = sorted(set(needed) - got.all, key=lambda one: (one not in reader.places.looked_at, one))
    if anything and not got.anything:
        lost.append("that it may be anything")
    return tuple(lost)


def _weight(reader: Reader, lost: tuple[str, ...]) -> str:
    """Return whether something is lost that a rule looks at."""
    if lost[0].startswith("refused"):
        return "refused"
    return "a rule's" if lost[0] in reader.places.looked_at else "no rule's"


def _company_assessed(reader: Reader, example: Company) -> Failure | None:
    first, second, field = example.first, example.second, example.field
    if _is_one_name(reader, example):
        return None
    got = reader.statuses(example.text, field)
    places = reader.places
    for item, other in ((first, second), (second, first)):
        needed = reader.statuses_alone(item.text, field)
        if needed is None:
            continue
        if reader.alone(item.text, field).anything and _is_torn(reader, example):
            continue
        alone = reader.alone(item.text, field)
        reaction = field == "allergies" and (
            places.is_reaction(item.name)
            or not alone.all.isdisjoint(places.symptoms)
            or re.search("anaphyla|allergic reaction", item.name, re.IGNORECASE) is not None
        )
        if reaction and (alone.anything or not _may_be_the_supplement(reader, field, other)):
            continue  # what the other one did
        spared = set[str]()
        if field not in {"symptoms", "conditions"} and not _may_be_the_supplement(
            reader, field, other
        ):
            spared |= places.of_symptoms
        if field == "allergies" and spared:
            spared |= places.of_other_conditions
        if example.before or _may_be_the_supplement(reader, field, other):
            spared |= places.of_less  # Two products add up.
        if _is_torn(reader, example):
            # Half a name is no further illness or medicine; what rules ask for stays.
            spared |= places.of_other_conditions | places.of_any_medicine | places.of_symptoms
        lost = _closed(needed, got, spared)
        if lost:
            where = "where it is told" if item.home == field else "elsewhere"
            kind = f"{_form(example)}, {where}"
            return Failure(11, "assess", kind, field, example.text, lost, item.text)
    return None


def _closed(needed: Statuses, got: Statuses | None, spared: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the rules that were true or unknown and are false."""
    if got is None:
        return ("refused",)
    left = set(spared)
    return tuple(
        sorted(
            f"{rule} of {substance} ({status})"
            for (substance, rule), status in needed.items()
            if (substance, rule) not in got and rule not in left
        )
    )


# ---- 12: in any field ----


def _moved_recognised(reader: Reader, example: Moved) -> Failure | None:
    item, field = example.item, example.field
    home, places = reader.alone(item.text, item.home), reader.places
    if home.anything or home.refused:
        return None
    needed = set(home.all & places.looked_at)
    if field in {"conditions", "symptoms"} and plain(item.name) in named(reader.ruleset).ill:
        needed -= places.symptoms
    # Inside the name of a product a food is one that is borne, not one that is taken.
    needed -= places.symptoms if item.home == "allergies" else set()
    if field not in ALLERGIES and not places.says_allergy(item.text):
        needed -= places.allergens
        if _is_food(reader, item):
            needed -= places.covered | places.conditions
    lost = _lost(reader, needed, reader.alone(item.text, field))
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
    if home.anything or home.refused:
        return None
    beside = BASE[:1] if item.home == "supplements" else BASE
    before = reader.statuses(item.text, item.home, beside)
    after = reader.statuses(item.text, field, beside)
    spared = set[str]()
    if field not in ALLERGIES and not places.says_allergy(item.text):
        spared |= places.of_allergies
        if _is_food(reader, item):
            spared |= places.of_conditions | places.of_other_conditions
    # What a list is of decides for what is of no such sort by itself.
    if not home.all & places.drugs:
        spared |= places.of_any_medicine
    if not home.all & places.supplements:
        spared |= places.of_other_supplements
    if not home.all & places.conditions:
        spared |= places.of_other_conditions
    # A word that is an illness among the conditions, or a symptom among the symptoms, is that.
    if field in {"conditions", "symptoms"} and plain(item.name) in named(reader.ruleset).ill:
        spared |= places.of_any_medicine | places.of_other_conditions | places.of_symptoms
    # No word inside the name of a product tells a symptom.
    if item.home in {"medications", "supplements"}:
        spared |= places.of_symptoms
    # A product that tells of an illness is a product among the products.
    if field in {"medications", "supplements"} and plain(item.name) in named(reader.ruleset).taken:
        spared |= places.of_other_conditions
    # That a medicine among the allergies leaves foods open is said of that list alone.
    if item.home == "allergies" and not home.all & places.allergens & places.looked_at:
        spared |= places.of_allergies
    lost = _closed(before or {}, after, spared)
    if not lost:
        return None
    kind = f"{item.sort} from {item.home} to {field}"
    return Failure(12, "assess", kind, field, item.text, lost, f"the same in {item.home}")


# ---- 13: a word more ----


def _word_more_recognised(reader: Reader, example: WordMore) -> Failure | None:
    before = reader.alone(example.text, example.field)
    if before.refused:
        return None
    after = reader.told(example.longer, example.field)
    lost = _lost(reader, before.all, after, anything=before.anything)
    if not lost:
        return None
    kind = f"{example.place}, {_weight(reader, lost)}"
    field, longer = example.field, example.longer
    return Failure(13, "recognise", kind, field, longer, lost, repr(example.text))


def _word_more_assessed(reader: Reader, example: WordMore) -> Failure | None:
    before = reader.statuses_alone(example.text, example.field)
    if before is None:
        return None
    lost = _closed(before, reader.statuses(example.longer, example.field))
    if not lost:
        return None
    field, longer = example.field, example.longer
    return Failure(13, "assess", example.place, field, longer, lost, repr(example.text))


# ---- 14: what changes nothing ----


def _tailed_recognised(reader: Reader, example: Tailed) -> Failure | None:
    alone = reader.alone(example.item.text, "medications")
    got = reader.told(example.tail, "medications")
    classes = alone.all & reader.places.classes
    certain = alone.certain & classes
    if example.counted is not None:
        # Another route may narrow what a name alone leaves open; these are what it is.
        classes &= _above(reader, example.counted)
        certain &= classes
    elif example.what == "indication":
        certain = frozenset()
    lost = _lost(reader, classes, got)
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
    lost = _closed(before or {}, reader.statuses(example.tail, "medications"))
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
