"""Counts how many years of school a reader needs for each message, action and question.

The measure is the grade level of Flesch and Kincaid (Kincaid and others, Derivation of New
Readability Formulas for Navy Enlisted Personnel, 1975). Syllables are counted by the package
syllapy, which `msrisk[check]` installs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from msrisk.checking.remarks import Remark
from msrisk.checking.wording import texts_of
from msrisk.model.concepts import ConceptKind
from msrisk.model.rules import RuleSet
from msrisk.recognition.characters import split_name

__all__ = ["HIGHEST_GRADE", "grade_of", "hard_to_read"]

HIGHEST_GRADE: Final = 9.0
"""Grades from here on are too high, so that the eighth is the last that is not.

Health organisations ask for sixth to eighth grade in what patients read: Badarudeen and
Sabharwal, Assessing Readability of Patient Education Materials, Clinical Orthopaedics and
Related Research 468 (2010), 2572-2580. The upper end is taken because one or two sentences are
too few to measure finely, and because names of medicines and illnesses are counted as short.
"""

_PER_SENTENCE: Final = 0.39
_PER_WORD: Final = 11.8
_OFFSET: Final = -15.59
_SHOWN: Final = 3
# As Flesch counted: a colon or semicolon ends a unit of thought as a full stop does.
_SENTENCE: Final = re.compile(r"[.!?:;]+(?:\s+|$)")
_NAMES_OF: Final = {ConceptKind.CONDITION, ConceptKind.ALLERGEN, ConceptKind.SUPPLEMENT}
_SHORT: Final = "it"

Name = tuple[str, ...]
Syllables = Callable[[str], int]


def hard_to_read(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on texts above the eighth grade, or that syllapy is missing to tell which."""
    try:
        from syllapy import count
    except ImportError:
        yield Remark(
            "reading-level",
            "msrisk",
            "How hard the messages are to read was not measured: the package syllapy is missing.",
            "the extra `check` of msrisk, for example `pip install '.[check]'` in a clone",
        )
        return
    names = _names(ruleset)
    for text in texts_of(ruleset):
        grade = grade_of(text.words, names, count)
        if grade >= HIGHEST_GRADE:
            words = set(_words(text.words, names))
            longest = sorted(words, key=lambda word: (-count(word), word))[:_SHOWN]
            yield Remark(
                "reading-level",
                text.where,
                f"This asks for grade {grade:.1f} of school; its longest words are "
                f"{', '.join(longest)}.",
                f"shorter sentences and plainer words, below grade {HIGHEST_GRADE:g}",
            )


def grade_of(text: str, names: Collection[Name], syllables: Syllables) -> float:
    """Return the school grade of a text, in which each of the names counts as a short word."""
    words = _words(text, names)
    if not words:
        return 0.0
    sentences = sum(bool(part.strip()) for part in _SENTENCE.split(text))
    spoken = sum(max(1, syllables(word)) for word in words)
    return _PER_SENTENCE * len(words) / sentences + _PER_WORD * spoken / len(words) + _OFFSET


def _names(ruleset: RuleSet) -> frozenset[Name]:
    vocabulary = ruleset.vocabulary
    concepts = (one for one in vocabulary.concepts if one.kind in _NAMES_OF)
    groups = (vocabulary.drugs, vocabulary.drug_classes, ruleset.substances, concepts)
    named = (one for group in groups for one in group)
    return frozenset(split_name(name) for one in named for name in (one.name, *one.names))


def _words(text: str, names: Collection[Name]) -> list[str]:
    """Return the words of a text, with a short word for each run of them that is a name."""
    tokens = tuple(word for word in split_name(text) if word != "?")
    longest = max(map(len, names), default=0)
    words: list[str] = []
    at = 0
    while at < len(tokens):
        lengths = range(min(longest, len(tokens) - at), 0, -1)
        named = next((n for n in lengths if tokens[at : at + n] in names), 0)
        words.append(_SHORT if named else tokens[at])
        at += named or 1
    return words
