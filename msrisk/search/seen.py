"""Reduces an entry to what the rules of one rule set can see of it.

Implements *There are finitely many, up to what rules can see*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from msrisk.model.concepts import ANYTHING, Membership, WordKind, closure
from msrisk.model.facts import Fact
from msrisk.model.hierarchy import Hierarchy, hierarchy_of
from msrisk.model.rules import RuleSet
from msrisk.recognition import lexicon_of
from msrisk.recognition.items import BETWEEN
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Meaning

__all__ = ["Seen", "Side"]

Seen = tuple[object, ...]
"""All that rules can see of an entry."""


class Side:
    """One of the two rule sets, and what its rules can see of an entry."""

    def __init__(
        self,
        ruleset: RuleSet,
        tested: frozenset[str],
        beyond: list[tuple[str, ...]],
        substances: list[str],
    ) -> None:
        self.tested = tested
        self.lexicon: Lexicon = lexicon_of(ruleset)
        self.hierarchy: Hierarchy = hierarchy_of(ruleset)
        kinds = self.hierarchy
        self.outside = [
            kind - kinds.line(inside)
            for inside in beyond
            for kind in (kinds.conditions, kinds.allergens, kinds.symptoms)
        ]
        self.substances = frozenset(substances)
        self.lines = [self.hierarchy.line([id_]) for id_ in substances]
        self.of_kind = [kinds.medicines, *(kinds.supplements - line for line in self.lines)]
        lexicon = self.lexicon
        # What recognition looks at in a name, whatever rules ask for.
        self._sorts_of_ids = (
            *(kinds.medicines, lexicon.classes, lexicon.products, lexicon.substances),
            *(lexicon.allergens, lexicon.symptoms, lexicon.told_as_drug),
            *(lexicon.allergens - lexicon.products, *self.of_kind[1:]),
        )
        self._of_meanings: dict[int, tuple[Meaning, Seen]] = {}
        self._substances_told: dict[int, tuple[Meaning, frozenset[str]]] = {}
        self._of_ids: dict[Seen, Seen] = {}
        self._of_members: dict[tuple[Membership, ...], object] = {}

    def of_name(self, field: str, tokens: tuple[str, ...]) -> Seen | None:
        """Return all by which recognition can tell a name that stands alone from other names.

        This is None if the words are no name, and the words themselves where each matters.
        """
        lexicon = self.lexicon
        found = lexicon.anywhere(field, tokens, 0)
        if found is None or found[0] != len(tokens):
            return None
        _, own, others = found
        if own is not None and not own.is_name:
            return tokens if others else None
        if self._is_compound(field, tokens, own, away=bool(others)):
            return tokens
        return (
            own and self.of_meaning(own),
            *((one.field, self.of_meaning(one.meaning)) for one in others),
        )

    def of_name_at_home(self, field: str, tokens: tuple[str, ...]) -> Seen:
        """Return what a name means in a list that has it, and its substances in any list."""
        lexicon = self.lexicon
        own = lexicon.names(field)[tokens]
        others = lexicon.anywhere(field, tokens, 0)
        told = (self._substances_of(one.meaning) for one in (others[2] if others else ()))
        return self.of_meaning(own), frozenset[str]().union(*told)

    def _substances_of(self, meaning: Meaning) -> frozenset[str]:
        """Return which of the substances in both rule sets a meaning names."""
        known = self._substances_told.get(id(meaning))
        if known is None or known[0] is not meaning:
            known = meaning, self.substances & self.lexicon.told_by(meaning)
            self._substances_told[id(meaning)] = known
        return known[1]

    def _is_compound(
        self, field: str, tokens: tuple[str, ...], own: Meaning | None, *, away: bool
    ) -> bool:
        """Whether recognition may look at the words inside a name."""
        lexicon = self.lexicon
        if len(tokens) == 1:
            return field != "allergies" and lexicon.says_allergy(tokens, 0)
        if not BETWEEN.isdisjoint(tokens) or any(
            lexicon.says_allergy(tokens, at) for at in range(len(tokens))
        ):
            return True
        if own is None and lexicon.match(field, tokens, 0) is not None:
            return True
        if any(one + other in lexicon.tokens for one, other in pairwise(tokens)):
            return True
        return (
            field == "allergies"
            and away
            and any(
                lexicon.anywhere(field, part, 0) is not None
                for at in range(1, len(tokens))
                for part in (tokens[:at], tokens[at:])
            )
        )

    def routes_of(self, field: str, tokens: tuple[str, ...]) -> Iterable[str]:
        """Return the routes by which the medicine that a name stands for acts only locally."""
        found = self.lexicon.anywhere(field, tokens, 0)
        if found is None:
            return ()
        meanings = ((found[1],) if found[1] else ()) + tuple(one.meaning for one in found[2])
        return dict.fromkeys(r for one in meanings for m in one.members for r in m.not_by)

    def of_meaning(self, meaning: Meaning) -> Seen:
        """Return all of a name's meaning that can matter to recognition or to a rule."""
        known = self._of_meanings.get(id(meaning))
        if known is None or known[0] is not meaning:
            known = meaning, self._of_meaning(meaning)
            self._of_meanings[id(meaning)] = known
        return known[1]

    def _of_meaning(self, meaning: Meaning) -> Seen:
        # Thousands of names are in the same few classes, and cases of the same few concepts.
        key = meaning.word, meaning.concepts, meaning.possible
        if key not in self._of_ids:
            self._of_ids[key] = self._told(*key)
        if meaning.members not in self._of_members:
            self._of_members[meaning.members] = frozenset(
                (closure([m.id], self.lexicon.parents) & self.tested, m.not_by, m.ask_route)
                for m in meaning.members
            )
        return (
            meaning.word,
            meaning.route,
            self._of_members[meaning.members],
            not self.lexicon.medicines.isdisjoint(meaning.named),
            self.tested.intersection(meaning.named),
            *[not kind.isdisjoint(meaning.named) for kind in self._sorts_of_ids],
            self._of_ids[key],
            (meaning.opens, meaning.if_treated, meaning.if_planned),
        )

    def _told(
        self, word: WordKind | None, concepts: frozenset[str], may_be: tuple[str, ...]
    ) -> Seen:
        """Return what can matter of the concepts that a name certainly and possibly is."""
        possible = self.lexicon.above(may_be)
        if word is WordKind.NO_DRUG_ALLERGY:
            possible |= self.lexicon.not_drug_allergies
        if word is WordKind.NO_FOOD_ALLERGY:
            possible |= self.lexicon.not_food_allergies
        told = (concepts, possible)
        flags = [not ids.isdisjoint(kind) for kind in self._sorts_of_ids for ids in told]
        return "anything" in may_be, *flags, *self._seen(concepts, possible)

    def of_fact(self, fact: Fact) -> Seen:
        """Return all that can matter to a rule about an entry."""
        told = fact.recognition
        taken = (told.concepts | told.named) - told.allergens
        borne = told.allergens | told.may_be
        left = frozenset[str]() if told.possible is ANYTHING else told.possible
        named_allergens = (told.concepts | told.may_be) & told.may_be_allergens
        return (
            told.says,
            told.status,
            told.possible is ANYTHING,
            bool(told.named) and told.named <= self.hierarchy.medicines,
            *(told_of & self.tested for told_of in (told.named, told.unnamed, told.allergens)),
            told.may_be_allergens & self.tested,
            fact.taking,
            self._doses(fact),
            *(not taken.isdisjoint(kind) for kind in self.of_kind),
            *(not borne.isdisjoint(kind) for kind in self.of_kind),
            *((bool(left & line), left <= line) for line in self.lines),
            *(not named_allergens.isdisjoint(out) for out in self.outside),
            *self._seen(told.concepts - told.allergens, told.may_be),
            *self._seen(told.concepts & told.allergens, told.allergens),
        )

    def _doses(self, fact: Fact) -> Seen:
        """Return the dose of each substance that an entry is or may be a product of."""
        told = fact.recognition
        ids = sorted(self.substances & (told.concepts | told.may_be))
        doses = ((id_, fact.dose_of(id_)) for id_ in ids)
        return tuple((id_, dose.of_a_day, dose.times) for id_, dose in doses)

    def _seen(self, certain: frozenset[str], possible: frozenset[str]) -> Seen:
        return (
            certain & self.tested,
            possible & self.tested,
            tuple((bool(certain & out), bool(possible & out)) for out in self.outside),
            tuple(
                (bool(certain - line), bool(possible & line), bool(possible - line))
                for line in self.lines
            ),
            bool(certain),
        )
