"""Laws of the pack `evidence`: beside the texts it adds, and takes nothing away."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import msrisk
from msrisk.api import shipped_rules
from msrisk.model.levels import rank
from msrisk.model.results import Report
from msrisk.model.rules import RuleSet
from msrisk.testing import profiles

pytestmark = pytest.mark.slow

RULES = RuleSet.default()
Parts = set[tuple[str | None, str, str]]
PACKS = st.sampled_from([["texts"], ["evidence"], ["texts", "evidence"]])


def parts(report: Report) -> Parts:
    """Return findings, silences, caveats and claims, by substance."""
    found: Parts = {(None, "caveat", one.rule) for one in report.caveats}
    for a in report.assessments:
        of = a.substance
        found |= {(of, "finding", one.rule) for one in a.findings}
        found |= {(of, "silence", one.rule) for one in a.silences}
        found |= {(of, "caveat", one.rule) for one in a.caveats}
        found |= {(of, "claim", one.claim) for one in a.claims}
    return found


def questions(report: Report) -> Parts:
    """Return the open questions, with what is asked."""
    open_ = ((a.substance, one) for a in report.assessments for one in a.open_questions)
    return {(substance, one.rule, one.question) for substance, one in open_}


@given(profiles(RULES))
def test_adding_the_evidence_removes_nothing_and_lowers_nothing(
    profile: msrisk.PatientProfile,
) -> None:
    before, after = msrisk.assess(profile, packs=["texts"]), msrisk.assess(profile)
    assert parts(before) <= parts(after)
    assert questions(before) <= questions(after)
    assert rank(before.worst_case) <= rank(after.worst_case)
    assert rank(before.level) <= rank(after.level)


@given(profiles(RULES), PACKS)
def test_no_answer_is_a_bare_all_clear_with_either_pack(
    profile: msrisk.PatientProfile, packs: list[str]
) -> None:
    report = msrisk.assess(profile, packs=packs)
    assert report.ruleset.packs == tuple(sorted(packs))
    for part in ("full", "screen", "handout"):
        said = report.render("text", part)
        assert "clears nothing" in " ".join(said.split())
    assert all(one.citations for one in report.caveats)


@cache
def without_evidence() -> RuleSet:
    """Return the shipped rules as they would be without the folder of evidence."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "rules"
        shutil.copytree(shipped_rules(), root)
        shutil.rmtree(root / "evidence")
        manifest = root / "ruleset.toml"
        text = manifest.read_text("utf-8").replace('["texts", "evidence"]', '["texts"]')
        manifest.write_text(text, "utf-8")
        substance = root / "substances" / "n-acetylcysteine.toml"
        own = {rule.id for rule in RULES.rules if rule.pack == "evidence"}
        lines = substance.read_text("utf-8").splitlines(keepends=True)
        kept = (line for line in lines if line.strip(' ",\n') not in own)
        substance.write_text("".join(kept), "utf-8")
        return RuleSet.load(root)


@given(profiles(RULES))
def test_the_texts_alone_answer_as_if_there_were_no_evidence(
    profile: msrisk.PatientProfile,
) -> None:
    alone: Any = msrisk.assess(profile, packs=["texts"]).to_dict()
    never: Any = msrisk.assess(profile, ruleset=without_evidence()).to_dict()
    for document in (alone, never):
        del document["ruleset"]
        del document["summary"]["ruleset"]
    assert alone == never
