"""Answers the intake page: from the fields of a form that was sent to the next page, as HTML.

`respond` needs no server. What a page knows of those before it is what its form sends along.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from attrs import evolve, field, frozen

from msrisk import api
from msrisk.asking import (
    Answer,
    Form,
    Kind,
    Names,
    Question,
    Said,
    open_questions,
    question_of,
    taken_up,
    urgent,
)
from msrisk.documents import begun_from_json, profile_to_document
from msrisk.errors import MsriskError
from msrisk.model.rules import RuleSet
from msrisk.web.page_parts import answered, question_part, report_parts, shown_names, unsent
from msrisk.web.page_replies import WrongError, lines, reply
from msrisk.web.page_state import Draft, Key, State, key_of, read_state, typed_of
from msrisk.web.page_templates import files, template, version
from msrisk.web.page_words import LANGUAGES, Words, words_in

__all__ = ["files", "kept", "refused", "respond"]

Fields = Sequence[tuple[str, str]]
Context = dict[str, object]

# By the page that is shown, what shows it again with what was typed.
_SHOW_AGAIN: Final = {
    "start": "start", "question": "edit", "check": "look", "all": "all", "result": "stop",
    "handout": "handout", "refused": "start",
}  # fmt: skip


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


def refused(why: str, lang: str, *, base: str = "", ruleset: RuleSet | None = None) -> str:
    """Return the page for what was not taken up: what to do now, and how nothing is lost.

    Args:
        why: the key of the words that say it, such as "refused_large".
        lang: the language, "en" or "de".
        base: as for `respond`.
        ruleset: likewise.

    """
    rules = RuleSet.default() if ruleset is None else ruleset
    return _Page(_Given([("lang", lang)]), base, rules).shown("refused", {"why": why})


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
    form = state.form
    return json.dumps(profile_to_document(form.profile, form.not_known), indent=1)


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
        return self.shown(*self._view())

    def shown(self, view: str, context: Context) -> str:
        """Return a page of one kind."""
        return template(view).render(self._frame(view) | {"wrong": "", "expected": ()} | context)

    def _view(self) -> tuple[str, Context]:
        if self.rules.withdrawn is not None:
            return "withdrawn", {"reason": self.rules.withdrawn.reason}
        sent = self.given.first("state")
        try:
            self.state = read_state(sent, self.rules) if sent else State()
            # Refuses what cannot be assessed before anything else is asked.
            api.assess(self.state.form.profile, ruleset=self.rules)
            return self._done(self.do, view=self.given.first("view"))
        except MsriskError:
            self.state = State()
            return "start", {"wrong": "wrong_state"}

    def _done(self, do: str, view: str) -> tuple[str, Context]:
        """Do what a button asks for; a change of the language shows the same page again."""
        name, _, value = do.partition(":")
        match name:
            case "" | "start":
                return "start", {"document": self.given.first("document")}
            case "lang":
                return self._done(_SHOW_AGAIN.get(view, "one-or-all"), view)
            case "load":
                return self._load()
            case "stop" if self.given.first("asked") and self._unsent():
                return self._answer(do, "wrong_left_out")
            case "one" | "stop" | "save" if view == "all":
                return self._save(name)
            case "on":
                self.state = evolve(self.state, after_help=True)
            case "stop":
                return self._result()
            case "handout":
                return "handout", report_parts(self.state, self.rules, "handout")
            case "one" | "all":
                self._keep_typed()
                self.state = evolve(self.state, all_at_once=name == "all")
            case "back":
                return self._back()
            case "change":
                return self._change(value)
            case "draft":
                return self._take_up(value)
            case _ if self.given.first("asked"):
                return self._answer(do)
        return self._ask()

    def _typed(self) -> list[Draft]:
        """Return what was typed that a button would leave out."""
        found = []
        asked = self.given.first("asked")
        if asked:
            words = (*self.given.all("name"), self.given.first("text"))
            text = "\n".join(filter(None, map(str.strip, words)))
            found.append(Draft(key_of(asked), "", text))
        for place, written in enumerate(self.given.all("key")):
            said, text = (self.given.first(f"{name}.{place}") for name in ("said", "text"))
            found.append(Draft(key_of(written), said, text.strip()))
        return found

    def _keep_typed(self) -> None:
        self.state = self.state.drafted(self._typed())

    def _unsent(self) -> bool:
        """Return whether something was typed for a question that was not sent just so before."""
        (typed,) = self._typed()
        return bool(self.state.drafted([typed]).draft(typed.key).text)

    def _put(self, question: Question, answer: Answer) -> None:
        """Take one answer more, if with it the form can be assessed."""
        form = self.state.form.answered(question, answer)
        api.assess(form.profile, ruleset=self.rules)
        self._take(form, question.key)

    def _take(self, form: Form, key: Key) -> None:
        """Go on with one answer more; an emergency that it brings is said, whatever was before."""
        before = self.state
        self.state = before.answered(form, key)
        if before.after_help:
            told = urgent(before.form, self.rules)
            new = set(urgent(form, self.rules)) - set(told)
            self.state = evolve(self.state, after_help=not new)

    def _open(self) -> tuple[Question, ...]:
        """Return what is open, also after an emergency: one who has read of it can go on."""
        return open_questions(self.state.form, self.rules, after_help=True)

    def _urgent(self) -> tuple[str, Context] | None:
        """Return the page that says to get help, unless the person goes on all the same."""
        now = urgent(self.state.form, self.rules)
        if not now or self.state.after_help:
            return None
        actions = list(dict.fromkeys(one.action for one in now))
        return "call", {"call": any(one.call for one in now), "actions": actions}

    def _ask(self) -> tuple[str, Context]:
        """Return the page with the best question, or with all of them."""
        found = self._urgent()
        if found:
            return found
        questions = self._open()
        if not questions:
            return self._result()
        if self.state.all_at_once:
            return self._all({})
        return self._question(questions[0], self.state.draft(questions[0].key).text)

    def _question(self, question: Question, typed: str, **more: object) -> tuple[str, Context]:
        part = question_part(question, self.t)
        left = {one.key for one in self._open()} | {question.key}
        return "question", {"q": part | {"typed": typed}, "left": len(left), **more}

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

    def _answer(self, do: str, wrong: str = "") -> tuple[str, Context]:
        """Take the answer to one question, or show what was typed again."""
        ((key, _, text),) = self._typed()
        question = self._find(key)
        names = lines(text) if question.kind is Kind.NAMES else ()
        if wrong or do == "edit":
            return self._question(question, text, wrong=wrong)
        try:
            answer = reply(question, do, "" if names else text, names)
            form = self.state.form.answered(question, answer)
            api.assess(form.profile, ruleset=self.rules)
        except WrongError as error:
            return self._question(question, text, wrong=error.key)
        except MsriskError as error:
            expected = [one.expected for one in error.problems]
            return self._question(question, text, wrong="wrong_value", expected=expected)
        if isinstance(answer, Names):
            sent = do in ("complete", "more")
            if not sent or names != self.given.all("checked"):
                return self._check(question, names, changed=sent)
        self._take(form, key)
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
        """Take the last answer back, and ask for it again with what was typed then."""
        self._keep_typed()
        answers = self.state.form.answers
        asked = self.given.first("asked")
        if not answers:
            return "start", {}
        if asked and self.state.form.asked(key_of(asked)):
            return self._ask()  # back from a question that was to be changed
        last = answers[-1]
        question = self._find(last.question.key)
        said, text = typed_of(last.answer)
        back = evolve(self.state, form=self.state.form.back(), after_help=False)
        self.state = back.drafted([Draft(question.key, said, text)])
        return self._ask() if self.state.all_at_once else self._question(question, text)

    def _change(self, place: str) -> tuple[str, Context]:
        self._keep_typed()
        answers = self.state.form.answers
        if not place.isdecimal() or not int(place) < len(answers):
            return self._ask()
        one = answers[int(place)]
        _, text = typed_of(one.answer)
        key = one.question.key
        return self._question(self._find(key), self.state.draft(key).text or text)

    def _take_up(self, place: str) -> tuple[str, Context]:
        """Ask for what was typed and not sent."""
        if not place.isdecimal() or not int(place) < len(self.state.drafts):
            return self._ask()
        one = self.state.drafts[int(place)]
        return self._question(self._find(one.key), one.text)

    def _load(self) -> tuple[str, Context]:
        text = self.given.first("file").strip() or self.given.first("document").strip()
        try:
            profile, not_known = begun_from_json(text)
            api.assess(profile, ruleset=self.rules)
        except MsriskError as error:
            expected = [str(one) for one in error.problems]
            return "start", {"wrong": "wrong_load", "expected": expected, "document": text}
        self.state = State(taken_up(profile, not_known, self.rules))
        return self._ask()

    def _save(self, then: str) -> tuple[str, Context]:
        """Take all answers of a page with all questions; those that are none are asked again.

        Names count once their reader has seen how they were understood.
        """
        wrong: dict[Key, tuple[str, Sequence[str]]] = {}
        seen = self.given.all("seen")
        typed = self._typed()
        self._keep_typed()
        for one in typed:
            question = question_of(one.key, self.rules)
            if not one.said and not one.text:
                continue
            names = lines(one.text) if question.kind is Kind.NAMES else ()
            try:
                answer = reply(question, one.said, one.text, names)
                if not names or json.dumps([one.key, names]) in seen:
                    self._put(question, answer)
            except WrongError as error:
                wrong[question.key] = error.key, ()
            except MsriskError as error:
                wrong[question.key] = "wrong_value", [one.expected for one in error.problems]
        if then != "one" and any(one in self.state.drafts for one in typed):
            return self._urgent() or self._all(wrong)
        self.state = evolve(self.state, all_at_once=then != "one")
        return self._result() if then == "stop" else self._ask()

    def _all(self, wrong: dict[Key, tuple[str, Sequence[str]]]) -> tuple[str, Context]:
        parts = []
        for place, one in enumerate(self._open()):
            key, expected = wrong.get(one.key, ("", ()))
            _, said, text = self.state.draft(one.key)
            names = lines(text) if one.kind is Kind.NAMES else ()
            given = {
                "said": said,
                "typed": text,
                "wrong": key,
                "expected": expected,
                "entries": shown_names(one.field, names, self.rules),
                "seen": json.dumps([one.key, names]),
            }
            parts.append(question_part(one, self.t) | given | {"place": place})
        return "all", {
            "questions": parts,
            "wrongs": [one for one in parts if one["wrong"]],
            "looks": [one for one in parts if one["entries"]],
        }

    def _result(self) -> tuple[str, Context]:
        return "result", {
            **report_parts(self.state, self.rules, "full"),
            "left": len(self._open()),
            "skipped": sum(one.answer is Said.SKIPPED for one in self.state.form.answers),
            "unsent": unsent(self.state, self.rules, self.t),
            "document": document_of(self.state),
        }

    def _frame(self, view: str) -> Context:
        """Return what every page shows."""
        given = self.rules.withdrawn is None
        now = urgent(self.state.form, self.rules) if given else ()
        certain = any(one.certain for one in now)
        return {
            "t": self.t,
            "lang": self.t.lang,
            "translated": self.t.lang != LANGUAGES[0],
            "languages": [(one, words_in(one)("language")) for one in LANGUAGES],
            "at": self.at,
            "version": version(),
            "view": view,
            "state": self.state,
            "now": bool(now),
            "certain": certain,
            "calls": not now or any(one.call for one in now),
            **answered(self.state, self.rules, self.t, now=certain),
        }
