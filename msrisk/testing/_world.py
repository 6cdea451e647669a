"""Makes a small invented world: drugs, conditions and supplements with made-up names."""

from __future__ import annotations

from hypothesis import strategies as st

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
from msrisk.model.profile import FIELDS
from msrisk.model.quantities import Unit
from msrisk.model.rules import FieldPrompt, Threshold
from msrisk.model.sources import Citation, Passage, Source

__all__ = ["FIELD_PROMPTS", "SOURCES", "THRESHOLDS", "vocabularies"]


def _source(id_: str) -> Source:
    passages = tuple(
        Passage(n, 10 * n, 10 * n + 9, f"{n:064x}", "(opening)", 1, n) for n in range(1, 5)
    )
    return Source(
        id=id_,
        title=f"The {id_.replace('-', ' ')}",
        short=id_,
        author="unknown",
        quotes="nobody",
        kind="lay",
        interest="unknown",
        file_sha256="0" * 64,
        licence="unknown",
        retrieved="unknown",
        passage=passages,
    )


SOURCES = (_source("first-text"), _source("second-text"))

# Made-up numbers: no rule of this world says anything about a real substance.
THRESHOLDS = (
    Threshold("some-years", "some age", 40, Unit.YEARS, reason="made up", reference="nowhere"),
    Threshold("some-weight", "some weight", 60, Unit.KG, reason="made up", reference="nowhere"),
    Threshold("much-a-day", "much", 100, Unit.MG_PER_DAY, cites=(Citation("first-text", (1,)),)),
    Threshold("little-a-day", "little", 20, Unit.MG_PER_DAY, reason="made up", reference="nowhere"),
    Threshold("often-a-day", "often", 2, Unit.PER_DAY, cites=(Citation("second-text", (2,)),)),
)

FIELD_PROMPTS = tuple(FieldPrompt(name, name, f"What about {name}?") for name in FIELDS)


def _concept(
    kind: ConceptKind,
    id_: str,
    *names: str,
    told_in: tuple[str, ...],
    within: tuple[str, ...] = (),
    icd: str = "",
    implies: tuple[str, ...] = (),
    drug: bool = False,
) -> Concept:
    return Concept(
        id=id_,
        kind=kind,
        name=id_.replace("-", " "),
        names=names,
        told_in=told_in,
        within=within,
        codes={"icd_10_cm": (icd,)} if icd else {},
        implies=implies,
        drug=drug,
    )


def _drug(id_: str, *names: str, atc: str = "", classes: tuple[Membership, ...] = ()) -> Drug:
    codes = {"atc": (atc,)} if atc else {}
    return Drug(id_, id_, "made up", names=names, codes=codes, classes=classes)


def _in(class_: str, not_by: tuple[str, ...] = (), *, ask_route: bool = False) -> Membership:
    basis = MemberBasis.JUDGED if not_by else MemberBasis.LABELLED
    return Membership(class_, basis, f"made up for {class_}", not_by=not_by, ask_route=ask_route)


_DRUGS = (
    _drug("dravox", "Dravoxin", atc="L77AA01", classes=(_in("red-medicine"),)),
    _drug("melitor", atc="L77BB02", classes=(_in("blue-medicine"), _in("dark-medicine"))),
    _drug("tunipal", "Tunix", atc="Q01AA01"),
    _drug("skinolan", classes=(_in("dark-medicine", ("skin",)),)),
    _drug("askitrol", classes=(_in("red-medicine", ("skin",), ask_route=True),)),
    Drug("combidrax", "combidrax", "made up", ingredients=("dravox", "tunipal")),
)

_WORDS = (
    Words(WordKind.FILLER, ("tablet", "tablets", "since", "daily"), about="forms and times"),
    Words(WordKind.ROUTE, ("cream", "ointment"), id="skin"),
    Words(WordKind.NEGATED, ("no", "not", "never")),
    Words(WordKind.STOPPED, ("stopped", "former")),
    Words(WordKind.PLANNED, ("planning", "will start")),
    Words(WordKind.OTHER_PERSON, ("mother", "father")),
    Words(WordKind.DOUBTFUL, ("possible", "maybe")),
    Words(WordKind.NOW, ("now", "takes")),
    Words(WordKind.ALLERGY, ("allergy", "allergic to")),
    Words(WordKind.NONE, ("none", "nothing")),
    Words(WordKind.NO_DRUG_ALLERGY, ("no known drug allergies",), fields=("allergies",)),
    Words(WordKind.UNSAID, ("unknown", "not sure")),
    Words(WordKind.INDICATION, ("for", "because of")),
)

_TERMS = (
    Term(("VL",), ("supplements", "medications"), "two things", possible=("veritane", "lucidol")),
    Term(("VP",), ("supplements",), "two things", possible=("pondweed", "veritane")),
    Term(("PZ",), ("supplements",), "two things", possible=("pondweed", "zincum")),
    Term(("lucid mix",), ("supplements",), "a mixture", ("lucidol",), ("zincum",)),
    Term(
        ("dark or red",),
        ("medications",),
        "two classes",
        possible=("dark-medicine", "red-medicine"),
    ),
    Term(("gorf",), ("conditions",), "a short form", ("gorfitis",), ("acute-gorfitis",)),
    Term(("wort",), ("allergies",), "two plants", possible=("nutwort", "meadowort")),
    Term(("breath",), ("symptoms",), "two signs", possible=("wheeze", "tingle")),
)


def _vocabulary(
    dark_within: tuple[str, ...],
    night_within: tuple[str, ...],
    wort_told_in: tuple[str, ...],
    implied: tuple[str, ...],
    mineral: tuple[str, ...],
) -> Vocabulary:
    condition, here = ConceptKind.CONDITION, ("conditions",)
    plant, felt = ConceptKind.ALLERGEN, ("symptoms",)
    eaten = ConceptKind.SUPPLEMENT
    return Vocabulary(
        drug_classes=(
            DrugClass("red-medicine", "red medicine", "made up", atc=("L77A",)),
            DrugClass("blue-medicine", "blue medicine", "made up", names=("blue pills",)),
            DrugClass("dark-medicine", "dark medicine", "made up", within=dark_within),
            DrugClass("night-medicine", "night medicine", "made up", within=night_within),
        ),
        drugs=_DRUGS,
        concepts=(
            _concept(condition, "gorfitis", told_in=here, icd="X10"),
            _concept(condition, "acute-gorfitis", told_in=here, within=("gorfitis",), icd="X10.1"),
            _concept(condition, "lumnosis", "lumnotic", told_in=here, icd="X20", implies=implied),
            _concept(condition, "plain-ailment", told_in=here),
            _concept(ConceptKind.TOPIC, "expecting", "is expecting", told_in=here),
            _concept(plant, "nutwort", told_in=wort_told_in, icd="X30"),
            _concept(plant, "hazelwort", told_in=wort_told_in, within=("nutwort",)),
            _concept(plant, "meadowort", told_in=("allergies",)),
            # The id of a substance too: one may be allergic to what one takes.
            _concept(plant, "veritane", told_in=("allergies",)),
            _concept(plant, "dravoxate", told_in=("allergies",), drug=True),
            _concept(ConceptKind.SYMPTOM, "wheeze", told_in=felt),
            _concept(ConceptKind.SYMPTOM, "loud-wheeze", told_in=felt, within=("wheeze",)),
            _concept(ConceptKind.SYMPTOM, "tingle", "tingling", told_in=felt, icd="X40"),
            _concept(eaten, "mineral", told_in=("supplements",)),
            _concept(eaten, "zincum", told_in=("supplements",), within=mineral),
            _concept(eaten, "pondweed", told_in=("supplements",)),
        ),
        terms=_TERMS,
        words=_WORDS,
    )


def vocabularies() -> st.SearchStrategy[Vocabulary]:
    """Return vocabularies of one small world, which differ in what belongs to what."""
    return st.builds(
        _vocabulary,
        dark_within=st.sampled_from([(), ("red-medicine",), ("red-medicine", "blue-medicine")]),
        night_within=st.sampled_from([(), ("dark-medicine",), ("blue-medicine",)]),
        wort_told_in=st.sampled_from([("allergies",), ("allergies", "conditions")]),
        implied=st.sampled_from([(), ("red-medicine",)]),
        mineral=st.sampled_from([(), ("mineral",)]),
    )
