"""Writes what screened patients say as a whole: as text, as a page with pictures, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Final

from msrisk.cohort.changed import UNTOUCHED
from msrisk.cohort.picture import Bar, bars
from msrisk.cohort.summary import Summary, document_of
from msrisk.documents.writing import json_text
from msrisk.model.levels import Level, rank
from msrisk.rendering.words import clean

__all__ = ["FORMATS", "to_html", "to_json", "to_text"]

_ROWS: Final = 12
_COUNT: Final = 9
_PROOF: Final = (
    "Since the earlier rules: of how many patients each says something else, "
    "and what that does to all patients there could be"
)
_VERDICTS: Final = {UNTOUCHED: "not changed itself; a name or a threshold was"}
_DO: Final = {
    "urgent": "a sign of an emergency, or an amount that can poison, is told: call them now",
    "contraindicated": "it is not to be taken, say the texts or what was found beside them: "
    "call them this week, before the next dose",
    "caution": "a doctor or pharmacist is to be asked first: at the next contact",
    "undetermined": "nothing can be said yet: ask what is open",
    "inform": "a text has something to say once: at the next visit",
    "no-finding": "no warning of the texts fits what is told, which clears nothing",
}
_FIELDS: Final = {
    "supplements": "which supplements they take",
    "medications": "their medicines, and that the list is complete",
    "conditions": "their illnesses, and that the list is complete",
    "allergies": "their allergies, foods too",
    "symptoms": "what they have noticed since the supplement was started",
    "age_years": "their age",
    "weight_kg": "their weight",
    "ms_symptoms_severe": "whether MS symptoms are severe",
    "replacing_ms_treatment": "whether the supplement is in place of their MS treatment",
}
_TITLES: Final = {
    "level": "Patients by what applies now (solid), and those of whom it could still (dashed)",
    "unknown": "What to ask first: of how many it could bring a CAUTION or worse (solid), of how "
    "many others it is not known (dashed)",
    "rules": "Rules, the gravest first: of how many patients each applies (solid) or is open "
    "(dashed)",
}
_WHO: Final = (
    "Who they are: the rows of the file that was written, by its columns level and worst_case."
)


def to_json(summary: Summary) -> str:
    """Return a summary as a JSON document."""
    return json_text(document_of(summary))


def _by(summary: Summary, which: str) -> dict[str, int]:
    """Return how many patients have each level, the gravest first."""
    found = {level.value: 0 for level in sorted(Level, key=rank, reverse=True)}
    for one in summary.ends:
        found[getattr(one, which)] += one.patients
    return {level: count for level, count in found.items() if count}


def _head(summary: Summary) -> Iterator[str]:
    yield f"{_people(summary.patients)} screened by the rules {summary.ruleset}."
    if summary.aside:
        them = "it" if summary.aside == 1 else "them"
        yield f"{_rows(summary.aside)} set aside and NOT screened: mend {them} first."
    if summary.not_read:
        yield f"Not read, and unknown therefore: {summary.not_read:,} (NaN, blank)."
    if summary.empty_lists:
        yield f"Lists that are empty, neither “none” nor an answer: {summary.empty_lists:,}."
    if summary.missing:
        yield f"Nobody was asked, as no column tells it: {', '.join(summary.missing)}."
    if summary.kept:
        yield f"Columns that are kept, and that no rule reads: {', '.join(summary.kept)}."
    if summary.records is not None:
        told = summary.records
        yield f"Of {told.entries:,} entries of their records {told.read:,} tell something."
        for what, count in told.others:
            of = "line is" if count == 1 else "lines are"
            yield f"{count:,} {of} of no patient, and NOT read: {what}."
    if summary.changed is not None:
        yield f"Another answer than by the earlier rules: {_people(summary.changed)}."


def _proof(summary: Summary) -> Iterator[str]:
    """Yield what became of each rule, and of how many patients it says something else."""
    changes = summary.changes or ()
    told = [one for one in changes if one.patients or one.verdict != UNTOUCHED]
    for one in told:
        if one.patients is not None:
            yield f"{one.patients:>9,}  {one.id}: {_VERDICTS.get(one.verdict, one.verdict)}"
    same = len(changes) - len(told)
    yield f"{same:>9,}  rules are as before, and so is what they say here"
    others = [one for one in told if one.patients is None]
    for one in others[:_ROWS]:
        yield f"{'':>9}  {one.about} {one.id}: {one.verdict}"
    if len(others) > _ROWS:
        yield f"{'':>9}  {len(others) - _ROWS:,} other changes, which `msrisk rules diff` lists"


def _people(count: int) -> str:
    return f"{count:,} patient{'' if count == 1 else 's'}"


def _rows(count: int) -> str:
    return f"{count:,} row{' was' if count == 1 else 's were'}"


def _do(summary: Summary) -> Iterator[str]:
    for level, count in _by(summary, "level").items():
        yield f"{count:>9,}  {Level(level).words}: {_DO[level]}."
    worse = sum(
        one.patients
        for one in summary.ends
        if rank(Level(one.worst_case)) >= rank(Level.CONTRAINDICATED) > rank(Level(one.level))
    )
    if worse:
        yield (
            f"{worse:>9,}  of those who are less now could still be CONTRAINDICATED or URGENT: "
            "ask them first."
        )


def _ask(summary: Summary) -> Iterator[str]:
    for one in summary.unknown:
        if one.could_be or one.settles:
            yield (
                f"{one.patients:>9,}  {_FIELDS[one.field]} (open rules it bears on: "
                f"{one.settles:,}; could be CAUTION or worse: {_people(one.could_be)})"
            )


def to_text(summary: Summary) -> str:
    """Return a summary as text."""
    out = list(_head(summary))
    out += ["", "What to do", *_do(summary), _WHO]
    out += ["", "Ask first", *(list(_ask(summary))[:_ROWS] or ["  nothing is open"])]
    out += ["", "Rules: of how many patients they apply, and of how many they are open"]
    out += [
        f"{one.applies:>9,} {one.open:>9,}  {Level(one.level).words}: {one.rule}"
        for one in summary.rules
    ]
    if summary.changes is not None:
        out += ["", _PROOF, *_proof(summary)]
    if summary.unread:
        out += ["", f"Names to clear up ({summary.unread_names:,} in all), the most frequent first"]
        out += [f"{one.patients:>9,}  {one.field}: “{one.entry}”" for one in summary.unread]
    if summary.records is not None and summary.records.not_read:
        out += ["", "Entries of records that tell nothing, by the number of patients who have one"]
        out += [f"{patients:>9,}  {why}" for why, patients in summary.records.not_read]
    out += ["", *_caveats(summary)]
    return "\n".join(map(clean, out)) + "\n"


def _caveats(summary: Summary) -> Iterator[str]:
    for message, sources in summary.caveats:
        yield f"{message} Source: {sources}."
    yield from _CAVEAT


_CAVEAT: Final = (
    "Neither a count nor a 0 means that there is nothing to fear.",
    "What each rule rests on: `msrisk rules show RULE`; all of one patient: `msrisk assess`.",
)


def _row(line: str) -> str:
    """Return a line of a count and words as a row of a table."""
    count, words = line[:_COUNT].strip(), line[_COUNT:].strip()
    return f"<tr><td>{escape(count)}</td><td>{escape(clean(words))}</td></tr>"


def _pictures(summary: Summary) -> Iterator[str]:
    """Yield the pictures, each with its title."""
    now = _by(summary, "level")
    could = {one.worst_case: 0 for one in summary.ends}
    for one in summary.ends:
        could[one.worst_case] += one.patients if one.worst_case != one.level else 0
    levels = [level.value for level in sorted(Level, key=rank, reverse=True)]
    rows = {
        "level": [
            Bar(Level(of).words, now.get(of, 0), could.get(of, 0), of)
            for of in levels
            if of in now or of in could
        ],
        "unknown": [
            Bar(_FIELDS[one.field], one.could_be, one.patients - one.could_be, "undetermined")
            for one in summary.unknown
            if one.could_be or one.settles
        ],
        "rules": [
            Bar(f"{', '.join(one.of)}: {one.title}", one.applies, one.open, one.level)
            for one in summary.rules[:_ROWS]
        ],
    }
    for key, of in rows.items():
        if of:
            yield f"<h2>{escape(_TITLES[key])}</h2>"
            yield bars(_TITLES[key], of)


def to_html(summary: Summary) -> str:
    """Return a summary as a page, without script and outside addresses."""
    about = list(_head(summary))
    first = 2 if summary.aside else 1  # nobody may miss that rows were set aside
    out = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        "<title>Patients screened</title>",
        f"<style>{_STYLE}</style></head><body>",
        "<h1>What to do</h1>",
        *(f"<p>{escape(line)}</p>" for line in about[:first]),
        "<table>",
        *map(_row, _do(summary)),
        "</table>",
        f"<p>{escape(_WHO)}</p>",
        *_pictures(summary),
    ]
    if summary.changes is not None:
        out += [f"<h2>{escape(_PROOF)}</h2><table>", *map(_row, _proof(summary)), "</table>"]
    if summary.unread:
        out.append(f"<h2>Names to clear up ({summary.unread_names:,} in all)</h2><table>")
        out += [
            f"<tr><td>{one.patients:,}</td><td>{escape(one.field)}</td>"
            f"<td><bdi>{escape(clean(one.entry))}</bdi></td></tr>"
            for one in summary.unread
        ]
        out.append("</table>")
    if summary.records is not None and summary.records.not_read:
        out.append("<h2>Entries of records that tell nothing, and of how many patients</h2><table>")
        out += [
            f"<tr><td>{patients:,}</td><td>{escape(clean(why))}</td></tr>"
            for why, patients in summary.records.not_read
        ]
        out.append("</table>")
    if about[first:]:
        out.append("<h2>About the file</h2>")
    out += [*(f"<p>{escape(line)}</p>" for line in about[first:])]
    out += [*(f"<p>{escape(line)}</p>" for line in _caveats(summary)), "</body></html>"]
    return "\n".join(out) + "\n"


_STYLE: Final = """
body { font-family: sans-serif; max-width: 60em; margin: 1em auto; padding: 0 1em;
  line-height: 1.45; }
td { padding: 0.1em 0.8em 0.1em 0; vertical-align: top; }
td:first-child { text-align: right; font-variant-numeric: tabular-nums; }
td:first-child { font-weight: bold; }
h2 { font-size: 1.05em; margin: 1.4em 0 0.3em; }
svg { width: 100%; height: auto; }
"""

FORMATS: Final[Mapping[str, Callable[[Summary], str]]] = {
    "text": to_text,
    "json": to_json,
    "html": to_html,
}
"""The function that writes a summary in each format."""
