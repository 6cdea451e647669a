"""The command line on a terminal, in a pipe and as a program."""

from __future__ import annotations

import errno
import gc
import io
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from msrisk import api, cli
from msrisk.documents import profile_from_json, schema_of
from msrisk.rendering import to_text

from .cli_runs import (
    COMMANDS,
    ORDINARY,
    ROOT,
    Capture,
    Patch,
    on_terminal,
    run,
)

# --- The terminal ---


def test_a_terminal_gets_colours_and_its_own_width(monkeypatch: Patch) -> None:
    report = api.assess(profile_from_json(Path(ORDINARY).read_bytes()))
    out = on_terminal(monkeypatch, "assess", ORDINARY)
    assert out == to_text(report, width=60, colour=True)
    assert "\x1b[" in out


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colours_gets_none(
    monkeypatch: Patch, variables: dict[str, str]
) -> None:
    out = on_terminal(monkeypatch, "assess", ORDINARY, **variables)
    assert "\x1b[" not in out


@pytest.mark.parametrize(
    ("columns", "width"), [("40", 40), ("120", 120), ("", 80), ("0", 80), ("wide", 80), ("-5", 80)]
)
def test_elsewhere_there_are_no_colours_and_the_width_is_that_of_columns_or_eighty(
    capsys: Capture, monkeypatch: Patch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    report = api.assess(profile_from_json(Path(ORDINARY).read_bytes()))
    assert run(capsys, "assess", ORDINARY)[1] == to_text(report, width=width, colour=False)


def test_the_list_of_rules_fits_a_wide_terminal(monkeypatch: Patch) -> None:
    out = on_terminal(monkeypatch, "rules", "list", COLUMNS="200")
    assert max(map(len, out.splitlines())) <= 200


class Output(io.TextIOWrapper):
    """Standard output of some encoding, as the system would open it."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="ascii", errors="strict")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def written(self) -> bytes:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


def test_a_file_gets_the_same_bytes_whatever_the_locale(monkeypatch: Patch) -> None:
    output = Output(terminal=False)
    monkeypatch.setattr(sys, "stdout", output)
    assert cli.main(["recognise", "medication", "foozumab"]) == 0
    assert output.written().startswith("“foozumab” as a medication".encode())


def test_a_terminal_that_cannot_show_a_character_gets_a_plain_one_or_its_number(
    monkeypatch: Patch,
) -> None:
    output = Output(terminal=True)
    monkeypatch.setattr(sys, "stdout", output)
    assert cli.main(["recognise", "medication", "foozumáb"]) == 0
    assert output.written().startswith(rb'"foozum\xe1b" as a medication')


def test_an_encoding_that_is_set_is_obeyed(monkeypatch: Patch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii:strict")
    output = Output(terminal=False)
    monkeypatch.setattr(sys, "stdout", output)
    assert cli.main(["recognise", "medication", "foozumáb"]) == 0
    assert output.written().startswith(rb'"foozum\xe1b" as a medication')


def test_an_encoding_that_is_set_breaks_no_format(monkeypatch: Patch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    intake = tmp_path / "intake.json"
    intake.write_text(json.dumps({"supplements": ["foo “☃” 𝄞"]}), "utf-8")
    said = {}
    for format_ in ("json", "html"):
        output = Output(terminal=False)
        monkeypatch.setattr(sys, "stdout", output)
        assert cli.main(["assess", str(intake), "--format", format_]) == 0
        said[format_] = output.written().decode("ascii")
    assert json.loads(said["json"])["unrecognised"][0]["text"] == "foo “☃” 𝄞"
    assert "foo &#8220;&#9731;&#8221; &#119070;" in said["html"]


def test_only_what_cannot_be_encoded_is_put_in_other_signs() -> None:
    for name in ("msrisk.plain", "msrisk.json"):
        with pytest.raises(UnicodeDecodeError):
            b"\xff".decode("ascii", name)


def test_a_reader_that_stops_early_ends_the_program_quietly(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as file:

        class Closed(io.StringIO):
            def write(self, _: str) -> int:
                raise BrokenPipeError

            def fileno(self) -> int:
                return file.fileno()

        monkeypatch.setattr(sys, "stdout", Closed())
        assert cli.main(["schema", "intake"]) == 141
    assert capsys.readouterr().err == ""


# --- The program ---


def test_an_answer_that_cannot_be_written_is_a_problem(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as file:

        class Full(io.StringIO):
            def write(self, _: str) -> int:
                raise OSError(errno.ENOSPC, "full")

            def fileno(self) -> int:
                return file.fileno()

        monkeypatch.setattr(sys, "stdout", Full())
        assert cli.main(["schema", "intake"]) == 2
    expected = "standard output: expected a place that takes the whole answer\n"
    assert capsys.readouterr().err == expected


def test_every_command_has_help_with_an_example_and_none_speaks_of_safety(
    capsys: Capture,
) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as caught:
            cli.main([*command, "--help"])
        out = capsys.readouterr().out
        assert caught.value.code == 0
        assert "example: msrisk " in out
        assert not re.search(r"\bsafe|\bno risk|all.clear", out, re.IGNORECASE)


def test_python_m_msrisk_is_the_same_program(capsys: Capture) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "msrisk", "assess", "-", "--format", "json"],
        check=False, input=Path(ORDINARY).read_bytes(), capture_output=True, timeout=60, cwd=ROOT,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode() == run(capsys, "assess", ORDINARY, "--format", "json")[1]


def test_the_arguments_of_the_process_are_read_when_none_are_given(
    capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(sys, "argv", ["msrisk", "schema", "intake"])
    assert cli.main() == 0
    assert json.loads(capsys.readouterr().out) == schema_of("intake")


def test_the_module_run_as_a_program_ends_with_the_exit_code(
    capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(sys, "argv", ["msrisk", "rules", "show", "ala-nothing"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("msrisk", run_name="__main__")
    gc.unfreeze()  # this process goes on
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("nothing in the rules is called `ala-noth")
