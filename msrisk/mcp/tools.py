"""Defines the tools of the Model Context Protocol, and answers each in words.

Each answer is text that stands alone: a program that reads only lists would take an empty one
for an all-clear.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

from attrs import frozen

from msrisk import api
from msrisk.documents import profile_from_document, schema_of
from msrisk.errors import ConceptError, IntakeError, MsriskError, Problem
from msrisk.model.rules import RuleSet
from msrisk.recognition.profile import KINDS
from msrisk.rendering.recognition_words import recognition_lines, recognition_status
from msrisk.rendering.rule_words import Line, rule_lines
from msrisk.rendering.words import REVIEWED, clean, entry, short_digest

__all__ = ["FAULT", "TOOLS", "TOO_LONG", "Tool", "answer", "refused"]

FAULT: Final = "msrisk has a fault. Nothing was checked: any risk may be there."
"""What is answered where msrisk itself fails."""

TOO_LONG: Final = (
    "It took too long, or too much was asked at once. Nothing was checked: any risk may be there. "
    "Ask again with fewer entries, or later."
)
"""What is answered where no answer was made in time."""

_NOT_CHECKED: Final = "Nothing was checked: any risk may be there."
_CLEARS_NOTHING: Final = (
    "That a name is known, or that no rule speaks of it, says nothing of what may come of taking "
    "it: the tool `assess` tells what the rules say of a patient."
)
_NO_ADVICE: Final = (
    "This is what sources say, and not whether it fits a patient: the tool `assess` tells that. "
    "A doctor or pharmacist has to be asked in any case."
)
_ALIKE: Final = 0.6

Arguments = Mapping[str, object]


@frozen
class Tool:
    """A tool.

    Attributes:
        name: by which it is called.
        title: its name for people.
        description: when to use it, and how, for the program that calls it.
        schema: the JSON Schema of its arguments.
        answer: makes the answer.

    """

    name: str
    title: str
    description: str
    schema: dict[str, object]
    answer: Callable[[Arguments, RuleSet], str]


def answer(name: str, arguments: Arguments, ruleset: RuleSet) -> str:
    """Return what a tool answers.

    Raises:
        MsriskError: with everything that is wrong with the arguments, or why the rules must not
            answer; never with a patient's values.

    """
    for tool in TOOLS:
        if tool.name == name:
            return tool.answer(arguments, api.rules_to_use(ruleset, None))
    expected = f"one of {', '.join(tool.name for tool in TOOLS)}"
    raise ConceptError([Problem("tool", expected, "another")])


def refused(error: MsriskError) -> str:
    """Return why a tool did not answer, and that this is no answer."""
    return "\n".join([_NOT_CHECKED, *(f"- {clean(str(one))}" for one in error.problems)])


def _assess(arguments: Arguments, ruleset: RuleSet) -> str:
    report = api.assess(profile_from_document(dict(arguments)), ruleset=ruleset)
    screen = report.render("text", "screen").rstrip("\n")
    rules = dict.fromkeys(
        rule for one in report.summary.substances for point in one.points for rule in point.rules
    )
    named = f"Rules that `explain` tells more of: {', '.join(rules)}.\n" if rules else ""
    return f"{screen}\n\n{named}Show the text above as it is, with its caveat (*).\n"


def _recognise(arguments: Arguments, ruleset: RuleSet) -> str:
    kind, text = _texts(arguments, ("kind", "text"))
    if kind not in KINDS:
        raise IntakeError([Problem("kind", f"one of {', '.join(KINDS)}", "another")])
    found = api.recognise(text, kind, ruleset=ruleset)
    head = f"{entry(text, None)} as a {kind}: {recognition_status(found)}"
    lines = [head, *_written(recognition_lines(found))]
    if found.status != "recognised":
        lines.append("Left open: what the entry is. Ask; do not guess, and do not choose yourself.")
    return "\n".join([*lines, _CLEARS_NOTHING, _which(ruleset)])


def _explain(arguments: Arguments, ruleset: RuleSet) -> str:
    (id_,) = _texts(arguments, ("rule",))
    for rule in ruleset.rules:
        if rule.id == id_:
            lines = [rule.id, *_written(rule_lines(rule, ruleset))]
            return "\n".join([*lines, _NO_ADVICE, _which(ruleset)])
    ids = [rule.id for rule in ruleset.rules]
    near = difflib.get_close_matches(id_.casefold(), ids, n=5, cutoff=_ALIKE) or ids
    expected = f"the id of a rule, such as {', '.join(near)}"
    raise ConceptError([Problem("rule", expected, "another")])


def _texts(arguments: Arguments, names: tuple[str, ...]) -> list[str]:
    """Return the arguments of these names, which are texts, and the only ones."""
    problems = [
        Problem(name, "text that is not blank", "something else, or none")
        for name in names
        if not isinstance(arguments.get(name), str) or not str(arguments[name]).strip()
    ]
    if arguments.keys() - set(names):
        problems.append(Problem("arguments", f"only {' and '.join(names)}", "others"))
    if problems:
        raise IntakeError(problems)
    return [cast("str", arguments[name]) for name in names]


def _written(lines: Iterable[Line]) -> list[str]:
    return [f"- {label}: {clean(text)}" for label, text in lines]


def _which(ruleset: RuleSet) -> str:
    reviewed = REVIEWED[ruleset.clinically_reviewed]
    return f"Rules {ruleset.version}, {short_digest(ruleset.digest)}. {reviewed}"


def _object(**properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TOOLS: Final = (
    Tool(
        "assess",
        "Assess a patient",
        "Tells what source texts warn about before a person with multiple sclerosis takes a "
        "supplement (alpha lipoic acid, glutathione precursors such as NAC, and what else the "
        "rules cover), given what is known of the person. The arguments are an intake document, "
        "in the person's own words. Leave out what nobody was asked: it stays open, and the "
        "answer says what to ask next. Write “none” only where the person said that there is "
        "none, and “unknown” where they do not know. Never guess, and never repair a name. The "
        "answer is to be shown as it is; none says that there is no risk.",
        schema_of("intake"),
        _assess,
    ),
    Tool(
        "recognise",
        "Recognise an entry",
        "Tells what a name or phrase is taken for, such as “Synthroid 50 mcg” among the "
        "medicines, and what is left open. Names that look alike are for a person to confirm.",
        _object(
            kind={"enum": list(KINDS), "description": "In which list it stands."},
            text={"type": "string", "description": "The entry as the person wrote it."},
        ),
        _recognise,
    ),
    Tool(
        "explain",
        "Explain a rule",
        "Tells all of a rule: when it applies, what it says, and from which sentences of which "
        "source. Its id stands below the answer of `assess`; for an id that is none, those that "
        "there are are told.",
        _object(rule={"type": "string", "description": "The id, such as ala-thyroid-medication."}),
        _explain,
    ),
)
"""The tools, in the order in which they are listed."""
