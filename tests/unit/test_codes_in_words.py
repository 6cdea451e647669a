"""A code among words is read by the words beside it, however many others there are."""

from __future__ import annotations

import pytest

from msrisk.api import default_ruleset
from msrisk.model.profile import Entry
from msrisk.recognition import recognise_entry
from msrisk.recognition.lexicon import lexicon_of
from msrisk.recognition.together import codes_in_words

# A name that is a code too, and two of which a code is a part.
NAMES = ("K20", "Co-enzyme Q10", "HFE C282Y homozygous")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("filler", ["foo, ", "foo'", "- ", "x–", "foo bar "])
def test_what_stands_far_away_says_nothing_of_a_code(name: str, filler: str) -> None:
    lexicon = lexicon_of(default_ruleset())
    near, far = (
        codes_in_words(f"{filler * times} {name} {filler * times}", "conditions", lexicon)
        for times in (1, 400)
    )
    assert (near.codes, near.perhaps) == (far.codes, far.perhaps)
    assert [code.code for code in far.perhaps] == [name] * (name == "K20")


def test_two_symptoms_that_a_medicine_is_asked_for_are_none_of_the_supplement() -> None:
    read = recognise_entry(
        Entry("metformin for nausea and itching"), "medication", default_ruleset()
    )
    assert read.may_be.isdisjoint({"nausea", "itching"})
    supplement = Entry("alpha lipoic acid for nausea itching")
    told = recognise_entry(supplement, "supplement", default_ruleset())
    assert told.may_be.isdisjoint({"nausea", "itching"})


def test_a_code_of_letters_that_only_stand_inside_of_names_is_that_code() -> None:
    lexicon = lexicon_of(default_ruleset())
    assert "m10" in lexicon.tokens
    assert [code.code for code in codes_in_words("M10", "conditions", lexicon).codes] == ["M10"]
