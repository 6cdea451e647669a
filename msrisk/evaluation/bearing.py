"""Lists the evidence that bears on what a report says, the best of each side marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final, Protocol

from attrs import frozen

from msrisk.model.evidence import Grade, Item, Reference, Relation
from msrisk.model.results import Assessment, Bearing, Caveat, EvidenceUsed
from msrisk.model.rules import RuleSet
from msrisk.model.sources import CitedPassages

__all__ = ["Side", "bearing_on", "evidence_used"]

# Which relations speak for a statement, and which against it, the stronger before the weaker.
_FOR: Final = (Relation.CORROBORATES, Relation.FILLS)
_AGAINST: Final = (Relation.CONTRADICTS, Relation.QUALIFIES)
_GRADES: Final = tuple(Grade)


class _OfRule(Protocol):
    @property
    def rule(self) -> str: ...
    @property
    def citations(self) -> tuple[CitedPassages, ...]: ...


@frozen
class Side:
    """An item that bears on something, and whether it is the best of its side there."""

    item: Item
    relation: Relation
    best: bool


@lru_cache(maxsize=16)
def bearing_on(ruleset: RuleSet) -> Mapping[str, tuple[Side, ...]]:
    """Return for each rule and claim what bears on it, the best of each side first."""
    references = {one.id: one for one in ruleset.references}
    items = sorted(ruleset.evidence, key=lambda item: _rank(item, references))
    found: dict[str, list[tuple[Item, Relation]]] = {}
    for item in items:
        for id_, relation in item.bears_on:
            found.setdefault(id_, []).append((item, relation))
    return {id_: _sides(those) for id_, those in found.items()}


def _rank(item: Item, references: Mapping[str, Reference]) -> tuple[int, bool]:
    grades = (_GRADES.index(references[id_].kind) for id_ in item.references)
    return min(grades), item.certainty != "high"


def _sides(those: Iterable[tuple[Item, Relation]]) -> tuple[Side, ...]:
    sides: list[Side] = []
    pairs = list(those)
    for relations in (_FOR, _AGAINST):
        order = [pair for relation in relations for pair in pairs if pair[1] is relation]
        sides += [
            Side(item, relation, best=not place) for place, (item, relation) in enumerate(order)
        ]
    return tuple(sides)


def evidence_used(
    caveats: Iterable[Caveat], assessments: Iterable[Assessment], ruleset: RuleSet
) -> tuple[EvidenceUsed, ...]:
    """Return each item that bears on something said, or that it rests on, in order of ids."""
    if not ruleset.evidence:
        return ()
    said: dict[str, None] = {}
    # By item, the rules and claims that it bears on; on none, if it is only cited.
    found: defaultdict[str, list[str]] = defaultdict(list)
    for part in _parts(caveats, assessments):
        said[part.rule] = None
        for cited in part.citations:
            _ = found[cited.source]
    for one in assessments:
        said.update(dict.fromkeys(claim.claim for claim in one.claims))
    items = _items_on(ruleset)
    for id_ in said:
        for item in items.get(id_, ()):
            found[item].append(id_)
    return tuple(
        _used(ruleset, number, tuple(found[item.id]))
        for number, item in enumerate(ruleset.evidence)
        if item.id in found
    )


def _parts(caveats: Iterable[Caveat], assessments: Iterable[Assessment]) -> Iterable[_OfRule]:
    yield from caveats
    for one in assessments:
        yield from chain[_OfRule](one.findings, one.open_questions, one.caveats, one.silences)


def _of_item(item: Item, ruleset: RuleSet) -> tuple[Reference, ...]:
    found = [one for one in ruleset.references if one.id in item.references]
    return tuple(sorted(found, key=lambda one: _GRADES.index(one.kind)))


@lru_cache(maxsize=16)
def _items_on(ruleset: RuleSet) -> Mapping[str, tuple[str, ...]]:
    """Return for each rule and claim the ids of the items that bear on it."""
    return {
        id_: tuple(side.item.id for side in sides) for id_, sides in bearing_on(ruleset).items()
    }


# By names, which are quickly compared: a report has a hundred of them.
@lru_cache(maxsize=2_000)
def _used(ruleset: RuleSet, number: int, bears_on: tuple[str, ...]) -> EvidenceUsed:
    """Return the item of this number, which bears on these rules and claims."""
    item = ruleset.evidence[number]
    sides = bearing_on(ruleset)
    best, *others = of = _of_item(item, ruleset)
    changed = [f"{one.checked.retraction.value.upper()}: {one.checked.note}" for one in of]
    return EvidenceUsed(
        id=item.id,
        key=item.key,
        statement=item.statement,
        brief=item.short,
        kind=best.kind.value,
        year=best.year,
        identifier=best.identifier,
        read=best.read.value,
        certainty=item.certainty,
        why=item.why,
        figures=item.figures.words,
        frequency=item.figures.frequency,
        references=tuple(one.words for one in of),
        checked_on=min(one.checked.on for one in of),
        retraction="; ".join(dict.fromkeys(one.checked.retraction.value for one in of)),
        changes=tuple(
            said for said, one in zip(changed, (best, *others), strict=True) if one.checked.note
        ),
        bears_on=tuple(
            Bearing(id_, side.relation.value, side.best)
            for id_ in bears_on
            for side in sides[id_]
            if side.item.id == item.id
        ),
    )
