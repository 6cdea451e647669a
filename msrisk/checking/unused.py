"""Finds what changes no answer: classes, routes, thresholds, sources and packs."""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.checking.remarks import Remark, listed
from msrisk.model.concepts import WordKind, closure
from msrisk.model.conditions import Takes, walk
from msrisk.model.rules import EVERY, RuleSet

__all__ = [
    "needless_exceptions",
    "settled_terms",
    "unused_classes",
    "unused_packs",
    "unused_routes",
    "unused_sources",
    "unused_thresholds",
]


def unused_classes(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on drug classes that no rule tests, nor anything above or below them."""
    parents = {one.id: one.within for one in ruleset.vocabulary.drug_classes}
    tested = {
        node.drug_class
        for rule in ruleset.rules
        for node in (walk(rule.when) if rule.when else ())
        if isinstance(node, Takes)
    }
    used = closure(tested, parents)
    for id_ in parents:
        if id_ not in used and not tested & closure([id_], parents):
            yield Remark(
                "unused-class",
                f"drug_class `{id_}`",
                "No rule asks for this class, for one above it or for one below it.",
                "a rule that asks for it, or no such class",
            )


def unused_routes(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on routes that settle nothing about any drug."""
    members = [member for drug in ruleset.vocabulary.drugs for member in drug.classes]
    if any(member.ask_route for member in members):
        return
    local = {route for member in members for route in member.not_by}
    routes = {words.id for words in ruleset.vocabulary.words if words.kind is WordKind.ROUTE}
    for id_ in sorted(routes - local):
        yield Remark(
            "unused-route",
            f"words `{id_}`",
            "No medicine depends on this route: none acts only locally by it, and of none does "
            "the route have to be asked.",
            "`not_by` or `ask_route` where the route matters, or filler words instead",
        )


def unused_thresholds(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on thresholds that no rule compares with."""
    used = {id_ for rule in ruleset.rules for id_ in rule.thresholds()}
    for threshold in ruleset.thresholds:
        if threshold.id not in used:
            yield Remark(
                "unused-threshold",
                f"threshold `{threshold.id}`",
                "No rule compares anything with this number, so that changing it changes nothing.",
                "a rule that tests it, or a [[retired]] entry in its place",
            )


def unused_sources(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on sources that nothing cites."""
    groups = (ruleset.rules, ruleset.claims, ruleset.thresholds)
    cited = {citation.source for group in groups for one in group for citation in one.cites}
    for source in ruleset.sources:
        if source.id not in cited:
            yield Remark(
                "unused-source",
                f"source `{source.id}`",
                "Nothing cites this source, so that no reader of a report hears of it.",
                "a rule or claim that cites it, or no such source",
            )


def unused_packs(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on rule packs without a rule."""
    filled = {rule.pack for rule in ruleset.rules}
    for pack in ruleset.packs:
        if pack not in filled:
            yield Remark(
                "unused-pack",
                f"ruleset.toml: packs: `{pack}`",
                "This pack has no rule: whoever asks for it alone is told next to nothing.",
                "a rule of this pack, or no such pack",
            )


def needless_exceptions(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on exceptions of a substance from rules that it would not have anyway."""
    parents = {one.id: one.within for one in ruleset.substances}
    held = {one.id: one.applies_to for group in (ruleset.rules, ruleset.claims) for one in group}
    for substance in ruleset.substances:
        line = closure([substance.id], parents)
        for id_ in substance.without:
            if EVERY not in held[id_] and not line.intersection(held[id_]):
                yield Remark(
                    "needless-exception",
                    f"substance `{substance.id}`: without: `{id_}`",
                    "This belongs to another substance, so there is nothing to leave out.",
                    f"ids of rules and claims of {listed(line)} only",
                )


def settled_terms(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on terms that leave open only what they certainly are."""
    vocabulary = ruleset.vocabulary
    parents = {
        **{one.id: one.within for one in vocabulary.drug_classes},
        **{one.id: one.within for one in vocabulary.concepts},
        **{one.id: one.within for one in ruleset.substances},
        **{one.id: tuple(member.id for member in one.classes) for one in vocabulary.drugs},
    }
    for term in vocabulary.terms:
        if term.possible and closure(term.concepts, parents).issuperset(term.possible):
            yield Remark(
                "settled-term",
                f"term `{term.names[0]}`",
                "What this may be is what it certainly is, so that nobody needs to be asked.",
                "something else under `possible`, or nothing",
            )
