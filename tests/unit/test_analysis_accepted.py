"""Changes that a person signed for: what is refused, and what still waits."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.analysis import Diff, compare
from msrisk.analysis.accepted import FILE, Accepted, load_accepted, proposal, unsigned
from msrisk.errors import RuleSetError
from msrisk.model import conditions as c
from msrisk.model.rules import Kind, RuleSet, Withdrawal

from .analysis_world import RULES, adding, drug, edited, made, rule, with_rules, without

RED = c.Takes("red-medicine")
OLD = with_rules(rule("x", RED), rule("y", RED))
NEW = edited(made(RULES), "scope", message="All that is known comes from one text.")
PATIENT = '{"schema": "msrisk-intake/1", "supplements": ["veritane"], "medications": ["dravox"]}'
SHA = "sha256:" + "a" * 64
ENTRY = {
    "change": "weakens",
    "of": ["x"],
    "old": SHA,
    "new": SHA,
    "reason": "The text does not say so.",
    "reviewed_by": "pharmacist",
    "on": "2026-12-01",
    "patient": PATIENT,
}


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def toml(entry: dict[str, Anything]) -> str:
    lines = [
        f"{key} = {value}" if isinstance(value, list) else f"{key} = '{value}'"
        for key, value in entry.items()
    ]
    return "\n".join(["[[accepted]]", *lines]) + "\n"


def accept(diff: Diff, **other: Anything) -> Accepted:
    given: dict[str, Anything] = {
        **ENTRY,
        "of": ("x", "y"),
        "old": diff.old.digest,
        "new": diff.new.digest,
    }
    return Accepted(**{**given, **other})


def refusal(error: pytest.ExceptionInfo[RuleSetError]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


# --- The file ---


def test_no_file_is_no_signature(tmp_path: Path) -> None:
    assert load_accepted(tmp_path) == ()
    assert load_accepted(written(tmp_path, "")) == ()


def test_a_signature_is_read_as_it_stands(tmp_path: Path) -> None:
    (one,) = load_accepted(written(tmp_path, toml(ENTRY)))
    assert one == Accepted(**{**ENTRY, "of": ("x",)})  # type: ignore[arg-type]  # each key is of its own type


BAD: dict[str, tuple[dict[str, Anything], str]] = {
    "verdict": (
        {"change": "improves"},
        "change: expected one of weakens, undecided, settles, rewords, strengthens, equivalent",
    ),
    "nothing": ({"of": []}, "of: expected ids of rules, or names, that it is about"),
    "old": ({"old": "sha256:1"}, "old: expected sha256: and 64 hexadecimal digits"),
    "new": ({"new": SHA.upper()}, "new: expected sha256: and 64 hexadecimal digits"),
    "blank reason": ({"reason": " "}, "reason: expected some words, got blank text"),
    "nobody": ({"reviewed_by": ""}, "reviewed_by: expected some words, got blank text"),
    "no day": ({"on": "soon"}, "on: expected a day as YYYY-MM-DD"),
    "short day": ({"on": "20261201"}, "on: expected a day as YYYY-MM-DD"),
    "no patient": (
        {"patient": ""},
        "patient: expected the patient whose answer it lowers, got nothing",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_signature_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    keys, message = BAD[name]
    with pytest.raises(RuleSetError) as error:
        load_accepted(written(tmp_path, toml(ENTRY) + toml({**ENTRY, **keys})))
    assert refusal(error) == [f"{FILE}: accepted[1].{message}"]


def test_all_that_is_wrong_in_a_signature_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(RuleSetError) as error:
        load_accepted(written(tmp_path, toml({**ENTRY, "of": [], "on": "soon", "change": "x"})))
    assert len(refusal(error)) == 3


def test_an_unknown_key_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    without_role = {key: value for key, value in ENTRY.items() if key != "reviewed_by"}
    with pytest.raises(RuleSetError) as error:
        load_accepted(written(tmp_path, toml({**without_role, "signed": "me"})))
    assert len(refusal(error)) == 2
    assert all(FILE in problem for problem in refusal(error))


@pytest.mark.parametrize("text", ["[[accepted", "x = "])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RuleSetError) as error:
        load_accepted(written(tmp_path, text))
    assert refusal(error) == [f"{FILE}: expected a readable TOML file, got something else"]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(RuleSetError, match="a readable TOML file"):
        load_accepted(tmp_path)


# --- What still waits ---


def test_what_nobody_signed_waits() -> None:
    diff = compare(OLD, NEW)
    waiting = unsigned(diff, ())
    assert [(one.verdict.value, one.id) for one in waiting] == [
        ("weakens", "x"),
        ("weakens", "y"),
        ("rewords", "scope"),
    ]
    assert all(one.gated for one in waiting)


def test_a_signature_is_void_after_any_further_edit() -> None:
    diff = compare(OLD, NEW)
    signed = accept(diff)
    assert [one.id for one in unsigned(diff, [signed])] == ["scope"]
    for later in (compare(OLD, made(NEW)), compare(made(OLD), NEW)):
        assert len(unsigned(later, [signed])) == 3


def test_what_is_named_in_one_signature_or_another_is_signed() -> None:
    diff = compare(OLD, NEW)
    one, other = accept(diff, of=("x",)), accept(diff, of=("y",))
    assert [each.id for each in unsigned(diff, [one])] == ["y", "scope"]
    scope = accept(diff, change="rewords", of=("scope",), patient="")
    assert unsigned(diff, [one, other, scope]) == ()


def test_a_signature_for_another_verdict_signs_nothing() -> None:
    diff = compare(OLD, NEW)
    assert len(unsigned(diff, [accept(diff, change="rewords", patient="")])) == 3


def test_names_that_change_together_are_signed_for_together() -> None:
    diff = compare(RULES, adding(RULES, drugs=drug("newdrug", names=("Newbrand",))))
    half = accept(diff, change="settles", of=("newdrug",), patient="")
    assert len(unsigned(diff, [half])) == 1
    rest = accept(diff, change="settles", of=("Newbrand",), patient="")
    assert unsigned(diff, [half, rest]) == ()


def test_a_patient_whose_answer_is_the_same_is_no_ground_for_a_signature() -> None:
    diff = compare(OLD, with_rules(rule("x", RED)))
    other = '{"supplements": "none"}'
    with pytest.raises(RuleSetError) as error:
        unsigned(diff, [accept(diff, patient=other)])
    (problem,) = refusal(error)
    assert problem.startswith(f"{FILE}: x, y: patient: expected a patient whose answer differs, ")
    assert problem.endswith(" got one whose answer does not")


def test_a_patient_that_cannot_be_read_is_refused() -> None:
    diff = compare(OLD, NEW)
    with pytest.raises(RuleSetError) as error:
        unsigned(diff, [accept(diff, patient='{"age_years": "old"}')])
    assert refusal(error)[0].startswith(f"{FILE}: x, y: patient: age_years: expected ")


def test_a_patient_is_looked_at_also_when_the_rules_were_withdrawn() -> None:
    gone = Withdrawal("2026-12-01", "a wrong rule")
    diff = compare(OLD, made(NEW, withdrawn=gone))
    assert [one.id for one in unsigned(diff, [accept(diff)])] == ["scope"]


# --- The proposal ---


def filled(text: str) -> str:
    for key, value in (("reason", "meant"), ("reviewed_by", "pharmacist"), ("on", "2026-12-01")):
        text = text.replace(f'{key} = ""', f'{key} = "{value}"')
    return text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, NEW),
        (RULES, adding(RULES, drugs=drug('new "drug"', names=("it's", "both ' and \"", "é\\n")))),
        (RULES, without(RULES, "dravox")),
        (RULES, without(RULES, "veritane")),
        (RULES, edited(RULES, "quality", pack="others")),
        (with_rules(rule("x", RED, Kind.EMERGENCY)), OLD),
    ],
    ids=["rules", "names", "drug", "substance", "pack", "level"],
)
def test_the_proposal_is_refused_while_it_is_open_and_accepted_once_it_is_filled_in(
    tmp_path: Path, old: RuleSet, new: RuleSet
) -> None:
    diff = compare(old, evolve(new, withdrawn=None))
    text = proposal(diff, unsigned(diff, ()))
    assert tomllib.loads(text)
    with pytest.raises(RuleSetError, match="reviewed_by"):
        load_accepted(written(tmp_path, text))
    assert unsigned(diff, load_accepted(written(tmp_path, filled(text)))) == ()


def test_what_one_patient_shows_is_proposed_as_one_entry() -> None:
    diff = compare(OLD, NEW)
    assert proposal(diff, unsigned(diff, ())).count("[[accepted]]") == 2
    assert 'of = ["x", "y"]' in proposal(diff, unsigned(diff, ()))
