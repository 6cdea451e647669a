"""What a diff says of the signatures of clinicians under the rules."""

from __future__ import annotations

from attrs import evolve

from msrisk.analysis import Change, Verdict, compare
from msrisk.gate.page import diff_outline
from msrisk.model import conditions as c
from msrisk.model.rules import Kind, Review, RuleSet
from msrisk.rendering.plain import section_text
from tests.unit.analysis_world import RULES, edited, made, rule, with_rules

NURSE, DOCTOR = Review("nurse", "2026-12-01"), Review("doctor", "2026-12-02")
SIGNED = made(rules=tuple(evolve(one, review=NURSE) for one in RULES.rules))
ALL = "A clinician has reviewed these rules."
NOT_ALL = "No clinician has reviewed these rules yet."


def reviews(old: RuleSet, new: RuleSet) -> list[Change]:
    return [one for one in compare(old, new).changes if one.about == "review"]


def test_signatures_that_come_together_are_one_change_that_must_have_been_read() -> None:
    (one,) = compare(RULES, SIGNED).changes
    assert (one.about, one.verdict, one.gated) == ("review", Verdict.REWORDS, True)
    assert one.id == "“none yet” → signed by nurse on 2026-12-01"
    assert one.says == (
        "4 rules: “none yet” before, signed by nurse on 2026-12-01 now",
        f"every report said “{NOT_ALL}”, and now says “{ALL}”",
        "of scope, red, advice and quality",
    )
    assert one.items == (one.id,)


def test_a_few_signatures_change_no_report() -> None:
    (one,) = reviews(RULES, edited(RULES, "red", review=NURSE))
    assert one.says == (
        "1 rule: “none yet” before, signed by nurse on 2026-12-01 now",
        f"every report says “{NOT_ALL}” until all rules are signed: 3 of 4 are not",
        "of red",
    )


def test_another_signature_under_all_rules_changes_no_report_and_is_to_be_read() -> None:
    (one,) = reviews(SIGNED, edited(SIGNED, "red", review=DOCTOR))
    assert one.gated
    assert one.says == (
        "1 rule: signed by nurse on 2026-12-01 before, signed by doctor on 2026-12-02 now",
        "of red",
    )


def test_a_rule_that_changed_and_kept_its_signature_is_to_be_read() -> None:
    for new in (
        edited(SIGNED, "red", message="Other words."),
        edited(SIGNED, "red", when=c.Takes("blue-medicine")),
        edited(SIGNED, "red", pack="others"),
    ):
        (one,) = reviews(SIGNED, new)
        assert (one.verdict, one.gated) == (Verdict.REWORDS, True)
        assert one.id == "still signed by nurse on 2026-12-01"
        assert one.says[0] == (
            "1 rule was changed, and the review is still the one before: "
            "signed by nurse on 2026-12-01"
        )
        assert one.says[-1] == "of red"
    two = edited(edited(SIGNED, "red", message="Other words."), "quality", message="Others.")
    (one,) = reviews(SIGNED, two)
    assert one.says[0].startswith("2 rules were changed, and ")


def test_a_rule_whose_number_changed_and_that_kept_its_signature_is_to_be_read() -> None:
    old = with_rules(rule("x", c.AgeAtLeast("years"), review=NURSE))
    (one,) = reviews(old, edited(old, "years", value=41))
    assert one.says[-1] == "of x"
    assert reviews(old, edited(old, "years", name="an age")) == []


def test_a_new_name_alone_voids_no_signature_and_a_split_does() -> None:
    old = with_rules(rule("x", c.Takes("red-medicine"), review=NURSE))
    (x,) = (one for one in old.rules if one.id == "x")
    assert reviews(old, with_rules(evolve(x, id="y", replaces=("x",), since="2"))) == []
    part = evolve(x, id="y", replaces=("x",), when=c.Takes("dark-medicine"))
    assert reviews(old, with_rules(evolve(x, replaces=()), part))[0].says[-1] == "of y"


def test_a_signature_that_goes_is_to_be_read_unless_the_rule_is_another() -> None:
    (one,) = reviews(SIGNED, edited(SIGNED, "red", review=Review("none yet")))
    assert one.gated
    assert one.says[:2] == (
        "1 rule: signed by nurse on 2026-12-01 before, “none yet” now",
        f"every report said “{ALL}”, and now says “{NOT_ALL}”",
    )
    new = edited(SIGNED, "red", review=Review("none yet"), message="Other words.")
    (one,) = reviews(SIGNED, new)
    assert not one.gated


def test_a_new_rule_that_comes_with_a_signature_is_to_be_read() -> None:
    new = with_rules(rule("x", None, Kind.ADVICE, review=DOCTOR))
    (one,) = reviews(RULES, new)
    assert (one.id, one.gated) == ("new → signed by doctor on 2026-12-02", True)
    assert reviews(RULES, with_rules(rule("x", None, Kind.ADVICE))) == []


def test_reviews_stand_under_a_heading_of_their_own() -> None:
    diff = compare(RULES, SIGNED)
    text = section_text(diff_outline(diff, ()), width=200)
    assert "Reviews: who has signed the rules" in text
    assert "Rewords" not in text
