"""A whole profile → facts: every entry of every list, recognised."""

from __future__ import annotations

from collections import Counter
from typing import Final

from attrs import evolve

from msrisk.errors import ConceptError, Problem
from msrisk.model.concepts import ANYTHING, Possible, Recognition
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import LIST_FIELDS, Code, Entries, Entry, PatientProfile, Supplement
from msrisk.model.rules import RuleSet
from msrisk.recognition.doses import UNKNOWN_DOSE, dose_in_words, dose_of
from msrisk.recognition.lexicon import Lexicon, Meaning, lexicon_of
from msrisk.recognition.reading import read_meanings, read_words

__all__ = ["KINDS", "recognise_entry", "recognise_profile"]

KINDS: Final = {
    "medication": "medications",
    "condition": "conditions",
    "allergy": "allergies",
    "symptom": "symptoms",
    "supplement": "supplements",
}
"""The kinds of entry, and the list field that each stands in."""

_KIND_OF: Final = {field: kind for kind, field in KINDS.items()}
_PRODUCTS: Final = ("supplements", "medications")


def recognise_entry(entry: Entry | Supplement, kind: str, ruleset: RuleSet) -> Recognition:
    """Return what one entry certainly and possibly is.

    Raises:
        ConceptError: if there is no such kind.

    """
    if kind not in KINDS:
        raise ConceptError([Problem("kind", f"one of {', '.join(sorted(KINDS))}", "another")])
    lexicon = lexicon_of(ruleset)
    field = KINDS[kind]
    coded = _by_codes(entry.codes, lexicon)
    if entry.text is None:
        return evolve(coded or _unknown_code(), text=None, kind=kind)
    read = read_words(entry.text, field, kind, lexicon)
    if field in _PRODUCTS:
        read = evolve(read, dose=dose_in_words(entry.text))
    return read if coded is None else _together(read, coded, lexicon)


def recognise_profile(profile: PatientProfile, ruleset: RuleSet) -> Facts:
    """Return the facts of a profile: each entry of each list, in the given order."""
    told: dict[str, tuple[Fact, ...]] = {}
    for name in LIST_FIELDS:
        value = getattr(profile, name)
        items = value.items if isinstance(value, Entries) else ()
        twice = Counter(items) if name == "supplements" else Counter()
        known = {item: _fact(name, item, ruleset) for item in items}
        told[name] = tuple(
            evolve(known[item], doubt=_LISTED_TWICE) if twice[item] > 1 else known[item]
            for item in items
        )
    return Facts(profile, told)


_LISTED_TWICE: Final = "listed more than once: one product, or several?"


def _fact(field: str, item: Entry | Supplement, ruleset: RuleSet) -> Fact:
    recognition = recognise_entry(item, _KIND_OF[field], ruleset)
    words = recognition.dose or UNKNOWN_DOSE
    if isinstance(item, Entry):
        return Fact(field, item, recognition, words, taking=recognition.says)
    dose, agree = dose_of(item, words)
    doubts = [] if agree else ["the dose is told in two ways that differ"]
    taking = item.taking if item.taking is not None else recognition.taking
    if recognition.taking is not None and recognition.taking is not taking:
        doubts.append("whether it was started is told in two ways that differ")
        taking = None
    return Fact(field, item, recognition, dose, taking, "; ".join(doubts))


def _unknown_code() -> Recognition:
    return Recognition(None, "", possible=ANYTHING, reason="the code is not known to msrisk")


def _by_codes(codes: tuple[Code, ...], lexicon: Lexicon) -> Recognition | None:
    """Return what the codes that are known stand for; None if none is."""
    found = [meanings for code in codes if (meanings := lexicon.by_code(code))]
    if not found:
        return None
    first, *rest = (_meant(meanings, lexicon) for meanings in found)
    for other in rest:
        first = _together(first, other, lexicon)
    return first


def _meant(meanings: list[Meaning], lexicon: Lexicon) -> Recognition:
    return read_meanings([(meaning, frozenset()) for meaning in meanings], lexicon)


def _together(read: Recognition, coded: Recognition, lexicon: Lexicon) -> Recognition:
    """Return what words and code, or two codes, mean together."""
    if read.says is None:
        return evolve(read, possible=_either(read, coded))
    if read.status == "unrecognised":
        reason = f"the code is known, the words are not; {read.reason}".rstrip("; ")
        return evolve(
            coded,
            text=read.text,
            kind=read.kind,
            possible=ANYTHING,
            reason=reason,
            dose=read.dose,
            taking=read.taking,
        )
    if read.says is False or not _agree(read, coded, lexicon):
        return evolve(
            read,
            concepts=frozenset(),
            named=frozenset(),
            possible=_either(read, coded),
            why={},
            says=read.says or None,
            reason="the words and the code, or two codes, contradict each other",
        )
    certain = read.concepts | coded.concepts
    possible = read.possible if read.possible is ANYTHING else read.possible - certain
    return evolve(
        read,
        concepts=certain,
        named=read.named | coded.named,
        possible=possible,
        why={**coded.why, **read.why},
        reason=read.reason if possible else "",
    )


def _either(read: Recognition, coded: Recognition) -> Possible:
    possible = read.possible
    if possible is ANYTHING or coded.possible is ANYTHING:
        return ANYTHING
    return possible | read.concepts | coded.concepts | coded.possible


def _agree(read: Recognition, coded: Recognition, lexicon: Lexicon) -> bool:
    """Whether words and code can mean one thing: one is a case of the other."""
    if read.named & coded.named:
        return True
    drugs = (read.named | coded.named) - lexicon.parents.keys()
    if drugs and not (coded.named <= lexicon.classes and coded.concepts <= read.concepts):
        return False
    return bool(read.named & coded.concepts or coded.named & read.concepts)
