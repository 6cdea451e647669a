"""Patients who tell in plain words what two vocabularies have different, whatever a diff says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.model.concepts import Concept, Drug, DrugClass, Term, WordKind, Words
from msrisk.model.profile import (
    LIST_FIELDS,
    NONE_REPORTED,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.rules import RuleSet

__all__ = ["patients_around"]

Member = Drug | DrugClass | Concept | Term | Words
MOST_NAMES = 4


def patients_around(old: RuleSet, new: RuleSet) -> Iterator[PatientProfile]:
    """Yield patients who take all substances, and tell one changed thing in one list."""
    before, after = _members(old), _members(new)
    changed = [
        one for id_, one in {**before, **after}.items() if id_ not in before or id_ not in after
    ]
    if not changed:
        return
    words = dict.fromkeys(text for one in changed for text in _texts(one, old))
    for text in ("no known drug allergies", *words):
        for field in LIST_FIELDS:
            yield _patient(old, field, text)


def _members(ruleset: RuleSet) -> dict[int, Member]:
    """Return all members of the vocabulary by identity: a mutant shares what it leaves alone."""
    words = ruleset.vocabulary
    groups: tuple[Iterable[Member], ...] = (
        words.drugs,
        words.drug_classes,
        words.concepts,
        words.terms,
        words.words,
    )
    return {id(one): one for group in groups for one in group}


def _texts(one: Member, ruleset: RuleSet) -> Iterator[str]:
    if isinstance(one, Words):
        yield from one.words[:MOST_NAMES]
        return
    names = one.names if isinstance(one, Term) else (one.name, *one.names)
    for name in names[:MOST_NAMES]:
        yield name
        yield f"no {name}"
    if isinstance(one, Drug):
        for list_ in ruleset.vocabulary.words:
            if list_.kind is WordKind.ROUTE:
                yield f"{one.name} {list_.words[0]}"


def _patient(ruleset: RuleSet, field: str, text: str) -> PatientProfile:
    lists: dict[str, Entries[Entry] | Entries[Supplement] | NoneReported] = dict.fromkeys(
        LIST_FIELDS, NONE_REPORTED
    )
    taken = tuple(Supplement(one.name, taking=True) for one in ruleset.substances)
    lists["supplements"] = Entries(taken, complete=True)
    if field == "supplements":
        lists[field] = Entries((*taken, Supplement(text)), complete=True)
    else:
        lists[field] = Entries((Entry(text),), complete=True)
    return PatientProfile(**lists, age_years=45, weight_kg=70)  # type: ignore[arg-type]  # each list is of its own type
