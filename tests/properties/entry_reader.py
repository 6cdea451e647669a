"""What is read of an entry and what the rules make of it, in the few words that laws compare."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from attrs import frozen

import msrisk
from msrisk.errors import ProfileError
from msrisk.model.concepts import ANYTHING, ConceptKind, Recognition, WordKind
from msrisk.model.conditions import (
    AllergicTo,
    DailyDoseAbove,
    DailyDoseBelow,
    DosesPerDayBelow,
    HasCondition,
    HasConditionBeyond,
    ReportsSymptom,
    ReportsSymptomBeyond,
    TakesAnyMedication,
    TakesOtherSupplement,
    walk,
)
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import NONE_REPORTED, Entries, Entry, PatientProfile, Supplement
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_entry

from .entry_names import plain
from .strategies import KIND_OF

__all__ = ["BASE", "Places", "Reader", "Statuses", "Told", "quickly"]

Statuses = dict[tuple[str, str], str]
"""For each substance and rule that is not false: "FINDING" or "OPEN"."""

_NO_WORDS: Final = {"name", "not understood"}
_SAYS_LITTLE: Final = {
    *(WordKind.FILLER, WordKind.FORM, WordKind.SALT),
    *(WordKind.TREATED, WordKind.ANY_MEDICINE),  # they hide no name
}
_REACTION: Final = re.compile("anaphyla|allergic reaction", re.IGNORECASE)
Read = Callable[[Entry | Supplement, str], Recognition]
KEPT: Final = 100_000
BASE: Final = ("glutathione precursor", "alpha lipoic acid 300 mg twice a day")


@frozen
class Told:
    """What an entry tells.

    Attributes:
        certain: the ids of what it certainly is, with those of drugs.
        all: those, and the ids of what it may be, as far as it names them.
        anything: whether it may be anything besides.
        words: whether it is of nothing but words, which name nothing: "every six months".
        refused: why it was not read at all; empty if it was.
        whole: everything that must not differ between two ways of writing it.

    """

    certain: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()
    anything: bool = False
    words: bool = False
    refused: str = ""
    whole: tuple[object, ...] = ()


def quickly(ruleset: RuleSet) -> Read:
    """Return what reads an entry, without suggestions if they can be left out."""
    read: Any = recognise_entry
    if "suggest" in inspect.signature(recognise_entry).parameters:
        return lambda entry, kind: read(entry, kind, ruleset, suggest=False)
    return lambda entry, kind: read(entry, kind, ruleset)


class Places:
    """Which ids and rules the limits of the laws speak of."""

    def __init__(self, ruleset: RuleSet) -> None:
        words = ruleset.vocabulary
        of_kind = {kind: {c.id for c in words.concepts if c.kind is kind} for kind in ConceptKind}
        substances = {one.id for one in ruleset.substances}
        self.covered = frozenset(substances)
        self.allergens = frozenset(of_kind[ConceptKind.ALLERGEN] - substances)
        self.symptoms = frozenset(of_kind[ConceptKind.SYMPTOM])
        self.conditions = frozenset(of_kind[ConceptKind.CONDITION])
        # Other illnesses than those that rules name, as the rules on other illnesses mean it.
        hierarchy = hierarchy_of(ruleset)
        named = [
            hierarchy.line(leaf.conditions)
            for rule in ruleset.rules
            if rule.when is not None
            for leaf in walk(rule.when)
            if isinstance(leaf, HasConditionBeyond)
        ]
        self.other_conditions = self.conditions - frozenset().union(*named)
        self.supplements = frozenset(of_kind[ConceptKind.SUPPLEMENT] | substances)
        self.classes = frozenset(one.id for one in words.drug_classes)
        self.drugs = frozenset(one.id for one in words.drugs) | self.classes
        self.parts = {one.id: one.ingredients for one in words.drugs if one.ingredients}
        self.of_symptoms = self._rules(ruleset, ReportsSymptom)
        self.of_allergies = self._rules(ruleset, AllergicTo)
        self.of_conditions = self._rules(ruleset, HasCondition)
        self.of_less = self._rules(ruleset, DailyDoseBelow, DosesPerDayBelow)
        self.of_doses = self.of_less | self._rules(ruleset, DailyDoseAbove)
        self.of_any_medicine = self._rules(ruleset, TakesAnyMedication)
        self.of_other_supplements = self._rules(ruleset, TakesOtherSupplement)
        self.of_other_conditions = self._rules(ruleset, HasConditionBeyond)
        self.of_other_symptoms = self._rules(ruleset, ReportsSymptomBeyond)
        self.looked_at = self._looked_at(ruleset) | self.classes | self.covered
        # Among the allergies these are what an allergen did, if one is named.
        self._reactions = {
            plain(word)
            for one in words.words
            if one.kind is WordKind.FILLER and "what the allergen did" in one.about
            for word in one.words
        }
        self._words = {
            (field, written)
            for one in words.words
            for field in one.fields
            for word in one.words
            for written in (plain(word), plain(word).replace(".", ""))  # "Z.n." is "Zn" as well
            if one.kind not in _SAYS_LITTLE
        }
        self._now = tuple(
            f"{plain(word)} "
            for one in words.words
            if one.kind is WordKind.NOW
            for word in one.words
        )
        self._allergy = re.compile(
            "|".join(
                rf"\b{re.escape(plain(word))}\b"
                for one in words.words
                if one.kind is WordKind.ALLERGY
                for word in one.words
            )
        )

    @staticmethod
    def _rules(ruleset: RuleSet, *kinds: type) -> frozenset[str]:
        return frozenset(
            rule.id
            for rule in ruleset.rules
            if rule.when is not None and any(isinstance(one, kinds) for one in walk(rule.when))
        )

    @staticmethod
    def _looked_at(ruleset: RuleSet) -> frozenset[str]:
        names = ("drug_class", "substance", "condition", "allergen", "symptom")
        asked = {
            getattr(leaf, name)
            for rule in ruleset.rules
            if rule.when is not None
            for leaf in walk(rule.when)
            for name in names
            if hasattr(leaf, name)
        }
        return frozenset(asked)

    def says_allergy(self, text: str) -> bool:
        """Return whether the words of an entry speak of an allergy or intolerance."""
        return bool(self._allergy.search(plain(text)))

    def is_word(self, name: str, field: str) -> bool:
        """Return whether it is a word of a list that says something of what stands beside it."""
        return (field, plain(name)) in self._words

    def said_to_be_taken(self, name: str) -> frozenset[str]:
        """Return the ways to write what words such as "on" or "takes" say is taken, if any do."""
        text = plain(name)
        said = max((now for now in self._now if text.startswith(now)), key=len, default=text)
        taken = text.removeprefix(said).removeprefix("a ").removesuffix(" use")
        return frozenset({taken, taken.replace(" ", "-")})

    def is_reaction(self, name: str) -> bool:
        """Return whether the words are known as what an allergen does."""
        return plain(name) in self._reactions or bool(_REACTION.search(name))


class Reader:
    """Reads entries, and remembers those that come again."""

    def __init__(self, ruleset: RuleSet, read: Read | None = None) -> None:
        self.ruleset = ruleset
        self.places = Places(ruleset)
        self._read = read or quickly(ruleset)
        self.alone = lru_cache(KEPT)(self.told)
        self.statuses_alone = lru_cache(KEPT)(self.statuses)

    def told(self, text: str, field: str) -> Told:
        """Return what an entry of a list tells."""
        try:
            entry = Supplement(text) if field == "supplements" else Entry(text)
            got = self._read(entry, KIND_OF[field])
        except ProfileError as error:
            return Told(refused="; ".join(one.got for one in error.problems))
        certain = frozenset(self._with_parts({*got.concepts, *got.named}))
        dose = (got.dose.each, got.dose.daily, got.dose.times) if got.dose else ()
        return Told(
            certain,
            certain | frozenset(self._with_parts(got.may_be)),
            got.possible is ANYTHING,
            bool(got.read) and all(one.role not in _NO_WORDS for one in got.read),
            whole=(got.concepts, got.named, got.possible, got.heard, got.says, dose),
        )

    def _with_parts(self, ids: Iterable[str]) -> Iterator[str]:
        for id_ in ids:
            yield id_
            yield from self.places.parts.get(id_, ())

    def statuses(
        self, text: str, field: str, beside: tuple[str, ...] | None = None
    ) -> Statuses | None:
        """Return what the rules make of a patient who tells this alone; None if refused.

        Where it is not told itself, a supplement of each sort stands beside it.
        """
        told: dict[str, Any] = dict.fromkeys(KIND_OF, NONE_REPORTED)
        names = [*(BASE if beside is None and field != "supplements" else beside or ())]
        if field == "supplements":
            names.append(text)
        try:
            if names:
                told["supplements"] = Entries([Supplement(one) for one in names], complete=True)
            if field != "supplements":
                told[field] = Entries([Entry(text)], complete=True)
        except ProfileError:
            return None
        return self._of(
            PatientProfile(
                **told,
                age_years=40,
                weight_kg=70,
                ms_symptoms_severe=False,
                replacing_ms_treatment=False,
            )
        )

    def _of(self, profile: PatientProfile) -> Statuses:
        found: Statuses = {}
        for one in msrisk.assess(profile, ruleset=self.ruleset).assessments:
            if one.substance in self.places.covered:
                here = str(one.substance)
                found |= {(here, question.rule): "OPEN" for question in one.open_questions}
                found |= {(here, finding.rule): "FINDING" for finding in one.findings}
                found |= {(here, silence.rule): "FINDING" for silence in one.silences}
        return found
