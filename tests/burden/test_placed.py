"""Nothing can be taken out of a report from its place without being found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import msrisk

from .placed import unkeyed, unplaced
from .problems import plain

# Two substances, with open questions, silences, evidence and a rule against a claim of each kind.
REPORT = msrisk.assess(
    msrisk.PatientProfile(
        supplements=[
            msrisk.Supplement("alpha lipoic acid 600 mg", taking=True),
            msrisk.Supplement("NAC 600 mg", taking=False),
        ],
        medications=msrisk.Entries(["Synthroid 75 mcg", "ocrelizumab"], complete=False),
        conditions=["type 2 diabetes", "pregnant"],
        age_years=67,
    )
)
DOCUMENT: dict[str, Any] = REPORT.to_dict()
TOLD = " ".join(REPORT.render("text", "full").split())
BODY = TOLD.index("Full report: ")
ASKED = TOLD.index("To be asked, and what the answer could bring")
CLAIMS = TOLD.index("Claims disputed by")


def places() -> Iterator[tuple[int, int]]:
    """Yield where each bracket with passages stands, screen and headings of claims excepted."""
    for found in re.finditer(r"\[[A-Z]\d*[^\]]*\]", TOLD):
        if found.start() > BODY and (found.start() < CLAIMS or TOLD[found.start() - 2] in ".?!"):
            yield found.span()


def without(begin: int, end: int) -> str:
    return f"{TOLD[:begin]}{TOLD[end:]}"


def test_a_report_that_holds_everything_has_no_problems() -> None:
    assert unplaced(TOLD, DOCUMENT) == []


@pytest.mark.parametrize("place", [*places()])
def test_passages_that_are_taken_from_behind_a_statement_are_missed(
    place: tuple[int, int],
) -> None:
    assert unplaced(without(*place), DOCUMENT) != []


@pytest.mark.parametrize("kind", ["findings", "silences", "caveats", "claims"])
def test_each_statement_whose_words_are_taken_out_is_missed(kind: str) -> None:
    those = [one for of in DOCUMENT["assessments"] for one in of[kind]]
    assert those
    for one in those:
        assert unplaced(TOLD.replace(one["message"], ""), DOCUMENT) != []


def test_an_open_rule_that_stands_under_another_level_or_nowhere_is_missed() -> None:
    levels = [*re.finditer(r"(URGENT|CAUTION|UNDETERMINED|INFORM): [^\[]+\[", TOLD[ASKED:])]
    assert len(levels) > 5
    for one in levels:
        begin, end = ASKED + one.start(), ASKED + one.end()
        assert unplaced(without(begin, end - 1), DOCUMENT) != []
        assert unplaced(f"{TOLD[:begin]}NO FINDING{TOLD[begin + len(one[1]) :]}", DOCUMENT) != []


def test_a_rule_against_a_claim_that_its_heading_does_not_name_is_missed() -> None:
    headings = [*re.finditer(r"Claims (?:disputed|limited) by ([^:]+):", TOLD)]
    assert len(headings) > 4
    for one in headings:
        for title in re.split(r"(?: \[[^\]]*\])?(?:; |, and limited by )", one[1]):
            taken = one[0].replace(title, "", 1)
            told = f"{TOLD[: one.start()]}{taken}{TOLD[one.end() :]}"
            assert unplaced(told, DOCUMENT) != [], title


def test_an_id_that_is_left_out_is_missed() -> None:
    for format_ in ("markdown", "html", "json"):
        said = plain(REPORT.render(format_, "full"), format_)
        assert unkeyed(said, DOCUMENT) == []
        assert unkeyed(said.replace("ala-diabetes", "diabetes"), DOCUMENT) == ["ala-diabetes"]
