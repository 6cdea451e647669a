"""Explains why a text is not TOML to somebody who wrote it by hand."""

from __future__ import annotations

import re
import tomllib
from typing import Final

from msrisk.errors import Problem

__all__ = ["why_not_toml"]

_MOST: Final = 60
_CURLY: Final = frozenset("“”„‟‘’‚‛«»")
_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_WHOLE: Final = re.compile(r"""[^"'#=]*=\s*([+-]?\d+)""")
_FRACTION: Final = re.compile(r",(\d+)")
_NOT_CLOSED: Final = ("Illegal character '\\n'", "Unterminated string", 'Expected "\'"')
_HERE: Final = "here or in the line before"
# How tomllib begins what it says, what would be right there, and what is there instead.
_CAUSES: Final = (
    ("Invalid value", "a text in quotation marks, a number, true, false, a list or a table", ""),
    ("Unclosed array", f"a comma, the closing ] or a quotation mark, {_HERE}", "none"),
    ("Unclosed inline table", f"a comma, the closing }} or a quotation mark, {_HERE}", "none"),
    ("Expected newline", "the end of the line behind a value", "something more"),
    ("Expected '='", "a key, = and a value", ""),
    ("Cannot overwrite", "each key once in a table", "one for the second time"),
    ("Duplicate", "each key once in a table", "one for the second time"),
)


def why_not_toml(file: str, text: str, error: tomllib.TOMLDecodeError) -> Problem:
    """Return the line at which a text stops being TOML, and why where that is certain."""
    said = str(error)
    lines = text.rstrip().splitlines() or [""]
    place = _PLACE.search(said)
    number, column = map(int, place.groups()) if place else (len(lines), len(lines[-1]) + 1)
    line = lines[number - 1] if number <= len(lines) else ""
    expected, got = _cause(said, line, column - 1, placed=place is not None)
    return Problem(f"{file}: line {number}: `{_shown(line)}`", expected, got)


def _cause(said: str, line: str, at: int, *, placed: bool) -> tuple[str, str]:
    """Return what was expected at this place of a line, and what stands there."""
    here = line[at : at + 1]
    if here in _CURLY:
        return 'straight quotation marks, as in "text"', f"the curly one {here}"
    if said.startswith(_NOT_CLOSED):
        last = line.rstrip(" ,]}")[-1:]
        if last in _CURLY:
            return 'a straight quotation mark (") at the end of the text', f"the curly one {last}"
        more = "" if placed else " that begins here or further up"
        return f"a quotation mark at the end of the text{more}", "none"
    whole, fraction = _WHOLE.fullmatch(line[:at]), _FRACTION.match(line[at:])
    if whole and fraction:
        return f"a number with a point, {whole[1]}.{fraction[1]}", "one with a comma"
    for begins, expected, got in _CAUSES:
        if said.startswith(begins):
            return expected, got or ("something else" if here else "nothing")
    return "TOML", f"something else at column {at + 1}"


def _shown(line: str) -> str:
    visible = "".join(c if c.isprintable() else " " for c in line).strip()
    return visible if len(visible) <= _MOST else f"{visible[:_MOST].rstrip()}…"
