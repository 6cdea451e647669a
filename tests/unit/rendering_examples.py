"""Reports made by hand: a rich one with every part, a bare one, and a hostile one."""

from __future__ import annotations

from attrs import evolve

from msrisk.model.facts import Denied
from msrisk.model.profile import Code
from msrisk.model.results import (
    Assessment,
    Because,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    NextQuestion,
    OpenQuestion,
    OtherSide,
    PolicyUsed,
    Report,
    RuleSetUsed,
    Silence,
    Unrecognised,
)
from msrisk.model.sources import CitedPassages

ARTICLE = "Unsigned web article on alpha lipoic acid in MS"
LETTER = "Letter on glutathione in MS by a colleague of the author it quotes"
SIDE_EFFECTS = "Potential Side Effects and Risks, paragraph 2, sentence 5"
DIGEST = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
ATC = "http://www.whocc.no/atc"


def article(where: str = SIDE_EFFECTS) -> tuple[CitedPassages, ...]:
    """Cite the article at this place."""
    return (CitedPassages("ala-ms-article", ARTICLE, where, (82, 83)),)


def letter(where: str = "opening, paragraph 6, sentence 2") -> tuple[CitedPassages, ...]:
    """Cite the letter at this place."""
    return (CitedPassages("glutathione-ms-letter", LETTER, where, (18,)),)


SCOPE = Caveat(
    "scope-two-texts",
    "scope",
    "All that msrisk knows comes from two texts. What they do not mention was not assessed.",
    article("the whole text") + letter("the whole text"),
)
STRANGE_KIND = Caveat("policy", "local", "This answer uses a local policy.", letter())
PURITY = Caveat(
    "ala-product-quality",
    "quality",
    "What is in the bottle varies; ask for a product that somebody else has tested.",
    article("Other Considerations, paragraph 1, sentences 1 to 3"),
)
RASH = Caveat(
    "glutathione-detox-rash",
    "side-effect",
    "The letter says that a rash can appear now and then.",
    letter("opening, paragraph 6, sentence 1"),
)
PREGNANT = OpenQuestion(
    "silence-pregnancy",
    Level.UNDETERMINED,
    "Are you pregnant?",
    ("conditions",),
    article("the whole text") + letter("the whole text"),
)

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
            article(),
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
                ),
                Because(
                    "conditions",
                    text="lupus",
                    code=Code("urn:local", "7"),
                    recognised_as="lupus",
                    concept="lupus",
                ),
            ),
            article("Factors Affecting Dosage, paragraph 3, sentence 1; Conclusion, heading"),
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
            article(),
        ),
    ),
    open_questions=(
        OpenQuestion(
            "ala-allergic-reaction",
            Level.URGENT,
            "Do you have trouble breathing?",
            ("symptoms", "supplements"),
            article(),
        ),
        OpenQuestion("ala-rash", Level.CAUTION, "Do you have a rash?", ("symptoms",), article()),
        OpenQuestion("ala-nausea", Level.CAUTION, "Do you feel sick?", ("symptoms",), article()),
        PREGNANT,
    ),
    caveats=(PURITY, SCOPE),
    claims=(
        DisputedClaim(
            "ala-claim-generally-safe",
            "The article says that it is generally safe. It then goes on to side effects.",
            ("ala-thyroid-medication", "ala-allergic-reaction", "ala-allergy"),
            ("ala-product-quality",),
            article("Potential Side Effects and Risks, paragraph 1, sentence 1"),
            tuple(
                OtherSide(rule, f"What {rule} says.", article())
                for rule in (
                    "ala-thyroid-medication",
                    "ala-allergic-reaction",
                    "ala-allergy",
                    "ala-product-quality",
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
            article("the whole text"),
        ),
    ),
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
            "stated",
            "You take a medicine that holds back the immune system.",
            "Do not take it.",
            "The source says so.",
            (Because("medications", text="Imuran", recognised_as="azathioprine"),),
            letter(),
        ),
    ),
    open_questions=(PREGNANT,),
    caveats=(RASH, SCOPE),
    claims=(),
    silences=(),
)
UNKNOWN = Assessment(
    None, "foozumab", False, Level.UNDETERMINED, Level.URGENT, (), (), (SCOPE,), (), ()
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
    (RASH, SCOPE),
    (),
    (),
)

RICH = Report(
    RuleSetUsed("2026.1", DIGEST, ("texts",), False),
    PolicyUsed((("low-body-weight-kg", 48.5), ("older-adult-years", 70)), True, DIGEST),
    Level.CONTRAINDICATED,
    Level.URGENT,
    "CONTRAINDICATED so far; could be URGENT: 4 questions open",
    (SCOPE, STRANGE_KIND),
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
)
NOTHING_FOUND = evolve(
    BARE,
    level=Level.NO_FINDING,
    worst_case=Level.NO_FINDING,
    headline="NO FINDING so far, and at worst NO FINDING: no question open",
    assessments=(QUIET,),
)


def typed(text: str) -> Report:
    """Return a report in which a patient typed this wherever a patient can type."""
    because = Because("supplements", text=text, recognised_as=text)
    silence = evolve(ALA.silences[0], because=(because,))
    finding = evolve(GLUTATHIONE.findings[0], because=(because,))
    unclear = evolve(RICH.unrecognised[0], text=text, question=f"What is “{text}”?")
    return evolve(
        RICH,
        assessments=(
            evolve(ALA, silences=(silence,)),
            evolve(GLUTATHIONE, findings=(finding,)),
            evolve(UNKNOWN, name=text),
        ),
        unrecognised=(unclear,),
        next_question=NextQuestion("supplements", f"What is “{text}”?", "it could be anything"),
        denied=tuple(evolve(RICH.denied[0], text=text, settles=yes) for yes in (True, False)),
    )
