"""Lists the sources that a report cites, each once, with every passage cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from string import ascii_uppercase
from typing import Protocol

from msrisk.model.results import Assessment, Caveat, CitedPlace, CitedSource
from msrisk.model.rules import RuleSet
from msrisk.model.sources import CitedPassages, Source, places_of

__all__ = ["cited_sources"]


class _Cites(Protocol):
    @property
    def citations(self) -> tuple[CitedPassages, ...]: ...


def cited_sources(
    caveats: Iterable[Caveat], assessments: Iterable[Assessment], ruleset: RuleSet
) -> tuple[CitedSource, ...]:
    """Return the cited sources in the order of the rule set, whose place gives the letter.

    Behind the texts stand the items of evidence that something rests on.
    """
    cited: dict[str, set[int]] = {}
    for one in _citations(caveats, assessments):
        cited.setdefault(one.source, set()).update(one.passages)
    texts = (
        CitedSource(
            key=_key(number),
            id=source.id,
            title=source.title,
            short=source.short or source.title,
            places=_places(source, frozenset(cited[source.id])),
        )
        for number, source in enumerate(ruleset.sources)
        if source.id in cited
    )
    references = {one.id: one.words for one in ruleset.references}
    evidence = (
        CitedSource(
            key=one.key,
            id=one.id,
            title="; ".join(references[id_] for id_ in one.references),
            short=one.short,
            places=(),
            evidence=True,
        )
        for one in ruleset.evidence
        if one.id in cited
    )
    return (*texts, *evidence)


@lru_cache(maxsize=1_000)
def _places(source: Source, passages: frozenset[int]) -> tuple[CitedPlace, ...]:
    return tuple(CitedPlace(*one) for one in places_of(source, passages))


def _key(number: int) -> str:
    return ascii_uppercase[number] if number < len(ascii_uppercase) else f"S{number + 1}"


def _citations(
    caveats: Iterable[Caveat], assessments: Iterable[Assessment]
) -> Iterator[CitedPassages]:
    for caveat in caveats:
        yield from caveat.citations
    for one in assessments:
        sides = (side for claim in one.claims for side in claim.other_side)
        parts = chain[_Cites](
            *(one.findings, one.open_questions, one.caveats, one.silences, one.claims), sides
        )
        for part in parts:
            yield from part.citations
