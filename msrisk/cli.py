"""The command line: one function per command.

A command returns what to print and the exit code, or raises; so nothing is printed on
standard output unless all of it can be.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from msrisk import api
from msrisk.errors import ConceptError, IntakeError, MsriskError, Problem
from msrisk.intake import MOST_BYTES, intake_schema, profile_from_json, report_schema
from msrisk.model.concepts import ANYTHING, Recognition
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Level, Report
from msrisk.model.rules import Claim, Rule, RuleSet
from msrisk.rendering import to_html, to_json, to_markdown, to_text
from msrisk.rendering.rule_words import Line, claim_lines, rule_lines, threshold_lines
from msrisk.rendering.words import clean

__all__ = ["main"]

Answer = tuple[str, int]
T = TypeVar("T")

_KINDS: Final = ("medication", "condition", "allergy", "symptom", "supplement")
_BROKEN_PIPE: Final = 141  # 128 + SIGPIPE, as for a program that its reader has ended
_WIDTH: Final = 80
_LABEL: Final = 16
_SCOPE: Final = (
    "the rules come from two texts for the general public and speak of nothing else: "
    "that they are silent about a name says nothing for or against it"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return 0 if it answered, 1 as --exit-at asks, 2 if it could not."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], Answer] = arguments.run
    try:
        text, code = run(arguments)
    except MsriskError as error:
        return _refused(error.problems)
    try:
        _write(text)
    except OSError as error:
        # What is left in the buffer would raise once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return _BROKEN_PIPE
        return _refused([Problem("standard output", "a place that takes the whole answer")])
    return code


def _refused(problems: Iterable[Problem]) -> int:
    # A program that was started without standard error has None here.
    if sys.stderr is not None:
        sys.stderr.write("".join(f"{clean(str(problem))}\n" for problem in problems))
    return 2


def assess(arguments: argparse.Namespace) -> Answer:
    """`msrisk assess`: from an intake to a report."""
    problems: list[Problem] = []
    profile = _or_problems(problems, lambda: _read_profile(arguments.file))
    if profile is None and arguments.rules is None:
        # The shipped rules take longer to load than a bad intake should take to be refused.
        raise MsriskError(problems)
    ruleset = _or_problems(problems, lambda: _ruleset(arguments))
    if profile is None or ruleset is None:
        raise MsriskError(problems)
    report = api.assess(profile, ruleset=ruleset)
    at: Level | None = arguments.exit_at
    return _FORMATS[arguments.format](report), int(at is not None and report.could_reach(at))


def recognise(arguments: argparse.Namespace) -> Answer:
    """`msrisk recognise`: what a name is taken for, and why."""
    text = " ".join(arguments.text)
    found = api.recognise(text, arguments.kind, ruleset=_ruleset(arguments))
    kind = f"{'an' if arguments.kind[0] in 'aeiou' else 'a'} {arguments.kind}"
    return _block(f"“{text}” as {kind}: {_status(found)}", _recognition(found)), 0


def schema(arguments: argparse.Namespace) -> Answer:
    """`msrisk schema`: the JSON Schema of a document."""
    document = intake_schema() if arguments.document == "intake" else report_schema()
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n", 0


def rules_list(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules list`: a line for each rule, claim and threshold."""
    ruleset = _ruleset(arguments)
    table = [
        ("ID", "KIND", "LEVEL", "SUBSTANCE", "FIRST WORDS"),
        *((r.id, r.kind.value, _level_of(r), _about(r), r.message) for r in ruleset.rules),
        *((c.id, "claim", "-", _about(c), c.message) for c in ruleset.claims),
        *((t.id, "threshold", "-", "-", f"{t.quantity}: {t.name}") for t in ruleset.thresholds),
    ]
    widths = [max(len(row[i]) for row in table) for i in range(4)]
    room = max(_width() - sum(widths) - 2 * len(widths), 40)
    return "".join(
        "  ".join(map(str.ljust, row, widths))
        + f"  {textwrap.shorten(clean(row[-1]), room, placeholder='…')}\n"
        for row in table
    ), 0


def _level_of(rule: Rule) -> str:
    level = rule.kind.level
    return "-" if level is None else level.value


def _about(part: Rule | Claim) -> str:
    return ", ".join(part.applies_to)


def rules_show(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules show`: everything about one rule, claim or threshold, in words."""
    ruleset = _ruleset(arguments)
    shown: list[Iterable[Line]] = [
        *(rule_lines(rule, ruleset) for rule in ruleset.rules if rule.id == arguments.id),
        *(claim_lines(claim, ruleset) for claim in ruleset.claims if claim.id == arguments.id),
        *(threshold_lines(t, ruleset) for t in ruleset.thresholds if t.id == arguments.id),
    ]
    if not shown:
        expected = "the id of a rule, claim or threshold, as `msrisk rules list` shows them"
        raise ConceptError([Problem("ID", expected, "another name")])
    return "\n".join(_block(arguments.id, lines) for lines in shown), 0


def _or_problems(problems: list[Problem], build: Callable[[], T]) -> T | None:
    try:
        return build()
    except MsriskError as error:
        problems += error.problems
        return None


def _ruleset(arguments: argparse.Namespace) -> RuleSet:
    return RuleSet.default() if arguments.rules is None else RuleSet.load(arguments.rules)


def _read_profile(name: str) -> PatientProfile:
    where = "standard input" if name == "-" else name
    try:
        # One byte more than is read, so that a longer document is seen to be longer.
        if name == "-":
            text = getattr(sys.stdin, "buffer", sys.stdin).read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                text = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        got = "no file of this name"
    except IsADirectoryError:
        got = "a folder"
    except (OSError, ValueError, AttributeError):
        got = "one that the system does not let msrisk read"
    else:
        return _under(where, text)
    raise IntakeError([Problem(where, "a readable file", got)])


def _under(where: str, text: str | bytes) -> PatientProfile:
    try:
        return profile_from_json(text)
    except IntakeError as error:
        problems = [Problem(f"{where}: {p.where}", p.expected, p.got) for p in error.problems]
    raise IntakeError(problems)


def _write(text: str) -> None:
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        if out.isatty():
            out.reconfigure(errors="backslashreplace")
        else:
            # A file or a pipe gets the same bytes on every machine.
            out.reconfigure(encoding="utf-8", newline="\n")
    out.write(text)
    out.flush()


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH


def _text(report: Report) -> str:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return to_text(report, width=_width(), colour=sys.stdout.isatty() and not plain)


_FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": _text,
    "json": to_json,
    "markdown": to_markdown,
    "html": to_html,
}


def _block(title: str, lines: Iterable[Line]) -> str:
    """Lay out labelled lines under a title."""
    wrapped = textwrap.TextWrapper(
        _width(),
        subsequent_indent=" " * (_LABEL + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
    out = textwrap.wrap(clean(title), _width()) + [
        line for label, text in lines for line in wrapped.wrap(f"  {label:<{_LABEL}}{clean(text)}")
    ]
    return "\n".join(out) + "\n"


# --- What a name is taken for ---


def _status(found: Recognition) -> str:
    return {
        "recognised": "recognised",
        "ambiguous": "ambiguous: ask",
        "unrecognised": "not recognised: ask",
    }[found.status]


def _recognition(found: Recognition) -> Iterator[Line]:
    if found.name is not None:
        yield "taken as", found.name
    if found.says is False:
        yield "says", f"that there is no {found.kind}"
    for concept in sorted(found.concepts):
        basis, reason = found.why.get(concept, ("", ""))
        why = reason if reason.startswith(basis) else f"{basis}: {reason}"
        yield "certainly", f"{concept} ({why})" if why else concept
    if found.status == "recognised" and found.says is not False and not found.concepts:
        yield "certainly", "in none of the classes that the rules speak of"
    if found.possible is ANYTHING:
        yield "possibly", f"any {found.kind}"
    elif found.possible:
        yield "possibly", ", ".join(sorted(found.possible))
    if found.reason:
        yield "because", found.reason
    if found.suggestions:
        yield "looks like", f"{', '.join(found.suggestions)} (for a person to confirm)"
    yield "note", _SCOPE


# --- The parser ---


def _level(name: str) -> Level:
    try:
        # As in the document, or as the reports print it.
        return Level(name.casefold().replace(" ", "-"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected one of {', '.join(level.value for level in Level)}"
        ) from None


def _kind(name: str) -> str:
    # Not `choices`: their message repeats what was typed, which may be a patient's word.
    if name in _KINDS:
        return name
    raise argparse.ArgumentTypeError(f"expected one of {', '.join(_KINDS)}")


def _parser() -> argparse.ArgumentParser:
    # A parent rather than an option of the program: it is written after the command.
    rules = argparse.ArgumentParser(add_help=False)
    rules.add_argument("--rules", metavar="DIR", help="use the rule set in this folder")

    def command(
        among: argparse._SubParsersAction[argparse.ArgumentParser],
        name: str,
        run: Callable[[argparse.Namespace], Answer] | None,
        summary: str,
        example: str,
        *parents: argparse.ArgumentParser,
    ) -> argparse.ArgumentParser:
        made = among.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=example,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=list(parents),
            allow_abbrev=False,
        )
        made.set_defaults(run=run)
        return made

    parser = argparse.ArgumentParser(
        prog="msrisk",
        description="What two texts warn about before a patient with multiple sclerosis takes a "
        "supplement. No answer and no exit code means that there is nothing to fear.",
        epilog="example: msrisk assess examples/ordinary.json",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    made = command(
        commands,
        "assess",
        assess,
        "report on one patient, from an intake document",
        "example: msrisk assess examples/ordinary.json --format markdown\n"
        "         msrisk assess - --exit-at contraindicated < intake.json\n\n"
        "exit code: 0 the report was printed, whatever it says; 1 it could reach the level of\n"
        "--exit-at; 2 the intake or the rules could not be read.",
        rules,
    )
    made.add_argument("file", metavar="FILE", help="intake document; - for standard input")
    made.add_argument("--format", choices=_FORMATS, default="text", help="default: text")
    made.add_argument(
        "--from", dest="origin", choices=["intake"], default="intake", help="what FILE is"
    )
    made.add_argument(
        "--exit-at",
        metavar="LEVEL",
        type=_level,
        help="exit 1 if the report is at this level, or could be once the open questions are "
        f"answered: {', '.join(level.value for level in Level)}",
    )
    made = command(
        commands,
        "recognise",
        recognise,
        "say what a name is taken for, and why",
        "example: msrisk recognise medication Synthroid 50 mcg\n\n"
        "All words together are one entry, as a patient would type it.",
        rules,
    )
    made.add_argument("kind", metavar="KIND", type=_kind, help=", ".join(_KINDS))
    made.add_argument("text", metavar="TEXT", nargs="+", help="the entry")
    made = command(
        commands,
        "schema",
        schema,
        "print the JSON Schema of a document",
        "example: msrisk schema intake",
    )
    made.add_argument("document", choices=["intake", "report"])
    made = command(commands, "rules", None, "look into the rules", "example: msrisk rules list")
    inner = made.add_subparsers(required=True, metavar="COMMAND")
    command(
        inner,
        "list",
        rules_list,
        "list the rules, claims and thresholds",
        "example: msrisk rules list",
        rules,
    )
    made = command(
        inner,
        "show",
        rules_show,
        "show all of one rule, claim or threshold, with its sources",
        "example: msrisk rules show ala-older-adult",
        rules,
    )
    made.add_argument("id", metavar="ID", help="as `msrisk rules list` shows it")
    return parser
