"""Feedback on cards is counted by rule, and nothing of a patient is kept."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import msrisk
from msrisk.cds_hooks import feedback_from_lines, read_feedback, summed
from msrisk.cds_hooks.marks import Kind, Mark, mark_of, uuid_of
from msrisk.errors import ConceptError, HookError
from tests.cds_hooks.requests import cards, draft, prefetch

SERVICE = "msrisk-order-sign"
RULES = msrisk.RuleSet.default()
TOLD = "Mrs Miller of 7 Mill Lane"


def grave() -> Any:
    sent = prefetch(medicines=["Prograf 1 mg"])
    return cards("order-sign", sent, [draft("NAC 600 mg")])[0]


def overridden(card: str, code: str = "does-not-fit", **more: Any) -> dict[str, Any]:
    reason = {"reason": {"code": code, **more}, "userComment": TOLD}
    return {
        "card": card,
        "outcome": "overridden",
        "overrideReason": reason,
        "outcomeTimestamp": "2026-12-01T10:00:00Z",
    }


def accepted(card: dict[str, Any]) -> dict[str, Any]:
    ids = [{"id": one["uuid"]} for one in card["suggestions"]]
    return {
        "card": card["uuid"],
        "outcome": "accepted",
        "acceptedSuggestions": ids,
        "outcomeTimestamp": "2026-12-01T10:00:00.5+01:00",
    }


def test_a_card_that_was_overridden_is_counted_under_its_rules_with_the_reason() -> None:
    (told,) = read_feedback(SERVICE, {"feedback": [overridden(grave()["uuid"])]})
    assert (told.card, told.outcome, told.reason) == ("finding", "overridden", "does-not-fit")
    assert told.rules[0] == "n-acetylcysteine-immunosuppressive-medication"
    assert told.ruleset == RULES.version
    assert summed([told, told])[told.rules[0]] == {"overridden: does-not-fit": 2}


def test_a_suggestion_that_was_accepted_is_told_by_its_kind() -> None:
    card = grave()
    (told,) = read_feedback(SERVICE, {"feedback": [accepted(card)]})
    assert (told.outcome, told.accepted, told.reason) == (
        "accepted",
        ("remove-order", "record-issue"),
        "",
    )
    assert summed([told])[told.rules[0]] == {"accepted": 1}


def test_a_card_without_a_rule_is_counted_by_its_kind() -> None:
    (card,) = cards(sent=prefetch(medicationRequests=None))
    given = overridden(card["uuid"])
    del given["overrideReason"]
    (told,) = read_feedback(SERVICE, {"feedback": [given]})
    assert summed([told]) == {"(not-checked)": {"overridden: none given": 1}}


def test_nothing_of_a_patient_is_kept() -> None:
    given = [
        overridden(grave()["uuid"], TOLD),
        overridden(grave()["uuid"], "x", system=TOLD, display=TOLD),
        overridden(TOLD),
        {**accepted(grave()), "acceptedSuggestions": [{"id": TOLD}, {"id": "x"}]},
    ]
    told = read_feedback(SERVICE, {"feedback": given})
    kept = "".join(one.to_line() for one in told)
    assert "Miller" not in kept
    assert grave()["uuid"] not in kept
    assert "10:00" not in kept
    assert [one.reason for one in told] == ["other", "other", "does-not-fit", ""]
    assert told[2].card == "unknown"
    assert told[3].accepted == ("unknown", "unknown")


def test_a_comment_alone_is_no_reason_that_is_counted() -> None:
    given = overridden(grave()["uuid"]) | {"overrideReason": {"userComment": TOLD}}
    (told,) = read_feedback(SERVICE, {"feedback": [given]})
    assert told.reason == ""


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("overrideReason", "x"),
        ("overrideReason", []),
        ("overrideReason", {}),
        ("overrideReason", {"reason": "x"}),
        ("overrideReason", {"reason": {}}),
        ("overrideReason", {"reason": {"code": " "}}),
        ("overrideReason", {"reason": {}, "userComment": TOLD}),
        ("overrideReason", {"userComment": ""}),
        *(("outcomeTimestamp", one) for one in (None, 7, "", "yesterday", "2026-12-01")),
        ("outcomeTimestamp", "2026-12-01T10:00:00"),
        ("outcomeTimestamp", "2026-13-01T10:00:00Z"),
        ("acceptedSuggestions", [TOLD]),
        ("acceptedSuggestions", [{"id": ""}]),
        ("acceptedSuggestions", []),
    ],
)
def test_a_part_of_a_feedback_that_is_none_is_an_error_and_nothing_is_kept(
    key: str, wrong: object
) -> None:
    right = accepted(grave()) if key == "acceptedSuggestions" else overridden(grave()["uuid"])
    with pytest.raises(HookError, match=rf"^feedback\[1\]\.{key}: expected") as caught:
        read_feedback(SERVICE, {"feedback": [right, {**right, key: wrong}]})
    assert "Miller" not in str(caught.value)


def test_all_that_is_wrong_in_a_feedback_is_said_at_once() -> None:
    with pytest.raises(HookError) as caught:
        read_feedback(SERVICE, {"feedback": [{"overrideReason": {}}]})
    said = str(caught.value)
    assert all(key in said for key in ("card", "outcome", "outcomeTimestamp", "overrideReason"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x", "feedback: expected a list of 1 to 1000 cards"),
        ({"feedback": []}, "feedback: expected a list"),
        ({"feedback": "x"}, "feedback: expected a list"),
        ({"feedback": ["x"]}, r"feedback\[0\]: expected an object"),
        ({"feedback": [{"outcome": "accepted"}]}, r"card: expected(.|\n)*acceptedSuggestions"),
        ({"feedback": [{"card": "x", "outcome": "ignored"}]}, "outcome: expected one of accepted"),
    ],
    ids=str,
)
def test_feedback_that_is_none_is_an_error_in_words(body: object, said: str) -> None:
    with pytest.raises(HookError, match=said):
        read_feedback(SERVICE, body)


def test_feedback_for_another_service_is_an_error() -> None:
    with pytest.raises(ConceptError):
        read_feedback("other", {"feedback": [overridden("x")]})


def test_what_is_kept_in_a_file_is_read_back() -> None:
    told = read_feedback(SERVICE, {"feedback": [overridden(grave()["uuid"]), accepted(grave())]})
    assert feedback_from_lines(one.to_line() for one in told) == told


@pytest.mark.parametrize("line", ["", "x", "[]", "{}", '{"rules": 1}', json.dumps({"rules": []})])
def test_a_line_that_is_no_feedback_is_named(line: str) -> None:
    with pytest.raises(HookError, match="line 1: expected feedback"):
        feedback_from_lines([line])


@given(
    st.sampled_from(list(Kind)),
    st.lists(st.sampled_from([one.id for one in RULES.rules]), unique=True, max_size=8),
    st.text(),
)
def test_a_uuid_says_the_kind_and_the_first_five_rules(
    kind: Kind, rules: list[str], instance: str
) -> None:
    made = uuid_of(Mark(kind, tuple(rules)), RULES, instance)
    assert uuid.UUID(made).version == 8
    assert uuid.UUID(made).variant == uuid.RFC_4122
    assert mark_of(made, RULES) == Mark(kind, tuple(rules[:5]))
    assert made == uuid_of(Mark(kind, tuple(rules)), RULES, instance)


@given(st.uuids() | st.text() | st.none() | st.integers())
def test_any_other_uuid_is_no_card_of_these_rules(given: object) -> None:
    mark = mark_of(str(given) if isinstance(given, uuid.UUID) else given, RULES)
    assert mark is None


def test_a_card_of_other_rules_is_none_of_these() -> None:
    others = evolve(RULES, digest="sha256:other")
    assert mark_of(uuid_of(Mark(Kind.FINDING, (RULES.rules[0].id,)), others, ""), RULES) is None


def test_a_uuid_of_these_rules_that_names_no_rule_or_kind_is_none() -> None:
    made = uuid.UUID(uuid_of(Mark(Kind.FINDING, ()), RULES, ""))
    assert mark_of(str(uuid.UUID(int=made.int | 0xF << 124)), RULES) is None
    assert mark_of(str(uuid.UUID(int=made.int | 0x3FF << 114)), RULES) is None
