"""What was asked and could not be answered, apart from what nobody asked."""

from __future__ import annotations

import msrisk
from msrisk import PatientProfile
from msrisk.asking import Answer, Form, Said, asked_in, next_question, open_questions
from msrisk.model.profile import Entries, Supplement
from msrisk.model.rules import RuleSet

SIGNS = (("emergency", "difficulty-breathing"), ("emergency", "face-or-throat-swelling"))


def test_what_was_asked_and_is_not_known_is_told_apart_from_what_was_never_asked() -> None:
    profile = PatientProfile(supplements=["ALA"], asked_unknown=["weight_kg", "age_years"])
    report = msrisk.assess(profile)
    screen = " ".join(report.render("text", "screen").split())
    first, _, known = screen.partition("Asked, not known: ")
    assert "How old are you? How much do you weigh?" in known
    assert "How much do you weigh?" not in first.partition("Ask first: ")[2]
    asked = {one.field for one in report.summary.unknown if one.asked}
    assert asked == {one.field for one in report.to_ask if one.asked} == {"age_years", "weight_kg"}
    assert "Asked, not known: How much do you weigh" in " ".join(str(report).split())


def answered(form: Form, ruleset: RuleSet, key: tuple[str, ...], answer: Answer) -> Form:
    (question,) = (one for one in open_questions(form, ruleset, after_help=True) if one.key == key)
    return form.answered(question, answer)


def first_screen(form: Form, ruleset: RuleSet) -> tuple[str, str]:
    """Return what the report of a form says is to be asked, and what was asked in vain."""
    report = asked_in(msrisk.assess(form.profile, ruleset=ruleset), form, ruleset)
    screen = " ".join(report.render("text", "screen").split())
    to_ask, _, known = screen.partition("Asked, not known: ")
    return to_ask.partition("Ask first: ")[2], known


def test_an_entry_that_nobody_knew_is_not_to_be_asked_first_once_more(ruleset: RuleSet) -> None:
    form = Form(PatientProfile(supplements=["foopowder", "alpha lipoic acid"]))
    assert "What is “foopowder”?" in first_screen(form, ruleset)[0]
    form = answered(form, ruleset, ("which", "supplements", "foopowder"), Said.UNKNOWN)
    to_ask, known = first_screen(form, ruleset)
    assert "What is “foopowder”?" in known
    assert "What is “foopowder”?" not in to_ask


def test_an_amount_that_nobody_knew_was_asked_once_nothing_of_its_product_is_left(
    ruleset: RuleSet,
) -> None:
    form = Form(PatientProfile(supplements=Entries([Supplement("alpha lipoic acid")], True)))
    form = answered(form, ruleset, ("taking", "alpha lipoic acid"), False)
    form = answered(form, ruleset, ("times_per_day", "alpha lipoic acid"), 1)
    assert "How many milligrams" in first_screen(form, ruleset)[0]
    key = ("daily_dose_mg", "alpha lipoic acid")
    unknown = answered(form, ruleset, key, Said.UNKNOWN)
    to_ask, known = first_screen(unknown, ruleset)
    assert "How many milligrams" in known
    assert "How many milligrams" not in to_ask
    passed_over = answered(form, ruleset, key, Said.SKIPPED)
    assert "How many milligrams" in first_screen(passed_over, ruleset)[0]


def test_what_was_asked_in_vain_stays_open_and_changes_no_level(ruleset: RuleSet) -> None:
    form = Form(PatientProfile(supplements=Entries([Supplement("alpha lipoic acid")], True)))
    for _ in range(80):
        question = next_question(form, ruleset, after_help=True)
        if question is None:
            break
        form = form.answered(question, Said.UNKNOWN)
    report = msrisk.assess(form.profile, ruleset=ruleset)
    told = asked_in(report, form, ruleset)
    assert (told.level, told.worst_case) == (report.level, report.worst_case)
    assert told.assessments == report.assessments
    assert {one.field for one in told.to_ask} == {one.field for one in report.to_ask}
    assert report.next_question is not None
    assert told.next_question is None, "all that is open was asked"
    assert {one.asked for one in told.to_ask} == {True}


def test_the_next_question_of_the_report_is_one_that_was_not_asked(ruleset: RuleSet) -> None:
    form = Form(PatientProfile(supplements=["alpha lipoic acid", "foopowder"]))
    form = answered(form, ruleset, ("which", "supplements", "foopowder"), Said.UNKNOWN)
    report = msrisk.assess(form.profile, ruleset=ruleset)
    told = asked_in(report, form, ruleset)
    assert report.next_question is not None
    assert told.next_question is not None
    assert report.next_question.field == "supplements" != told.next_question.field
    assert told.to_ask[-1].field == "supplements"
    assert asked_in(report, Form(form.profile), ruleset) == report
