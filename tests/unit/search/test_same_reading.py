"""Names that are judged together are read alike, and each is told by itself where it is not."""

from __future__ import annotations

from itertools import product

import pytest
from attrs import evolve

import msrisk
from msrisk.analysis import Verdict, compare
from msrisk.model.concepts import Drug, MemberBasis, Term, WordKind, Words
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import RuleSet
from msrisk.search.pair import RuleSetPair
from msrisk.search.same_reading import SameReading
from tests.unit.analysis_world import RULES, adding, changed, drug, made, member, reworded, without

WORDS = (
    *("dravox", "Dravoxin", "tunipal", "Tunix", "veritane", "VL", "gorf", "gorfitis", "zincum"),
    *("xqz", "stopped", "former", "no", "none", "tablet", "daily", "cream", "ointment", "and"),
    *("acute", "but", "other", "x", "forte", "lucidol", "nutwort", "wheeze", "drav", "oxin"),
    *("plusminus", "aab", "aac"),
)


def _edited(rules: RuleSet) -> RuleSet:
    more = adding(without(rules, "tunipal"), drugs=drug("aab"), words=_FORMS)
    return reworded(more, "melitor", classes=(member("blue-medicine"),))


_FORMS = Words(WordKind.FORM, ("oxin",), about="forms")
_TERM = Term(("lucidol",), ("conditions",), "made up", concepts=("gorfitis",))


@pytest.mark.parametrize("field", LIST_FIELDS)
@pytest.mark.parametrize("other", [_edited(RULES), adding(_edited(RULES), terms=_TERM)])
def test_entries_that_are_read_once_look_alike_to_every_rule(field: str, other: RuleSet) -> None:
    pair = RuleSetPair(RULES, other)
    alike = SameReading(pair)
    texts = [*WORDS, *map(" ".join, product(WORDS, repeat=2))]
    texts += [" ".join(words) for words in product(WORDS[:14:3], WORDS[1::4], WORDS[::3])]
    together = 0
    for text in texts:
        entry, own = alike.named(field, text), pair.named(field, text)
        together += entry is not own
        assert pair.seen(entry) == pair.seen(own), (text, entry.typed)
    assert together > len(texts) / 10


def test_shipped_names_that_are_read_once_look_alike_to_every_rule() -> None:
    new = msrisk.RuleSet.load("rules")
    words = new.vocabulary
    fewer = evolve(
        words,
        drugs=tuple(one for n, one in enumerate(words.drugs) if n % 4),
        concepts=tuple(evolve(one, names=one.names[::2]) for one in words.concepts),
    )
    pair = RuleSetPair(evolve(new, vocabulary=fewer), new)
    alike = SameReading(pair)
    together = 0
    for one in pair.changed[::40]:
        entry, own = alike.of(one), pair.entry_of(one)
        together += entry is not own
        assert pair.seen(entry) == pair.seen(own), (one.field, one.name, entry.typed)
    assert together > 50


def test_an_entry_that_is_not_plain_words_is_read_by_itself() -> None:
    alike = SameReading(RuleSetPair(RULES, _edited(RULES)))
    for text in ("xqz-1", "xqz (cream)", "2 xqz", "xqz, abc"):
        assert alike.named("medications", text).typed.text == text
    unknown = alike.named("medications", "xqz")
    assert alike.named("medications", "Abcde") is unknown
    assert alike.named("medications", "xqz abc") is not unknown


def _judged(id_: str, basis: MemberBasis) -> Drug:
    return drug(id_, member("red-medicine", basis))


@pytest.mark.parametrize("first", ["aab", "aac"])
def test_names_judged_together_still_need_one_signature_each(
    first: str,
) -> None:
    second = {"aab": "aac", "aac": "aab"}[first]
    old = adding(
        adding(RULES, drugs=_judged("aab", MemberBasis.JUDGED)),
        drugs=_judged("aac", MemberBasis.JUDGED),
    )
    new = reworded(old, first, classes=(member("red-medicine", MemberBasis.LABELLED),))
    new = reworded(
        new, second, classes=(evolve(_judged(second, MemberBasis.JUDGED).classes[0], why="x"),)
    )
    one, other = changed(old, new, first), changed(old, new, second)
    assert (one.verdict, one.gated) == (Verdict.REWORDS, True)
    assert (other.verdict, other.gated) == (Verdict.REWORDS, True)
    assert (one.names, other.names) == ((first,), (second,))


def test_words_of_one_kind_are_told_together_and_signed_for_one_by_one() -> None:
    forms = Words(WordKind.FORM, ("aab", "aac", "aad"), about="forms")
    found = compare(RULES, adding(RULES, words=forms)).changes
    words = [one for one in found if one.about == "word" and "medications" in one.says[0]]
    assert sorted(name for one in words for name in one.items) == ["aab", "aac", "aad"]
    assert len(words) == 1
    assert words[0].gated
    assert words[0].shown is not None


def test_a_thousand_new_names_of_one_sort_are_told_by_what_they_stand_for() -> None:
    letters = "abcdefghij"
    names = tuple(f"qu{''.join(some)}zo" for some in product(letters, repeat=3))
    drugs = (
        *RULES.vocabulary.drugs,
        *(drug(f"new-{n}", names=(name,)) for n, name in enumerate(names)),
    )
    new = made(RULES, vocabulary=evolve(RULES.vocabulary, drugs=drugs))
    found = compare(RULES, new).changes
    assert len(found) == len(names)
    assert {one.verdict for one in found} == {Verdict.SETTLES}
    assert {name for one in found for name in one.names} >= set(names)
    assert sum(one.shown is not None for one in found) < 10
