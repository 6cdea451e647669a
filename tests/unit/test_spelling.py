"""International names as other languages spell them are found, and nothing else is."""

from __future__ import annotations

import pytest

import msrisk
from msrisk.recognition import lexicon_of
from msrisk.recognition.characters import split_name
from msrisk.recognition.spelling import Spellings, key_of, spelled_otherwise, without_salt

NAMES = (
    "levothyroxine", "methotrexate", "tacrolimus", "infliximab", "salbutamol", "neostigmine",
    "diclofenac", "suxamethonium", "linezolid", "heparin", "isoniazid", "folic acid", "insulin",
)  # fmt: skip


@pytest.fixture(scope="module")
def few() -> Spellings:
    return spelled_otherwise(NAMES)


@pytest.fixture(scope="module")
def every() -> Spellings:
    return spelled_otherwise(drug.name for drug in msrisk.RuleSet.default().vocabulary.drugs)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("levothyroxina", "levothyroxine"),
        ("levothyroxin", "levothyroxine"),
        ("levothyroxinum", "levothyroxine"),
        ("methotrexato", "methotrexate"),
        ("methotrexatum", "methotrexate"),
        ("tacrolimo", "tacrolimus"),
        ("infliximabe", "infliximab"),
        ("infliximabum", "infliximab"),
        ("linezolide", "linezolid"),
        ("heparine", "heparin"),
        ("isoniazida", "isoniazid"),
        ("insulina", "insulin"),
    ],
)
def test_an_ending_of_another_language_is_still_the_same_medicine(
    few: Spellings, word: str, name: str
) -> None:
    assert few.name_of(word) == name


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("levothyroxinnatrium", "levothyroxine"),
        ("diclofenacnatrium", "diclofenac"),
        ("diclofenackalium", "diclofenac"),
        ("salbutamolsulfat", "salbutamol"),
        ("methotrexatdinatrium", "methotrexate"),
        ("heparincalcium", "heparin"),
    ],
)
def test_a_salt_that_german_joins_to_a_name_is_split_off(
    few: Spellings, word: str, name: str
) -> None:
    assert few.name_of(word) == name


@pytest.mark.parametrize(
    ("word", "behind", "name"),
    [
        ("salbutamoli", "sulfas", "salbutamol"),
        ("neostigmini", "bromidum", "neostigmine"),
        ("diclofenaci", "natricum", "diclofenac"),
        ("suxamethonii", "chloridum", "suxamethonium"),
        ("diclofenacum", "natricum", "diclofenac"),
    ],
)
def test_a_latin_genitive_is_read_before_a_latin_salt(
    few: Spellings, word: str, behind: str, name: str
) -> None:
    assert few.name_of(word, behind) == name


@pytest.mark.parametrize("behind", ["", "tablets", "sodium", "as", "sulfate", "trinitras"])
def test_a_final_i_is_no_genitive_without_a_latin_salt(few: Spellings, behind: str) -> None:
    assert few.name_of("salbutamoli", behind) is None


@pytest.mark.parametrize(
    "word",
    [
        "insulo",  # too short
        "folico",
        "levothyroxinate",  # more than an ending
        "salbutamol2",  # a digit is no letter of a name
        "natriumchlorid",  # the salt itself
        "kaliumjodid",
        "natrium",
        "acidum",
    ],
)
def test_what_is_more_or_less_than_an_ending_apart_is_not_read(few: Spellings, word: str) -> None:
    assert few.name_of(word) is None


def test_a_word_of_fewer_than_seven_letters_has_no_key() -> None:
    assert key_of("ovulum") is None
    assert key_of("ovulums") == "ovulums"


def test_one_ending_is_dropped_and_no_more() -> None:
    assert key_of("metformina") == "metformin"
    assert key_of("lanthanum") == "lanthan"
    assert key_of("suxamethonium") == "suxamethoni"
    assert key_of("tacrolimusa") == "tacrolimus"


def test_a_sound_is_written_as_it_is_said_and_not_the_other_way_round() -> None:
    spellings = spelled_otherwise(["methotrexate", "cyclophosphamide", "metformin"])
    assert spellings.name_of("methotrexaat") == "methotrexate"
    assert spellings.name_of("metotrexato") == "methotrexate"
    assert spellings.name_of("cyclofosfamida") == "cyclophosphamide"
    assert spellings.name_of("metphormin") is None


def test_a_name_without_a_salt_has_none_to_split_off() -> None:
    assert without_salt("ramipril") is None
    assert without_salt("losartankalium") == "losartan"


def test_names_with_one_key_are_listed_and_none_of_them_is_read() -> None:
    spellings = spelled_otherwise(["estrona", "estrono", "morphine"])
    assert spellings.collisions == {"estron": ("estrona", "estrono")}
    assert spellings.name_of("estrone") is None
    assert spellings.name_of("morphinum") == "morphine"


def test_one_name_given_twice_collides_with_nothing() -> None:
    assert spelled_otherwise(["morphine", "morphine"]).collisions == {}


def test_names_of_several_words_have_no_other_spelling() -> None:
    assert spelled_otherwise(["folic acid"]).names == {}


def test_spellings_cannot_be_changed(few: Spellings) -> None:
    with pytest.raises(TypeError):
        few.names["linezolid"] = "heparin"  # type: ignore[index]


def test_no_two_medicines_of_the_rule_set_share_a_key(every: Spellings) -> None:
    assert every.collisions == {}
    assert len(every.names) > 1_500


# Known as what it is sold in; a word that is known is not looked up by its ending.
REVIEWED = {("benserazid", "benserazide", "levodopa/benserazide")}


def test_no_key_of_a_medicine_is_a_name_of_another(every: Spellings) -> None:
    known = lexicon_of(msrisk.RuleSet.default()).names("medications")
    apart = {
        (key, name, known[key,].name)
        for key, name in every.names.items()
        if (key,) in known and known[key,].named != known[split_name(name)].named
    }
    assert apart <= REVIEWED
