"""Makes the answers of the JSON API: each says what was not checked, and which rules answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msrisk import api
from msrisk.errors import IntakeError, Problem, ProfileError
from msrisk.fhir import Became, Import, read_bundle
from msrisk.fhir.systems import ruleset_told
from msrisk.model.checks import kind_of
from msrisk.model.concepts import ANYTHING
from msrisk.model.profile import Code, Entry, PatientProfile
from msrisk.model.results import Report
from msrisk.model.rules import Rule, RuleSet
from msrisk.recognition.profile import KINDS
from msrisk.rendering import words
from msrisk.rendering.rule_words import rule_lines

__all__ = [
    "Json",
    "assessed",
    "assessed_record",
    "next_asked",
    "recognised",
    "rule_told",
    "rules_told",
]

Json = dict[str, object]


def _answer(report: Report, ruleset: RuleSet, unread: Iterable[Json] = ()) -> Json:
    """Return what every answer on a patient has."""
    open_ = bool(report.to_ask or report.unrecognised)
    covered = all(one.covered for one in report.assessments) and bool(report.assessments)
    return {
        "complete": covered and not open_,
        "not_checked": [*_not_checked(report), *unread],
        "ruleset": ruleset_told(ruleset),
    }


def _not_checked(report: Report) -> Iterator[Json]:
    """Yield what was not checked, and why; never nothing, since no text says everything."""
    scope = report.summary.caveat
    yield {"what": "what the texts do not say", "why": scope.message}
    if not report.assessments:
        yield {"what": "supplements", "why": "none was named, so none was assessed"}
    for one in report.assessments:
        if not one.covered:
            yield {"what": words.title(one), "why": "the rules do not cover it"}
    for entry in report.unrecognised:
        yield {"what": f"an entry among the {words.field_name(entry.field)}", "why": entry.reason}
    for ask in report.to_ask:
        yield {"what": words.field_name(ask.field), "why": f"not known: {ask.question}"}


def assessed(profile: PatientProfile, ruleset: RuleSet, unread: Iterable[Json] = ()) -> Json:
    """Return the report on a patient; `unread` is what could not be read besides."""
    report = api.assess(profile, ruleset=ruleset)
    return {
        **_answer(report, ruleset, unread),
        "screen": report.render("text", "screen"),
        "report": report.to_dict(),
    }


def assessed_record(bundle: object, on: date, patient: str | None, ruleset: RuleSet) -> Json:
    """Return the report on the patient of a bundle, and the account of its entries."""
    read = read_bundle(bundle, on=on, patient=patient, ruleset=ruleset)
    return {
        **assessed(read.profile, ruleset, _not_read(read)),
        "on": on.isoformat(),
        "account": [line.to_dict() for line in read.account],
    }


def _not_read(read: Import) -> Iterator[Json]:
    """Yield what of a record was not read, and why, each once; the account says where."""
    kinds = (Became.NOT_READ, Became.LEFT_OUT)
    lines = [one for one in read.account if one.became in kinds]
    told = ("an entry of the record" if one.resource else "the record" for one in lines)
    for what, why in dict.fromkeys(zip(told, ("; ".join(one.why) for one in lines), strict=True)):
        yield {"what": what, "why": why}


def next_asked(profile: PatientProfile, ruleset: RuleSet) -> Json:
    """Return the best question that is still open, and how many fields leave something open."""
    report = api.assess(profile, ruleset=ruleset)
    ask = report.next_question
    question = ask and {"field": ask.field, "question": ask.question, "why": ask.why}
    return {
        **_answer(report, ruleset),
        "level": report.level.value,
        "worst_case": report.worst_case.value,
        "question": question,
        "open": len(report.to_ask),
    }


def recognised(given: Json, ruleset: RuleSet, wrong: Iterable[Problem] = ()) -> Json:
    """Return what an entry is taken for.

    Args:
        given: kind, text and codes.
        ruleset: the rules.
        wrong: what is wrong with the request besides.

    Raises:
        IntakeError: with every problem of the request.

    """
    kind, text, codes = given.get("kind"), given.get("text"), given.get("codes", [])
    problems = list(wrong)
    if not isinstance(kind, str) or kind not in KINDS:
        problems.append(Problem("kind", f"one of {', '.join(sorted(KINDS))}", kind_of(kind)))
    if not isinstance(codes, list) or not all(_is_code(one) for one in codes):
        problems.append(Problem("codes", "a list of objects with system and code, each text"))
        codes = []
    if text is not None and not isinstance(text, str):
        problems.append(Problem("text", "text", kind_of(text)))
        text = None
    elif text is None and not codes:
        problems.append(Problem("text", "text, codes, or both", "neither"))
    entry = Entry("-")
    if text is not None or codes:
        try:
            entry = Entry(text, tuple(Code(one["system"], one["code"]) for one in codes))
        except ProfileError as error:
            problems += error.problems
    if problems:
        raise IntakeError(problems)
    found = api.recognise(entry, str(kind), ruleset=ruleset)
    complete = found.status == "recognised"
    possible = "anything" if found.possible is ANYTHING else sorted(found.possible)
    why = "it is not certain what the entry is" if not complete else ""
    scope = "that a name is known says nothing of what may come of taking it"
    return {
        "complete": complete,
        "not_checked": [
            {"what": "whether it can be taken", "why": scope},
            *([{"what": "the entry", "why": why}] if why else []),
        ],
        "ruleset": ruleset_told(ruleset),
        "status": found.status,
        "name": found.name,
        "concepts": sorted(found.concepts),
        "possible": possible,
        "suggestions": list(found.suggestions),
    }


def _is_code(value: object) -> bool:
    keys = ("system", "code")
    return (
        isinstance(value, dict)
        and value.keys() == set(keys)
        and all(isinstance(value[key], str) for key in keys)
    )


def rules_told(ruleset: RuleSet) -> Json:
    """Return every rule in a line, and which rule set they are of."""
    rules = [_in_a_line(rule) for rule in ruleset.rules]
    return {"ruleset": ruleset_told(ruleset), "rules": rules}


def _in_a_line(rule: Rule) -> Json:
    return {"id": rule.id, "kind": rule.kind.value, "title": rule.title}


def rule_told(id_: str, ruleset: RuleSet) -> Json:
    """Return all of a rule, in labelled lines.

    Raises:
        ConceptError: if there is none of this id.

    """
    rule = ruleset.rule(id_)
    lines = [{"label": label, "text": text} for label, text in rule_lines(rule, ruleset)]
    return {**_in_a_line(rule), "ruleset": ruleset_told(ruleset), "lines": lines}
