"""Writes a book of rules as Markdown in which no text is taken for markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.book.shape import Fact, Part, Ref, Table, contents
from msrisk.rendering.markdown import escaped

__all__ = ["book_to_markdown"]


def book_to_markdown(book: Part) -> str:
    """Return a book as Markdown, with a table of contents."""
    return "\n".join([*_head(book, 1), "", *_contents(book), *_parts(book, 2)]) + "\n"


def _contents(book: Part) -> Iterator[str]:
    yield from ("## Contents", "")
    for chapter, groups in contents(book):
        yield f"- {_link(chapter)}"
        for title, inner in groups:
            yield f"  - {f'{_link(title)}: ' if title else ''}{_links(inner)}"


def _parts(part: Part, depth: int) -> Iterator[str]:
    for inner in part.parts:
        # GitHub and others make anchors of headings in their own ways.
        yield from ("", f'<a id="{inner.anchor}"></a>', "")
        yield from _head(inner, depth)
        yield from _parts(inner, depth + 1)


def _head(part: Part, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {escaped(part.title)}"
    if part.said:
        yield from ("", f"> {escaped(part.said)}")
    for note in part.notes:
        yield from ("", escaped(note))
    if part.facts:
        yield from ("", *map(_fact, part.facts))
    for table in part.tables:
        yield from ("", *_table(table))


def _fact(fact: Fact) -> str:
    parts = [escaped(fact.text)] if fact.text else []
    return f"- **{escaped(fact.label)}:** {', '.join([*parts, *map(_link, fact.refs)])}"


def _table(table: Table) -> Iterator[str]:
    head, *rows = (f"| {' | '.join(map(escaped, row))} |" for row in (table.head, *table.rows))
    yield from (head, f"|{' --- |' * len(table.head)}", *rows)


def _links(links: Iterable[Ref]) -> str:
    return ", ".join(map(_link, links))


def _link(ref: Ref) -> str:
    return f"[{escaped(ref.text)}](#{ref.anchor})"
