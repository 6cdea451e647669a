"""An entry that may not be so: what a report says of it, and where it is kept."""

from __future__ import annotations

import pytest

import msrisk
from msrisk import Code, Entry, Supplement
from msrisk.documents.intake import profile_to_document
from msrisk.errors import ProfileError

STOPPED = "the record calls it stopped"
STILL = "Is it so now?"


def report(*medications: Entry | str) -> msrisk.Report:
    return msrisk.assess(
        msrisk.PatientProfile(supplements=["alpha lipoic acid"], medications=medications)
    )


def test_a_doubtful_entry_is_asked_about_in_the_words_of_the_doubt() -> None:
    (one,) = report(Entry("Synthroid", doubt=STOPPED)).unrecognised
    assert one.question == f"“Synthroid”: {STOPPED}. Is it so now?"
    assert one.reason == STOPPED
    assert one.status == "ambiguous"


def test_what_is_told_as_stopped_is_asked_about_by_whether_it_is_taken_now() -> None:
    (one,) = report("stopped Synthroid").unrecognised
    assert one.question == "“stopped Synthroid”: do you take any of it now?"


def test_a_doubtful_code_is_asked_about_by_the_code() -> None:
    codes = (Code("http://www.whocc.no/atc", "H03AA01"),)
    (one,) = report(Entry(None, codes, STOPPED)).unrecognised
    assert one.question == f"The code H03AA01: {STOPPED}. Is it so now?"


def test_entries_that_are_doubted_for_one_reason_are_asked_about_at_once() -> None:
    names = ("Synthroid", "metformin", "tacrolimus")
    said = str(
        report(*(Entry(name, doubt=STOPPED) for name in names), Entry("ibuprofen", doubt="x"))
    )
    flat = " ".join(said.split())
    assert (
        "- “Synthroid”, “metformin” and “tacrolimus” (medicines): the record calls it stopped "
        "Ask: Of each of them: is it so now?" in flat
    )
    assert "“ibuprofen” (medicines): ambiguous (x) Ask: “ibuprofen”: x. Is it so now?" in flat


def test_the_same_words_with_and_without_a_doubt_are_asked_about_in_one_order() -> None:
    one, other, third = (
        Entry("foozumab", doubt=STOPPED),
        Entry("foozumab"),
        Entry("foozumab", doubt="x"),
    )
    told = [found.question for found in report(one, other, third).unrecognised]
    assert told[1:] == [f"“foozumab”: {STOPPED}. {STILL}", f"“foozumab”: x. {STILL}"]
    assert told == [found.question for found in report(third, other, one).unrecognised]


def test_a_doubtful_no_food_allergy_closes_no_food() -> None:
    def foods(doubt: str | None) -> set[str]:
        profile = msrisk.PatientProfile(
            supplements=["glutathione precursor"],
            conditions=msrisk.NONE_REPORTED,
            allergies=[Entry("no known food allergies", doubt=doubt), "penicillin"],
        )
        (one,) = msrisk.assess(profile).assessments
        return {question.rule for question in one.open_questions}

    assert "glutathione-milk-protein-allergy" in foods("the record is a draft")
    assert "glutathione-milk-protein-allergy" not in foods(None)


@pytest.mark.parametrize("doubt", ["", " ", "x" * 1_001, 7])
def test_a_doubt_that_is_none_is_refused(doubt: object) -> None:
    with pytest.raises(ProfileError, match="doubt"):
        Entry("Synthroid", doubt=doubt)  # type: ignore[arg-type]  # what is tested
    with pytest.raises(ProfileError, match="doubt"):
        Supplement("ALA", doubt=doubt)  # type: ignore[arg-type]  # what is tested


def test_an_intake_document_keeps_doubts_and_the_codes_of_supplements() -> None:
    codes = [{"system": "http://www.whocc.no/atc", "code": "A16AX01"}]
    document = {
        "supplements": [{"name": "thioctic acid", "codes": codes, "doubt": STOPPED}],
        "medications": [{"text": "Synthroid", "doubt": STOPPED}],
    }
    profile = msrisk.PatientProfile.from_dict(document)
    written = profile_to_document(profile)
    assert {name: written[name] for name in document} == document
    with pytest.raises(ProfileError, match=r"supplements\[0\].codes"):
        msrisk.PatientProfile.from_dict({"supplements": [{"name": "x", "codes": []}]})
