"""Writes what became of each passage as text and as a JSON document."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from msrisk.accountability.examined import STATES, Examined
from msrisk.accountability.table import (
    Accountability,
    Gap,
    Ground,
    PassageAccount,
    SilentTopic,
    SourceAccount,
    Statement,
)
from msrisk.documents.writing import json_text
from msrisk.model.results import Level
from msrisk.model.sources import CONTEXTS
from msrisk.rendering.plain import wrapped
from msrisk.rendering.words import clean, plural

__all__ = [
    "ACCOUNTABILITY_KEYS",
    "ACCOUNTABILITY_SCHEMA",
    "FATES",
    "Fate",
    "NOTICE",
    "SILENCE",
    "accountability_document",
    "accountability_json",
    "accountability_text",
    "checked_in_words",
    "citing",
    "examined_in_words",
    "examined_summary",
    "fate_of",
    "fates_of",
    "gaps_in_words",
    "grounds_in_words",
    "limits",
    "summary",
]

ACCOUNTABILITY_SCHEMA: Final = "msrisk-accountability/1"
"""What `schema` holds in an accountability document."""

SILENCE: Final = (
    "These are the topics of which a rule says so; of all else that they do not name the sources "
    "are silent too. That they are silent says nothing for or against anything."
)
"""What a silence does not mean."""

NOTICE: Final = (
    "This page contains the text of the sources, which belongs to their authors: "
    "it is for the reader who holds the texts, and not to be passed on."
)
"""What is said wherever sentences of the sources are shown."""


# --- What can become of a passage ----------------------------------------------------------


@frozen
class Fate:
    """One of the things that can become of a passage.

    Attributes:
        key: its id.
        mark: one or two characters for it, where there is no room for words.
        name: it in words.

    """

    key: str
    mark: str
    name: str


_LEVELS: Final = {
    Level.URGENT: "U",
    Level.CONTRAINDICATED: "X",
    Level.CAUTION: "C",
    Level.UNDETERMINED: "?",
    Level.INFORM: "I",
}
_CONTEXTS: Final = {
    "benefit": ("b", "speaks of a benefit in general"),
    "mechanism": ("m", "how something works, or is thought to"),
    "background": ("g", "what something is"),
    "framing": ("f", "leads the reader in, on or out"),
    "heading": ("h", "stands above a section"),
}

FATES: Final = (
    Fate("open", "!!", "not accounted for"),
    *(Fate(lv.value, mark, f"rule with the level {lv.words}") for lv, mark in _LEVELS.items()),
    Fate("caveat", "A", "caveat: a rule that is always said"),
    Fate("claim", "Q", "claim of the source, shown beside what disputes or qualifies it"),
    Fate("threshold", "#", "threshold: a number that rules compare with"),
    *(Fate(key, _CONTEXTS[key][0], f"context {key}: {_CONTEXTS[key][1]}") for key in CONTEXTS),
)
"""Everything that can become of a passage, from what concerns a reader most to least."""

_BY_KEY: Final = {fate.key: fate for fate in FATES}


def fate_of(statement: Statement) -> Fate:
    """Return what becomes of a passage that this statement cites."""
    if statement.part != "rule":
        return _BY_KEY[statement.part]
    return _BY_KEY["caveat" if statement.level is None else statement.level.value]


def fates_of(passage: PassageAccount, statements: Iterable[Statement]) -> tuple[Fate, ...]:
    """Return all that became of a passage, in the order of `FATES`; never nothing."""
    found = {fate_of(one) for one in citing(passage, statements)}
    if passage.context is not None:
        found.add(_BY_KEY[passage.context])
    if not passage.accounted_for:
        found.add(_BY_KEY["open"])
    return tuple(fate for fate in FATES if fate in found)


def citing(passage: PassageAccount, statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements that cite a passage."""
    ids = {"rule": passage.rules, "claim": passage.claims, "threshold": passage.thresholds}
    return tuple(one for one in statements if one.id in ids[one.part])


# --- Sentences of every rendering ----------------------------------------------------------


def summary(accountability: Accountability) -> str:
    """Return how many passages are accounted for, and whether the texts were compared."""
    a = accountability
    cited = sum(p.cited and p.accounted_for for s in a.sources for p in s.passages)
    have = f"{plural(a.total, 'passage')} {'has' if a.total == 1 else 'have'}"
    line = (
        f"{a.accounted_for} of {have} a rule, a claim or a stated reason ({a.percentage} %: "
        f"{cited} cited, {a.accounted_for - cited} with a reason why nothing cites them)"
    )
    beside = f"; but {plural(a.strays, 'piece')} of text lie in no passage" if a.strays else ""
    compared = "agree with their digests" if a.texts_checked else "were not compared"
    return f"{line}{beside}; the texts themselves {compared}."


def limits(accountability: Accountability) -> str:
    """Return what the percentage does not mean."""
    nobody = "" if accountability.clinically_reviewed else " Nobody has signed all the rules yet."
    return (
        "This says that each sentence was dealt with. It does not say that it was understood "
        f"rightly: for that, a person reads the sentence beside the rule.{nobody}"
    )


def gaps_in_words(source: SourceAccount) -> str:
    """Return what is known of the characters that lie in no passage of a source."""
    sizes = [gap.end - gap.start for gap in source.gaps]
    if not sizes:
        return "No character lies between the passages."
    size = f"{sum(sizes)} characters lie in no passage, at most {max(sizes)} together"
    strays = sum(gap.stray is True for gap in source.gaps)
    if strays:
        return f"{size}; {plural(strays, 'piece')} of text among them, shown in place."
    if source.gaps[0].text is None:
        return f"{size}; what they are is only seen with the text."
    return f"{size}: white space and marks alone."


def checked_in_words(accountability: Accountability) -> str:
    """Return whether the sources were compared with their texts."""
    if accountability.texts_checked:
        return "The digest of every text and of every passage agrees with the text."
    return (
        "Only with the texts (`--texts DIR`) is it seen whether each passage stands where it "
        "should, and whether anything stands beside the passages."
    )


def grounds_in_words(ground: Ground) -> str:
    """Return the numbers of the passages, or why the whole text is cited."""
    if ground.whole:
        read = "" if ground.reason.startswith("evidence, ") else "the whole text: "
        return f"{read}{ground.reason}"
    several = "s" if len(ground.passages) > 1 else ""
    return f"passage{several} {', '.join(map(str, ground.passages))}"


def examined_summary(examined: Iterable[Examined]) -> str:
    """Return how many statements are in each state."""
    counts = Counter(one.state for one in examined)
    order = (*STATES.values(), "unexamined")
    said = ", ".join(f"{counts[state]} {state}" for state in order)
    return (
        f"{said}. Unexamined means that nothing was found that bears on it: that says nothing "
        "for it."
    )


def examined_in_words(one: Examined) -> str:
    """Return what evidence makes of a statement, and which items."""
    said = [
        f"{state} by {', '.join(getattr(one, state))}"
        for state in STATES.values()
        if getattr(one, state)
    ]
    return f"{one.id}: {'; '.join(said) or one.state}"


# --- Text ----------------------------------------------------------------------------------

_NARROWEST: Final = 60
_PLACE: Final = 17
_SHOWN: Final = 60


def accountability_text(accountability: Accountability, *, width: int = 80) -> str:
    """Return the table as text of this width (at least 60).

    Where the texts are at hand, each passage begins with its sentence, cut to one line.
    """
    a = accountability
    width = max(width, _NARROWEST)
    lines = [
        *_titled(f"What became of each passage, rule set {a.version}", "=", width),
        *wrapped(summary(a), width),
        *wrapped(checked_in_words(a), width),
        *(wrapped(NOTICE, width) if a.texts_checked else []),
    ]
    for source in a.sources:
        lines += ["", *_titled(f"{source.source}: {source.title}", "-", width)]
        lines += [*wrapped(gaps_in_words(source), width), "", *_table(source, a, width)]
    lines += ["", *_titled("What each rule, claim and threshold rests on", "-", width)]
    for one in a.statements:
        lines += [*wrapped(f"{one.id} ({one.kind})", width), *_grounds(one, width)]
    lines += ["", *_titled("Topics that no source speaks of", "-", width)]
    lines += wrapped(SILENCE, width)
    for silent in a.silences:
        title = f"{silent.topic.replace('-', ' ')} ({silent.rule})"
        lines += [*wrapped(title, width), *_grounds(silent, width)]
    lines += ["", *_titled("What evidence says of each rule and claim", "-", width)]
    lines += wrapped(examined_summary(a.examined), width)
    for found in a.examined:
        lines += wrapped(examined_in_words(found), width, "", " " * 4)
    return (
        "\n".join([*lines, "", *wrapped(limits(a), width), "", *wrapped(summary(a), width)]) + "\n"
    )


def _table(source: SourceAccount, accountability: Accountability, width: int) -> Iterator[str]:
    yield f"{'PASSAGE':>7}  {'WHERE':<{_PLACE}}BECAME"
    section = None
    strays = {gap.end: gap for gap in source.gaps if gap.stray}
    for passage in source.passages:
        yield from _stray(strays.pop(passage.start, None), width)
        if passage.section != section:
            section = passage.section
            yield from wrapped(section, width)
        place = f"para {passage.paragraph}, sent {passage.sentence}"
        first = f"{passage.n:>7}  {place if passage.paragraph else 'heading':<{_PLACE}}"
        if passage.text is not None:
            sentence = textwrap.shorten(
                clean(_on_one_line(passage.text)), width - len(first) - len("“”"), placeholder="…"
            )
            yield f"{first}“{sentence}”"
            first = " " * len(first)
        for line in _became(passage, accountability):
            yield from wrapped(line, width, first, " " * len(first))
            first = " " * len(first)
    for gap in strays.values():
        yield from _stray(gap, width)


def _became(passage: PassageAccount, accountability: Accountability) -> Iterator[str]:
    if not passage.accounted_for:
        yield "NOT ACCOUNTED FOR: " + ("cited, but with a context" if passage.cited else "no rule")
    for one in citing(passage, accountability.statements):
        yield f"{one.kind} {one.id}"
    if passage.context is not None:
        yield f"context: {passage.context}"


def _stray(gap: Gap | None, width: int) -> Iterator[str]:
    if gap is not None and gap.text is not None:
        shown = textwrap.shorten(clean(_on_one_line(gap.text)), _SHOWN, placeholder="…")
        line = f"IN NO PASSAGE: characters {gap.start} to {gap.end}: “{shown}”"
        yield from wrapped(line, width, " " * 9, " " * 9)


def _on_one_line(text: str) -> str:
    """Return a piece of a source without its line ends, which say nothing here."""
    return " ".join(text.split())


def _grounds(one: Statement | SilentTopic, width: int) -> Iterator[str]:
    for ground in one.grounds:
        line = f"{ground.source}: {grounds_in_words(ground)}"
        yield from wrapped(line, width, " " * 4, " " * 6)
    if isinstance(one, Statement) and one.chosen:
        line = f"no passage: msrisk chose the number: {one.chosen}"
        yield from wrapped(line, width, " " * 4, " " * 6)


def _titled(title: str, underline: str, width: int) -> list[str]:
    lines = wrapped(title, width)
    return [*lines, underline * max(map(len, lines))]


# --- The document --------------------------------------------------------------------------

# Written out rather than read off the classes, as in the report document: the order of the
# keys is a promise to other programs. The sentences are left out: they belong to their authors.
ACCOUNTABILITY_KEYS: Final[dict[type, tuple[str, ...]]] = {
    part: tuple(keys.split())
    for part, keys in {
        Accountability: "version digest clinically_reviewed texts_checked complete percentage "
        "total accounted_for strays sources statements silences examined",
        Examined: "id state contradicted qualified corroborated filled",
        SourceAccount: "source title short file_sha256 passages gaps",
        PassageAccount: "n section paragraph sentence where start end accounted_for rules claims "
        "thresholds context",
        Gap: "start end stray",
        Statement: "part id kind level message grounds chosen",
        Ground: "source where passages whole reason",
        SilentTopic: "topic rule grounds",
    }.items()
}
"""The keys of each part of the document, in order."""


def accountability_document(accountability: Accountability) -> dict[str, object]:
    """Return the accountability document in JSON types, without any sentence of a source."""
    return {"schema": ACCOUNTABILITY_SCHEMA, **_part(accountability)}


def accountability_json(accountability: Accountability) -> str:
    """Return the document as JSON text, byte for byte the same for equal rules and texts."""
    document = accountability_document(accountability)
    return json_text(document)


def _part(part: object) -> dict[str, object]:
    return {key: _value(getattr(part, key)) for key in ACCOUNTABILITY_KEYS[type(part)]}


def _value(value: object) -> object:
    if isinstance(value, Level):
        return value.value
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return _part(value) if type(value) in ACCOUNTABILITY_KEYS else value
