"""No edit of a rule set goes unnamed: every key of every table, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any as Anything

import pytest
from attrs import evolve, fields, has

from msrisk.analysis import Diff, compare
from msrisk.gate.page import diff_outline
from msrisk.model import conditions as c
from msrisk.model.concepts import Confusable, MemberBasis, Membership
from msrisk.model.history import Retired, Withdrawal
from msrisk.model.quantities import Unit
from msrisk.model.rules import Basis, Kind, Review, RuleSet, Screen
from msrisk.model.sources import Citation
from msrisk.rendering.plain import section_text
from tests.unit.analysis_world import RULES, made, rule

OWN = rule(
    "own",
    c.Takes("blue-medicine"),
    basis=Basis.INFERRED,
    argument="It follows.",
    replaces=("older",),
)
WORLD = evolve(
    RULES,
    rules=(*RULES.rules, OWN),
    retired=(Retired("older", "1", "it was renamed"),),
    withdrawn=Withdrawal("2026-12-01", "a wrong rule"),
    vocabulary=evolve(RULES.vocabulary, confusables=(Confusable(("dravox", "tunipal"), "a list"),)),
)
# Nothing but a caveat has a place of its own on the first screen.
CAVEAT = next(one for one in WORLD.rules if one.when is None)
GROUPS = ("thresholds", "fields", "sources", "substances", "rules", "claims", "retired")
WORDS = ("drug_classes", "drugs", "concepts", "terms", "words", "confusables")
# What another value of the same type would not be, or not be another.
OTHERS: dict[str, Anything] = {
    "kind of rule": Kind.EMERGENCY,
    "basis": Basis.THRESHOLD,
    "when": c.Takes("red-medicine"),
    "unit": Unit.KG,
    "review": Review("pharmacist", "2026-12-01"),
    "cites": (Citation("text", (2,)),),
    "classes": (Membership("red-medicine", MemberBasis.JUDGED, "it is so"),),
    "codes": {"atc": ("Q99ZZ99",)},
    "applies_to": ("veritane",),
    "disputed_by": ("own",),
    "qualified_by": ("own",),
    "implies": ("red-medicine",),
    "opens": ("red-medicine",),
    "if_treated": ("red-medicine",),
    "if_planned": ("red-medicine",),
    "concepts": ("lumnosis",),
    "possible": ("lumnosis",),
    "told_in": ("conditions", "symptoms"),
    "ingredients": ("tunipal",),
    "fields": ("supplements",),
    "kind of source": "research",
    "file_sha256": "1" * 64,
    "within": (),
    "screen": Screen.MEDICINES,
    "without": ("quality",),
}


def other(owner: object, key: str) -> Anything:
    """Return another value for a key of a table."""
    value = getattr(owner, key)
    kind = type(owner).__name__.lower()
    given = OTHERS.get(f"{key} of {kind}", OTHERS.get(key))
    if given is not None and given != value:
        return given
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value} more"
        case Enum():
            return next(one for one in type(value) if one is not value)
        case tuple() if value and has(type(value[0])):
            return value[:-1]
        case tuple():
            return (*value, "another")
    raise AssertionError((key, value))


def edits() -> Iterator[Anything]:
    """Yield each key of the first table of each kind, with the rules in which it is another."""
    for where, groups in (("", GROUPS), ("vocabulary", WORDS)):
        base = WORLD.vocabulary if where else WORLD
        for group in groups:
            tables = getattr(base, group)
            for table in CHOSEN.get(group, tables[:1]):
                for one in fields(type(table)):
                    if (group, one.name) not in REFERRED:
                        of = CAVEAT if one.name == "screen" else table
                        name = f"{group}-{one.name}-{getattr(of, 'id', '')}"
                        yield pytest.param(where, group, of, one.name, id=name)


# A number stands on a source or on a reason, of drugs some are made of others, and so on.
CHOSEN: dict[str, Anything] = {
    "thresholds": RULES.thresholds[:1],
    "rules": WORLD.rules[-1:],
    "drugs": (RULES.vocabulary.drugs[0], RULES.vocabulary.drugs[-1]),
    "drug_classes": RULES.vocabulary.drug_classes[-1:],
}
# What other tables refer to, so that the loader refuses another one alone; and a number has
# either a reason or citations.
REFERRED = {("fields", "id"), ("sources", "id"), ("substances", "id"), ("thresholds", "cites")}


def with_other(where: str, group: str, table: Anything, key: str) -> RuleSet:
    owner = WORLD.vocabulary if where else WORLD
    # The model says no to some tables alone; here only what is compared matters.
    alias = next(one.alias for one in fields(type(table)) if one.name == key)
    edited = evolve(table, **{str(alias): other(table, key)})
    tables = tuple(edited if one is table else one for one in getattr(owner, group))
    if where:
        return made(WORLD, vocabulary=evolve(WORLD.vocabulary, **{group: tables}))
    return made(WORLD, **{group: tables})


def named(diff: Diff) -> str:
    """Return all that a reader is told besides that the version stayed."""
    outline = diff_outline(diff, ())._replace(notes=diff.notes[1:])
    return section_text(outline, width=2000)


@pytest.mark.parametrize(("where", "group", "table", "key"), list(edits()))
def test_whatever_key_is_edited_the_diff_names_what_it_belongs_to(
    where: str, group: str, table: Anything, key: str
) -> None:
    diff = compare(WORLD, with_other(where, group, table, key))
    assert diff.changes or diff.edits
    text = named(diff)
    assert "nothing changed" not in text
    id_ = getattr(table, "id", "") or getattr(table, "names", ("",))[0] or table.kind.value
    assert id_ in text


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"name": "another"}, "“a made-up rule set” became “another”"),
        ({"packs": ("texts", "others", "third")}, "packs: third added"),
        ({"packs": ("texts",)}, "There is no pack others any more"),
        ({"withdrawn": Withdrawal("2026-12-02", "a wrong rule")}, "it stays withdrawn"),
        ({"retired": ()}, "retired: removed: older"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_edited_in_the_rule_set_as_a_whole_is_named(
    keys: dict[str, Anything], says: str
) -> None:
    diff = compare(WORLD, made(WORLD, **keys))
    assert says in section_text(diff_outline(diff, ()), width=2000)


def test_words_of_the_same_kind_and_purpose_are_told_together() -> None:
    twice = (*RULES.vocabulary.words, RULES.vocabulary.words[0])
    new = made(vocabulary=evolve(RULES.vocabulary, words=twice))
    assert compare(RULES, new).edits == ("words: edited: filler forms and times",)
    more = evolve(twice[0], words=("tablet", "daily", "powder"))
    also = made(new, vocabulary=evolve(new.vocabulary, words=(*twice[1:], more)))
    assert compare(new, also).edits == ("words: edited: filler forms and times",)
    assert compare(new, made(new)).edits == ()


def test_only_the_first_forty_of_many_edits_are_named() -> None:
    words = RULES.vocabulary
    drugs = tuple(evolve(words.drugs[2], id=f"drug-{n}", name=f"drug{n}x") for n in range(42))
    old = made(vocabulary=evolve(words, drugs=(*words.drugs, *drugs)))
    new = made(vocabulary=evolve(words, drugs=words.drugs))
    (said,) = compare(old, new).edits
    assert said.startswith("drug: removed: drug-0, drug-1, ")
    assert said.endswith("drug-39 and 2 more")


def test_another_digest_alone_is_not_called_the_same() -> None:
    diff = compare(RULES, made(RULES, version="2"))
    assert diff_outline(diff, ()).title == "Rules 1 to 2: no change that a patient could notice"
    assert diff_outline(compare(RULES, RULES), ()).title == "Rules 1 to 1: nothing changed"
