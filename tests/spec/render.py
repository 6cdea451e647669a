"""The cases as a page to read: `python -m tests.spec.render` writes docs/semantics.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msrisk.model.profile import FIELDS
from msrisk.rendering.rule_words import condition_words

from .cases import HERE, Case, Of, Section, chapters, rules

__all__ = ["PAGE", "page"]

PAGE = Path("docs") / "semantics.md"

_HEAD = """\
# What an answer means

Written by `python -m tests.spec.render` from the cases under `tests/spec/semantics/`; do not edit
this page. Each sentence below is a case that the test suite runs on the evaluator and on a second
one written apart from it.

The worts, medicines, illnesses and numbers are invented, so that a case can be read without
clinical knowledge. Every case starts from one patient: 40 years old, 70 kg, asked about
everything, with no medicines, medical conditions, allergies or symptoms, MS that is not severe,
and no treatment to be replaced; who takes or considers the supplement that the section names. A
case shows only what differs from that. “Not asked” is a field that nobody filled in; a list is
complete unless it says otherwise.

The answer names what becomes of each rule: a *finding* (its condition is true), a *silence*
(likewise, on a topic that no source addresses), or *open* with the fields that could settle it
(its condition is unknown). A rule that is not named has a condition that is false.
"""


def page() -> str:
    """Return the page as it should stand in the documents."""
    lines = [_HEAD]
    for chapter in chapters():
        lines += [f"## {chapter.title}", ""]
        for section in chapter.sections:
            lines += [f"### {section.title}", "", section.about, "", *_rules(section)]
            lines += ["| | Profile | Answer |", "|---|---|---|", *_rows(section), ""]
    return "\n".join(lines).rstrip() + "\n"


def _rules(section: Section) -> Iterator[str]:
    ruleset = rules()
    yield f"The rules of {section.substance}:"
    yield ""
    for rule in ruleset.rules_for(section.substance):
        if rule.when is not None:
            words = condition_words(rule.when, ruleset)
            yield f"- `{rule.id}` ({rule.kind.value}): the patient {words}"
    yield ""


def _rows(section: Section) -> Iterator[str]:
    for case in section.cases:
        profile = "<br>".join(_profile(case)) or "nothing else"
        answer = "<br>".join(_answer(case, section.substance))
        yield f"| {case.says} | {profile} | {answer} |"


def _profile(case: Case) -> Iterator[str]:
    for name in FIELDS:
        if name in case.not_asked:
            yield f"{name}: not asked"
        elif name in case.given:
            yield f"{name}: {_given(case.given[name])}"
    if "denied" in case.given:
        yield f"denied by name: {_given(case.given['denied'])}"
    if case.policy:
        numbers = ", ".join(f"`{id_}` = {n}" for id_, n in case.policy.thresholds.items())
        yield f"with a policy: {numbers}{' (weaker allowed)' if case.policy.allow_weaker else ''}"
    if case.packs:
        yield f"with the rule packs: {', '.join(case.packs)}"


def _given(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == "unknown":
        return "asked, does not know"
    if isinstance(value, Mapping):
        complete = "complete" if value.get("complete") else "incomplete"
        return f"{_given(value['entries'])} ({complete})"
    if isinstance(value, list) and not value:
        return "an empty list"
    if isinstance(value, list) and all(isinstance(one, int | float) for one in value):
        return f"{value[0]} to {value[1]}"
    if isinstance(value, list):
        return ", ".join(map(_entry, value))
    return str(value)


def _entry(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return f"“{entry}”"
    name = entry.get("name", entry.get("text"))
    codes = [one["code"] for one in entry.get("codes", ())]
    more = [f"{key} {_given(value)}" for key, value in entry.items() if key.endswith(("mg", "day"))]
    if "taking" in entry:
        more.append("started" if entry["taking"] else "considered")
    if "doubt" in entry:
        more.append(f"in doubt: {entry['doubt']}")
    words = [f"“{name}”" if name else "", f"code {', '.join(codes)}" if codes else ""]
    return " with ".join(filter(None, words)) + (f" ({', '.join(more)})" if more else "")


def _answer(case: Case, substance: str) -> Iterator[str]:
    if case.refused:
        yield f"refused: {', '.join(case.refused)}"
    for name, of in case.of.items():
        label = "" if list(case.of) == [substance] else f"{name}: "
        yield f"{label}{'; '.join(_of(of))}"
    report = case.report
    if "level" in report or "worst_case" in report:
        yield f"report: {'; '.join(_levels(report.get('level'), report.get('worst_case')))}"
    for key, words in (
        ("questions", "questions open"),
        ("next", "next question"),
        ("headline", "headline"),
        ("unrecognised", "to clear up"),
        ("caveats", "caveats of the report"),
    ):
        if key in report:
            value = report[key]
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            yield f"{words}: {shown or 'none'}"


def _of(of: Of) -> Iterator[str]:
    if not of.covered:
        yield "not covered"
    for rule in of.findings:
        yield f"finding `{rule}`"
    for rule in of.silences:
        yield f"silence `{rule}`"
    for rule, fields in of.open.items():
        yield f"open `{rule}` ({', '.join(fields)})"
    if of.covered and not (of.findings or of.silences or of.open):
        yield "no rule applies, none is open"
    yield from _levels(of.level, of.worst_case)
    if of.caveats is not None:
        yield f"caveats {', '.join(f'`{rule}`' for rule in of.caveats)}"
    for claim, sides in (of.claims or {}).items():
        yield f"claim `{claim}`, {', '.join(_sides(sides))}"


def _levels(level: str | None, worst_case: str | None) -> Iterator[str]:
    if level is not None:
        yield level.replace("-", " ").upper()
    if worst_case is not None:
        yield f"at worst {worst_case.replace('-', ' ').upper()}"


def _sides(sides: Mapping[str, list[str]]) -> Iterator[str]:
    for side, ids in sides.items():
        if ids:
            yield f"{side.replace('_', ' ')} {', '.join(f'`{id_}`' for id_ in ids)}"


if __name__ == "__main__":
    (HERE.parent.parent / PAGE).write_text(page(), "utf-8")
