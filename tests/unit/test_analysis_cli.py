"""`msrisk rules diff`: what it prints, how it ends, and the documents of diff and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any as Anything

import pytest
from jsonschema import Draft202012Validator

from msrisk.analysis import compare
from msrisk.analysis.accepted import FILE
from msrisk.analysis.outline import diff_document, diff_outline, patient_words
from msrisk.intake import check_schema, diff_schema, profile_from_json
from msrisk.model import conditions as c
from msrisk.model.profile import Code, Entries, Entry, PatientProfile
from msrisk.model.rules import Kind, RuleSet
from msrisk.rendering.text import section_text

from .analysis_world import RULES, adding, drug, edited, made, rule, with_rules, without
from .cli_runs import Capture, run
from .rule_files import SMALL_RULES, Edit
from .rule_files import edited as edited_files
from .test_analysis_accepted import filled

DIFF = Draft202012Validator(diff_schema())
SMALL = str(SMALL_RULES)
VERSION = Edit("ruleset.toml", 'version = "1"\npacks', 'version = "2"\npacks')
OLDER = Edit("ruleset.toml", "value = 21", "value = 30")
WIDER = Edit("ruleset.toml", "value = 21", "value = 18")


@pytest.fixture
def weaker(tmp_path: Path) -> Path:
    return edited_files(tmp_path, [OLDER, VERSION])


def test_rules_that_did_not_change_end_with_0(capsys: Capture) -> None:
    assert run(capsys, "rules", "diff", SMALL, SMALL) == (
        *(0, "Rules 1 to 1: nothing changed\n=============================\n", ""),
    )


def test_stronger_rules_end_with_0(capsys: Capture, tmp_path: Path) -> None:
    new = edited_files(tmp_path, [WIDER])
    code, out, err = run(capsys, "rules", "diff", SMALL, str(new))
    assert (code, err) == (0, "")
    assert "Strengthens" in out
    assert "the content changed and the version did not" in out
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
    assert "given" in out


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
    assert (code, document["unsigned"], document["changelog"]) == (1, 2, None)


def test_folders_that_do_not_load_are_named_all_at_once(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    code, out, err = run(capsys, "rules", "diff", str(tmp_path / "none"), str(tmp_path))
    assert (code, out) == (2, "")
    assert f"{tmp_path / 'none'}: " in err
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


CHANGELOGS = {
    "## [2]\n- ★ later\n\n## [1]\n- first\n": "",
    "## [2]\n- later\n\n## [1]\n- ★ first\n": "lacks",
    "## [1]\n- ★ first\n": "lacks",
    "": "lacks",
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
    message = "expected an entry with ★ under [2], because the answer for an unchanged "
    assert (code, message in " ".join(out.split())) == (
        (1, True) if CHANGELOGS[text] else (0, False)
    )
    code, out, _ = run(capsys, *arguments, "--format", "json")
    document = json.loads(out)
    DIFF.validate(document)
    assert (code, bool(document["changelog"])) == ((1, True) if CHANGELOGS[text] else (0, False))


def test_without_a_gated_change_the_changelog_is_not_read(capsys: Capture) -> None:
    assert run(capsys, "rules", "diff", SMALL, SMALL, "--changelog", "nowhere")[0] == 0


def test_a_changelog_that_cannot_be_read_is_an_error(capsys: Capture, weaker: Path) -> None:
    arguments = ("rules", "diff", SMALL, str(weaker), "--changelog", "nowhere")
    assert run(capsys, *arguments) == (2, "", "nowhere: expected a readable changelog\n")


# --- The outline ---


def test_a_patient_is_told_in_a_sentence() -> None:
    profile = PatientProfile(
        medications=Entries((Entry(codes=(Code("http://x", "A1"),)),), complete=False),
        age_years=(39, 40),
        ms_symptoms_severe=True,
    )
    assert patient_words(profile).startswith("medicines: A1 and perhaps others; age: 39 to 40; ")
    assert ". not asked: supplements, " in patient_words(profile)
    assert patient_words(PatientProfile()).startswith("not asked: supplements, medicines, ")


def test_a_patient_who_shows_several_changes_is_told_once() -> None:
    diff = compare(with_rules(rule("x", c.Taking()), rule("y", c.Taking())), RULES)
    text = section_text(diff_outline(diff, diff.changes), width=200)
    assert "as under rule x" in text
    assert text.count("Intake") == 1


def test_many_names_are_counted_after_the_first_forty() -> None:
    names = tuple(f"new{chr(97 + n // 26)}{chr(97 + n % 26)}drug" for n in range(45))
    diff = compare(RULES, adding(RULES, drugs=drug("newdrug", names=names)))
    assert "and 6 more" in section_text(diff_outline(diff, ()), width=200)


def test_of_a_rule_that_was_split_each_part_is_named_although_nobody_is_told_less() -> None:
    whole = with_rules(rule("x", c.Any((c.Taking(), c.AgeAtLeast("years")))))
    parts = (
        rule("y", c.Taking(), replaces=("x",)),
        rule("z", c.AgeAtLeast("years"), replaces=("x",)),
    )
    diff = compare(whole, with_rules(*parts))
    text = section_text(diff_outline(diff, ()), width=200)
    assert "Equivalent" in text
    assert "it is replaced by y, z" in text


PAIRS = {
    "level only": (RULES, adding(RULES, drugs=drug("newdrug"))),
    "equivalent": (RULES, edited(RULES, "years", value=50)),
    "substance": (RULES, without(RULES, "veritane")),
    "pack": (RULES, edited(RULES, "claim", pack="others")),
    "question": (RULES, edited(RULES, "age_years", name="years of age")),
    "source": (RULES, edited(RULES, "text", title="Another")),
    "kind": (with_rules(rule("x", c.Taking(), Kind.EMERGENCY)), with_rules(rule("x", c.Taking()))),
    "class": (RULES, without(made(RULES, claims=()), "melitor")),
    "code": (RULES, adding(RULES, drugs=drug("new", codes={"atc": ("Z01AA01",)}))),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_every_sort_of_change_follows_the_schema_and_can_be_read(
    pair: tuple[RuleSet, RuleSet],
) -> None:
    diff = compare(*pair)
    open_ = [change for change in diff.changes if change.gated]
    document: Anything = diff_document(diff, open_)
    DIFF.validate(json.loads(json.dumps(document)))
    text = section_text(diff_outline(diff, open_), width=100)
    assert len(document["changes"]) == len(diff.changes) > 0
    assert all(change.about in text for change in diff.changes)


# --- The schemas ---


@pytest.mark.parametrize("name", ["check", "diff"])
def test_the_schemas_are_printed(capsys: Capture, name: str) -> None:
    schema: Anything = {"check": check_schema, "diff": diff_schema}[name]()
    Draft202012Validator.check_schema(schema)
    code, out, err = run(capsys, "schema", name)
    assert (code, json.loads(out), err) == (0, schema, "")
    assert schema["$id"] == f"urn:msrisk:{name}:1"


def test_the_document_of_check_follows_its_schema(capsys: Capture) -> None:
    code, out, _ = run(capsys, "rules", "check", "--rules", SMALL, "--format", "json")
    document = json.loads(out)
    Draft202012Validator(check_schema()).validate(document)
    assert code == 1
    assert document["remarks"]
