"""What a patient gets from a new rule, and who that patient is."""

from __future__ import annotations

import pytest

from msrisk.analysis import Verdict
from msrisk.diff.compare import compare
from msrisk.gate.page import diff_outline
from msrisk.model import conditions as c
from msrisk.model.rules import Kind
from msrisk.search import answers
from tests.unit.analysis_world import RULES, changed, rule, with_rules
from tests.unit.diff.test_rules import LARGE

RED = c.Takes("red-medicine")


@pytest.mark.parametrize("kind", [Kind.INFORM, Kind.EMERGENCY])
def test_a_new_rule_is_shown_with_a_patient_who_gets_it(kind: Kind) -> None:
    one = changed(RULES, with_rules(rule("x", RED, kind)), "x")
    assert one.shown is not None
    assert ("finding", "x", None, kind.level) in {
        (gain.what, gain.id, gain.before, gain.after) for gain in one.shown.gains
    }


def test_a_new_caveat_is_shown_with_a_patient_who_takes_the_substance() -> None:
    one = changed(RULES, with_rules(rule("x", None, Kind.ADVICE)), "x")
    assert one.shown is not None
    assert {(gain.what, gain.id) for gain in one.shown.gains} == {("caveat", "x")}


@pytest.mark.parametrize("when", [LARGE, c.All((c.AgeAtLeast("years"), c.AgeBelow("years")))])
def test_a_new_rule_that_nobody_is_found_to_get_is_shown_without_a_patient(
    when: c.Condition,
) -> None:
    one = changed(RULES, with_rules(rule("x", when)), "x")
    assert (one.verdict, one.shown) == (Verdict.STRENGTHENS, None)


def test_a_new_rule_of_a_new_substance_alone_is_shown_without_a_patient() -> None:
    one = changed(RULES, with_rules(rule("x", RED, applies_to=())), "x")
    assert (one.verdict, one.shown) == (Verdict.STRENGTHENS, None)


def test_forgetting_what_was_asked_of_patients_changes_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = with_rules(rule("x", c.All((RED, c.DailyDoseAbove("much")))))
    before = compare(new, RULES).changes
    monkeypatch.setattr(answers, "_MOST_KNOWN", 0)
    assert compare(new, RULES).changes == before


def test_a_reader_is_told_what_a_patient_gets_and_what_only_changes_its_level() -> None:
    diff = compare(RULES, with_rules(rule("x", RED, Kind.EMERGENCY)))
    lines = [line for part in diff_outline(diff, ()).sections for line in part.points[0].lines]
    gets = [line.text for line in lines if line.label == "Gets"]
    assert len(gets) == 1
    assert gets[0] == "URGENT “What x says.” What to do: “What x asks for.” (rule x, veritane)"
