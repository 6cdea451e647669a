"""The guide for those who change msrisk names what there is: targets of make, and programs."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess

import pytest

from .test_examples import ROOT, targets

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_every_target_of_make_is_explained() -> None:
    assert set(re.findall(r"`make ([\w-]+)`", GUIDE)) | {"setup"} == targets()


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m ([\w.]+)", GUIDE))))
def test_every_program_that_the_guide_names_can_be_run(module: str) -> None:
    assert importlib.util.find_spec(module)


def test_one_target_of_make_runs_the_linters_the_types_and_all_tests() -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    told = subprocess.run(
        ["make", "--dry-run", "test-all"],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for wanted in ("ruff format --check .", "ruff check .", "/mypy", '-m "not slow" --cov'):
        assert wanted in told
    assert "-m slow" in told
    assert re.search(r"^make test-all$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)


def test_the_guide_says_how_to_add_each_of_six_things() -> None:
    assert re.findall(r"^## Add a (.*)$", GUIDE, re.MULTILINE) == [
        "kind of test",
        "rule",
        "medicine",
        "rendering",
        "language of names",
        "check",
    ]
