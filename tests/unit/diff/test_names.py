"""What a diff says of names, codes, classes and words of grammar."""

from __future__ import annotations

from typing import Any as Anything

import pytest
from attrs import evolve

from msrisk.analysis import Verdict, compare
from msrisk.gate.page import patient_words
from msrisk.model import conditions as c
from msrisk.model.concepts import ConceptKind, DrugClass, MemberBasis, Term, WordKind, Words
from msrisk.model.rules import Kind, RuleSet, Substance
from msrisk.search import search
from tests.unit.analysis_world import (
    FELT,
    RULES,
    adding,
    changed,
    concept,
    drug,
    edited,
    made,
    member,
    reworded,
    rule,
    with_rules,
    without,
)

B = with_rules(
    rule("blue", c.Takes("blue-medicine"), Kind.CONTRAINDICATION),
    rule("gorf", c.HasCondition("gorfitis")),
    rule("both", c.All((c.Takes("dark-medicine"), c.HasCondition("lumnosis"))), Kind.EMERGENCY),
    rule("nut", c.AllergicTo("nutwort")),
    rule("more", c.All((c.DailyDoseAbove("much"), c.ReportsSymptom("tingle")))),
)


def test_a_drug_that_is_dropped_weakens_under_all_its_names() -> None:
    one = changed(B, without(without(B, "combidrax"), "dravox"), "dravox")
    assert (one.verdict, one.about, one.gated) == (Verdict.WEAKENS, "name", True)
    assert set(one.names) == {"dravox", "Dravoxin"}
    assert one.items == one.names
    assert one.says == (
        "before: dravox: red medicine (labelled: made up for red-medicine)",
        "now: not recognised, so it could be anything",
    )
    assert one.shown is not None
    assert "dravox" in patient_words(one.shown.profile)


@pytest.mark.parametrize(
    ("id_", "keys", "names"),
    [
        ("dravox", {"names": ()}, ("Dravoxin",)),
        ("melitor", {"classes": (member("blue-medicine"),)}, ("melitor",)),
        ("dark-medicine", {"within": ()}, ("melitor",)),
        ("blue-medicine", {"names": ()}, ("blue pills",)),
        ("combidrax", {"ingredients": ("tunipal",)}, ("combidrax",)),
        ("acute-gorfitis", {"within": ()}, ("acute gorfitis",)),
        ("hazelwort", {"within": ()}, ("hazelwort",)),
        ("lumnosis", {"names": ()}, ("lumnotic",)),
        ("gorf", {"concepts": (), "possible": ("gorfitis",)}, ("gorf",)),
        ("skinolan", {"classes": (member("dark-medicine"),)}, ("skinolan",)),
    ],
)
def test_a_name_that_moves_weakens_its_old_meaning_only(
    id_: str, keys: dict[str, Anything], names: tuple[str, ...]
) -> None:
    new = reworded(B, id_, **keys)
    assert any(
        set(names) <= set(one.names) and one.verdict is Verdict.WEAKENS
        for one in compare(B, new).changes
    )
    back = [one for one in compare(new, B).changes if set(names) & set(one.names)]
    assert back
    if id_ != "skinolan":
        assert all(one.verdict is not Verdict.WEAKENS for one in back)


def test_a_new_name_settles_and_shows_its_source() -> None:
    one = changed(B, adding(B, drugs=drug("newdrug", names=("Newbrand",))), "newdrug")
    assert (one.verdict, one.gated, one.names) == (
        Verdict.SETTLES,
        True,
        ("newdrug", "Newbrand"),
    )
    assert one.says == (
        "before: not recognised, so it could be anything",
        "now: newdrug: in none of the classes that rules speak of",
        "source: made up",
    )
    assert one.shown is not None
    assert {loss.what for loss in one.shown.losses} <= {
        *("question", "assessment", "level", "worst case"),
    }


def test_a_name_that_moves_to_another_class_weakens() -> None:
    new = reworded(B, "dravox", classes=(member("blue-medicine"),))
    assert changed(B, new, "dravox").verdict is Verdict.WEAKENS


def test_a_membership_that_only_counts_beside_another_fact_weakens_with_both() -> None:
    words = evolve(
        B, rules=tuple(one for one in B.rules if one.id not in {"red", "blue"}), claims=()
    )
    new = reworded(words, "melitor", classes=(member("blue-medicine"),))
    one = changed(words, new, "melitor")
    assert one.verdict is Verdict.WEAKENS
    assert one.shown is not None
    assert "melitor; medical conditions: lumnosis" in patient_words(one.shown.profile)


def test_a_name_beside_too_many_others_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    words = evolve(
        B, rules=tuple(one for one in B.rules if one.id not in {"red", "blue"}), claims=()
    )
    new = reworded(words, "melitor", classes=(member("blue-medicine"),))
    monkeypatch.setattr(search, "MOST_PATIENTS", 0)
    assert changed(words, new, "melitor").verdict is Verdict.UNDECIDED


def test_a_route_by_which_a_drug_acts_locally_weakens_and_the_name_with_it_shows_it() -> None:
    old = reworded(B, "skinolan", classes=(member("blue-medicine"),))
    one = changed(old, B, "skinolan", "name")
    assert one.verdict is Verdict.WEAKENS
    assert one.shown is not None
    assert "skinolan cream" in patient_words(one.shown.profile)
    assert changed(B, old, "skinolan", "name").verdict is Verdict.STRENGTHENS


def test_a_route_for_which_there_is_no_word_cannot_be_told() -> None:
    new = reworded(B, "skinolan", classes=(member("blue-medicine", not_by=("ear",)),))
    assert {one.verdict for one in compare(B, new).changes} == {
        Verdict.STRENGTHENS,
        Verdict.EQUIVALENT,
    }


def test_a_route_that_must_be_asked_weakens_what_was_certain() -> None:
    sure = reworded(B, "askitrol", classes=(member("blue-medicine", not_by=("skin",)),))
    assert changed(sure, B, "askitrol").verdict is Verdict.WEAKENS
    assert changed(B, sure, "askitrol").verdict is Verdict.STRENGTHENS


@pytest.mark.parametrize(
    ("before", "after"), [(MemberBasis.LABELLED, MemberBasis.JUDGED)] * 2, ids=["there", "back"]
)
def test_another_basis_is_to_be_read(before: MemberBasis, after: MemberBasis) -> None:
    old, new = (
        reworded(B, "dravox", classes=(member("red-medicine", basis),)) for basis in (before, after)
    )
    one = changed(old, new, "dravox", "name")
    assert (one.verdict, one.gated, one.shown) == (Verdict.REWORDS, True, None)
    assert one.says[1] == "now: dravox: red medicine (judged: made up for red-medicine)"


def test_another_reason_on_the_same_basis_is_to_be_read() -> None:
    new = reworded(B, "dravox", classes=(evolve(member("red-medicine"), why="read again"),))
    one = changed(B, new, "dravox", "name")
    assert (one.verdict, one.gated) == (Verdict.REWORDS, True)


def test_another_reason_for_being_ambiguous_is_told_in_other_words() -> None:
    one = changed(B, reworded(B, "VL", why="two things"), "VL")
    assert (one.verdict, one.gated) == (Verdict.REWORDS, False)
    assert one.says[0].endswith("perhaps lucidol, veritane")


def test_a_name_that_may_be_fewer_medicines_is_to_be_read() -> None:
    world = adding(B, drugs=drug("fluxoral"))
    old, new = (
        adding(world, terms=Term(("murk",), ("medications",), "unclear", possible=ids))
        for ids in (("tunipal", "fluxoral"), ("tunipal",))
    )
    one = changed(old, new, "murk", "name")
    assert (one.verdict, one.gated) == (Verdict.REWORDS, True)
    back = changed(new, old, "murk", "name")
    assert (back.verdict, back.gated) == (Verdict.REWORDS, False)


def test_a_name_that_means_less_without_a_loss_rewords() -> None:
    old = made(B, rules=(*B.rules, rule("felt", c.ReportsSymptom("wheeze"))))
    old = adding(
        old, concepts=concept(ConceptKind.SYMPTOM, "gasp", FELT, within=("wheeze", "tingle"))
    )
    new = reworded(old, "gasp", within=("wheeze",))
    one = changed(without(old, "more"), without(new, "more"), "gasp")
    assert (one.verdict, one.gated) == (Verdict.REWORDS, False)


def test_a_name_that_may_be_anything_besides_says_so() -> None:
    term = Term(("murk",), ("medications",), "unclear", ("red-medicine",), ("anything",))
    one = changed(adding(B, terms=term), B, "red-medicine", "name")
    assert one.verdict is Verdict.WEAKENS
    assert one.says[0] == "before: murk: red medicine; and perhaps anything else"


def test_a_name_of_a_substance_that_is_dropped_weakens() -> None:
    one = changed(B, edited(B, "veritane", names=()), "veritane", "name")
    assert (one.verdict, one.names) == (Verdict.WEAKENS, ("verit",))
    assert one.shown is not None
    assert patient_words(one.shown.profile).startswith("supplements: verit;")


def test_a_substance_of_which_every_name_is_another_is_still_looked_at() -> None:
    plain = without(B, "VL")
    new = edited(plain, "veritane", name="veritane plus", names=("verit plus",))
    assert changed(plain, new, "veritane", "name").verdict is Verdict.WEAKENS
    fewer = without(new, "blue")
    assert changed(plain, fewer, "blue").verdict is Verdict.WEAKENS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: reworded(r, "skinolan", codes={}), "D77AA01"),
        (lambda r: reworded(r, "red-medicine", atc=()), "L77A"),
        (lambda r: reworded(r, "gorfitis", codes={}), "X10"),
        (lambda r: reworded(r, "route", atc=("D77",)), "D77AA01"),
    ],
    ids=["drug", "class", "condition", "route"],
)
def test_a_code_that_no_longer_says_something_weakens(change: Anything, code: str) -> None:
    new = reworded(change(B), "combidrax", names=("combi",))
    (one,) = [x for x in compare(B, new).changes if x.about == "code"]
    assert (one.names, one.gated) == ((code,), True)
    assert one.shown is not None
    assert code in patient_words(one.shown.profile)


def test_a_class_that_shares_its_code_with_a_drug_is_not_overlooked() -> None:
    old = reworded(B, "blue-medicine", atc=("Q01AA01",))
    (one,) = compare(old, B).changes
    assert (one.about, one.names, one.verdict) == ("code", ("Q01AA01",), Verdict.WEAKENS)


def test_an_unknown_code_that_becomes_known_settles() -> None:
    new = reworded(B, "lumnosis", codes={"icd_10_cm": ("X20",)})
    (one,) = compare(B, new).changes
    assert (one.about, one.verdict) == ("code", Verdict.SETTLES)


# --- Words of grammar ---


def words_of(rules: RuleSet, kind: WordKind, *words: str) -> RuleSet:
    return reworded(rules, kind.value, words=words)


@pytest.mark.parametrize(
    ("kind", "fewer", "gone"),
    [
        (WordKind.ROUTE, ("cream",), "ointment"),
        (WordKind.NEGATED, ("no",), "not"),
        (WordKind.STOPPED, ("stopped",), "former"),
        (WordKind.NONE, ("none",), "nothing"),
    ],
)
def test_a_word_that_is_dropped_or_added_is_not_decided_unless_somebody_loses(
    kind: WordKind, fewer: tuple[str, ...], gone: str
) -> None:
    new = words_of(B, kind, *fewer)
    there = [one for one in compare(B, new).changes if one.id == gone]
    back = [one for one in compare(new, B).changes if one.id == gone]
    fields = len(RULES.vocabulary.words[0].fields)
    assert len(there) == len(back) == fields
    assert all(one.gated and one.about == "word" for one in (*there, *back))
    route = " (skin)" if kind is WordKind.ROUTE else ""
    assert there[0].says[0].startswith(f"it was a word of the kind {kind.value}{route}, and is ")


def test_a_filler_that_is_dropped_weakens_where_it_makes_a_certain_name_doubtful() -> None:
    new = words_of(B, WordKind.FILLER, "tablet")
    verdicts = {one.verdict for one in compare(B, new).changes}
    assert verdicts == {Verdict.WEAKENS, Verdict.STRENGTHENS}
    assert changed(B, new, "daily").verdict is Verdict.WEAKENS
    assert changed(new, B, "daily").gated


def test_a_word_that_becomes_a_name_is_looked_at_beside_other_names() -> None:
    words = words_of(B, WordKind.NEGATED, "not")
    new = adding(words, drugs=drug("no"))
    one = changed(B, new, "no")
    assert (one.about, one.verdict) == ("word", Verdict.WEAKENS)
    assert any("is a name of no" in x.says[0] for x in compare(B, new).changes)


def test_plants_that_become_medicines_are_denied_by_no_known_drug_allergies() -> None:
    denied = "no known drug allergies"
    old = adding(B, words=Words(WordKind.NO_DRUG_ALLERGY, (denied,), fields=("allergies",)))
    new = reworded(reworded(old, "nutwort", drug=True), "hazelwort", drug=True)
    assert changed(old, new, denied).verdict is Verdict.WEAKENS


def test_a_word_where_nothing_is_known_for_certain_is_judged_alone() -> None:
    new = adding(B, words=Words(WordKind.OTHER_PERSON, ("mother",)))
    assert all(one.gated for one in compare(B, new).changes)


# --- Other things of the vocabulary ---


def test_a_new_class_that_no_rule_speaks_of_settles_its_name_alone() -> None:
    new = adding(B, drug_classes=DrugClass("odd-medicine", "odd medicine", "made up"))
    assert {(one.id, one.verdict) for one in compare(B, new).changes} == {
        ("odd-medicine", Verdict.SETTLES),
        # Among the allergies it is a medicine, which leaves foods open, as what nobody knows does.
        ("odd medicine", Verdict.REWORDS),
    }


def test_a_condition_that_becomes_known_settles() -> None:
    new = adding(B, concepts=concept(ConceptKind.CONDITION, "odd-ailment", ("conditions",)))
    (one,) = compare(B, new).changes
    assert (one.id, one.verdict, one.names) == (
        "odd-ailment",
        Verdict.SETTLES,
        ("odd ailment",),
    )


def test_a_name_shared_by_old_and_new_substances_is_told_once_for_all_fields() -> None:
    new = made(B, substances=(*B.substances, Substance("newt", "newt", "made up")))
    names = [one.names for one in compare(B, new).changes if one.about == "name"]
    assert names == [("newt",)]
