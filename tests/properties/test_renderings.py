"""Laws 1, 10 and 15 of what a patient reads: in every format, and in every part alone."""

from __future__ import annotations

import json
import re

import pytest
from attrs import astuple
from hypothesis import given

import msrisk
from msrisk.evaluation.naming import as_typed, sentences
from msrisk.model.conditions import All, Any, walk
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.results import Level, Report
from msrisk.recognition import recognise_profile
from msrisk.testing import profiles
from tests.burden.placed import unkeyed, unplaced
from tests.burden.problems import (
    FORMATS,
    PARTS,
    lost,
    plain,
    said_twice,
    unheld,
    untitled,
    without_caveat,
)

pytestmark = pytest.mark.slow

SHIPPED = msrisk.RuleSet.default()
WORDS = SHIPPED.vocabulary
CONCEPTS = {
    one.id
    for group in (WORDS.drug_classes, WORDS.drugs, WORDS.concepts, SHIPPED.substances)
    for one in group
}
GRAVE = (Level.CONTRAINDICATED, Level.URGENT)
LINES = 25

shipped_profiles = profiles(SHIPPED)


def seen(report: Report, format_: str, part: str) -> str:
    """Return what a reader of a part sees."""
    return plain(report.render(format_, part), format_)


@given(shipped_profiles)
def test_every_part_alone_has_a_caveat_with_its_source_in_every_format(
    profile: msrisk.PatientProfile,
) -> None:
    """Law 1, for whoever shows the first screen or the handout and nothing else."""
    report = msrisk.assess(profile)
    document = report.to_dict()
    for format_ in FORMATS:
        for part in PARTS:
            assert without_caveat(seen(report, format_, part), document) == []


@given(shipped_profiles)
def test_whatever_the_first_screen_orders_gravely_stands_on_the_handout(
    profile: msrisk.PatientProfile,
) -> None:
    report = msrisk.assess(profile)
    said = " ".join(report.render("text", "handout").split())
    graver = [one for one in report.summary.substances if one.level in GRAVE]
    for one in graver:
        assert f"{one.verdict.upper()}." in said
        for point in one.points:
            if point.level in GRAVE:
                for order in sentences(point.action):
                    assert " ".join(order.split()) in said
    assert not any(level.words in said for level in GRAVE), "no word of a level is a patient's"


@given(shipped_profiles)
def test_the_layers_together_lose_nothing_in_every_format(profile: msrisk.PatientProfile) -> None:
    """Law 15: every message, action, question, reason and passage of the document is said.

    Each statement stands beside the passages that it cites, and plain text alone has no ids.
    """
    report = msrisk.assess(profile)
    document = json.loads(json.dumps(report.to_dict()))
    for format_ in FORMATS:
        said = seen(report, format_, "full")
        assert lost(said, document) == []
        if format_ != "json":
            assert unplaced(said, document) == []
        if format_ != "text":
            assert unkeyed(said, document) == []


@given(shipped_profiles)
def test_nothing_that_speaks_to_the_patient_is_untrue_of_this_one(
    profile: msrisk.PatientProfile,
) -> None:
    """Law 15: its words are those of what this report finds, asks or advises."""
    report = msrisk.assess(profile)
    document = json.loads(json.dumps(report.to_dict()))
    for part in PARTS:
        assert unheld(seen(report, "text", part), document) == []
    assert untitled(document) == []
    screen = seen(report, "text", "screen")
    found = [finding.rule for one in report.assessments for finding in one.findings]
    # With several supplements one rule can ask for another thing of each.
    shared = {rule for rule in found if found.count(rule) > 1}
    twice = said_twice(seen(report, "text", "full"), document, screen)
    assert [one for one in twice if one.split()[0] not in shared] == []
    for assessment in report.assessments:
        for claim in assessment.claims:
            for side in claim.other_side:
                assert not re.search(r"\byou", side.title, re.IGNORECASE)


@given(shipped_profiles)
def test_no_entry_vanishes(profile: msrisk.PatientProfile) -> None:
    """Law 15: each is used, asked about, assessed, or shown as understood and not looked at."""
    report = msrisk.assess(profile)
    reasons = [b for one in report.assessments for f in one.findings for b in f.because]
    reasons += [b for one in report.assessments for s in one.silences for b in s.because]
    shown = {(one.field, one.text) for one in reasons}
    shown |= {(one.field, one.text) for one in report.unrecognised}
    shown |= {(one.field, one.text) for one in report.not_looked_at}
    named = named_by_rules(report)
    for field, facts in recognise_profile(profile, SHIPPED).told.items():
        for fact in facts:
            told = fact.recognition
            known = told.status == "recognised" and (
                told.says is False  # it says that there is nothing, or no longer
                or field == "supplements"  # each has an assessment
                or not named.isdisjoint(told.concepts | told.named)
                # A sign of an emergency is said first, in few words.
                or as_typed(fact) in (*report.signs, *report.watched)
            )
            assert known or (field, fact.entry.text) in shown, (field, fact.entry)


def named_by_rules(report: Report) -> frozenset[str]:
    """Return what the rules of the assessed substances name, and what is above or below it."""
    about = [one.substance for one in report.assessments if one.covered and one.substance]
    named = {"multiple-sclerosis", *about}
    for rule in (rule for one in about for rule in SHIPPED.rules_for(one)):
        for test in walk(rule.when) if rule.when else ():
            if not isinstance(test, All | Any):
                values = astuple(test)
                named |= {
                    id_ for one in values for id_ in ((one,) if isinstance(one, str) else one)
                }
    return hierarchy_of(SHIPPED).line(named & CONCEPTS)


@given(shipped_profiles)
def test_a_first_screen_is_short_unless_what_is_grave_makes_it_longer(
    profile: msrisk.PatientProfile,
) -> None:
    report = msrisk.assess(profile)
    said = report.render("text", "screen")
    lines = said.splitlines()
    assert all(len(line) <= 80 for line in lines), lines
    points = [point for one in report.summary.substances for point in one.points]
    grave = [point for point in points if point.level in GRAVE]
    assert len(lines) <= LINES or grave
    whole = " ".join(said.split())
    for point in grave:
        assert " ".join(point.effect.split()) in whole
    if report.summary.emergency is not None:
        assert report.summary.emergency.action in whole


@given(shipped_profiles)
def test_the_first_screen_of_every_reason_repeats_what_was_typed_or_its_name(
    profile: msrisk.PatientProfile,
) -> None:
    """Law 10: what a point says that the patient told is in the profile, or its beginning is."""
    typed = [
        " ".join((item.text or "").split()).casefold()
        for field in LIST_FIELDS
        for item in getattr(getattr(profile, field), "items", ())
    ]
    report = msrisk.assess(profile)
    names = {
        (because.recognised_as or "").casefold()
        for one in report.assessments
        for finding in one.findings
        for because in finding.because
    }
    for one in report.summary.substances:
        for point in one.points:
            for part in filter(None, re.split(r", | and ", point.told)):
                given_ = part.casefold()
                assert (
                    re.match(
                        r"\d+ more$|code |age |weight |severe or aggressive ms$|in place of ms",
                        given_,
                    )
                    or any(given_.partition(" (and ")[0] in text for text in typed)
                    or any(given_ in name for name in names)
                ), part
