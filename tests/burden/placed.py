"""Whether each statement of a report stands beside the passages that it cites, and with its like.

Plain text names no rule by its id. So that nothing is lost there, each statement is looked for
by its words, and has to have its own passages behind it: a finding, silence, caveat or claim by
its message; an open rule by what it is about, under the question of its field and under its level;
a rule against a claim by what it is about, in the heading over the claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

__all__ = ["unkeyed", "unplaced"]

Document = Mapping[str, Any]
_Passages = set[tuple[str, int]]

_CITED: Final = re.compile(r"\b([A-Z])(\d+(?:-\d+)?(?:, ?\d+(?:-\d+)?)*|(?= whole\b))")
_WHOLE: Final = 0
_LEVEL: Final = "(?:URGENT|CONTRAINDICATED|CAUTION|UNDETERMINED|INFORM)"
_NAMED: Final = r"[^\[\]]+\[[^\]]*\]"
_LEVELS: Final = re.compile(rf"\b({_LEVEL}(?: or {_LEVEL})*): ({_NAMED}(?:; {_NAMED})*)\.")
_SAID: Final = ("findings", "silences", "caveats", "claims")
_ALL: Final = (*_SAID, "open_questions")


def unkeyed(said: str, document: Document) -> list[str]:
    """Return the ids of rules and claims that are not said."""
    ids = {one.get("rule") or one["claim"] for _, one in _each(document, _ALL)}
    ids.update(side["rule"] for _, one in _each(document, ["claims"]) for side in one["other_side"])
    return sorted(ids - set(re.findall(r"[\w-]+", said)))


def unplaced(said: str, document: Document) -> list[str]:
    """Return the statements that do not stand where they belong, with the passages they cite."""
    told = _words(said)
    problems = [
        f"{kind}: “{one['message']}”"
        for kind, one in _each(document, _SAID)
        if not _stands(told, one, _passages(one, document))
    ]
    said_rules = {one["rule"] for kind, one in _each(document, _ALL) if kind != "claims"}
    for _, claim in _each(document, ["claims"]):
        problems += _against(told, claim, said_rules, document)
    asked = _asked(told, document)
    for _, one in _each(document, ["open_questions"]):
        field = next(of["field"] for of in document["to_ask"] if of["field"] in one["fields"])
        if not _is_open(asked.get(field, ""), one, _passages(one, document)):
            problems.append(f"open: “{one['title']}” at {one['level']}, by {field}")
    return list(dict.fromkeys(problems))


def _words(text: str) -> str:
    return " ".join(text.split())


def _each(document: Document, kinds: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for of in (document, *document["assessments"]):
        for kind in kinds:
            yield from ((kind, one) for one in of.get(kind, ()))


def _passages(one: Mapping[str, Any], document: Document) -> _Passages:
    """Return what a statement cites; of a whole text or item of evidence, that it is whole."""
    sources = {of["id"]: of for of in document["sources"]}
    found: _Passages = set()
    for citation in one["citations"]:
        of = sources[citation["source"]]
        if of["evidence"]:
            found.add((of["key"][0], int(of["key"][1:])))
        else:
            found.update((of["key"], each) for each in citation["passages"] or [_WHOLE])
    return found


def _in_brackets(text: str) -> _Passages:
    """Return the passages that a bracket tells, without what stands beside the statement."""
    found: _Passages = set()
    for key, numbers in _CITED.findall(text.partition(";")[0]):
        for one in numbers.split(", ") if numbers else [str(_WHOLE)]:
            first, _, last = one.partition("-")
            end = int(last or first)
            # Items of evidence have the last two figures of the last one: E099-101 is E099-01.
            end += 100 * (int(first) // 100) if len(last) < len(first) else 0
            found.update((key, number) for number in range(int(first), end + 1))
    return found


def _stands(told: str, one: Mapping[str, Any], wanted: _Passages) -> bool:
    """Return whether a bracket with all the passages follows the words, and an order of theirs."""
    message, action = (_words(one.get(key) or "") for key in ("message", "action"))
    return any(
        _in_brackets(of) >= wanted
        for words in (message, f"{message} {action}")
        for of in _behind(told, words)
    )


def _behind(told: str, words: str) -> Iterator[str]:
    """Yield what the bracket holds that follows the words, wherever they stand."""
    begin = told.find(wanted := f"{words} [")
    while begin >= 0:
        begin += len(wanted)
        yield told[begin : told.find("]", begin)]
        begin = told.find(wanted, begin)


def _against(
    told: str, claim: Mapping[str, Any], said: set[str], document: Document
) -> Iterator[str]:
    """Yield the rules that the heading over a claim does not name on their side.

    What a rule cites that is said nowhere else stands behind it in the first of such headings.
    """
    at = told.find(_words(claim["message"]))
    heading = told[told.rfind("Claims ", 0, max(at, 0)) : at]
    disputing, _, limiting = heading.partition("limited by ")
    for side in claim["other_side"]:
        named = rf"(?<![\w-]){re.escape(_words(side['title']))}(?![\w-])"
        where = disputing if side["rule"] in claim["disputed_by"] else limiting
        cited = side["rule"] in said or any(
            _in_brackets(of) >= _passages(side, document) for of in _behind(told, side["title"])
        )
        if not cited or not re.search(named, where):
            yield f"against “{claim['message']}”: “{side['title']}”"


def _asked(told: str, document: Document) -> dict[str, str]:
    """Return the words behind the question of each field, up to the question of the next."""
    begin = told.find("To be asked, and what the answer could bring")
    places = {one["field"]: told.find(_words(one["question"]), begin) for one in document["to_ask"]}
    ends = sorted([*places.values(), len(told)])
    return {
        field: told[place : next(end for end in ends if end > place)]
        for field, place in places.items()
        if place >= 0
    }


def _is_open(asked: str, one: Mapping[str, Any], wanted: _Passages) -> bool:
    """Return whether a rule is named at its level, with its passages."""
    title = re.compile(rf"(?<![\w-]){re.escape(one['title'])}(?:, [^\[\]]*)? \[([^\]]*)\]")
    return any(
        _in_brackets(of[1]) >= wanted
        for levels, those in _LEVELS.findall(asked)
        if one["level"].upper() in levels.split(" or ")
        for of in title.finditer(those)
    )
