"""Makes the cards of an answer: at most two, each true alone, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from msrisk.cds_hooks.marks import Kind, Mark, uuid_of
from msrisk.cds_hooks.reasons import override_reasons
from msrisk.cds_hooks.services import Json
from msrisk.cds_hooks.summaries import about_more, about_product, fitted, name_of, not_checked
from msrisk.fhir import detected_issues
from msrisk.fhir.systems import ruleset_told
from msrisk.fhir.texts import standing_of
from msrisk.model.levels import Level, highest, rank
from msrisk.model.results import Assessment, Finding, Report
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth
from msrisk.rendering import words
from msrisk.rendering.markdown import section_markdown
from msrisk.rendering.shape import Point, Section

__all__ = ["Answer", "cards_of", "source_of", "unchecked_card"]

_INDICATORS: Final = {
    Level.URGENT: "critical",
    Level.CONTRAINDICATED: "critical",
    Level.CAUTION: "warning",
    Level.UNDETERMINED: "warning",
    Level.INFORM: "info",
    Level.NO_FINDING: "info",
}
_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_UNSURE: Final = (
    "It is not certain that this person has MS: the record neither says so nor rules it out. "
    "Everything here is about people with MS."
)


@frozen
class Answer:
    """What there is to say to one request.

    Attributes:
        report: on the patient, with the orders.
        ms: whether the patient has MS.
        unread: the parts that were not read, in a few words, and why.
        failed: those of them that were not just left out.
        orders: the reference of each order, with the products that it names.
        patient: the id of the patient, as it was sent.
        was_read: what became of each order, in a line.
        on: the day as of which the record was read.
        repeated: whether an earlier moment of work may have shown the same.
        instance: tells the calls apart.

    """

    report: Report
    ms: Truth
    unread: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]
    orders: tuple[tuple[str, frozenset[str]], ...]
    patient: str | None
    was_read: tuple[str, ...]
    on: str
    repeated: bool
    instance: str


def cards_of(answer: Answer, products: Sequence[Assessment], ruleset: RuleSet) -> list[Json]:
    """Return the cards: on the gravest product, and on what else there is.

    Args:
        answer: what there is to say.
        products: the products to speak of; of none, that no check could be made.
        ruleset: which rules answered.

    """
    detail = f"{answer.report.render('markdown', 'screen')}{''.join(_below(answer))}"
    if not products:
        unread = list(dict.fromkeys(part for part, _ in answer.unread))
        mark = Mark(Kind.NOT_CHECKED)
        return [_card(answer, ruleset, not_checked(unread), None, mark, detail=detail)]
    asked = frozenset[str]().union(*(names for _, names in answer.orders))
    first, *others = sorted(
        products,
        key=lambda one: (-rank(one.level), -rank(one.worst_case), _key(one) not in asked),
    )
    points = next((s.points for s in answer.report.summary.substances if s.name == first.name), ())
    gravest = _gravest(first.findings)
    summary = about_product(first, points)
    mark = Mark(Kind.FINDING, gravest)
    card = _card(answer, ruleset, summary, first.level, mark, detail=detail)
    suggestions = [
        *_removal(answer, first, ruleset, gravest),
        *_record(answer, first, ruleset, gravest),
    ]
    if suggestions:
        card |= {"suggestions": suggestions, "selectionBehavior": "any"}
    cards = [card]
    told = points[0].rules if points else gravest[:1]
    more = [one for one in first.findings if one.rule not in told]
    if all(rank(one.level) < rank(Level.CAUTION) for one in more):
        more = []
    if others or more or answer.failed:
        summary = about_more(first, others, more, answer.failed)
        levels = [*(one.level for one in others), *(one.level for one in more)]
        level = highest(levels) if levels else None
        found = _gravest([f for one in (*others, first) for f in one.findings])
        mark = Mark(Kind.MORE, tuple(one for one in found if one not in told))
        cards.append(_card(answer, ruleset, summary, level, mark, detail=detail))
    return cards


def _key(one: Assessment) -> str:
    return one.substance or one.name


def _gravest(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the rules of findings, the gravest first."""
    ordered = sorted(findings, key=lambda one: -rank(one.level))
    return tuple(dict.fromkeys(one.rule for one in ordered))


def _card(
    answer: Answer, ruleset: RuleSet, summary: str, level: Level | None, mark: Mark, *, detail: str
) -> Json:
    """Return a card; without a level, one that says that no check could be made."""
    return {
        "uuid": uuid_of(mark, ruleset, answer.instance),
        "summary": summary,
        "detail": detail,
        "indicator": "warning" if level is None else _INDICATORS[level],
        "source": source_of(ruleset),
        "overrideReasons": override_reasons(level),
        "extension": {
            "org.msrisk.ruleset": ruleset_told(ruleset),
            **({} if level is None else {"org.msrisk.level": level.value}),
        },
    }


def _below(answer: Answer) -> Iterator[str]:
    """Yield what stands below the first screen: what was not read, and how the orders were."""
    notes = [_UNSURE] if answer.ms is Truth.UNKNOWN else []
    if answer.unread:
        points = [Point(f"{words.capitalised(part)}: {why}.") for part, why in answer.unread]
        yield _section("NOT READ, SO NOT CHECKED", points=points)
    if answer.was_read:
        yield _section("HOW THE ORDERS WERE READ", points=[Point(one) for one in answer.was_read])
    notes.append(f"The record was read as of {answer.on}.")
    if answer.repeated:
        notes.append("It may have been shown before, and is shown again while it holds.")
    yield _section("", notes=notes)


def _section(title: str, *, points: Sequence[Point] = (), notes: Sequence[str] = ()) -> str:
    return section_markdown(Section(title, points=tuple(points), notes=tuple(notes)), 2)


def _removal(
    answer: Answer, one: Assessment, ruleset: RuleSet, rules: tuple[str, ...]
) -> Iterator[Json]:
    """Yield the suggestion to remove the orders of what is not to be taken."""
    orders = [reference for reference, names in answer.orders if _key(one) in names]
    if orders and rank(one.level) >= rank(Level.CONTRAINDICATED):
        label = f"Remove the order of {name_of(one)}"
        actions: list[Json] = [{"type": "delete", "resourceId": reference} for reference in orders]
        yield _suggestion(answer, ruleset, Mark(Kind.REMOVE_ORDER, rules), label, actions)


def _record(
    answer: Answer, one: Assessment, ruleset: RuleSet, rules: tuple[str, ...]
) -> Iterator[Json]:
    """Yield the suggestion to write the gravest warning into the record, if it is one."""
    if rank(one.level) >= rank(Level.CAUTION):
        whose = answer.patient if answer.patient and _ID.fullmatch(answer.patient) else None
        subject = f"Patient/{whose}" if whose else None
        issue = detected_issues(answer.report, patient=subject, rule=rules[0])[0]
        label = f"Write the warning on {name_of(one)} into the record"
        actions: list[Json] = [{"type": "create", "resource": issue}]
        yield _suggestion(answer, ruleset, Mark(Kind.RECORD_ISSUE, rules), label, actions)


def _suggestion(
    answer: Answer, ruleset: RuleSet, mark: Mark, label: str, actions: Sequence[Json]
) -> Json:
    said = words.clean(label)
    return {
        "label": said,
        "uuid": uuid_of(mark, ruleset, answer.instance),
        "actions": [{**one, "description": said} for one in actions],
    }


def unchecked_card(ruleset: RuleSet, why: str, more: str, instance: str) -> Json:
    """Return the card that says that nothing was checked, and why."""
    return {
        "uuid": uuid_of(Mark(Kind.NOT_CHECKED), ruleset, instance),
        "summary": fitted(f"msrisk DID NOT CHECK for supplements in MS: {why}"),
        "detail": section_markdown(
            Section(
                "NOTHING WAS CHECKED: any risk may be there.",
                notes=(f"{words.capitalised(why)}. {more}".rstrip(), standing_of(ruleset)),
            )
        ),
        "indicator": "warning",
        "source": source_of(ruleset),
        "overrideReasons": override_reasons(None),
        "extension": {"org.msrisk.ruleset": ruleset_told(ruleset)},
    }


def source_of(ruleset: RuleSet) -> Json:
    """Return the source of a card: which rules spoke, and who reviewed them."""
    reviewed = words.REVIEWED[ruleset.clinically_reviewed].rstrip(".")
    digest = words.short_digest(ruleset.digest)
    return {"label": f"msrisk, rules {ruleset.version} ({digest}). {reviewed}"}
