"""Writes the one line of a card: at most 139 characters, true alone, and never an all-clear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msrisk.evaluation.naming import beginning
from msrisk.model.levels import Level, highest, rank
from msrisk.model.results import Assessment, Finding
from msrisk.model.summary import SummaryPoint
from msrisk.rendering import words

__all__ = ["MOST", "TAIL", "about_more", "about_product", "fitted", "name_of", "not_checked"]

MOST: Final = 139
"""Of how many characters a summary may be."""

TAIL: Final = ". This clears nothing."
"""How each summary ends: some systems show nothing else of a card."""

_NAMED: Final = (3, 2, 1)


def fitted(head: str, *choices: Sequence[str]) -> str:
    """Return a summary: its head, and of each further thing the first wording that has room."""
    room = MOST - len(TAIL)
    said = words.clean(head)
    if len(said) > room:
        said = f"{said[: room - 1].rstrip()}…"
    for choice in choices:
        longer = (f"{said}{words.clean(one)}" for one in choice)
        said = next((one for one in longer if len(one) <= room), said)
    return f"{said}{TAIL}"


def name_of(one: Assessment) -> str:
    """Return the name of a product, not longer than has room; in quotes, if nobody knows it."""
    short = beginning(one.name)
    name = short if short == one.name else f"{short}…"
    return name if one.substance is not None else f"“{name}”"


def _stands(level: Level, worst: Level) -> str:
    """Return a level and what it could be; of the lowest, that it clears nothing."""
    said = "NOT CLEARED" if level is Level.NO_FINDING else level.words
    return said if level is worst else f"{said}, could be {worst.words}"


def about_product(one: Assessment, points: Sequence[SummaryPoint]) -> str:
    """Return the summary about a product: how grave, which, and the gravest reason."""
    head = f"{_stands(one.level, one.worst_case)}: {name_of(one)}"
    if one.substance is None:
        return fitted(head, [": msrisk does not know what it is"])
    reasons = []
    if one.open_questions:
        reasons = [f": {words.plural(len(one.open_questions), 'question')} open"]
    # What is only worth telling is not why the level is not known yet.
    if points and not (reasons and rank(points[0].level) < rank(one.level)):
        first = points[0]
        reasons = [f": {words.about(first.title, first.told)}", f": {first.title}"]
    return fitted(head, [words.typed_as(one.name, one.products[:1], 1)], reasons)


def about_more(
    first: Assessment,
    others: Sequence[Assessment],
    findings: Sequence[Finding],
    unread: Sequence[str],
) -> str:
    """Return the summary of the second card: what there is besides what the first says.

    The level of the first product stands in it where there is room, as some systems show one
    card only.

    Args:
        first: the product that the first card is about.
        others: the other products, the gravest first.
        findings: what else is found on the first product, of any level.
        unread: the parts of the record that could not be read; not all three are empty.

    """
    parts = []
    if others:
        level = _stands(highest(o.level for o in others), highest(o.worst_case for o in others))
        parts.append(f"{words.plural(len(others), 'more product')}, highest {level}")
    if findings:
        grave = highest(f.level for f in findings)
        parts.append(f"{words.plural(len(findings), 'more finding')} on it, highest {grave.words}")
    if unread:
        parts.append(f"COULD NOT CHECK {words.plural(len(unread), 'part')} of the record")
    names = [name_of(one) for one in others] or list(unread)
    named = f"{name_of(first)} ({first.level.words}) and besides: {parts[0]}"
    if len(named) > MOST - len(TAIL):
        named = f"{name_of(first)} and besides: {parts[0]}"
    return fitted(
        named,
        *([f"; {one}"] for one in parts[1:]),
        [f" ({words.few(names, most)})" for most in _NAMED] if others or unread else [],
    )


def not_checked(unread: Sequence[str]) -> str:
    """Return the summary of a card that no check could be made for."""
    return fitted(
        "msrisk COULD NOT CHECK for supplements in MS",
        [f": not read: {words.few(unread, most)}" for most in _NAMED],
    )
