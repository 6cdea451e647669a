"""Reads the rows of CSV; a line that may be the inside of a broken row is none of them."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import IO, Final, NamedTuple

__all__ = ["INSIDE", "Line", "Lines", "is_broken", "rows_of"]

INSIDE: Final = "row: expected a row that cannot be a part of the broken one beside it"
"""Why a line is set aside that would be a row if it stood elsewhere."""

_LONGEST: Final = 2**26
_LINES: Final = 1_000  # in one row at most; one that goes on has a quote that nobody closed
_NO_CELLS: Final = "row: expected cells as CSV has them, and each quote to be closed"
_UNOPENED: Final = "row: expected a quote at the begin of each cell that ends with one"
_NEVER: Final = 2**62
_PARTS: Final = re.compile(r'"|[^"]+')
_DIGITS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


class Line(NamedTuple):
    """A row as it came: its cells by column, or why there are none."""

    cells: dict[str, object] | None
    came: object
    reason: str = ""


class Lines:
    """The lines of a CSV file, of which a record takes some, and may have to give back.

    Attributes:
        lost_quotes: whether what was passed over of a line that is too long has quotes.

    """

    def __init__(self, file: IO[str]) -> None:
        csv.field_size_limit(_LONGEST)
        self._file = file
        self._given_back: deque[str] = deque()
        self._taken: list[str] = []
        self.lost_quotes = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) == _LINES:
            raise StopIteration
        line = self.take()
        if not line:
            raise StopIteration
        self._taken.append(line)
        if len(line) == _LONGEST and not line.endswith("\n"):
            raise csv.Error
        return line

    def take(self) -> str:
        """Return the next line, or the begin of one that is too long; "" at the end."""
        if self._given_back:
            return self._given_back.popleft()
        line = rest = self._file.readline(_LONGEST)
        while len(rest) == _LONGEST and not rest.endswith("\n"):
            rest = self._file.readline(_LONGEST)
            self.lost_quotes |= '"' in rest
        return line

    def record(self) -> tuple[list[str] | None, str]:
        """Return the cells of the next record, if it has any, and its text; "" at the end."""
        self._taken = []
        try:
            cells = next(csv.reader(self, strict=True), None)
        except csv.Error:
            cells = None
        return cells, "".join(self._taken)

    def only_the_first(self) -> str:
        """Give back all lines of the last record but the first, and return that."""
        first, *others = self._taken
        self._given_back.extendleft(reversed(others))
        return first


def rows_of(lines: Lines, names: list[str]) -> Iterator[Line]:
    """Yield each row behind the first line, and each line that is broken or may be in one.

    A line of one cell beside a row may be a part of it, if nobody put the break in quotes; so may
    one in which a quote ends a cell that none begins. With it go all lines before it, back to the
    last one whose first cell looks as those of other rows do: of a cell of many lines that lost
    its quote at the begin, that is the begin.
    """
    held: list[Line] = []
    torn = False
    known: Counter[frozenset[str]] = Counter()
    for line, is_end, is_begin in _each(lines, names):
        if is_end:
            yield from (one if one.reason else one._replace(reason=INSIDE) for one in held)
            held.clear()
        looks = _looks(line.cells[names[0]]) if line.cells else None
        if looks is not None and not known:
            known[looks] = 1
        if len(held) == _LINES or (looks is not None and known[looks] * 10 >= known.total()):
            known.update(_looks(one.cells[names[0]]) for one in held if one.cells)
            yield from held
            held.clear()
        is_inside = torn and not line.reason
        held.append(line._replace(reason=INSIDE) if is_inside else line)
        torn = is_begin
    yield from held


def _looks(cell: object) -> frozenset[str]:
    """Return of which kinds of signs a cell is."""
    return frozenset(_LETTERS.sub("a", _DIGITS.sub("9", str(cell))))


def _each(lines: Lines, names: list[str]) -> Iterator[tuple[Line, bool, bool]]:
    """Yield each row or line, and whether it may be the end of a row before it, or a begin."""
    while True:
        cells, came = lines.record()
        if not came:
            return
        if cells is not None and len(cells) == len(names):
            if any(map(is_broken, cells)):
                yield Line(None, _shown(came), "row: expected text in UTF-8"), False, False
            elif '"' in came and any(_is_unopened(cell, came) for cell in cells):
                yield Line(None, _shown(came), _UNOPENED), True, False
            else:
                yield Line(dict(zip(names, cells, strict=True)), cells), False, False
        elif came.strip():
            first = lines.only_the_first()
            reason = _NO_CELLS
            if cells is not None:
                reason = f"row: expected {len(names)} cells, got {len(cells)}"
            is_part = len(names) > 1 and len(first) < _LONGEST and _may_be_part(first)
            yield Line(None, _shown(first), reason), is_part, is_part
            for inner in _maybe_inside(lines, first):
                yield Line(None, _shown(inner), INSIDE), False, False


def _may_be_part(line: str) -> bool:
    """Return whether a line that is no row may be the end of the one before it, or a begin."""
    return "," not in line or (line.rstrip().endswith('"') and line.count('"') % 2 == 1)


def _is_unopened(cell: str, came: str) -> bool:
    """Return whether a quote ends a cell and none begins it, where it came."""
    return cell.endswith('"') and '"{}"'.format(cell.replace('"', '""')) not in came


def _maybe_inside(lines: Lines, first: str) -> Iterator[str]:
    """Take the lines behind a broken one that may be the inside of its row.

    They are, until a row must have begun by what needs the fewest signs to be wrong.
    """
    outside, inside = _ends(first, 0, _NEVER)
    if lines.lost_quotes and len(first) == _LONGEST:  # nobody knows how it ends
        outside = inside = 1
    for _ in range(_LINES - 1):
        if outside < inside:
            return
        line = lines.take()
        if not line:
            return
        if line.strip():
            yield line
        outside, inside = _ends(line, outside, inside)


def _ends(line: str, outside: int, inside: int) -> tuple[int, int]:
    """Return how many signs must be wrong for a line to end outside of quotes, and inside.

    Args:
        line: its text.
        outside: how many are, if it begins outside.
        inside: how many are, if it begins inside.

    """
    # A quote opens a cell, closes one or, if it is doubled, is one; any other is wrong.
    begin, plain, quoted, closed = outside, _NEVER, inside, _NEVER
    text = line.rstrip("\r\n")
    for found in _PARTS.finditer(text):
        part = found[0]
        if part == '"':
            plain = min(begin + 1, plain)
            begin, quoted, closed = _NEVER, min(begin, closed, quoted + 1), quoted
        else:
            rest = min(begin, plain, closed + (part[0] != ","))
            begin, plain = (rest, _NEVER) if part[-1] == "," else (_NEVER, rest)
            closed = _NEVER
    return min(begin, plain, closed, quoted + 1), quoted


def _shown(text: str) -> str:
    """Return a text as it can be written, with what is no UTF-8 as its bytes."""
    return (
        text.rstrip("\r\n").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    )


def is_broken(text: str) -> bool:
    """Return whether a text has bytes that are no UTF-8."""
    return not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text)
