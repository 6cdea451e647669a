"""Makes profiles as people fill them in: known, unknown, contradictory and misspelt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from attrs import frozen
from hypothesis import strategies as st

from msrisk.model import conditions as nodes
from msrisk.model.checks import Range
from msrisk.model.concepts import CODE_SYSTEMS, ConceptKind, WordKind, closure
from msrisk.model.profile import (
    LIST_FIELDS,
    NONE_REPORTED,
    YES_NO_FIELDS,
    Code,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.quantities import Number, Unit
from msrisk.model.rules import RuleSet
from msrisk.recognition import may_be_denied

__all__ = ["denials", "entries", "profiles"]

T = TypeVar("T")

_FIELD_OF = {
    ConceptKind.CONDITION: "conditions",
    ConceptKind.TOPIC: "conditions",
    ConceptKind.ALLERGEN: "allergies",
    ConceptKind.SYMPTOM: "symptoms",
    ConceptKind.SUPPLEMENT: "supplements",
}
# Words that no vocabulary knows, close to one, hostile to a renderer, or long.
_NONSENSE = (
    "foozumab",
    "qwrtzl",
    "levothyroxin3",
    "green tea?",
    "the little white one",
    "<b>bold</b> & *starred*",
    "| a | b |",
    "ﬁne été №5",
    "x" * 200,
)
_FORMS = (
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{}",
    "{} 50 mg",
    "{} 600 mg twice a day",
    "{} 1 to 2 tablets daily",
    "{} since 2010",
    "{} cream",
    "{} for qwrtzl",
    "{} allergy",
    "{} (qwrtzl)",
    " {} ",
    "{}?",
)
_BEFORE = (
    WordKind.NEGATED,
    WordKind.STOPPED,
    WordKind.PLANNED,
    WordKind.OTHER_PERSON,
    WordKind.DOUBTFUL,
    WordKind.ALLERGY,
)
_ALONE = (
    WordKind.NONE,
    WordKind.UNSAID,
    WordKind.NO_DRUG_ALLERGY,
    WordKind.NO_FOOD_ALLERGY,
)
_DOUBTS = ("the order was stopped", "the record says that it is over")
_MOST_ENTRIES = 3
_FEW = 5


@frozen
class _Words:
    """What a rule set gives people to write: per field, and those that rules speak of."""

    names: dict[str, tuple[str, ...]]
    spoken_of: dict[str, tuple[str, ...]]
    codes: dict[str, tuple[Code, ...]]
    covered: tuple[str, ...]
    before: tuple[str, ...]
    alone: tuple[str, ...]


@lru_cache(maxsize=16)
def _words(ruleset: RuleSet) -> _Words:
    """Collect the words of a rule set; cached, since a shipped one has thousands."""
    vocabulary = ruleset.vocabulary
    parents = {one.id: one.within for one in vocabulary.drug_classes}
    parents |= {one.id: one.within for one in vocabulary.concepts}
    parents |= {one.id: one.within for one in ruleset.substances}
    parents |= {one.id: tuple(m.id for m in one.classes) for one in vocabulary.drugs}
    wanted = {name for rule in ruleset.rules for name in _concepts_of(rule.when)}
    wanted |= {one.id for one in ruleset.substances}
    names: dict[str, list[str]] = {field: [] for field in LIST_FIELDS}
    spoken_of: dict[str, list[str]] = {field: [] for field in LIST_FIELDS}
    codes: dict[str, list[Code]] = {field: [] for field in LIST_FIELDS}

    def add(field: str, id_: str, words: Sequence[str]) -> None:
        names[field] += words
        if wanted.intersection(closure([id_], parents)):
            spoken_of[field] += words

    for class_ in vocabulary.drug_classes:
        add("medications", class_.id, (class_.name, *class_.names))
    for drug in vocabulary.drugs:
        add("medications", drug.id, (drug.name, *drug.names))
        codes["medications"] += _codes(drug.codes)
    for concept in vocabulary.concepts:
        for field in {_FIELD_OF[concept.kind], *concept.told_in}:
            add(field, concept.id, (concept.name, *concept.names))
            codes[field] += _codes(concept.codes)
    for substance in ruleset.substances:
        for field in substance.told_in:
            add(field, substance.id, (substance.name, *substance.names))
            codes[field] += _codes(substance.codes)
    for term in vocabulary.terms:
        for field in term.fields:
            names[field] += term.names
            spoken_of[field] += term.names
            codes[field] += _codes(term.codes)
    by_kind = {
        kind: [w for x in vocabulary.words if x.kind is kind for w in x.words[:_FEW]]
        for kind in WordKind
    }
    return _Words(
        {field: tuple(sorted(set(some))) for field, some in names.items()},
        {field: tuple(sorted(set(some))) for field, some in spoken_of.items()},
        {field: tuple(dict.fromkeys(some)) for field, some in codes.items()},
        tuple(name for one in ruleset.substances for name in (one.name, *one.names)),
        tuple(word for kind in _BEFORE for word in by_kind[kind]),
        tuple(word for kind in _ALONE for word in by_kind[kind]),
    )


def _concepts_of(when: nodes.Condition | None) -> set[str]:
    found: set[str] = set()
    for node in nodes.walk(when) if when else ():
        match node:
            case (
                nodes.Takes(concept)
                | nodes.TakesSupplement(concept)
                | nodes.HasCondition(concept)
                | nodes.AllergicTo(concept)
                | nodes.ReportsSymptom(concept)
            ):
                found.add(concept)
            case _:
                pass
    return found


def _codes(codes: Mapping[str, tuple[str, ...]]) -> list[Code]:
    return [Code(CODE_SYSTEMS[key], code) for key, some in codes.items() for code in some]


# Not st.one_of: it takes alternatives apart and forgets how often each was given.
@st.composite
def _weighted(draw: st.DrawFn, alternatives: Sequence[st.SearchStrategy[T]]) -> T:
    return draw(alternatives[draw(st.integers(0, len(alternatives) - 1))])


def _texts(words: _Words, field: str) -> st.SearchStrategy[str]:
    """Return what people write in a field: names, in forms, negated, ambiguous, nonsense."""
    names: list[st.SearchStrategy[str]] = [
        st.sampled_from(some)
        for some in (
            words.covered if field == "supplements" else words.spoken_of[field],
            words.spoken_of[field],
            words.names[field],
        )
        if some
    ]
    name = _weighted(names) if names else st.sampled_from(_NONSENSE)
    dressed = st.builds(str.format, st.sampled_from(_FORMS), name)
    kinds = [*[dressed] * 6, st.sampled_from(_NONSENSE)]
    if words.before:
        kinds.append(st.builds("{} {}".format, st.sampled_from(words.before), name))
    if words.alone:
        kinds.append(st.sampled_from(words.alone))
    # A name of another field: milk among the conditions, a medicine among the supplements.
    others = [some for other, some in words.names.items() if other != field and some]
    if others:
        kinds.append(st.one_of([st.sampled_from(some) for some in others]))
    return _weighted(kinds)


def entries(field: str, ruleset: RuleSet | None = None) -> st.SearchStrategy[Entry | Supplement]:
    """Return entries of one list field, by words, by code, or both.

    Args:
        field: "supplements", "medications", "conditions", "allergies" or "symptoms".
        ruleset: whose names and codes are drawn; the shipped one if left out.

    """
    return _entries(field, ruleset or RuleSet.default())


# Cached, because Hypothesis labels a new strategy by all that it holds: thousands of names.
@lru_cache(maxsize=64)
def _entries(field: str, rules: RuleSet) -> st.SearchStrategy[Entry | Supplement]:
    words = _words(rules)
    texts = _texts(words, field)
    if field == "supplements":
        return _supplements(rules, texts)
    known = words.codes[field]
    strange = st.builds(
        Code,
        st.sampled_from([*CODE_SYSTEMS.values(), "http://nowhere.example"]),
        st.sampled_from(["X99", "L77AA99", "12345"]),
    )
    code = st.one_of(st.sampled_from(known), strange) if known else strange
    bare = st.builds(Entry, texts)
    one = st.lists(code, min_size=1, max_size=1)
    coded = st.builds(Entry, st.one_of(st.none(), texts), one, doubt=_doubts())
    return _weighted([bare, bare, bare, bare, coded])


def _doubts() -> st.SearchStrategy[str | None]:
    """Return why an entry may not be so, mostly nothing."""
    return st.sampled_from([None, None, *_DOUBTS])


def _supplements(rules: RuleSet, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Supplement]:
    plain = st.builds(Supplement, texts)
    told = st.builds(
        Supplement,
        texts,
        dose_mg=st.one_of(st.none(), st.sampled_from([10, 50.5, 300, (100, 600)])),
        daily_dose_mg=_near(rules, Unit.MG_PER_DAY),
        times_per_day=_near(rules, Unit.PER_DAY),
        taking=st.sampled_from([None, True, False]),
        doubt=_doubts(),
    )
    return st.one_of(plain, told)


def _near(rules: RuleSet, unit: Unit, *, certain: bool = False) -> st.SearchStrategy[Range | None]:
    """Return numbers and ranges at, just beside and far from the thresholds of a unit."""
    limits = [one.value for one in rules.thresholds if one.unit is unit] or [30]
    number: st.SearchStrategy[Number] = st.sampled_from(
        sorted({n for limit in limits for n in (limit, limit / 2, limit * 2, limit + 1)})
    )
    pair = st.tuples(number, number).map(lambda both: (min(both), max(both)))
    return number if certain else _weighted([st.none(), number, number, pair])


def _lists(
    entry: st.SearchStrategy[Entry | Supplement], certain: bool
) -> st.SearchStrategy[Entries[Entry | Supplement] | NoneReported | None]:
    some = st.lists(entry, min_size=1, max_size=_MOST_ENTRIES).map(tuple)
    none = st.just(NONE_REPORTED)
    full = some.map(lambda items: Entries(items, complete=True))
    if certain:
        return _weighted([none, full, full])
    return _weighted([none, full, full, st.none(), some.map(Entries)])


def denials(ruleset: RuleSet | None = None) -> st.SearchStrategy[list[str]]:
    """Return ids and names that can be denied, mostly of what rules ask about.

    Args:
        ruleset: whose ids and names are drawn; the shipped one if left out.

    """
    return _denials(ruleset or RuleSet.default())


@lru_cache(maxsize=16)
def _denials(rules: RuleSet) -> st.SearchStrategy[list[str]]:
    wanted = {name for rule in rules.rules for name in _concepts_of(rule.when)}
    vocabulary = rules.vocabulary
    asked: list[str] = []
    others = [one.id for one in vocabulary.drug_classes]
    others += [one.id for one in rules.substances]
    for one in vocabulary.concepts:
        names = (one.name, *one.names[:_FEW])
        some = asked if one.id in wanted else others
        some += [one.id, *(name for name in names if may_be_denied(name, rules))]
    kinds = [st.sampled_from(some) for some in (asked, asked, others) if some]
    if not kinds:
        return st.nothing()
    return st.lists(_weighted(kinds), min_size=1, max_size=_MOST_ENTRIES)


@st.composite
def profiles(draw: st.DrawFn, ruleset: RuleSet | None = None) -> PatientProfile:
    """Return patient profiles, from empty to fully answered.

    Entries are names and codes that the rule set knows, ambiguous terms, negated, stopped
    and planned forms, words that mean none or unknown, and names that nobody knows; lists
    are complete or not; numbers are exact or ranges, near the thresholds of the rules. Now
    and then a few things were asked for by name and denied, whatever the lists tell.

    Args:
        draw: given by Hypothesis.
        ruleset: whose words are drawn; the shipped one if left out.

    """
    rules = ruleset or RuleSet.default()
    certain = draw(st.booleans())
    yes_no: list[bool | None] = [True, False] if certain else [None, True, False]
    # Each field is of its own type.
    told: dict[str, Any] = {
        **{field: draw(_lists(entries(field, rules), certain)) for field in LIST_FIELDS},
        "age_years": draw(_near(rules, Unit.YEARS, certain=certain)),
        "weight_kg": draw(_near(rules, Unit.KG, certain=certain)),
        **{field: draw(st.sampled_from(yes_no)) for field in YES_NO_FIELDS},
    }
    unknown = [field for field, value in told.items() if value is None]
    asked = draw(st.sets(st.sampled_from(unknown))) if unknown else set()
    no = denials(rules)
    denied = None if no.is_empty else draw(_weighted([st.none(), st.none(), no]))
    return PatientProfile(**told, asked_unknown=asked, denied=denied)
