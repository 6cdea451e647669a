"""The command `rules diff`: what a change of rules does to patients."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Final

from msrisk.analysis import Change, Diff, compare
from msrisk.analysis.accepted import FILE, load_accepted, proposal, unsigned
from msrisk.analysis.outline import diff_document, diff_outline
from msrisk.cli.layout import Answer, or_problems, width
from msrisk.errors import MsriskError, Problem
from msrisk.intake import profile_to_document
from msrisk.model.rules import RuleSet
from msrisk.rendering.markdown import section_markdown
from msrisk.rendering.outline import Section
from msrisk.rendering.text import section_text

__all__ = ["FORMATS", "diff", "load", "prose", "save", "unstarred"]

FORMATS: Final = ("text", "markdown", "json")
"""How a diff can be written."""

_STAR: Final = "★"


def diff(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules diff`: exit 1 while a change waits for a person's signature."""
    problems: list[Problem] = []
    old = or_problems(problems, lambda: load(arguments.old))
    new = or_problems(problems, lambda: load(arguments.new))
    signed = or_problems(problems, lambda: load_accepted(Path(arguments.new)))
    if old is None or new is None or signed is None:
        raise MsriskError(problems)
    found = compare(old, new)
    open_ = unsigned(found, signed)
    missing = unstarred(found, arguments.changelog) if arguments.changelog else ""
    if arguments.patients:
        save(found, Path(arguments.patients))
    if arguments.format == "json":
        document = diff_document(found, open_, missing)
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    else:
        outline = diff_outline(found, open_)
        outline = outline._replace(notes=(*outline.notes, *filter(None, [missing])))
        text = prose(outline, found, open_, markdown=arguments.format == "markdown")
    return text, int(bool(open_ or missing))


def load(path: str, name: str = "") -> RuleSet:
    """Return the rule set of a directory, which problems call by this name or by its path."""
    try:
        return RuleSet.load(path)
    except MsriskError as error:
        called = name or path
        problems = [Problem(f"{called}: {p.where}", p.expected, p.got) for p in error.problems]
    raise MsriskError(problems)


def prose(outline: Section, found: Diff, open_: tuple[Change, ...], *, markdown: bool) -> str:
    """Return an outline that shows a diff, and behind it what a person would have to sign."""
    text = section_markdown(outline) if markdown else section_text(outline, width=width())
    if open_:
        sign = proposal(found, open_)
        text += (
            f"\nOnce a person has read this and agrees, add to {FILE} of the new rules, with "
            "reason, role and day:\n\n"
        )
        text += f"```toml\n{sign}```\n" if markdown else sign
    return text


def unstarred(found: Diff, changelog: str) -> str:
    """Return what is wrong with the changelog: signed changes have a starred entry there."""
    version = found.new.version
    if not any(change.gated for change in found.changes):
        return ""
    try:
        text = Path(changelog).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise MsriskError([Problem(changelog, "a readable changelog")]) from error
    section = re.search(
        rf"^#+ \[{re.escape(version)}\].*?(?=^#+ \[|\Z)", text, re.MULTILINE | re.DOTALL
    )
    if section is None or _STAR not in section.group():
        return (
            f"{changelog}: expected an entry with {_STAR} under [{version}], because the answer "
            "for an unchanged patient can change"
        )
    return ""


def save(found: Diff, folder: Path) -> None:
    """Write each patient that shows a change as an intake document."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, change in enumerate(found.changes, 1):
            if change.shown is not None:
                name = re.sub(r"[^a-z0-9]+", "-", change.id.casefold()).strip("-")
                document = profile_to_document(change.shown.profile)
                path = folder / f"{number:03}-{change.verdict.value}-{name[:60]}.json"
                text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
                path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MsriskError([Problem(str(folder), "a folder to write patients into")]) from error
