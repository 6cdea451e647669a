"""Runs `msrisk recognise`, which says what a name is taken for, and why."""

from __future__ import annotations

import argparse

from msrisk import api
from msrisk.cli.entries import Entries
from msrisk.cli.layout import Answer, block, folder_of, ruleset_of
from msrisk.errors import ConceptError, Problem
from msrisk.loading import Placed
from msrisk.model.concepts import Words
from msrisk.model.profile import Code, Entry
from msrisk.rendering.recognition_words import recognition_lines, recognition_status
from msrisk.rendering.words import entry

__all__ = ["recognise"]


def recognise(arguments: argparse.Namespace) -> Answer:
    """`msrisk recognise`: what a name or code is taken for, and why."""
    text = " ".join(arguments.text) or None
    codes = tuple(Code(system, code) for system, code in arguments.code)
    if text is None and not codes:
        raise ConceptError([Problem("TEXT", "an entry, a --code, or both", "neither")])
    rules, kind = ruleset_of(arguments), arguments.kind
    found = api.recognise(Entry(text, codes) if codes else text or "", kind, ruleset=rules)
    alone = [
        (entry(None, code), api.recognise(Entry(None, (code,)), kind, ruleset=rules))
        for code in codes
    ]
    given = entry(text, None) or " and ".join(name for name, _ in alone)
    head = f"{given} as {'an' if kind[0] in 'aeiou' else 'a'} {kind}: {recognition_status(found)}"
    *lines, note = recognition_lines(found, alone)
    one_by_one = zip(codes, (told for _, told in alone), strict=True)
    used = Entries(folder_of(arguments)).used_by(found, one_by_one)
    return block(head, [*lines, *(("entry", _entry(one)) for one in used), note]), 0


def _entry(one: Placed) -> str:
    name = f"words: {one.made.kind.value}" if isinstance(one.made, Words) else one.name
    return f"{one.place} ({name})"
