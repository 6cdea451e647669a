"""The glossary: one entry for one word, and every public name has one."""

from __future__ import annotations

import re
from pathlib import Path

import msrisk

# The words of the design, restated: an entry that is deleted must fail here.
WORDS = {
    "Profile",
    "Rule",
    "Condition",
    "Report",
    "Assessment",
    "Finding",
    "Open question",
    "Caveat",
    "Claim",
    "Disputed claim",
    "Passage",
    "Citation",
    "Level",
    "Worst case",
    "Rule set",
    "Unrecognised",
    "Medical condition",
}


def entries(root: Path) -> dict[str, str]:
    text = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)[1:]
    assert len(set(parts[::2])) == len(parts) // 2
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_glossary_has_every_public_name_and_no_other(root: Path) -> None:
    named = [
        name
        for body in entries(root).values()
        for name in re.findall(r"^Public name: `msrisk\.(\w+)`\.$", body, flags=re.MULTILINE)
    ]
    assert sorted(named) == sorted(msrisk.__all__)


def test_the_glossary_has_every_word_of_the_design(root: Path) -> None:
    assert entries(root).keys() >= WORDS


def test_the_glossary_is_in_alphabetical_order(root: Path) -> None:
    words = [word.casefold() for word in entries(root)]
    assert words == sorted(words)


def test_every_entry_says_what_the_word_does_not_mean(root: Path) -> None:
    assert [word for word, body in entries(root).items() if "\nNot: " not in body] == []


def test_every_word_in_italics_has_an_entry(root: Path) -> None:
    known = {word.casefold() for word in entries(root)}
    for body in entries(root).values():
        for word in re.findall(r"\*([^*\n]+)\*", body):
            assert {word, word.removesuffix("s")} & known, word
