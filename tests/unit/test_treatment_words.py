"""Words of a treatment beside an illness hide no name, and leave open what they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from msrisk.api import default_ruleset, recognise
from msrisk.model.concepts import ANYTHING, Recognition, WordKind, closure
from msrisk.recognition.lexicon import lexicon_of

BESIDE = [
    f"{illness}{sign}"
    for sign in (", ", " ", " on ", " / ", "; ")
    for illness in ("hypertension", "MS", "T2DM")
]
TREATING = (WordKind.TREATED, WordKind.ANY_MEDICINE)


@cache
def _names() -> dict[str, frozenset[str]]:
    """Return the wide names of medicines and the illnesses that tell classes, with these."""
    lexicon = lexicon_of(default_ruleset())
    found: dict[str, frozenset[str]] = {}
    for field in ("medications", "supplements", "conditions"):
        for words, meaning in lexicon.names(field).items():
            classes = lexicon.told_by(meaning) & lexicon.classes
            if classes and meaning.is_name and (meaning.possible or field == "conditions"):
                name = " ".join(words)
                found[name] = found.get(name, frozenset()) | classes
    return found


def _words(*kinds: WordKind) -> Iterator[str]:
    lists = default_ruleset().vocabulary.words
    return (word for one in lists if one.kind in kinds for word in one.words)


def _told(text: str) -> frozenset[str]:
    """Return the classes that an entry among the conditions tells or leaves open."""
    found = recognise(text, "condition")
    return (found.concepts | _may_be(found)) & lexicon_of(default_ruleset()).classes


def _may_be(found: Recognition) -> frozenset[str]:
    return found.heard if found.possible is ANYTHING else found.heard | found.possible


def test_what_a_wide_name_tells_alone_it_tells_beside_any_illness() -> None:
    """Each of some 2,300 names beside one of them; the hunt takes all by all."""
    lost = {
        text: sorted(classes - told)
        for at, (name, classes) in enumerate(_names().items())
        if not classes <= (told := _told(text := BESIDE[at % len(BESIDE)] + name))
    }
    assert lost == {}


def test_words_of_a_treatment_tell_all_that_the_names_in_them_tell() -> None:
    hidden = {
        word: sorted(classes)
        for word in _words(*TREATING)
        for name, classes in _names().items()
        if f" {name} " in f" {word.casefold()} " and not classes <= _told(f"hypertension {word}")
    }
    assert hidden == {}


def test_a_medicine_of_a_trial_or_an_injection_may_be_any_beside_hypertension() -> None:
    classes = lexicon_of(default_ruleset()).classes
    for word in _words(WordKind.ANY_MEDICINE):
        assert _told(f"hypertension, {word}") == classes, word


@pytest.mark.parametrize("text", ["hypertension on tablets", "hypertension, on treatment"])
def test_what_hypertension_is_treated_with_is_of_no_class_that_rules_ask_for(text: str) -> None:
    assert _told(text) == frozenset()


def test_beside_an_illness_a_trial_is_of_what_that_is_treated_with() -> None:
    assert "glucose-lowering-medication" in _told("T2DM, in a drug trial")
    assert "thyroid-medication" not in _told("T2DM, in a drug trial")


def test_a_medicine_that_is_named_says_what_the_injections_are_of() -> None:
    assert "anticoagulant-medication" in _told("hypertension, Clexane injections")
    assert "thyroid-medication" not in _told("hypertension, Clexane injections")
    assert "thyroid-medication" in _told("hypertension, Clexane, in a drug trial")


def test_a_case_of_what_is_treated_is_treated_too() -> None:
    """What an illness implies, each case of it implies."""
    concepts = {one.id: one for one in default_ruleset().vocabulary.concepts}
    within = {id_: one.within for id_, one in concepts.items()}
    parents = {one.id: one.within for one in default_ruleset().vocabulary.drug_classes}
    for one in concepts.values():
        above = closure(one.within, within)
        implied = frozenset(id_ for up in above for id_ in concepts[up].implies)
        assert implied <= closure(one.implies, parents), one.id
