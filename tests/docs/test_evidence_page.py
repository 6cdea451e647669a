"""The list of evidence in the documents is the one of the rules."""

from __future__ import annotations

from pathlib import Path

from msrisk.accountability.evidence import evidence_page
from msrisk.model.rules import RuleSet
from tests.unit.cli_runs import Capture, run
from tests.unit.rule_files import edited

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"


def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text("utf-8") == evidence_page(RuleSet.default()), (
        "write it anew with: msrisk rules evidence > docs/evidence.md"
    )


def test_the_page_says_what_was_searched_and_what_is_missing() -> None:
    page = evidence_page(RuleSet.default())
    assert "nell1-case-series" in page.partition("## References to be completed")[2]
    assert "SPAQI" in page.partition("## Found and not used")[2]


def test_the_command_writes_the_page_of_the_rules_that_are_named(
    capsys: Capture, tmp_path: Path
) -> None:
    assert run(capsys, "rules", "evidence") == (0, PAGE.read_text("utf-8"), "")
    root = edited(tmp_path, evidence=True)
    code, out, err = run(capsys, "rules", "evidence", "--rules", str(root))
    assert (code, out, err) == (0, evidence_page(RuleSet.load(root)), "")
    assert "In a made-up trial people on sunroot napped more often." in out


def test_a_correction_and_a_frequency_are_told(tmp_path: Path) -> None:
    page = evidence_page(RuleSet.load(edited(tmp_path, evidence=True)))
    assert "retraction: corrected: the second table" in page
    assert "Frequency: 1 in 20." in page
    assert "- a second trial: nobody wrote one." in page
