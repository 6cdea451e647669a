"""`msrisk rules gate`, in git repositories of its own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any as Anything

import pytest
from jsonschema import Draft202012Validator

from msrisk.documents import schema_of
from tests.unit.cli_runs import Capture, Patch, run
from tests.unit.git_rules import (
    CHANGELOG,
    NEW_NAME,
    NEW_VERSION,
    OTHER_MESSAGE,
    commit,
    git,
    repository,
    signed,
)
from tests.unit.rendering_checks import one_line
from tests.unit.rule_files import Edit

GATE = Draft202012Validator(schema_of("gate"))
NOTHING = "No remark, and nothing waits for a signature. Neither makes a rule right."


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return repository(tmp_path)


def change(rules: Path, *edits: Edit) -> None:
    for edit in edits:
        edit.apply(rules)


def sign(rules: Path, answer: str) -> None:
    (rules / "accepted-changes.toml").write_text(signed(answer), "utf-8")


def test_rules_as_they_were_committed_pass(capsys: Capture, rules: Path) -> None:
    code, out, err = run(capsys, "rules", "gate", str(rules))
    assert (code, err) == (0, "")
    assert NOTHING in out
    assert "nothing changed" in out
    assert "Nobody has signed 2 of 2 rules." in out


def test_a_vocabulary_that_was_moved_into_folders_is_the_same(capsys: Capture, rules: Path) -> None:
    old = rules / "vocabulary" / "everything.toml"
    new = rules / "vocabulary" / "roots" / "deep" / "all.toml"
    new.parent.mkdir(parents=True)
    old.rename(new)
    for _ in range(2):
        code, out, err = run(capsys, "rules", "gate", str(rules))
        assert (code, err) == (0, "")
        assert "nothing changed" in out
        # The second time, the commit that is compared with has the folders, too.
        if git(rules, "status", "--porcelain"):
            commit(rules)


def test_a_rule_file_that_no_commit_will_have_does_not_pass(capsys: Capture, rules: Path) -> None:
    (rules.parent / ".git" / "info").mkdir(exist_ok=True)
    (rules.parent / ".git" / "info" / "exclude").write_text("own*.toml\n", "utf-8")
    for name in ("own-words.toml", "deep/own-words.toml"):
        Edit(f"vocabulary/{name}", content="").apply(rules)
    code, out, _ = run(capsys, "rules", "gate", str(rules))
    assert code == 1
    for name in ("own-words.toml", "deep/own-words.toml"):
        assert f"git ignores vocabulary/{name}, so no commit will have it." in one_line(out)
    assert run(capsys, "rules", "gate", str(rules), "--base", "none")[0] == 0


def test_a_change_waits_until_it_is_signed(capsys: Capture, rules: Path) -> None:
    change(rules, NEW_NAME, NEW_VERSION)
    code, out, _ = run(capsys, "rules", "gate", str(rules))
    assert code == 1
    assert "To be read and signed by a person: 1 change." in out
    assert "Dormalot" in out
    sign(rules, out)
    code, out, _ = run(capsys, "rules", "gate", str(rules))
    assert code == 0
    assert NOTHING in out
    assert "1 signed" in out
    change(rules, OTHER_MESSAGE)
    assert run(capsys, "rules", "gate", str(rules))[0] == 1


def test_the_answer_is_markdown_if_asked(capsys: Capture, rules: Path) -> None:
    change(rules, NEW_NAME, NEW_VERSION)
    code, out, _ = run(capsys, "rules", "gate", str(rules), "--format", "markdown")
    assert code == 1
    assert out.startswith("# ")
    assert "\n## Check of a made-up rule set, version 2: 0 remarks\n" in out
    assert "\n### Settles: " in out
    assert re.search(r"\n```toml\n\[\[accepted\]\]\n.*\n```\n$", out, re.DOTALL)


def test_a_worked_patient_who_is_removed_is_missed_and_to_be_signed_for(
    capsys: Capture, rules: Path
) -> None:
    change(rules, Edit("cases/all.toml"))
    code, out, _ = run(capsys, "rules", "gate", str(rules))
    assert code == 1
    assert "To be mended: 1 remark." in out
    assert "rule `sunroot-sleeper`\n  missing-case: No worked patient" in out
    assert "it was removed: " in one_line(out)
    proposed = out[out.index("[[accepted]]") :]
    assert 'change = "equivalent"' in proposed


def test_a_worked_patient_who_is_another_one_now_is_to_be_signed_for(
    capsys: Capture, rules: Path
) -> None:
    change(rules, Edit("cases/all.toml", "age_years = 12", "age_years = 13"))
    code, out, _ = run(capsys, "rules", "gate", str(rules))
    assert code == 1
    assert "it is another patient" in one_line(out)


def test_the_remarks_are_also_those_beside_the_earlier_rules(capsys: Capture, rules: Path) -> None:
    change(rules, OTHER_MESSAGE)
    code, out, _ = run(capsys, "rules", "gate", str(rules))
    assert code == 1
    assert "same-version" in out


def test_an_entry_that_is_not_filled_in_is_named_first(capsys: Capture, rules: Path) -> None:
    change(rules, NEW_NAME, NEW_VERSION)
    _, out, _ = run(capsys, "rules", "gate", str(rules))
    (rules / "accepted-changes.toml").write_text(out[out.index("[[accepted]]") :], "utf-8")
    code, out, err = run(capsys, "rules", "gate", str(rules))
    assert (code, err) == (1, "")
    said = "accepted-changes.toml, entry 1 (Dormalot): the reason is still empty"
    assert said in one_line(out.partition("Check of")[0])
    assert "Settles" in out


def test_the_changelog_has_a_star_for_what_was_signed(capsys: Capture, rules: Path) -> None:
    changelog = rules.parent / "CHANGELOG.md"
    changelog.write_text(CHANGELOG.replace("★", "-"), "utf-8")
    change(rules, NEW_NAME, NEW_VERSION)
    command = ("rules", "gate", str(rules), "--changelog", str(changelog))
    sign(rules, run(capsys, *command)[1])
    code, out, _ = run(capsys, *command)
    assert code == 1
    assert "expected an entry with ★ under [2]" in one_line(out)
    changelog.write_text(CHANGELOG, "utf-8")
    assert run(capsys, *command)[0] == 0


def test_the_patients_of_a_change_are_written(capsys: Capture, rules: Path) -> None:
    change(rules, NEW_NAME, NEW_VERSION)
    folder = rules.parent / "patients"
    run(capsys, "rules", "gate", str(rules), "--patients", str(folder))
    (patient,) = folder.iterdir()
    assert json.loads(patient.read_text("utf-8"))["supplements"]


def test_any_commit_can_be_the_one_to_compare_with(capsys: Capture, rules: Path) -> None:
    change(rules, NEW_NAME, NEW_VERSION)
    git(rules, "checkout", "--quiet", "-b", "change")
    commit(rules)
    assert run(capsys, "rules", "gate", str(rules))[0] == 0
    for base in ("main", "HEAD^", git(rules, "rev-parse", "main").strip()):
        code, out, _ = run(capsys, "rules", "gate", str(rules), "--base", base)
        assert code == 1
        assert "Dormalot" in out


def test_the_rules_lie_in_a_folder_of_a_repository_and_not_at_its_top(
    capsys: Capture, monkeypatch: Patch, rules: Path
) -> None:
    shutil.rmtree(rules.parent / ".git")
    git(rules, "init", "--quiet")
    monkeypatch.chdir(rules)
    code, _, err = run(capsys, "rules", "gate", ".")
    assert (code, err) == (2, ".: .git: expected nothing of this name in a rule set\n")


def test_files_that_git_archive_leaves_out_are_compared_too(capsys: Capture, rules: Path) -> None:
    (rules.parent / ".gitattributes").write_text("* export-ignore\n", "utf-8")
    commit(rules.parent)
    change(rules, NEW_NAME, NEW_VERSION)
    assert "Dormalot" in run(capsys, "rules", "gate", str(rules))[1]


def test_the_variables_of_a_hook_do_not_choose_the_repository(
    capsys: Capture, monkeypatch: Patch, rules: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", "elsewhere/.git")
    monkeypatch.setenv("GIT_INDEX_FILE", "elsewhere/.git/index")
    assert run(capsys, "rules", "gate", str(rules))[0] == 0


def test_changes_that_are_only_on_the_other_branch_are_said_to_be_seen_backwards(
    capsys: Capture, rules: Path
) -> None:
    ahead = "main has changes of these rules that are not here."
    git(rules, "checkout", "--quiet", "-b", "change")
    (rules.parent / "other").write_text("", "utf-8")
    commit(rules.parent)
    git(rules, "checkout", "--quiet", "main")
    (rules.parent / "more").write_text("", "utf-8")
    commit(rules.parent)
    git(rules, "checkout", "--quiet", "change")
    assert ahead not in one_line(run(capsys, "rules", "gate", str(rules), "--base", "main")[1])
    git(rules, "checkout", "--quiet", "main")
    change(rules, NEW_NAME, NEW_VERSION)
    commit(rules)
    git(rules, "checkout", "--quiet", "change")
    code, out, _ = run(capsys, "rules", "gate", str(rules), "--base", "main")
    assert code == 1
    assert ahead in one_line(out)
    git(rules, "checkout", "--quiet", "--orphan", "alone")
    assert run(capsys, "rules", "gate", str(rules), "--base", "change")[0] == 0


def test_the_index_and_the_files_stay_as_they_are(capsys: Capture, rules: Path) -> None:
    change(rules, NEW_NAME, NEW_VERSION)
    before = git(rules, "status", "--porcelain=v2")
    run(capsys, "rules", "gate", str(rules))
    assert git(rules, "status", "--porcelain=v2") == before


# --- Nothing to compare with ---


ADVICE = (
    "If these rules are new, say so with --base none; if they were moved, name their folder of "
    "then with --was."
)


def test_the_first_rules_of_a_repository_are_compared_with_nothing(
    capsys: Capture, rules: Path
) -> None:
    shutil.rmtree(rules.parent / ".git")
    git(rules.parent, "init", "--quiet")
    code, out, err = run(capsys, "rules", "gate", str(rules))
    assert (code, err) == (1, "")
    assert out.startswith("Nothing was compared: the repository has no commit\n")
    assert ADVICE in one_line(out)


def test_a_folder_that_the_commit_did_not_have_is_not_let_through(
    capsys: Capture, rules: Path
) -> None:
    other = shutil.copytree(rules, rules.parent / "other")
    code, out, err = run(capsys, "rules", "gate", str(other))
    assert (code, err) == (1, "")
    assert out.startswith("Nothing was compared: HEAD has no rules in other\n")
    assert ADVICE in one_line(out)
    assert "remark" not in out.partition("Check of")[0]
    change(other, Edit("cases/all.toml"))
    _, out, _ = run(capsys, "rules", "gate", str(other), "--format", "markdown")
    assert out.startswith("# Nothing was compared: HEAD has no rules in other\n")
    assert "To be mended: 1 remark." in out


def test_new_rules_are_said_to_be_new(capsys: Capture, rules: Path) -> None:
    other = shutil.copytree(rules, rules.parent / "other")
    command = ("rules", "gate", str(other), "--base", "none")
    code, out, err = run(capsys, *command)
    assert (code, err) == (0, "")
    assert f"{other} compared with nothing =" in one_line(out)
    assert "No remark, which does not make a rule right." in out
    change(other, Edit("cases/all.toml"))
    code, out, _ = run(capsys, *command)
    assert code == 1
    assert "To be mended: 1 remark." in out
    assert "No remark" not in out


def test_moved_rules_are_compared_with_their_old_folder(capsys: Capture, rules: Path) -> None:
    git(rules.parent, "mv", "rules", "moved")
    moved = rules.parent / "moved"
    change(moved, NEW_NAME, NEW_VERSION)
    code, out, _ = run(capsys, "rules", "gate", str(moved), "--was", "rules")
    assert code == 1
    assert "Dormalot" in out
    code, out, _ = run(capsys, "rules", "gate", str(moved), "--was", "elsewhere")
    assert code == 1
    assert out.startswith("Nothing was compared: HEAD has no rules in elsewhere\n")


@pytest.mark.parametrize("was", ["/rules", "../rules", "rules/../../rules"])
def test_the_earlier_folder_must_lie_in_the_repository(
    capsys: Capture, rules: Path, was: str
) -> None:
    err = refused(capsys, str(rules), "--was", was)
    assert err == "--was: expected a path from the top of the repository\n"


def test_a_branch_that_only_the_server_has_is_found_there(capsys: Capture, rules: Path) -> None:
    git(rules, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    change(rules, NEW_NAME, NEW_VERSION)
    code, out, _ = run(capsys, "rules", "gate", str(rules), "--base", "trunk")
    assert code == 1
    assert f"{rules} compared with origin/trunk =" in one_line(out)
    assert "Dormalot" in out


# --- The document ---


def document(capsys: Capture, *arguments: str) -> tuple[int, Anything]:
    code, out, err = run(capsys, "rules", "gate", *arguments, "--format", "json")
    assert err == ""
    found = json.loads(out)
    GATE.validate(found)
    assert found["passed"] is (code == 0)
    return code, found


def test_the_document_holds_what_is_left_to_do_the_remarks_and_the_diff(
    capsys: Capture, rules: Path
) -> None:
    code, found = document(capsys, str(rules))
    assert (code, found["to_do"], found["remarks"]) == (0, [], [])
    assert (found["base"], found["diff"]["changes"]) == ("HEAD", [])
    change(rules, NEW_NAME, NEW_VERSION, Edit("cases/all.toml"))
    code, found = document(capsys, str(rules))
    assert code == 1
    assert found["to_do"] == [
        "To be mended: 1 remark.",
        "To be read and signed by a person: 4 changes.",
    ]
    assert found["remarks"][0]["check"] == "missing-case"
    assert found["diff"]["changes"][0]["verdict"] == "settles"


def test_the_document_has_no_diff_where_nothing_was_compared(capsys: Capture, rules: Path) -> None:
    code, found = document(capsys, str(rules), "--base", "none")
    assert (code, found["diff"], found["base"]) == (0, None, "none")
    code, found = document(capsys, str(rules), "--was", "elsewhere")
    assert (code, found["diff"]) == (1, None)
    assert found["to_do"] == [f"Nothing was compared: HEAD has no rules in elsewhere. {ADVICE}"]


def test_the_document_is_refused_by_its_schema_if_its_parts_are_not_right(
    capsys: Capture, rules: Path
) -> None:
    change(rules, NEW_NAME, NEW_VERSION, Edit("cases/all.toml"))
    _, found = document(capsys, str(rules))
    for part in (found["remarks"][0], found["diff"]["changes"][0]):
        part["more"] = 1
        assert not GATE.is_valid(found)
        del part["more"]
    assert GATE.is_valid(found)


# --- What cannot be compared ---


def refused(capsys: Capture, *arguments: str) -> str:
    code, out, err = run(capsys, "rules", "gate", *arguments)
    assert (code, out) == (2, "")
    return err


def test_a_folder_that_is_not_there_is_named(capsys: Capture, tmp_path: Path) -> None:
    err = refused(capsys, str(tmp_path / "none"))
    assert f"{tmp_path / 'none'}: expected a folder with a rule set\n" in err


def test_a_folder_outside_of_git_is_named(capsys: Capture, monkeypatch: Patch, rules: Path) -> None:
    shutil.rmtree(rules.parent / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(rules.parent))
    assert f"{rules}: expected a folder in a git repository, got " in refused(capsys, str(rules))


@pytest.mark.parametrize("base", ["nowhere", "--all", "HEAD:rules", ""])
def test_a_commit_that_is_not_there_is_named(capsys: Capture, rules: Path, base: str) -> None:
    err = refused(capsys, str(rules), f"--base={base}")
    assert err.startswith("--base: expected a commit that is here, such as main or HEAD^")


def test_an_earlier_rule_set_that_does_not_load_is_named_by_its_commit(
    capsys: Capture, rules: Path
) -> None:
    mended = (rules / "ruleset.toml").read_text("utf-8")
    (rules / "ruleset.toml").write_text("version = 1\n", "utf-8")
    commit(rules)
    (rules / "ruleset.toml").write_text(mended, "utf-8")
    assert refused(capsys, str(rules)).startswith("HEAD:rules: ruleset.toml: ")


def test_everything_that_is_wrong_is_told_at_once(capsys: Capture, rules: Path) -> None:
    change(rules, Edit("ruleset.toml", find='version = "1"', put="version = 1"))
    (rules / "accepted-changes.toml").write_text("[[accepted]]\n", "utf-8")
    err = refused(capsys, str(rules), "--base", "nowhere", "--changelog", "nowhere")
    assert "ruleset.toml: version: expected text" in err
    assert "accepted-changes.toml, entry 1: change: expected" in err
    assert "nowhere: expected a readable changelog" in err
    assert "--base: expected a commit" in err


def test_a_repository_that_has_lost_a_file_is_named(capsys: Capture, rules: Path) -> None:
    lost = git(rules, "rev-parse", "HEAD:rules/ruleset.toml").strip()
    (rules.parent / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    err = refused(capsys, str(rules))
    assert err.startswith(f"{rules}: expected a repository that git can read")


def test_a_machine_without_git_is_told_that_it_needs_git(
    capsys: Capture, monkeypatch: Patch, rules: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(capsys, str(rules)).startswith("git: expected the program of this name")
