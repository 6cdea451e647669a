"""`msrisk rules book`, `rules digest`, and the worked patients of `rules show`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from msrisk.api import shipped_rules
from msrisk.loading import load_cases
from msrisk.model.rules import RuleSet

from .book_checks import markdown, page
from .cli_runs import Capture, run
from .rendering_checks import one_line
from .rule_files import SMALL_RULES

RULES = RuleSet.default()
CASES = load_cases(shipped_rules())
CASE = """
[[case]]
id = "an-odd-one"
says = "A man of 50."
rule = "{rule}"
outcome = "finding"
level = "caution"
worst_case = "caution"
findings = []
open_questions = []
[case.intake]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL_RULES, tmp_path / "small"))


def test_the_book_is_printed_in_both_formats(capsys: Capture) -> None:
    assert run(capsys, "rules", "book") == (0, markdown(RULES, CASES), "")
    assert run(capsys, "rules", "book", "--format", "markdown") == (0, markdown(RULES, CASES), "")
    assert run(capsys, "rules", "book", "--format", "html") == (0, page(RULES, CASES), "")


def test_the_book_of_another_folder_has_its_own_rules_and_patients(
    capsys: Capture, small: Path
) -> None:
    rule = RuleSet.load(small).rules[0].id
    (small / "cases").mkdir()
    (small / "cases" / "one.toml").write_text(CASE.format(rule=rule), "utf-8")
    code, out, err = run(capsys, "rules", "book", "--rules", str(small))
    assert (code, err) == (0, "")
    assert out == markdown(RuleSet.load(small), load_cases(small))
    assert "A man of 50." in out


@pytest.mark.parametrize("command", [["book"], ["show", "scope-two-texts"]])
def test_a_worked_patient_of_no_rule_ends_with_2(
    capsys: Capture, small: Path, command: list[str]
) -> None:
    (small / "cases").mkdir()
    (small / "cases" / "one.toml").write_text(CASE.format(rule="nothing"), "utf-8")
    assert run(capsys, "rules", *command, "--rules", str(small)) == (
        2, "", "cases: case `an-odd-one`: rule: expected the id of a rule\n",
    )  # fmt: skip


def test_the_digest_is_one_line_of_version_and_digest(capsys: Capture, small: Path) -> None:
    line = f"{RULES.version} {RULES.digest}\n"
    assert run(capsys, "rules", "digest") == (0, line, "")
    other = RuleSet.load(small)
    line = f"{other.version} {other.digest}\n"
    assert run(capsys, "rules", "digest", "--rules", str(small)) == (0, line, "")


def test_a_rule_is_shown_with_its_worked_patients(capsys: Capture) -> None:
    code, out, err = run(capsys, "rules", "show", "ala-diabetes")
    assert (code, err) == (0, "")
    said = one_line(out)
    own = [case for case in CASES if case.rule == "ala-diabetes"]
    assert len(own) >= 3
    for case in own:
        assert f"worked patient {case.id}: {case.says} The rule " in said
    assert out.count("worked patient") == len(own)
    assert "The rule does not apply; report: INFORM." in said
    assert "The rule is asked about; report: UNDETERMINED, could be CAUTION." in said
