"""What every rendering of a report says."""

from __future__ import annotations

import re

import pytest
from attrs import evolve

from msrisk.model.results import (
    Caveat,
    Level,
    Report,
)
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words
from msrisk.rendering.text import to_text

from .rendering_checks import (
    Render,
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
    NOTHING_FOUND,
    QUIET,
    RICH,
    SCOPE,
)

# --- Nothing is lost -----------------------------------------------------------------------


@every_prose
def test_what_was_denied_is_shown_with_what_it_was_taken_for_and_what_it_settles(
    render: Render,
) -> None:
    said = one_line(render(RICH))
    assert "Asked by name and denied: “milk” (taken as milk protein) and “pregnancy”." in said
    assert (
        "Asked by name and denied: “thyroid pills” (taken as thyroid medication). That settles "
        "nothing: only a complete list tells what is not taken."
    ) in said
    assert "Answers of no" not in one_line(render(BARE))


@every_report
@every_prose
def test_every_statement_and_every_source_is_in_every_rendering(
    render: Render, report: Report
) -> None:
    assert lost(report, render(report)) == []


@every_report
@every_prose
def test_the_headline_comes_first_and_the_caveats_after_everything_else(
    render: Render, report: Report
) -> None:
    said = one_line(render(report)).lstrip("# ")
    assert said.startswith(report.headline)
    first_caveat = said.index(one_line(SCOPE.message))
    others = [part for part in parts(report) if not isinstance(part, Caveat)]
    assert all(said.index(one_line(message(part))) < first_caveat for part in others)


@every_prose
def test_the_worst_supplement_comes_first(render: Render) -> None:
    said = one_line(render(RICH))
    worst, next_worst = GLUTATHIONE.findings[0].message, ALA.findings[0].message
    assert said.index(worst) < said.index(next_worst)


@every_prose
def test_a_caveat_of_several_supplements_is_said_once(render: Render) -> None:
    said = one_line(render(RICH))
    assert said.count(one_line(SCOPE.message)) == 1


@every_prose
def test_a_question_about_several_supplements_is_asked_once_and_announced(render: Render) -> None:
    said = one_line(render(RICH))
    assert said.count("Are you pregnant?") == 1
    assert "Open questions about glutathione precursor and alpha lipoic acid" in said
    assert said.count("1 open question about this and other supplements: see below.") == 2


def test_findings_stand_under_their_level_and_say_why_in_the_patient_s_words() -> None:
    said = one_line(to_text(RICH))
    assert "CAUTION: ask a doctor or pharmacist first, for the reason given" in said
    assert (
        "Because: medicines: “Synthroid 50 mcg” → taken as levothyroxine → thyroid medication "
        "(labelled: thyroid hormone by its label)"
    ) in said
    assert "age: 66 to 67 years" in said
    assert "ATC code L04AG08 → immunosuppressive medication (msrisk's own reading)" in said
    assert "medical conditions: “lupus”, urn:local code 7 Basis" in said


def test_a_source_is_named_so_that_a_nurse_finds_the_sentence() -> None:
    said = one_line(to_text(RICH))
    assert (
        "Source: unsigned web article on alpha lipoic acid in MS, section Potential Side Effects "
        "and Risks, paragraph 2, sentence 5 (rule ala-thyroid-medication)"
    ) in said
    assert "author it quotes, opening, paragraph 6, sentence 1 (rule" in said
    assert "quotes, the whole text (rule scope-two-texts)" in said
    assert words.sources((CitedPassages("x", "NICE guide", "Doses", (1,)),)) == (
        "NICE guide, section Doses"
    )


def test_a_claim_stands_beside_what_disputes_or_limits_it() -> None:
    said = one_line(to_text(RICH)).partition("It then goes on to side effects.")[2]
    assert "Disputed by: You take a thyroid medicine. Alpha lipoic acid may change" in said
    assert "Disputed by: the open question: Do you have trouble breathing? (unsigned" in said
    assert "Disputed by: a warning for other patients: “What ala-allergy says.” (unsigned" in said
    assert "rule ala-allergy)" in said
    assert "Limited by: What is in the bottle varies" in said


def test_what_disputes_a_claim_is_said_by_its_beginning_where_the_report_has_it_whole() -> None:
    long = evolve(ALA.caveats[0], message=f"{'Purity varies. ' * 20}Ask.")
    ala = evolve(ALA, caveats=(long,))
    said = one_line(to_text(evolve(RICH, assessments=(ala,))))
    assert "Limited by: Purity varies. Purity" in said
    assert "Purity … (unsigned" in said
    assert said.count("Purity varies. Ask.") == 1


def test_a_warning_for_other_patients_is_said_in_full_once() -> None:
    claims = tuple(evolve(ALA.claims[0], claim=f"ala-claim-{n}") for n in "ab")
    said = one_line(to_text(evolve(RICH, assessments=(evolve(ALA, claims=claims),))))
    assert said.count("a warning for other patients: “What ala-allergy says.”") == 1
    assert said.count("What ala-allergy says.") == 2


def test_an_entry_to_be_cleared_up_comes_with_names_to_confirm() -> None:
    said = one_line(to_text(RICH))
    assert "“foozumab” (supplements): not recognised (no name or code that msrisk knows)" in said
    assert "Ask about symptoms and supplements Not clear yet: “foozumab”. - Do you have" in said
    assert "Ask about symptoms - Do you have a rash?" in said
    assert "Did you mean: foo, bar or baz? Confirm, do not assume." in said
    assert "ATC code Z99 (medicines): ambiguous Ask: What does the code Z99 stand for?" in said


@every_prose
def test_the_rules_that_answered_are_named(render: Render) -> None:
    rich, bare = one_line(render(RICH)), one_line(render(BARE))
    assert "No clinician has reviewed these rules yet." in rich
    assert f"digest {DIGEST[7:19]}." in rich
    assert "low-body-weight-kg = 48.5 and older-adult-years = 70. Some may warn fewer" in rich
    assert "A clinician has reviewed these rules." in bare
    assert "replaced" not in bare
    assert RICH.policy is not None
    strict = evolve(RICH, policy=evolve(RICH.policy, allow_weaker=False))
    assert "warn fewer" not in render(strict)


@every_prose
def test_a_report_without_a_supplement_says_that_none_was_assessed(render: Render) -> None:
    assert "No supplement has been named, so none has been assessed." in one_line(render(BARE))


# --- Nothing comforts ----------------------------------------------------------------------

COMFORT = re.compile(
    r"\b(un)?safe(ly|ty)?\b|\bharmless\b|no risk|risk[- ]free|no danger|all[- ]clear"
    r"|nothing to (fear|worry)|go ahead|\bfine\b|approved",
    re.IGNORECASE,
)


@every_report
@every_prose
def test_no_rendering_comforts_except_in_a_claim_of_a_source(
    render: Render, report: Report
) -> None:
    without = evolve(report, assessments=tuple(evolve(a, claims=()) for a in report.assessments))
    assert COMFORT.search(render(without)) is None
    assert COMFORT.search(" ".join(words.LEVELS.values())) is None


def test_a_level_without_a_finding_says_what_was_not_looked_at() -> None:
    said = one_line(to_text(NOTHING_FOUND))
    assert "No warning in the texts fits the answers; they do not look at everything." in said
    assert "still to be cleared up" not in said


def test_an_entry_that_is_not_cleared_up_is_announced_where_nothing_else_is_found() -> None:
    one = evolve(QUIET, level=Level.UNDETERMINED, worst_case=Level.UNDETERMINED)
    said = one_line(to_text(evolve(RICH, assessments=(one,))))
    assert "glutathione precursor: UNDETERMINED" in said
    assert "An entry is still to be cleared up, and could change this: see below." in said


# --- Text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 40, 57, 80, 200])
def test_text_keeps_the_width_and_every_word_whole(width: int) -> None:
    lines = to_text(RICH, width=width).splitlines()
    limit = max(width, 40)
    # A line longer than the width holds one word that is longer than the line.
    assert all(len(line) <= limit or len(line.split()) == 1 for line in lines)
    wide = [word for word in to_text(RICH, width=10_000).split() if set(word) - set("=-")]
    assert [word for line in lines for word in line.split() if set(word) - set("=-")] == wide
    assert lost(RICH, to_text(RICH, width=width)) == []


def test_text_is_coloured_only_when_asked_and_says_the_same() -> None:
    assert "\x1b" not in to_text(RICH)
    coloured = to_text(RICH, colour=True)
    assert "\x1b[1;31mglutathione precursor: CONTRAINDICATED\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == to_text(RICH)
    assert not re.search(r"\x1b\[[0-9;]*(32|42|92|102)m", coloured), "no answer is green"
