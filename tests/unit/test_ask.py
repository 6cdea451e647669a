"""`msrisk ask`, with answers from a pipe."""

from __future__ import annotations

import errno
import io
import json
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from msrisk import cli
from msrisk.cli import ask as module
from msrisk.documents import profile_from_json
from msrisk.model.profile import Entries, Entry, PatientProfile, Supplement

from .cli_runs import NEARLY_ALL, NEARLY_EMPTY, Capture, Patch, run, typed

ALA = ["no", "no", "alpha lipoic acid", "that's all"]


def start(folder: Path, **given: object) -> str:
    """Return the path of an intake document."""
    path = folder / "start.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    return str(path)


def told(
    capsys: Capture, monkeypatch: Patch, lines: Sequence[str], *arguments: str, code: int = 0
) -> str:
    """Return what is printed when these lines are the answers."""
    typed(monkeypatch, "".join(f"{line}\n" for line in lines).encode())
    got, out, err = run(capsys, "ask", *arguments)
    assert (got, err) == (code, "")
    return out


def saved(capsys: Capture, monkeypatch: Patch, lines: Sequence[str], path: Path) -> PatientProfile:
    """Return the profile that is saved when these lines are the answers."""
    told(capsys, monkeypatch, lines, "--save", str(path))
    return profile_from_json(path.read_bytes())


def test_the_emergency_is_the_first_thing_said(capsys: Capture, monkeypatch: Patch) -> None:
    out = told(capsys, monkeypatch, [])
    assert out.startswith("Do you now have difficulty breathing? If yes, call the emergency number")
    assert "The answers end here." in out
    assert "A missing warning clears nothing" in out


def test_a_yes_to_it_says_what_to_do_and_stops(capsys: Capture, monkeypatch: Patch) -> None:
    out = told(capsys, monkeypatch, ["yes", "alpha lipoic acid"])
    at_once = out.split(" > yes\n")[1]
    assert at_once.startswith("CALL THE EMERGENCY NUMBER NOW (112, 911, 999).\n")
    assert "start again with: msrisk ask" in at_once
    assert "Which supplements do you take" not in out


def test_hives_of_who_takes_it_are_urgent_without_the_number(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    denied = ["difficulty-breathing", "face-or-throat-swelling", "fainting"]
    taken = [{"name": "alpha lipoic acid", "taking": True}]
    path = start(tmp_path, supplements=taken, denied=denied)
    out = told(capsys, monkeypatch, ["yes"], "--load", path)
    assert "notice it now: hives?" in " ".join(out.split())
    assert "GET MEDICAL HELP NOW.\n" in out
    assert "CALL THE EMERGENCY NUMBER NOW" not in out


def test_trouble_breathing_that_is_told_in_a_list_stops_too(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    known = NEARLY_ALL | {"symptoms": None, "medications": "none", "age_years": 40, "weight_kg": 70}
    path = start(tmp_path, **known, denied=["fainting"])
    out = told(capsys, monkeypatch, ["skip", "skip", "I cannot breathe", "nausea"], "--load", path)
    assert "understood as: passed over; it stays open, and is not a no" in out
    assert "CALL THE EMERGENCY NUMBER NOW" in out
    assert "more names" not in out
    assert "> nausea" not in out


def test_what_each_answer_was_understood_as_is_shown(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    lines = ["no", "no", "alpha lipoic acid 900 mg twice a day", "that’s all"]
    out = told(capsys, monkeypatch, lines)
    assert "understood as: alpha lipoic acid, 1800 mg a day, 2 doses a day\n" in out
    assert "the list: that is all" in out
    lines = [
        "Synthroid 50 mcg; foozumab; ibuprofen",
        "no medicines",
        "There is more.",
        "don't know",
    ]
    path = start(tmp_path, **NEARLY_ALL, age_years=40, weight_kg=70)
    out = told(capsys, monkeypatch, lines, "--load", path)
    out = " ".join(out.split())
    assert "understood as: levothyroxine (" in out
    assert "thyroid medication" in out
    assert "understood as: nothing for certain (not understood: “foozumab”)" in out
    assert "understood as: that there is no medication" in out
    assert "the list: there may be more" in out
    assert "What is “foozumab”?" in out
    assert "still open: could be " in out


def test_a_name_is_taken_for_a_suggestion_only_when_its_number_is_typed(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    lines = ["no", "no", "glutathion precursr", "all", "7", "1"]
    out = told(capsys, monkeypatch, lines, "--save", str(tmp_path / "a.json"))
    assert "  1 glutathione precursor" in out
    assert "expected " in out
    assert "in place of “glutathion precursr”:" in out
    profile = profile_from_json((tmp_path / "a.json").read_bytes())
    assert profile.supplements == Entries((Supplement("glutathione precursor"),), complete=True)
    lines = ["no", "no", "fooo", "all", "food powder", ""]
    profile = saved(capsys, monkeypatch, lines, tmp_path / "c.json")
    assert profile.supplements == Entries((Supplement("food powder"),), complete=True)
    profile = saved(capsys, monkeypatch, ["no", "no", "foopowder", "all", ""], tmp_path / "b.json")
    assert profile.supplements == Entries((Supplement("foopowder"),), complete=True)


def test_none_and_not_known_are_taken_everywhere(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    every = ["don't know"] * 40
    profile = saved(
        capsys, monkeypatch, ["none", "none", "NAC", "none", *every], tmp_path / "a.json"
    )
    assert profile.asked_unknown >= {"medications", "replacing_ms_treatment"}
    assert profile.denied == ("difficulty-breathing", "face-or-throat-swelling")
    out = told(capsys, monkeypatch, ["no", "no", "none"])
    assert "understood as: none" in out


def test_a_form_without_more_questions_says_that_what_is_open_stays_open(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    path = tmp_path / "full.json"
    lines = [*ALA, *["no"] * 40]
    out = told(capsys, monkeypatch, lines, "--save", str(path))
    # A number takes no "no": the form waits there.
    assert "expected a number of milligrams in one day" in out
    lines = [*ALA, *["don't know"] * 60]
    out = told(capsys, monkeypatch, lines)
    assert "still open: could be URGENT; no question is left" in out
    assert "There is no more to ask. What was passed over or is not known stays open." in out


def test_numbers_are_read_with_their_units(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    path = start(tmp_path, **NEARLY_ALL, medications="none")
    lines = ["old", "400", "66-67 years", "1,200", "70.5 kg"]
    out = told(capsys, monkeypatch, lines, "--load", path, "--save", path)
    profile = profile_from_json(Path(path).read_bytes())
    assert (profile.age_years, profile.weight_kg) == ((66, 67), 70.5)
    assert "understood as: 66 to 67 years" in out
    assert "understood as: 70.5 kg" in out
    assert "expected a number of years, such as 67, or 66 to 67; or “don't know”" in out
    assert "expected a number of years from 0 to 130" in out
    assert "expected a number of kilograms" in out


def test_going_back_asks_once_more(capsys: Capture, monkeypatch: Patch, tmp_path: Path) -> None:
    lines = ["back", "no", "back", "no", "no", "vitamin C", "back", "NAC", "all", "stop"]
    out = told(capsys, monkeypatch, lines, "--save", str(tmp_path / "a.json"))
    assert "there is no answer to take back" in out
    assert "taken back: the answer to “Do you now have difficulty breathing" in " ".join(
        out.split()
    )
    profile = profile_from_json((tmp_path / "a.json").read_bytes())
    assert profile.supplements == Entries((Supplement("NAC"),), complete=True)


def test_help_says_why_and_what_is_expected(capsys: Capture, monkeypatch: Patch) -> None:
    lines = ["?", "no", "no", "help", "NAC", "?", "perhaps; yes", "yes", "all"]
    out = told(capsys, monkeypatch, lines)
    assert "Asked because with a yes nothing else matters until you have had help." in out
    assert "Asked because the answer could bring URGENT." in out
    assert "Expected: “yes”, “no” or “don't know”." in out
    assert "expected names, separated by ;" in " ".join(out.split())


def test_a_wrong_answer_is_told_what_was_expected(capsys: Capture, monkeypatch: Patch) -> None:
    lines = ["perhaps", "no", "no", "yes", "a" * 10_001, "NAC", "b" * 10_001]
    out = told(capsys, monkeypatch, lines)
    assert "expected “yes”, “no” or “don't know”" in out
    assert "expected at most 10000 characters" in out


def test_stop_ends_the_questions_also_inside_a_list(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    assert "Stopped. What is open" in told(capsys, monkeypatch, ["stop"])
    profile = saved(capsys, monkeypatch, ["no", "no", "NAC", "stop"], tmp_path / "a.json")
    assert profile.supplements == Entries((Supplement("NAC"),), complete=False)


def test_names_that_were_typed_are_kept_when_the_answers_end(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    profile = saved(capsys, monkeypatch, ["no", "no", "NAC", "vitamin C"], tmp_path / "a.json")
    names = (Supplement("NAC"), Supplement("vitamin C"))
    assert profile.supplements == Entries(names, complete=False)


def test_what_was_saved_can_be_gone_on_with(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    path = tmp_path / "my answers.json"
    out = told(capsys, monkeypatch, ALA, "--save", str(path))
    assert f"msrisk ask --load '{path}'".replace(" ", "") in "".join(out.split())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    profile = profile_from_json(path.read_bytes())
    assert profile.supplements == Entries((Supplement("alpha lipoic acid"),), complete=True)
    told(capsys, monkeypatch, ["don't know"] * 60, "--load", str(path), "--save", str(path))
    assert "medications" in profile_from_json(path.read_bytes()).asked_unknown
    again = told(capsys, monkeypatch, [], "--load", str(path))
    assert "Which supplements do you take" not in again


def test_answers_that_cannot_be_saved_are_a_problem_before_anything_is_asked(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    typed(monkeypatch, b"no\n")
    for arguments, expected in [
        (["--save", NEARLY_EMPTY], "the name of a file that is not there yet"),
        (["--save", str(tmp_path / "no" / "a.json")], "a file in a folder that is there"),
        (["--save", str(tmp_path), "--load", NEARLY_EMPTY], "the name of a file that is not"),
        (["--load", "-"], "a file; standard input has the answers"),
        (["--load", str(tmp_path / "none.json")], "a readable file"),
        (["--rules", str(tmp_path)], "ruleset.toml"),
    ]:
        code, out, err = run(capsys, "ask", *arguments)
        assert (code, out) == (2, "")
        assert expected in err


def test_a_loaded_intake_that_cannot_be_assessed_is_refused(
    capsys: Capture, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"denied": ["foozumab"]}')
    code, out, err = run(capsys, "ask", "--load", str(path))
    assert (code, out) == (2, "")
    assert err.startswith(f"{path}: denied[0]: expected ")


def test_answers_that_turn_out_not_to_be_written_are_printed_and_refused(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(module, "_write", full)
    typed(monkeypatch, b"no\n")
    code, out, err = run(capsys, "ask", "--save", str(tmp_path / "a.json"))
    assert code == 2
    assert "A missing warning clears nothing" in out
    assert err.endswith("a.json: expected a file that can be written\n")


class Interrupted:
    """Standard input in which Ctrl-C is typed behind the given lines."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        if not self.lines:
            raise KeyboardInterrupt
        return f"{self.lines.pop(0)}\n"


def test_ctrl_c_saves_and_prints_what_is_known(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", Interrupted("no", "no", "NAC"))
    path = tmp_path / "a.json"
    code, out, err = run(capsys, "ask", "--save", str(path))
    assert (code, err) == (130, "")
    assert "Stopped. What is open stays open." in out
    assert "A missing warning clears nothing" in out
    profile = profile_from_json(path.read_bytes())
    assert profile.supplements == Entries((Supplement("NAC"),), complete=False)


def test_ctrl_c_while_the_rules_are_read_ends_quietly(capsys: Capture, monkeypatch: Patch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "ruleset_of", interrupted)
    assert run(capsys, "ask") == (130, "", "")


def test_without_standard_input_the_answers_have_ended(capsys: Capture, monkeypatch: Patch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    code, out, err = run(capsys, "ask")
    assert (code, err) == (0, "")
    assert "The answers end here." in out


def test_answers_are_saved_also_if_nobody_reads_the_questions_any_more(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as file:

        class Closing(io.StringIO):
            def write(self, text: str) -> int:
                if "supplements" in text:
                    raise BrokenPipeError
                return super().write(text)

            def flush(self) -> None:
                if self.getvalue().count("A missing warning"):
                    raise BrokenPipeError

            def fileno(self) -> int:
                return file.fileno()

        monkeypatch.setattr(sys, "stdout", Closing())
        typed(monkeypatch, b"no\nno\nNAC\n")
        path = tmp_path / "a.json"
        assert cli.main(["ask", "--save", str(path)]) == 141
    assert profile_from_json(path.read_bytes()).denied is not None
    assert capsys.readouterr().err == ""


def test_without_standard_output_there_is_no_place_to_ask_on(
    capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["ask"]) == 2
    assert capsys.readouterr().err == "standard output: expected a place to ask on\n"


def test_without_the_extra_it_says_what_to_install(capsys: Capture, monkeypatch: Patch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    code, out, err = run(capsys, "ask")
    assert (code, out) == (2, "")
    assert err == "msrisk ask needs rich: pip install 'msrisk[cli]'\n"


def test_a_pipe_gets_plain_text_in_utf_8_whatever_the_locale(monkeypatch: Patch) -> None:
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "40", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    typed(monkeypatch, b"no\nno\n\xff\xfe; [red]NAC[/red] :smile:\n")
    assert cli.main(["ask"]) == 0
    out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    text = out.buffer.getvalue().decode("utf-8")
    assert "\x1b" not in text
    assert "\r" not in text
    assert "[red]NAC[/red] :smile:" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_control_character_in_an_answer_is_shown_and_not_obeyed(
    capsys: Capture, monkeypatch: Patch
) -> None:
    out = told(capsys, monkeypatch, ["no", "no", "NAC \x1b[2J"])
    assert "\x1b" not in out
    assert "expected visible characters only" in out


class OnTerminal(io.TextIOWrapper):
    """A terminal of some encoding."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_without_utf_8_gets_plain_quotes(monkeypatch: Patch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    out = OnTerminal(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    typed(monkeypatch, "no\nno\nfoopowder\nüü\n".encode())
    assert cli.main(["ask"]) == 0
    out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    text = out.buffer.getvalue().decode("ascii")
    assert '"foopowder")' in text
    assert "\\u201" not in text
    assert "\x1b" not in text
    asked = text.partition("The answers end")[0].splitlines()
    # What was typed is shown behind the prompt, as long as it is.
    assert max(len(line) for line in asked if " > " not in line) <= 40


def test_typed_answers_of_a_report_into_a_file_are_asked_for_on_standard_error(
    capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(sys, "stdin", OnTerminal(io.BytesIO(b"no\nno\n"), encoding="utf-8"))
    code, out, err = run(capsys, "ask")
    assert code == 0
    assert "Which supplements do you take" in err
    assert "Which supplements do you take" not in out
    assert "A missing warning clears nothing" in out


def test_the_profile_holds_what_was_typed(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    path = start(tmp_path, **NEARLY_ALL, age_years=40, weight_kg=70)
    out = told(capsys, monkeypatch, ["Synthroid 50 mcg", ""], "--load", path, "--save", path)
    assert "the list: there may be more" in out
    profile = profile_from_json(Path(path).read_bytes())
    assert profile.medications == Entries((Entry("Synthroid 50 mcg"),), complete=False)
    assert [one.name for one in tmp_path.iterdir()] == ["start.json"]
