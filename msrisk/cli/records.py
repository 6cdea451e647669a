"""Runs `msrisk assess --from fhir`: from a record to a report, with the account beside it."""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from html import escape
from typing import Final

from attrs import evolve

from msrisk import api
from msrisk.cli.documents import exit_code, read_file, rendered, shown, under
from msrisk.cli.layout import Answer, or_problems, ruleset_of, width
from msrisk.documents.writing import json_text
from msrisk.errors import ConceptError, MsriskError, Problem
from msrisk.fhir import Became, Import, Line, bundle_from_json, read_bundle
from msrisk.fhir.reading import MOST_BYTES
from msrisk.rendering.words import clean

__all__ = ["assess"]

_TYPED: Final = re.compile("(?<=“)([^“”]+)(?=”)")
_ENTRY: Final = re.compile(r"entry\[(\d+)\]\.resource")


def assess(arguments: argparse.Namespace) -> Answer:
    """Return the report on the patient of a bundle, and the account if it is asked for."""
    on = day_of(arguments.on)
    problems: list[Problem] = []
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    if ruleset is None:
        raise MsriskError(problems)
    data = read_file(arguments.file, MOST_BYTES)
    with under(shown(arguments.file)):
        bundle = bundle_from_json(data if isinstance(data, bytes) else data.encode())
        read = read_bundle(bundle, on=on, patient=arguments.patient, ruleset=ruleset)
        report = api.assess(read.profile, ruleset=ruleset)
    said = rendered(report, arguments.format, arguments.part)
    if arguments.account:
        said = _beside(said, read, on, arguments.format)
    return said, exit_code(report, arguments)


def day_of(given: str | None) -> date:
    """Return the day that `--on` names; today if it is left out."""
    if given is None:
        return datetime.now(UTC).astimezone().date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        problem = Problem("--on", "a day such as 2026-01-31", "something else")
    raise ConceptError([problem])


def _beside(report: str, read: Import, on: date, format_: str) -> str:
    """Return a report with the account behind it; as JSON, both in one document."""
    if format_ == "json":
        both = {
            "on": on.isoformat(),
            "report": json.loads(report),
            "account": [line.to_dict() for line in read.account],
        }
        return json_text(both)
    title = f"What became of each entry of the record, read as of {on.isoformat()}"
    others = [one for one in read.account if _is_passed_over(one)]
    looked_at = list(_alike(one for one in read.account if not _is_passed_over(one)))
    if format_ == "markdown":
        return f"{report}\n## {title}\n\n{_markdown(looked_at, others)}"
    if format_ == "html":
        return f"{report}{_html(title, looked_at, others)}"
    told = "".join(_text(one) for one in looked_at)
    told += "".join(map(_wrapped, _not_read(others)))
    return f"{report}\n{_wrapped(title, indent='')}{told}"


def _is_passed_over(line: Line) -> bool:
    return line.became is Became.NOT_READ and not line.why[1:]


def _alike(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines, those that say the same as one: records have an entry for each refill."""
    alike: dict[tuple[object, ...], list[Line]] = {}
    for one in lines:
        key = _type(one), one.became, one.read_as, one.why
        alike.setdefault(key, []).append(one)
    for first, *more in alike.values():
        if not more:
            yield first
            continue
        places = ", ".join(_runs([one.path for one in (first, *more)]))
        yield evolve(first, path=places, resource=f"{_type(first)}, {len(more) + 1} entries")


def _type(line: Line) -> str:
    return line.resource.partition("/")[0]


def _text(line: Line) -> str:
    head = f"{line.path}: {line.resource or 'no resource'}: {line.became.value}"
    more = (_wrapped(text, indent="      ") for text in (*line.read_as, *line.why))
    return _wrapped(head) + "".join(more)


def _wrapped(text: str, *, indent: str = "  ") -> str:
    return (
        textwrap.fill(
            clean(text),
            width(),
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_on_hyphens=False,
        )
        + "\n"
    )


def _said(line: Line) -> str:
    parts = [f"{line.resource or 'no resource'}, {line.became.value}", *line.read_as, *line.why]
    return "; ".join(parts)


def _markdown(lines: Iterable[Line], others: list[Line]) -> str:
    rows = [f"- `{one.path}`: {_escaped(_said(one))}" for one in lines]
    rows += [f"- {_escaped(one)}" for one in _not_read(others)]
    return "\n".join(rows) + "\n"


def _html(title: str, lines: Iterable[Line], others: list[Line]) -> str:
    """Return the account as a section of its own, everything in it escaped."""
    rows = [f"<li><code>{escape(one.path)}</code>: {_spoken(_said(one))}</li>" for one in lines]
    rows += [f"<li>{_spoken(one)}</li>" for one in _not_read(others)]
    parts = (
        '<section class="msrisk-report msrisk-account" lang="en" dir="ltr">',
        f"<h2>{escape(title)}</h2>",
        "<ul>",
        *rows,
        "</ul>",
        "</section>",
    )
    return "\n".join(parts) + "\n"


def _spoken(text: str) -> str:
    """Return a text escaped, with what was typed set apart: it may run from right to left."""
    parts = map(escape, _TYPED.split(clean(text)))
    return "".join(f"<bdi>{one}</bdi>" if at % 2 else one for at, one in enumerate(parts))


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|#&])", r"\\\1", " ".join(text.split()))


def _not_read(lines: list[Line]) -> Iterator[str]:
    """Yield what was not read, by type and why, with the places in few words."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in lines:
        type_ = one.resource.partition("/")[0] or "no type"
        places.setdefault((type_, "; ".join(one.why)), []).append(one.path)
    for (type_, why), paths in places.items():
        yield f"not read: {type_} ({why}): {', '.join(_runs(paths))}"


def _runs(paths: list[str]) -> Iterator[str]:
    """Yield paths, those of entries that follow each other as one span."""
    first: int | None = None
    last = 0
    for path in [*paths, ""]:
        found = _ENTRY.fullmatch(path)
        number = int(found[1]) if found else None
        if first is not None and number == last + 1:
            last = number
            continue
        if first is not None:
            yield f"entry[{first}]" if first == last else f"entry[{first}] to entry[{last}]"
        first = number
        last = number or 0
        if number is None and path:
            yield path
