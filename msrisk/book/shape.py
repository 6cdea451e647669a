"""Defines the parts of a book of rules before it is Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from msrisk.model.results import Level

__all__ = ["Fact", "Part", "Ref", "Table", "anchor", "contents", "refs"]


class Ref(NamedTuple):
    """A link to another part of the book."""

    anchor: str
    text: str


class Fact(NamedTuple):
    """One thing said in a part, with its label: words, then links."""

    label: str
    text: str = ""
    refs: tuple[Ref, ...] = ()


class Table(NamedTuple):
    """Rows under headings of columns."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Part(NamedTuple):
    """A heading and what stands under it.

    Attributes:
        anchor: what links to it name; no two parts share one.
        said: the words that a patient reads, set apart from words about them.
        to_sign: whether a person signs this part, so that a page leaves room for it.

    """

    title: str
    anchor: str
    level: Level | None = None
    said: str = ""
    notes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()
    parts: tuple[Part, ...] = ()
    to_sign: bool = False

    @property
    def ref(self) -> Ref:
        """A link to this part."""
        return Ref(self.anchor, self.title)


def anchor(kind: str, id_: str) -> str:
    """Return the anchor of what has this id, which is no other kind's."""
    return f"{kind}-{quote(id_, safe='')}"


def refs(kind: str, ids: Iterable[str]) -> tuple[Ref, ...]:
    """Return links to the things of one kind, by their ids."""
    return tuple(Ref(anchor(kind, id_), id_) for id_ in ids)


def contents(book: Part) -> Iterator[tuple[Ref, list[tuple[Ref | None, list[Ref]]]]]:
    """Yield a link to each chapter, and the groups of links inside it with their heading."""
    for chapter in book.parts:
        if any(part.parts for part in chapter.parts):
            groups = [(part.ref, [one.ref for one in part.parts]) for part in chapter.parts]
            yield chapter.ref, [*groups]
        else:
            inside = [part.ref for part in chapter.parts]
            yield chapter.ref, [(None, inside)] if inside else []
