"""The page about the burden of a report: `python -m benchmarks.burden --markdown` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.burden.measure import BLOOD_SUGAR, KINDS, LEVELS

__all__ = ["BEFORE", "PAGE", "figures", "page"]

Figures = Mapping[str, Any]

PAGE: Final = Path("docs") / "burden.md"
BEFORE: Final = Path(__file__).parent / "before.json"
"""The figures of the commit before the answer was rebuilt, as `--json` printed them there."""

_SPREAD: Final = ("median", "mean", "p90", "max")

_HEAD: Final = """\
# What a report asks of its reader

Written by `python -m benchmarks.burden --markdown > docs/burden.md`; do not edit this page. A test
compares it with what the command would write.

A warning that nobody reads warns nobody. So msrisk is measured by what sixty ordinary patients
would get to read: made-up people with MS, with the medicines that such people take, typed as they
are typed, in forms that are filled in fully, in part or hardly at all. Who they are stands in
`tests/burden/patients.py`: 36 take or consider alpha lipoic acid, 16 a glutathione product, 8 both.
The shares are an estimate and no survey, so the figures compare two versions of msrisk and say
nothing about real people. `python -m benchmarks.burden --show 7` prints one of them.

No aim of length is a reason to lower a rule: that needs a reason of its own, and a signature.
Nor is it a reason to leave something out. The aim for an ordinary report is less than 170 lines,
with all that was found beside the two texts: a line for the best evidence for each finding and
claim and one for the best against it, with kind, year and identifier. A test holds the median
below that. On paper it is two sheets (`make prints`).

- Before: {before}, whose reports had no first screen.
- After, the version that this page belongs to: {after}.

`p90` is the figure that nine reports in ten do not exceed.
"""

_LITERATURE: Final = Path(__file__).parent / "literature.md"


def page(before: Figures, after: Figures | None) -> str:
    """Return the page as it should stand in the documents."""
    head = _HEAD.format(before=_version(before), after=_version(after))
    parts = [head, *_tables({"before": before, "after": after})]
    parts.append(_LITERATURE.read_text("utf-8"))
    return "\n".join(parts).rstrip() + "\n"


def _version(found: Figures | None) -> str:
    return f"rule set {found['ruleset']}, digest {found['digest']}" if found else "not measured yet"


def figures(found: Figures) -> str:
    """Return the tables of one version, to be read in a terminal."""
    return "\n".join(_tables({"": found})).rstrip()


def _tables(sides: Mapping[str, Figures | None]) -> Iterator[str]:
    known = [one for one in sides.values() if one]
    yield "## What one report holds\n"
    yield from _table(["", *_heads(sides, _SPREAD)], _counts(sides, known))
    yield "## What the lines are about\n"
    yield from _table(["", *_heads(sides, ("share of lines",))], _shares(sides))
    yield "## Levels, in reports\n"
    yield from _table(["", *_heads(sides, ("level", "worst case"))], _levels(sides))
    yield "## Which rules apply to how many patients\n"
    yield (
        "Findings and silences. “Alone”: it is the only finding of CAUTION or above that the "
        "report has.\n"
    )
    yield from _table(["", *_heads(sides, ("patients", "alone"))], _rules(sides, known))
    yield "## Medicines behind the rules on blood sugar\n"
    for rule in BLOOD_SUGAR:
        if any(one["blood_sugar"][rule]["patients"] for one in known):
            yield f"`{rule}`\n"
            yield from _table(["", *_heads(sides, ("patients",))], _medicines(sides, known, rule))
    yield "## The same thing said again\n"
    yield (
        "How often a report that may speak of a topic does: each time that the message, the "
        "question or the short form of one of the rules and claims about it is begun, as a "
        "finding, question, caveat or claim, on the first screen, or quoted against a claim.\n"
    )
    yield from _table(
        ["", *_heads(sides, ("reports", "median", "max"))],
        _topics(sides, known),
    )


def _heads(sides: Mapping[str, Figures | None], names: Sequence[str]) -> list[str]:
    return [f"{side} {name}".strip() for side in sides for name in names]


def _table(heads: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{'---:|' * (len(heads) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _cells(found: Figures | None, get: Sequence[Any]) -> list[str]:
    """Return a cell for each path into the figures: a dash where nothing was measured."""
    cells = []
    for path in get:
        value: Any = found
        for key in path:
            value = value.get(key) if value else None
        cells.append(_number(value) if value is not None else "–" if found is None else "0")
    return cells


def _row(name: str, sides: Mapping[str, Figures | None], get: Sequence[Any]) -> list[str]:
    return [name, *(cell for found in sides.values() for cell in _cells(found, get))]


def _names(known: Sequence[Figures], *path: str) -> list[str]:
    """Return the names at a place of the figures, in the order of the version that is newest."""
    names: dict[str, None] = {}
    for found in reversed(known):
        value: Any = found
        for key in path:
            value = value[key]
        names.update(dict.fromkeys(value))
    return list(names)


def _counts(sides: Mapping[str, Figures | None], known: Sequence[Figures]) -> Iterator[list[str]]:
    for name in _names(known, "counts"):
        yield _row(name, sides, [("counts", name, key) for key in _SPREAD])


def _shares(sides: Mapping[str, Figures | None]) -> Iterator[list[str]]:
    for kind in KINDS:
        cells = []
        for found in sides.values():
            if found is None:
                cells.append("–")
                continue
            cells.append(f"{found['lines'][kind] / sum(found['lines'].values()):.1%}")
        yield [kind, *cells]


def _levels(sides: Mapping[str, Figures | None]) -> Iterator[list[str]]:
    for level in reversed(LEVELS):
        words = level.replace("-", " ").upper()
        yield _row(words, sides, [("levels", level), ("worst_cases", level)])
    found = [cell for one in sides.values() for cell in (*_cells(one, [("caution_or_above",)]), "")]
    yield ["with a finding of CAUTION or above", *found]


def _rules(sides: Mapping[str, Figures | None], known: Sequence[Figures]) -> Iterator[list[str]]:
    for rule in _names(known, "rules"):
        yield _row(f"`{rule}`", sides, [("rules", rule), ("alone", rule)])


def _medicines(
    sides: Mapping[str, Figures | None], known: Sequence[Figures], rule: str
) -> Iterator[list[str]]:
    yield _row("any", sides, [("blood_sugar", rule, "patients")])
    for name in _names(known, "blood_sugar", rule, "medicines"):
        yield _row(name, sides, [("blood_sugar", rule, "medicines", name)])


def _topics(sides: Mapping[str, Figures | None], known: Sequence[Figures]) -> Iterator[list[str]]:
    for topic in _names(known, "topics"):
        yield _row(topic, sides, [("topics", topic, key) for key in ("reports", "median", "max")])
