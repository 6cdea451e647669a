"""Reports made by hand: a rich one with every part, a bare one, and a hostile one."""

from __future__ import annotations

from attrs import evolve

from msrisk.evaluation.naming import shown
from msrisk.model.facts import Denied
from msrisk.model.profile import Code
from msrisk.model.results import (
    Assessment,
    Because,
    Caveat,
    CitedPlace,
    CitedSource,
    DisputedClaim,
    Finding,
    Level,
    NextQuestion,
    NotLookedAt,
    OpenQuestion,
    OtherSide,
    PolicyUsed,
    Report,
    RuleSetUsed,
    Silence,
    ToAsk,
    Unrecognised,
)
from msrisk.model.sources import CitedPassages

ARTICLE = CitedSource(
    "A",
    "ala-ms-article",
    "Unsigned web article on alpha lipoic acid in MS",
    "Unsigned web article",
    (
        CitedPlace((63,), "Factors Affecting Dosage", "paragraph 2, sentence 1"),
        CitedPlace((74,), "Potential Side Effects and Risks", "paragraph 1, sentence 1"),
        CitedPlace((82, 83), "Potential Side Effects and Risks", "paragraph 2, sentences 5, 6"),
        CitedPlace((91, 92, 93), "Other Considerations", "paragraph 1, sentences 3 to 5"),
    ),
)
LETTER = CitedSource(
    "B",
    "glutathione-ms-letter",
    "Letter on glutathione in MS by a colleague of the author it quotes",
    "Letter from a colleague of the quoted author",
    (CitedPlace((17, 18), "opening", "paragraph 6, sentences 3, 4"),),
)
DIGEST = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
ATC = "http://www.whocc.no/atc"


def article(*numbers: int) -> tuple[CitedPassages, ...]:
    """Cite these passages of the article, or the whole of it."""
    if not numbers:
        return (CitedPassages("ala-ms-article", "the whole text", (), whole=True),)
    where = "; ".join(
        f"{one.section}, {one.where}" for one in ARTICLE.places if {*numbers} & {*one.passages}
    )
    return (CitedPassages("ala-ms-article", where, numbers),)


def letter(*numbers: int) -> tuple[CitedPassages, ...]:
    """Cite these passages of the letter, or the whole of it."""
    if not numbers:
        return (CitedPassages("glutathione-ms-letter", "the whole text", (), whole=True),)
    return (CitedPassages("glutathione-ms-letter", "opening, paragraph 6", numbers),)


WHOLE = (*article(), *letter())
SCOPE = Caveat(
    "scope-two-texts",
    "scope",
    "All that msrisk knows comes from two texts. What they do not mention was not assessed.",
    WHOLE,
    action="Ask a doctor or pharmacist about every supplement.",
    title="two texts, and nothing else",
    effect="Only two texts were searched.",
    do="Ask a doctor or pharmacist in any case.",
    screen="scope",
)
EMERGENCY = Caveat(
    "signs-of-allergy",
    "advice",
    "The article says that an allergic reaction needs medical help at once.",
    (*article(82, 83), *letter(18)),
    action="With trouble breathing, call the emergency number. Take no more of it.",
    title="signs of an allergic reaction",
    effect="Trouble breathing, or a swollen face?",
    do="Call the emergency number now.",
    screen="emergency",
)
MEDICINES = Caveat(
    "keep-prescribed-medicines",
    "advice",
    "The article says that no supplement takes the place of treatment.",
    article(91, 92),
    action="Keep taking every medicine that is prescribed for you.",
    title="medicines that are prescribed",
    effect="Keep taking every medicine that is prescribed for you.",
    do="Ask the prescriber before any change.",
    screen="medicines",
)
POLICY = Caveat("policy", "scope", "This answer uses a local policy.", letter(18))
PURITY = Caveat(
    "ala-product-quality",
    "quality",
    "What is in the bottle varies; ask for a product that somebody else has tested.",
    article(91, 92, 93),
    title="how pure a product is",
)
RASH = Caveat(
    "glutathione-detox-rash",
    "side-effect",
    "The letter says that a rash can appear now and then.",
    letter(17),
    title="a rash",
)
PREGNANT = OpenQuestion(
    "silence-pregnancy",
    Level.UNDETERMINED,
    "Are you pregnant?",
    ("conditions",),
    WHOLE,
    title="pregnancy",
)
EVERY_CAVEAT = (EMERGENCY, MEDICINES, SCOPE)

ALA = Assessment(
    substance="alpha-lipoic-acid",
    name="alpha lipoic acid",
    covered=True,
    level=Level.CAUTION,
    worst_case=Level.URGENT,
    findings=(
        Finding(
            "ala-thyroid-medication",
            "caution",
            Level.CAUTION,
            "stated",
            "You take a thyroid medicine. Alpha lipoic acid may change how well it works.",
            "Tell whoever prescribes it before you start.",
            "The source says so.",
            (
                Because(
                    "medications",
                    text="Synthroid 50 mcg",
                    recognised_as="levothyroxine",
                    concept="thyroid-medication",
                    basis="labelled",
                    why="thyroid hormone by its label",
                ),
            ),
            article(82, 83),
            title="thyroid medicines",
            effect="alpha lipoic acid may change how well it works.",
            do="Ask for a thyroid check.",
            ask="About Synthroid: must my thyroid be checked again?",
        ),
        Finding(
            "ala-older-adult",
            "caution",
            Level.CAUTION,
            "threshold",
            "You are older.",
            "",
            "The source says so in words; the number is not from the source.",
            (
                Because("age_years", value=(66, 67)),
                Because("age_years", value=66),
                Because("ms_symptoms_severe", value=True),
                Because("replacing_ms_treatment", value=False),
                Because(
                    "medications",
                    code=Code(ATC, "L04AG08"),
                    concept="immunosuppressive-medication",
                    basis="judged",
                    why="it is given against the immune system",
                ),
                Because(
                    "conditions",
                    text="lupus",
                    code=Code("urn:local", "7"),
                    recognised_as="lupus",
                    concept="lupus",
                ),
            ),
            article(63),
            title="older age",
        ),
        Finding(
            "ala-other-condition",
            "inform",
            Level.INFORM,
            "stated",
            "You have another illness.",
            "Tell your doctor.",
            "The source says so.",
            (Because("conditions", text="migraine", recognised_as="migraine"),),
            article(82),
            title="other illnesses",
            effect="the dose may have to change.",
            do="Tell your doctor.",
            ask="About migraine: does that change the dose?",
        ),
    ),
    open_questions=(
        OpenQuestion(
            "ala-allergic-reaction",
            Level.URGENT,
            "Do you have trouble breathing?",
            ("symptoms", "supplements"),
            article(82),
            title="signs of an allergic reaction",
        ),
        OpenQuestion(
            "ala-rash",
            Level.CAUTION,
            "Do you have a rash?",
            ("symptoms",),
            article(82),
            title="a rash from it",
        ),
        OpenQuestion(
            "ala-nausea",
            Level.CAUTION,
            "Do you feel sick?",
            ("symptoms",),
            article(82),
            title="nausea",
        ),
        PREGNANT,
    ),
    caveats=(PURITY, *EVERY_CAVEAT),
    claims=(
        DisputedClaim(
            "ala-claim-generally-safe",
            "The article says that it is generally safe. It then goes on to side effects.",
            ("ala-thyroid-medication", "ala-allergic-reaction", "ala-allergy"),
            ("ala-product-quality",),
            article(74),
            tuple(
                OtherSide(rule, title, article(82))
                for rule, title in (
                    ("ala-thyroid-medication", "thyroid medicines"),
                    ("ala-allergic-reaction", "signs of an allergic reaction"),
                    ("ala-allergy", "an allergy to alpha lipoic acid"),
                    ("ala-product-quality", "how pure a product is"),
                )
            ),
        ),
    ),
    silences=(
        Silence(
            "minerals",
            "silence-minerals",
            "You also take a mineral. Neither text says a word about minerals.",
            (Because("supplements", text="iron", recognised_as="iron"),),
            article(),
            action="Ask your pharmacist.",
            title="minerals",
        ),
    ),
    products=("alpha lipoic acid",),
    taking=True,
)
GLUTATHIONE = Assessment(
    substance="glutathione-precursor",
    name="glutathione precursor",
    covered=True,
    level=Level.CONTRAINDICATED,
    worst_case=Level.CONTRAINDICATED,
    findings=(
        Finding(
            "glutathione-immunosuppressive-medication",
            "contraindication",
            Level.CONTRAINDICATED,
            "inferred",
            "You take a medicine that holds back the immune system.",
            "Do not take it.",
            "Inferred by msrisk: the letter says so.",
            (Because("medications", text="Imuran", recognised_as="azathioprine"),),
            letter(18),
            title="medicines that hold back the immune system",
            effect="people on such medicines cannot take it, says the letter.",
            do="Do not take it. Do not stop Imuran.",
            ask="About Imuran: what if I have taken it?",
        ),
    ),
    open_questions=(PREGNANT,),
    caveats=(RASH, *EVERY_CAVEAT),
    claims=(),
    silences=(),
    products=("Immunocal",),
    taking=False,
)
UNKNOWN = Assessment(
    None, "foozumab", False, Level.UNDETERMINED, Level.URGENT, (), (), EVERY_CAVEAT, (), ()
)
UNCOVERED = evolve(UNKNOWN, substance="magnesium", name="magnesium", worst_case=Level.UNDETERMINED)
QUIET = Assessment(
    "glutathione-precursor",
    "glutathione precursor",
    True,
    Level.NO_FINDING,
    Level.NO_FINDING,
    (),
    (),
    (RASH, *EVERY_CAVEAT),
    (),
    (),
)

RICH = Report(
    RuleSetUsed("2026.1", DIGEST, ("texts",), False),
    PolicyUsed((("low-body-weight-kg", 48.5), ("older-adult-years", 70)), True, DIGEST),
    Level.CONTRAINDICATED,
    Level.URGENT,
    "CONTRAINDICATED so far; could be URGENT: 4 questions open",
    (*EVERY_CAVEAT, POLICY),
    (ALA, GLUTATHIONE, UNCOVERED, UNKNOWN),
    (
        Unrecognised(
            "supplements",
            "foozumab",
            None,
            "unrecognised",
            "no name or code that msrisk knows",
            "What is “foozumab”?",
            ("foo", "bar", "baz"),
        ),
        Unrecognised(
            "medications",
            None,
            Code(ATC, "Z99"),
            "ambiguous",
            "",
            "What does the code Z99 stand for?",
            (),
        ),
    ),
    NextQuestion("symptoms", "What have you noticed?", "the answer could bring URGENT"),
    (
        Denied("milk", "milk-protein", "milk protein", settles=True),
        Denied("pregnancy", "pregnancy", "pregnancy", settles=True),
        Denied("thyroid pills", "thyroid-medication", "thyroid medication", settles=False),
    ),
    sources=(ARTICLE, LETTER),
    to_ask=(
        ToAsk("symptoms", "What have you noticed?", "What did you notice?", Level.URGENT),
        ToAsk("supplements", "What is “foozumab”?", "What is “foozumab”?", Level.URGENT),
        ToAsk("conditions", "Are you pregnant?", "Are you pregnant?", Level.UNDETERMINED),
        ToAsk("medications", "What does Z99 stand for?", "What is Z99?", Level.UNDETERMINED),
    ),
    none_reported=("allergies",),
    medicines=("Synthroid", "Imuran"),
    not_looked_at=(
        NotLookedAt("medications", "Losec", None, "omeprazole"),
        NotLookedAt("allergies", None, Code(ATC, "J01"), "penicillin"),
        NotLookedAt("conditions", "gout", None, "gout"),
    ),
)
BARE = Report(
    RuleSetUsed("2026.1", DIGEST, ("texts", "more"), True),
    None,
    Level.UNDETERMINED,
    Level.URGENT,
    "UNDETERMINED so far; could be URGENT: 1 question open; which supplement was not asked",
    (SCOPE,),
    (),
    (),
    None,
    sources=(evolve(ARTICLE, places=()), evolve(LETTER, places=())),
)
NOTHING_FOUND = evolve(
    BARE,
    level=Level.NO_FINDING,
    worst_case=Level.NO_FINDING,
    headline="NO FINDING: no warning of the two texts fits these answers; that clears nothing",
    caveats=EVERY_CAVEAT,
    assessments=(QUIET,),
    sources=(ARTICLE, LETTER),
    none_reported=("medications", "symptoms"),
)


def typed(text: str) -> Report:
    """Return a report in which a patient typed this wherever a patient can type."""
    because = Because("supplements", text=text, recognised_as=text, concept="x", why=text)
    silence = evolve(ALA.silences[0], because=(because,))
    finding = evolve(
        GLUTATHIONE.findings[0],
        because=(because,),
        message=f"You take {shown(text, None)}.",
        action=f"Do not stop {shown(text, None)}.",
        do=f"Do not stop {shown(text, None)}.",
        ask=f"About {shown(text, None)}: what now?",
    )
    unclear = evolve(RICH.unrecognised[0], text=text, question=f"What is “{text}”?")
    return evolve(
        RICH,
        assessments=(
            evolve(ALA, silences=(silence,), products=(text,)),
            evolve(GLUTATHIONE, findings=(finding,)),
            evolve(UNKNOWN, name=text),
        ),
        unrecognised=(unclear,),
        next_question=NextQuestion("supplements", f"What is “{text}”?", "it could be anything"),
        denied=tuple(evolve(RICH.denied[0], text=text, settles=yes) for yes in (True, False)),
        to_ask=(
            ToAsk(
                "supplements", f"What is “{text}”?", f"What is “{shown(text, None)}”?", Level.URGENT
            ),
        ),
        medicines=(shown(text, None),),
        not_looked_at=(NotLookedAt("medications", text, None, text),),
    )
