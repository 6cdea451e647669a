"""Smallest patients: for each way in which a rule can fire, one of each sort that does it.

Truth only grows with an entry added, a list left open, or a "no" that becomes unknown or
"yes". So whoever gets a finding or an open question contains one of these patients, who
gets it too; and a rule that keeps it for all of them keeps it for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve

from msrisk.model import conditions as node
from msrisk.model.checks import Range
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import Rule
from msrisk.model.truth import Truth
from msrisk.search.answers import Answers
from msrisk.search.candidates import Smallest
from msrisk.search.goal import CERTAIN, OPEN, Stake
from msrisk.search.hits import Hits
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.patient import State
from msrisk.search.products import Products
from msrisk.search.same_reading import Alike
from msrisk.search.ways import ways

__all__ = ["MOST_PATIENTS", "Search", "TooManyError"]

MOST_PATIENTS: Final = 6_000


class TooManyError(Exception):
    """A condition has more ways, or more smallest patients, than are looked at."""


class Search:
    """Looks for a patient who loses a finding or an open question.

    From the old rules to the new ones; with a `forward` search, from the new ones to the old,
    with what that one has looked up.
    """

    def __init__(self, pair: RuleSetPair, *, forward: Search | None = None) -> None:
        self.pair = pair
        self.side = int(forward is not None)
        hits = Hits(pair) if forward is None else forward.answers.hits
        self.answers: Answers = Answers(pair, self.side, hits)
        self.alike: Alike = hits.alike
        self._bases_of: dict[str, list[PairedEntry]] = {}

    @property
    def neutral(self) -> Mapping[str, Range]:
        """For each number field an answer by which few rules fire."""
        return self.answers.neutral

    def patient(
        self, substance: str, rule: Rule, heirs: Iterable[Rule], forced: PairedEntry | None = None
    ) -> State | None:
        """Return the smallest patient who loses a rule that the heirs do not keep; or None.

        Args:
            substance: the substance that is assessed; both rule sets cover it.
            rule: a rule of the first rule set.
            heirs: the rules of the second that stand for it.
            forced: an entry that every patient looked at must have.

        Raises:
            TooManyError: if there are too many ways or patients to look at.

        """
        stake = _stake(substance, rule, heirs)
        # Whoever loses a finding shows more than whoever loses a question.
        for reading in (CERTAIN, OPEN):
            found = self._losing(stake, reading, forced)
            best = min(found, key=lambda state: state.size, default=None)
            if best is not None:
                return best
        return None

    def truth(self, substance: str, rule: Rule, state: State) -> Truth:
        """Return what a conditional rule of the first rule set is for a patient."""
        if rule.when is None:
            raise AssertionError(rule)
        return self.answers.deciders(substance, state)[0].truth(rule.when)

    def met(self, substance: str, rule: Rule, forced: PairedEntry | None = None) -> State | None:
        """Return some patient for whom a conditional rule holds, or None if there is none.

        If `forced` is told, one who has that entry.

        Raises:
            TooManyError: if there are too many ways or patients to look at.

        """
        return next(self._losing(_stake(substance, rule, ()), CERTAIN, forced), None)

    def spares(self, substance: str, rule: Rule) -> bool:
        """Return whether a conditional rule holds not for some patient of whom all is known."""
        stake = _stake(substance, rule, [rule])
        # Whoever would lose a rule for everybody, if this one were its only heir.
        everybody = evolve(stake, when=node.All(()))
        return next(self._losing(everybody, OPEN, None), None) is not None

    def _losing(self, stake: Stake, reading: int, forced: PairedEntry | None) -> Iterator[State]:
        """Yield smallest patients who lose a rule in one reading, at least one of the smallest."""
        found = ways(stake.when)
        if found is None:
            raise TooManyError
        if forced is not None and not self._matters(stake, reading, forced):
            return
        smallest = Smallest(self.answers, stake, reading, forced)
        answers = {way: values for way in found if (values := smallest.values(way))}
        seen: dict[tuple[tuple[int, ...], int], tuple[int, int]] = {}
        count = 0
        for base in self._bases(stake, forced):
            for way, listed in smallest.of(base, answers):
                count += 1
                if count > MOST_PATIENTS:
                    raise TooManyError
                # Of whom the heirs say the same, and who is no smaller, is no news.
                key = tuple(said for _, said in answers[way]), stake.harm(listed.said, 0)
                size = len(listed.told), len(listed.open)
                if key in seen and seen[key] <= size:
                    continue
                seen[key] = size
                for told, said in answers[way]:
                    if not stake.is_kept(listed.said | said):
                        yield State(listed.told, listed.open, told)

    def _matters(self, stake: Stake, reading: int, forced: PairedEntry) -> bool:
        """Whether an entry meets some test of the rule, or is the substance itself."""
        said = self.answers.of_entry(stake, forced)[reading]
        return stake.harm(said, 0) != said or self._is_assessed(forced, stake.substance)

    def _bases(self, stake: Stake, forced: PairedEntry | None) -> Iterator[PairedEntry]:
        """Yield entries by which the substance is assessed, the plainest first."""
        if forced is not None and self._is_assessed(forced, stake.substance):
            yield forced
            return
        tests = (*stake.of_lists, *stake.of_products)
        sorts: dict[object, PairedEntry] = {}
        for entry in self.bases(stake.substance):
            if forced is not None and not self.pair.unchanged_for_rules(entry):
                continue
            first = next(Products(self.pair, stake, entry).all())
            seen = [
                self.answers.of_told(stake, tests, told, frozenset()) for told in ((entry,), first)
            ]
            sorts.setdefault(tuple(seen), entry)
        yield from sorts.values()

    def bases(self, substance: str) -> list[PairedEntry]:
        """Return an entry of each sort by which a substance is assessed, the plainest first."""
        if substance not in self._bases_of:
            sorts = (entry for name in LIST_FIELDS for entry in self.pair.representatives(name))
            found = [entry for entry in sorts if self._is_assessed(entry, substance)]
            if not any(self._is_plain(entry, substance) for entry in found):
                # All of its own names are read differently now.
                others = (
                    p for name in LIST_FIELDS for p in self.alike.changed_representatives(name)
                )
                found += [entry for entry in others if self._is_assessed(entry, substance)]
            found.sort(key=lambda entry: not self._is_plain(entry, substance))
            self._bases_of[substance] = found
        return self._bases_of[substance]

    def _is_assessed(self, entry: PairedEntry, substance: str) -> bool:
        told = entry.fact(self.side).recognition
        return told.says is not False and substance in told.named | told.may_be

    def _is_plain(self, entry: PairedEntry, substance: str) -> bool:
        told = entry.fact(self.side).recognition
        certain = told.named == {substance} and told.status == "recognised"
        return certain and entry.field == "supplements"


def _stake(substance: str, rule: Rule, heirs: Iterable[Rule]) -> Stake:
    if rule.when is None or rule.kind.level is None:
        raise AssertionError(rule)
    kept = tuple(
        (heir.when, heir.kind.level)
        for heir in heirs
        if heir.when is not None and heir.kind.level is not None
    )
    return Stake(substance, rule.when, rule.kind.level, kept)
