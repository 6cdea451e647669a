"""Over every patient of small menus: somebody loses something if and only if the diff says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.analysis import Verdict, compare
from msrisk.api import assess
from msrisk.diff.heirs import heirs_of_rules
from msrisk.diff.losses import losses
from msrisk.gate.page import patient_words
from msrisk.model import conditions as c
from msrisk.model.concepts import ConceptKind
from msrisk.model.conditions import Condition
from msrisk.model.profile import (
    LIST_FIELDS,
    NONE_REPORTED,
    YES_NO_FIELDS,
    Code,
    Entries,
    Entry,
    PatientProfile,
    Supplement,
)
from msrisk.model.rules import Kind, RuleSet, Substance
from tests.unit.analysis_world import (
    GATED,
    RULES,
    adding,
    concept,
    drug,
    edited,
    lost_by,
    made,
    member,
    reworded,
    rule,
    with_rules,
    without,
)

pytestmark = pytest.mark.slow

ATC = "http://www.whocc.no/atc"


def _told(*names: str, complete: bool = True) -> Entries[Entry]:
    return Entries(tuple(Entry(name) for name in names), complete=complete)


def _takes(*names: str, complete: bool = True, **told: Anything) -> Entries[Supplement]:
    return Entries(tuple(Supplement(name, **told) for name in names), complete=complete)


LISTS: Mapping[str, Sequence[object]] = {
    "supplements": (
        *(None, NONE_REPORTED, _takes("veritane", complete=False)),
        *(_takes(name) for name in ("veritane", "lucidol", "lucidol forte", "VL", "xqz")),
        *(_takes("veritane", name) for name in ("zincum", "xqz", "lucidol")),
    ),
    "medications": (
        *(None, NONE_REPORTED, _told("tunipal", complete=False), _told("tunipal", "melitor")),
        *(_told(name) for name in ("dravox", "melitor", "tunipal", "skinolan", "askitrol")),
        *(_told(name) for name in ("skinolan cream", "stopped dravox", "combidrax", "xqz")),
    ),
    "conditions": (
        *(None, NONE_REPORTED, _told("plain ailment", complete=False)),
        *(_told(name) for name in ("gorfitis", "acute gorfitis", "gorf", "lumnosis", "xqz")),
        _told("plain ailment", "gorfitis"),
    ),
    "allergies": (None, NONE_REPORTED, *map(_told, ("nutwort", "hazelwort", "xqz"))),
    "symptoms": (None, NONE_REPORTED, *map(_told, ("wheeze", "tingle", "xqz"))),
    "age_years": (None, 39, 40, 41, (39, 40), (40, 41)),
    "weight_kg": (None, 59, 60, 61, (59, 60), (60, 61)),
    "ms_symptoms_severe": (None, False, True),
    "replacing_ms_treatment": (None, False, True),
}
PLAIN: Mapping[str, object] = {
    **dict.fromkeys(LIST_FIELDS, NONE_REPORTED),
    **dict.fromkeys(YES_NO_FIELDS, False),
    "supplements": _takes("veritane"),
    "age_years": 40,
    "weight_kg": 60,
}
DOSES = (None, 19, 20, 21, 100, 101, (19, 20), (100, 101), (19, 101))
DOSED: Sequence[object] = (
    *(None, NONE_REPORTED, _takes("veritane", "xqz", daily_dose_mg=21, times_per_day=2)),
    *(
        _takes("veritane", daily_dose_mg=daily, times_per_day=times, taking=taking)
        for daily, times, taking in (
            *product(DOSES, (2,), (True,)),
            *product((None, 21, (19, 101)), (None, 1, (1, 2)), (None, False, True)),
        )
    ),
)
TESTS: Sequence[tuple[str, Condition]] = (
    ("medications", c.Takes("red-medicine")),
    ("medications", c.Takes("blue-medicine")),
    ("medications", c.Takes("dark-medicine")),
    ("medications", c.TakesAnyMedication()),
    ("supplements", c.TakesSupplement("zincum")),
    ("supplements", c.TakesOtherSupplement()),
    ("conditions", c.HasCondition("gorfitis")),
    ("conditions", c.HasCondition("acute-gorfitis")),
    ("conditions", c.HasConditionBeyond(("gorfitis",))),
    ("allergies", c.AllergicTo("nutwort")),
    ("allergies", c.AllergicTo("hazelwort")),
    ("symptoms", c.ReportsSymptom("wheeze")),
    ("symptoms", c.ReportsSymptomBeyond(("wheeze",))),
    ("age_years", c.AgeAtLeast("years")),
    ("age_years", c.AgeBelow("years")),
    ("weight_kg", c.WeightBelow("weight")),
    ("ms_symptoms_severe", c.States("ms_symptoms_severe")),
    ("doses", c.DailyDoseAbove("much")),
    ("doses", c.DailyDoseTakenAbove("much")),
    ("doses", c.DailyDoseBelow("little")),
    ("doses", c.DosesPerDayBelow("often")),
    ("doses", c.Taking()),
)
KINDS = (Kind.INFORM, Kind.SILENCE, Kind.CAUTION, Kind.EMERGENCY)
DIRECTIONS = {"there": False, "back": True}


def patients(*fields: str) -> Iterator[PatientProfile]:
    """Yield every patient of the menus of some fields; nothing is told in the others."""
    menus = {
        "supplements" if name == "doses" else name: DOSED if name == "doses" else LISTS[name]
        for name in fields
    }
    for values in product(*menus.values()):
        told: dict[str, Anything] = {**PLAIN, **dict(zip(menus, values, strict=True))}
        yield PatientProfile(**told)


def agree(old: RuleSet, new: RuleSet, found: Iterator[PatientProfile]) -> None:
    """Assert that the diff is gated if and only if some patient loses something."""
    gated = [change for change in compare(old, new).changes if change.verdict in GATED]
    if gated:
        shown = [change.shown for change in gated if change.shown is not None]
        assert shown
        assert all(lost_by(one.profile, old, new) == one.losses != () for one in shown)
        return
    heirs = heirs_of_rules(old, new)
    for patient in found:
        before, after = assess(patient, ruleset=old), assess(patient, ruleset=new)
        assert losses(before, after, heirs) == (), patient_words(patient)


def _seeded(number: int) -> tuple[RuleSet, RuleSet, tuple[str, ...]]:
    """Return two rule sets that differ in the condition, or kind, of a rule or two."""
    chance = Random(number)  # noqa: S311  # the same edits every time
    fields = tuple(chance.sample(sorted({field for field, _ in TESTS}), 2))
    fields = tuple(name for name in fields if name != "supplements" or "doses" not in fields)
    # Two products in each of several doses are more than the analysis, or a test, looks at.
    dose = chance.choice([test for field, test in TESTS if field == "doses"])
    menu = [test for field, test in TESTS if field in fields and field != "doses"]
    menu += [dose] if "doses" in fields else []

    def condition() -> Condition:
        parts = tuple(chance.sample(menu, min(len(menu), chance.randint(1, 3))))
        inner = chance.choice((c.All, c.Any))(parts)
        return chance.choice((c.All, c.Any))((inner, chance.choice(menu)))

    first = rule("x", condition(), chance.choice(KINDS))
    turned = _turned(first.when) if first.when is not None else None
    nearby = [
        evolve(first, when=turned),
        evolve(first, when=condition()),
        evolve(first, when=c.Any((turned or menu[0], condition()))),
        evolve(first, kind=chance.choice(KINDS)),
        evolve(first, applies_to=("lucidol",)),
        evolve(first, id="y", replaces=("x",), when=condition()),
    ]
    return with_rules(first), with_rules(chance.choice(nearby)), fields


def _turned(condition: Condition) -> Condition:
    match condition:
        case c.All(of=parts):
            return c.Any(parts)
        case c.Any(of=parts):
            return c.All(parts)
    return condition


@pytest.mark.parametrize("number", range(60))
def test_a_change_of_a_rule_weakens_if_and_only_if_some_patient_loses(number: int) -> None:
    old, new, fields = _seeded(number)
    agree(old, new, patients(*fields))


@pytest.mark.parametrize("back", DIRECTIONS.values(), ids=DIRECTIONS)
@pytest.mark.parametrize(("field", "test"), TESTS, ids=[str(test) for _, test in TESTS])
def test_a_rule_of_each_test_is_lost_by_somebody_and_gained_by_somebody(
    field: str, test: Condition, back: bool
) -> None:
    pair = with_rules(rule("x", test)), RULES
    old, new = reversed(pair) if back else pair
    agree(old, new, patients(field))
    assert (
        any(change.verdict is Verdict.WEAKENS for change in compare(old, new).changes) is not back
    )


B = with_rules(
    rule("blue", c.Takes("blue-medicine"), Kind.CONTRAINDICATION),
    rule("gorf", c.HasCondition("gorfitis")),
    rule("beyond", c.All((c.HasConditionBeyond(("gorfitis",)), c.AgeAtLeast("years")))),
    rule("nut", c.AllergicTo("nutwort"), Kind.EMERGENCY),
    rule("old", c.AgeAtLeast("years")),
    rule("light", c.WeightBelow("weight")),
    rule("other", c.TakesOtherSupplement(), Kind.INFORM),
)
WITH_CODES = (None, *(Entries((Entry(codes=(Code(ATC, code),)),)) for code in ("L77A", "D77AA01")))
EDITS: Mapping[str, tuple[Callable[[RuleSet], RuleSet], tuple[str, ...]]] = {
    "a drug": (lambda r: without(r, "tunipal"), ("medications",)),
    "a drug in a class": (lambda r: without(r, "melitor"), ("medications",)),
    "a membership": (lambda r: reworded(r, "melitor", classes=()), ("medications",)),
    "one of two memberships": (
        lambda r: reworded(r, "melitor", classes=(member("blue-medicine"),)),
        ("medications",),
    ),
    "a route by which it acts locally": (
        lambda r: reworded(r, "skinolan", classes=(member("blue-medicine"),)),
        ("medications",),
    ),
    "that the route is asked": (
        lambda r: reworded(r, "askitrol", classes=(member("blue-medicine", not_by=("skin",)),)),
        ("medications",),
    ),
    "an ingredient": (
        lambda r: reworded(r, "combidrax", ingredients=("tunipal",)),
        ("medications",),
    ),
    "the class of a class": (
        lambda r: reworded(r, "dark-medicine", within=()),
        ("medications",),
    ),
    "what a condition is a case of": (
        lambda r: reworded(r, "acute-gorfitis", within=()),
        ("conditions", "age_years"),
    ),
    "what an allergen is a case of": (
        lambda r: reworded(r, "hazelwort", within=()),
        ("allergies",),
    ),
    "a term": (lambda r: without(r, "gorf"), ("conditions", "age_years")),
    "the certain part of a term": (
        lambda r: reworded(r, "gorf", concepts=(), possible=("gorfitis",)),
        ("conditions", "age_years"),
    ),
    "the ambiguous name of a substance": (lambda r: without(r, "VL"), ("supplements",)),
    "an ordinary condition": (lambda r: without(r, "plain-ailment"), ("conditions", "age_years")),
    "a supplement": (lambda r: without(r, "zincum"), ("supplements",)),
    "a rule left out of a substance": (
        lambda r: edited(r, "lucidol", without=("blue",)),
        ("supplements", "medications"),
    ),
    "a caveat left out of a substance": (
        lambda r: edited(r, "lucidol-forte", without=("advice",)),
        ("supplements",),
    ),
    "a claim left out of a substance": (
        lambda r: edited(r, "lucidol", without=("claim",)),
        ("supplements",),
    ),
    "that a substance is a case of another": (
        lambda r: edited(r, "lucidol-forte", within=()),
        ("supplements",),
    ),
    "a substance": (lambda r: without(r, "lucidol-forte"), ("supplements",)),
    "a caveat of all": (lambda r: without(r, "quality"), ("supplements",)),
    "a caveat of all but the covered": (
        lambda r: edited(r, "quality", applies_to=("veritane", "lucidol")),
        ("supplements",),
    ),
    "a claim": (lambda r: without(r, "claim"), ("supplements",)),
    "an age": (lambda r: edited(r, "years", value=41), ("age_years",)),
    "a weight": (lambda r: edited(r, "weight", value=59), ("weight_kg",)),
    "a substance for a supplement": (
        lambda r: made(
            without(r, "zincum"), substances=(*r.substances, Substance("zincum", "zincum", "x"))
        ),
        ("supplements",),
    ),
    "an unknown condition": (
        lambda r: adding(r, concepts=concept(ConceptKind.CONDITION, "xqz", ("conditions",))),
        ("conditions", "age_years"),
    ),
    "an unknown drug": (lambda r: adding(r, drugs=drug("xqz")), ("medications",)),
    "an unknown drug of a class": (
        lambda r: adding(r, drugs=drug("xqz", member("red-medicine"))),
        ("medications",),
    ),
    "the order of rules": (lambda r: made(r, rules=r.rules[::-1]), ("medications",)),
}


@pytest.mark.parametrize("back", DIRECTIONS.values(), ids=DIRECTIONS)
@pytest.mark.parametrize("edit", EDITS)
def test_a_change_of_words_or_substances_weakens_if_and_only_if_some_patient_loses(
    edit: str, back: bool
) -> None:
    change, fields = EDITS[edit]
    pair = B, change(B)
    old, new = reversed(pair) if back else pair
    agree(old, new, patients(*fields))


@pytest.mark.parametrize("back", DIRECTIONS.values(), ids=DIRECTIONS)
@pytest.mark.parametrize(
    "change",
    [
        lambda r: reworded(r, "route", atc=("D77",)),
        lambda r: reworded(r, "skinolan", codes={}),
        lambda r: reworded(r, "red-medicine", atc=()),
        lambda r: reworded(r, "blue-medicine", atc=("D77AA01",)),
    ],
    ids=["of a route", "of a drug", "of a class", "of a class that is a drug's too"],
)
def test_a_change_of_codes_weakens_if_and_only_if_some_patient_loses(
    change: Callable[[RuleSet], RuleSet], back: bool
) -> None:
    pair = B, change(B)
    old, new = reversed(pair) if back else pair
    coded = (PatientProfile(**{**PLAIN, "medications": one}) for one in WITH_CODES)  # type: ignore[arg-type]  # each is of its own type
    agree(old, new, coded)
