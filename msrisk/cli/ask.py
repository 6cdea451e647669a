"""Runs `msrisk ask`, which asks the questions in the terminal, the best one first."""

from __future__ import annotations

import argparse
import io
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msrisk import api
from msrisk.asking import (
    Answer,
    Form,
    Kind,
    Names,
    Question,
    Urgent,
    asked_in,
    next_question,
    open_questions,
    taken_up,
    urgent,
)
from msrisk.asking.echo import in_words, understood
from msrisk.cli.documents import read_file, rendered, shown, under
from msrisk.cli.layout import PLAIN, Missing, or_problems, prepare, ruleset_of, width
from msrisk.cli.layout import Answer as Printed
from msrisk.cli.options import INSTALL
from msrisk.cli.replies import Command, ends_a_list, expected, read
from msrisk.documents import begun_from_json, profile_to_document
from msrisk.documents.intake import MOST_BYTES
from msrisk.documents.writing import json_text
from msrisk.errors import MsriskError, Problem
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Report
from msrisk.model.rules import RuleSet
from msrisk.recognition.profile import KINDS
from msrisk.rendering.words import clean, plural

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["ask"]

_INTERRUPTED: Final = 130  # 128 + SIGINT, as for a program that Ctrl-C has ended
_HOW: Final = (
    "Every question takes “don't know”. An empty line passes it over, and is never read as a no. "
    "“back” takes the last answer back, “stop” ends the questions, “?” says why one is asked."
)


def ask(arguments: argparse.Namespace) -> Printed:
    """`msrisk ask`: from questions to the first screen of the report."""
    try:
        return _ask(arguments)
    except KeyboardInterrupt:  # while the rules are read, or a second time
        return "", _INTERRUPTED


def _ask(arguments: argparse.Namespace) -> Printed:
    console = _console()
    problems: list[Problem] = []
    load, save = arguments.load, arguments.save
    start = or_problems(problems, lambda: _start(load))
    or_problems(problems, lambda: _check_place(save, load))
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    if start is None or ruleset is None or problems:
        raise MsriskError(problems)
    with under(load or "answers"):
        # Refuses what cannot be assessed before anything is asked.
        profile, not_known = start
        api.assess(profile, ruleset=ruleset)
    session = _Session(console, ruleset, taken_up(profile, not_known, ruleset))
    try:
        code, heard = session.run(), True
    except OSError:  # nobody reads on; the program says so when it prints the report
        code, heard = 0, False
    text = screen(asked_in(session.report, session.form, ruleset))
    text = f"\n{text.translate(PLAIN) if session.plain else text}"
    if save is not None:
        try:
            _write(Path(save), session.form)
        except OSError as error:
            console.file.write(text)
            raise MsriskError([Problem(save, "a file that can be written")]) from error
        if heard:
            again = f"msrisk ask --load {shlex.quote(save)}"
            session.say(f"Your answers are in {save}. Go on with: {again}")
    return text, code


def screen(report: Report) -> str:
    """Return what is printed at the end: the first screen."""
    return rendered(report, "text", "screen")


def _console() -> Console:
    try:
        from rich.console import Console
    except ImportError:
        problem = Missing("msrisk ask needs rich", INSTALL)
    else:
        if sys.stdout is None:
            raise MsriskError([Problem("standard output", "a place to ask on")])

        class _Console(Console):
            def on_broken_pipe(self) -> None:
                raise BrokenPipeError  # not the end of the program: the answers are saved first

        # The questions have to be seen also if the answer goes into a file.
        typed = sys.stdin is not None and sys.stdin.isatty()
        out = sys.stderr if typed and not sys.stdout.isatty() else sys.stdout
        prepare(out)
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return _Console(
            file=out,
            # With a height, because a dumb terminal without one counts as 80 columns wide.
            width=width(),
            height=25,
            force_terminal=out.isatty(),
            # None: no escapes at all, and so no bold letters either.
            color_system="auto" if out.isatty() and not dumb else None,
            highlight=False,
            markup=False,
            emoji=False,
        )
    raise MsriskError([problem])


def _start(name: str | None) -> tuple[PatientProfile, tuple[tuple[str, ...], ...]]:
    """Return what is known already, and the keys of what was asked and not known."""
    if name == "-":
        raise MsriskError([Problem("--load", "a file; standard input has the answers")])
    if name is None:
        return PatientProfile(), ()
    text = read_file(name, MOST_BYTES)
    with under(shown(name)):
        found = begun_from_json(text)
    return found  # noqa: RET504  # not inside, where the problems of the file are named


def _check_place(name: str | None, loaded: str | None) -> None:
    """Refuse a place for the answers before anybody has typed them."""
    if name is None:
        return
    path = Path(name)
    if path.exists() and not (loaded and path.is_file() and path.samefile(loaded)):
        expected_ = "the name of a file that is not there yet, or that of --load"
        raise MsriskError([Problem(name, expected_, "the name of one that is there")])
    if not path.parent.is_dir():
        raise MsriskError([Problem(name, "a file in a folder that is there")])


def _write(path: Path, form: Form) -> None:
    """Write an intake document that only its owner can read."""
    document = profile_to_document(form.profile, form.not_known)
    text = json_text(document)
    with open(path, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write(text)


class _Session:
    """One person who is asked: the form as far as it is filled in, and where to talk."""

    def __init__(self, console: Console, ruleset: RuleSet, form: Form) -> None:
        self.console = console
        self.ruleset = ruleset
        self.form = form
        self.told_how = False
        self.plain = not console.encoding.startswith("utf")

    @property
    def report(self) -> Report:
        return api.assess(self.form.profile, ruleset=self.ruleset)

    @property
    def urgent(self) -> tuple[Urgent, ...]:
        return urgent(self.form, self.ruleset)

    def run(self) -> int:
        """Ask until nothing is left, or the person wants no more; return the exit code."""
        try:
            while (question := next_question(self.form, self.ruleset)) is not None:
                if not self._put(question):
                    self.say("Stopped. What is open stays open.")
                    return 0
        except EOFError:
            self.say("\nThe answers end here. What is open stays open.")
        except KeyboardInterrupt:
            self.say("\nStopped. What is open stays open.")
            return _INTERRUPTED
        else:
            self._say_the_end()
        return 0

    def _say_the_end(self) -> None:
        now = self.urgent
        if not now:
            self.say("There is no more to ask. What was passed over or is not known stays open.")
            return
        call = any(one.call for one in now)
        what = "CALL THE EMERGENCY NUMBER NOW (112, 911, 999)." if call else "GET MEDICAL HELP NOW."
        if not any(one.certain for one in now):
            what = f"THIS MAY BE AN EMERGENCY. {what}"
        self.say(what, "bold red")
        for action in dict.fromkeys(one.action for one in now):
            self.say(action, "bold")
        self.say("Do not go on here. Once you have had help, start again with: msrisk ask")

    def _put(self, question: Question) -> bool:
        """Ask one question until it is answered; return whether to go on."""
        # The emergency is asked before anything else is said.
        if self.form.answers or not question.emergency:
            self.say("")
        if not question.emergency and not self.told_how:
            self.told_how = True
            self.say(f"{_HOW}\n")
        self.say(question.wording, "bold")
        for number, name in enumerate(question.suggestions, 1):
            self.say(f"  {number} {name}")
        while True:
            line = self._line(_PROMPTS[question.kind])
            try:
                reply = read(line, question)
                if not isinstance(reply, Command):
                    return self._take(question, reply)
            except MsriskError as error:
                self._expected(error)
            else:
                if reply is Command.HELP:
                    self._help(question)
                    continue
                if reply is Command.BACK:
                    self._back()
                return reply is not Command.STOP

    def _expected(self, error: MsriskError) -> None:
        for problem in error.problems:
            self.say(f"expected {problem.expected}")

    def _help(self, question: Question) -> None:
        self.say(f"Asked because {question.why}.")
        self.say(f"Expected: {expected(question)}.")
        self.say(_HOW)

    def _back(self) -> None:
        last = self.form.answers[-1:]
        self.form = self.form.back()
        if last:
            self.say(f"taken back: the answer to “{last[0].question.wording}”")
        else:
            self.say("there is no answer to take back")

    def _take(self, question: Question, answer: Answer) -> bool:
        """Put an answer in and say what it was understood as; return whether to go on."""
        before = self.form
        self.form = before.answered(question, answer)
        if isinstance(answer, Names):
            self._understood(question, answer.names)
            if not self._rest(question, before, answer):
                return False
        elif isinstance(answer, str):
            self.say(f"in place of “{question.text}”:")
            self._understood(question, (answer,))
        elif not self.urgent:
            self.say(f"understood as: {in_words(question, answer)}")
        if not self.urgent:
            self.say(f"still open: {self._open()}", "dim")
        return True

    def _rest(self, question: Question, before: Form, told: Names) -> bool:
        """Take more names, until the person says whether that is all."""
        while not self.urgent:
            line = self._line("more names, or “that's all” / “there is more”")
            complete = ends_a_list(line)
            if complete is not None:
                self.form = before.answered(question, Names(told.names, complete))
                self.say(f"the list: {'that is all' if complete else 'there may be more'}")
                return True
            try:
                reply = read(line, question)
                if isinstance(reply, Names):
                    more = Names(told.names + reply.names)
                    self.form, told = before.answered(question, more), more
                    self._understood(question, reply.names)
            except MsriskError as error:
                self._expected(error)
            else:
                if reply is Command.HELP:
                    self._help(question)
                elif reply is Command.BACK:
                    self._back()
                    return True
                elif reply is Command.STOP:
                    return False
        return True

    def _understood(self, question: Question, names: tuple[str, ...]) -> None:
        kind = next(kind for kind, field in KINDS.items() if field == question.field)
        for name in names:
            found = api.recognise(name, kind, ruleset=self.ruleset)
            self.say(f"understood as: {understood(found, self.ruleset)}")

    def _open(self) -> str:
        left = len(open_questions(self.form, self.ruleset))
        questions = plural(left, "question") if left else "no question is left"
        return f"could be {self.report.worst_case.words}; {questions}"

    def _line(self, prompt: str) -> str:
        """Return the next line that is typed; one that is not typed by hand is shown."""
        self.say(f"{prompt} >", "dim", end=" ")
        self.console.file.flush()
        line = "" if sys.stdin is None else sys.stdin.readline()
        if not line:
            raise EOFError
        if not sys.stdin.isatty():
            self.say(clean(line.rstrip("\n")))
        return line

    def say(self, text: str, style: str = "", end: str = "\n") -> None:
        """Print text, wrapped at words."""
        rendered_ = self.console.render_str(self._shown(text), style=style)
        *lines, last = rendered_.wrap(self.console, self.console.width) or [rendered_]
        for line in lines:
            line.rstrip()
            self.console.print(line)
        last.rstrip()
        self.console.print(last, end=end)

    def _shown(self, text: str) -> str:
        shown = "\n".join(map(clean, text.split("\n")))
        if not self.plain:
            return shown
        # Before the lines are broken, so that they are as long as they are shown.
        encoding = self.console.encoding
        return shown.translate(PLAIN).encode(encoding, "backslashreplace").decode(encoding)


_PROMPTS: Final = {
    Kind.NAMES: "names; none; don't know",
    Kind.BY_NAME: "yes, no, don't know",
    Kind.YES_NO: "yes, no, don't know",
    Kind.NUMBER: "a number, don't know",
    Kind.WHICH: "what is meant; don't know",
}
