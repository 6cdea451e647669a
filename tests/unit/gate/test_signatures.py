"""Changes that a person signed for: what is refused, and what still waits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.diff import About, Change, Diff, compare
from msrisk.errors import RuleSetError
from msrisk.gate.proposal import proposal
from msrisk.gate.signatures import FILE, Signature, load_signatures, signatures
from msrisk.model import conditions as c
from msrisk.model.rules import Kind, RuleSet, Withdrawal
from tests.unit.analysis_world import RULES, adding, drug, edited, made, rule, with_rules, without

RED = c.Takes("red-medicine")
OLD = with_rules(rule("x", RED), rule("y", RED))
NEW = edited(made(RULES), "scope", message="All that is known comes from one text.")
PATIENT = '{"schema": "msrisk-intake/1", "supplements": ["veritane"], "medications": ["dravox"]}'
SHA = "sha256:" + "a" * 64
TODAY = date(2026, 12, 1)
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


def accept(diff: Diff, **other: Anything) -> Signature:
    given: dict[str, Anything] = {
        **ENTRY,
        "of": ("x", "y"),
        "old": diff.old.digest,
        "new": diff.new.digest,
    }
    return Signature(**{**given, **other})


def unsigned(diff: Diff, accepted: Iterable[Signature]) -> tuple[Change, ...]:
    return signatures(diff, accepted, TODAY).waiting


def refusal(error: pytest.ExceptionInfo[RuleSetError]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


# --- The file ---


def test_no_file_is_no_signature(tmp_path: Path) -> None:
    assert load_signatures(tmp_path) == ()
    assert load_signatures(written(tmp_path, "")) == ()


def test_a_signature_is_read_as_it_stands(tmp_path: Path) -> None:
    (one,) = load_signatures(written(tmp_path, toml(ENTRY)))
    assert one == Signature(**{**ENTRY, "of": ("x",)})  # type: ignore[arg-type]  # each key is of its own type


BAD: dict[str, tuple[dict[str, Anything], str]] = {
    "verdict": (
        {"change": "improves"},
        "change: expected one of weakens, undecided, settles, rewords, strengthens, equivalent",
    ),
    "nothing": ({"of": []}, "of: expected ids of rules, or names, that it is about"),
    "old": ({"old": "sha256:1"}, "old: expected sha256: and 64 hexadecimal digits"),
    "new": ({"new": SHA.upper()}, "new: expected sha256: and 64 hexadecimal digits"),
    "no patient": (
        {"patient": ""},
        "patient: expected the patient whose answer it lowers, got nothing",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_signature_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    keys, message = BAD[name]
    with pytest.raises(RuleSetError) as error:
        load_signatures(written(tmp_path, toml(ENTRY) + toml({**ENTRY, **keys})))
    assert refusal(error) == [f"{FILE}, entry 2: {message}"]


def test_all_that_is_wrong_in_a_signature_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(RuleSetError) as error:
        load_signatures(written(tmp_path, toml({**ENTRY, "of": [], "new": "x", "change": "x"})))
    assert len(refusal(error)) == 3


def test_an_unknown_key_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    nameless = {key: value for key, value in ENTRY.items() if key != "of"}
    text = toml({**nameless, "signed": "me"}) + "[[accept]]\n"
    with pytest.raises(RuleSetError) as error:
        load_signatures(written(tmp_path, "accepted = 1"))
    assert refusal(error) == [f"{FILE}: accepted: expected a list, got a number"]
    with pytest.raises(RuleSetError) as error:
        load_signatures(written(tmp_path, text))
    assert [problem.partition(" expected ")[0] for problem in refusal(error)] == [
        f"{FILE}: accept:",
        f"{FILE}, entry 1: signed:",
        f"{FILE}, entry 1: of:",
    ]


def test_an_entry_that_is_no_table_is_refused_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(RuleSetError) as error:
        load_signatures(written(tmp_path, "accepted = [1]"))
    assert refusal(error) == [f"{FILE}, entry 1: expected a table, got a number"]


@pytest.mark.parametrize("text", ["[[accepted", "x = "])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RuleSetError) as error:
        load_signatures(written(tmp_path, text))
    assert refusal(error) == [f"{FILE}: expected a readable TOML file, got something else"]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(RuleSetError, match="a readable TOML file"):
        load_signatures(tmp_path)


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
    assert problem.startswith(
        f"{FILE}, entry 1 (x, y): patient: expected a patient whose answer differs, "
    )
    assert problem.endswith(" got one whose answer does not")


def test_a_patient_that_cannot_be_read_is_refused() -> None:
    diff = compare(OLD, NEW)
    with pytest.raises(RuleSetError) as error:
        unsigned(diff, [accept(diff, patient='{"age_years": "old"}')])
    assert refusal(error)[0].startswith(f"{FILE}, entry 1 (x, y): patient: age_years: expected ")


def test_a_patient_is_looked_at_also_when_the_rules_were_withdrawn() -> None:
    gone = Withdrawal("2026-12-01", "a wrong rule")
    diff = compare(OLD, made(NEW, withdrawn=gone))
    assert {one.id for one in unsigned(diff, [accept(diff)])} == {"scope", RULES.name}


# --- Who signed ---


def test_who_signed_is_told_with_the_day_and_the_reason() -> None:
    diff = compare(OLD, NEW)
    found = signatures(diff, [accept(diff)], TODAY)
    (first, second) = found.given
    assert (first.id, second.id) == ("x", "y")
    assert found.words()[first] == ("pharmacist, 2026-12-01: “The text does not say so.”",)
    assert not found.complete


def test_each_who_signed_for_some_of_the_names_is_told() -> None:
    diff = compare(RULES, adding(RULES, drugs=drug("newdrug", names=("Newbrand",))))
    half = accept(diff, change="settles", of=("newdrug",), patient="")
    rest = evolve(half, of=("Newbrand",), reviewed_by="neurologist")
    found = signatures(diff, [half, rest], TODAY)
    (words,) = found.words().values()
    assert [said.partition(",")[0] for said in words] == ["pharmacist", "neurologist"]
    assert found.complete


INCOMPLETE: dict[str, tuple[dict[str, str], str]] = {
    "no reason": ({"reason": " "}, "the reason is still empty"),
    "short reason": ({"reason": "is meant"}, "the reason has fewer than 3 words"),
    "nobody": ({"reviewed_by": " "}, "the role (reviewed_by) is still empty"),
    "no day": ({"on": ""}, "the day (on) is still empty"),
    "a word": ({"on": "soon"}, "the day (on) is not written as YYYY-MM-DD"),
    "another way": ({"on": "20261201"}, "the day (on) is not written as YYYY-MM-DD"),
    "future": ({"on": "2026-12-03"}, "the day (on) lies in the future"),
}


@pytest.mark.parametrize("name", INCOMPLETE)
def test_an_entry_that_is_not_filled_in_signs_nothing_and_is_named(name: str) -> None:
    keys, message = INCOMPLETE[name]
    diff = compare(OLD, NEW)
    found = signatures(diff, [accept(diff), accept(diff, **keys)], TODAY)
    assert found.incomplete == (f"{FILE}, entry 2 (x, y): {message}",)
    assert not evolve(found, waiting=()).complete
    assert len(unsigned(diff, [accept(diff, **keys)])) == 3


def test_a_change_with_an_unfilled_entry_waits_and_is_not_absent() -> None:
    diff = compare(RULES, adding(RULES, drugs=drug("newdrug", names=("Newbrand",))))
    half = accept(diff, change="settles", of=("newdrug",), patient="")
    rest = evolve(half, of=("Newbrand",), reason="")
    assert signatures(diff, [half, rest], TODAY).absent == ()
    assert len(signatures(diff, [half], TODAY).absent) == 1
    assert len(signatures(diff, [half, rest], TODAY).waiting) == 1


def test_everything_not_filled_in_is_named_with_the_first_of_many_names() -> None:
    diff = compare(OLD, NEW)
    empty = accept(diff, of=("a", "b", "c", "d"), reason="", reviewed_by="", on="")
    (said,) = signatures(diff, [empty], TODAY).incomplete
    assert said == (
        f"{FILE}, entry 1 (a, b, c, …): the reason is still empty; "
        "the role (reviewed_by) is still empty; the day (on) is still empty"
    )


def test_only_the_roles_that_the_rules_name_sign_for_a_change_of_them() -> None:
    new = evolve(edited(OLD, "x", kind=Kind.INFORM), roles=("pharmacist", "physician"))
    diff = compare(evolve(OLD, roles=new.roles), new)
    asked = signatures(diff, [accept(diff, of=("x",), reviewed_by="friend")], TODAY)
    says = "the role (reviewed_by) is none of those in ruleset.toml: pharmacist, physician"
    assert asked.incomplete == (f"{FILE}, entry 1 (x): {says}",)
    assert [one.id for one in asked.waiting] == ["x"]
    assert unsigned(diff, [accept(diff, of=("x",))]) == ()


def test_who_may_sign_is_itself_signed_for() -> None:
    diff = compare(RULES, evolve(RULES, roles=("anybody at all",)))
    (change,) = diff.changes
    says = "those who may sign for a change were anybody, and are anybody at all"
    assert (change.about, change.edits, change.gated) == (About.RULE_SET, (says,), True)


def test_somebody_far_in_the_east_signs_a_day_ahead() -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    diff = compare(OLD, NEW)
    assert signatures(diff, [accept(diff, on=tomorrow)], TODAY).incomplete == ()


def test_a_void_signature_names_who_gave_it() -> None:
    diff = compare(OLD, NEW)
    earlier = accept(diff, on="2026-11-01", old=SHA, new=f"sha256:{'b' * 64}")
    last = accept(diff, new=SHA)
    found = signatures(diff, [earlier, last, accept(diff, new=SHA, of=("z",))], TODAY)
    assert [change.id for change in found.void] == ["x", "y"]
    words = (
        "needed. That of pharmacist of 2026-12-01 was given for other rules (aaaaaaaa…) and no "
        "longer counts: replace it."
    )
    assert list(found.words().values()) == [(words,), (words,)]
    (of_old, _) = signatures(diff, [accept(diff, old=SHA)], TODAY).void.values()
    assert "(aaaaaaaa…)" in of_old


def test_a_signature_for_other_rules_that_was_never_filled_in_is_not_told_of() -> None:
    diff = compare(OLD, NEW)
    found = signatures(diff, [accept(diff, new=SHA, reason="")], TODAY)
    assert (found.void, found.incomplete) == ({}, ())


# --- The proposal ---


def filled(text: str) -> str:
    for key, value in (
        ("reason", "it is meant so"),
        ("reviewed_by", "pharmacist"),
        ("on", "2026-01-31"),
    ):
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
def test_the_proposal_signs_nothing_while_it_is_open_and_all_once_it_is_filled_in(
    tmp_path: Path, old: RuleSet, new: RuleSet
) -> None:
    diff = compare(old, evolve(new, withdrawn=None))
    text = proposal(diff, unsigned(diff, ()))
    assert tomllib.loads(text)
    assert unsigned(diff, load_signatures(written(tmp_path, text))) == unsigned(diff, ())
    assert unsigned(diff, load_signatures(written(tmp_path, filled(text)))) == ()


def test_what_one_patient_shows_is_proposed_as_one_entry() -> None:
    diff = compare(OLD, NEW)
    assert proposal(diff, unsigned(diff, ())).count("[[accepted]]") == 2
    assert 'of = ["x", "y"]' in proposal(diff, unsigned(diff, ()))


def test_many_names_of_a_proposal_stand_in_lines_that_can_be_read(tmp_path: Path) -> None:
    names = tuple(f"{first} {second}zo" for first in "abcdefgh" for second in ("quo", "qui"))
    diff = compare(RULES, adding(RULES, drugs=drug("quozo", names=names)))
    text = proposal(diff, unsigned(diff, ()))
    assert max(len(line) for line in text.splitlines() if "patient" not in line) <= 100
    assert text.count("[[accepted]]") == 1
    text = text.replace('= ""', '= "2026-12-01"').replace('reason = "', 'reason = "it is meant ')
    (tmp_path / FILE).write_text(text, "utf-8")
    assert set(load_signatures(tmp_path)[0].of) == {"quozo", *names}
    assert unsigned(diff, load_signatures(tmp_path)) == ()


def test_an_entry_signs_only_for_the_change_whose_loss_its_patient_shows() -> None:
    red, gorf = rule("x", c.Takes("red-medicine")), rule("y", c.HasCondition("gorfitis"))
    diff = compare(with_rules(red, gorf), RULES)
    one, other = (change for change in diff.changes if change.gated)
    # A word that is read in two fields: one name, two patients.
    both = tuple(evolve(change, about=About.WORD, names=("w",)) for change in (one, other))
    diff = evolve(diff, changes=both)
    patients = [toml_patient(diff, change) for change in both]
    (waiting,) = unsigned(diff, [accept(diff, of=("w",), patient=patients[0])])
    assert waiting == both[1]
    all_ = [accept(diff, of=("w",), patient=patient) for patient in patients]
    assert unsigned(diff, all_) == ()


def toml_patient(diff: Diff, change: Change) -> str:
    (entry,) = tomllib.loads(proposal(diff, [change]))["accepted"]
    return str(entry["patient"])
