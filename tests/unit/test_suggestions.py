"""What is suggested for words that are not understood is understood, once somebody takes it."""

from __future__ import annotations

import pytest

import msrisk
from msrisk.model.profile import LIST_FIELDS, Entry
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_entry
from msrisk.recognition.lexicon import lexicon_of
from msrisk.recognition.suggesting import understood
from tests.properties.strategies import KIND_OF

EVERY = 101  # of 40,000 names


@pytest.mark.parametrize(
    ("kind", "typed", "suggested"),
    [
        ("supplement", "lipioc", ("alpha lipoic acid",)),
        ("medication", "xiperre", ("xipere",)),
        ("medication", "metfromin", ("metformin",)),
        ("condition", "agoraphobbia", ("agoraphobia",)),
    ],
)
def test_a_suggestion_is_a_name_that_its_list_understands(
    kind: str, typed: str, suggested: tuple[str, ...]
) -> None:
    assert msrisk.recognise(typed, kind).suggestions == suggested
    assert msrisk.recognise(suggested[0], kind).status != "unrecognised"


def test_each_name_would_be_suggested_in_words_that_tell_what_it_stands_for(
    ruleset: RuleSet,
) -> None:
    lexicon = lexicon_of(ruleset)
    names = [name for size in range(4, 60) for name in lexicon.all_names.of_length(size)]
    wrong = []
    for name in names[::EVERY]:
        for field in LIST_FIELDS:
            meaning = lexicon.name(field, tuple(name.split()))
            if meaning is None:
                continue
            words = understood(name, meaning, field, lexicon)
            told = recognise_entry(Entry(words), KIND_OF[field], ruleset, suggest=False)
            ids = {*(meaning.named or meaning.possible)} - {"anything"}
            unread = any(one.role == "not understood" for one in told.read)
            if unread or not ids <= told.concepts | told.named | told.may_be | told.allergens:
                wrong.append((field, name, words))
    assert wrong == []
