"""`msrisk rules accountability`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from msrisk.accountability import account
from msrisk.accountability.page import accountability_html
from msrisk.accountability.text import accountability_json, accountability_text
from msrisk.documents import schema_of
from msrisk.model.rules import RuleSet

from .accountability_examples import FILES, NAME, RULES, TEXT, over, with_contexts
from .cli_runs import Capture, Patch, on_terminal, run

COMMAND = ("rules", "accountability")


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: Patch) -> Path:
    """Return a folder with the text of the rules that are used in place of the shipped."""
    monkeypatch.setattr(RuleSet, "default", lambda: RULES)
    (tmp_path / NAME).write_bytes(FILES[NAME])
    (tmp_path / "notes.md").write_bytes(b"\xff")
    return tmp_path


def test_the_table_of_the_shipped_rules_is_printed_and_ends_with_0(capsys: Capture) -> None:
    made = account(RuleSet.default())
    assert run(capsys, *COMMAND) == (0, accountability_text(made), "")
    assert run(capsys, *COMMAND, "--format", "json") == (0, accountability_json(made), "")
    assert run(capsys, *COMMAND, "--format", "html") == (0, accountability_html(made), "")


def test_a_terminal_gets_its_own_width(monkeypatch: Patch) -> None:
    made = account(RuleSet.default())
    assert on_terminal(monkeypatch, *COMMAND) == accountability_text(made, width=60)


def test_another_rule_set_is_used_when_it_is_named(capsys: Capture, root: Path) -> None:
    code, out, _ = run(capsys, *COMMAND, "--rules", str(root / "tests/unit/small_rules"))
    assert code == 0
    assert "sunroot-sleeper" in out


def test_with_the_texts_the_sentences_are_on_the_page(capsys: Capture, texts: Path) -> None:
    code, out, err = run(capsys, *COMMAND, "--texts", str(texts), "--format", "html")
    assert (code, out, err) == (0, accountability_html(account(RULES, FILES)), "")
    assert "It may tire you." in out


def test_a_passage_that_is_not_accounted_for_ends_with_1(
    capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(RuleSet, "default", lambda: with_contexts(None, None, None, None))
    code, out, err = run(capsys, *COMMAND)
    assert (code, err) == (1, "")
    assert "3 of 4 passages have a rule, a claim or a stated reason (75 %:" in out


def test_text_in_no_passage_ends_with_1(capsys: Capture, texts: Path, monkeypatch: Patch) -> None:
    text = f"{TEXT}One more."
    monkeypatch.setattr(RuleSet, "default", lambda: over(text))
    (texts / NAME).write_text(text, "utf-8")
    code, out, _ = run(capsys, *COMMAND, "--texts", str(texts))
    assert code == 1
    assert "IN NO PASSAGE: characters 73 to 83: “One more.”" in out


def test_every_problem_of_the_texts_and_the_rules_is_named_at_once(
    capsys: Capture, texts: Path
) -> None:
    (texts / NAME).write_text(TEXT.replace("tire", "rest"), "utf-8")
    (texts / "folder.txt").mkdir()
    code, out, err = run(capsys, *COMMAND, "--texts", str(texts))
    assert (code, out) == (2, "")
    first, second, third = err.splitlines()
    got = "one that the system does not let msrisk read"
    assert first == f"{texts / 'folder.txt'}: expected a readable file, got {got}"
    assert second.startswith(f"{texts / NAME}: this is not the text that the rules of ")
    assert third.startswith("source `leaflet`: passage 2: expected SHA-256 ")
    nowhere = str(texts / "no-rules")
    code, out, err = run(capsys, *COMMAND, "--texts", str(texts), "--rules", nowhere)
    assert (code, out) == (2, "")
    assert [line.partition(":")[0] for line in err.splitlines()] == [
        str(texts / "folder.txt"), nowhere,
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_does_not_go_unsaid_although_all_texts_are_there(
    capsys: Capture, texts: Path
) -> None:
    (texts / "folder.txt").mkdir()
    code, out, err = run(capsys, *COMMAND, "--texts", str(texts))
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_a_folder_that_is_not_there_is_a_problem(capsys: Capture, tmp_path: Path) -> None:
    folder = tmp_path / "no-texts"
    expected = "a folder with the texts of the sources"
    assert run(capsys, *COMMAND, "--texts", str(folder)) == (
        2, "", f"{folder}: expected {expected}\n",
    )  # fmt: skip


def test_a_text_that_is_missing_is_named_by_its_source(capsys: Capture, texts: Path) -> None:
    (texts / NAME).unlink()
    code, out, err = run(capsys, *COMMAND, "--texts", str(texts))
    assert (code, out) == (2, "")
    assert err.startswith("source `leaflet`: expected a text file with the SHA-256 ")


def test_the_schema_of_the_table_is_printed(capsys: Capture) -> None:
    code, out, err = run(capsys, "schema", "accountability")
    assert (code, json.loads(out), err) == (0, schema_of("accountability"), "")
