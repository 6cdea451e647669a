"""Defines a source: who said something, and where each of its sentences stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from attrs import field, frozen

from msrisk.errors import Problem, RuleSetError

__all__ = [
    "CONTEXTS",
    "Citation",
    "CitedPassages",
    "Passage",
    "SOURCE_KINDS",
    "Source",
    "cited_passages",
    "places_of",
    "runs",
]

CONTEXTS: Final = ("benefit", "mechanism", "background", "framing", "heading")
"""Why nothing cites a passage."""

SOURCE_KINDS: Final = ("lay", "professional", "regulatory", "research")
"""For whom a source was written."""

_SHA256: Final = re.compile("[0-9a-f]{64}")
_DIGEST: Final = "a SHA-256 digest of 64 hexadecimal digits in lower case"


@frozen
class Passage:
    """One sentence of a source by its position; the sentence itself is not kept.

    Attributes:
        n: its number in the source, from 1.
        start: offset of its first character, in Unicode code points.
        end: offset after its last character.
        sha256: digest of exactly those characters in UTF-8, in hexadecimal.
        section: heading above it, or "(opening)".
        paragraph: its paragraph within the section, from 1; 0 for a heading.
        sentence: its sentence within the paragraph, from 1; 0 for a heading.
        context: why nothing cites it; None when something does.

    """

    n: int
    start: int
    end: int
    sha256: str
    section: str
    paragraph: int
    sentence: int
    context: str | None = None

    def __attrs_post_init__(self) -> None:
        heading = self.paragraph == 0
        place = "0 in a heading and from 1 elsewhere, as in sentence"
        wrong = [
            (not _SHA256.fullmatch(self.sha256), "sha256", _DIGEST),
            (self.paragraph < 0 or heading is not (self.sentence == 0), "paragraph", place),
            (self.sentence < 0, "sentence", "0 or more"),
            (
                self.context not in (None, *CONTEXTS),
                "context",
                f"one of {', '.join(CONTEXTS)}",
            ),
            (
                self.context == "heading" and not heading,
                "context",
                "heading only where paragraph is 0",
            ),
        ]
        _refuse(wrong)


@frozen(cache_hash=True)
class Source:
    """A text that rules are taken from: what it is and who speaks.

    `short` is how a nurse would name it; `interest` is what the speaker gains;
    `file_sha256` is the digest of the text as received.
    """

    id: str
    title: str
    short: str
    author: str
    quotes: str
    kind: str
    interest: str
    file_sha256: str
    licence: str
    retrieved: str
    passages: tuple[Passage, ...] = field(alias="passage")

    def __attrs_post_init__(self) -> None:
        wrong = [
            (self.kind not in SOURCE_KINDS, "kind", f"one of {', '.join(SOURCE_KINDS)}"),
            (not _SHA256.fullmatch(self.file_sha256), "file_sha256", _DIGEST),
            (not self.passages, "passage", "at least one passage"),
        ]
        _refuse(wrong)


@frozen
class Citation:
    """Passages of one source that a rule or claim rests on, or the source as a whole.

    A citation names passages, or is `whole` and gives its `reason`; never neither. Of what
    msrisk does not hold it names the item of evidence instead, and nothing else.
    """

    source: str = ""
    passages: tuple[int, ...] = ()
    whole: bool = False
    reason: str = ""
    evidence: str = ""

    def __attrs_post_init__(self) -> None:
        given = bool(self.reason.strip())
        wrong = [
            (
                bool(self.source) is bool(self.evidence),
                "source",
                "the id of a source, or of an item of `evidence` alone",
            ),
            (
                bool(self.evidence and (self.passages or self.whole)),
                "evidence",
                "no passages beside it: msrisk does not hold what it is from",
            ),
            (
                bool(self.source) and bool(self.passages) is self.whole,
                "passages",
                "numbers of passages, or `whole = true` without any",
            ),
            (self.whole and not given, "reason", "why the whole text is cited"),
            (given and not self.whole, "reason", "a reason only beside `whole = true`"),
            (
                len(set(self.passages)) < len(self.passages),
                "passages",
                "each passage once",
            ),
        ]
        _refuse(wrong)


@frozen(cache_hash=True)
class CitedPassages:
    """A citation as a reader of a report sees it.

    Attributes:
        source: id of the source, or of the item of evidence.
        where: the place in words: section, paragraph, sentence; of evidence, where it is
            found and what was read.
        passages: numbers of the passages; none when the whole text, or evidence, is cited.
        whole: whether it is cited without passages.

    """

    source: str
    where: str
    passages: tuple[int, ...]
    whole: bool = False


def _refuse(wrong: list[tuple[bool, str, str]]) -> None:
    """Raise one problem, of a place and what belongs there, for each that is wrong."""
    problems = [Problem(where, expected) for is_so, where, expected in wrong if is_so]
    if problems:
        raise RuleSetError(problems)


def cited_passages(source: Source, citation: Citation) -> CitedPassages:
    """Return a citation of this source as a reader of a report sees it."""
    if citation.whole:
        return CitedPassages(source.id, "the whole text", (), whole=True)
    passages = [p for p in source.passages if p.n in citation.passages]
    places: list[str] = []
    for section in dict.fromkeys(p.section for p in passages):
        inside = [p for p in passages if p.section == section]
        words = [
            _paragraph(n, [p for p in inside if p.paragraph == n])
            for n in dict.fromkeys(p.paragraph for p in inside)
        ]
        places.append(f"{_section(section)}, {'; '.join(words)}")
    return CitedPassages(source.id, "; ".join(places), tuple(p.n for p in passages))


def places_of(source: Source, numbers: Iterable[int]) -> Iterator[tuple[tuple[int, ...], str, str]]:
    """Yield the passages of these numbers by paragraph: numbers, section, place in that."""
    wanted = set(numbers)
    passages = (p for p in source.passages if p.n in wanted)
    for (section, paragraph), group in groupby(passages, lambda p: (p.section, p.paragraph)):
        inside = list(group)
        yield tuple(p.n for p in inside), _section(section), _paragraph(paragraph, inside)


def _section(name: str) -> str:
    return "opening" if name == "(opening)" else name


def _paragraph(number: int, passages: list[Passage]) -> str:
    if number == 0:
        return "heading"
    sentences = _in_words([p.sentence for p in passages])
    plural = "s" if len(passages) > 1 else ""
    return f"paragraph {number}, sentence{plural} {sentences}"


def _in_words(numbers: list[int]) -> str:
    """Write sorted numbers shortly: 1, 2, 3, 5 → "1 to 3, 5"."""
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}{' to ' if len(run) > 2 else ', '}{run[-1]}"
        for run in runs(numbers)
    )


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return sorted numbers together with those that they follow: 1, 2, 3, 5 → 1 to 3, and 5."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found
