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
    for citations in _citations(caveats, assessments):
        for one in citations:
            if one.source in cited:
                cited[one.source].update(one.passages)
            else:
                cited[one.source] = set(one.passages)
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
    return (*texts, *(one for one in _evidence(ruleset) if one.id in cited))


@lru_cache(maxsize=16)
def _evidence(ruleset: RuleSet) -> tuple[CitedSource, ...]:
    """Return the items of evidence as sources: of each there is nothing but the whole."""
    references = {one.id: one.words for one in ruleset.references}
    return tuple(
        CitedSource(
            key=one.key,
            id=one.id,
            title="; ".join(references[id_] for id_ in one.references),
            short=one.short,
            places=(),
            evidence=True,
        )
        for one in ruleset.evidence
    )


@lru_cache(maxsize=1_000)
def _places(source: Source, passages: frozenset[int]) -> tuple[CitedPlace, ...]:
    return tuple(CitedPlace(*one) for one in places_of(source, passages))


def _key(number: int) -> str:
    return ascii_uppercase[number] if number < len(ascii_uppercase) else f"S{number + 1}"


def _citations(
    caveats: Iterable[Caveat], assessments: Iterable[Assessment]
) -> Iterator[tuple[CitedPassages, ...]]:
    for caveat in caveats:
        yield caveat.citations
    for one in assessments:
        for part in chain[_Cites](one.findings, one.open_questions, one.caveats, one.silences):
            yield part.citations
        for claim in one.claims:
            yield claim.citations
            for side in claim.other_side:
                yield side.citations
