"""Counts screened patients: by level, by rule, what is unknown, and which names nobody read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import narwhals.stable.v2 as nw
import polars as pl
from attrs import asdict, frozen

from msrisk.cohort.bulk import NOT_READ, READ, TOLD
from msrisk.cohort.changed import OfChange
from msrisk.cohort.columns import added_columns, columns_of, level_columns, wanted_columns
from msrisk.cohort.entries import words_of
from msrisk.cohort.screening import recognise
from msrisk.evaluation.planning import Plan, Planned, plan_of
from msrisk.model.levels import Level, rank
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, YES_NO_FIELDS
from msrisk.model.rules import RuleSet

__all__ = [
    "Ends",
    "OfRecords",
    "OfRule",
    "Summary",
    "Unknown",
    "Unread",
    "document_of",
    "summary_of",
]

_NAMES_SHOWN: Final = 20
# Everybody has a level, and a literal would count as one patient.
_EVERYBODY: Final = pl.col("level").is_not_null()


@frozen
class Ends:
    """How many patients have a level and a worst case."""

    level: str
    worst_case: str
    patients: int


@frozen
class OfRule:
    """Of how many patients a rule applies, and of how many it is open.

    Attributes:
        of: the names of the substances that it is a rule of.

    """

    rule: str
    level: str
    title: str
    of: tuple[str, ...]
    applies: int
    open: int


@frozen
class Unknown:
    """What is not known of how many patients, and how many open rules it keeps open.

    Attributes:
        field: the field.
        patients: how many have no answer, or a list that is not complete.
        settles: how many open rules, over all patients, its answer bears on.
        could_be: of how many patients one of these rules is a CAUTION or worse.

    """

    field: str
    patients: int
    settles: int
    could_be: int


@frozen
class Unread:
    """An entry that nobody read, and in how many lists it stands."""

    field: str
    entry: str
    status: str
    patients: int


@frozen
class OfRecords:
    """What became of the records of patients.

    Attributes:
        entries: how many entries they have.
        read: how many of them tell something.
        others: how many lines are of no patient, each with what they are.
        not_read: of how many patients there are others, each with why they tell nothing; the
            most frequent.

    """

    entries: int
    read: int
    others: tuple[tuple[str, int], ...]
    not_read: tuple[tuple[str, int], ...]


@frozen
class Summary:
    """What a screened file says as a whole.

    Attributes:
        ruleset: the version of the rules.
        digest: their digest.
        patients: how many were screened.
        aside: how many rows were set aside.
        changed: of how many patients earlier rules say something else; None if none were asked.
        ends: how many patients have each level and worst case, the gravest first.
        substances: of how many patients each was assessed.
        rules: those that apply or are open, the gravest first.
        unknown: what is not known, first what could bring a CAUTION or worse.
        unread: the most frequent entries to clear up.
        unread_names: how many there are.
        not_read: how many values no profile takes.
        empty_lists: how many lists are empty, which is no answer.
        changes: what became of each rule and of all else since the earlier rules; None likewise.
        missing: the fields of which there is no column, so that nobody was asked.
        kept: the columns that no rule reads, each with the one that may be meant.
        caveats: what must be said whatever is told, with its sources.
        records: what became of the records that the rows were made of; None if they are of a table.

    """

    ruleset: str
    digest: str
    patients: int
    aside: int
    changed: int | None
    changes: tuple[OfChange, ...] | None
    ends: tuple[Ends, ...]
    substances: tuple[tuple[str, int], ...]
    rules: tuple[OfRule, ...]
    unknown: tuple[Unknown, ...]
    unread: tuple[Unread, ...]
    unread_names: int
    not_read: int
    empty_lists: int
    missing: tuple[str, ...]
    kept: tuple[str, ...]
    caveats: tuple[tuple[str, str], ...]
    records: OfRecords | None = None


def document_of(summary: Summary) -> dict[str, object]:
    """Return a summary as a document."""
    return {"schema": "msrisk-screen/1", **asdict(summary)}


def summary_of(
    frame: pl.LazyFrame,
    ruleset: RuleSet,
    *,
    complete: Iterable[str] = (),
    aside: int = 0,
    changed: int | None = None,
    changes: tuple[OfChange, ...] | None = None,
    others: Mapping[str, int] | None = None,
) -> Summary:
    """Return what screened patients say as a whole.

    Args:
        frame: what `screen` returned.
        ruleset: the rules that it was screened by.
        complete: the lists that are complete for everybody, as `screen` was told.
        aside: how many rows were set aside.
        changed: of how many patients these rules say something else than earlier ones.
        changes: what became of each rule since those.
        others: how many lines of records are of no patient, each with what they are.

    """
    plan = plan_of(ruleset)
    schema = nw.from_native(frame).collect_schema()
    names = set(schema)
    told = {name: of for name, of in schema.items() if name not in added_columns(ruleset)}
    columns = columns_of(told, ruleset)
    planned = {one.rule.id: one for of in plan.substances.values() for one in of.planned}
    unknown = dict(_unknown(names, frozenset(complete)))
    wanted: dict[str, pl.Expr] = {"patients": pl.len()}
    for name in ("not_read", "empty_lists"):
        wanted[name] = pl.col(name).sum()
    for one in ruleset.substances:
        wanted[f"s:{one.id}"] = pl.col(level_columns(one.id)[0]).count()
    for id_ in planned:
        wanted[f"t:{id_}"] = pl.col(id_).sum()
        wanted[f"o:{id_}"] = pl.col(id_).is_null().sum()
    unassessed = [pl.col(level_columns(one.id)[0]).is_null() for one in ruleset.substances]
    for field, missing in unknown.items():
        rules = [one for one in planned.values() if field in _reads(one, plan)]
        open_ = [pl.col(one.rule.id).is_null() for one in rules]
        grave = [
            pl.col(one.rule.id).is_null() for one in rules if rank(one.level) >= rank(Level.CAUTION)
        ]
        if field == "supplements":  # of whom none is assessed, any rule may apply, and none is open
            grave += [pl.all_horizontal(unassessed)]
        wanted[f"u:{field}"] = missing.sum()
        wanted[f"n:{field}"] = (pl.sum_horizontal(open_) * missing).sum() if open_ else pl.lit(0)
        wanted[f"g:{field}"] = (pl.any_horizontal(grave) & missing).sum() if grave else pl.lit(0)
    counted = frame.select(of.alias(name) for name, of in wanted.items()).collect(
        engine="streaming"
    )
    count: dict[str, int] = {name: int(of or 0) for name, of in counted.to_dicts()[0].items()}
    ends = frame.group_by("level", "worst_case").agg(pl.len()).collect(engine="streaming").rows()
    read = [name for name in wanted_columns(ruleset) if name in names]
    found = recognise(frame.select(read), ruleset=ruleset)
    unclear = found.filter(~pl.col("status").is_in(["recognised"])).sort(
        "patients", "field", "entry", descending=[True, False, False]
    )
    return Summary(
        ruleset=ruleset.version,
        digest=ruleset.digest,
        patients=count["patients"],
        aside=aside,
        changed=changed,
        changes=changes,
        ends=tuple(
            sorted(
                (Ends(*one) for one in ends),
                key=lambda one: (-_order(one.worst_case), -_order(one.level)),
            )
        ),
        substances=tuple((one.name, count[f"s:{one.id}"]) for one in ruleset.substances),
        rules=tuple(
            sorted(
                (
                    OfRule(
                        id_,
                        one.level.value,
                        one.rule.title or one.rule.message,
                        tuple(
                            of.name
                            for of in plan.substances.values()
                            if any(other.rule.id == id_ for other in of.planned)
                        ),
                        count[f"t:{id_}"],
                        count[f"o:{id_}"],
                    )
                    for id_, one in planned.items()
                    if count[f"t:{id_}"] or count[f"o:{id_}"]
                ),
                key=lambda one: (-_order(one.level), -one.applies, -one.open, one.rule),
            )
        ),
        unknown=tuple(
            sorted(
                (
                    Unknown(name, count[f"u:{name}"], count[f"n:{name}"], count[f"g:{name}"])
                    for name in unknown
                ),
                key=lambda one: (-one.could_be, -one.settles, one.field),
            )
        ),
        unread=tuple(
            Unread(row["field"], words_of(row["entry"] or ""), row["status"], row["patients"])
            for row in unclear.head(_NAMES_SHOWN).iter_rows(named=True)
        ),
        unread_names=len(unclear),
        not_read=count["not_read"],
        empty_lists=count["empty_lists"],
        missing=tuple(columns.missing()),
        kept=() if NOT_READ in names else tuple(columns.not_read(wanted_columns(ruleset))),
        caveats=tuple(_caveats(plan)),
        records=_of_records(frame, others or {}) if NOT_READ in names else None,
    )


def _of_records(frame: pl.LazyFrame, others: Mapping[str, int]) -> OfRecords:
    sums = frame.select(pl.col(TOLD).sum(), pl.col(READ).sum()).collect(engine="streaming")
    why = (
        frame.select(pl.col(NOT_READ).alias("why"))
        .explode("why")
        .drop_nulls()
        .group_by("why")
        .len()
        .sort("len", "why", descending=[True, False])
        .head(_NAMES_SHOWN)
        .collect(engine="streaming")
    )
    ((entries, read),) = sums.rows()
    return OfRecords(entries, read, tuple(sorted(others.items())), tuple(why.iter_rows()))


def _caveats(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what must be said whatever is told, with its sources."""
    titles = {one.id: one.title for one in plan.ruleset.sources}
    for one in plan.caveats:
        yield one.message, "; ".join(dict.fromkeys(titles[of.source] for of in one.citations))


def _order(level: str) -> int:
    return rank(Level(level))


def _unknown(names: set[str], complete: frozenset[str]) -> Iterator[tuple[str, pl.Expr]]:
    """Yield for each field whether it leaves something open."""
    for name in LIST_FIELDS:
        if name not in names:
            yield name, _EVERYBODY
            continue
        full = pl.lit(name in complete)
        if f"{name}_complete" in names:
            full = full | pl.col(f"{name}_complete").fill_null(value=False)
        size = pl.col(name).list.len()
        none = (size == 1) & pl.col(name).list.contains("none")
        yield name, ~(none | ((size > 0) & full)).fill_null(value=False)
    for name in NUMBER_FIELDS:
        missing = _EVERYBODY
        if name in names:
            missing = pl.col(name).cast(pl.Float64).fill_nan(None).is_null()
        yield name, missing
    for name in YES_NO_FIELDS:
        yield name, pl.col(name).is_null() if name in names else _EVERYBODY


def _reads(planned: Planned, plan: Plan) -> set[str]:
    """Return the fields whose answer bears on a rule."""
    found = {name for bit, name in plan.field_of.items() if bit & planned.leaves}
    return found | {name for name, bits in plan.tests.wanted.items() if bits & planned.leaves}
