"""What a diff says of words, citations, claims, sources and questions."""

from __future__ import annotations

from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.analysis import Verdict, compare
from msrisk.model import conditions as c
from msrisk.model.rules import EVERY, Basis, Claim, Kind, RuleSet
from msrisk.model.sources import Citation, Passage
from tests.unit.analysis_world import (
    RULES,
    change_of,
    changed,
    edited,
    made,
    rule,
    with_rules,
    without,
)

RED = c.Takes("red-medicine")
LEVELS = (
    *(Kind.INFORM, Kind.SILENCE, Kind.CAUTION, Kind.CONTRAINDICATION, Kind.EMERGENCY, Kind.ADVICE),
)
WORDS: dict[str, tuple[object, str, bool]] = {
    "message": ("Other words.", "message: “What x says.” became “Other words.”", True),
    "action": ("", "action: “What x asks for.” became nothing, so that less is told", True),
    "basis": (Basis.THRESHOLD, "basis: “stated” became “threshold”", True),
    "question": ("Is it so?", "question: {} became “Is it so?”", True),
    "argument": ("Because.", "argument: nothing became “Because.”", True),
    "since": ("2", "since: “1” became “2”", False),
}


def with_x(kind: Kind, **keys: Anything) -> RuleSet:
    return with_rules(rule("x", RED if kind.level is not None else None, kind, **keys))


@pytest.mark.parametrize("kind", LEVELS)
@pytest.mark.parametrize("key", WORDS)
def test_words_that_a_patient_reads_are_signed_for_at_every_level_and_in_a_caveat(
    kind: Kind, key: str
) -> None:
    value, says, read = WORDS[key]
    one = changed(with_x(kind), with_x(kind, **{key: value}), "x")
    asked = "“Does x apply?”" if kind.level is not None else "nothing"
    assert (one.verdict, one.says) == (Verdict.REWORDS, (says.format(asked),))
    assert (one.gated, one.shown) == (read, None)


@pytest.mark.parametrize("kind", LEVELS)
def test_a_citation_that_is_lost_is_signed_for_at_every_level_and_one_gained_is_not(
    kind: Kind,
) -> None:
    whole = Citation("text", whole=True, reason="it is all there is")
    less = with_x(kind, cites=(Citation("text", (2,)),))
    more = with_x(kind, cites=(Citation("text", (2,)), Citation("text", (1,)), whole))
    lost, won = changed(more, less, "x"), changed(less, more, "x")
    places = ("passage 1 of text", "text as a whole (it is all there is)")
    assert lost.says == tuple(f"it no longer cites {place}" for place in places)
    assert won.says == tuple(f"it now cites {place}" for place in places)
    assert (lost.verdict, lost.gated) == (Verdict.REWORDS, True)
    assert (won.verdict, won.gated) == (Verdict.REWORDS, False)


def test_citations_in_another_order_or_grouping_are_the_same() -> None:
    split = with_x(Kind.CAUTION, cites=(Citation("text", (2,)), Citation("text", (1,))))
    assert compare(with_x(Kind.CAUTION), split).changes == ()


@pytest.mark.parametrize(
    ("keys", "says", "gated"),
    [
        ({"reason": "chosen"}, "reason: “made up” became “chosen”", True),
        ({"reference": "a book"}, "reference: “nowhere” became “a book”", True),
        ({"name": "an age"}, "name: “[-some-] age” became “{+an+} age”", False),
    ],
)
def test_the_grounds_of_a_threshold_are_told(keys: dict[str, str], says: str, gated: bool) -> None:
    one = changed(RULES, edited(RULES, "years", **keys), "years")
    assert (one.verdict, one.says, one.gated) == (Verdict.REWORDS, (says,), gated)


def test_a_threshold_that_loses_its_source_is_signed_for() -> None:
    new = edited(RULES, "much", cites=(), reason="chosen", reference="a book")
    one = changed(RULES, new, "much")
    assert one.gated
    assert one.says == (
        "reason: nothing became “chosen”",
        "reference: nothing became “a book”",
        "it no longer cites passage 1 of text",
    )


def test_a_number_that_is_raised_against_the_sentence_it_cites_is_signed_for() -> None:
    old = next(one for one in RULES.thresholds if one.id == "much")
    raised, lowered = (edited(RULES, "much", value=old.value + by) for by in (1, -1))
    assert changed(RULES, raised, "much").reviewed
    assert not changed(RULES, lowered, "much").reviewed
    gone = changed(RULES, without(RULES, "much"), "much")
    assert not gone.reviewed


# --- Claims ---


def test_a_claim_that_goes_takes_what_stands_against_it_along() -> None:
    one = changed(RULES, without(RULES, "claim"), "claim")
    assert one.verdict is Verdict.WEAKENS
    assert one.says == ("it is no longer shown",)
    assert one.shown is not None
    assert {(loss.what, loss.id) for loss in one.shown.losses} == {("claim", "claim")}
    new = changed(without(RULES, "claim"), RULES, "claim")
    assert (new.verdict, new.gated) == (Verdict.STRENGTHENS, True)
    assert new.says == (
        "it is new: “It is harmless.”",
        "beside it: red",
        "message sounds like an all-clear: “harmless”",
    )


def test_a_claim_that_loses_one_of_two_other_sides_weakens() -> None:
    old = edited(RULES, "claim", qualified_by=("advice",))
    assert changed(old, RULES, "claim").verdict is Verdict.WEAKENS
    more = changed(RULES, old, "claim")
    assert (more.verdict, more.gated) == (Verdict.REWORDS, False)
    assert more.says == ("qualified_by: advice was added",)


def test_a_claim_that_is_only_qualified_and_no_longer_disputed_is_to_be_read() -> None:
    one = changed(RULES, edited(RULES, "claim", disputed_by=(), qualified_by=("red",)), "claim")
    assert (one.verdict, one.gated) == (Verdict.REWORDS, True)
    assert one.says == ("red disputed it, and now only qualifies it",)


def test_a_claim_that_is_disputed_by_the_same_rule_under_a_new_name_is_not_to_be_read() -> None:
    (old,) = (one for one in RULES.rules if one.id == "red")
    others = tuple(one for one in RULES.rules if one is not old)
    renamed = made(rules=(*others, evolve(old, id="rouge", replaces=("red",))))
    one = changed(RULES, edited(renamed, "claim", disputed_by=("rouge",)), "claim")
    assert (one.says, one.gated) == (("disputed_by: rouge was added",), False)


def test_a_claim_about_fewer_substances_weakens_and_about_more_strengthens() -> None:
    fewer = edited(RULES, "claim", applies_to=("lucidol",))
    assert changed(RULES, fewer, "claim").verdict is Verdict.WEAKENS
    one = changed(fewer, RULES, "claim")
    assert (one.verdict, one.says) == (
        Verdict.STRENGTHENS,
        ("it was about lucidol, is about every",),
    )
    listed = edited(RULES, "claim", applies_to=("lucidol", "veritane"))
    assert changed(RULES, listed, "claim").verdict is Verdict.EQUIVALENT


def test_a_claim_in_another_pack_is_to_be_read() -> None:
    one = changed(RULES, edited(RULES, "claim", pack="others"), "claim")
    assert (one.verdict, one.says) == (
        Verdict.REWORDS,
        ("it was in the pack texts, and is in others",),
    )


@pytest.mark.parametrize(
    ("keys", "gated"),
    [
        ({"message": "It is fine."}, True),
        ({"cites": (Citation("text", (2,)),)}, True),
        ({"cites": (Citation("text", (2, 3)),)}, False),
    ],
)
def test_a_claim_in_other_words_or_of_another_source_is_to_be_read(
    keys: dict[str, Anything], gated: bool
) -> None:
    one = changed(RULES, edited(RULES, "claim", **keys), "claim")
    assert (one.verdict, one.gated) == (Verdict.REWORDS, gated)


def test_a_claim_that_nobody_was_shown_goes_unnoticed_by_patients() -> None:
    (claim,) = RULES.claims
    old = made(claims=(claim, evolve(claim, id="other", applies_to=("veritane",))))
    away = without(old, "veritane")
    one = changed(old, made(away, claims=(claim,)), "other")
    assert (one.verdict, one.says) == (
        Verdict.EQUIVALENT,
        ("it was removed, and nobody was shown it",),
    )
    assert isinstance(claim, Claim)
    assert claim.applies_to == (EVERY,)


# --- Sources, questions, the rule set itself ---


@pytest.mark.parametrize(
    ("keys", "says", "gated"),
    [
        ({"title": "Another title"}, "its title: “A made-up text” became “Another title”", False),
        ({"licence": "free"}, "its licence: “unknown” became “free”", False),
        ({"interest": "sells it"}, "its interest: “unknown” became “sells it”", True),
        ({"author": "a nurse"}, "its author: “unknown” became “a nurse”", True),
        ({"kind": "research"}, "its kind: “lay” became “research”", True),
        ({"file_sha256": "1" * 64}, f"its file_sha256: “{'0' * 64}” became “{'1' * 64}”", True),
        (
            {
                "passage": (
                    *(Passage(n, 10 * n, 10 * n + 9, f"{n:064x}", "x", 1, n) for n in (1, 2)),
                    Passage(3, 30, 39, "f" * 64, "(opening)", 1, 3),
                )
            },
            "its passages changed",
            True,
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_another_text_under_the_same_citations_is_to_be_read(
    keys: dict[str, Anything], says: str, gated: bool
) -> None:
    one = changed(RULES, edited(RULES, "text", **keys), "text")
    assert (one.about, one.verdict, one.says, one.gated) == (
        "source",
        Verdict.REWORDS,
        (says,),
        gated,
    )


def test_a_source_that_goes_is_to_be_read_and_a_new_one_is_not() -> None:
    more = made(sources=(*RULES.sources, evolve(RULES.sources[0], id="more")))
    gone, new = changed(more, RULES, "more"), changed(RULES, more, "more")
    assert (gone.verdict, gone.says, gone.gated) == (Verdict.REWORDS, ("it was removed",), True)
    assert (new.verdict, new.says, new.gated) == (Verdict.EQUIVALENT, ("it is new",), False)


@pytest.mark.parametrize(
    ("keys", "says", "gated"),
    [
        (
            {"question": "How are you?"},
            "question: “What about age_years?” became “How are you?”",
            1,
        ),
        ({"name": "years"}, "name: “age_years” became “years”", 0),
    ],
)
def test_a_question_of_the_profile_is_told_in_full_and_is_to_be_read(
    keys: dict[str, str], says: str, gated: bool
) -> None:
    one = changed(RULES, edited(RULES, "age_years", **keys), "age_years")
    assert (one.about, one.verdict, one.says, one.gated) == (
        "question",
        Verdict.REWORDS,
        (says,),
        gated,
    )


def test_notes_say_that_the_version_stayed_and_which_pack_is_gone() -> None:
    diff = compare(RULES, made(packs=("texts",)))
    assert diff.changes == ()
    assert diff.notes == (
        "The content changed, and the version is still 1. Give the rule set a new version.",
        (
            "There is no pack others any more, and whoever asks for it is refused. "
            "Tell those who use it."
        ),
    )
    assert compare(RULES, RULES).notes == ()
    assert change_of(compare(RULES, without(RULES, "claim")), "claim").about == "claim"
