"""Writes what became of each passage as an HTML page without scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from msrisk.accountability.table import (
    Accountability,
    Gap,
    Ground,
    PassageAccount,
    SourceAccount,
)
from msrisk.accountability.text import (
    FATES,
    NOTICE,
    SILENCE,
    Fate,
    checked_in_words,
    citing,
    examined_in_words,
    examined_summary,
    fate_of,
    fates_of,
    gaps_in_words,
    grounds_in_words,
    limits,
    summary,
)
from msrisk.rendering.words import clean, plural

__all__ = ["accountability_html"]

# Fate → colour behind dark text, colour behind light text, line around it. None is green:
# that a passage is accounted for is no go-ahead. Mark, words and line say it without colour.
_COLOURS: Final = {
    "open": ("#ffffff", "#000000", "0.3em double"),
    "urgent": ("#ffbcc4", "#7a0a1c", "0.25em double"),
    "contraindicated": ("#ffdfe2", "#5c0d1a", "0.15em solid"),
    "caution": ("#ffdfae", "#553600", "0.15em solid"),
    "undetermined": ("#eedcfb", "#43205e", "0.15em solid"),
    "inform": ("#cfe3fa", "#12385f", "0.15em solid"),
    "caveat": ("#cdebed", "#0d4247", "0.12em dashed"),
    "claim": ("#f6f0b0", "#474000", "0.15em dotted"),
    "threshold": ("#e3e3f5", "#31315c", "0.12em dashed"),
    "benefit": ("#f3e9dd", "#3d342a", "0.06em dotted"),
    "mechanism": ("#e9e9e9", "#3a3a3a", "0.06em dotted"),
    "background": ("#e3eaf0", "#2b3640", "0.06em dotted"),
    "framing": ("#f6f6f6", "#26282b", "0.06em dotted"),
    "heading": ("#ffffff", "#15171a", "0.06em solid"),
}
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1a1a1a; --page: #ffffff; --link: #0b4a99; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f2f2f2; --page: #15171a; --link: #a3ccff; } }
* { box-sizing: border-box; }
body { background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  margin: 0 auto; max-width: 60rem; padding: 0.5rem 1rem 3rem; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible { outline: 0.2em solid var(--link); outline-offset: 0.1em; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.4em 0 0.4em; }
h2 { border-top: 1px solid; padding-top: 0.7em; }
p { margin: 0.4em 0; }
ul, ol { list-style: none; margin: 0.4em 0; padding: 0; }
.percentage { font-size: 1.25rem; font-weight: 600; }
.notice { border: 0.15em solid; padding: 0.5em 0.7em; }
[class*="fate-"] { border-radius: 0.2em; color: var(--ink); }
.mark { font: 600 0.8rem/1.4 ui-monospace, monospace; padding: 0 0.35em; white-space: nowrap; }
.legend li { display: flex; gap: 0.6em; margin: 0.3em 0; align-items: baseline; }
.legend .mark { flex: none; min-width: 2.6em; text-align: center; }
.map { display: flex; flex-wrap: wrap; gap: 0.25rem; }
.map a { display: block; max-width: 100%; min-width: fit-content; padding: 0.1rem 0.25rem;
  text-decoration: none; width: calc(var(--length) * 0.035rem); }
.passages > li, .statements > li { margin: 0.8em 0; scroll-margin-top: 0.5em; }
:target { outline: 0.2em solid var(--link); outline-offset: 0.3em; }
.sentence { display: block; margin: 0.2em 0; padding: 0.2em 0.5em; }
.place { font-size: 0.9rem; }
.became li, .grounds li { margin: 0.15em 0 0.15em 1em; }
@media print { body { max-width: none; } li { break-inside: avoid; }
  [class*="fate-"] { print-color-adjust: exact; } }
"""


_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_TITLE: Final = "What became of each sentence"
_WITHOUT: Final = "The sentences are not shown here: they belong to their authors."


def accountability_html(accountability: Accountability) -> str:
    """Return the table as one page; with the sentences where the texts are at hand."""
    return "\n".join([*_head(), *_body(accountability), "</html>", ""])


def _head() -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{_TITLE}: msrisk</title>"
    fates = [(f".fate-{key}", *colours) for key, colours in _COLOURS.items()]
    yield f"<style>{_STYLE.strip()}"
    yield from (f"{name} {{ background: {c}; border: {line} }}" for name, c, _, line in fates)
    yield "@media (prefers-color-scheme: dark) {"
    yield from (f"{name} {{ background: {dark} }}" for name, _, dark, _ in fates)
    yield "}</style>"
    yield "</head>"


def _body(a: Accountability) -> Iterator[str]:
    yield "<body>"
    yield "<header>"
    yield f"<h1>{_TITLE}</h1>"
    yield f'<p class="percentage">{_escaped(summary(a))}</p>'
    yield f"<p>{_escaped(limits(a))}</p>"
    yield f"<p>{_escaped(checked_in_words(a))}</p>"
    yield f'<p class="notice">{NOTICE}</p>' if a.texts_checked else f"<p>{_WITHOUT}</p>"
    yield f"<p>Rule set {_escaped(a.version)}, {_escaped(a.digest)}.</p>"
    yield "</header>"
    yield '<nav aria-label="Contents"><ul>'
    yield '<li><a href="#legend">What the marks mean</a></li>'
    for source in a.sources:
        yield f"<li>{_link(f'source-{source.source}', source.title)}</li>"
    yield '<li><a href="#statements">What each rule, claim and threshold rests on</a></li>'
    yield '<li><a href="#silences">Topics that no source speaks of</a></li>'
    yield '<li><a href="#examined">What evidence says of each rule and claim</a></li>'
    yield "</ul></nav>"
    yield "<main>"
    yield from _legend(a)
    for source in a.sources:
        yield from _source(source, a)
    yield from _statements(a)
    yield from _silences(a)
    yield from _examined(a)
    yield "</main>"
    yield "</body>"


def _legend(a: Accountability) -> Iterator[str]:
    fates = [fates_of(passage, a.statements) for s in a.sources for passage in s.passages]
    marked = Counter(fate for some in fates for fate in some)
    coloured = Counter(some[0] for some in fates)
    yield '<section aria-labelledby="legend"><h2 id="legend">What the marks mean</h2>'
    yield "<p>A passage has a mark for each thing that became of it, and is drawn in the colour"
    yield " of the first. Each passage is linked to what became of it, and that back to it.</p>"
    yield '<ul class="legend">'
    for fate in FATES:
        drawn = f"{coloured[fate]} {'is' if coloured[fate] == 1 else 'are'} drawn in this colour"
        count = f"{plural(marked[fate], 'passage')}; {drawn}"
        yield f"<li>{_mark(fate, fate.mark)} <span>{_escaped(fate.name)}: {count}</span></li>"
    yield "</ul></section>"


def _source(source: SourceAccount, a: Accountability) -> Iterator[str]:
    anchor = _escaped(f"source-{source.source}")
    yield f'<section aria-labelledby="{anchor}"><h2 id="{anchor}">{_escaped(source.title)}</h2>'
    yield f"<p>{_escaped(source.source)}, {plural(len(source.passages), 'passage')}. "
    yield f"{_escaped(gaps_in_words(source))}</p>"
    yield "<h3>At a glance</h3>"
    yield "<p>A block is as wide as its passage is long, as far as its mark lets it.</p>"
    yield '<div class="map">'
    for passage in source.passages:
        yield _block(source, passage, fates_of(passage, a.statements))
    yield "</div>"
    strays = {gap.end: gap for gap in source.gaps if gap.stray}
    for section, passages in groupby(source.passages, key=lambda passage: passage.section):
        yield f'<h3>{_escaped(section)}</h3><ol class="passages">'
        for passage in passages:
            yield from _stray(strays.pop(passage.start, None))
            yield from _passage(source, passage, a)
        yield "</ol>"
    if strays:
        yield '<h3>Behind the last passage</h3><ol class="passages">'
        for gap in strays.values():
            yield from _stray(gap)
        yield "</ol>"
    yield "</section>"


def _block(source: SourceAccount, passage: PassageAccount, fates: Sequence[Fate]) -> str:
    names = "; ".join(fate.name for fate in fates)
    length, marked = passage.end - passage.start, _escaped(_marked(passage, fates))
    said = _escaped(f"{passage.where}, {plural(length, 'character')}: {names}")
    href = _escaped(_anchor(source.source, passage.n))
    return (
        f'<a class="mark fate-{fates[0].key}" href="#{href}" title="{said}" '
        f'aria-label="{marked}: {said}" style="--length: {length}">'
        f"{marked}</a>"
    )


def _passage(source: SourceAccount, passage: PassageAccount, a: Accountability) -> Iterator[str]:
    fates = fates_of(passage, a.statements)
    yield f'<li id="{_escaped(_anchor(source.source, passage.n))}">'
    place = f"paragraph {passage.paragraph}, sentence {passage.sentence}"
    characters = f"characters {passage.start} to {passage.end}"
    yield (
        f'<p class="place">{_mark(fates[0], _marked(passage, fates))} '
        f"{place if passage.paragraph else 'heading'}, {characters}</p>"
    )
    if passage.text is not None:
        yield _sentence(fates[0], passage.text)
    yield '<ul class="became">'
    # What is wrong with the passage, and why nothing cites it; the rest is linked.
    for fate in fates:
        if fate.key in ("open", passage.context):
            yield f"<li>{_escaped(fate.name)}</li>"
    for one in citing(passage, a.statements):
        yield f"<li>{_escaped(one.kind)} {_link(f'{one.part}-{one.id}', one.id)}</li>"
    yield "</ul></li>"


def _stray(gap: Gap | None) -> Iterator[str]:
    if gap is not None and gap.text is not None:
        open_ = FATES[0]
        place = f"in no passage, characters {gap.start} to {gap.end}"
        yield f'<li><p class="place">{_mark(open_, open_.mark)} {place}</p>'
        yield f"{_sentence(open_, gap.text)}</li>"


def _statements(a: Accountability) -> Iterator[str]:
    title = "What each rule, claim and threshold rests on"
    yield f'<section aria-labelledby="statements"><h2 id="statements">{title}</h2>'
    for part in ("rule", "claim", "threshold"):
        yield f'<h3>{part.capitalize()}s</h3><ul class="statements">'
        for one in (one for one in a.statements if one.part == part):
            fate = fate_of(one)
            yield f'<li id="{_escaped(f"{part}-{one.id}")}"><p>{_mark(fate, fate.mark)} '
            yield f"<strong>{_escaped(one.id)}</strong> ({_escaped(one.kind)})</p>"
            yield f"<p>{_escaped(one.message)}</p>"
            yield from _grounds(one.grounds, a, one.chosen)
            yield "</li>"
        yield "</ul>"
    yield "</section>"


def _examined(a: Accountability) -> Iterator[str]:
    title = "What evidence says of each rule and claim"
    yield f'<section aria-labelledby="examined"><h2 id="examined">{title}</h2>'
    yield f"<p>{escape(examined_summary(a.examined))}</p>"
    yield "<ul>"
    for one in a.examined:
        yield f"<li>{escape(examined_in_words(one))}</li>"
    yield "</ul></section>"


def _silences(a: Accountability) -> Iterator[str]:
    title = "Topics that no source speaks of"
    yield f'<section aria-labelledby="silences"><h2 id="silences">{title}</h2>'
    yield f'<p>{SILENCE}</p><ul class="statements">'
    for silent in a.silences:
        topic = _escaped(silent.topic.replace("-", " "))
        yield f"<li><p><strong>{topic}</strong>: {_link(f'rule-{silent.rule}', silent.rule)}</p>"
        yield from _grounds(silent.grounds, a)
        yield "</li>"
    yield "</ul></section>"


def _grounds(grounds: Iterable[Ground], a: Accountability, chosen: str = "") -> Iterator[str]:
    titles = {source.source: source.title for source in a.sources}
    yield '<ul class="grounds">'
    for ground in grounds:
        known = ground.source in titles
        source = (
            _link(f"source-{ground.source}", titles[ground.source])
            if known
            else _escaped(ground.source)
        )
        if ground.whole:
            yield f"<li>{source}: {_escaped(grounds_in_words(ground))}</li>"
        else:
            links = ", ".join(_link(_anchor(ground.source, n), str(n)) for n in ground.passages)
            yield f"<li>{source}: {_escaped(ground.where)} ({links})</li>"
    if chosen:
        yield f"<li>no passage: msrisk chose the number: {_escaped(chosen)}</li>"
    yield "</ul>"


def _anchor(source: str, n: int) -> str:
    return f"passage-{source}-{n}"


def _link(anchor: str, words: str) -> str:
    return f'<a href="#{_escaped(anchor)}">{_escaped(words)}</a>'


def _marked(passage: PassageAccount, fates: Sequence[Fate]) -> str:
    return " ".join([str(passage.n), *(fate.mark for fate in fates)])


def _mark(fate: Fate, words: str) -> str:
    return f'<span class="mark fate-{fate.key}">{_escaped(words)}</span>'


def _sentence(fate: Fate, text: str) -> str:
    on_one_line = " ".join(text.split())
    return f'<blockquote class="sentence fate-{fate.key}">{_escaped(on_one_line)}</blockquote>'


def _escaped(text: str) -> str:
    return escape(clean(text))
