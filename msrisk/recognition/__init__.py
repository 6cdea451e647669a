"""Recognises what a person typed, or a code: what it certainly is, and what it may be."""

from msrisk.recognition.denied import may_be_denied, recognise_denied
from msrisk.recognition.lexicon import lexicon_of
from msrisk.recognition.profile import (
    KINDS,
    closes_foods,
    fact_of,
    facts_together,
    recognise_entry,
    recognise_profile,
)

__all__ = [
    "KINDS",
    "closes_foods",
    "fact_of",
    "facts_together",
    "lexicon_of",
    "may_be_denied",
    "recognise_denied",
    "recognise_entry",
    "recognise_profile",
]
