"""`msrisk recognise`: what a name or code is taken for, and why, in words."""

from __future__ import annotations

import re

from msrisk import api
from msrisk.model.concepts import ANYTHING, Recognition
from tests.unit.cli_runs import ROOT, Capture, Patch, run

MARKER = "Q7XJ"


def test_a_brand_name_is_told_with_its_classes_and_why(capsys: Capture) -> None:
    code, out, err = run(capsys, "recognise", "medication", "Synthroid", "50", "mcg")
    assert (code, err) == (0, "")
    first, *lines = out.splitlines()
    assert first == "“Synthroid 50 mcg” as a medication: recognised"
    assert lines[0].split() == ["taken", "as", "levothyroxine"]
    told = [line.split()[:3] for line in lines]
    assert ["certainly", "thyroid-medication", "(labelled:"] in told
    assert "possibly" not in out


def test_a_name_that_nobody_knows_is_to_be_asked_about(capsys: Capture) -> None:
    code, out, err = run(capsys, "recognise", "medication", "foozumab")
    assert (code, err) == (0, "")
    assert out.startswith("“foozumab” as a medication: not recognised: ask\n")
    assert re.search(r"^  possibly +any medication$", out, re.MULTILINE)


def recognised_as(capsys: Capture, monkeypatch: Patch, found: Recognition) -> str:
    monkeypatch.setattr(api, "recognise", lambda *_, **__: found)
    _, out, _ = run(capsys, "recognise", "medication", "x")
    return re.sub(r"\s+", " ", out)


NOTE = (
    "note the rules speak of what they were made from and of nothing else: "
    "that they are silent about a name says nothing for or against it "
)


def test_a_known_drug_in_no_class_is_not_called_harmless(
    capsys: Capture, monkeypatch: Patch
) -> None:
    found = Recognition("x", "medication", name="paracetamol", named=frozenset({"paracetamol"}))
    assert recognised_as(capsys, monkeypatch, found) == (
        "“x” as a medication: recognised taken as paracetamol "
        f"certainly in none of the classes that the rules speak of {NOTE}"
    )


def test_what_is_ambiguous_is_told_with_what_it_may_be_and_why(
    capsys: Capture, monkeypatch: Patch
) -> None:
    found = Recognition(
        "x",
        "medication",
        concepts=frozenset({"b-class", "a-class"}),
        possible=frozenset({"d", "c"}),
        name="x",
        why={"a-class": ("judged", "a reason"), "b-class": ("", "")},
        reason="two readings",
        suggestions=("xx", "xy"),
    )
    assert recognised_as(capsys, monkeypatch, found) == (
        "“x” as a medication: ambiguous: ask speaks of x certainly a-class (judged: a reason) "
        "certainly b-class possibly c, d because two readings "
        f"looks like xx, xy (for a person to confirm) {NOTE}"
    )


def test_none_is_told_as_what_the_patient_says(capsys: Capture, monkeypatch: Patch) -> None:
    assert recognised_as(capsys, monkeypatch, Recognition("x", "medication", says=False)) == (
        f"“x” as a medication: recognised says that there is no medication {NOTE}"
    )


def test_what_may_be_anything_is_told_as_that(capsys: Capture, monkeypatch: Patch) -> None:
    found = Recognition("x", "medication", possible=ANYTHING, says=None)
    out = recognised_as(capsys, monkeypatch, found)
    assert out == f"“x” as a medication: not recognised: ask possibly any medication {NOTE}"


def test_what_each_word_was_read_as_is_told_in_order(capsys: Capture) -> None:
    text = "no insulin, gribble metformin 500 mg twice daily by mouth"
    _, out, _ = run(capsys, "recognise", "medication", text)
    assert [line.split(maxsplit=1)[1] for line in out.splitlines() if "  words " in line] == [
        "“no”: that there is nothing",
        "“insulin”: a name of insulin",
        "“gribble”: not understood",
        "“metformin”: a name of metformin",
        "“500 mg twice daily”: passed over: it does not say which thing",
        "“by mouth”: how it is taken: oral",
    ]


def test_the_dose_that_the_words_tell_is_told_as_far_as_it_is_known(capsys: Capture) -> None:
    _, out, _ = run(capsys, "recognise", "medication", "metformin 500 mg twice a day")
    assert [
        line.split() for line in out.splitlines() if line.startswith(("  one dose", "  dose"))
    ] == [
        ["one", "dose", "500", "mg"],
        ["dose", "1000", "mg", "a", "day"],
        ["doses", "2", "doses", "a", "day"],
    ]


def test_words_and_codes_are_told_together_and_each_code_by_itself(capsys: Capture) -> None:
    codes = ["--code", "ICD-10-CM=E11.9", "--code", "urn:own=7"]
    code, out, err = run(capsys, "recognise", "condition", "diabetes", *codes)
    assert (code, err) == (0, "")
    assert out.startswith("“diabetes” as a condition: recognised\n")
    assert re.search(r"^  code +ICD-10-CM code E11.9: type 2 diabetes$", out, re.MULTILINE)
    assert re.search(r"^  code +urn:own code 7: not known to msrisk$", out, re.MULTILINE)


def test_a_code_alone_is_told(capsys: Capture) -> None:
    code, out, err = run(capsys, "recognise", "medication", "--code", "atc=A10BA02")
    assert (code, err) == (0, "")
    assert out.startswith("ATC code A10BA02 as a medication: recognised\n")


def test_neither_words_nor_a_code_are_refused(capsys: Capture) -> None:
    code, out, err = run(capsys, "recognise", "medication")
    assert (code, out) == (2, "")
    assert err == "TEXT: expected an entry, a --code, or both, got neither\n"


def test_a_suggestion_that_is_mistaken_for_others_is_told_with_them(capsys: Capture) -> None:
    _, out, _ = run(capsys, "recognise", "medication", "glipizidde")
    assert re.search(r"^  beware +glipizide is often mistaken for glyburide", out, re.MULTILINE)


def test_a_character_that_nobody_sees_is_shown_by_its_number(capsys: Capture) -> None:
    code, out, err = run(capsys, "recognise", "supplement", f"{MARKER}\u202e")
    assert (code, err) == (0, "")
    assert f"{MARKER}\\u202e" in out
    assert "\u202e" not in out


def test_a_character_that_a_terminal_would_obey_is_refused_in_a_name(capsys: Capture) -> None:
    code, out, err = run(capsys, "recognise", "supplement", f"{MARKER}\x1b")
    assert (code, out) == (2, "")
    assert err.startswith("name: expected visible characters only")
    assert MARKER not in err


def entries(capsys: Capture, *arguments: str) -> list[tuple[str, str]]:
    """Return the file of each entry that was used, and what stands there by its line."""
    _, out, _ = run(capsys, "recognise", *arguments)
    found = re.findall(r"^  entry +(\S+):(\d+)\s+\(", out, re.MULTILINE)
    return [
        (file, (ROOT / "rules" / file).read_text("utf-8").splitlines()[int(line)])
        for file, line in found
    ]


def test_each_entry_that_was_used_is_named_by_file_and_line(capsys: Capture) -> None:
    assert entries(capsys, "medication", "Synthroid 50 mcg by mouth") == [
        ("vocabulary/drugs/H-hormones/H03-thyroid.toml", 'id = "levothyroxine"'),
        ("vocabulary/words/fillers.toml", 'kind = "filler"'),
        ("vocabulary/words/routes.toml", 'kind = "route"'),
    ]


def test_of_an_ambiguous_name_the_entry_of_its_list_is_named(capsys: Capture) -> None:
    files = [file for file, _ in entries(capsys, "supplement", "ALA")]
    assert files == ["vocabulary/terms/supplements.toml"]
    files = [file for file, _ in entries(capsys, "allergy", "ALA")]
    assert files == ["vocabulary/allergens.toml"]


def test_what_another_list_names_is_named_with_its_entry(capsys: Capture) -> None:
    assert ("vocabulary/conditions/diabetes.toml", 'id = "diabetes"') in entries(
        capsys, "symptom", "diabetes"
    )


def test_a_name_that_is_read_by_rule_is_named_by_what_it_was_taken_for(capsys: Capture) -> None:
    assert entries(capsys, "medication", "ibuprofene") == [
        (
            "vocabulary/drugs/M-muscle-and-bone/M01-inflammation-and-rheumatism.toml",
            'id = "ibuprofen"',
        )
    ]


def test_a_code_names_its_entry(capsys: Capture) -> None:
    codes = ["--code", "icd_10_cm=E11.9", "--code", "icd_10_cm=z7984", "--code", "atc=Z99"]
    assert {head for _, head in entries(capsys, "condition", *codes)} == {
        'id = "type-2-diabetes"',
        'id = "glucose-lowering-medication"',
        'id = "on-glucose-lowering-medicine"',
        "names = [",
    }
    none = ["--code", "snomed=716186003"]
    assert [file for file, _ in entries(capsys, "allergy", *none)] == [
        "vocabulary/words/nothing-and-unknown.toml"
    ]


def test_a_name_that_nobody_knows_has_no_entry(capsys: Capture) -> None:
    assert entries(capsys, "medication", "foozumab") == []
