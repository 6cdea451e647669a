"""What is wrong with a rendered report, found by reading it beside its document.

Each function takes what a reader sees and the report document, and returns the problems in
plain words; none means that nothing is wrong. They know no layout, so they read every format
(`plain` takes the marks of a format off) and every part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import unescape
from typing import Any, Final

__all__ = [
    "FORMATS",
    "FRAME",
    "PARTS",
    "cut_short",
    "lost",
    "plain",
    "said_twice",
    "too_long",
    "unheld",
    "untitled",
    "without_caveat",
]

Document = Mapping[str, Any]

FORMATS: Final = ("text", "markdown", "html", "json")
PARTS: Final = ("full", "screen", "handout")

FRAME: Final[tuple[str, ...]] = (
    # Verdicts, and what goes with them; whether it is taken is checked apart.
    "You already take it",
    "ask your doctor or pharmacist before you take it",
    "ask your doctor or pharmacist now",
    "tell your doctor or pharmacist that you take it",
    "these warnings fit your answers",
    # Conditions and orders, true of everybody.
    "before you take any more",
    "before you go on",
    "your medicines",
    "your other medicines",
    # Levels and symptoms that the report has for this patient.
    "you report",
    "show this page to your doctor or pharmacist",
    "show this page to your doctor or pharmacist before you take it",
    "here is the list of all I take",
    "tell them too about any change that you notice",
    "your pharmacist can have the full report",
    "worth knowing and telling your doctor or pharmacist",
    "worth telling your doctor or pharmacist",
    "did you mean",
)
"""What the renderings themselves say to whoever reads them, from no rule.

Nothing here says anything of one patient; whoever adds to it makes sure of that.
"""

# On the page to take along the patient speaks.
_SECOND: Final = re.compile(
    r"\byou(?:r|rs|rself)?\b|\bmy\b|(?-i:\bI (?:am|get|have|take|weigh)\b)", re.IGNORECASE
)
_INLINE: Final = "a|abbr|b|bdi|code|em|i|q|s|small|span|strong|sub|sup|u"
_SPOKEN: Final = ("message", "action", "question", "effect", "do", "ask", "title", "why")
_HELD: Final = ("findings", "silences", "open_questions", "caveats", "claims")
_TYPED: Final = ("text", "name")
_GAP: Final = " ¶ "
_NEAR: Final = 50
_GRAVE: Final = frozenset({"contraindicated", "urgent"})
_LINES: Final = 25
_WIDTH: Final = 80
_SENTENCE: Final = re.compile(r"(?<=[.!?]) +(?=[A-Z“])")
_CITED: Final = re.compile(r"\b([A-Z])(\d+(?:-\d+)?(?:, ?\d+(?:-\d+)?)*)")


def plain(said: str, format_: str) -> str:
    """Return what a reader of a format sees; of JSON, all its texts, a line each."""
    if format_ == "json":
        return "\n".join(_texts(json.loads(said)))
    if format_ == "markdown":
        unmarked = re.sub(r"(?m)^\s*(?:#+|[-*>]|\d+\.)\s+|(?<!\\)(?:\*\*|`|\|)", "", said)
        return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unmarked))
    if format_ == "html":
        body = re.sub(r"<(style|script|title)\b.*?</\1>", "", said, flags=re.DOTALL)
        joined = re.sub(rf"</?(?:{_INLINE})\b[^>]*>", "", body)
        return unescape(re.sub(r"<[^>]*>", " ", joined))
    return said


def unheld(said: str, document: Document) -> list[str]:
    """Return each place that speaks to the patient in words the report does not hold for it.

    What it holds: the words of findings, silences, questions, advice, caveats and claims, of the
    summary and of what is to be cleared up, and what the patient typed. Never the words of a rule
    that is only named against a claim. `asked` has the question for each field of the profile;
    those of fields that an open question needs are held too.
    """
    held = set(_held(document))
    held.update(sentence for words in list(held) for sentence in _SENTENCE.split(words))
    held.update(f"{of['name']} and you" for of in document["assessments"])
    left = _taken_out(_words(said), (*held, *FRAME))
    problems = [f"speaks to the patient: “{_around(left, one)}”" for one in _SECOND.finditer(left)]
    told = _words(said).casefold()
    taking = any(of.get("taking") for of in document["assessments"])
    if "you already take it" in told and not taking:
        problems.append("says that the patient takes it already")
    return problems


def untitled(document: Document) -> list[str]:
    """Return the titles that are missing, or that speak to the patient."""
    problems = []
    for one in _parts(document):
        if "title" not in one:
            continue
        name, title = one.get("rule"), one["title"]
        if not title:
            problems.append(f"{name} has no title")
        elif _SECOND.search(title):
            problems.append(f"the title of {name} speaks to the patient: “{title}”")
    return problems


def said_twice(said: str, document: Document, screen: str = "") -> list[str]:
    """Return the findings, silences and caveats whose message the body has more than once."""
    body = _words(said)
    top = _words(screen)
    if top and body.startswith(top):
        body = body[len(top) :]
    messages: dict[str, str] = {}
    for of in (document, *document["assessments"]):
        for key in ("findings", "silences", "caveats"):
            messages.update({one["message"]: one["rule"] for one in of.get(key, ())})
    return [
        f"{rule} is said {count} times"
        for message, rule in messages.items()
        if (count := body.count(_words(message))) > 1
    ]


def lost(said: str, document: Document) -> list[str]:
    """Return whatever the document holds and the text of all layers does not say.

    Whether each thing stands where it belongs, and under its id, is for `placed.py`.
    """
    told = _words(said)
    passages = set(_cited(told))
    keys = {one["id"]: one["key"] for one in document.get("sources", ())}
    problems = [
        f"{what} is not said: “{words}”"
        for what, words in _wanted(document)
        if not _says(told, words)
    ]
    for one in _parts(document):
        for citation in one.get("citations", ()):
            source = keys.get(citation["source"], "")
            shown = all((source, number) in passages for number in citation["passages"])
            in_words = _words(citation["where"]) in told
            if not in_words and not (shown and (citation["passages"] or "whole" in told)):
                name = one.get("rule", one.get("claim"))
                problems.append(f"a source of {name} is not said: {citation}")
    return list(dict.fromkeys(problems))


def cut_short(said: str, document: Document) -> list[str]:
    """Return each ellipsis that msrisk wrote; what the patient typed is the patient's."""
    left = _taken_out(_words(said), set(_typed(document)))
    return [f"cut short: “{_around(left, one)}”" for one in re.finditer(r"…|\.\.\.", left)]


def without_caveat(said: str, document: Document) -> list[str]:
    """Return a problem if the words hold no caveat of the report, or none of its sources."""
    told = _words(said)
    caveats = [*document["caveats"], *(c for of in document["assessments"] for c in of["caveats"])]
    words = [one.get(key) or "" for one in caveats for key in ("message", "effect")]
    summary = document.get("summary") or {}
    words += _texts(summary.get("caveat", ""))
    problems = []
    if not any(_words(one) in told for one in words if one):
        problems.append("holds no caveat")
    names = [one[key] for one in document.get("sources", ()) for key in ("title", "short")]
    if not any(_words(one).casefold() in told.casefold() for one in names if one):
        problems.append("names no source")
    return problems


def too_long(said: str, document: Document) -> list[str]:
    """Return the problems of a first screen: its lines, their width, and whom it leaves out."""
    lines = said.splitlines()
    problems = [f"is wider than {_WIDTH}: “{line}”" for line in lines if len(line) > _WIDTH]
    grave = {
        one["rule"]: one
        for of in document["assessments"]
        for one in of["findings"]
        if one["level"] in _GRAVE
    }
    if len(lines) > _LINES and not grave:
        problems.append(f"has {len(lines)} lines")
    told = _words(said)
    for rule, one in grave.items():
        words = [one.get(key) or "" for key in ("effect", "message", "title")]
        if not any(_words(text) in told for text in words if text):
            problems.append(f"does not name {rule}, which is {one['level']}")
    return problems


def _words(text: str) -> str:
    return " ".join(text.split())


def _says(told: str, words: str) -> bool:
    """Return whether words stand there as a whole: an id or a number in no longer one."""
    wanted = _words(words)
    begin = told.find(wanted)
    while begin >= 0:
        before, after = told[begin - 1 : begin], told[begin + len(wanted) : begin + len(wanted) + 1]
        if not any(one in ("-", "_") or one.isalnum() for one in (before, after)):
            return True
        begin = told.find(wanted, begin + 1)
    return False


def _around(text: str, found: re.Match[str]) -> str:
    return _words(text[max(0, found.start() - _NEAR) : found.end() + _NEAR])


def _taken_out(said: str, texts: Iterable[str]) -> str:
    """Return what is left without these texts, the longest first; capitals do not count."""
    left, small = said, said.lower()
    for one in sorted({_words(one) for one in texts} - {""}, key=lambda one: (-len(one), one)):
        # Most texts of a document stand in no screen; to look for them first is much faster.
        if one.rstrip(".").lower() not in small:
            continue
        left = _without(left, small, one)
        small = left.lower()
    return left


def _without(said: str, small: str, text: str) -> str:
    """Write a gap for each place of a text; `small` is what is said without capitals."""
    assert len(small) == len(said)
    wanted, whole, kept = text.rstrip(".").lower(), _whole(text), list[str]()
    end = 0
    # To look for the small letters and then at what stands there is much faster than to search.
    begin = small.find(wanted)
    while begin >= 0:
        if found := whole.match(said, begin):
            kept += [said[end:begin], _GAP]
            end = found.end()
        begin = small.find(wanted, max(end, begin + 1))
    return "".join([*kept, said[end:]])


@cache
def _whole(text: str) -> re.Pattern[str]:
    # Not inside a word: a typed "you" must not hide a "your".
    begin, words = r"(?<!\w)", re.escape(text.rstrip("."))
    # A sentence may stand without its stop, but must not go on.
    end = r"(?!\w)" if text[-1] not in ".?!" else r"(?!\w)(?:\.|(?! ?(?-i:[a-z0-9])))"
    return re.compile(begin + words + end, re.IGNORECASE)


def _texts(value: Any) -> list[str]:
    """Return all texts and numbers of a document, those inside lists and objects too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [f"{value:g}"]
    inside = value.values() if isinstance(value, dict) else value
    return [one for part in inside for one in _texts(part)] if isinstance(inside, Iterable) else []


def _parts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object of a document that is about a rule or a claim."""
    if isinstance(value, dict):
        if "rule" in value or "claim" in value:
            yield value
        for one in value.values():
            yield from _parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one)


def _held(document: Document) -> Iterator[str]:
    """Yield the words that the report holds for this patient."""
    for of in (document, *document["assessments"]):
        for key in _HELD:
            for one in of.get(key, ()):
                yield from (one[name] for name in _SPOKEN if one.get(name))
                # What is asked of several things is asked once.
                yield from (one["ask"].partition(": ")[2:] if one.get("ask") else ())
                if one.get("basis_in_words"):
                    yield one["basis_in_words"]
    asked = document.get("to_ask", ())
    for one in (*document["unrecognised"], *asked, document["next_question"] or {}):
        yield from (one[name] for name in ("question", "short", "reason", "why") if one.get(name))
    for one in _objects(document.get("summary") or {}):
        yield from (one[name] for name in (*_SPOKEN, "verdict", "told") if one.get(name))
    yield document["headline"]
    found = document.get("evidence", ())
    yield from (one["identifier"].removeprefix("title ") for one in found)
    yield from _typed(document)


def _typed(document: Document) -> Iterator[str]:
    """Yield what the patient typed, as far as a report repeats it."""
    for one in _objects(document):
        if {"field", "text"} <= one.keys() and one["text"]:
            yield one["text"]
    for one in document["assessments"]:
        yield one["name"]
        yield from one.get("products", ())
    yield from (one["text"] for one in document.get("denied", ()))
    yield from (*document.get("signs", ()), *document.get("watched", ()))


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)


def _wanted(document: Document) -> Iterator[tuple[str, str]]:
    """Yield all words that the layers together must say, and what they are."""
    for of in (document, *document["assessments"]):
        for key in _HELD:
            for one in of.get(key, ()):
                name = one.get("rule", one.get("claim"))
                for part in ("message", "action", "question", "basis_in_words"):
                    # Reasoning, and numbers of a source, stand in the document and the rule book.
                    if part == "basis_in_words" and one.get("basis") in ("stated", "inferred"):
                        continue
                    if one.get(part):
                        yield f"{part} of {name}", _asked(document, one, part)
                for side in one.get("other_side", ()):
                    yield f"a rule against {name}", side["title"]
                for because in one.get("because", ()):
                    yield from ((f"an entry behind {name}", text) for text in _because(because))
    for one in document["unrecognised"]:
        yield from (("what is to be cleared up", words) for words in _because(one))
        yield from (("what is to be cleared up", one[key]) for key in ("question", "reason"))
        yield from (("a suggestion", name) for name in one["suggestions"])
    for one in document.get("not_looked_at", ()):
        yield from (("an entry not looked at", text) for text in _because(one))
    if document["next_question"]:
        yield "the next question", document["next_question"]["question"]
    yield "the version", document["ruleset"]["version"]


def _asked(document: Document, one: Mapping[str, Any], part: str) -> str:
    """Return the words of a part; of a question that its field asks already, what it is about."""
    fields = one.get("fields", ())
    # It stands under the first field that could settle it.
    first: Document = next((of for of in document.get("to_ask", ()) if of["field"] in fields), {})
    whole = part == "question" and first.get("whole")
    return str(one.get("title") or one[part]) if whole else str(one[part])


def _because(one: Mapping[str, Any]) -> Iterator[str]:
    """Yield the entry of the profile that something rests on, as it was given."""
    value = one.get("value")
    numbers = value if isinstance(value, list) else [value]
    if one.get("text"):
        yield one["text"]
    elif one.get("code"):
        yield one["code"]["code"]
    for number in numbers:
        if isinstance(number, int | float) and not isinstance(number, bool):
            yield f"{number:g}"


def _cited(told: str) -> Iterator[tuple[str, int]]:
    """Yield each passage that is cited as A61-62, 81."""
    for key, numbers in _CITED.findall(told):
        for one in numbers.split(","):
            first, _, last = one.strip().partition("-")
            yield from ((key, number) for number in range(int(first), int(last or first) + 1))
