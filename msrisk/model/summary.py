"""Defines the first screen of a report; its attributes are the keys of the document."""

from __future__ import annotations

from attrs import frozen

from msrisk.model.results import Level, NotLookedAt, RuleSetUsed
from msrisk.model.sources import CitedPassages

__all__ = [
    "Emergency",
    "SilentOn",
    "Statement",
    "Summary",
    "SummaryPoint",
    "SummarySubstance",
    "Unknown",
]


@frozen
class SummaryPoint:
    """Findings of one level that have the same cause and ask for the same.

    Attributes:
        rule: the first of the rules.
        rules: all of them.
        level: theirs.
        told: what the patient told, in few words.
        effect: what that means, in a line.
        action: what to do, in a line.
        title: what the rules are about, in words that are true of everybody.
        citations: of all the rules.

    """

    rule: str
    rules: tuple[str, ...]
    level: Level
    told: str
    effect: str
    action: str
    title: str
    citations: tuple[CitedPassages, ...]


@frozen
class SummarySubstance:
    """The answer for one substance: both ends, in words what to do, and every finding.

    `products` is what it is taken as, in the words that were typed.
    """

    name: str
    products: tuple[str, ...]
    covered: bool
    level: Level
    worst_case: Level
    verdict: str
    points: tuple[SummaryPoint, ...]


@frozen
class Statement:
    """A sentence of the first screen, and where it comes from."""

    rule: str
    message: str
    action: str
    citations: tuple[CitedPassages, ...]


@frozen
class Emergency:
    """When to get help at once.

    `first` unless it was answered that there are no symptoms; `reported` are the symptoms
    told that are an emergency by themselves, `watched` others that it speaks of.
    """

    rule: str
    message: str
    action: str
    first: bool
    reported: tuple[str, ...]
    watched: tuple[str, ...]
    citations: tuple[CitedPassages, ...]


@frozen
class Unknown:
    """What is not known yet of one field: what to ask, and the worst that it could bring.

    `asked` is whether it was asked already, and the answer is not known.
    """

    field: str
    question: str
    level: Level
    asked: bool = False


@frozen
class SilentOn:
    """A topic that the patient told and no source speaks of."""

    rule: str
    title: str
    told: str
    action: str
    citations: tuple[CitedPassages, ...]


@frozen
class Summary:
    """What stands on the first screen.

    Attributes:
        substances: the answer for each, the worst first.
        emergency: when to get help at once; None if the rules do not say it.
        medicines: what not to stop; None if no medicine was told, or the rules do not say it.
        unknown: what is not known yet, the best question first.
        unrecognised: the entries to be cleared up, in few words.
        silent: the topics that no source speaks of.
        not_looked_at: what was understood and no rule names.
        caveat: what was searched at all.
        ruleset: which rules answered.
        trials: what trials found, beside what the texts promise, of each substance.

    """

    substances: tuple[SummarySubstance, ...]
    emergency: Emergency | None
    medicines: Statement | None
    unknown: tuple[Unknown, ...]
    unrecognised: tuple[str, ...]
    silent: tuple[SilentOn, ...]
    not_looked_at: tuple[NotLookedAt, ...]
    caveat: Statement
    ruleset: RuleSetUsed
    trials: tuple[Statement, ...] = ()
