"""The command line: what it prints where, and how it ends."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from msrisk import api, cli
from msrisk.cli import options
from msrisk.cli.accountability import ACCOUNTABILITY_FORMATS
from msrisk.cli.book import BOOK_FORMATS
from msrisk.documents import profile_from_json, schema_of
from msrisk.errors import Problem, RuleSetError
from msrisk.gate.git import NO_BASE
from msrisk.gate.signatures import FILE
from msrisk.model.results import Level
from msrisk.model.rules import Claim, Rule, RuleSet, Threshold, Withdrawal
from msrisk.rendering import to_html, to_json, to_markdown, to_text

from .bad_intakes import BAD_INTAKES, MARKER
from .cli_runs import (
    COMMANDS,
    EXAMPLES,
    NEARLY_EMPTY,
    ORDINARY,
    ROOT,
    Capture,
    Patch,
    on_terminal,
    run,
    typed,
)

# --- assess ---


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("name", "render"),
    [("text", to_text), ("json", to_json), ("markdown", to_markdown), ("html", to_html)],
)
def test_every_example_is_assessed_and_printed_in_every_format(
    capsys: Capture, example: Path, name: str, render: Any
) -> None:
    report = api.assess(profile_from_json(example.read_bytes()))
    assert run(capsys, "assess", str(example), "--format", name) == (0, render(report), "")


def test_text_is_the_format_when_none_is_named(capsys: Capture) -> None:
    _, out, _ = run(capsys, "assess", ORDINARY)
    assert out == run(capsys, "assess", ORDINARY, "--format", "text", "--from", "intake")[1]


def test_a_dash_reads_standard_input(capsys: Capture, monkeypatch: Patch) -> None:
    typed(monkeypatch, Path(ORDINARY).read_bytes())
    assert run(capsys, "assess", "-") == run(capsys, "assess", ORDINARY)


def test_standard_input_may_be_text_already(capsys: Capture, monkeypatch: Patch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(Path(ORDINARY).read_text("utf-8")))
    assert run(capsys, "assess", "-") == run(capsys, "assess", ORDINARY)


@pytest.mark.parametrize("level", Level)
def test_the_exit_code_tells_a_level_only_when_it_is_asked_for(
    capsys: Capture, level: Level
) -> None:
    report = api.assess(profile_from_json(Path(NEARLY_EMPTY).read_bytes()))
    code, out, err = run(capsys, "assess", NEARLY_EMPTY, "--exit-at", level.value)
    assert (code, out, err) == (int(report.could_reach(level)), to_text(report), "")
    assert run(capsys, "assess", NEARLY_EMPTY)[0] == 0


def test_the_level_to_exit_at_is_the_worst_case_not_the_level_so_far(capsys: Capture) -> None:
    report = api.assess(profile_from_json(Path(NEARLY_EMPTY).read_bytes()))
    assert not report.reaches(Level.URGENT)
    assert run(capsys, "assess", NEARLY_EMPTY, "--exit-at", "urgent")[0] == 1


def test_an_answer_below_the_level_to_exit_at_ends_with_0(
    capsys: Capture, monkeypatch: Patch
) -> None:
    report = api.assess(profile_from_json(Path(NEARLY_EMPTY).read_bytes()))
    quiet = evolve(report, level=Level.CAUTION, worst_case=Level.CAUTION)
    monkeypatch.setattr(api, "assess", lambda *_, **__: quiet)
    assert run(capsys, "assess", NEARLY_EMPTY, "--exit-at", "contraindicated")[0] == 0
    assert run(capsys, "assess", NEARLY_EMPTY, "--exit-at", "caution")[0] == 1


# --- What cannot be read ---


@pytest.mark.parametrize("name", BAD_INTAKES)
def test_a_malformed_intake_ends_with_2_and_each_problem_by_file_and_field(
    capsys: Capture, tmp_path: Path, name: str
) -> None:
    text, problems = BAD_INTAKES[name]
    file = tmp_path / "patient.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, out, err = run(capsys, "assess", str(file))
    assert (code, out) == (2, "")
    assert err == "".join(f"{file}: {problem}\n" for problem in problems)
    assert MARKER not in err


def test_a_name_that_cannot_be_denied_ends_with_2_and_is_named_by_file_and_place(
    capsys: Capture, monkeypatch: Patch
) -> None:
    typed(monkeypatch, b'{"denied": ["asthma", "no diabetes", "ALA"]}')
    code, out, err = run(capsys, "assess", "-")
    assert (code, out) == (2, "")
    assert [line.partition(": expected ")[0] for line in err.splitlines()] == [
        "standard input: denied[1]",
        "standard input: denied[2]",
    ]


def test_a_malformed_intake_is_refused_without_loading_the_shipped_rules(
    capsys: Capture, monkeypatch: Patch
) -> None:
    def load() -> RuleSet:
        raise AssertionError

    monkeypatch.setattr(RuleSet, "default", load)
    typed(monkeypatch, b"{")
    assert run(capsys, "assess", "-")[0] == 2


def test_standard_input_is_named_as_such(capsys: Capture, monkeypatch: Patch) -> None:
    typed(monkeypatch, b'{"age_years": -1}')
    code, out, err = run(capsys, "assess", "-")
    assert (code, out) == (2, "")
    assert err.startswith("standard input: age_years: expected a number of years")


def test_an_intake_that_never_ends_is_refused() -> None:
    # Not a clock: an unread endless input would hold the program for ever.
    read, write = os.pipe()
    stopped = threading.Event()

    def feed() -> None:
        try:
            while not stopped.is_set():
                os.write(write, b" " * 65536)
        except BrokenPipeError:
            pass
        finally:
            os.close(write)

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "msrisk", "assess", "-"],
            check=False, stdin=read, capture_output=True, text=True, timeout=60, cwd=ROOT,
        )  # fmt: skip
    finally:
        stopped.set()
        os.close(read)
        feeder.join()
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "standard input: document: expected at most 16 megabytes, got more\n"


def test_a_file_that_is_not_there_is_a_problem(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "no.json"
    assert run(capsys, "assess", str(file)) == (
        2, "", f"{file}: expected a readable file, got no file of this name\n",
    )  # fmt: skip


def test_a_folder_is_a_problem(capsys: Capture, tmp_path: Path) -> None:
    assert run(capsys, "assess", str(tmp_path)) == (
        2, "", f"{tmp_path}: expected a readable file, got a folder\n",
    )  # fmt: skip


@pytest.mark.parametrize("error", [PermissionError(), OSError(errno.EIO, "no"), ValueError()])
def test_a_file_that_cannot_be_read_is_a_problem(
    capsys: Capture, monkeypatch: Patch, error: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    code, out, err = run(capsys, "assess", "a.json")
    monkeypatch.undo()
    assert (code, out) == (2, "")
    expected = "a readable file, got one that the system does not let msrisk read"
    assert err == f"a.json: expected {expected}\n"


def test_without_standard_input_that_is_a_problem(capsys: Capture, monkeypatch: Patch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    code, out, err = run(capsys, "assess", "-")
    assert (code, out) == (2, "")
    assert err.startswith("standard input: expected a readable file")


def test_a_file_name_that_a_terminal_would_obey_is_shown_harmless(capsys: Capture) -> None:
    _, _, err = run(capsys, "assess", "\x1b[31mno\u202e.json")
    assert err.startswith("\ufffd[31mno\\u202e.json: expected a readable file")


def test_rules_that_do_not_load_are_a_problem(capsys: Capture, tmp_path: Path) -> None:
    for command in (["assess", ORDINARY], ["recognise", "symptom", "rash"], ["rules", "list"]):
        code, out, err = run(capsys, *command, "--rules", str(tmp_path / "no-rules"))
        assert (code, out) == (2, "")
        assert ": expected " in err


def test_problems_of_the_intake_and_of_the_rules_are_named_together(
    capsys: Capture, monkeypatch: Patch
) -> None:
    def load(_: object) -> RuleSet:
        raise RuleSetError([Problem("a.toml: rule `b`", "c")])

    monkeypatch.setattr(RuleSet, "load", load)
    typed(monkeypatch, b"[]")
    code, out, err = run(capsys, "assess", "-", "--rules", "elsewhere")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "standard input: document: expected an object, in braces, got a list",
        "a.toml: rule `b`: expected c",
    ]


def test_a_withdrawn_rule_set_does_not_answer(capsys: Capture, monkeypatch: Patch) -> None:
    rules = evolve(RuleSet.default(), withdrawn=Withdrawal("2026-01-01", "a wrong rule"))
    monkeypatch.setattr(RuleSet, "default", lambda: rules)
    code, out, err = run(capsys, "assess", ORDINARY)
    assert (code, out) == (2, "")
    assert "2026-01-01" in err
    assert "a wrong rule" in err


def test_without_standard_error_nothing_is_printed_on_standard_output_instead(
    capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    code = cli.main(["assess", "no such file"])
    monkeypatch.undo()
    assert (code, capsys.readouterr().out) == (2, "")


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["rules"], ["assess"], ["assess", "a", "--format", "pdf"],
        ["assess", "a", "--form", "json"], ["assess", "a", "--exit-at", "safe"],
        ["assess", "a", "--from", "fhir-stu3"], ["recognise"],
        ["recognise", "medication", "x", "--code", "A10BA02"],
        ["recognise", "medication", "x", "--code", "nowhere=A10BA02"],
        ["recognise", "medication", "x", "--code", "atc= "],
        ["schema", "rules"], ["rules", "show"], ["ask-me"],
    ],
)  # fmt: skip
def test_a_command_that_is_written_wrongly_ends_with_2(
    capsys: Capture, arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert err.startswith("usage: msrisk")


def test_a_word_in_place_of_a_kind_is_not_repeated(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        cli.main(["recognise", MARKER, "5 mg"])
    err = capsys.readouterr().err
    assert "expected one of medication, condition, allergy, symptom, supplement" in err
    assert MARKER not in err


# --- schema, rules ---


def test_the_schemas_are_printed(capsys: Capture) -> None:
    for name, schema in (("intake", schema_of("intake")), ("report", schema_of("report"))):
        code, out, err = run(capsys, "schema", name)
        assert (code, json.loads(out), err) == (0, schema, "")


def test_the_list_of_rules_has_a_line_for_each_rule_claim_and_threshold(capsys: Capture) -> None:
    rules = RuleSet.default()
    code, out, err = run(capsys, "rules", "list")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    rows = [line.split() for line in lines if re.match("  [^ ]", line)]
    ids = [part.id for group in (rules.rules, rules.claims, rules.thresholds) for part in group]
    assert sorted(row[0] for row in rows) == sorted(ids)
    levels = dict(rows)
    assert levels["ala-thyroid-medication"] == "caution"
    assert levels["scope-two-texts"] == "scope"
    assert levels["older-adult-years"] == "threshold"
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert headings == [
        "alpha-lipoic-acid", "every supplement", "glutathione-precursor", "n-acetylcysteine",
        "alpha-lipoic-acid, glutathione-precursor", "numbers",
    ]  # fmt: skip
    at = lines.index("numbers")
    assert lines[at + 2].startswith("    1200 mg a day: ")


def test_where_there_is_room_the_words_stand_beside_the_id(monkeypatch: Patch) -> None:
    lines = on_terminal(monkeypatch, "rules", "list", COLUMNS="140").splitlines()
    assert max(map(len, lines)) <= 140
    row = next(line for line in lines if line.startswith("  older-adult-years "))
    assert "threshold        65 years: " in row


def test_the_list_of_rules_without_any_is_empty(capsys: Capture, monkeypatch: Patch) -> None:
    none = evolve(RuleSet.default(), rules=(), claims=(), thresholds=())
    monkeypatch.setattr(RuleSet, "default", lambda: none)
    assert run(capsys, "rules", "list") == (0, "numbers\n", "")


@pytest.mark.slow
def test_every_rule_claim_and_threshold_can_be_shown_in_full(capsys: Capture) -> None:
    rules = RuleSet.default()
    parts: tuple[Rule | Claim | Threshold, ...] = (
        *rules.rules, *rules.claims, *rules.thresholds,
    )  # fmt: skip
    for part in parts:
        code, out, err = run(capsys, "rules", "show", part.id)
        assert (code, err) == (0, "")
        assert out.startswith(f"{part.id}\n  kind ")
        whole = re.sub(r"\s+", " ", out)
        for words in ("message", "action", "question", "argument", "reason"):
            assert re.sub(r"\s+", " ", getattr(part, words, "")) in whole


@pytest.mark.parametrize(
    ("id_", "meant"), [("ala-older", " (did you mean `ala-older-adult`?)"), ("zzz", "")]
)
def test_an_id_that_is_not_there_is_a_problem(id_: str, meant: str, capsys: Capture) -> None:
    said = f"nothing in the rules is called `{id_}`{meant}"
    assert run(capsys, "rules", "show", id_) == (
        2, "", f"{said}: expected an id, or a name or word of the vocabulary\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("id_", "file"),
    [
        ("ala-older-adult", "substances/alpha-lipoic-acid.toml"),
        ("glutathione-claim-no-risk", "substances/glutathione-precursor.toml"),
        ("older-adult-years", "ruleset.toml"),
    ],
)
def test_what_is_shown_names_the_file_in_which_it_stands(
    id_: str, file: str, capsys: Capture, root: Path
) -> None:
    for named in ([], ["--rules", str(root / "rules")]):
        out = run(capsys, "rules", "show", id_, *named)[1]
        place = re.search(r"\n  file +(\S+):(\d+)\n$", out)
        assert place is not None
        assert place[1] == file
        lines = (root / "rules" / file).read_text("utf-8").splitlines()
        assert f'id = "{id_}"' in lines[int(place[2])]


def test_what_is_shown_tells_how_many_medicines_each_class_has(capsys: Capture) -> None:
    out = re.sub(r"\s+", " ", run(capsys, "rules", "show", "ala-thyroid-medication")[1])
    found = re.search(
        r"class thyroid medication: (\d+) medicines; msrisk rules book lists them", out
    )
    assert found is not None
    # A class counts what is counted into the classes below it.
    below = re.sub(
        r"\s+", " ", run(capsys, "rules", "show", "ala-medication-may-shift-blood-sugar")[1]
    )
    more = re.search(r"class medication that affects blood sugar: (\d+) medicines;", below)
    assert more is not None
    assert int(more[1]) > int(found[1]) > 20
    assert " class " not in run(capsys, "rules", "show", "ala-older-adult")[1]


@pytest.mark.parametrize("command", [*COMMANDS[5:], ["recognise"], ["assess"]])
def test_the_help_of_what_reads_rules_names_the_exit_codes(
    command: list[str], capsys: Capture
) -> None:
    with pytest.raises(SystemExit):
        cli.main([*command, "--help"])
    codes = capsys.readouterr().out.partition("exit code: 0 ")[2]
    assert " 2 " in codes


def test_the_options_of_the_commands_are_what_the_commands_take() -> None:
    assert options.NO_BASE == NO_BASE
    assert options.SIGNATURES == FILE
    assert set(options.BOOK_FORMATS) == set(BOOK_FORMATS)
    assert set(options.ACCOUNTABILITY_FORMATS) == set(ACCOUNTABILITY_FORMATS)
