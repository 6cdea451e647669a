"""Small changes of the code that decides what a patient is told, made by Cosmic Ray.

Cosmic Ray finds the places and writes the changed code; which of its changes are made, and those
that it does not know, stand here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from attrs import frozen
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

__all__ = ["AREAS", "KINDS", "Change", "Swap", "changes"]

AREAS: Final = (
    "msrisk/evaluation",
    "msrisk/recognition",
    "msrisk/model/quantities.py",
    "msrisk/model/truth.py",
)

# A position in a file, as parso tells it: (line, column) of the begin and of the end.
_Span = tuple[tuple[int, int], tuple[int, int]]


@frozen
class Swap:
    """Writes one name for another, wherever it stands behind the words before it."""

    name: str
    other: str
    before: tuple[str, ...] = ()

    # parso is not typed, and neither is a node.
    def mutation_positions(self, node: Any) -> Iterator[_Span]:
        """Yield where the node is the name."""
        if node.type == "name" and node.value == self.name and self._follows(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return the node with the other name."""
        del index
        node.value = self.other
        return node

    def _follows(self, node: Any) -> bool:
        for word in reversed(self.before):
            node = node.get_previous_leaf()
            if node is None or node.value != word:
                return False
        return True


def _core(*names: str) -> list[Any]:
    return [get_operator(f"core/{name}")() for name in names]


def _compared(pairs: str) -> list[Any]:
    return _core(*(f"ReplaceComparisonOperator_{pair}" for pair in pairs.split()))


_TRUTH: Final = ("Truth", ".")
# `is` beside `==` is left out: for the words and members compared here they are the same.
KINDS: Final[dict[str, list[Any]]] = {
    "comparison": _compared(
        "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is"
        " Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt"
    ),
    "and, or": _core("ReplaceAndWithOr", "ReplaceOrWithAnd"),
    "constant": _core("NumberReplacer", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
    "any, all": [Swap("any", "all"), Swap("all", "any"), Swap("min", "max"), Swap("max", "min")],
    "truth": [
        Swap("TRUE", "UNKNOWN", _TRUTH),
        Swap("FALSE", "UNKNOWN", _TRUTH),
        Swap("UNKNOWN", "TRUE", _TRUTH),
        Swap("UNKNOWN", "FALSE", _TRUTH),
    ],
    "branch": _core(
        "AddNot",
        "ReplaceUnaryOperator_Delete_Not",
        "ReplaceBreakWithContinue",
        "ReplaceContinueWithBreak",
        "ZeroIterationForLoop",
    ),
}


@frozen
class Change:
    """One change of one file: the first line that it changes, and the whole as it is then."""

    file: str
    kind: str
    line: int
    was: str
    becomes: str
    code: str


_Place = tuple[Path, str, Any, int]


def _places(root: Path, files: Iterable[Path]) -> Iterator[_Place]:
    for path in files:
        nodes = list(ast_nodes(get_ast((root / path).read_text(encoding="utf-8"))))
        for kind, operators in KINDS.items():
            for operator in operators:
                spans = (span for node in nodes for span in operator.mutation_positions(node))
                for occurrence, _ in enumerate(spans):
                    yield path, kind, operator, occurrence


def changes(root: Path, count: int, seed: int, within: Iterable[str] = AREAS) -> list[Change]:
    """Return so many changes by chance, of each kind about as many; the same for the same seed."""
    places: dict[str, list[_Place]] = {kind: [] for kind in KINDS}
    for place in _places(root, list(_files(root, within))):
        places[place[1]].append(place)
    draw = Random(seed)  # noqa: S311  # a sample, and no secret
    chosen: list[_Place] = []
    # The kinds with the fewest places first: what they leave over falls to the others.
    for left, kind in zip(
        range(len(KINDS), 0, -1), sorted(KINDS, key=lambda one: len(places[one])), strict=True
    ):
        share = min((count - len(chosen)) // left, len(places[kind]))
        chosen += draw.sample(places[kind], share)
    return [_change(root, *place) for place in sorted(chosen, key=lambda one: one[0])]


def _files(root: Path, within: Iterable[str]) -> Iterator[Path]:
    for area in within:
        path = root / area
        for one in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            yield one.relative_to(root)


def _change(root: Path, path: Path, kind: str, operator: Any, occurrence: int) -> Change:
    code = (root / path).read_text(encoding="utf-8")
    changed: str = mutate_code(code, operator, occurrence)
    old, new = code.splitlines(), changed.splitlines()
    line = next(n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    was, becomes = (" ".join(lines[line].split()) for lines in (old, new))
    return Change(path.as_posix(), kind, line + 1, was, becomes, changed)
