"""What a diff says of evidence, its references, and the words that it brings."""

from __future__ import annotations

from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.analysis import Verdict, compare
from msrisk.diff.changes import About, Change
from msrisk.model import conditions as c
from msrisk.model.evidence import (
    Checked,
    Figures,
    Grade,
    Item,
    Part,
    Reference,
    Retraction,
)
from msrisk.model.rules import Basis, RuleSet
from msrisk.model.sources import Citation
from msrisk.model.wording import Wording
from tests.unit.analysis_world import changed, made, rule, with_rules

RED = c.Takes("red-medicine")
CHECKED = Checked("2026-01-31", "a copy", Retraction.NONE_FOUND)
CORRECTED = Checked("2026-01-31", "a copy", Retraction.CORRECTED, "the second table")
TRIAL = Reference(
    "trial", Grade.TRIAL, "Somebody S", "1999", "Naps 1:1", Part.ABSTRACT, CHECKED, pmid="1"
)
ITEM = Item("e001", "They napped.", ("trial",), "high", "it says so", qualifies=("x",))
WORDING = Wording("x", message="A trial was found.")
WORLD = made(evidence=(ITEM,), references=(TRIAL,), wordings=(WORDING,))


def said(old: RuleSet, new: RuleSet) -> Change:
    """Return the one change of evidence between two rule sets."""
    (change,) = (one for one in compare(old, new).changes if one.about is About.EVIDENCE)
    return change


def without(key: str) -> RuleSet:
    return made(WORLD, **{key: ()})


def test_evidence_that_stays_as_it_is_is_no_change() -> None:
    assert compare(WORLD, made(WORLD)).changes == ()


@pytest.mark.parametrize(
    ("key", "id_", "says"),
    [("evidence", "e001", "the item is new"), ("references", "trial", "the reference is new")],
)
def test_new_evidence_takes_nothing_from_anybody_and_needs_no_signature(
    key: str, id_: str, says: str
) -> None:
    one = said(without(key), WORLD)
    assert (one.verdict, one.id, one.says) == (Verdict.EQUIVALENT, id_, (says,))
    assert not one.gated


def test_other_words_of_a_rule_are_signed_for_when_they_come() -> None:
    one = said(without("wordings"), WORLD)
    assert (one.verdict, one.id, one.gated) == (Verdict.REWORDS, "x", True)
    assert one.says == ("the wording beside this pack is new",)


@pytest.mark.parametrize(
    ("key", "id_", "what"),
    [
        ("evidence", "e001", "the item"),
        ("references", "trial", "the reference"),
        ("wordings", "x", "the wording beside this pack"),
    ],
)
def test_evidence_that_goes_is_signed_for(key: str, id_: str, what: str) -> None:
    one = said(WORLD, without(key))
    assert (one.verdict, one.id, one.gated) == (Verdict.REWORDS, id_, True)
    assert one.says == (f"{what} was removed, so that less stands beside what it bears on",)


@pytest.mark.parametrize(
    ("key", "entry", "edit", "gated"),
    [
        ("evidence", ITEM, {"statement": "They slept."}, True),
        ("evidence", ITEM, {"certainty": "moderate"}, True),
        ("evidence", ITEM, {"figures": Figures(frequency="1 in 20")}, True),
        ("evidence", ITEM, {"qualifies": (), "corroborates": ("x",)}, True),
        ("evidence", ITEM, {"why": "it is in the table"}, False),
        ("references", TRIAL, {"year": "2000"}, True),
        ("references", TRIAL, {"note": "first lines"}, False),
        ("references", TRIAL, {"checked": evolve(CHECKED, on="2026-02-01")}, False),
        ("references", TRIAL, {"checked": CORRECTED}, True),
        ("wordings", WORDING, {"message": "Two trials were found."}, True),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_an_edit_of_evidence_is_signed_for_if_a_reader_sees_it(
    key: str, entry: Anything, edit: dict[str, Anything], gated: bool
) -> None:
    one = said(WORLD, made(WORLD, **{key: (evolve(entry, **edit),)}))
    assert (one.verdict, one.gated) == (Verdict.REWORDS, gated)
    assert sorted(one.says) == sorted(f"its {name} changed" for name in edit)


def test_a_correction_that_says_something_else_is_signed_for() -> None:
    old = made(WORLD, references=(evolve(TRIAL, checked=CORRECTED),))
    other = evolve(CORRECTED, note="both tables")
    assert said(old, made(old, references=(evolve(TRIAL, checked=other),))).gated


def test_a_rule_that_no_longer_cites_evidence_says_which() -> None:
    def citing(*cites: Citation) -> RuleSet:
        one = rule("x", RED, basis=Basis.EVIDENCE, cites=cites)
        items = (ITEM, evolve(ITEM, id="e002"))
        return with_rules(one, evidence=items, references=(TRIAL,))

    first, second = Citation(evidence="e001"), Citation(evidence="e002")
    lost = changed(citing(first, second), citing(second), "x")
    assert lost.says == ("it no longer cites evidence e001",)
    assert (lost.verdict, lost.gated) == (Verdict.REWORDS, True)
