"""A small vocabulary of real words, so that tests of recognition read like entries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from attrs import evolve

from msrisk.model.concepts import (
    Concept,
    ConceptKind,
    Confusable,
    Drug,
    DrugClass,
    MemberBasis,
    Membership,
    Term,
    Vocabulary,
    WordKind,
    Words,
)
from msrisk.model.rules import RuleSet, Substance

ALL = ("supplements", "medications", "conditions", "allergies", "symptoms")
PRODUCTS = ("supplements", "medications")


def _in(
    id_: str, basis: str = "labelled", *, not_by: tuple[str, ...] = (), ask: bool = False
) -> Membership:
    return Membership(id_, MemberBasis(basis), f"why {id_}", not_by=not_by, ask_route=ask)


def _drug(
    id_: str,
    *names: str,
    atc: str = "",
    classes: tuple[Membership, ...] = (),
    ingredients: tuple[str, ...] = (),
) -> Drug:
    codes = {"atc": (atc,)} if atc else {}
    name = id_.replace("-", " ")
    return Drug(id_, name, "tests", names, codes, ingredients=ingredients, classes=classes)


def _concept(
    kind: str,
    id_: str,
    *names: str,
    told_in: tuple[str, ...],
    within: tuple[str, ...] = (),
    icd: tuple[str, ...] = (),
    implies: tuple[str, ...] = (),
    drug: bool = False,
) -> Concept:
    codes = {"icd_10_cm": icd} if icd else {}
    name = id_.replace("-", " ")
    return Concept(id_, ConceptKind(kind), name, told_in, names, within, codes, implies, drug)


def _words(kind: str, *words: str, fields: tuple[str, ...] = ALL, id_: str = "") -> Words:
    return Words(WordKind(kind), words, fields, id_)


_SUGAR = "glucose-lowering-medication"
_STEROID = "systemic-corticosteroid"
_IMMUNE = "immunosuppressive-medication"

CLASSES = (
    DrugClass("glucose-affecting-medication", "medication that shifts blood sugar", "tests"),
    DrugClass(
        _SUGAR,
        "glucose-lowering medication",
        "tests",
        ("glucose-affecting-medication",),
        ("A10",),
        ("diabetes pills",),
    ),
    DrugClass(_IMMUNE, "immunosuppressive medication", "tests", (), ("L04",)),
    DrugClass(
        _STEROID,
        "systemic corticosteroid",
        "tests",
        ("glucose-affecting-medication", _IMMUNE),
        ("H02",),
    ),
    DrugClass("thyroid-medication", "thyroid medication", "tests", names=("thyroid pills",)),
)
_CORTISONE = (_in(_STEROID, not_by=("skin", "eye"), ask=True),)
DRUGS = (
    _drug("metformin", "Glucophage", atc="A10BA02", classes=(_in(_SUGAR),)),
    _drug("sitagliptin", atc="A10BH01", classes=(_in(_SUGAR),)),
    _drug(
        "metformin-sitagliptin",
        "Janumet",
        atc="A10BD07",
        ingredients=("metformin", "sitagliptin"),
    ),
    _drug("insulin", classes=(_in(_SUGAR),)),
    _drug("insulin-glargine", "Lantus", atc="A10AE04", classes=(_in(_SUGAR),)),
    _drug("levothyroxine", "Synthroid", atc="H03AA01", classes=(_in("thyroid-medication"),)),
    _drug("desiccated-thyroid", "thyroid USP", classes=(_in("thyroid-medication"),)),
    _drug("tacrolimus", "Prograf", atc="L04AD02", classes=(_in(_IMMUNE, not_by=("skin",)),)),
    _drug("mycophenolate", classes=(_in(_IMMUNE, "judged"),)),
    _drug(
        "prednisone",
        atc="H02AB07",
        classes=(_in(_IMMUNE, "judged"), _in(_STEROID, not_by=("eye",))),
    ),
    _drug("hydrocortisone", atc="D07AA02", classes=_CORTISONE),
    _drug("trastuzumab", classes=(_in(_IMMUNE),)),
    _drug("aspirin", "Aspro 24hr", "Aspro 24mg", atc="B01AC06"),
    _drug("paracetamol", "Tylenol", "Sincedaily", atc="N02BE01"),
    _drug("fluorouracil", "5-FU"),
    _drug("lopromin", classes=(_in(_SUGAR),)),
    _drug("lopramin"),
    _drug("lopremin"),
    _drug("morphine", "MS Contin"),
    _drug("aminolevulinic-acid"),
)
CONCEPTS = (
    _concept("condition", "diabetes", "diabetic", told_in=("conditions",), icd=("E08", "E13")),
    _concept(
        "condition",
        "type-2-diabetes",
        "T2DM",
        "diabetes mellitus, type 2",
        told_in=("conditions",),
        within=("diabetes",),
        icd=("E11",),
    ),
    _concept(
        "condition",
        "diabetic-coma",
        told_in=("conditions",),
        within=("diabetes",),
        icd=("E11.0",),
    ),
    _concept("condition", "diabetes-insipidus", told_in=("conditions",), icd=("E23.2",)),
    _concept("condition", "insulin-resistance", told_in=("conditions",)),
    _concept(
        "condition",
        "insulin-treated-diabetes",
        "diabetes on insulin",
        told_in=("conditions",),
        within=("diabetes",),
        implies=(_SUGAR,),
    ),
    _concept("condition", "multiple-sclerosis", "MS", told_in=("conditions",), icd=("G35",)),
    _concept("condition", "mitral-stenosis", told_in=("conditions",)),
    _concept("condition", "liver-disease", told_in=("conditions",), icd=("K70", "K76")),
    _concept("condition", "asthma", told_in=("conditions",)),
    _concept("condition", "asthmosis", told_in=("conditions",)),
    _concept("condition", "asthmasis", told_in=("conditions",), within=("asthma",)),
    _concept("condition", "lactose-intolerance", told_in=("conditions", "allergies"), icd=("E73",)),
    _concept("topic", "pregnancy", "pregnant", told_in=("conditions",)),
    _concept("allergen", "milk-protein", "milk", "dairy", told_in=("allergies", "conditions")),
    _concept("allergen", "peanut", "peanuts", told_in=("allergies",)),
    _concept("allergen", "soy", "soy milk", told_in=("allergies",)),
    _concept("allergen", "penicillin-allergen", "penicillin", told_in=("allergies",), drug=True),
    _concept("allergen", "alpha-lipoic-acid", told_in=("allergies",)),
    _concept("symptom", "itching", "itchy", told_in=("symptoms",), icd=("L29",)),
    _concept("symptom", "skin-rash", "rash", told_in=("symptoms",)),
    _concept("symptom", "hives", told_in=("symptoms",), within=("skin-rash",)),
    _concept("supplement", "magnesium", told_in=PRODUCTS),
    _concept("supplement", "milk-thistle", told_in=PRODUCTS),
)
SUBSTANCES = (
    Substance(
        "alpha-lipoic-acid",
        "alpha lipoic acid",
        "tests",
        ("α-lipoic acid", "thioctic acid"),
    ),
    Substance("glutathione-precursor", "glutathione precursor", "tests", ("glutathione",)),
    Substance(
        "n-acetylcysteine", "N-acetylcysteine", "tests", ("NAC",), within=("glutathione-precursor",)
    ),
)
TERMS = (
    Term(
        ("ALA",),
        (*PRODUCTS, "allergies"),
        "ALA is short for several things",
        possible=("alpha-lipoic-acid", "aminolevulinic-acid"),
    ),
    Term(
        ("steroids", "steroid"),
        ("medications",),
        "not said which steroid",
        possible=(_STEROID, "anything"),
    ),
    Term(
        ("painkiller",),
        ("medications",),
        "not said which painkiller",
        possible=("aspirin", "paracetamol"),
    ),
    Term(
        ("sugar tablets",),
        ("medications",),
        "mostly for diabetes",
        concepts=(_SUGAR, "metformin"),
        possible=(_STEROID,),
    ),
    Term(
        ("dairy problem",),
        ("conditions", "allergies"),
        "milk or lactose",
        possible=("milk-protein", "lactose-intolerance"),
        codes={"icd_10_cm": ("T78.11",)},
    ),
)
WORDS = (
    _words(
        "filler",
        "since",
        "daily",
        "mg",
        "mcg",
        "g",
        "hydrochloride",
        "the",
        "i have",
        "with",
        "a",
        "and",
        "in",
        "it",
        "has",
        "reaction",
        "last",
        "year",
        "to",
        "my",
        "old",
        "both",
        "morning",
    ),
    _words("filler", "medications", "medication", "prescription", fields=PRODUCTS),
    _words("filler", "rash", "hives", "drug", fields=("allergies",)),
    evolve(_words("route", "cream", "ointment", fields=PRODUCTS, id_="skin"), atc=("D07",)),
    _words("route", "eye drops", "eye", fields=PRODUCTS, id_="eye"),
    _words("route", "oral", "tablet", "tablets", "pill", fields=PRODUCTS, id_="oral"),
    _words("route", "injection", fields=PRODUCTS, id_="injection"),
    _words("route", "inhaler", fields=PRODUCTS, id_="inhaled"),
    _words("negated", "not", "never", "no known", "without", "not on", "not allergic to"),
    _words(
        "stopped",
        "stopped",
        "no longer",
        "no longer on",
        "was on",
        "hx",
        "history of",
        "hx of",
    ),
    _words("planned", "planning", "planning to", "would like to", "considering", "will start"),
    _words("other-person", "mother", "family history", "family history of", "sister"),
    _words("doubtful", "?", "possible", "or", "maybe"),
    _words("now", "now", "on", "taking", "take", "takes", "currently"),
    _words("allergy", "allergy", "allergies", "allergic to", "intolerance"),
    _words("none", "none", "no", "nothing", "none known"),
    _words("none", "not on any medication", "no medications", fields=PRODUCTS),
    _words("none", "nka", "no known allergies", "no allergies", fields=("allergies",)),
    _words("no-drug-allergy", "nkda", "no known drug allergies", fields=("allergies",)),
    _words("unsaid", "unknown", "not sure", "na"),
    _words("indication", "for", "because of", fields=PRODUCTS),
    _words("salt", "citrate", "sodium", fields=PRODUCTS),
    _words("form", "capsule", "medicine", fields=PRODUCTS),
    _words("nothing-else", "no others", fields=("conditions",)),
    _words("except", "except", "apart from"),
)


CONFUSABLES = (
    Confusable(("prednisone", "paracetamol"), "tests"),
    Confusable(("prednisone", "Prograf"), "tests"),
)


def made_of(
    *,
    classes: Iterable[DrugClass] = CLASSES,
    drugs: Iterable[Drug] = DRUGS,
    concepts: Iterable[Concept] = CONCEPTS,
    terms: Iterable[Term] = TERMS,
    words: Iterable[Words] = WORDS,
) -> RuleSet:
    """Return a rule set without rules, of this vocabulary."""
    vocabulary = Vocabulary(
        tuple(classes), tuple(drugs), tuple(concepts), tuple(terms), tuple(words), CONFUSABLES
    )
    return RuleSet("small", "0", "sha256:0", ("texts",), (), (), (), SUBSTANCES, (), (), vocabulary)


@cache
def small() -> RuleSet:
    """Return the small rule set, made once."""
    return made_of()
