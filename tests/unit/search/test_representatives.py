"""Entries of one sort are the same to every test, and the sorts leave out nothing that counts."""

from __future__ import annotations

from itertools import product

import pytest
from attrs import evolve

from msrisk.evaluation.deciding import LIST_TESTS, Decider
from msrisk.model import conditions as c
from msrisk.model.concepts import WordKind, Words
from msrisk.model.conditions import Condition
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.truth import Truth
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.patient import Patient
from tests.unit.analysis_world import RULES, adding, rule, with_rules

TESTS: tuple[Condition, ...] = (
    c.Takes("red-medicine"),
    c.Takes("dark-medicine"),
    c.TakesAnyMedication(),
    c.TakesSupplement("zincum"),
    c.TakesOtherSupplement(),
    c.HasCondition("gorfitis"),
    c.HasConditionBeyond(("gorfitis",)),
    c.HasCondition("acute-gorfitis"),
    c.AllergicTo("nutwort"),
    c.ReportsSymptom("wheeze"),
    c.DailyDoseAbove("much"),
    c.DailyDoseTakenAbove("much"),
    c.DailyDoseBelow("little"),
    c.DosesPerDayBelow("often"),
    c.Taking(),
)
OLD = with_rules(*(rule(f"x{n}", test) for n, test in enumerate(TESTS)))
for _words in (
    Words(WordKind.NOW, ("takes",)),
    Words(WordKind.ALLERGY, ("allergic to", "allergy")),
    Words(WordKind.INDICATION, ("for",)),
    Words(WordKind.NO_DRUG_ALLERGY, ("no drug allergies",), ("allergies", "conditions")),
):
    OLD = adding(OLD, words=_words)
BOTH = RuleSetPair(OLD, evolve(OLD, digest="another"))
SUBSTANCES = tuple(one.id for one in RULES.substances)
WORDS = (
    *("dravox", "tunipal", "skinolan", "veritane", "lucidol", "gorf", "gorfitis", "lumnosis"),
    *("zincum", "xqz", "stopped", "no", "none", "takes", "allergic to", "allergy", "cream"),
    *("and", ",", "for", "daily", "nutwort", "wheeze", "no drug allergies", "100 mg", "twice"),
)


def said(entry: PairedEntry, substance: str) -> tuple[Truth, ...]:
    """Return what each test says of a patient of whom one entry is told."""
    patient = Patient((entry,))
    decider = Decider(patient.facts(patient.profile(), 0), OLD, substance)
    return tuple(decider.leaf(test).truth for test in TESTS)


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_entries_of_one_sort_are_the_same_to_every_test(field: str) -> None:
    first: dict[object, PairedEntry] = {}
    texts = [" ".join(words) for n in (1, 2, 3) for words in product(WORDS, repeat=n)]
    for text in texts[: 2 * len(WORDS) ** 2] + texts[2 * len(WORDS) ** 2 :: 41]:
        entry = BOTH.named(field, text)
        other = first.setdefault(BOTH.seen(entry), entry)
        if other is not entry:
            for substance in SUBSTANCES:
                assert said(entry, substance) == said(other, substance), (text, other.typed)


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_a_name_in_another_list_adds_nothing_to_the_sorts_together(
    field: str,
) -> None:
    """Not for certain, and as possible no more than entries of its own list."""
    sorts = [entry for name in LIST_FIELDS for entry in BOTH.representatives(name)]
    for substance in SUBSTANCES:
        known = [(entry, said(entry, substance)) for entry in sorts]
        for name in sorted({str(p.typed.text) for p in sorts}):
            mine = said(BOTH.named(field, name), substance)
            # All tests that are not false must be met by sorts that meet no other one.
            wanted = {n for n, truth in enumerate(mine) if truth is not Truth.FALSE}
            met: set[int] = set()
            for _, theirs in known:
                here = {n for n, truth in enumerate(theirs) if truth is not Truth.FALSE}
                if here <= wanted and all(
                    theirs[n] is mine[n] or mine[n] is Truth.TRUE for n in here
                ):
                    met |= here
            lists = {n for n, test in enumerate(TESTS) if type(test) in LIST_TESTS}
            assert wanted & lists <= met, (name, substance, [TESTS[n] for n in wanted - met])
