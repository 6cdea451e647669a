"""Recognises the names in `denied`, or says why one cannot be recognised.

A denial closes rules, so it is read more strictly than an entry: it is one id or the whole
of one name. Words beside the name would be lost, and "severe liver disease" would deny all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from msrisk.errors import Problem, ProfileError
from msrisk.model.concepts import Concept, ConceptKind, Drug, DrugClass
from msrisk.model.facts import Denied
from msrisk.model.made_once import made_once
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import RuleSet, Substance
from msrisk.recognition.characters import split_name, split_text
from msrisk.recognition.lexicon import Lexicon, lexicon_of

__all__ = ["may_be_denied", "recognise_denied"]

_EXPECTED: Final = (
    "the id of a condition, topic, allergen or symptom, or one of its names without other words"
)
_NOT_KNOWN: Final = "a name that msrisk does not know, or words beside a name"
_SEVERAL: Final = "a name that may mean several things: give the id of the one that was denied"
_NOTHING: Final[frozenset[str]] = frozenset()

Preferred = Mapping[tuple[str, ...], frozenset[str]]


@frozen(eq=False)
class _Known:
    """What may be denied, by id with its name, and the ids that are shown by a name.

    Attributes:
        settling: conditions, topics, allergens and symptoms; a no to one settles something.
        products: drugs, classes of drugs, substances and other supplements.
        shown_settling: the former by their preferred name.
        shown_products: the latter likewise.
        drug_allergens: the allergens that are medicines.

    """

    settling: Mapping[str, str]
    products: Mapping[str, str]
    shown_settling: Preferred
    shown_products: Preferred
    drug_allergens: frozenset[str]


@made_once
def _known(ruleset: RuleSet) -> _Known:
    words = ruleset.vocabulary
    taken: tuple[DrugClass | Drug | Concept | Substance, ...] = (
        *words.drug_classes,
        *words.drugs,
        *(one for one in words.concepts if one.kind is ConceptKind.SUPPLEMENT),
        *ruleset.substances,
    )
    settling = {
        one.id: one.name for one in words.concepts if one.kind is not ConceptKind.SUPPLEMENT
    }
    products = {one.id: one.name for one in taken}
    return _Known(
        settling,
        products,
        _by_name(settling),
        _by_name(products),
        frozenset(one.id for one in words.concepts if one.drug),
    )


def _by_name(names: Mapping[str, str]) -> Preferred:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for id_, name in names.items():
        words = split_name(name)
        found[words] = found.get(words, frozenset()) | {id_}
    return found


def recognise_denied(names: Iterable[str], ruleset: RuleSet) -> tuple[Denied, ...]:
    """Return what was denied by name, in the given order.

    Raises:
        ProfileError: with each name that is not known or may mean several things, by its
            place; never with the name.

    """
    found: list[Denied] = []
    problems: list[Problem] = []
    for place, text in enumerate(names):
        denied = _denied(text, ruleset)
        if isinstance(denied, Denied):
            found.append(denied)
        else:
            problems.append(Problem(f"denied[{place}]", _EXPECTED, denied))
    if problems:
        raise ProfileError(problems)
    return tuple(found)


def may_be_denied(text: str, ruleset: RuleSet) -> bool:
    """Return whether a name is one that can be asked for and denied."""
    return isinstance(_denied(text, ruleset), Denied)


def _denied(text: str, ruleset: RuleSet) -> Denied | str:
    """Return what a name denies, or what kind of thing stands in its place."""
    known = _known(ruleset)
    id_, words = text.strip(), split_text(text)
    # An id goes first, then what is shown by this name; what settles something goes before
    # a product of the same id or name: "milk protein" is a powder, too.
    for ids in (
        frozenset([id_]) & known.settling.keys(),
        frozenset([id_]) & known.products.keys(),
        known.shown_settling.get(words, _NOTHING),
        known.shown_products.get(words, _NOTHING),
        _named(words, known, lexicon_of(ruleset)),
    ):
        if len(ids) > 1:
            return _SEVERAL
        for one in ids:
            names = known.settling if one in known.settling else known.products
            return Denied(text, one, names[one], one in known.settling)
    return _NOT_KNOWN


def _named(words: tuple[str, ...], known: _Known, lexicon: Lexicon) -> frozenset[str]:
    """Return all that a whole name stands for in any list; several if it may be another thing."""
    found: set[str] = set()
    for field in LIST_FIELDS:
        meaning = lexicon.name(field, words)
        if meaning is None:
            continue
        found.update(meaning.named)
        # The name of a class leaves open what else its members are, and is no riddle.
        if meaning.possible and lexicon.classes.isdisjoint(meaning.named):
            found.update(meaning.possible, ["anything"])
    # Every drug is in a group of allergens besides; a no to its name closes neither.
    drugs = found - known.drug_allergens
    return frozenset(drugs if drugs and drugs <= lexicon.told_as_drug else found)
