"""Finds the medicines that measurements name: a level of tacrolimus tells that it may be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.concepts import Reader, concept_in
from msrisk.fhir.context import Context
from msrisk.fhir.outcomes import Outcome
from msrisk.model.profile import Entry

__all__ = ["is_of_medicine", "read_measured"]

_NOT_LOOKED_AT: Final = "msrisk does not look at such an entry"
_MEASURED: Final = "what was measured or done names it, which may mean that it is taken"
# Names of LOINC say in brackets how it was measured: "[Mass/volume]".
_PROPERTY: Final = re.compile(r"\s*\[[^\]]*\]")
_TYPES: Final = ("DiagnosticReport", "Observation", "Procedure", "ServiceRequest")
# What the body has of itself, by the ids of the vocabulary; these are measured in everybody.
_OWN: Final = frozenset(
    [
        "aldosterone",
        "chorionic-gonadotropin",
        "corticotropin",
        "estradiol",
        "estriol",
        "estrone",
        "follitropin",
        "follitropin-lutropin",
        "glucagon",
        "glucose",
        "glutathione-precursor",
        "gonadorelin",
        "hydrocortisone",
        "hydroxyprogesterone-caproate",
        "immunoglobulin-human",
        "insulin",
        "insulin-human",
        "interferon-alfa",
        "interferon-gamma-1b",
        "levothyroxine",
        "levothyroxine-liothyronine",
        "liothyronine",
        "lutropin-alfa",
        "mecasermin",
        "melatonin",
        "oxytocin",
        "progesterone",
        "somatostatin",
        "somatropin",
        "testosterone",
        "thyroglobulin",
        "thyrotropin-alfa",
        "vasopressin",
    ]
)


def read_measured(resource: Resource, context: Context) -> Outcome:
    """Return what a measurement, a report, an operation or an order of one names by its own name.

    Each medicine that rules ask about is possible. What was measured, and all else in the
    resource, is not read.
    """
    status = resource.element.code("status")
    reads = resource.type in _TYPES and status != "entered-in-error"
    named = list(_named(resource, context)) if reads else []
    if not named:
        return Outcome(resource, unseen=True, remarks=[_NOT_LOOKED_AT])
    outcome = context.begin(resource)
    outcome.unseen = True
    if not outcome.out:
        doubt = "; ".join((*outcome.doubts, _MEASURED))
        entries = dict.fromkeys(Entry(one.text, one.codes, doubt) for one in named)
        outcome.told += [("medications", one) for one in entries]
    return outcome


def _named(resource: Resource, context: Context) -> Iterator[Entry]:
    """Yield what names a medicine that rules ask about: one of the words, else of the codes."""
    for held in (resource.element, *resource.element.each("component")):
        concept = concept_in(held, "code")
        plain = filter(None, (_PROPERTY.sub("", word) for word in concept.words))
        words = map(Entry, dict.fromkeys((*plain, *concept.words)))
        for entry in (*words, *(Entry(None, (one,)) for one in concept.codes)):
            if is_of_medicine(entry, context.reader):
                yield entry
                break


def is_of_medicine(entry: Entry, reader: Reader) -> bool:
    """Return whether what was measured is a medicine that rules ask about.

    What the body has of itself, such as insulin, is none.
    """
    lexicon = reader.lexicon
    told = reader.named("medications", entry)
    classes = (told & lexicon.classes) - lexicon.above(told & _OWN)
    named = classes | ((told & (lexicon.drugs | lexicon.substances)) - _OWN)
    return bool((lexicon.above(named) | named) & (lexicon.classes | lexicon.substances))
