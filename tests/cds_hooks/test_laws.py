"""The laws of cards, on messy records and broken requests made by chance."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from msrisk.cds_hooks.prefetch import Shape, parts_of
from msrisk.cds_hooks.services import PREFETCH
from msrisk.checking.wording import reassuring_words
from msrisk.errors import NothingSentError
from tests.cds_hooks.requests import FAILED, LEFT_OUT, answer, draft, searchset
from tests.cds_hooks.specification import wrong_in
from tests.fhir.strategy import records

KEYS = {wanted.type: key for key, wanted in PREFETCH.items()}
NAMES = ["alpha lipoic acid", "NAC 600 mg", "foopowder", "Prograf", "aspirin, safe: no risk", None]
BROKEN = st.sampled_from(
    [LEFT_OUT, None, FAILED, 7, searchset([FAILED]), searchset(link=[{"relation": "next"}])]
)
MS = {
    "resourceType": "Condition",
    "id": "ms",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "verificationStatus": {"coding": [{"code": "confirmed"}]},
    "code": {"text": "Multiple sclerosis"},
    "subject": {"reference": "Patient/me"},
}


def sent_of(resources: list[dict[str, Any]], *, ms: bool) -> dict[str, Any]:
    """Return a record as a prefetch that is whole."""
    sent: dict[str, Any] = {key: searchset() for key in PREFETCH}
    for one in [*resources, *([MS] if ms else [])]:
        if one["resourceType"] == "Patient":
            sent["patient"] = one
        elif one["resourceType"] in KEYS:
            sent[KEYS[one["resourceType"]]]["entry"].append({"resource": one})
    return sent


prefetches = st.builds(lambda r, ms: sent_of(r, ms=ms), records(), st.booleans())
broken = st.dictionaries(st.sampled_from(list(PREFETCH)), BROKEN, max_size=4)
drafts = st.lists(st.sampled_from(NAMES), max_size=3).map(
    lambda names: [draft(name, f"d{at}") for at, name in enumerate(names)]
)
hooks = st.sampled_from(["patient-view", "order-select", "order-sign"])


def with_parts(sent: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in (sent | parts).items() if value is not LEFT_OUT}


def answered(hook: str, sent: object, orders: list[dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return answer(hook, sent, LEFT_OUT if hook == "patient-view" else orders)
    except NothingSentError:
        return None


@given(hooks, prefetches, broken, drafts)
@settings(max_examples=40)
def test_no_card_amounts_to_an_all_clear_and_each_is_as_specified(
    hook: str, sent: dict[str, Any], parts: dict[str, Any], orders: list[dict[str, Any]]
) -> None:
    found = answered(hook, with_parts(sent, parts), orders)
    assert found is not None
    assert wrong_in(found) == []
    assert len(found["cards"]) <= 2
    for card in found["cards"]:
        summary = card["summary"]
        assert summary.endswith("This clears nothing.")
        # What the patient typed is in quotes, or the product that has a level before it.
        assert reassuring_words(summary.replace("“aspirin, safe: no risk”", ""), claim=False) == ()
        assert "clears nothing" in card["detail"].casefold()
        assert "No clinician has reviewed these rules yet" in card["detail"]
        assert card["source"]["label"].startswith("msrisk, rules ")


@given(hooks, prefetches, broken, drafts)
@settings(max_examples=40)
def test_every_failure_is_said_on_every_card(
    hook: str, sent: dict[str, Any], parts: dict[str, Any], orders: list[dict[str, Any]]
) -> None:
    given_ = with_parts(sent, parts)
    found = answered(hook, given_, orders)
    assert found is not None
    failed = [one for one in parts_of(given_) if one.shape is not Shape.WHOLE]
    for card in found["cards"]:
        for one in failed:
            assert f"- {one.words.capitalize()}: {one.shape.value}" in card["detail"]


@given(hooks, prefetches, st.sampled_from(list(PREFETCH)), BROKEN, drafts)
@settings(max_examples=40)
def test_what_fails_silences_nothing(
    hook: str, sent: dict[str, Any], key: str, value: object, orders: list[dict[str, Any]]
) -> None:
    before = answered(hook, sent, orders)
    after = answered(hook, with_parts(sent, {key: value}), orders)
    assert before is not None
    assert after is not None
    assert bool(after["cards"]) >= bool(before["cards"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(hooks, st.dictionaries(st.sampled_from(list(PREFETCH)), JSON), JSON, JSON)
@settings(max_examples=60)
def test_whatever_is_sent_has_an_answer_in_words(
    hook: str, sent: dict[str, Any], orders: Any, selections: Any
) -> None:
    try:
        found = answer(hook, sent, {"entry": [{"resource": orders}]}, selections=selections)
    except NothingSentError:
        return
    assert wrong_in(found) == []
