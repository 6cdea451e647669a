"""Looks through the smallest patients for one who loses a rule, gets it, or is spared it.

Implements *Facts can switch a rule on, never off* and *Each way of firing has smallest
patients*, docs/analysis.md: if no smallest patient loses a rule, nobody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve

from msrisk.model import conditions as node
from msrisk.model.checks import Range
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import Rule
from msrisk.model.truth import Truth
from msrisk.search.answers import Answers
from msrisk.search.candidates import Candidates
from msrisk.search.goal import Goal, Strength
from msrisk.search.list_answers import ListAnswers
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.patient import Patient
from msrisk.search.products import Products
from msrisk.search.same_reading import SameReading
from msrisk.search.ways import ways

__all__ = ["MOST_PATIENTS", "Search", "TooManyError"]

MOST_PATIENTS: Final = 6_000


class TooManyError(Exception):
    """A condition has more ways, or more smallest patients, than are looked at."""


class Search:
    """Looks for patients, from the old rules to the new ones.

    If there is a `forward` search, this one goes from the new rules to the old ones, and uses
    what that one has looked up.
    """

    def __init__(self, pair: RuleSetPair, *, forward: Search | None = None) -> None:
        self.pair = pair
        self.side = int(forward is not None)
        list_answers = ListAnswers(pair) if forward is None else forward.answers.list_answers
        self.answers: Answers = Answers(pair, self.side, list_answers)
        self.alike: SameReading = list_answers.alike
        self._bases_of: dict[str, list[PairedEntry]] = {}

    @property
    def neutral(self) -> Mapping[str, Range]:
        """For each number field an answer by which few rules fire."""
        return self.answers.neutral

    def loser(
        self,
        substance: str,
        rule: Rule,
        heirs: Iterable[Rule],
        must_have: PairedEntry | None = None,
    ) -> Patient | None:
        """Return the smallest patient who loses a rule that the heirs do not keep; or None.

        Args:
            substance: the substance that is assessed; both rule sets cover it.
            rule: a rule of the first rule set.
            heirs: the rules of the second that stand for it.
            must_have: an entry that every patient looked at must have.

        Raises:
            TooManyError: if there are too many ways or patients to look at.

        """
        goal = _goal_of(substance, rule, heirs)
        # Whoever loses a finding shows more than whoever loses a question.
        for strength in Strength:
            found = self._losing(goal, strength, must_have)
            best = min(found, key=lambda patient: patient.size, default=None)
            if best is not None:
                return best
        return None

    def truth(self, substance: str, rule: Rule, patient: Patient) -> Truth:
        """Return how true a conditional rule of the first rule set is for a patient."""
        if rule.when is None:
            raise AssertionError(rule)
        return self.answers.deciders(substance, patient)[0].truth(rule.when)

    def receiver(
        self, substance: str, rule: Rule, must_have: PairedEntry | None = None
    ) -> Patient | None:
        """Return some patient for whom a conditional rule holds, or None if there is none.

        If there is an entry `must_have`, the patient has it.

        Raises:
            TooManyError: if there are too many ways or patients to look at.

        """
        return next(self._losing(_goal_of(substance, rule, ()), Strength.CERTAIN, must_have), None)

    def spared(self, substance: str, rule: Rule) -> bool:
        """Return whether some fully known patient does *not* meet a conditional rule."""
        goal = _goal_of(substance, rule, [rule])
        # Such a patient loses a rule that everybody gets and that has this one as only heir.
        everybody = evolve(goal, when=node.All(()))
        return next(self._losing(everybody, Strength.OPEN, None), None) is not None

    def _losing(
        self, goal: Goal, strength: Strength, must_have: PairedEntry | None
    ) -> Iterator[Patient]:
        """Yield patients who lose a rule in one strength; some smallest one is among them."""
        found = ways(goal.when)
        if found is None:
            raise TooManyError
        if must_have is not None and not self._matters(goal, strength, must_have):
            return
        candidates = Candidates(self.answers, goal, strength, must_have)
        answers = {way: values for way in found if (values := candidates.values(way))}
        seen: dict[tuple[tuple[int, ...], int], tuple[int, int]] = {}
        count = 0
        for base in self._bases(goal, must_have):
            for way, listed in candidates.of(base, answers):
                count += 1
                if count > MOST_PATIENTS:
                    raise TooManyError
                # Skip a patient if one who is no larger got the same answers from the heirs.
                key = tuple(said for _, said in answers[way]), goal.against(listed.said, 0)
                size = len(listed.told), len(listed.open)
                if key in seen and seen[key] <= size:
                    continue
                seen[key] = size
                for told, said in answers[way]:
                    if not goal.is_kept(listed.said | said):
                        yield Patient(listed.told, listed.open, told)

    def _matters(self, goal: Goal, strength: Strength, must_have: PairedEntry) -> bool:
        """Whether an entry meets some test of the rule, or is the substance itself."""
        said = self.answers.of_entry(goal, must_have)[strength]
        return goal.against(said, 0) != said or self._is_assessed(must_have, goal.substance)

    def _bases(self, goal: Goal, must_have: PairedEntry | None) -> Iterator[PairedEntry]:
        """Yield entries by which the substance is assessed, the plainest first."""
        if must_have is not None and self._is_assessed(must_have, goal.substance):
            yield must_have
            return
        tests = (*goal.of_lists, *goal.of_products)
        sorts: dict[object, PairedEntry] = {}
        for entry in self.bases(goal.substance):
            if must_have is not None and not self.pair.unchanged_for_rules(entry):
                continue
            first = next(Products(self.pair, goal, entry).all())
            seen = [
                self.answers.of_told(goal, tests, told, frozenset()) for told in ((entry,), first)
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
        named = hierarchy_of(self.answers.before).substances_of(told.named)
        return told.says is not False and substance in named | told.may_be

    def _is_plain(self, entry: PairedEntry, substance: str) -> bool:
        told = entry.fact(self.side).recognition
        certain = told.named == {substance} and told.status == "recognised"
        return certain and entry.field == "supplements"


def _goal_of(substance: str, rule: Rule, heirs: Iterable[Rule]) -> Goal:
    if rule.when is None or rule.kind.level is None:
        raise AssertionError(rule)
    kept = tuple(
        (heir.when, heir.kind.level)
        for heir in heirs
        if heir.when is not None and heir.kind.level is not None
    )
    return Goal(substance, rule.when, rule.kind.level, kept)
