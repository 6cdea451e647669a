"""Answers the intake page: from the fields of a form that was sent to the next page, as HTML.

`respond` needs no server. What a page knows of those before it is what its form sends along.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from attrs import evolve, field, frozen
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from msrisk import api
from msrisk.asking import Form, Kind, Names, Question, open_questions, question_of, urgent
from msrisk.documents import profile_from_json, profile_to_document
from msrisk.errors import MsriskError
from msrisk.model.rules import RuleSet
from msrisk.rendering.html import STYLE
from msrisk.rendering.words import clean
from msrisk.web.page_parts import answered, question_part, report_parts, shown_names
from msrisk.web.page_replies import WrongError, lines, reply
from msrisk.web.page_state import Key, State, key_of, read_state
from msrisk.web.page_words import FILES, LANGUAGES, Words, words_in

__all__ = ["files", "kept", "respond"]

Fields = Sequence[tuple[str, str]]
Context = dict[str, object]


def respond(fields: Fields, *, base: str = "", ruleset: RuleSet | None = None) -> str:
    """Return the page that follows on what was sent.

    Args:
        fields: the names and values of the form as it was sent; none for the first page.
            "lang" is the language, "en" or "de".
        base: the path below which the page is, such as "/msrisk". Without it all addresses are
            relative to that of the page, which has to end in a slash then.
        ruleset: the rules; those that ship with the package if None.

    """
    return _Page(_Given(fields), base, RuleSet.default() if ruleset is None else ruleset).html()


def kept(fields: Fields, *, ruleset: RuleSet | None = None) -> str:
    """Return the intake document of a form that was sent, to be kept as a file.

    Raises:
        MsriskError: if what was sent is no state of this page.

    """
    rules = RuleSet.default() if ruleset is None else ruleset
    state = _Given(fields).first("state")
    return document_of(read_state(state, rules) if state else State())


def document_of(state: State) -> str:
    """Return what was answered as an intake document, in characters that survive any copy."""
    return json.dumps(profile_to_document(state.form.profile), indent=1)


@cache
def _version() -> str:
    """Return what changes with the files beside the page, so that no browser keeps old ones."""
    return sha256("".join(files().values()).encode()).hexdigest()[:8]


def files() -> dict[str, str]:
    """Return the files that stand beside the page, by name."""
    style = (FILES / "page.css").read_text("utf-8")
    return {
        "page.css": f"{STYLE.lstrip()}\n{style}",
        "page.js": (FILES / "page.js").read_text("utf-8"),
    }


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FILES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clean"] = clean
    return made


def _whole(fields: Fields) -> Fields:
    return [
        (name, text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        for name, text in fields
    ]


@frozen
class _Given:
    """The fields of a form that was sent."""

    # Half a character cannot be written as UTF-8; scripts can send one.
    fields: Fields = field(converter=_whole)

    def first(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.fields if key == name)


class _Page:
    """Answers one form that was sent."""

    def __init__(self, given: _Given, base: str, rules: RuleSet) -> None:
        self.given = given
        self.at = f"{base.rstrip('/')}/" if base else "./"
        self.rules = rules
        do = given.first("do")
        lang = do.removeprefix("lang:") if do.startswith("lang:") else given.first("lang")
        self.t: Words = words_in(lang)
        self.state = State()
        self.do = do

    def html(self) -> str:
        """Return the page."""
        view, context = self._view()
        return (
            _templates()
            .get_template(f"{view}.html.j2")
            .render(self._frame(view) | {"wrong": "", "expected": ()} | context)
        )

    def _view(self) -> tuple[str, Context]:
        if self.rules.withdrawn is not None:
            return "withdrawn", {"reason": self.rules.withdrawn.reason}
        sent = self.given.first("state")
        try:
            self.state = read_state(sent, self.rules) if sent else State()
            # Refuses what cannot be assessed before anything else is asked.
            api.assess(self.state.form.profile, ruleset=self.rules)
        except MsriskError:
            self.state = State()
            return "start", {"wrong": "wrong_state"}
        return self._done(self.do, view=self.given.first("view"))

    def _done(self, do: str, view: str) -> tuple[str, Context]:
        """Do what a button asks for; a change of the language shows the same page again."""
        name, _, value = do.partition(":")
        match name:
            case "" | "start":
                return "start", {}
            case "lang":
                again = {"start": "start", "handout": "handout", "result": "stop"}
                asked = "edit" if self.given.first("asked") else "one-or-all"
                return self._done(again.get(view, asked), "")
            case "load":
                return self._load()
            case "one" | "all" | "stop" if view in ("question", "check") and self._typed():
                return self._answer(wrong="wrong_left_out")
            case "one" | "stop" | "save" if view == "all":
                return self._save(name)
            case "one" | "all":
                self.state = evolve(self.state, all_at_once=name == "all")
            case "on":
                self.state = evolve(self.state, after_help=True)
            case "back":
                return self._back()
            case "change":
                return self._change(value)
            case "stop":
                return self._result()
            case "handout":
                return "handout", report_parts(self.state, self.rules, "handout")
            case _ if self.given.first("asked"):
                return self._answer()
        return self._ask()

    def _put(self, form: Form) -> None:
        """Take a form with an answer more, if it can be assessed."""
        api.assess(form.profile, ruleset=self.rules)
        self.state = evolve(self.state, form=form)

    def _open(self) -> tuple[Question, ...]:
        return open_questions(self.state.form, self.rules, after_help=self.state.after_help)

    def _urgent(self) -> tuple[str, Context] | None:
        """Return the page that says to get help, unless the person goes on all the same."""
        now = urgent(self.state.form.profile, self.rules)
        if not now or self.state.after_help:
            return None
        actions = list(dict.fromkeys(one.action for one in now))
        return "call", {"call": any(one.call for one in now), "actions": actions}

    def _ask(self, typed: str = "", names: tuple[str, ...] = ()) -> tuple[str, Context]:
        """Return the page with the best question, or with all of them."""
        found = self._urgent()
        if found:
            return found
        questions = self._open()
        if not questions:
            return self._result()
        if self.state.all_at_once:
            return self._all({}, {})
        return self._question(questions[0], typed, names)

    def _question(
        self, question: Question, typed: str = "", names: tuple[str, ...] = (), **more: object
    ) -> tuple[str, Context]:
        part = question_part(question, self.t)
        return "question", {
            "q": part | {"typed": typed or "\n".join(names)},
            "left": len(self._open()),
            **more,
        }

    def _find(self, key: Key) -> Question:
        """Return the question of a key, in the words in which it is or was asked."""
        form = self.state.form
        place = next((n for n, a in enumerate(form.answers) if a.question.key == key), 0)
        others = tuple(a for a in form.answers if a.question.key != key)
        for answers in (form.answers, others, form.answers[:place]):
            asked = open_questions(evolve(form, answers=answers), self.rules, after_help=True)
            for one in asked:
                if one.key == key:
                    return one
        return question_of(key, self.rules)

    def _typed(self) -> bool:
        """Return whether something was typed that a button would leave out."""
        return any(map(str.strip, (*self.given.all("name"), self.given.first("text"))))

    def _answer(self, wrong: str = "") -> tuple[str, Context]:
        """Take the answer to one question, or show what was typed again."""
        try:
            question = self._find(key_of(self.given.first("asked")))
        except MsriskError:
            return "start", {"wrong": "wrong_state"}
        text = self.given.first("text")
        names: tuple[str, ...] = ()
        if question.kind is Kind.NAMES:
            typed = (one.strip() for one in self.given.all("name"))
            names, text = (*filter(None, typed), *lines(text)), ""
        pressed = self.do
        if wrong or pressed == "edit" or pressed.startswith("lang:"):
            return self._question(question, text, names, wrong=wrong)
        try:
            answer = reply(question, pressed, text, names)
            form = self.state.form.answered(question, answer)
            api.assess(form.profile, ruleset=self.rules)
        except WrongError as error:
            return self._question(question, text, names, wrong=error.key)
        except MsriskError as error:
            expected = [one.expected for one in error.problems]
            return self._question(question, text, names, wrong="wrong_value", expected=expected)
        if isinstance(answer, Names):
            seen = names == self.given.all("checked")
            if pressed not in ("complete", "more") or not seen:
                return self._check(question, names, changed=pressed in ("complete", "more"))
        self._put(form)
        return self._ask()

    def _check(
        self, question: Question, names: tuple[str, ...], *, changed: bool
    ) -> tuple[str, Context]:
        return "check", {
            "q": question_part(question, self.t),
            "entries": shown_names(question.field, names, self.rules),
            "changed": changed,
        }

    def _back(self) -> tuple[str, Context]:
        last = self.state.form.answers[-1:]
        if not last:
            return "start", {}
        question = self._find(last[0].question.key)
        self.state = evolve(self.state, form=self.state.form.back(), after_help=False)
        if self.state.all_at_once:
            return self._ask()
        return self._again(question, last[0].answer)

    def _change(self, place: str) -> tuple[str, Context]:
        answers = self.state.form.answers
        if not place.isdecimal() or not int(place) < len(answers):
            return self._ask()
        one = answers[int(place)]
        return self._again(self._find(one.question.key), one.answer)

    def _again(self, question: Question, answer: object) -> tuple[str, Context]:
        """Ask what was asked before, with what was typed then."""
        names = answer.names if isinstance(answer, Names) else ()
        typed = ""
        if isinstance(answer, tuple):
            typed = f"{answer[0]:g} – {answer[1]:g}"
        elif isinstance(answer, str):
            typed = answer
        elif isinstance(answer, int | float) and not isinstance(answer, bool):
            typed = f"{answer:g}"
        return self._question(question, typed, names)

    def _load(self) -> tuple[str, Context]:
        text = self.given.first("file").strip() or self.given.first("document").strip()
        try:
            profile = profile_from_json(text)
            api.assess(profile, ruleset=self.rules)
        except MsriskError as error:
            expected = [str(one) for one in error.problems]
            return "start", {"wrong": "wrong_load", "expected": expected, "document": text}
        self.state = State(Form(profile))
        return self._ask()

    def _save(self, then: str) -> tuple[str, Context]:
        """Take all answers of a page with all questions; those that are none are asked again."""
        wrong: dict[Key, tuple[str, Sequence[str]]] = {}
        typed: dict[Key, tuple[str, str]] = {}
        for place, written in enumerate(self.given.all("key")):
            try:
                question = question_of(key_of(written), self.rules)
            except MsriskError:
                return "start", {"wrong": "wrong_state"}
            said, text = (self.given.first(f"{name}.{place}") for name in ("said", "text"))
            if not said and not text.strip():
                continue
            names = lines(text) if question.kind is Kind.NAMES else ()
            try:
                answer = reply(question, said, text, names)
                self._put(self.state.form.answered(question, answer))
            except WrongError as error:
                wrong[question.key] = error.key, ()
            except MsriskError as error:
                wrong[question.key] = "wrong_value", [one.expected for one in error.problems]
            typed[question.key] = said, text
        if not wrong:
            self.state = evolve(self.state, all_at_once=then != "one")
            return self._result() if then == "stop" else self._ask()
        return self._urgent() or self._all(wrong, typed)

    def _all(
        self,
        wrong: dict[Key, tuple[str, Sequence[str]]],
        typed: dict[Key, tuple[str, str]],
    ) -> tuple[str, Context]:
        parts = []
        for place, one in enumerate(self._open()):
            key, expected = wrong.get(one.key, ("", ()))
            said, text = typed.get(one.key, ("", ""))
            given = {"said": said, "typed": text, "wrong": key, "expected": expected}
            parts.append(question_part(one, self.t) | given | {"place": place})
        return "all", {"questions": parts, "wrongs": [one for one in parts if one["wrong"]]}

    def _result(self) -> tuple[str, Context]:
        return "result", {
            **report_parts(self.state, self.rules, "full"),
            "left": len(self._open()),
            "document": document_of(self.state),
        }

    def _frame(self, view: str) -> Context:
        """Return what every page shows."""
        now = self.rules.withdrawn is None and urgent(self.state.form.profile, self.rules)
        return {
            "t": self.t,
            "lang": self.t.lang,
            "languages": [(one, words_in(one)("language")) for one in LANGUAGES],
            "at": self.at,
            "version": _version(),
            "view": view,
            "state": self.state,
            "now": bool(now),
            **answered(self.state, self.rules, self.t),
        }
