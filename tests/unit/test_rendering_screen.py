"""The first screen and the handout: whole and true, whatever a patient types."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from attrs import evolve

import msrisk
from msrisk import cli
from msrisk.evaluation.naming import shown
from msrisk.model.concepts import CODE_SYSTEMS
from msrisk.model.profile import Code, Entries, Entry, PatientProfile, Supplement
from msrisk.model.results import Level, Report
from msrisk.rendering import FORMATS
from msrisk.rendering.text import to_text
from tests.burden.patients import SEED, patients

from .cli_runs import ORDINARY, Capture, Patch, on_terminal, run
from .rendering_checks import Render, every_part, every_prose, one_line
from .rendering_examples import (
    ALA,
    BARE,
    EMERGENCY,
    GLUTATHIONE,
    MEDICINES,
    NOTHING_FOUND,
    QUIET,
    RICH,
    SCOPE,
    UNKNOWN,
)

EMERGENCY_SAID = f"{EMERGENCY.effect} {EMERGENCY.do} [A82-83, B18]"


def screen(report: Report) -> str:
    """Return the first screen on one line."""
    return one_line(report.render("text", "screen"))


def handout(report: Report) -> str:
    """Return the handout on one line."""
    return one_line(report.render("text", "handout"))


# --- What stands there ---------------------------------------------------------------------


@every_prose
def test_a_part_alone_has_the_emergency_a_caveat_and_who_speaks_in_the_sources(
    render: Render,
) -> None:
    for part in ("screen", "handout"):
        said = one_line(render(RICH, part))
        assert EMERGENCY_SAID in said
        assert SCOPE.effect in said
        assert "unsigned web article" in said
        assert "No clinician has reviewed these rules yet." in said
        assert "2026.1, 0123456789ab" in said


def test_the_emergency_comes_first_unless_there_are_no_symptoms() -> None:
    said = screen(RICH)
    assert said.index(EMERGENCY_SAID) < said.index("THESE WARNINGS FIT")
    denied = evolve(RICH, none_reported=("symptoms",), worst_case=Level.CONTRAINDICATED)
    said = screen(denied)
    assert said.index(EMERGENCY_SAID) > said.index("THESE WARNINGS FIT")
    # A symptom may be told in another list.
    said = screen(evolve(denied, worst_case=Level.URGENT))
    assert said.index(EMERGENCY_SAID) < said.index("THESE WARNINGS FIT")
    assert "EMERGENCY" not in screen(BARE)
    assert "GET HELP AT ONCE" not in handout(BARE)


def test_medicines_are_to_be_kept_wherever_one_is_named_and_only_there() -> None:
    assert MEDICINES.effect in screen(RICH)
    assert f"{MEDICINES.effect} {MEDICINES.do}" in handout(RICH)
    without = evolve(RICH, medicines=())
    assert MEDICINES.effect not in screen(without)
    assert MEDICINES.effect not in handout(without)
    said = screen(evolve(RICH, assessments=(QUIET,)))
    assert f"YOUR MEDICINES {MEDICINES.effect}" in said


def test_a_sign_of_an_emergency_is_said_first_whatever_is_taken() -> None:
    profile = PatientProfile(supplements=["vitamin D"], symptoms=["trouble breathing", "hives"])
    report = msrisk.assess(profile)
    assert report.signs == ("trouble breathing",)
    assert report.watched == ("hives",)
    assert "YOU REPORT TROUBLE BREATHING AND HIVES: CALL FOR HELP NOW" in screen(report)
    assert "YOU REPORT TROUBLE BREATHING AND HIVES: GET HELP NOW" in handout(report)
    assert report.not_looked_at == ()


def test_a_sign_that_is_an_emergency_beside_a_supplement_is_named_where_none_was_started() -> None:
    considered = Supplement("alpha lipoic acid 300 mg", taking=False)
    report = msrisk.assess(PatientProfile(supplements=[considered], symptoms=["fainting"]))
    assert report.watched == ("fainting",)
    assert "YOU REPORT FAINTING: IT CAN BE AN EMERGENCY" in screen(report)
    assert "YOU REPORT FAINTING: GET HELP AT ONCE" in handout(report)
    assert "no rule applies to fainting" not in screen(report).casefold()


def test_a_sign_for_which_a_rule_of_an_emergency_applies_is_named_there_alone() -> None:
    taken = Supplement("alpha lipoic acid 300 mg", taking=True)
    report = msrisk.assess(PatientProfile(supplements=[taken], symptoms=["fainting"]))
    assert report.watched == ()
    assert report.level is Level.URGENT
    assert "YOU REPORT FAINTING: GET MEDICAL HELP NOW" in screen(report)
    assert "YOU REPORT FAINTING: GET HELP NOW" in handout(report)


def test_signs_told_by_codes_alone_are_told_apart() -> None:
    taken = Supplement("alpha lipoic acid 300 mg", taking=True)
    codes = [Entry(codes=(Code(CODE_SYSTEMS["icd_10_cm"], code),)) for code in ("R55", "L29.9")]
    report = msrisk.assess(PatientProfile(supplements=[taken], symptoms=codes))
    urgent = [
        fact.code
        for finding in report.assessments[0].findings
        if finding.level is Level.URGENT
        for fact in finding.because
        if fact.field == "symptoms"
    ]
    named = [code for code in urgent if code] + list(report.watched)
    assert len(named) == len(codes)


@pytest.mark.parametrize("number", [47, 60])
def test_the_only_caution_stands_on_the_screen_whatever_else_has_no_room(number: int) -> None:
    intake = patients(SEED)[number - 1]
    said = msrisk.assess(PatientProfile.from_dict(intake)).render("text", "screen")
    assert said.count("\n") <= 25
    assert re.search(r"THESE WARNINGS FIT YOUR ANSWERS \(1 CAUTION, \d INFORM\)\n  - ", said)


def test_each_of_a_bought_and_a_prescribed_product_has_its_own_action() -> None:
    profile = PatientProfile(
        supplements=["alpha lipoic acid"], medications=["Thioctacid"], allergies=["lipoic acid"]
    )
    (found,) = (
        one for one in msrisk.assess(profile).assessments[0].findings if one.rule == "ala-allergy"
    )
    assert "Do not take alpha lipoic acid." in found.action
    assert "Do not take Thioctacid" not in found.action
    assert "Do not stop a prescribed medicine" in found.do


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "DO NOT TAKE IT."),
        ({"taking": True}, "TAKE NO MORE OF IT. You already take it."),
        ({"prescribed": True}, "ASK THE PRESCRIBER BEFORE THE NEXT DOSE."),
        ({"level": Level.URGENT}, "GET MEDICAL HELP NOW."),
        ({"level": Level.URGENT, "prescribed": True}, "GET MEDICAL HELP NOW."),
        ({"level": Level.CAUTION}, "ASK YOUR DOCTOR OR PHARMACIST BEFORE YOU TAKE IT."),
        (
            {"level": Level.CAUTION, "taking": True},
            "ASK YOUR DOCTOR OR PHARMACIST NOW. You already take it.",
        ),
        ({"level": Level.INFORM}, "TELL YOUR DOCTOR OR PHARMACIST BEFORE YOU TAKE IT."),
        (
            {"level": Level.INFORM, "taking": None},
            "TELL YOUR DOCTOR OR PHARMACIST BEFORE YOU TAKE IT, OR THAT YOU DO.",
        ),
        ({"level": Level.UNDETERMINED}, "MSRISK CANNOT TELL YET."),
        ({"level": Level.NO_FINDING}, "NO WARNING FITS THESE ANSWERS; THAT CLEARS NOTHING."),
    ],
)
def test_each_level_says_in_words_what_to_do(change: dict[str, Any], says: str) -> None:
    one = evolve(GLUTATHIONE, **change)
    assert screen(evolve(RICH, assessments=(one,))).startswith(
        f"GLUTATHIONE PRECURSOR (Immunocal): {says}"
    )


def test_what_is_only_worth_telling_is_called_so() -> None:
    mild = evolve(ALA, findings=ALA.findings[2:])
    said = screen(evolve(RICH, assessments=(mild,)))
    assert "YOUR DOCTOR OR PHARMACIST (1 INFORM) Tell them: other illnesses (migraine)." in said
    assert "THESE WARNINGS FIT" not in said


def test_a_warning_without_words_of_its_own_is_said_by_its_message_and_action() -> None:
    bare = evolve(GLUTATHIONE.findings[0], effect="", do="", ask="")
    report = evolve(RICH, assessments=(evolve(GLUTATHIONE, findings=(bare,)),))
    assert "- You take a medicine that holds back the immune system. Do not" in screen(report)
    assert "[ ] You take a medicine that holds back the immune system. [B18]" in handout(report)
    assert "- You take a medicine that holds back the immune system. Do not" in handout(report)


def test_warnings_that_say_the_same_are_joined() -> None:
    (one,) = GLUTATHIONE.findings
    two = evolve(one, rule="other", title="another title")
    report = evolve(RICH, assessments=(evolve(GLUTATHIONE, findings=(one, two)),))
    (point,) = report.summary.substances[0].points
    assert point.rules == (one.rule, "other")
    assert point.title == "medicines that hold back the immune system; another title"
    assert "(2 CONTRAINDICATED)" in screen(report)


def test_a_report_without_a_supplement_says_whether_one_was_asked_for() -> None:
    assert screen(BARE).startswith("NO SUPPLEMENT NAMED YET, SO NONE WAS ASSESSED.")
    none = evolve(BARE, none_reported=("supplements",))
    assert screen(none).startswith("NO SUPPLEMENT NAMED, SO NONE WAS ASSESSED.")
    assert handout(none).startswith("About a supplement")


def test_the_handout_asks_before_any_more_of_what_is_taken_already() -> None:
    assert "DOCTOR OR PHARMACIST BEFORE YOU TAKE ANY MORE" in handout(RICH)
    considered = evolve(RICH, assessments=(evolve(ALA, taking=False),))
    assert "DOCTOR OR PHARMACIST BEFORE YOU TAKE IT" in handout(considered)
    assert "FIND OUT TOGETHER" not in handout(NOTHING_FOUND)


# --- It stays short, and what is grave stays on it -----------------------------------------


def lines(report: Report) -> list[str]:
    return report.render("text", "screen").splitlines()


def test_of_sixty_warnings_each_that_rules_something_out_is_named_and_the_others_counted() -> None:
    (grave,) = GLUTATHIONE.findings
    cautions = tuple(
        evolve(ALA.findings[0], rule=f"caution-{n}", effect=f"effect {n} of it.") for n in range(50)
    )
    graves = tuple(evolve(grave, rule=f"grave-{n}", effect=f"grave effect {n}.") for n in range(10))
    report = evolve(RICH, assessments=(evolve(ALA, findings=(*cautions, *graves)),))
    said = screen(report)
    assert all(f"grave effect {n}." in said for n in range(10))
    assert "(10 CONTRAINDICATED, 50 CAUTION)" in said
    shown = sum(f"effect {n} of it." in said for n in range(50))
    assert f"And {50 - shown} more at CAUTION, in the full report: Synthroid." in said
    assert len(report.summary.substances[0].points) == 60
    without = evolve(RICH, assessments=(evolve(ALA, findings=cautions),), unrecognised=())
    assert len(lines(without)) <= 25


@pytest.mark.parametrize("count", [1, 10, 200])
def test_however_many_medicines_there_are_the_first_screen_is_short(count: int) -> None:
    medicines = [f"Synthroid {n} mcg" for n in range(count)]
    medicines += [f"foozumab{n}" for n in range(count)]
    profile = PatientProfile(supplements=["alpha lipoic acid"], medications=Entries(medicines))
    report = msrisk.assess(profile)
    assert len(lines(report)) <= 25
    assert all(len(line) <= 80 for line in lines(report))
    full = one_line(str(report))
    assert all(f"“{one}”" in full for one in medicines)


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 9_000,
        "word " * 1_900,
        "<b>" * 2_000,
        "אלפא ליפואית \u202e חומצה",
        "\u0627\u0644\u0623\u0644\u0641\u0627 \u0644\u064a\u0628\u0648\u064a\u0643",
        "\x1b[31mred\x1b[0m".replace("\x1b", "\u200b"),
    ],
    ids=["one long word", "many words", "markup", "right to left", "joined letters", "unseen"],
)
@pytest.mark.parametrize("field", ["supplements", "medications", "conditions", "symptoms"])
def test_a_name_of_any_kind_leaves_the_first_screen_whole_and_true(field: str, typed: str) -> None:
    answers: dict[str, Sequence[str]] = {"supplements": ["alpha lipoic acid"], field: [typed]}
    report = msrisk.assess(PatientProfile(**answers))  # type: ignore[arg-type]  # any field
    said = screen(report)
    assert len(lines(report)) <= 25
    assert len(said) < 2_500
    assert len(handout(report)) < 6_000
    assert report.summary.caveat.message in said
    assert report.summary.emergency is not None
    assert report.summary.emergency.action in said
    assert "NOT KNOWN YET: COULD BE URGENT" in said
    for format_ in ("markdown", "html"):
        for part in ("screen", "handout"):
            assert len(report.render(format_, part)) < 16_000


def test_of_many_supplements_and_questions_the_handout_counts_the_last() -> None:
    many = tuple(evolve(UNKNOWN, name=f"foozumab {n}") for n in range(14))
    assert "“foozumab 11” and 2 more" in handout(evolve(RICH, assessments=many))
    asks = tuple(
        evolve(ALA.findings[0], rule=f"rule-{n}", ask=f"Of {n}: what now?") for n in range(15)
    )
    said = handout(evolve(RICH, assessments=(evolve(ALA, findings=asks),)))
    assert "Of 11: what now?" in said
    # What is only counted is nothing to be ticked.
    assert " And 3 more: they are in the full report." in said
    assert "[ ] And" not in said


def test_a_long_entry_is_shown_by_the_name_that_it_was_recognised_as() -> None:
    assert shown("levothyroxine sodium, as the hospital wrote it down", "levothyroxine") == (
        "levothyroxine"
    )
    assert shown("a name of many letters that nobody knows at all", None) == (
        "a name of many letters that nobody knows (and 7 more characters)"
    )
    assert shown("Synthroid 50 mcg daily", None) == "Synthroid"


# --- On any terminal -----------------------------------------------------------------------


def test_on_forty_columns_without_colours_the_first_screen_says_the_same(
    monkeypatch: Patch,
) -> None:
    narrow = on_terminal(monkeypatch, "assess", ORDINARY, "--screen", COLUMNS="40", TERM="dumb")
    assert "\x1b" not in narrow
    assert all(len(line) <= 40 for line in narrow.splitlines())
    wide = on_terminal(monkeypatch, "assess", ORDINARY, "--screen", COLUMNS="80", NO_COLOR="1")
    assert one_line(narrow) == one_line(wide)


@every_part
@pytest.mark.parametrize("terminal", [True, False])
def test_where_the_signs_are_missing_every_word_is_there(
    monkeypatch: Patch, part: str, terminal: bool
) -> None:
    class Ascii(io.TextIOWrapper):
        def isatty(self) -> bool:
            return terminal

    output = Ascii(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    flags = [f"--{part}"] if part != "full" else []
    assert cli.main(["assess", ORDINARY, *flags]) == 0
    output.flush()
    written = output.buffer.getvalue()  # type: ignore[attr-defined]  # a BytesIO
    said = re.sub(r"\W|u201[cd]", "", written.decode("ascii" if terminal else "utf-8"))
    assert "emergencynumber" in said
    assert "unsignedwebarticle" in said


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("part", ["screen", "handout"])
def test_the_command_prints_a_part_alone_in_every_format(
    capsys: Capture, part: str, format_: str, ordinary: Report
) -> None:
    code, out, err = run(capsys, "assess", ORDINARY, f"--{part}", "--format", format_)
    assert (code, out, err) == (0, ordinary.render(format_, part), "")


def test_both_parts_together_are_refused_with_what_goes_instead(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["assess", ORDINARY, "--screen", "--handout"])
    assert caught.value.code == 2
    assert "argument --handout: not allowed with argument --screen" in capsys.readouterr().err


@pytest.fixture(scope="module")
def ordinary() -> Report:
    from pathlib import Path

    from msrisk.documents import profile_from_json

    return msrisk.assess(profile_from_json(Path(ORDINARY).read_bytes()))


def test_a_name_nobody_recognises_is_to_be_found_out_first() -> None:
    report = evolve(RICH, assessments=(UNKNOWN,))
    assert screen(report).startswith("NOT RECOGNISED: “foozumab”. Find out what it is first.")
    assert "What is “foozumab”?" in handout(report)
    call: Callable[..., str] = to_text
    assert call(report, "screen") == report.render("text", "screen")


def test_the_handout_is_about_what_the_rules_cover_and_says_what_they_do_not() -> None:
    report = msrisk.assess(PatientProfile(supplements=["alpha lipoic acid", "vitamin D"]))
    assert "About alpha lipoic acid For" in handout(report)
    assert "Not covered by these rules: vitamin D." in handout(report)
    alone = msrisk.assess(PatientProfile(supplements=["vitamin D"]))
    assert "About vitamin D For" in handout(alone)


def test_what_was_told_in_the_words_of_a_title_is_said_once() -> None:
    report = msrisk.assess(
        PatientProfile(supplements=["alpha lipoic acid"], ms_symptoms_severe=True)
    )
    assert "severe or aggressive MS (severe" not in screen(report)


def test_the_handout_names_a_product_as_it_was_typed() -> None:
    report = msrisk.assess(PatientProfile(medications=["Fluimucil 600 mg"]))
    assert handout(report).startswith("About N-acetylcysteine (Fluimucil) For:")


def test_the_handout_asks_once_what_is_asked_of_several() -> None:
    report = msrisk.assess(
        PatientProfile(
            supplements=["alpha lipoic acid"],
            medications=["metformin"],
            conditions=["type 2 diabetes"],
        )
    )
    said = handout(report)
    assert said.count("how often should I check my blood sugar?") == 1
    assert "About type 2 diabetes and metformin: how often" in said


def test_a_long_name_is_cut_between_words_and_inside_its_quotes() -> None:
    typed = "a name of many letters and words that nobody ever knew at all"
    report = msrisk.assess(PatientProfile(supplements=[typed]))
    cut = "“a name of many letters and words that (and 24 more characters)”"
    assert handout(report).startswith(f"About {cut} For:")
    assert cut in screen(report)
    assert shown("x " + "y" * 80, None) == f"x {'y' * 38} (and 42 more characters)"
