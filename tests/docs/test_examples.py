"""Every example in the README and the documents is run, and prints what is shown."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from msrisk import cli
from tests.unit.cli_runs import typed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("rules/*.md")])
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, *languages: str) -> list[str]:
    return [body for name, body in BLOCK.findall(page.read_text("utf-8")) if name in languages]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_python_of_a_page_prints_what_the_page_shows(page: Path) -> None:
    source = "\n".join(blocks(page, "python", "pycon"))
    test = doctest.DocTestParser().get_doctest(source, {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    assert runner.run(test).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_python_block_of_a_page_is_a_session_that_can_be_run(page: Path) -> None:
    for body in blocks(page, "python", "pycon"):
        assert body.startswith(">>> "), body


def sessions(page: Path) -> list[tuple[str, str]]:
    found = []
    for body in blocks(page, "console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def targets() -> set[str]:
    """Return what make can be asked for."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    return set(phony[1].split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_print_what_the_page_shows(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    printed: dict[str, str] = {}
    for command, output in sessions(page):
        name, *arguments = shlex.split(command)
        if "<" in arguments:
            *arguments, _, answers = arguments
            typed(monkeypatch, (ROOT / answers).read_bytes())
        name = name.removeprefix(".venv/bin/")
        if name == "make":  # CI runs them
            assert set(arguments) <= targets()
            continue
        if name == "python":
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            continue
        assert name == "msrisk", command
        if command not in printed:
            code = cli.main(arguments)
            printed[command], err = capsys.readouterr()
            assert code == 0, err
        if output.strip():
            checker = doctest.OutputChecker()
            assert checker.check_output(output, printed[command], FLAGS), printed[command]
