"""One rule set of the invented world, its edits, and what a diff of two says."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any as Anything

from attrs import evolve

from msrisk.analysis import Change, Diff, Verdict, compare
from msrisk.api import assess
from msrisk.diff.heirs import heirs_of_rules
from msrisk.diff.losses import losses
from msrisk.model import conditions as c
from msrisk.model.concepts import (
    Concept,
    ConceptKind,
    Drug,
    DrugClass,
    MemberBasis,
    Membership,
    Term,
    Vocabulary,
    WordKind,
    Words,
)
from msrisk.model.conditions import Condition
from msrisk.model.profile import FIELDS, PatientProfile
from msrisk.model.quantities import Unit
from msrisk.model.rules import (
    EVERY,
    Basis,
    Claim,
    FieldPrompt,
    Kind,
    Review,
    Rule,
    RuleSet,
    Substance,
    Threshold,
)
from msrisk.model.sources import Citation, Passage, Source

GATED = (Verdict.WEAKENS, Verdict.UNDECIDED, Verdict.SETTLES)
HERE, PLANT, FELT, EATEN = ("conditions",), ("allergies",), ("symptoms",), ("supplements",)
_DIGESTS = count(1)


def rule(id_: str, when: Condition | None, kind: Kind = Kind.CAUTION, **other: Anything) -> Rule:
    given: dict[str, Anything] = {
        "basis": Basis.STATED,
        "message": f"What {id_} says.",
        "cites": (Citation("text", (1, 2)),),
        "since": "1",
        "review": Review("none yet"),
        "action": f"What {id_} asks for.",
        "question": f"Does {id_} apply?" if when is not None else "",
        "applies_to": (EVERY,),
        "pack": "texts",
    }
    return Rule(id=id_, kind=kind, when=when, **{**given, **other})


def concept(kind: ConceptKind, id_: str, told_in: tuple[str, ...], **other: Anything) -> Concept:
    return Concept(id_, kind, id_.replace("-", " "), told_in, **other)


def drug(id_: str, *classes: Membership, **other: Anything) -> Drug:
    return Drug(id_, id_, "made up", classes=classes, **other)


def member(class_: str, basis: MemberBasis = MemberBasis.LABELLED, **other: Anything) -> Membership:
    return Membership(class_, basis, f"made up for {class_}", **other)


_SOURCE = Source(
    id="text",
    title="A made-up text",
    short="text",
    author="unknown",
    quotes="nobody",
    kind="lay",
    interest="unknown",
    file_sha256="0" * 64,
    licence="unknown",
    retrieved="unknown",
    passage=tuple(
        Passage(n, 10 * n, 10 * n + 9, f"{n:064x}", "(opening)", 1, n) for n in (1, 2, 3)
    ),
)
_CHOSEN: dict[str, Anything] = {"reason": "made up", "reference": "nowhere"}
_THRESHOLDS = (
    Threshold("years", "some age", 40, Unit.YEARS, **_CHOSEN),
    Threshold("weight", "some weight", 60, Unit.KG, **_CHOSEN),
    Threshold("much", "much", 100, Unit.MG_PER_DAY, cites=(Citation("text", (1,)),)),
    Threshold("little", "little", 20, Unit.MG_PER_DAY, **_CHOSEN),
    Threshold("often", "often", 2, Unit.PER_DAY, **_CHOSEN),
)
_CONDITION, _ALLERGEN = ConceptKind.CONDITION, ConceptKind.ALLERGEN
_SYMPTOM, _SUPPLEMENT = ConceptKind.SYMPTOM, ConceptKind.SUPPLEMENT
_WORDS = Vocabulary(
    drug_classes=(
        DrugClass("red-medicine", "red medicine", "made up", atc=("L77A",)),
        DrugClass("blue-medicine", "blue medicine", "made up", names=("blue pills",)),
        DrugClass("dark-medicine", "dark medicine", "made up", within=("red-medicine",)),
    ),
    drugs=(
        drug("dravox", member("red-medicine"), names=("Dravoxin",), codes={"atc": ("L77AA01",)}),
        drug("melitor", member("blue-medicine"), member("dark-medicine", MemberBasis.JUDGED)),
        drug("tunipal", names=("Tunix",), codes={"atc": ("Q01AA01",)}),
        drug("skinolan", member("blue-medicine", not_by=("skin",)), codes={"atc": ("D77AA01",)}),
        drug("askitrol", member("blue-medicine", not_by=("skin",), ask_route=True)),
        drug("combidrax", ingredients=("dravox", "tunipal")),
    ),
    concepts=(
        concept(_CONDITION, "gorfitis", HERE, codes={"icd_10_cm": ("X10",)}, source="made up"),
        concept(_CONDITION, "acute-gorfitis", HERE, within=("gorfitis",)),
        concept(_CONDITION, "lumnosis", HERE, names=("lumnotic",)),
        concept(_CONDITION, "plain-ailment", HERE),
        concept(_ALLERGEN, "nutwort", PLANT),
        concept(_ALLERGEN, "hazelwort", PLANT, within=("nutwort",)),
        concept(_SYMPTOM, "wheeze", FELT),
        concept(_SYMPTOM, "tingle", FELT, names=("tingling",)),
        concept(_SUPPLEMENT, "zincum", EATEN),
        concept(_SUPPLEMENT, "pondweed", EATEN),
    ),
    terms=(
        Term(("VL",), ("supplements", "medications"), "two", possible=("veritane", "lucidol")),
        Term(("gorf",), HERE, "a short form", ("gorfitis",), ("acute-gorfitis",)),
    ),
    words=(
        Words(WordKind.FILLER, ("tablet", "daily"), about="forms and times"),
        Words(WordKind.ROUTE, ("cream", "ointment"), id="skin"),
        Words(WordKind.NEGATED, ("no", "not")),
        Words(WordKind.STOPPED, ("stopped", "former")),
        Words(WordKind.NONE, ("none", "nothing")),
    ),
)
RULES = RuleSet(
    name="a made-up rule set",
    version="1",
    digest="sha256:" + "0" * 64,
    packs=("others", "texts"),
    thresholds=_THRESHOLDS,
    fields=tuple(FieldPrompt(name, name, f"What about {name}?") for name in FIELDS),
    sources=(_SOURCE,),
    substances=(
        Substance("veritane", "veritane", "made up", names=("verit",)),
        Substance("lucidol", "lucidol", "made up"),
        Substance("lucidol-forte", "lucidol forte", "made up", within=("lucidol",)),
    ),
    rules=(
        rule("scope", None, Kind.SCOPE),
        rule("red", c.Takes("red-medicine")),
        rule("advice", None, Kind.ADVICE, applies_to=("lucidol",)),
        rule("quality", None, Kind.QUALITY),
    ),
    claims=(
        Claim(
            "claim", "It is harmless.", (Citation("text", (3,)),), ("red",), (), (EVERY,), "texts"
        ),
    ),
    vocabulary=_WORDS,
)


def made(base: RuleSet = RULES, /, **parts: Anything) -> RuleSet:
    """Return the rule set with other parts, under a digest of its own."""
    return evolve(base, digest=f"sha256:{next(_DIGESTS):064x}", **parts)


def with_rules(*rules: Rule, **parts: Anything) -> RuleSet:
    """Return the rule set with more rules."""
    return made(rules=(*RULES.rules, *rules), **parts)


def edited(rules: RuleSet, id_: str, **keys: Anything) -> RuleSet:
    """Return a rule set in which something has other keys."""
    groups = ("rules", "claims", "thresholds", "sources", "substances", "fields")
    parts = {name: _edited(getattr(rules, name), id_, keys) for name in groups}
    return made(rules, **parts)


def reworded(rules: RuleSet, id_: str, **keys: Anything) -> RuleSet:
    """Return a rule set in whose vocabulary something has other keys; words go by kind."""
    words = rules.vocabulary
    groups = ("drug_classes", "drugs", "concepts", "terms", "words")
    parts = {name: _edited(getattr(words, name), id_, keys) for name in groups}
    return made(rules, vocabulary=evolve(words, **parts))


def without(rules: RuleSet, id_: str) -> RuleSet:
    """Return a rule set from which something is gone."""
    words = rules.vocabulary
    kept = {
        name: tuple(one for one in getattr(words, name) if _id(one) != id_)
        for name in ("drug_classes", "drugs", "concepts", "terms", "words")
    }
    parts = {
        name: tuple(one for one in getattr(rules, name) if one.id != id_)
        for name in ("rules", "claims", "thresholds", "sources", "substances")
    }
    return made(rules, vocabulary=evolve(words, **kept), **parts)


def adding(rules: RuleSet, **more: Anything) -> RuleSet:
    """Return a rule set with one more drug, concept, term, …"""
    words = rules.vocabulary
    return made(
        rules,
        vocabulary=evolve(
            words, **{name: (*getattr(words, name), one) for name, one in more.items()}
        ),
    )


def _id(one: Anything) -> str:
    if isinstance(one, Words):
        return one.kind.value
    return one.names[0] if isinstance(one, Term) else str(one.id)


def _edited(group: Iterable[Anything], id_: str, keys: Anything) -> tuple[Anything, ...]:
    return tuple(evolve(one, **keys) if _id(one) == id_ else one for one in group)


def change_of(diff: Diff, id_: str, about: str | None = None) -> Change:
    """Return the most serious change of something."""
    return next(one for one in diff.changes if one.id == id_ and about in (None, one.about))


def changed(old: RuleSet, new: RuleSet, id_: str, about: str | None = None) -> Change:
    """Return what became of something; a patient that shows a loss is looked at anew."""
    diff = compare(old, new)
    for one in diff.changes:
        if one.shown is not None:
            lost = lost_by(one.shown.profile, old, new)
            assert lost == one.shown.losses
            assert bool(lost) is (one.verdict in GATED), one
    return change_of(diff, id_, about)


def lost_by(profile: PatientProfile, old: RuleSet, new: RuleSet) -> tuple[object, ...]:
    """Return what a patient loses, by the evaluator itself."""
    old, new = evolve(old, withdrawn=None), evolve(new, withdrawn=None)
    before, after = assess(profile, ruleset=old), assess(profile, ruleset=new)
    return losses(before, after, heirs_of_rules(old, new))
