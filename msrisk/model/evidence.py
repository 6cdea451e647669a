"""Defines evidence: what was found beyond the texts, where, and what it bears on.

A reference is a source that msrisk does not hold: it is named so that a reader finds it, with
the part that was read. An item says in msrisk's own words what stands there, never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from attrs import field, fields, frozen

from msrisk.errors import Problem, RuleSetError
from msrisk.model.history import is_day

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "Checked",
    "Figures",
    "Grade",
    "Item",
    "NOT_SEEN",
    "Part",
    "Reference",
    "Relation",
    "Retraction",
    "Searched",
]

NOT_SEEN: Final = "not seen"
"""What stands for an author, year or journal that the page read did not show."""


class Grade(Enum):
    """The kind of a reference, in the order in which its word counts where several speak."""

    REVIEW = "systematic review"
    TRIAL = "randomised trial"
    REGULATOR = "regulator"
    GUIDELINE = "guideline"
    COHORT = "cohort"
    CROSS_SECTIONAL = "cross-sectional study"
    CASE_SERIES = "case series"
    CASE_REPORT = "case report"
    SURVEILLANCE = "pharmacovigilance"
    PHARMACOKINETIC = "pharmacokinetic study"
    MECHANISTIC = "mechanistic study in people"
    LABORATORY = "laboratory analysis"
    PRODUCT = "product text"
    MONOGRAPH = "monograph"
    SOCIETY = "professional society"
    CONSUMER = "consumer body"
    NARRATIVE = "narrative review"
    UNDER_WAY = "randomised trial in progress"
    REGISTRATION = "trial registration"
    GRANT = "grant abstract"
    ANIMAL = "animal study"
    IN_VITRO = "in vitro study"


class Part(Enum):
    """What of a reference was read."""

    ABSTRACT = "abstract"
    PART = "part of the full text"
    OFFICIAL = "official page"
    PRODUCT = "product text"
    REGISTRY = "registry record"
    SECONDARY = "secondary report"


class Relation(Enum):
    """How an item bears on a rule, claim or silence."""

    CORROBORATES = "corroborates"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    FILLS = "fills"


class Retraction(Enum):
    """What a look-up of retractions and corrections brought; a failed one is not checked."""

    NOT_CHECKED = "not checked"
    NONE_FOUND = "none found"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


@frozen
class Checked:
    """When and with what a reference was last looked at.

    Attributes:
        on: the day.
        by: with what.
        retraction: whether it was looked up as retracted or corrected, and the result.
        note: what the correction or retraction says; needed where there is one.

    """

    on: str
    by: str
    retraction: Retraction
    note: str = ""

    def __attrs_post_init__(self) -> None:
        changed = self.retraction in (Retraction.CORRECTED, Retraction.RETRACTED)
        _refuse(
            [
                (not is_day(self.on), "on", "a day as YYYY-MM-DD"),
                (
                    changed is not bool(self.note.strip()),
                    "note",
                    "what a correction or retraction says, and nothing else",
                ),
            ]
        )

    def older_than(self, years: int, today: date) -> bool:
        """Return whether the day lies more than so many years back."""
        year, month, day = map(int, self.on.split("-"))
        return (year + years, month, day) < (today.year, today.month, today.day)


_IDENTIFIERS: Final = {
    "doi": (re.compile(r"10\.\d{4,9}/\S+"), "a DOI such as 10.1000/182"),
    "pmid": (re.compile(r"[1-9]\d{0,8}"), "a PubMed number, digits alone"),
    "pmcid": (re.compile(r"PMC[1-9]\d*"), "a PubMed Central number such as PMC123"),
}
_TRIAL: Final = re.compile(r"NCT\d{8}|ISRCTN\d{8}")


@frozen(cache_hash=True)
class Reference:
    """A source that msrisk does not hold.

    Attributes:
        id: permanent, never reused.
        kind: what it is.
        authors: who wrote it, or "not seen".
        year: of publication, "undated" or "not seen".
        place: journal with volume and page, body, or product and section; or "not seen".
        read: which part was read.
        checked: when, with what, and whether it was retracted.
        title: its title, exact or paraphrased; empty if nobody noted it.
        doi: digital object identifier.
        pmid: number in PubMed.
        pmcid: number in PubMed Central.
        trials: numbers in ClinicalTrials.gov or ISRCTN.
        number: any other number by which it is found, such as a regulator's.
        exact_title: whether the title is exact, so that it can be searched for.
        note: what a reader must know of what was read.
        pack: the rule pack that it belongs to.

    """

    id: str
    kind: Grade
    authors: str
    year: str
    place: str
    read: Part
    checked: Checked
    title: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    trials: tuple[str, ...] = ()
    number: str = ""
    exact_title: bool = False
    note: str = ""
    pack: str = ""

    def __attrs_post_init__(self) -> None:
        wrong = [
            (bool(getattr(self, key)) and not pattern.fullmatch(getattr(self, key)), key, expected)
            for key, (pattern, expected) in _IDENTIFIERS.items()
        ]
        wrong += [
            (
                not all(map(_TRIAL.fullmatch, self.trials)),
                "trials",
                "numbers such as NCT01234567 or ISRCTN12345678",
            ),
            (
                not (self.identifiers or self.exact_title),
                "doi",
                "an identifier, or `exact_title = true`: else nobody finds it",
            ),
            (self.exact_title and not self.title.strip(), "title", "the exact title"),
        ]
        _refuse(wrong)

    @cached_property
    def identifiers(self) -> tuple[str, ...]:
        """Everything by which it can be found, the best first."""
        named = (("PMID", self.pmid), ("DOI", self.doi), ("", self.pmcid))
        given = [f"{name} {value}".strip() for name, value in named if value]
        return (*given, *filter(None, [self.number]), *self.trials)

    @cached_property
    def identifier(self) -> str:
        """The shortest thing by which it is found; a trial has several papers, so not its own."""
        own = [one for one in self.identifiers if one not in self.trials]
        if not own and self.title:
            return f"title “{self.title}”"
        return (own or self.identifiers)[0]

    @property
    def missing(self) -> tuple[str, ...]:
        """What the page read did not show, and a reader must complete."""
        return tuple(key for key in ("authors", "year", "place") if getattr(self, key) == NOT_SEEN)

    @cached_property
    def words(self) -> str:
        """The reference as a line of a list, with what is missing marked."""
        known = [f"{key} not seen" for key in self.missing]
        parts = [self.authors, self.year, self.title, self.place]
        said = [part.rstrip(".") for part in parts if part != NOT_SEEN]
        return ". ".join(filter(None, [*said, "; ".join(self.identifiers), ", ".join(known)]))


@frozen
class Figures:
    """What was counted; empty where the part read does not say it.

    `frequency` is how often a harm occurs: "unknown" unless somebody counted it.
    """

    population: str = ""
    n: str = ""
    dose: str = ""
    duration: str = ""
    effect: str = ""
    events: str = ""
    frequency: str = "unknown"

    @cached_property
    def words(self) -> str:
        """The figures in a line."""
        said = (getattr(self, one.name) for one in fields(Figures) if one.name != "frequency")
        return "; ".join(filter(None, said))


@frozen(cache_hash=True)
class Item:
    """One thing that was found, in msrisk's own words, and what it bears on.

    Attributes:
        id: permanent, never reused.
        statement: what was found; never stronger than the references.
        brief: the same in a few words, for a line of a report.
        references: ids of the references that say it.
        certainty: "high" or "moderate": how sure it is that they say it.
        why: the reason for that.
        corroborates: ids of rules and claims that it says as well.
        contradicts: ids of those that it says otherwise, to the point and of use by mouth.
        qualifies: ids of those that hold only in part or with another weight.
        fills: ids of the silences that it fills.
        figures: what was counted.
        pack: the rule pack that it belongs to.

    """

    id: str
    statement: str
    references: tuple[str, ...]
    certainty: str
    why: str
    brief: str = ""
    corroborates: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    qualifies: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    figures: Figures = field(factory=Figures)
    pack: str = ""

    def __attrs_post_init__(self) -> None:
        on = [id_ for id_, _ in self.bears_on]
        wrong = [
            (not self.references, "references", "the id of at least one reference"),
            (self.certainty not in ("high", "moderate"), "certainty", "high or moderate"),
            (not on, "corroborates", "the id of something that it bears on"),
            (len(set(on)) < len(on), "corroborates", "each id under one relation"),
        ]
        _refuse(wrong)

    @property
    def bears_on(self) -> tuple[tuple[str, Relation], ...]:
        """Each id that it bears on, with how."""
        return tuple(self._bears_on())

    def _bears_on(self) -> Iterator[tuple[str, Relation]]:
        for relation in Relation:
            for id_ in getattr(self, relation.value):
                yield id_, relation

    @property
    def key(self) -> str:
        """What renderings cite it by: "E004"."""
        return self.id.upper()

    @property
    def short(self) -> str:
        """The statement, in few words if there are any."""
        return self.brief or self.statement


@frozen
class Searched:
    """What was searched and not found, or found and not used."""

    what: str
    outcome: str
    why: str = ""
    pack: str = ""

    def __attrs_post_init__(self) -> None:
        _refuse(
            [
                (
                    self.outcome not in ("not found", "rejected"),
                    "outcome",
                    "not found or rejected",
                ),
                (
                    self.outcome == "rejected" and not self.why.strip(),
                    "why",
                    "why it was not used",
                ),
            ]
        )


def _refuse(wrong: list[tuple[bool, str, str]]) -> None:
    problems = [Problem(where, expected) for is_so, where, expected in wrong if is_so]
    if problems:
        raise RuleSetError(problems)
