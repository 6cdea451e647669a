"""Finds the entries that a person must clear up, and words a question about each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msrisk.evaluation.denying import Denials
from msrisk.evaluation.naming import ELSE, listed
from msrisk.model.concepts import WordKind
from msrisk.model.facts import Fact, Facts
from msrisk.model.hierarchy import Hierarchy
from msrisk.model.profile import LIST_FIELDS, PRODUCT_FIELDS
from msrisk.model.results import Unrecognised

__all__ = ["STILL", "is_stopped", "is_unclear", "to_clear_up"]

STILL: Final = "Is it so now?"
"""What is asked of an entry that a record doubts."""

_SILENT: Final = frozenset({"name", "number", "filler"})
_OF_MEDICINES: Final = frozenset({WordKind.NO_DRUG_ALLERGY.value, "number", "filler"})


def to_clear_up(facts: Facts, hierarchy: Hierarchy) -> Iterator[Unrecognised]:
    """Yield each entry that a person must clear up, once, in reading order."""
    denials = Denials(facts, hierarchy)
    found: dict[object, tuple[Fact, str]] = {}
    told_all = (fact for name in LIST_FIELDS for fact in facts.told[name])
    for fact in sorted(told_all, key=_reading_order):
        denied = list(denials.told_by(fact))
        no = f"the answer to the question about {listed(denied)} was no" if denied else ""
        if is_unclear(fact) or no:
            entry = fact.entry
            found.setdefault((fact.field, entry.text, entry.codes, entry.doubt), (fact, no))
    for fact, no in found.values():
        told = fact.recognition
        recognised = told.status == "recognised"
        why = fact.doubt if recognised else told.reason
        codes = fact.entry.codes
        yield Unrecognised(
            field=fact.field,
            text=fact.entry.text,
            code=codes[0] if codes and fact.entry.text is None else None,
            status="ambiguous" if recognised else told.status,
            reason="; ".join(filter(None, (why, no, told.warning))),
            question=_clearing_question(fact, no),
            suggestions=told.suggestions,
        )


def is_unclear(fact: Fact) -> bool:
    """Return whether an entry is not recognised, ambiguous, or told in a doubtful way."""
    return fact.recognition.status != "recognised" or bool(fact.doubt)


def is_stopped(fact: Fact) -> bool:
    """Return whether an entry is said to be stopped or past, and names one thing at most."""
    told = fact.recognition
    roles = [one.role for one in told.read]
    stopped = told.says is None and WordKind.STOPPED.value in roles
    return stopped and roles.count("name") < 2  # of two it may be the other that was stopped


def _reading_order(fact: Fact) -> tuple[int, str, tuple[tuple[str, str], ...], str, str]:
    entry = fact.entry
    codes = tuple((code.system, code.code) for code in entry.codes)
    return LIST_FIELDS.index(fact.field), entry.text or "", codes, entry.doubt or "", fact.doubt


def _clearing_question(fact: Fact, no: str) -> str:
    text = fact.entry.text
    code = fact.entry.codes[0].code if text is None else ""
    given = f"The code {code}" if text is None else f"“{text}”"
    if fact.entry.doubt:
        return f"{given}: {fact.entry.doubt}. {STILL}"
    if fact.recognition.status == "recognised":
        doubt = fact.doubt
        asked = f"{given}: {doubt}{'' if doubt.endswith('?') else '; which is right?'}"
        if not no:
            return asked
        told = f"{given} was told, but {no}. Which is right?"
        return f"{told} {asked}" if doubt else told
    if text is None:
        return f"What does the code {code} stand for?"
    if fact.recognition.status == "unrecognised":
        if fact.field in PRODUCT_FIELDS:
            return f"What is “{text}”? Read the name from the package or the record."
        return f"What is “{text}”? Say it in other words."
    roles = {one.role for one in fact.recognition.read}
    if roles <= _OF_MEDICINES and WordKind.NO_DRUG_ALLERGY.value in roles:
        return f"“{text}” {ELSE}"
    if is_stopped(fact):
        products = fact.field in PRODUCT_FIELDS
        return f"“{text}”: {'do you take any of it now' if products else 'is it so now'}?"
    if fact.recognition.concepts and fact.recognition.read and roles <= _SILENT:
        # What it is, is known. What goes with it may be taken, and is not said.
        if fact.field == "allergies":
            return f"Do you take a product with “{text}” in it?"
        if fact.field == "conditions":
            return f"Which medicines do you take because of “{text}”?"
    return f"What exactly is meant by “{text}”?"
