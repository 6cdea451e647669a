"""`msrisk rules diff`: what it prints, how it ends, and the documents of diff and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any as Anything

import pytest
from attrs import evolve
from jsonschema import Draft202012Validator

from msrisk.analysis import compare
from msrisk.documents import profile_from_json, schema_of
from msrisk.gate.changelog import Changelog
from msrisk.gate.page import diff_outline, patient_words
from msrisk.gate.signatures import FILE
from msrisk.gate.verdict import diff_result
from msrisk.model import conditions as c
from msrisk.model.concepts import Confusable
from msrisk.model.profile import Code, Entries, Entry, PatientProfile
from msrisk.model.rules import Kind, Review, RuleSet, Withdrawal
from msrisk.rendering.plain import section_text
from tests.unit.analysis_world import RULES, adding, drug, edited, made, rule, with_rules, without
from tests.unit.cli_runs import Capture, run
from tests.unit.rendering_checks import one_line
from tests.unit.rule_files import SMALL_RULES, Edit
from tests.unit.rule_files import edited as edited_files

from .test_signatures import filled

DIFF = Draft202012Validator(schema_of("diff"))
SMALL = str(SMALL_RULES)
SAME = "OLD and NEW are the same folder: nothing is compared."
VERSION = Edit("ruleset.toml", 'version = "1"\npacks', 'version = "2"\npacks')
OLDER = Edit("ruleset.toml", "value = 21", "value = 30")
WIDER = Edit("ruleset.toml", "value = 21", "value = 18")


@pytest.fixture
def weaker(tmp_path: Path) -> Path:
    return edited_files(tmp_path, [OLDER, VERSION])


def test_a_folder_compared_with_itself_is_said_to_be_the_same(capsys: Capture) -> None:
    assert run(capsys, "rules", "diff", SMALL, SMALL) == (*(0, f"{SAME}\n{'=' * len(SAME)}\n", ""),)


def test_rules_that_did_not_change_end_with_0(capsys: Capture, tmp_path: Path) -> None:
    copy = edited_files(tmp_path, [])
    code, out, err = run(capsys, "rules", "diff", SMALL, str(copy))
    assert (code, err) == (0, "")
    assert out.startswith("Rules 1 to 1: nothing changed\n")
    assert f"Before: {SMALL}. Now: {copy}." in one_line(out)


def test_a_vocabulary_in_folders_is_compared_with_one_in_none(
    capsys: Capture, tmp_path: Path
) -> None:
    content = (SMALL_RULES / "vocabulary" / "everything.toml").read_text("utf-8")
    moved = [
        Edit("vocabulary/everything.toml"),
        Edit("vocabulary/roots/all.toml", content=content.replace('"Dormalin"', '"Dormalot"')),
    ]
    new = edited_files(tmp_path, moved)
    code, out, err = run(capsys, "rules", "diff", SMALL, str(new))
    assert (code, err) == (1, "")
    assert "Dormalin" in out
    assert "Dormalot" in out
    code, out, err = run(capsys, "rules", "diff", str(new), SMALL)
    assert (code, err) == (1, "")


def test_stronger_rules_end_with_0(capsys: Capture, tmp_path: Path) -> None:
    new = edited_files(tmp_path, [WIDER])
    code, out, err = run(capsys, "rules", "diff", SMALL, str(new))
    assert (code, err) == (0, "")
    assert "Strengthens" in out
    assert "Give the rule set a new version." in " ".join(out.split())
    assert "[[accepted]]" not in out


def test_weaker_rules_end_with_1_until_the_proposal_is_signed(
    capsys: Capture, weaker: Path
) -> None:
    code, out, err = run(capsys, "rules", "diff", SMALL, str(weaker))
    assert (code, err) == (1, "")
    assert "Rules 1 to 2: 2 changes, 2 to be read and signed by a person" in out
    proposed = out[out.index("[[accepted]]") :]
    (weaker / FILE).write_text(filled(proposed), encoding="utf-8")
    code, out, err = run(capsys, "rules", "diff", SMALL, str(weaker))
    assert (code, err) == (0, "")
    assert "none to be read and signed by a person, 2 signed" in out
    assert "Signature: pharmacist, 2026-01-31: “it is meant so”" in out


def test_a_proposal_that_is_not_filled_in_keeps_the_comparison(
    capsys: Capture, weaker: Path
) -> None:
    _, out, _ = run(capsys, "rules", "diff", SMALL, str(weaker))
    (weaker / FILE).write_text(out[out.index("[[accepted]]") :], encoding="utf-8")
    code, out, err = run(capsys, "rules", "diff", SMALL, str(weaker))
    assert (code, err) == (1, "")
    assert f"{FILE}, entry 1 (sunroot-sleeper, grown-up-years): the reason is" in one_line(out)
    assert "Weakens" in out
    assert "[[accepted]]" not in out


def test_a_signature_that_a_further_edit_made_void_is_named(capsys: Capture, weaker: Path) -> None:
    _, out, _ = run(capsys, "rules", "diff", SMALL, str(weaker))
    (weaker / FILE).write_text(filled(out[out.index("[[accepted]]") :]), encoding="utf-8")
    Edit("ruleset.toml", "value = 30", "value = 40").apply(weaker)
    code, out, _ = run(capsys, "rules", "diff", SMALL, str(weaker))
    assert code == 1
    assert "Signature: needed. That of pharmacist of 2026-01-31 was given for" in one_line(out)


def test_markdown_holds_the_proposal_as_a_block(capsys: Capture, weaker: Path) -> None:
    code, out, _ = run(capsys, "rules", "diff", SMALL, str(weaker), "--format", "markdown")
    assert code == 1
    assert out.startswith("# Rules 1 to 2")
    assert "```toml\n[[accepted]]\n" in out
    assert out.endswith("```\n")


def test_json_follows_its_schema(capsys: Capture, weaker: Path) -> None:
    code, out, _ = run(capsys, "rules", "diff", SMALL, str(weaker), "--format", "json")
    document = json.loads(out)
    DIFF.validate(document)
    assert (code, document["passed"], document["unsigned"]) == (1, False, 2)
    assert document["changelog"] == {"asked": False, "lacks": None}
    assert [one["signatures"] for one in document["changes"]] == [[], []]
    proposals = [one["proposal"] for one in document["changes"]]
    (weaker / FILE).write_text(filled("\n".join(proposals)), encoding="utf-8")
    code, out, _ = run(capsys, "rules", "diff", SMALL, str(weaker), "--format", "json")
    document = json.loads(out)
    DIFF.validate(document)
    assert (code, document["passed"], document["unsigned"]) == (0, True, 0)
    assert [one["proposal"] for one in document["changes"]] == [None, None]
    assert document["changes"][0]["signatures"] == [
        {"by": "pharmacist", "on": "2026-01-31", "reason": "it is meant so"}
    ]


def test_json_says_of_a_folder_compared_with_itself_that_it_is_the_same(capsys: Capture) -> None:
    _, out, _ = run(capsys, "rules", "diff", SMALL, SMALL, "--format", "json")
    document = json.loads(out)
    DIFF.validate(document)
    assert (document["notes"], document["changes"]) == ([SAME], [])


def test_folders_that_do_not_load_are_named_all_at_once(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    code, out, err = run(capsys, "rules", "diff", str(tmp_path / "none"), str(tmp_path))
    assert (code, out) == (2, "")
    assert f"{tmp_path / 'none'}: no such folder: expected the folder of a rule set\n" in err
    assert err.count(str(tmp_path / "none")) == 1
    assert f"{FILE}: expected a readable TOML file" in err


def test_each_patient_is_written_as_an_intake_that_can_be_assessed(
    capsys: Capture, weaker: Path, tmp_path: Path
) -> None:
    Edit("ruleset.toml", 'question = "How old are you?"', 'question = "Your age?"').apply(weaker)
    folder = tmp_path / "deep" / "patients"
    run(capsys, "rules", "diff", SMALL, str(weaker), "--patients", str(folder))
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        "001-weakens-sunroot-sleeper.json",
        "002-weakens-grown-up-years.json",
    ]
    for file in files:
        profile_from_json(file.read_text("utf-8"))
        assert run(capsys, "assess", str(file), "--rules", SMALL)[0] == 0


def test_patients_that_cannot_be_written_are_an_error(
    capsys: Capture, weaker: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    arguments = ("rules", "diff", SMALL, str(weaker), "--patients", str(tmp_path / "file"))
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err == f"{tmp_path / 'file'}: expected a folder to write patients into\n"


SECTION = "expected a section [2], because the rules are others now"
STAR = "expected an entry with ★ under [2], because the answer for an unchanged patient can change"
CHANGELOGS = {
    "## [2]\n- ★ later\n\n## [1]\n- first\n": "",
    "## [2]\n- later\n\n## [1]\n- ★ first\n": STAR,
    "## [1]\n- ★ first\n": SECTION,
    "": SECTION,
}


@pytest.mark.parametrize("text", CHANGELOGS)
def test_signed_changes_need_a_starred_entry_under_the_new_version(
    capsys: Capture, weaker: Path, tmp_path: Path, text: str
) -> None:
    _, out, _ = run(capsys, "rules", "diff", SMALL, str(weaker))
    (weaker / FILE).write_text(filled(out[out.index("[[accepted]]") :]), encoding="utf-8")
    log = tmp_path / "CHANGELOG.md"
    log.write_text(text, encoding="utf-8")
    arguments = ("rules", "diff", SMALL, str(weaker), "--changelog", str(log))
    code, out, _ = run(capsys, *arguments)
    expected = CHANGELOGS[text]
    assert code == int(bool(expected))
    assert (f"{log}: expected" in one_line(out)) is bool(expected)
    assert expected in one_line(out)
    code, out, _ = run(capsys, *arguments, "--format", "json")
    document = json.loads(out)
    DIFF.validate(document)
    lacks = f"{log}: {expected}" if expected else None
    assert document["changelog"] == {"asked": True, "lacks": lacks}


def asked(capsys: Capture, folder: Path, text: str, *edits: Edit) -> str:
    """Return what is missing in a changelog after edits of the small rules."""
    folder.mkdir()
    (folder / "CHANGELOG.md").write_text(text, encoding="utf-8")
    new = edited_files(folder, [VERSION, *edits])
    arguments = ("rules", "diff", SMALL, str(new), "--changelog", str(folder / "CHANGELOG.md"))
    code, out, _ = run(capsys, *arguments, "--format", "json")
    lacks: str | None = json.loads(out)["changelog"]["lacks"]
    assert code == int(lacks is not None)
    return (lacks or "").removeprefix(f"{folder / 'CHANGELOG.md'}: ")


def test_a_new_version_needs_a_section_and_a_star_where_an_answer_can_change(
    capsys: Capture, tmp_path: Path
) -> None:
    plain = "## [2]\n- other\n"
    assert asked(capsys, tmp_path / "a", "## [1]\n- ★ first\n") == SECTION
    assert asked(capsys, tmp_path / "b", plain) == ""
    assert asked(capsys, tmp_path / "c", "## [1]\n", WIDER) == SECTION
    assert asked(capsys, tmp_path / "d", plain, WIDER) == STAR
    assert asked(capsys, tmp_path / "e", "## [2]\n- ★ wider\n", WIDER) == ""


def test_the_section_of_the_version_before_is_none_for_other_rules(
    capsys: Capture, tmp_path: Path
) -> None:
    same = Edit("ruleset.toml", 'version = "2"', 'version = "1"')
    found = asked(capsys, tmp_path / "a", "## [1]\n- ★ first\n", WIDER, same)
    assert found == "expected a section for a new version, not [1] once more"


def test_words_that_nobody_has_to_sign_need_no_star() -> None:
    new = evolve(edited(RULES, "scope", message="Other words."), version="9")
    diff = compare(RULES, new)
    (change,) = diff.changes
    assert change.gated
    log = Changelog("log", "## [9]\n")
    assert "expected an entry with ★" in log.lacks(diff)
    assert log.lacks(evolve(diff, changes=(evolve(change, reviewed=False),))) == ""


def test_rules_that_did_not_change_need_no_section(capsys: Capture, tmp_path: Path) -> None:
    log = tmp_path / "CHANGELOG.md"
    log.write_text("", encoding="utf-8")
    assert run(capsys, "rules", "diff", SMALL, SMALL, "--changelog", str(log))[0] == 0


def test_a_changelog_that_cannot_be_read_is_an_error(capsys: Capture, weaker: Path) -> None:
    for new in (SMALL, str(weaker)):
        arguments = ("rules", "diff", SMALL, new, "--changelog", "nowhere")
        assert run(capsys, *arguments) == (2, "", "nowhere: expected a readable changelog\n")


# --- The outline ---


def test_a_patient_is_told_in_a_sentence() -> None:
    profile = PatientProfile(
        medications=Entries((Entry(codes=(Code("http://x", "A1"),)),), complete=False),
        age_years=(39, 40),
        ms_symptoms_severe=True,
    )
    assert patient_words(profile).startswith(
        "medicines: A1 and perhaps others; age: 39 to 40 years; severe or aggressive MS: yes. "
    )
    assert ". Not asked: supplements, " in patient_words(profile)
    assert patient_words(PatientProfile()).startswith("Not asked: supplements, medicines, ")


def test_a_patient_who_shows_several_changes_is_told_once() -> None:
    diff = compare(with_rules(rule("x", c.Taking()), rule("y", c.Taking())), RULES)
    text = section_text(diff_outline(diff, diff.changes), width=200)
    assert "as under rule x" in text
    assert text.count("Before:") == 1


def test_many_names_are_counted_after_the_first_forty() -> None:
    names = tuple(f"new{chr(97 + n // 26)}{chr(97 + n % 26)}drug" for n in range(45))
    diff = compare(RULES, adding(RULES, drugs=drug("newdrug", names=names)))
    assert "and 6 more" in section_text(diff_outline(diff, ()), width=200)


def test_each_part_of_a_split_rule_is_named_although_nobody_is_told_less() -> None:
    whole = with_rules(rule("x", c.Any((c.Taking(), c.AgeAtLeast("years")))))
    parts = (
        rule("y", c.Taking(), replaces=("x",)),
        rule("z", c.AgeAtLeast("years"), replaces=("x",)),
    )
    diff = compare(whole, with_rules(*parts))
    text = section_text(diff_outline(diff, ()), width=200)
    assert "Equivalent" in text
    assert "x is now y and z" in text
    assert "now y applies when the patient has started the supplement; z applies when" in text
    document: Anything = diff_result(diff, (), Changelog()).document
    DIFF.validate(json.loads(json.dumps(document)))
    assert {one["id"]: one["replaced_by"] for one in document["changes"]} == {"x": ["y", "z"]}


def with_lookalikes(names: tuple[str, ...]) -> RuleSet:
    lists = (Confusable(names, "a list"),)
    return made(vocabulary=evolve(RULES.vocabulary, confusables=lists))


PAIRS = {
    "level only": (RULES, adding(RULES, drugs=drug("newdrug"))),
    "equivalent": (RULES, edited(RULES, "years", value=50)),
    "substance": (RULES, without(RULES, "veritane")),
    "pack": (RULES, edited(RULES, "claim", pack="others")),
    "question": (RULES, edited(RULES, "age_years", name="years of age")),
    "source": (RULES, edited(RULES, "text", title="Another")),
    "kind": (with_rules(rule("x", c.Taking(), Kind.EMERGENCY)), with_rules(rule("x", c.Taking()))),
    "class": (RULES, without(made(RULES, claims=()), "melitor")),
    "review": (RULES, edited(RULES, "red", review=Review("nurse", "2026-12-01"))),
    "confusable": (with_lookalikes(("dravox", "tunipal")), RULES),
    "rule set": (RULES, made(RULES, withdrawn=Withdrawal("2026-12-01", "a wrong rule"))),
    "code": (RULES, adding(RULES, drugs=drug("new", codes={"atc": ("Z01AA01",)}))),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_every_sort_of_change_follows_the_schema_and_can_be_read(
    pair: tuple[RuleSet, RuleSet],
) -> None:
    diff = compare(*pair)
    open_ = [change for change in diff.changes if change.gated]
    document: Anything = diff_result(diff, (), Changelog()).document
    DIFF.validate(json.loads(json.dumps(document)))
    text = section_text(diff_outline(diff, open_), width=100)
    assert len(document["changes"]) == len(diff.changes) > 0
    assert all(change.about in text for change in diff.changes)


# --- The schemas ---


@pytest.mark.parametrize("name", ["check", "diff", "gate"])
def test_the_schemas_are_printed(capsys: Capture, name: str) -> None:
    schema: Anything = schema_of(name)
    Draft202012Validator.check_schema(schema)
    code, out, err = run(capsys, "schema", name)
    assert (code, json.loads(out), err) == (0, schema, "")
    assert schema["$id"] == f"urn:msrisk:{name}:1"


def test_the_document_of_check_follows_its_schema(capsys: Capture) -> None:
    code, out, _ = run(capsys, "rules", "check", "--rules", SMALL, "--format", "json")
    document = json.loads(out)
    Draft202012Validator(schema_of("check")).validate(document)
    assert code == 1
    assert document["remarks"]
