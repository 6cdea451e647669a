"""Writes a book of rules as one HTML page without scripts, to read or to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from msrisk.book.shape import Fact, Part, Ref, Table, contents
from msrisk.rendering.words import clean

__all__ = ["book_to_html"]

# The level stands in the heading in words; colour only repeats it, and none is green.
_STYLE: Final = """
:root { color-scheme: light dark; --text: #1b1b1b; --page: #fff; --quiet: #595959;
  --line: #c4c4c4; --said: #f2f4f7; --link: #0b4f9e; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8e8; --page: #161616; --quiet: #ababab; --line: #4a4a4a;
    --said: #22262c; --link: #8ebcff; } }
body { margin: 0 auto; max-width: 50rem; padding: 1rem 1.2rem 4rem; color: var(--text);
  background: var(--page); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
h1, h2, h3, h4 { line-height: 1.25; margin: 2rem 0 0.5rem; }
h1 { font-size: 1.9rem; margin-top: 1rem; }
h2 { font-size: 1.5rem; border-top: 2px solid var(--text); padding-top: 0.6rem;
  margin-top: 3.5rem; }
h3 { font-size: 1.15rem; border-left: 0.35rem solid var(--line); padding-left: 0.6rem; }
h4 { font-size: 1.05rem; }
h3.level-urgent { border-left: 0.6rem double #d5002b; }
h3.level-contraindicated { border-left-color: #d5002b; }
h3.level-caution { border-left-color: #c77700; }
h3.level-undetermined { border-left-color: #9a4fd0; }
h3.level-inform { border-left-color: #2f7fd0; }
article { border-top: 1px solid var(--line); margin-top: 1.6rem; }
article > h4 { margin-top: 0.9rem; }
blockquote { background: var(--said); border-radius: 0.3rem; margin: 0.5rem 0;
  padding: 0.6rem 0.9rem; }
dl { margin: 0.6rem 0; display: grid; grid-template-columns: 9.5rem 1fr; gap: 0.25rem 0.8rem; }
dt { color: var(--quiet); font-size: 0.92rem; line-height: 1.63; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 0.8rem 0; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.7rem 0.3rem 0;
  border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; }
th:first-child { width: 45%; }
.to-sign th:first-child { width: 58%; }
nav ul { padding-left: 1.2rem; }
nav li { margin: 0.25rem 0; }
nav > ul > li { margin-top: 0.7rem; font-weight: 600; }
nav ul ul { font-weight: 400; font-size: 0.94rem; }
@media (max-width: 34rem) { dl { display: block; } dd { margin-bottom: 0.5rem; } }
@media print {
  @page { margin: 16mm 18mm 18mm;
    @bottom-center { content: counter(page); font: 9pt system-ui, sans-serif; } }
  :root { font-size: 9.5pt; color-scheme: light; --text: #000; --page: #fff; --quiet: #333;
    --line: #999; --said: #f0f0f0; --link: #000; }
  body { max-width: none; padding: 0; }
  a { text-decoration: none; }
  main > section:has(article), #reading, #classes { break-before: page; }
  #texts section, #numbers section, #things section section { break-inside: avoid; }
  h2 { margin-top: 2rem; }
  h2, h3, h4, blockquote, thead { break-after: avoid; }
  tr, blockquote { break-inside: avoid; }
  .to-sign::after { content: "☐ agreed   ☐ to be changed   role and day:"; display: block;
    break-before: avoid; break-inside: avoid; border-bottom: 1px dotted #666; padding-top: 1.6rem;
    font-size: 0.9rem; color: #333; white-space: pre; }
}
"""


def book_to_html(book: Part) -> str:
    """Return a book as a whole page, with a table of contents; everything in it escaped."""
    lines = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_escaped(book.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        "<header>",
        *_head(book, 1),
        "</header>",
        *_contents(book),
        "<main>",
        *(line for part in book.parts for line in _part(part, 2)),
        "</main>\n</body>\n</html>",
    ]
    return "\n".join(lines) + "\n"


def _contents(book: Part) -> Iterator[str]:
    yield '<nav aria-label="Contents">\n<h2>Contents</h2>\n<ul>'
    for chapter, groups in contents(book):
        yield f"<li>{_link(chapter)}"
        if groups:
            yield "<ul>"
            for title, inner in groups:
                yield f"<li>{f'{_link(title)}: ' if title else ''}{_links(inner)}</li>"
            yield "</ul>"
        yield "</li>"
    yield "</ul>\n</nav>"


def _part(part: Part, depth: int) -> Iterator[str]:
    tag = "article" if part.to_sign else "section"
    mark = ' class="to-sign"' if part.to_sign else ""
    yield f'<{tag} id="{escape(part.anchor)}"{mark}>'
    yield from _head(part, depth)
    for inner in part.parts:
        yield from _part(inner, depth + 1)
    yield f"</{tag}>"


def _head(part: Part, depth: int) -> Iterator[str]:
    mark = f' class="level-{part.level.value}"' if part.level is not None else ""
    yield f"<h{depth}{mark}>{_escaped(part.title)}</h{depth}>"
    if part.said:
        yield f"<blockquote>{_escaped(part.said)}</blockquote>"
    for note in part.notes:
        yield f"<p>{_escaped(note)}</p>"
    if part.facts:
        yield "<dl>"
        yield from map(_fact, part.facts)
        yield "</dl>"
    for table in part.tables:
        yield from _table(table)


def _fact(fact: Fact) -> str:
    parts = [_escaped(fact.text)] if fact.text else []
    text = ", ".join([*parts, *map(_link, fact.refs)])
    return f"<dt>{_escaped(fact.label)}</dt><dd>{text}</dd>"


def _table(table: Table) -> Iterator[str]:
    yield "<table>\n<thead>\n<tr>"
    yield "".join(f'<th scope="col">{_escaped(cell)}</th>' for cell in table.head)
    yield "</tr>\n</thead>\n<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{_escaped(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody>\n</table>"


def _links(links: Iterable[Ref]) -> str:
    return ", ".join(map(_link, links))


def _link(ref: Ref) -> str:
    return f'<a href="#{escape(ref.anchor)}">{_escaped(ref.text)}</a>'


def _escaped(text: str) -> str:
    return escape(clean(text))
