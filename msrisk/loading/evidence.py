"""Checks the evidence of a rule set: what it bears on, what it is from, and who rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msrisk.errors import Problem
from msrisk.model.checks import did_you_mean
from msrisk.model.concepts import Possible
from msrisk.model.rules import Basis, Claim, Kind, Rule, RuleSet, Threshold

__all__ = ["problems_of_evidence"]

_NUMBERS: Final = ("doi", "pmid", "pmcid", "number")


def problems_of_evidence(
    ruleset: RuleSet, places: Mapping[int, str], broken: Possible = frozenset()
) -> list[Problem]:
    """Return everything that is wrong with evidence as a whole; arguments as `problems_of`."""
    check = _Check(ruleset, places, broken)
    return [*check.items(), *check.references(), *check.citations(), *check.wordings()]


class _Check:
    def __init__(self, ruleset: RuleSet, places: Mapping[int, str], broken: Possible) -> None:
        self.ruleset = ruleset
        self.places = places
        self.broken = broken
        self.rules = {one.id: one for one in ruleset.rules}
        self.packs = {one.id: one.pack for one in ruleset.evidence}

    def known(
        self, where: str, ids: Iterable[str], known: Iterable[str], what: str
    ) -> Iterator[Problem]:
        all_ = frozenset(known)
        for id_ in ids:
            if id_ not in all_ and id_ not in self.broken:
                yield Problem(where, f"the id of {what}", f"`{id_}`{did_you_mean(id_, all_)}")

    def items(self) -> Iterator[Problem]:
        """Yield every item that bears on nothing, fills no silence or is from nowhere."""
        said = (*self.rules, *(claim.id for claim in self.ruleset.claims))
        silences = [id_ for id_, rule in self.rules.items() if rule.kind is Kind.SILENCE]
        references = [one.id for one in self.ruleset.references]
        for item in self.ruleset.evidence:
            at = self.places[id(item)]
            yield from self.known(f"{at}: references", item.references, references, "a reference")
            for key in ("corroborates", "contradicts", "qualifies"):
                ids = getattr(item, key)
                yield from self.known(f"{at}: {key}", ids, said, "a rule or claim")
                for id_ in sorted({*ids} & {*silences}):
                    yield Problem(f"{at}: {key}", "rules and claims; a silence is filled", id_)
            yield from self.known(f"{at}: fills", item.fills, silences, "a silence")
            yield from self._pack(at, item.pack)

    def references(self) -> Iterator[Problem]:
        """Yield every reference that stands there twice, or that nothing is from."""
        used = {id_ for item in self.ruleset.evidence for id_ in item.references}
        first: dict[tuple[str, str], str] = {}
        for one in self.ruleset.references:
            at = self.places[id(one)]
            for key in _NUMBERS:
                number = getattr(one, key).casefold()
                found = first.setdefault((key, number), at) if number else at
                if found != at:
                    yield Problem(f"{at}: {key}", "a source of its own", f"that of {found}")
            if one.id not in used and self.broken == frozenset():
                yield Problem(at, "an item that is from it", "none")
            yield from self._pack(at, one.pack)

    def citations(self) -> Iterator[Problem]:
        """Yield every rule of this basis that rests on no evidence, and every other that does."""
        sides: tuple[Rule | Claim | Threshold, ...] = (
            *self.ruleset.rules,
            *self.ruleset.claims,
            *self.ruleset.thresholds,
        )
        for one in sides:
            at = f"{self.places[id(one)]}: cites"
            cited = [citation.evidence for citation in one.cites if citation.evidence]
            yield from self.known(at, cited, self.packs, "an item of evidence")
            rests = isinstance(one, Rule) and one.basis is Basis.EVIDENCE
            if rests is not bool(cited):
                expected = 'evidence in a rule with basis = "evidence", and nowhere else'
                yield Problem(at, expected, "evidence" if cited else "none")
            if isinstance(one, Rule) and any(
                self.packs.get(id_, one.pack) != one.pack for id_ in cited
            ):
                yield Problem(at, f"evidence of the pack {one.pack}", "that of another")

    def wordings(self) -> Iterator[Problem]:
        """Yield every wording of no rule, of a rule of its own pack, or of one worded twice."""
        seen: set[str] = set()
        for one in self.ruleset.wordings:
            at = self.places[id(one)]
            yield from self.known(f"{at}: of", [one.of], self.rules, "a rule")
            if one.of in self.rules and self.rules[one.of].pack == one.pack:
                yield Problem(f"{at}: of", "a rule of another pack", "one of this pack")
            if one.of in seen:
                yield Problem(f"{at}: of", "each rule once", f"`{one.of}` again")
            seen.add(one.of)
            yield from self._pack(at, one.pack)

    def _pack(self, at: str, pack: str) -> Iterator[Problem]:
        given = filter(None, [pack])
        yield from self.known(f"{at}: pack", given, self.ruleset.packs, "a rule pack")
