"""What a diff says of warnings about names that are mistaken for one another."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from msrisk.api import assess
from msrisk.diff import Change, Loss, Lost, Verdict, compare
from msrisk.gate.page import diff_outline, patient_words
from msrisk.gate.proposal import proposal
from msrisk.gate.signatures import load_signatures, signatures
from msrisk.model.concepts import Confusable
from msrisk.model.rules import RuleSet
from msrisk.rendering.plain import section_text
from tests.unit.analysis_world import RULES, made
from tests.unit.gate.test_signatures import TODAY, filled, written

ID = "names that are mistaken for one another"


def listing(*names: tuple[str, ...], source: str = "a list") -> RuleSet:
    entries = tuple(Confusable(one, source) for one in names)
    return made(vocabulary=evolve(RULES.vocabulary, confusables=entries))


def only(old: RuleSet, new: RuleSet) -> Change:
    (one,) = compare(old, new).changes
    assert (one.about, one.id) == ("confusable", ID)
    return one


THREE = listing(("dravox", "tunipal", "melitor"))


def test_a_list_that_goes_weakens_and_a_misspelt_name_shows_it() -> None:
    one = only(THREE, listing())
    assert (one.verdict, one.gated) == (Verdict.WEAKENS, True)
    assert one.says == (
        "no longer told: “dravox is often mistaken for tunipal or melitor”",
        "no longer told: “tunipal is often mistaken for melitor”",
    )
    assert one.shown is not None
    assert patient_words(one.shown.profile).startswith("medicines: dravoxx; age: ")
    warning = "dravox is often mistaken for tunipal or melitor: check the package"
    assert one.shown.losses == (Loss(Lost.WARNING, "", "dravoxx", message=warning),)
    told = [assess(one.shown.profile, ruleset=each).unrecognised for each in (THREE, RULES)]
    assert [warning in each[0].reason for each in told] == [True, False]


def test_a_list_that_is_shorter_loses_the_name_and_keeps_the_others() -> None:
    one = only(THREE, listing(("dravox", "melitor")))
    assert one.verdict is Verdict.WEAKENS
    assert one.says == (
        "no longer told: “dravox is often mistaken for tunipal”",
        "no longer told: “tunipal is often mistaken for melitor”",
    )


def test_new_names_strengthen() -> None:
    one = only(listing(("dravox", "melitor")), THREE)
    assert (one.verdict, one.gated, one.shown) == (Verdict.STRENGTHENS, False, None)
    assert one.says[0] == "told from now on: “dravox is often mistaken for tunipal”"


def test_names_that_change_places_do_both() -> None:
    diff = compare(listing(("dravox", "melitor")), listing(("dravox", "tunipal")))
    assert [one.verdict for one in diff.changes] == [Verdict.WEAKENS, Verdict.STRENGTHENS]


def test_the_same_names_grouped_or_sourced_otherwise_are_equivalent() -> None:
    pairs = listing(("dravox", "tunipal"), ("dravox", "melitor"), ("melitor", "Tunipal"))
    assert only(THREE, pairs).verdict is Verdict.EQUIVALENT
    more = listing(("dravox", "tunipal", "melitor"), ("dravox", "melitor"))
    assert only(more, THREE).says == (
        "told of the same names, but from elsewhere or grouped otherwise: dravox and melitor",
    )
    sourced = listing(("dravox", "tunipal", "melitor"), source="another list")
    assert only(THREE, sourced).verdict is Verdict.EQUIVALENT


def test_where_no_misspelt_name_shows_it_the_names_are_to_be_read() -> None:
    # Names that no vocabulary knows are suggested to nobody.
    one = only(listing(("never", "known")), listing())
    assert (one.verdict, one.gated, one.shown) == (Verdict.REWORDS, True, None)
    assert one.says[-1] == "no misspelt name was found that shows it: read the names"


def test_only_the_first_forty_of_many_warnings_are_named() -> None:
    names = tuple(f"{chr(97 + n // 26)}{chr(97 + n % 26)}drug" for n in range(42))
    one = only(listing(*((name, f"{name}s") for name in names)), listing())
    assert len(one.says) == 42
    assert one.says[-2:-1] == ("and 2 more warnings",)


def test_it_is_signed_for_once_and_told_in_words(tmp_path: Path) -> None:
    diff = compare(THREE, listing())
    text = section_text(diff_outline(diff, diff.changes), width=500)
    assert "Loses: the warning beside “dravoxx”: “dravox is often mistaken for tunipal" in text
    signed = load_signatures(written(tmp_path, filled(proposal(diff, diff.changes))))
    assert [one.of for one in signed] == [(ID,)]
    assert signatures(diff, signed, TODAY).waiting == ()
