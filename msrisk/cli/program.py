"""Reads the arguments of the program, runs the command, and returns the exit code.

A command returns what to print and the exit code, or raises; so nothing is printed on
standard output unless all of it can be.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Final

from msrisk.cli import options
from msrisk.cli.layout import Answer, prepare
from msrisk.cli.other_sides import add_other_sides
from msrisk.cli.service_commands import add_service
from msrisk.documents import SCHEMAS
from msrisk.errors import MsriskError, Problem
from msrisk.model.concepts import CODE_SYSTEMS
from msrisk.model.results import Level
from msrisk.rendering import FORMATS
from msrisk.rendering.words import clean

__all__ = ["main"]

_KINDS: Final = ("medication", "condition", "allergy", "symptom", "supplement")
_LEVELS: Final = ", ".join(level.value for level in Level)
_TEXT: Final = "default: text"
_READ: Final = "exit code: 0 it was printed; 2 the rules could not be read."
_BROKEN_PIPE: Final = 141  # 128 + SIGPIPE, as for a program that its reader has ended


class _Commands:
    """The functions of a module of commands; it is imported when one of them runs."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[[argparse.Namespace], Answer]:
        def run(arguments: argparse.Namespace) -> Answer:
            answer: Answer = getattr(import_module(self._module), name)(arguments)
            return answer

        return run


accountability = _Commands("msrisk.cli.accountability")
agents = _Commands("msrisk.cli.agents")
ask = _Commands("msrisk.cli.ask")
book = _Commands("msrisk.cli.book")
check = _Commands("msrisk.cli.check")
diff = _Commands("msrisk.cli.diff")
evidence = _Commands("msrisk.cli.evidence")
gate = _Commands("msrisk.cli.gate")
patients = _Commands("msrisk.cli.patients")
recognise = _Commands("msrisk.cli.recognise")
records = _Commands("msrisk.cli.records")
rules = _Commands("msrisk.cli.rules")
screen = _Commands("msrisk.cli.screen")
serve = _Commands("msrisk.cli.serve")
show = _Commands("msrisk.cli.show")
web = _Commands("msrisk.cli.web")


def _assess(arguments: argparse.Namespace) -> Answer:
    return (records if arguments.origin == "fhir" else patients).assess(arguments)


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


def _write(text: str) -> None:
    out = sys.stdout
    prepare(out, text)
    out.write(text)
    out.flush()


def _level(name: str) -> Level:
    try:
        # As in the document, or as the reports print it.
        return Level(name.casefold().replace(" ", "-"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected one of {_LEVELS}") from None


def _kind(name: str) -> str:
    # Not `choices`: their message repeats what was typed, which may be a patient's word.
    if name in _KINDS:
        return name
    raise argparse.ArgumentTypeError(f"expected one of {', '.join(_KINDS)}")


def _code(given: str) -> tuple[str, str]:
    """Return the URI of a code's system, and the code."""
    key, _, code = given.rpartition("=")
    system = CODE_SYSTEMS.get(key.casefold().replace("-", "_"), key)
    if ":" in system and code.strip():
        return system, code
    raise argparse.ArgumentTypeError(
        f"expected SYSTEM=CODE, with one of {', '.join(CODE_SYSTEMS)} or a URI as the system"
    )


def _parser() -> argparse.ArgumentParser:
    # A parent rather than an option of the program: it is written after the command.
    with_rules = argparse.ArgumentParser(add_help=False, formatter_class=options.Help)
    with_rules.add_argument("--rules", metavar="DIR", help="use the rule set in this folder")

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
            formatter_class=options.RawHelp,
            parents=list(parents),
            allow_abbrev=False,
        )
        made.set_defaults(run=run)
        return made

    parser = argparse.ArgumentParser(
        prog="msrisk",
        description="What two texts, and evidence beside them, warn about before a patient with "
        "multiple sclerosis takes a supplement. No answer and no exit code means that there is "
        "nothing to fear.",
        epilog="example: msrisk assess examples/ordinary.json",
        formatter_class=options.Help,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    made = command(
        commands,
        "assess",
        _assess,
        "report on one patient, from an intake document or a record",
        "example: msrisk assess examples/ordinary.json --format markdown\n"
        "         msrisk assess - --exit-at contraindicated < intake.json\n"
        "         msrisk assess examples/fhir/record.json --from fhir --account\n\n"
        "exit code: 0 the report was printed, whatever it says; 1 it could reach the level of\n"
        "--exit-at; 2 the patient or the rules could not be read.",
        with_rules,
    )
    made.add_argument("file", metavar="FILE", help="the patient; - for standard input")
    made.add_argument("--format", choices=FORMATS, default="text", help=_TEXT)
    part = made.add_mutually_exclusive_group()
    part.add_argument(
        "--screen",
        dest="part",
        action="store_const",
        const="screen",
        help="print the first screen alone",
    )
    part.add_argument(
        "--handout",
        dest="part",
        action="store_const",
        const="handout",
        help="print the page that a patient can carry to the pharmacist",
    )
    made.set_defaults(part="full")
    _add_record_options(made)
    made.add_argument(
        "--exit-at",
        metavar="LEVEL",
        type=_level,
        help="exit 1 if the report is at this level, or could be once the open questions are "
        f"answered: {_LEVELS}",
    )
    options.add_ask(
        command(
            commands,
            "ask",
            ask.ask,
            "ask the questions in the terminal, best question first, then print the first screen",
            "example: msrisk ask --save intake.json\n"
            "         msrisk assess intake.json\n\n"
            "Every question takes “don't know”, and an empty line passes it over: neither is a\n"
            "no. “back” takes the last answer back, “stop” ends the questions, “?” helps.\n\n"
            "exit code: 0 the first screen was printed, whatever it says; 130 so it was after\n"
            "Ctrl-C; 2 the rules or the intake could not be read, the answers could not be saved,\n"
            f"or something is not installed: {options.INSTALL}.",
            with_rules,
        )
    )
    made = command(
        commands,
        "recognise",
        recognise.recognise,
        "say what a name is taken for, and why",
        "example: msrisk recognise medication Synthroid 50 mcg\n"
        "         msrisk recognise condition diabetes --code icd_10_cm=E11.9\n\n"
        "All words together are one entry, as a patient would type it.\n\n"
        "exit code: 0 the answer was printed, whatever it says; 2 the entry or the rules could\n"
        "not be read.",
        with_rules,
    )
    made.add_argument("kind", metavar="KIND", type=_kind, help=", ".join(_KINDS))
    made.add_argument("text", metavar="TEXT", nargs="*", help="the entry")
    made.add_argument(
        "--code",
        metavar="SYSTEM=CODE",
        type=_code,
        action="append",
        default=[],
        help=f"a code of the entry, from {', '.join(CODE_SYSTEMS)} or a system by its URI; "
        "may be repeated",
    )
    options.add_screen(
        command(
            commands,
            "screen",
            screen.screen,
            "screen a file of many patients by the same rules",
            "example: msrisk screen patients.parquet screened.parquet --complete medications\n"
            "         msrisk screen patients.csv screened.csv --changed ../before/rules\n"
            "         msrisk screen export/ screened.parquet --on 2026-01-31\n\n"
            "Files end in .parquet, .csv, .ndjson or .jsonl. A folder holds FHIR Bulk Data: files\n"
            "that end in .ndjson, a resource of FHIR R4 a line. Nothing is overwritten; a run\n"
            "that was ended goes on where it was, with the same command. Rows that cannot be read\n"
            "are set aside, with reasons, in OUT.aside.ndjson. With --changed, the patients of\n"
            "whom the rules say something else than before stand in OUT.changed.csv.\n\n"
            "exit code: 0 the file was written and its summary printed, whatever it says; 2 a\n"
            "file or the rules could not be read or written, or something is not installed:\n"
            f"{options.INSTALL_COHORT}.",
            with_rules,
        )
    )
    add_service(commands, command, with_rules, {"serve": serve, "agents": agents, "web": web})
    command(
        commands,
        "schema",
        patients.schema,
        "print the JSON Schema of a document",
        "example: msrisk schema intake",
    ).add_argument("document", choices=SCHEMAS)
    made = command(commands, "rules", None, "look into the rules", "example: msrisk rules list")
    inner = made.add_subparsers(required=True, metavar="COMMAND")
    command(
        inner,
        "list",
        rules.list_rules,
        "list the rules, claims and thresholds",
        f"example: msrisk rules list\n\n{_READ}",
        with_rules,
    )
    made = command(
        inner,
        "show",
        show.show,
        "show all of one rule or other thing in the rules, by its id or its name",
        "example: msrisk rules show ala-older-adult\n"
        "         msrisk rules show Synthroid\n\n"
        "A name or word that stands for several things shows each, with its file and line.\n\n"
        "exit code: 0 it was printed; 2 there is no such id or name, or the rules could not be\n"
        "read.",
        with_rules,
    )
    made.add_argument(
        "id",
        metavar="NAME",
        nargs="+",
        help="an id, as `msrisk rules list` shows it, or a name or word of the vocabulary",
    )
    made = command(
        inner,
        "book",
        book.print_book,
        "print the whole rule set as a document for those who review it",
        f"example: msrisk rules book --format html > rule-book.html\n\n{_READ}",
        with_rules,
    )
    made.add_argument(
        "--format", choices=options.BOOK_FORMATS, default="markdown", help="default: markdown"
    )
    made = command(
        inner,
        "accountability",
        accountability.accountability,
        "show what became of each sentence of each source, and what each rule rests on",
        "example: msrisk rules accountability --texts texts --format html > table.html\n\n"
        "With --texts, the digest of each text and of each passage is compared, and text\n"
        "and page hold the sentences: they belong to their authors.\n\n"
        "exit code: 0 every passage is accounted for; 1 one is not, or a text holds something\n"
        "that lies in no passage; 2 the rules or the texts could not be read, or a text is not\n"
        "the one of its source.",
        with_rules,
    )
    made.add_argument("--texts", metavar="DIR", help="the folder with the source texts, *.txt")
    made.add_argument(
        "--format",
        choices=options.ACCOUNTABILITY_FORMATS,
        default="text",
        help="default: text",
    )
    add_other_sides(inner, command, with_rules, {"book": book, "evidence": evidence})
    made = command(
        inner,
        "check",
        check.check,
        "say what a rule set that loads still leaves to be looked at",
        "example: msrisk rules check rules --against ../before/rules\n\n"
        "exit code: 0 no check has a remark, which does not make a rule right; 1 there are\n"
        "remarks; 2 the rules or the cases do not load.",
        with_rules,
    )
    made.add_argument(
        "folder", metavar="DIR", nargs="?", help="folder of the rules; else those of the package"
    )
    made.add_argument("--against", metavar="DIR", help="an earlier rule set to compare with")
    made.add_argument(
        "--format", choices=options.CHECK_FORMATS, default="text", help="default: text"
    )
    made = command(
        inner,
        "diff",
        diff.diff,
        "compare two rule sets by what they do to patients",
        "example: msrisk rules diff ../before/rules rules\n\n"
        "exit code: 0 nothing is left to do, which does not make a rule right; 1 a change\n"
        f"waits for a signature, an entry for these rules in {options.SIGNATURES} of NEW\n"
        "is not filled in, or the changelog lacks something; 2 something could not be read.",
    )
    made.add_argument("old", metavar="OLD", help="directory of the rules before")
    made.add_argument("new", metavar="NEW", help="directory of the rules after")
    made.add_argument(
        "--format", choices=options.DIFF_FORMATS, default="text", help="default: text"
    )
    options.add_diff(made)
    made = command(
        inner,
        "gate",
        gate.gate,
        "check a rule set that is kept in git, and compare it with an earlier commit's",
        "example: msrisk rules gate rules --base main --changelog CHANGELOG.md\n\n"
        "For hooks and servers: what `rules check --against` and `rules diff` say, at once.\n\n"
        "exit code: 0 nothing is left to do, which does not make a rule right; 1 there are\n"
        "remarks, a change waits for a signature, an entry for these rules in\n"
        f"{options.SIGNATURES} is not filled in, the changelog lacks something, or the\n"
        "commit has no rules to compare with; 2 something could not be read.",
    )
    made.add_argument("folder", metavar="DIR", help="directory of the rules, as it is now")
    made.add_argument(
        "--base",
        metavar="REF",
        default="HEAD",
        help=f"commit to compare with; {options.NO_BASE} for rules that are new; default: HEAD",
    )
    made.add_argument(
        "--was",
        metavar="DIR",
        help="directory of the rules at that commit, from the top of the repository, if they "
        "were moved",
    )
    made.add_argument(
        "--format", choices=options.DIFF_FORMATS, default="text", help="default: text"
    )
    options.add_diff(made)
    return parser


def _add_record_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="origin",
        choices=["intake", "fhir"],
        default="intake",
        help="what FILE is: an intake document, or a Bundle of FHIR R4; default: intake",
    )
    parser.add_argument(
        "--on",
        metavar="DATE",
        help="read the record as of this day, such as 2026-01-31; else today",
    )
    parser.add_argument(
        "--patient", metavar="ID", help="whose report, where the record speaks of several people"
    )
    parser.add_argument(
        "--account",
        action="store_true",
        help="print what became of each entry of the record, too",
    )
