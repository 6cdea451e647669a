"""What was found beyond the texts stands beside what a report says, and changes nothing in it."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from attrs import evolve

import msrisk
from msrisk.accountability import account
from msrisk.accountability.examined import STATES
from msrisk.errors import ConceptError, RuleSetError
from msrisk.evaluation.bearing import bearing_on
from msrisk.model.bearing import EvidenceUsed
from msrisk.model.evidence import Checked, Grade, Part, Reference, Relation, Retraction
from msrisk.model.results import Report
from msrisk.model.rules import Basis, Kind, RuleSet
from msrisk.rendering.beside import Beside
from msrisk.rendering.words import items_in_short

RULES = RuleSet.default()
TEXTS = RULES.only(["texts"])
ORDINARY: dict[str, Any] = {
    "supplements": [
        {"name": "alpha lipoic acid", "dose_mg": 600, "times_per_day": 2, "taking": True}
    ],
    "medications": ["Synthroid 50 mcg"],
    "conditions": ["RRMS", "type 2 diabetes"],
    "allergies": "none",
    "symptoms": "none",
    "age_years": 45,
    "weight_kg": 70,
    "ms_symptoms_severe": False,
    "replacing_ms_treatment": False,
}


@cache
def ordinary(packs: tuple[str, ...] | None = None, **change: Any) -> Report:
    return assessed(packs, **change)


def assessed(packs: tuple[str, ...] | None = None, **change: Any) -> Report:
    profile = msrisk.PatientProfile.from_dict({**ORDINARY, **change})
    return msrisk.assess(profile, packs=packs)


def reference(**change: Any) -> Reference:
    given: dict[str, Any] = {
        "id": "a-reference",
        "kind": Grade.TRIAL,
        "authors": "Somebody S",
        "year": "1999",
        "place": "Naps 1:1",
        "read": Part.ABSTRACT,
        "checked": Checked("2026-01-31", "a copy", Retraction.NOT_CHECKED),
        "doi": "10.1234/naps",
    }
    return Reference(**given | change)


# --- On a report ---


def test_the_first_screen_says_in_a_line_what_trials_found_beside_what_is_hoped_for() -> None:
    screen = ordinary().render("text", "screen").splitlines()
    (line,) = [line for line in screen if "E072" in line]
    assert len(line) <= 80
    assert "Hope: slower MS" in line
    assert "protein in urine" in line
    assert [one.rule for one in ordinary().summary.trials] == ["ala-trials-in-ms"]


def test_each_order_of_the_layers_tells_what_to_do_what_applies_and_what_trials_found() -> None:
    said = ordinary().render()
    places = [said.index(one) for one in ("NOW.", "THESE WARNINGS", "Hope:", "Claims limited")]
    assert places == sorted(places)


def test_beside_a_claim_stands_the_best_for_and_the_best_against_it_a_line_each() -> None:
    said = ordinary().render().splitlines()
    at = next(n for n, line in enumerate(said) if "slow disability. [A39-40; ~E072]" in line)
    assert said[at + 1].startswith("  +E071: trial 2017, 10.1212/NXI.0000000000000374: ")
    line = "  -E013: regulator 2021, PMID 34122657: no dose free of autoimmune low sugar"
    assert line in said
    # What has its line already is marked.
    assert any("calming inflammation. [A21, 30; -E072]" in line for line in said)
    lines = [line.strip() for line in said if line.startswith(("  +E", "  -E", "  ~E"))]
    keys = [line[1:5] for line in lines]
    assert len(keys) == len(set(keys)) > 9


def test_what_stands_beside_a_statement_fits_on_a_line_of_its_own() -> None:
    """All but what is found by nothing shorter than a title."""
    best = {side.item.id for sides in bearing_on(RULES).values() for side in sides if side.best}
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid", "NAC", "Immunocal"])
    used = msrisk.assess(profile).evidence
    ids = dict.fromkeys(one.on for item in used for one in item.bears_on)
    beside = Beside(msrisk.assess(profile))
    lines = {line.label[1:]: line for id_ in ids for line in beside.on(id_)[1]}
    assert len(lines) > len(best) / 2
    titled = {one.key for one in used if one.identifier.startswith("title ")}
    long = [
        line
        for key, line in lines.items()
        if key not in titled and len(f"  {line.label}: {line.text}") > 80
    ]
    assert long == []


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_a_finding_has_a_line_for_each_side_in_every_rendering(format_: str) -> None:
    said = " ".join(re.sub(r"[\\*]|<[^>]*>", "", ordinary().render(format_)).split())
    assert "[A61-62, 81]" in said
    assert "~E025: review 2022, PMID 36006850: blood sugar lower by less" in said
    assert "+E026: review 2018, PMID 29990473 " in said
    assert "more" in said.partition("Evidence beyond the texts")[2]


def test_what_nobody_looked_at_comes_after_what_is_promised_and_was_found() -> None:
    said = ordinary().render()
    places = [said.index(one) for one in ("Claims limited", "~E072", "What has not been looked at")]
    assert places == sorted(places)


def test_every_item_marked_or_cited_stands_in_the_document() -> None:
    document: Any = ordinary().to_dict()
    items = {one["id"] for one in document["evidence"]}
    cited = {one["id"] for one in document["sources"] if one["evidence"]}
    assert cited <= items
    said = {one["rule"] for a in document["assessments"] for one in a["findings"]}
    on = {bearing["on"] for one in document["evidence"] for bearing in one["bears_on"]}
    assert said & on
    assert all(one["frequency"] for one in document["evidence"])


def test_what_a_report_does_not_say_has_no_evidence_beside_it() -> None:
    document: Any = ordinary().to_dict()
    on = {bearing["on"] for one in document["evidence"] for bearing in one["bears_on"]}
    assert "glutathione-milk-protein-allergy" not in on


def test_corrections_and_retractions_are_shown_where_an_item_is_told() -> None:
    note = "the second table was wrong"
    corrected = Checked("2026-11-28", "Crossref", Retraction.CORRECTED, note)
    references = tuple(
        evolve(one, checked=corrected) if one.id == "spain-ri-2026" else one
        for one in RULES.references
    )
    rules = evolve(RULES, references=references)
    report = msrisk.assess(msrisk.PatientProfile.from_dict(ORDINARY), ruleset=rules)
    (trial,) = [one for one in report.evidence if one.id == "e072"]
    assert trial.changes == (f"CORRECTED: {note}",)
    assert trial.retraction == "corrected"
    assert f"CORRECTED: {note}" in " ".join(report.render().split())


def test_an_item_of_several_references_is_named_by_the_best() -> None:
    (trial,) = [one for one in ordinary().evidence if one.id == "e034"]
    assert trial.kind == "randomised trial"
    (several,) = [one for one in ordinary().evidence if one.id == "e074"]
    assert len(several.references) == 2


def test_an_item_of_several_references_is_as_old_as_its_first_check_and_as_good_as_the_best() -> (
    None
):
    (item,) = [one for one in RULES.evidence if one.id == "e074"]
    early, late = item.references
    others = [one for one in RULES.references if one.id not in item.references]
    made = [
        reference(
            id=early, kind=Grade.PRODUCT, checked=Checked("2025-01-31", "a", Retraction.NONE_FOUND)
        ),
        reference(id=late, kind=Grade.REVIEW),
    ]
    for order in (made, made[::-1]):
        rules = evolve(RULES, references=(*others, *order))
        report = msrisk.assess(msrisk.PatientProfile.from_dict(ORDINARY), ruleset=rules)
        (told,) = [one for one in report.evidence if one.id == "e074"]
        assert told.checked_on == "2025-01-31"
        # A systematic review goes before whatever else bears on the same.
        for id_, relation in item.bears_on:
            side = [one for one in bearing_on(rules)[id_] if one.relation is relation]
            assert side[0].item.id == "e074", id_


def test_evidence_without_a_reference_is_refused() -> None:
    (first, *_) = ordinary().evidence
    with pytest.raises(ValueError, match="without a reference"):
        evolve(first, references=())


def test_a_report_of_rules_without_evidence_has_none() -> None:
    report = ordinary(("texts",))
    assert report.evidence == ()
    assert report.summary.trials == ()
    assert "E0" not in report.render()
    assert Beside(report).on("ala-diabetes") == ("", ())


def test_a_screen_without_medicines_and_warnings_still_tells_what_trials_found() -> None:
    report = assessed(medications="none", conditions=["RRMS"])
    said = report.render("text", "screen")
    assert "PROMISED, AND FOUND" in said
    assert "Hope: slower MS" in said


def test_the_emergency_of_an_overdose_is_told_where_it_was_taken_alone() -> None:
    much = {"name": "alpha lipoic acid", "daily_dose_mg": 6000, "times_per_day": 1}
    taken = assessed(supplements=[much | {"taking": True}], symptoms="none")
    assert taken.level is msrisk.Level.URGENT
    considered = assessed(supplements=[much | {"taking": False}], symptoms="none")
    assert considered.level is msrisk.Level.CONTRAINDICATED


def test_new_levels_are_at_most_caution_but_for_an_overdose() -> None:
    graver = {
        rule.id
        for rule in RULES.rules
        if rule.basis is Basis.EVIDENCE and rule.kind in (Kind.CONTRAINDICATION, Kind.EMERGENCY)
    }
    assert graver == {"ala-overdose-considered", "ala-overdose-taken"}


def test_keys_are_written_in_spans() -> None:
    assert items_in_short(["E004", "E001", "E002", "x"]) == "x, E001-02, E004"


# --- The packs ---


def test_the_packs_in_use_are_named() -> None:
    assert ordinary().ruleset.packs == ("texts", "evidence")
    assert ordinary(("texts",)).ruleset.packs == ("texts",)
    assert "packs texts, evidence" in ordinary().render()


def test_what_is_said_to_have_been_searched_follows_the_packs() -> None:
    with_, without = ordinary(), ordinary(("texts",))
    assert "Only two lay texts were searched" in without.render("text", "screen")
    assert "Searched: two lay texts and some trials" in with_.render("text", "screen")
    assert "Only two lay texts" in without.render("text", "handout")
    assert "some trials" in with_.render("text", "handout")
    (scope,) = [one for one in with_.caveats if one.rule == "scope-two-texts"]
    assert "trials" in scope.message
    assert "trials" not in next(
        one.message for one in without.caveats if one.rule == "scope-two-texts"
    )


def test_the_headline_of_no_finding_follows_the_packs() -> None:
    quiet: dict[str, Any] = {"medications": "none", "conditions": ["RRMS"]}
    assert "of the two texts or the evidence found fits" in assessed(**quiet).headline
    assert "of the two texts fits" in assessed(("texts",), **quiet).headline


def test_a_silence_that_evidence_fills_stays_with_a_rule_beside_it() -> None:
    report = assessed(conditions=["RRMS", "CKD stage 3"])
    (ala,) = report.assessments
    (silence,) = ala.silences
    assert silence.rule == "silence-kidney-disease"
    assert "stands beside this" in silence.message
    (kidney,) = [one for one in ala.findings if one.rule == "ala-kidney-disease"]
    assert kidney.basis == "evidence"
    assert kidney.basis_in_words.startswith("Not from the two texts")
    said = " ".join(report.render().split())
    # What evidence speaks of is not said to be unknown.
    assert "BEYOND THE TEXTS: neither text speaks of kidney disease (CKD stage 3)" in said
    assert "NOT LOOKED AT" not in said
    page = " ".join(report.render("text", "handout").split())
    assert "Neither text speaks of: kidney disease (CKD stage 3); only what was found" in page
    texts = assessed(("texts",), conditions=["RRMS", "CKD stage 3"])
    assert "no text speaks of kidney disease" in " ".join(texts.render().split())
    assert "msrisk cannot tell you more" in texts.assessments[0].silences[0].message


def test_a_pack_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConceptError, match="texts, evidence"):
        RULES.only(["trials"])


# --- What the shipped evidence is ---


def test_every_item_bears_on_something_that_is_there() -> None:
    there = {rule.id for rule in RULES.rules} | {claim.id for claim in RULES.claims}
    assert {id_ for item in RULES.evidence for id_, _ in item.bears_on} <= there
    assert set(bearing_on(RULES)) <= there


def test_every_rule_claim_and_silence_is_in_one_of_five_states() -> None:
    table = account(RULES)
    ids = [*(rule.id for rule in RULES.rules), *(claim.id for claim in RULES.claims)]
    assert [one.id for one in table.examined] == ids
    assert {one.state for one in table.examined} == {*STATES.values(), "unexamined"}
    silences = {rule.id for rule in RULES.rules if rule.kind is Kind.SILENCE}
    assert {one.state for one in table.examined if one.id in silences} == {"filled"}


def test_a_contradiction_rests_on_people_and_on_use_by_mouth() -> None:
    weak = {Grade.ANIMAL, Grade.IN_VITRO, Grade.REGISTRATION, Grade.GRANT}
    kinds = {one.id: one.kind for one in RULES.references}
    for item in RULES.evidence:
        if item.contradicts:
            assert not weak & {kinds[id_] for id_ in item.references}, item.id
            assert "by vein" not in item.statement, item.id


def test_only_one_of_two_sides_is_the_best_of_its_side() -> None:
    for id_, sides in bearing_on(RULES).items():
        best = [side.relation for side in sides if side.best]
        for_ = {Relation.CORROBORATES, Relation.FILLS}
        assert len(best) == len({relation in for_ for relation in best}), id_


# --- References ---


def test_a_reference_names_what_it_is_found_by_the_best_first() -> None:
    one = reference(pmid="123", pmcid="PMC9", trials=("NCT01234567",), number="n 1")
    assert one.identifiers == ("PMID 123", "DOI 10.1234/naps", "PMC9", "n 1", "NCT01234567")
    assert one.identifier == "PMID 123"
    assert reference(doi="", trials=("NCT01234567",)).identifier == "NCT01234567"
    titled = reference(doi="", trials=("NCT01234567",), title="Naps", exact_title=True)
    assert titled.identifier == "title “Naps”"


def test_what_a_page_did_not_show_is_marked() -> None:
    one = reference(authors="not seen", year="not seen")
    assert one.missing == ("authors", "year")
    assert one.words == "Naps 1:1. DOI 10.1234/naps. authors not seen, year not seen"


def test_a_reference_grows_old_after_a_number_of_years() -> None:
    checked = Checked("2024-02-29", "a copy", Retraction.NOT_CHECKED)
    assert not checked.older_than(2, date(2026, 2, 28))
    assert checked.older_than(2, date(2026, 3, 1))


def test_a_correction_says_what_it_is_and_nothing_else_has_a_note() -> None:
    with pytest.raises(RuleSetError, match="correction"):
        Checked("2026-01-31", "Crossref", Retraction.NONE_FOUND, "something")


def test_the_used_evidence_keeps_what_the_item_says() -> None:
    by_id = {one.id: one for one in RULES.evidence}
    for one in ordinary().evidence:
        assert isinstance(one, EvidenceUsed)
        assert (one.statement, one.key) == (by_id[one.id].statement, one.id.upper())


def test_without_the_pack_nothing_of_it_is_left() -> None:
    left = (TEXTS.references, TEXTS.evidence, TEXTS.wordings, TEXTS.searched)
    assert left == ((), (), (), ())
    assert not [rule for rule in TEXTS.rules if rule.basis is Basis.EVIDENCE]
