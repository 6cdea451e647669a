"""What is said of one cause stands together, and what is known already is not said again."""

from __future__ import annotations

import re

import pytest
from attrs import evolve

import msrisk
from msrisk.evaluation.naming import sentences
from msrisk.model.results import Level, Report
from msrisk.rendering import words
from msrisk.rendering.beside import Beside
from msrisk.rendering.body import body
from msrisk.rendering.shape import Point

from .rendering_checks import one_line
from .rendering_examples import ALA, RICH, SCOPE

CALL = "call the emergency number (112, 911, 999) now."


def full(report: Report) -> str:
    """Return the full report on one line."""
    return one_line(report.render("text", "full"))


def points(report: Report, level: Level) -> list[Point]:
    """Return what stands under the heading of a level."""
    every = body(report, Beside(report)).sections
    sections = [one for one in every if one.title.startswith(f"{level.words}:")]
    return [point for one in sections for point in one.points]


def test_blood_sugar_is_one_point_with_the_milder_tier_beside_the_other() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=["alpha lipoic acid"], medications=["metformin", "baclofen"]
        )
    )
    (caution,) = points(report, Level.CAUTION)
    assert "[A81] (medicines: “metformin”)" in caution.text
    assert caution.ids[0] == "ala-glucose-affecting-medication"
    to_do, best, against, milder = caution.lines
    assert to_do.label == "What to do"
    assert (best.label, against.label) == ("+E026", "~E025")
    assert against.text == "review 2022, PMID 36006850: blood sugar lower by less than matters"
    assert milder.label == "At INFORM besides"
    assert "[A81; ~E025]" in milder.text
    assert caution.ids[1] == "ala-medication-may-shift-blood-sugar"
    assert "“baclofen”" in milder.text
    assert milder.text.endswith("a prescribed medicine.")
    informed = " ".join(one.text for one in points(report, Level.INFORM))
    assert "blood sugar" not in informed


def test_a_milder_finding_of_another_supplement_stands_under_its_own_level() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=["alpha lipoic acid", "Immunocal"], medications=["tacrolimus"]
        )
    )
    (grave,) = points(report, Level.CONTRAINDICATED)
    assert "At INFORM" not in " ".join(line.label for line in grave.lines)
    informed = [one.ids for one in points(report, Level.INFORM)]
    assert ("ala-immunosuppressive-medication",) in informed


def test_two_rules_of_one_title_and_level_share_a_point() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=["alpha lipoic acid", "Immunocal"],
            medications=msrisk.NONE_REPORTED,
            replacing_ms_treatment=True,
        )
    )
    (grave,) = points(report, Level.CONTRAINDICATED)
    assert "alpha lipoic acid: You say that what you take" in grave.text
    assert "glutathione precursor: You say that this" in grave.text
    labels = [line.label for line in grave.lines if "E" not in line.label]
    assert labels == ["What to do (alpha lipoic acid)", "What to do (glutathione precursor)"]


def test_an_entry_is_said_once_with_what_it_was_taken_as() -> None:
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid"], medications=["Kesimpta"])
    said = full(msrisk.assess(profile))
    assert said.count("“Kesimpta”, taken as ofatumumab") == 1
    assert said.count("“Kesimpta”") > 1


def test_an_entry_that_was_taken_as_two_things_is_said_with_both() -> None:
    (fact,) = ALA.findings[0].because
    facts = [evolve(fact, text="x", recognised_as=name) for name in ("one", "two")]
    named: set[tuple[str, str]] = set()
    assert words.told(facts, named) == "medicines: “x”, taken as one; “x”, taken as two"
    assert words.told(facts, named) == "medicines: “x”"


def test_what_several_supplements_bring_about_is_one_point_of_the_first_screen() -> None:
    profile = msrisk.PatientProfile(
        supplements=[msrisk.Supplement("alpha lipoic acid", taking=True), msrisk.Supplement("NAC")],
        symptoms=["trouble breathing", "itching"],
    )
    said = one_line(msrisk.assess(profile).render("text", "screen"))
    assert said.count("which needs medical help at once.") == 1
    assert "(2 URGENT" in said
    assert "Itching and trouble breathing (alpha lipoic acid and N-acetylcysteine)" in said
    assert "[A79-80, B18]" in said.partition("THESE WARNINGS")[2]


def test_whoever_reports_a_sign_of_an_emergency_is_told_to_call_and_nothing_else() -> None:
    profile = msrisk.PatientProfile(supplements=["NAC"], symptoms=["trouble breathing"])
    report = msrisk.assess(profile)
    (point,) = [one for one in report.summary.substances[0].points if one.level is Level.URGENT]
    assert point.action.startswith("Trouble breathing")
    assert point.action.endswith(CALL)
    for part in ("screen", "handout"):
        assert "see a doctor" not in report.render("text", part).partition("URGENT")[2]
    # Of what may be told of a rash or an itch both ways are named, with their signs.
    taken = msrisk.PatientProfile(
        supplements=[msrisk.Supplement("NAC", taking=True)], symptoms=["itching"]
    )
    (other,) = [
        one
        for one in msrisk.assess(taken).summary.substances[0].points
        if one.level is Level.URGENT
    ]
    assert "If not" not in other.action
    assert "Other signs: see a doctor at once." in other.action


def test_without_a_line_for_emergencies_the_rule_says_what_to_do() -> None:
    finding = evolve(ALA.findings[0], level=Level.URGENT, do="Call.", effect="it is grave.")
    ala = evolve(ALA, level=Level.URGENT, findings=(finding,), caveats=(SCOPE,))
    caveats = tuple(one for one in RICH.caveats if one.screen != "emergency")
    report = evolve(RICH, caveats=caveats, assessments=(ala,), signs=("wheezing",))
    assert report.summary.substances[0].points[0].action == "Call."


def test_the_page_says_that_it_is_no_cure_and_who_asks_to_tell_of_changes() -> None:
    names = ["alpha lipoic acid", "Immunocal"]
    said = one_line(
        msrisk.assess(msrisk.PatientProfile(supplements=names)).render("text", "handout")
    )
    assert "how long it lasts. [A53-54, 68-72, 101-102]" in said
    assert (
        "Alpha lipoic acid does not cure MS. Raising glutathione does not cure MS. [A98-100, B14]"
    ) in said
    other = one_line(
        msrisk.assess(msrisk.PatientProfile(supplements=["magnesium"])).render("text", "handout")
    )
    assert "how long it lasts. [advice of msrisk]" in other
    assert "does not cure" not in other


def test_what_is_only_worth_telling_is_named_whole_before_what_it_is_about() -> None:
    intake = {
        "schema": "msrisk-intake/1",
        "supplements": [{"name": "alpha lipoic acid 600 mg once a day"}, "calcium"],
        "medications": {"entries": ["Mavenclad", "baclofen"], "complete": False},
        "age_years": 34,
    }
    report = msrisk.assess(msrisk.PatientProfile.from_dict(intake))
    said = one_line(report.render("text", "screen"))
    for title in ("every medicine", "how the day's amount is divided", "other supplements"):
        assert title in said.partition("Tell them: ")[2].partition("Keep taking")[0]
    assert " more." not in said.partition("Tell them: ")[2].partition("Keep taking")[0]


def test_the_headline_says_how_the_only_supplement_stands() -> None:
    report = msrisk.assess(msrisk.PatientProfile(supplements=["alpha lipoic acid"]))
    assert body(report, Beside(report)).points == ()
    two = msrisk.assess(msrisk.PatientProfile(supplements=["magnesium", "zinc"]))
    (both,) = body(two, Beside(two)).points
    assert "UNDETERMINED. No rule covers this: ask a doctor or pharmacist." in both.text


def test_why_rules_apply_is_said_of_each_where_no_two_are_alike() -> None:
    alone = evolve(ALA, findings=ALA.findings[:1])
    said = full(evolve(RICH, assessments=(alone,))).partition("Why these rules apply: ")[2]
    title = words.capitalised(ALA.findings[0].title)
    assert said.startswith(f"{title}: {ALA.findings[0].basis_in_words}")
    twice = evolve(ALA, findings=(ALA.findings[0], evolve(ALA.findings[0], rule="ala-two")))
    said = full(evolve(RICH, assessments=(twice,))).partition("Why these rules apply: ")[2]
    assert said.startswith(f"All: {ALA.findings[0].basis_in_words}")


def _hives_beside(supplement: str) -> str:
    profile = msrisk.PatientProfile(
        supplements=[msrisk.Supplement(supplement, taking=True)],
        medications=["Fluimucil 600 mg on prescription"],
        symptoms=["hives"],
    )
    return one_line(msrisk.assess(profile).render("text", "screen"))


@pytest.mark.parametrize("supplement", ["NAC", "alpha lipoic acid", "Dr. Best alpha lipoic acid"])
def test_hives_beside_a_prescribed_product_bring_one_order_that_names_each_product(
    supplement: str,
) -> None:
    said = _hives_beside(supplement)
    assert said.count("Other signs: see a doctor at once.") == 1
    assert f"Take no more of {supplement}. Ask there before the next dose of Fluimucil." in said
    assert "the product" not in said


def test_whatever_forbids_a_product_names_it_and_never_one_that_is_prescribed() -> None:
    for rule in msrisk.RuleSet.default().rules:
        for text in (rule.action, rule.do):
            if rule.when is not None and re.search("(Take no|Do not take (?!more))", text):
                assert "{product}" in text, rule.id
        for text in (rule.action_prescribed, rule.do_prescribed):
            for one in sentences(text):
                forbids = re.search("([Tt]ake no|[Dd]o not take (?!more))", one)
                assert not forbids or one.startswith("If nobody prescribed"), rule.id


def test_what_holds_for_a_bought_and_a_prescribed_product_is_said_once() -> None:
    profile = msrisk.PatientProfile(
        supplements=[msrisk.Supplement("NAC", taking=True)],
        medications=["Fluimucil"],
        symptoms=["hives", "itching"],
    )
    for assessment in msrisk.assess(profile).assessments:
        for one in assessment.findings:
            for text in (one.action, one.do):
                assert len(sentences(text)) == len(set(sentences(text))), one.rule


def test_hives_that_are_an_emergency_are_said_once_and_their_other_source_beside_it() -> None:
    said = _hives_beside("alpha lipoic acid")
    warnings = said.partition("THESE WARNINGS FIT YOUR ANSWERS")[2]
    assert warnings.startswith(" (2 URGENT, 2 CAUTION, 3 INFORM)")
    assert warnings.count("Hives (") == 1
    assert "[A79-80, B17-18]" in warnings
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=[msrisk.Supplement("alpha lipoic acid", taking=True)], symptoms=["hives"]
        )
    )
    assert points(report, Level.CAUTION) == []
    (urgent,) = points(report, Level.URGENT)
    assert "At CAUTION besides" in [line.label for line in urgent.lines]


def test_a_caution_that_rests_on_more_or_is_about_another_product_stays_beside_an_emergency() -> (
    None
):
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=[
                msrisk.Supplement("NAC", taking=True),
                msrisk.Supplement("alpha lipoic acid", taking=False),
            ],
            symptoms=["hives", "a rash"],
        )
    )
    said = screen_of(report)
    assert "(1 URGENT, 3 CAUTION, 2 INFORM)" in said
    assert "And 3 more at CAUTION, in the full report: a rash and hives (the letter calls" in said
    assert "hives (hives can be a sign of an allergy to alpha lipoic acid, says the" in said
    assert len(points(report, Level.CAUTION)) == 3


def test_the_signs_of_an_emergency_are_named_and_not_what_is_taken() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=[msrisk.Supplement("NAC", taking=True), msrisk.Supplement("Setria")],
            medications=["Fluimucil"],
            symptoms=["hives", "itching"],
        )
    )
    urgent = [
        point
        for one in report.summary.substances
        for point in one.points
        if point.level is Level.URGENT
    ]
    assert {point.told for point in urgent} == {"hives and itching"}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("symptoms", one) for one in ("sweating", "shakiness", "a hypo", "vomiting", "vertigo")),
        ("conditions", "hip replaced in 2015"),
        ("conditions", "asthma"),
    ],
)
def test_what_was_told_is_named_and_nothing_else_said_of_the_patient(
    field: str, typed: str
) -> None:
    answers = {"supplements": [msrisk.Supplement("alpha lipoic acid", taking=True)], field: [typed]}
    report = msrisk.assess(msrisk.PatientProfile(**answers))  # type: ignore[arg-type]  # any field
    found = [
        one
        for one in report.assessments[0].findings
        if any(fact.text == typed for fact in one.because)
    ]
    assert found
    for one in found:
        assert typed in one.message
        assert "illness" not in one.message


def test_two_supplements_together_are_told_once() -> None:
    report = msrisk.assess(msrisk.PatientProfile(supplements=["alpha lipoic acid", "NAC"]))
    assert screen_of(report).count("alpha lipoic acid beside a precursor") == 1


def test_no_question_stands_among_the_titles_of_open_rules() -> None:
    profile = msrisk.PatientProfile(
        supplements=["alpha lipoic acid"], conditions=["foobar syndrome"], symptoms=["sweating"]
    )
    report = msrisk.assess(profile)
    sections = body(report, Beside(report)).sections
    (asked,) = [one for one in sections if one.title.startswith("To be asked")]
    for point in asked.points:
        assert "Ask besides: Do you" in point.text or "diabetes" not in point.text
        for level in Level:
            _, _, named = point.text.partition(f" {level.words}: ")
            assert "?" not in named


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("vitamin D 2000 IU daily", "vitamin D 2000 IU daily"),
        (msrisk.Supplement("fish oil", dose_mg=1000), "fish oil, 1000 mg at a time"),
        (
            msrisk.Supplement("alpha lipoic acid", daily_dose_mg=(600, 900), times_per_day=2),
            "alpha lipoic acid, 2 times a day, 600 to 900 mg a day",
        ),
    ],
)
def test_no_amount_of_a_supplement_vanishes(told: str | msrisk.Supplement, said: str) -> None:
    report = msrisk.assess(msrisk.PatientProfile(supplements=[told]))
    assert report.supplements == (said,)
    assert f"Given besides: supplements: {said}" in full(report)


def test_a_supplement_that_was_told_by_its_name_alone_is_not_said_again() -> None:
    report = msrisk.assess(msrisk.PatientProfile(supplements=["vitamin D", "Foozumab"]))
    assert "Given besides" not in full(report)


def test_whatever_is_only_counted_or_named_has_its_sources_beside_it() -> None:
    profile = msrisk.PatientProfile(
        supplements=["alpha lipoic acid"], medications=["Ocrevus", "Ventolin"], age_years=70
    )
    said = screen_of(msrisk.assess(profile))
    assert re.search(r"Tell them also: [^\[]*\. \[A16, [^]]*B18\]", said)


def test_of_many_cautions_that_have_no_room_the_first_are_named() -> None:
    (fact,) = ALA.findings[0].because
    cautions = tuple(
        evolve(
            ALA.findings[0],
            rule=f"caution-{n}",
            effect=f"effect {n} of it.",
            because=(evolve(fact, text=f"medicine {n}"),),
        )
        for n in range(40)
    )
    said = screen_of(evolve(RICH, assessments=(evolve(ALA, findings=cautions),)))
    assert re.search(
        r"in the full report: (?:medicine \d+ \(effect \d+ of it\); ){12}25 more\. \[A", said
    )


def test_a_caveat_that_goes_beyond_what_it_cites_is_marked() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(supplements=["glutathione"], medications=["baclofen"])
    )
    said = full(report)
    assert "[A94-96, inferred]" in said
    assert "[B7-9]" in said


def test_each_claim_stands_on_a_line_of_its_own() -> None:
    report = msrisk.assess(msrisk.PatientProfile(supplements=["alpha lipoic acid", "glutathione"]))
    said = report.render("text").partition("Claims, reasons and sources")[2]
    for claim in (one for of in report.assessments for one in of.claims):
        before = said[: said.index(" ".join(claim.message.split()[:5]))]
        assert before.endswith("\n- "), claim.claim


def test_the_page_for_the_patient_says_once_what_two_products_bring_about() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=[msrisk.Supplement("alpha lipoic acid", taking=True)],
            medications=["Fluimucil"],
            symptoms=["hives"],
        )
    )
    said = one_line(report.render("text", "handout"))
    assert said.count("Other signs: see a doctor at once.") == 1
    assert "Take no more of alpha lipoic acid. Ask there before the next dose of Fluimucil." in said


def test_an_entry_that_is_asked_about_is_not_named_among_those_to_be_cleared_up() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(supplements=["alpha lipoic acid", "foozumab", "barzumab"])
    )
    said = screen_of(report)
    assert "What is “barzumab”?" in said
    assert "To be cleared up: “foozumab”." in said


def test_a_name_that_is_open_for_two_lists_is_asked_about_once() -> None:
    profile = msrisk.PatientProfile(supplements=["foozumab"], medications=["foozumab"])
    assert screen_of(msrisk.assess(profile)).count("What is “foozumab”?") == 1


def screen_of(report: Report) -> str:
    """Return the first screen on one line."""
    return one_line(report.render("text", "screen"))
