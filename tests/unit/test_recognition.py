"""Recognition over any text: it never raises, never drops and never contradicts itself."""

from __future__ import annotations

import re
import time

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from msrisk.api import default_ruleset, recognise
from msrisk.errors import ConceptError
from msrisk.model.concepts import (
    ANYTHING,
    CODE_SYSTEMS,
    Recognition,
    WordKind,
    Words,
    WordsRead,
    closure,
)
from msrisk.model.facts import Fact
from msrisk.model.profile import (
    NONE_REPORTED,
    Code,
    Entries,
    Entry,
    PatientProfile,
    Supplement,
)
from msrisk.model.rules import RuleSet
from msrisk.recognition import KINDS, recognise_entry, recognise_profile
from msrisk.recognition.characters import normalised, split_name
from msrisk.recognition.items import tokenise
from msrisk.recognition.lexicon import Lexicon, lexicon_of
from msrisk.recognition.look_alikes import LookAlikes, distance, look_alikes_of
from msrisk.recognition.reading import read_words
from msrisk.rendering.recognition_words import recognition_lines
from tests.unit.recognition_world import WORDS, made_of, small

LEXICON = lexicon_of(small())
VOCABULARY = small().vocabulary
NAMES = sorted(
    {
        name
        for group in (VOCABULARY.drugs, VOCABULARY.concepts, VOCABULARY.drug_classes)
        for one in group
        for name in (one.name, *one.names)
    }
    | {name for term in VOCABULARY.terms for name in term.names}
)
SAID = sorted({word for words in VOCABULARY.words for word in words.words})
UNKNOWN = ["foozumab", "gribble", "x9y8z7", "ünbekannt", "1", "20,5", "2010"]
MARKS = [
    " ", " ", " ", ", ", "; ", ". ", " (", ") ", " - ", "-", "/", " + ", " and ", " but ", ": ",
]  # fmt: skip
QUALIFYING = [
    word
    for words in VOCABULARY.words
    if words.kind.value in {"negated", "stopped", "planned", "other-person", "doubtful", "unsaid"}
    for word in words.words
]
KIND_NAMES = sorted(KINDS)
A_THOUSAND = 1000


@st.composite
def entries(draw: st.DrawFn) -> str:
    """Return entries made of names, words, marks and unknown words."""
    parts = draw(st.lists(st.sampled_from([*NAMES, *SAID, *UNKNOWN]), min_size=1, max_size=7))
    return "".join(part + draw(st.sampled_from(MARKS)) for part in parts)


def _read(text: str, kind: str) -> Recognition:
    return read_words(text, KINDS[kind], kind, LEXICON)


def _ids(found: Recognition) -> frozenset[str]:
    possible = frozenset() if found.possible is ANYTHING else found.possible
    return found.concepts | found.named | possible


def _is_sound(found: Recognition) -> None:
    possible = found.possible
    if possible is not ANYTHING:
        assert not possible & (found.concepts | found.named)
        above = closure(_ids(found), LEXICON.parents)
        assert above <= _ids(found)
    assert closure(found.concepts, LEXICON.parents) == found.concepts
    assert bool(found.reason) is (possible is ANYTHING or bool(possible))
    assert set(found.why) >= found.concepts
    assert found.says is not False or (possible == frozenset() and not found.concepts)
    most = 3
    assert len(found.suggestions) <= most


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(max_size=A_THOUSAND), st.sampled_from(KIND_NAMES))
@example("(" * A_THOUSAND, "medication")
@example("insulin, no " * 83, "medication")
@example("1." * 500, "supplement")
@example("for a tablet " * 76, "medication")
@example("qwertyuiop " * 90, "condition")
def test_any_text_is_read_in_milliseconds_and_never_raises(text: str, kind: str) -> None:
    start = time.perf_counter()
    found = _read(text, kind)
    assert time.perf_counter() - start < 1  # generous: milliseconds, on a busy machine too
    _is_sound(found)


@settings(deadline=None)  # a busy machine is no failure
@given(entries(), st.sampled_from(KIND_NAMES))
def test_what_is_recognised_never_contradicts_itself(text: str, kind: str) -> None:
    _is_sound(_read(text, kind))


@settings(deadline=None)  # a busy machine is no failure
@given(
    entries(),
    st.sampled_from([*QUALIFYING, *UNKNOWN[:4]]),
    st.booleans(),
    st.sampled_from(KIND_NAMES),
)
def test_a_qualifier_or_an_unknown_word_makes_nothing_vanish(
    text: str, more: str, before: bool, kind: str
) -> None:
    told = _ids(_read(text, kind))
    found = _read(f"{more}; {text}" if before else f"{text}; {more}", kind)
    assert all(one in found.possible or one in _ids(found) for one in told)


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.sampled_from(NAMES),
    st.sampled_from([*QUALIFYING, *UNKNOWN[:4]]),
    st.sampled_from(KIND_NAMES),
)
def test_a_name_beside_a_qualifier_or_an_unknown_word_stays_possible(
    name: str, more: str, kind: str
) -> None:
    alone = _read(name, kind)
    for text in (f"{more}, {name}", f"{name}, {more}", f"{name} ({more})"):
        found = _read(text, kind)
        assert all(one in found.possible or one in _ids(found) for one in _ids(alone)), text
        assert found.says is not False


@settings(deadline=None)  # a busy machine is no failure
@given(entries(), st.sampled_from(UNKNOWN[:4]), st.sampled_from(KIND_NAMES))
def test_a_word_that_is_not_understood_leaves_anything_open(
    text: str, unknown: str, kind: str
) -> None:
    assert _read(f"{text}; {unknown}", kind).possible is ANYTHING


@settings(deadline=None)  # a busy machine is no failure
@given(
    entries(),
    st.lists(
        st.sampled_from(
            [
                ("atc", "A10BA02"), ("atc", "A10"), ("atc", "L04AD02"), ("atc", "Z99"),
                ("icd_10_cm", "E11.9"), ("icd_10_cm", "G35"), ("icd_10", "K70.1"), ("rxnorm", "1"),
            ]
        ),
        max_size=3,
    ),
    st.sampled_from(sorted({*KINDS} - {"supplement"})),
)  # fmt: skip
def test_codes_and_words_together_are_sound(
    text: str, codes: list[tuple[str, str]], kind: str
) -> None:
    told = tuple(Code(CODE_SYSTEMS[system], code) for system, code in codes)
    found = recognise_entry(Entry(text, told), kind, small())
    _is_sound(found)
    assert found.text == text


@settings(deadline=None)  # a busy machine is no failure
@given(st.sampled_from(NAMES), st.sampled_from(KIND_NAMES))
def test_capitals_and_accents_make_no_difference(name: str, kind: str) -> None:
    other = name.upper().replace("E", "É")
    plain = _read(name, kind)
    assert _ids(_read(other, kind)) == _ids(plain)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ConceptError, match="kind"):
        recognise("metformin", "food", ruleset=small())


def test_a_supplement_is_read_from_its_name() -> None:
    found = recognise("alpha lipoic acid 600 mg BID", "supplement", ruleset=small())
    assert found.dose is not None
    assert found.dose.daily.high == 1200


def test_the_normal_form_knows_no_case_no_accents_and_no_apostrophes() -> None:
    assert normalised("Hashimoto's ＭＳ é ß ʼ’") == "hashimotos ms e ss "
    assert split_name("N-acetyl-L-cysteine (NAC)") == ("n", "acetyl", "l", "cysteine", "nac")


@given(st.text("aZ9'-?é_ ", max_size=6) | st.text(max_size=6))
@example("Metformin500")
@example("²")
def test_a_name_of_nothing_but_letters_and_digits_is_split_like_any_other(name: str) -> None:
    assert split_name(name) == split_name(f"{name} ")


def test_tokens_know_their_sentence_clause_item_and_brackets() -> None:
    tokens = tokenise("Stopped A and b, c (d-z) but f. G; h? [i")[1]
    places = {t.text: (t.sentence, t.clause, t.item, t.bracket) for t in tokens}
    assert places["stopped"] == (0, 0, 0, 0)
    assert places["b"] == (0, 0, 1, 0)
    assert places["c"] == (0, 1, 2, 0)
    assert places["z"] == (0, 2, 2, 1)
    assert places["f"] == (0, 4, 3, 0)
    assert places["g"][0] == 1
    assert places["h"][0] == 2
    assert places["i"][3] == 2
    assert [t.text for t in tokens if t.joined] == ["z"]


def test_a_hyphen_between_blanks_joins_nothing() -> None:
    assert not any(token.joined for token in tokenise("a - b -c d- e")[1])


def test_a_distance_counts_letters_that_differ_are_missing_or_are_swapped() -> None:
    assert distance("abcd", "abcd", 2) == 0
    assert distance("abcd", "abdc", 2) == 1
    assert distance("abcd", "abxd", 2) == 1
    assert distance("abcd", "abcde", 2) == 1
    assert distance("abcd", "xbcde", 2) == 2
    assert distance("abcd", "xbdc", 2) == 2
    assert distance("abcdefgh", "hgfedcba", 2) > 2


def test_the_nearest_names_are_suggested_first_and_at_most_three() -> None:
    names = ["fooxyzab", "fooxyzac", "fooxyzad", "fooxyzae"]
    drugs = [evolve(VOCABULARY.drugs[0], id=name, name=name, names=(), codes={}) for name in names]
    found = recognise("fooxyzaf", "medication", ruleset=made_of(drugs=drugs, terms=()))
    assert found.suggestions == ("fooxyzab", "fooxyzac", "fooxyzad")
    near = recognise("fooxyzacc", "medication", ruleset=made_of(drugs=drugs, terms=()))
    assert near.suggestions[0] == "fooxyzac"


def test_a_name_of_marks_alone_is_passed_over() -> None:
    words = (*WORDS, Words(WordKind.FILLER, ("--",)))
    assert Lexicon(made_of(words=words)).match("medications", ("metformin",), 0) is not None


def test_the_lexicon_is_made_once_for_rule_sets_that_share_their_names() -> None:
    rules = small()
    assert lexicon_of(rules) is lexicon_of(evolve(rules, version="another"))
    assert lexicon_of(rules) is not lexicon_of(made_of(terms=()))


def _facts(profile: PatientProfile, field: str) -> tuple[Fact, ...]:
    return recognise_profile(profile, small()).told[field]


def test_a_profile_is_recognised_in_the_given_order() -> None:
    profile = PatientProfile(
        medications=["insulin", "foozumab", "stopped tacrolimus"],
        conditions=Entries(("MS",), complete=False),
        allergies=NONE_REPORTED,
    )
    names = [fact.recognition.name for fact in _facts(profile, "medications")]
    assert names == ["insulin", None, "tacrolimus"]
    assert [fact.taking for fact in _facts(profile, "medications")] == [True, True, None]
    assert _facts(profile, "allergies") == ()
    assert _facts(profile, "symptoms") == ()


def test_two_equal_supplements_raise_a_doubt_and_two_equal_medications_none() -> None:
    profile = PatientProfile(supplements=["NAC", "NAC", "magnesium"], medications=["insulin"] * 2)
    assert [bool(fact.doubt) for fact in _facts(profile, "supplements")] == [True, True, False]
    assert not any(fact.doubt for fact in _facts(profile, "medications"))


def test_no_food_allergy_closes_the_foods_that_another_entry_leaves_open_without_naming_them() -> (
    None
):
    profile = PatientProfile(allergies=["no known food allergies", "NKDA", "milk?"])
    told = recognise_profile(profile, default_ruleset()).told["allergies"]
    no_food, no_drug, milk = (fact.recognition.may_be_allergens for fact in told)
    assert no_drug.isdisjoint({"egg", "milk-protein"})
    assert "alpha-lipoic-acid" in no_drug
    assert "penicillin-allergen" in no_food
    assert "milk-protein" in milk


def test_without_such_a_word_the_foods_stay_open() -> None:
    profile = PatientProfile(allergies=["NKDA", "milk?"])
    told = recognise_profile(profile, default_ruleset()).told["allergies"]
    assert told[0].recognition.may_be_allergens >= {"egg", "milk-protein"}


def test_dose_words_against_dose_fields_raise_a_doubt() -> None:
    (fact,) = _facts(
        PatientProfile(supplements=[Supplement("NAC 600 mg twice a day", dose_mg=900)]),
        "supplements",
    )
    assert "dose" in fact.doubt
    assert (fact.dose.each.low, fact.dose.each.high) == (600, 900)


@pytest.mark.parametrize(
    ("words", "field", "taking", "doubted"),
    [
        ("taking NAC", None, True, False),
        ("NAC", True, True, False),
        ("planning to take NAC", True, None, True),
        ("taking NAC", True, True, False),
        ("taking NAC", False, None, True),
    ],
)
def test_whether_a_supplement_was_started_is_told_once_or_doubted(
    words: str, field: bool | None, taking: bool | None, doubted: bool
) -> None:
    profile = PatientProfile(supplements=[Supplement(words, taking=field)])
    (fact,) = _facts(profile, "supplements")
    assert fact.taking is taking
    assert bool(re.search("started", fact.doubt)) is doubted


@settings(deadline=None)  # a busy machine is no failure
@given(entries(), st.sampled_from(KIND_NAMES))
def test_every_word_of_an_entry_is_told_with_what_it_was_read_as(text: str, kind: str) -> None:
    told = " ".join(part.words for part in _read(text, kind).read)
    assert told.replace(" ", "") == "".join(t.text for t in tokenise(text, LEXICON.tokens)[1])


def test_every_kind_of_word_can_be_told_in_words() -> None:
    for kind in WordKind:
        found = Recognition("x", "medication", read=(WordsRead("x", kind.value),))
        assert ("words", "“x”: ") in [(a, b[:5]) for a, b in recognition_lines(found)]


@pytest.mark.parametrize(
    "words",
    [
        "levotyhroxien",
        "metfromin hydorchloride",
        "mycohpenolaet mofetil",
        "metfromni",
        "asprin",
        "warfarni",
    ],
)
def test_names_two_slips_away_are_found_without_a_look_at_every_name(words: str) -> None:
    lexicon = lexicon_of(RuleSet.default())
    most = 1 if len(words) < 8 else 2
    every = {" ".join(name): one for name, one in lexicon.names("medications").items()}
    near = {
        name for name, one in every.items() if one.is_name and distance(words, name, most) <= most
    }
    assert {one.name for one in look_alikes_of(lexicon).alike("medications", words)} == near


def test_what_was_looked_up_before_changes_no_names_that_look_alike() -> None:
    names = LookAlikes(lexicon_of(RuleSet.default()))
    first = names.alike("medications", "metfromin")
    assert names.alike("medications", "warfarni")
    assert names.alike("medications", "metfromin") == first


@pytest.mark.parametrize("text", ["Synthroid\ufffd 50 mcg", "insulin\ufffd glargine", "\ufffdnone"])
def test_a_character_that_was_lost_at_a_word_is_named_and_asked_about(text: str) -> None:
    [fact] = recognise_profile(PatientProfile(medications=[text]), default_ruleset()).told[
        "medications"
    ]
    assert fact.doubt == "replacement character inside a word, passed over: is the word right?"


def test_a_character_that_was_lost_between_words_is_no_doubt() -> None:
    [fact] = recognise_profile(
        PatientProfile(medications=["insulin \ufffd metformin"]), default_ruleset()
    ).told["medications"]
    assert fact.doubt == ""
