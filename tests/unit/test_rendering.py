"""What every rendering of a full report says: in three layers, each thing once."""

from __future__ import annotations

import re

import pytest
from attrs import evolve

from msrisk.errors import ConceptError
from msrisk.model.results import Caveat, Level, OpenQuestion, OtherSide, Report
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words
from msrisk.rendering.text import to_text

from .rendering_checks import (
    Render,
    every_part,
    every_prose,
    every_report,
    lost,
    message,
    one_line,
    parts,
)
from .rendering_examples import (
    ALA,
    BARE,
    DIGEST,
    GLUTATHIONE,
    MEDICINES,
    NOTHING_FOUND,
    QUIET,
    RICH,
    SCOPE,
    UNCOVERED,
    UNKNOWN,
)


def said_by(report: Report, part: str = "full") -> str:
    """Return the text of a report on one line."""
    return one_line(to_text(report, part))


# --- Nothing is lost -----------------------------------------------------------------------


@every_report
@every_prose
def test_every_statement_and_every_source_is_in_every_rendering(
    render: Render, report: Report
) -> None:
    assert lost(report, render(report, "full"), ids=render is not to_text) == []


@every_prose
def test_what_was_denied_is_shown_with_what_it_was_taken_for_and_what_it_settles(
    render: Render,
) -> None:
    said = one_line(render(RICH, "full"))
    assert "Asked by name and denied: “milk” (taken as milk protein) and “pregnancy”." in said
    assert (
        "Asked by name and denied: “thyroid pills” (taken as thyroid medication). That settles "
        "nothing: only a complete list tells what is not taken."
    ) in said
    assert "Answers of no" not in one_line(render(BARE, "full"))


@every_prose
def test_what_was_understood_and_used_by_no_rule_is_listed(render: Render) -> None:
    said = one_line(render(RICH, "full"))
    told = (
        "understood, and no rule applies: medicines “Losec” (taken as omeprazole); "
        "allergies ATC code J01 (taken as penicillin); medical conditions “gout”"
    )
    assert told in said
    assert "no rule applies" not in one_line(render(BARE, "full"))


# --- The layers, and what stands where -----------------------------------------------------


@every_report
@every_prose
def test_the_first_screen_comes_first_then_the_body_and_the_claims_last(
    render: Render, report: Report
) -> None:
    whole, first = (one_line(render(report, part)).lstrip("# ") for part in ("full", "screen"))
    assert whole.startswith(first)
    assert whole.index(f"Full report: {report.headline}") >= len(first)
    for name in ("What holds whatever the answers", "Claims, reasons and sources"):
        assert whole.count(name) == 1
    body, claims = (whole.index(name) for name in ("What holds", "Claims, reasons"))
    for part in parts(report):
        place = whole.rindex(one_line(message(part)))
        if isinstance(part, Caveat) and part.kind == "scope" and report is not BARE:
            assert place > claims, "what nobody looked at comes after what is claimed"
        elif isinstance(part, Caveat):
            assert body < place < claims, "no claim stands before another caveat"
        else:
            assert (place > claims) is (part in ALA.claims)


@every_prose
def test_the_worst_supplement_and_the_worst_finding_come_first(render: Render) -> None:
    for part in ("full", "screen"):
        said = one_line(render(RICH, part))
        assert said.index("GLUTATHIONE PRECURSOR (Immunocal): DO NOT") < said.index(
            "ALPHA LIPOIC ACID: ASK"
        )
    said = one_line(render(RICH, "full"))
    findings = [*GLUTATHIONE.findings, *ALA.findings]
    body = said.index("Full report")
    places = [said.index(f"{one.message} [", body) for one in findings]
    assert places == sorted(places)


@every_prose
def test_each_rule_is_said_once_however_many_supplements_have_it(render: Render) -> None:
    said = one_line(render(RICH, "full"))
    for caveat in (SCOPE, MEDICINES):
        assert said.count(one_line(f"{caveat.message} {caveat.action}")) == 1
    (silence,) = {one for of in RICH.assessments for one in of.silences}
    assert said.count(f"{one_line(silence.message)} [") == 1
    twins = evolve(GLUTATHIONE, substance="x", name="x")
    both = one_line(render(evolve(RICH, assessments=(GLUTATHIONE, twins)), "full"))
    assert "glutathione precursor and x: You take a medicine that holds back" in both
    assert both.count(f"{one_line(GLUTATHIONE.findings[0].message)} [") == 1


@every_prose
def test_each_field_is_asked_about_once_with_every_rule_that_it_could_settle(
    render: Render,
) -> None:
    said = re.sub(r"\*\*| - ", " ", one_line(render(RICH, "full")))
    said = one_line(said).partition("To be asked")[2].partition("To be cleared up")[0]
    assert said.count("What have you noticed?") == 1
    asked = "Ask this first: What have you noticed? Ask besides: Do you have trouble breathing?"
    assert asked in said
    assert "Do you have a rash? Do you feel sick?" in said
    assert "CAUTION: a rash from it, nausea [A82]." in said
    # Not asked twice in the same words.
    assert "Are you pregnant? UNDETERMINED: pregnancy [A whole, B" in said


def test_a_rule_that_the_question_of_its_field_asks_about_is_only_named() -> None:
    to_ask = tuple(evolve(one, whole=one.field == "symptoms") for one in RICH.to_ask)
    titled = tuple(
        evolve(one, title=f"what {one.rule} is about", citations=ALA.open_questions[0].citations)
        for one in ALA.open_questions
    )
    ala = evolve(ALA, open_questions=titled)
    said = said_by(evolve(RICH, assessments=(ala,), to_ask=to_ask))
    assert "URGENT: what ala-allergic-reaction is about [" in said
    assert "Do you have trouble breathing?" not in said
    cited = evolve(titled[0].citations[0], passages=(99,))
    both = evolve(titled[0], rule="ala-other", citations=(cited,))
    said = said_by(
        evolve(RICH, assessments=(evolve(ALA, open_questions=(titled[0], both)),), to_ask=to_ask)
    )
    assert said.count("is about [") == 1
    assert re.search(r"is about \[[^\]]*99\]", said), "with all that both cite"


def test_findings_stand_under_their_level_and_say_why_in_the_patient_s_words() -> None:
    said = said_by(RICH)
    assert "CAUTION: ask a doctor or pharmacist first, for the reason given" in said
    assert "(medicines: “Synthroid 50 mcg”, taken as levothyroxine)" in said
    assert "(age: 66 to 67 years; 66 years; severe or aggressive MS: yes;" in said
    assert "taking it instead of MS treatment: no; medicines: ATC code L04AG08; medical" in said
    assert "medical conditions: “lupus”, urn:local code 7" in said


def test_the_pharmacist_reads_last_why_a_medicine_counts_and_how_far_a_rule_goes() -> None:
    said = said_by(RICH).partition("Claims, reasons and sources")[2]
    assert "levothyroxine →" not in said  # what a label says is told by the document
    assert (
        "ATC code L04AG08 → immunosuppressive medication "
        "(msrisk's own reading: it is given against the immune system)"
    ) in said
    assert "• All others: The source says so." in said
    assert "Older age: The source says so in words; the number is not from" in said


def test_a_medicine_that_counts_for_two_classes_for_one_reason_is_explained_once() -> None:
    because = evolve(ALA.findings[0].because[0], basis="judged", why="so it is read")
    one = evolve(ALA.findings[0], because=(because,))
    other = evolve(one, because=(evolve(because, concept="hormone"),))
    said = said_by(evolve(RICH, assessments=(evolve(ALA, findings=(one, other)),)))
    assert "levothyroxine → thyroid medication and hormone (msrisk's own reading: so it" in said


def test_a_source_is_named_once_and_each_passage_by_its_letter_and_number() -> None:
    said = said_by(RICH)
    assert said.count("A: unsigned web article") == 1
    assert "[A whole, B whole]" in said


def test_a_source_that_the_first_screen_does_not_name_has_its_title_where_its_places_are() -> None:
    half = evolve(SCOPE, citations=SCOPE.citations[:1])
    said = said_by(evolve(RICH, caveats=(half,)))
    assert "B: Letter on glutathione in MS by a colleague of the author it quotes; Opening" in said
    assert "A: Unsigned web article" not in said


def test_where_no_letters_are_at_hand_a_source_is_named_by_its_place() -> None:
    sources = {"x": "NICE guide", "y": "Letter to patients"}
    cited = (CitedPassages("x", "Doses", (1,)), CitedPassages("y", "opening, heading", (1,)))
    said = words.sources(cited, sources)
    assert said == "NICE guide, section Doses; and letter to patients, opening, heading"


def test_a_claim_stands_under_the_rules_that_dispute_or_limit_it() -> None:
    said = said_by(RICH).partition("Claims, reasons and sources")[2]
    assert (
        "Claims disputed by thyroid medicines; signs of an allergic reaction; an allergy to "
        "alpha lipoic acid [A82], and limited by how pure a product is: - The article says"
    ) in said
    assert "It then goes on to side effects. [A74]" in said


def test_claims_that_the_same_rules_are_against_stand_together() -> None:
    claims = tuple(evolve(ALA.claims[0], claim=f"ala-claim-{n}") for n in "ab")
    said = said_by(evolve(RICH, assessments=(evolve(ALA, claims=claims),)))
    assert said.count("Claims disputed by thyroid medicines") == 1
    assert "] - The article says that it is generally safe." in said


def test_a_claim_may_only_be_limited() -> None:
    side = OtherSide("ala-purity", "how pure a product is", ALA.findings[0].citations)
    claim = evolve(ALA.claims[0], disputed_by=(), qualified_by=(side.rule,), other_side=(side,))
    said = said_by(evolve(RICH, assessments=(evolve(ALA, claims=(claim,)),)))
    assert re.search(r"Claims limited by how pure a product is \[[^:]*: - The article says", said)
    assert "disputed" not in said


def test_an_entry_to_be_cleared_up_comes_with_names_to_confirm() -> None:
    said = said_by(RICH)
    assert "“foozumab” (supplements): not recognised (no name or code that msrisk knows)" in said
    assert "Did you mean: foo, bar or baz? Confirm, do not assume." in said
    assert "ATC code Z99 (medicines): ambiguous Ask: What does the code Z99 stand for?" in said


@every_prose
def test_the_rules_that_answered_are_named(render: Render) -> None:
    rich, bare = one_line(render(RICH, "full")), one_line(render(BARE, "full"))
    assert "No clinician has reviewed these rules yet." in rich
    assert f"digest {DIGEST[7:19]}." in rich
    assert "low-body-weight-kg = 48.5 and older-adult-years = 70. Some may warn fewer" in rich
    assert "A clinician has reviewed these rules." in bare
    assert "replaced" not in bare
    assert RICH.policy is not None
    strict = evolve(RICH, policy=evolve(RICH.policy, allow_weaker=False))
    assert "warn fewer" not in render(strict, "full")


@every_prose
def test_a_report_without_a_supplement_says_that_none_was_assessed(render: Render) -> None:
    said = one_line(render(BARE, "full"))
    assert "No supplement has been named, so none has been assessed." in said
    assert "NO SUPPLEMENT NAMED YET, SO NONE WAS ASSESSED." in said


@every_prose
def test_how_each_supplement_stands_opens_the_body(render: Render) -> None:
    said = one_line(render(RICH, "full"))
    assert "alpha lipoic acid: CAUTION so far; could be URGENT." in said
    assert "glutathione precursor: CONTRAINDICATED." in said
    assert "magnesium: UNDETERMINED. No rule covers this: ask a doctor or pharmacist." in said
    assert "“foozumab”: UNDETERMINED so far; could be URGENT. msrisk does not know this" in said


# --- Nothing comforts, and nothing is said to whom it does not hold ------------------------

COMFORT = re.compile(
    r"\b(un)?safe(ly|ty)?\b|\bharmless\b|no risk|risk[- ]free|no danger|all[- ]clear"
    r"|nothing to (fear|worry)|go ahead|\bfine\b|approved",
    re.IGNORECASE,
)
WARNING = "A question that is not on this page does not mean that there is no danger."


@every_report
@every_part
@every_prose
def test_no_rendering_comforts_except_in_a_claim_of_a_source(
    render: Render, part: str, report: Report
) -> None:
    without = evolve(report, assessments=tuple(evolve(a, claims=()) for a in report.assessments))
    said = one_line(render(without, part)).replace(WARNING, "")
    assert COMFORT.search(said) is None
    assert COMFORT.search(" ".join(words.LEVELS.values())) is None


@every_prose
def test_a_rule_for_other_patients_is_named_and_never_speaks_to_this_one(render: Render) -> None:
    sides = tuple(evolve(one, title=f"people with {one.rule}") for one in ALA.claims[0].other_side)
    ala = evolve(ALA, findings=(), open_questions=(), silences=(), caveats=(SCOPE,))
    ala = evolve(ala, claims=(evolve(ALA.claims[0], other_side=sides),))
    report = evolve(RICH, assessments=(ala,), caveats=(SCOPE,), medicines=())
    report = evolve(report, next_question=None, to_ask=(), unrecognised=())
    said = one_line(render(report, "full"))
    assert "ala-allergy [" in said
    assert not re.search(r"\byou\b", said.replace("You already take it", ""), re.IGNORECASE)


def test_a_level_without_a_finding_says_what_was_not_looked_at() -> None:
    said = said_by(NOTHING_FOUND)
    assert "No warning in the texts fits the answers; they do not look at everything." in said
    assert "NO WARNING FITS THESE ANSWERS; THAT CLEARS NOTHING." in said
    assert "still to be cleared up" not in said


def test_an_entry_that_is_not_cleared_up_is_announced_where_nothing_else_is_found() -> None:
    one = evolve(QUIET, level=Level.UNDETERMINED, worst_case=Level.UNDETERMINED)
    said = said_by(evolve(RICH, assessments=(one,)))
    assert "glutathione precursor: UNDETERMINED" in said
    assert "An entry is still to be cleared up, and could change this: see below." in said


# --- Text ----------------------------------------------------------------------------------


@every_part
@pytest.mark.parametrize("width", [1, 40, 57, 80, 200])
def test_text_keeps_the_width_and_every_word_whole(width: int, part: str) -> None:
    lines = to_text(RICH, part, width=width).splitlines()
    limit = max(width, 40)
    # A line longer than the width holds one word that is longer than the line.
    bare = [re.sub(r"^\s*(- |\[ \] )", "", line) for line in lines if len(line) > limit]
    assert all(len(line.split()) == 1 for line in bare)
    wide = [word for word in to_text(RICH, part, width=10_000).split() if set(word) - set("=-")]
    assert [word for line in lines for word in line.split() if set(word) - set("=-")] == wide


@every_part
def test_text_is_coloured_only_when_asked_and_says_the_same(part: str) -> None:
    assert "\x1b" not in to_text(RICH, part)
    coloured = to_text(RICH, part, colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == to_text(RICH, part)
    assert not re.search(r"\x1b\[[0-9;]*(32|42|92|102)m", coloured), "no answer is green"


# --- The doors -----------------------------------------------------------------------------


def test_another_format_or_part_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConceptError) as caught:
        RICH.render("pdf", "body")
    assert [(one.where, one.expected, one.got) for one in caught.value.problems] == [
        ("format", "one of text, markdown, html, json", "'pdf'"),
        ("part", "one of full, screen, handout", "'body'"),
    ]


def test_words_for_names_and_numbers() -> None:
    assert words.title(UNKNOWN) == "“foozumab”"
    assert words.title(UNCOVERED) == "magnesium"
    assert words.field_name("new_field") == "new field"
    assert words.plural(1, "question") == "1 question"
    assert words.plural(2, "question") == "2 questions"
    assert words.spans((1, 2, 3, 5, 7, 8)) == "1-3, 5, 7-8"
    questions = [one for one in parts(RICH) if isinstance(one, OpenQuestion)]
    assert message(questions[0]) == "Do you have trouble breathing?"
