"""Makes the parts of the intake page: a question, the answers so far, entries, the report."""

from __future__ import annotations

import json
from typing import Final

from markupsafe import Markup

from msrisk import api
from msrisk.asking import Answer, Answered, Kind, Names, Question, Said, asked_in, question_of
from msrisk.asking.echo import understood
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.kinds import Screen
from msrisk.model.quantities import number_text
from msrisk.model.results import Level
from msrisk.model.rules import RuleSet
from msrisk.recognition.profile import KINDS
from msrisk.rendering.html import sections
from msrisk.rendering.words import capitalised, short_digest
from msrisk.web.page_scale import HEIGHT, WIDTH, bars
from msrisk.web.page_state import State
from msrisk.web.page_words import Words

__all__ = ["answered", "question_part", "report_parts", "shown_names", "unsent"]

Context = dict[str, object]

_KINDS: Final = {field: kind for kind, field in KINDS.items()}
_LONGEST: Final = 200
_EXAMPLES: Final = {
    "age_years": ("52", "50", "55"),
    "weight_kg": ("70", "68", "72"),
    "daily_dose_mg": ("600", "300", "600"),
    "times_per_day": ("2", "1", "2"),
}


def question_part(question: Question, t: Words) -> Context:
    """Return what the page shows of a question."""
    part = question.part or question.field
    wording = question.wording
    if question.text:
        wording = wording.replace(question.text, _begun(question.text))
    # The question itself is the heading; what is said with it stands below.
    asked, mark, besides = wording.partition("? ")
    made: Context = {
        "key": json.dumps(question.key),
        "kind": question.kind.name.lower(),
        "field": question.field,
        "wording": wording,
        "asked": f"{asked}?" if mark else asked,
        "besides": besides,
        # Why an entry is not understood is in the words of the rules, too.
        "reason": capitalised(question.why) if question.kind is Kind.WHICH else "",
        "why": _why(question, t),
        "emergency": question.emergency,
        "text": question.text,
        "suggestions": question.suggestions,
        "typed": "",
    }
    if question.kind is Kind.NUMBER:
        example, low, high = _EXAMPLES[part]
        made["unit"] = t(f"unit_{part}")
        made["hint"] = t("number_hint", example=example, low=low, high=high)
    elif question.kind is Kind.NAMES:
        own = "_supplements" if question.field == "supplements" else ""
        made["hint"] = t(f"names_hint{own}")
    return made


def _begun(text: str) -> str:
    """Return how an entry begins: a letter that was pasted is no heading to be read aloud."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"


def _why(question: Question, t: Words) -> str:
    if question.emergency:
        return t("why_emergency")
    if question.kind is Kind.WHICH:
        return t("why_unclear")
    if question.field == "supplements" and question.kind is Kind.NAMES:
        return t("why_list")
    if question.worst is Level.UNDETERMINED and question.kind is Kind.BY_NAME:
        return t("why_silence")
    return f"{t('why_worst')} {t(f'level_{question.worst.value}')}"


def _label(question: Question, t: Words) -> str:
    """Return what a question is about, in few words."""
    if question.named:
        return capitalised(question.named[0].name)
    if question.part:
        return f"{t(f'part_{question.part}')}: “{_begun(question.text)}”"
    if question.kind is Kind.WHICH:
        return f"“{_begun(question.text)}”"
    return t(f"field_{question.field}")


def answered(state: State, ruleset: RuleSet, t: Words, *, now: bool) -> Context:
    """Return what the page shows of the answers so far, and of where the answer stands.

    With an emergency `now` it stands at the highest level, as the words do, also before a
    supplement is named: until then the report has no finding to take a level from.
    """
    found: Context = {"emergency": _emergency(ruleset), "rules": _named(ruleset)}
    if ruleset.withdrawn is not None:
        return found | {"answers": [], "began": False, "scale": None}
    report = api.assess(state.form.profile, ruleset=ruleset)
    level, worst = (Level.URGENT,) * 2 if now else (report.level, report.worst_case)
    scale = {
        "bars": bars(level, worst),
        "width": WIDTH,
        "height": HEIGHT,
        "level": level.value,
        "worst": worst.value,
    }
    began = state.form.start != type(state.form.start)()
    answers = state.form.answers
    righted = {(a.question.field, a.question.text) for a in answers if isinstance(a.answer, str)}
    rows = [_row(place, one, righted, ruleset, t) for place, one in enumerate(answers)]
    return found | {"answers": rows, "began": began, "scale": scale}


def _named(ruleset: RuleSet) -> Context:
    digest = short_digest(ruleset.digest)
    return {"version": f"{ruleset.version}, {digest}", "reviewed": ruleset.clinically_reviewed}


def _emergency(ruleset: RuleSet) -> str:
    """Return when to call for help, in the words of the rules; empty if they do not say it."""
    found = (one.effect for one in ruleset.rules if one.screen is Screen.EMERGENCY)
    return capitalised(next(found, ""))


def unsent(state: State, ruleset: RuleSet, t: Words) -> list[Context]:
    """Return what was typed and not sent: for which question, and the words."""
    made = [(question_of(one.key, ruleset), one.text) for one in state.drafts]
    return [
        {"place": place, "label": _label(one, t), "english": bool(one.named), "text": text}
        for place, (one, text) in enumerate(made)
        if text
    ]


def _row(
    place: int, one: Answered, righted: set[tuple[str, str]], ruleset: RuleSet, t: Words
) -> Context:
    question, answer = one.question, one.answer
    entries = shown_names(question.field, _names(answer), ruleset)
    for entry in entries:
        entry["asked"] = "righted" if (question.field, entry["text"]) in righted else "open"
    english = bool(question.named)
    return {
        "place": place,
        "label": _label(question, t),
        "english": english,
        "said": _said(question, answer, t),
        "entries": entries,
    }


def _names(answer: Answer) -> tuple[str, ...]:
    if isinstance(answer, Names):
        return answer.names
    return (answer,) if isinstance(answer, str) else ()


def _said(question: Question, answer: Answer, t: Words) -> str:
    match answer:
        case Said():
            return t(f"said_{answer.value}")
        case Names():
            return t("list_complete" if answer.complete else "list_open")
        case bool():
            return t("yes" if answer else "no")
        case str():
            return ""
    low, high = answer if isinstance(answer, tuple) else (answer, answer)
    number = number_text(low) if low == high else f"{number_text(low)} – {number_text(high)}"
    return f"{number} {t(f'unit_{question.part or question.field}')}"


def shown_names(field: str, names: tuple[str, ...], ruleset: RuleSet) -> list[Context]:
    """Return each name of a list with what is certain of it, in words; empty if nothing is."""
    return [{"text": name, "asked": ""} | _understood(field, name, ruleset) for name in names]


def _understood(field: str, name: str, ruleset: RuleSet) -> Context:
    found = api.recognise(name, _KINDS[field], ruleset=ruleset)
    if found.says is False:
        return {"status": "nothing", "words": ""}
    if found.status == "recognised":
        return {"status": "recognised", "words": understood(found, ruleset)}
    # What is certain counts already, whatever else is meant.
    names = hierarchy_of(ruleset).names
    return {"status": found.status, "words": " + ".join(names[id_] for id_ in sorted(found.named))}


def report_parts(state: State, ruleset: RuleSet, part: str) -> Context:
    """Return the report in its layers, already HTML in which everything is escaped."""
    report = asked_in(api.assess(state.form.profile, ruleset=ruleset), state.form, ruleset)
    # `sections` escapes all that was typed, as for every other page.
    first, *rest = (Markup(one) for one in sections(report, part))  # noqa: S704
    return {"first": first, "rest": rest}
