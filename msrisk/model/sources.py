"""What was said, where, and by whom."""

from __future__ import annotations

from attrs import field, frozen

from msrisk.errors import Problem, RuleSetError

__all__ = ["Citation", "CitedPassages", "Passage", "Source"]


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


@frozen
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


@frozen
class Citation:
    """Passages of one source that a rule or claim rests on, or the source as a whole.

    A citation names passages, or is `whole` and gives its `reason`; never neither.
    """

    source: str
    passages: tuple[int, ...] = ()
    whole: bool = False
    reason: str = ""

    def __attrs_post_init__(self) -> None:
        if bool(self.passages) is self.whole or bool(self.reason) is not self.whole:
            raise RuleSetError(
                [Problem("cites", "passages, or `whole = true` with a reason", "neither or both")]
            )


@frozen
class CitedPassages:
    """A citation as a reader of a report sees it.

    Attributes:
        source: id of the source.
        title: what the source is.
        where: the place in words: section, paragraph, sentence.
        passages: numbers of the passages; all of them when the whole text is cited.
    """

    source: str
    title: str
    where: str
    passages: tuple[int, ...]
