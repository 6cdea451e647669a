"""Makes tables of what the distinct entries of each list say of the tests of a rule set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import polars as pl
from attrs import frozen

from msrisk.cohort.columns import column_name
from msrisk.cohort.entries import Given, Read, unreadable
from msrisk.evaluation.denying import Denials
from msrisk.evaluation.planning import Plan
from msrisk.evaluation.products import Products, names
from msrisk.model.concepts import ANYTHING
from msrisk.model.facts import Denied, Fact, Facts
from msrisk.model.levels import Level
from msrisk.model.profile import LIST_FIELDS, PatientProfile
from msrisk.recognition import closes_foods, facts_together

__all__ = [
    "AMOUNTS_OF",
    "DENIED",
    "ENDLESS",
    "ENTRY",
    "HIGHEST_OF",
    "KIND",
    "SAME",
    "Said",
    "attached",
    "named_of",
    "names_of",
    "said_of",
]

ENTRY: Final = "_msrisk_entry"
DENIED: Final = "_msrisk_denied"
KIND: Final = "_msrisk_kind"
SAME: Final = "_msrisk_same"
ENDLESS: Final = 1e18
"""What stands for a dose without an upper end, so that no engine has to write infinity."""

AMOUNTS_OF: Final = (
    *("daily_low", "daily_high", "started_low", "started_high"),
    *("times_low", "times_high"),
)
HIGHEST_OF: Final = tuple(name for name in AMOUNTS_OF if name.endswith("_high"))
_UNREADABLE: Final = 0
_UNTOLD: Final = -1.0


@frozen
class Said:
    """What the distinct entries of one list say.

    Attributes:
        field: the list.
        keys: the columns by which an entry is looked up: its text, and what columns add to it.
        apart: the columns by which an entry is to be cleared up apart from others: `keys`, or
            `SAME` where some entries differ in nothing but a dose, or in whether they were started.
        entries: the kind of each entry.
        kinds: what each kind says, a column for each code.
        codes: the codes, as columns of `kinds`.
        products: for each substance, the entries that name it, with their doses.
        against: the entries that tell what a name denies, with that name.
        named: for each text, the substances that it names to which columns can add something.

    """

    field: str
    keys: tuple[str, ...]
    apart: tuple[str, ...]
    entries: pl.DataFrame
    kinds: pl.DataFrame
    codes: tuple[str, ...]
    products: Mapping[str, pl.DataFrame]
    against: pl.DataFrame | None
    named: pl.DataFrame | None


def attached(name: str) -> str:
    """Return the column of what columns add to an entry: -1 is nothing."""
    return f"_msrisk_added_{name}"


def names_of(substance: str) -> str:
    """Return the code and column that says whether an entry names a substance."""
    return f"names_{column_name(substance)}"


def said_of(read: Read, plan: Plan, products: Iterable[str]) -> dict[str, Said]:
    """Return what the entries of each list say, and the names that were denied.

    Args:
        read: the distinct entries.
        plan: the rules.
        products: the substances of which columns tell a dose, or whether they were started.

    """
    by_field: dict[str, dict[Given, Fact | None]] = {name: {} for name in LIST_FIELDS}
    for given, fact in read.facts.items():
        by_field[given.field][given] = fact
    told = {
        name: _Saying(name, plan, read.denied, list(products)).said(of)
        for name, of in by_field.items()
    }
    return {**told, "denied": _denials(read.denied, plan)}


def named_of(read: Read, products: Iterable[str]) -> pl.DataFrame:
    """Return for each supplement which of some substances it names, by its text."""
    return _named(read.facts, list(products))


def _named(entries: Mapping[Given, Fact | None], products: list[str]) -> pl.DataFrame:
    texts = {given.entry: fact for given, fact in entries.items() if fact is not None}
    rows = [(text, *(names(fact, id_) for id_ in products)) for text, fact in texts.items()]
    return _frame(rows, {ENTRY: pl.String, **dict.fromkeys(map(names_of, products), pl.Boolean)})


def _cleared_up_as(fact: Fact | None) -> object:
    """Return by what a report tells entries apart that are to be cleared up."""
    return fact and (fact.entry.text, fact.entry.codes, fact.entry.doubt)


class _Saying:
    """Collects what the entries of one list say."""

    def __init__(
        self,
        field: str,
        plan: Plan,
        denied: Mapping[str | None, Denied | None],
        products: list[str],
    ) -> None:
        self._field = field
        self._tests = plan.tests
        self._attach = products if field == "supplements" else []
        nos = {text: one for text, one in denied.items() if text and one and one.settles}
        self._deniable = plan.tests.denied(one.concept for one in nos.values())
        self._denials = {
            text: Denials(Facts(PatientProfile(), {}, (one,)), plan.tests.hierarchy)
            for text, one in nos.items()
        }
        self._closer: Fact | None = None
        self._ruleset = plan.ruleset

    def said(self, entries: Mapping[Given, Fact | None]) -> Said:
        """Return what these entries say."""
        readable = [fact for fact in entries.values() if fact is not None]
        if self._field == "allergies":
            self._closer = next(filter(closes_foods, readable), None)
        kinds = {frozenset({"unread", *self._codes(unreadable(self._field))}): _UNREADABLE}
        numbers: list[int] = []
        products: dict[str, list[tuple[object, ...]]] = {}
        against: list[tuple[object, ...]] = []
        keys: list[tuple[object, ...]] = []
        same: dict[object, int] = {}
        sames: list[int] = []
        for given, fact in entries.items():
            key = self._key(given)
            keys.append(key)
            sames.append(same.setdefault(_cleared_up_as(fact) or key, len(same)))
            if fact is None:
                numbers.append(_UNREADABLE)
                continue
            codes = self._codes(fact)
            numbers.append(kinds.setdefault(codes, len(kinds)))
            for id_ in self._tests.substances:
                if names(fact, id_):
                    products.setdefault(id_, []).append((*key, *_product(fact, id_)))
            if "unclear" not in codes:
                against += [
                    (*key, sames[-1], no) for no, one in self._denials.items() if one.told_by(fact)
                ]
        columns = [ENTRY, *(map(attached, Given._fields[2:]) if self._attach else ())]
        schema = {name: pl.String if name == ENTRY else pl.Float64 for name in columns}
        codes_ = tuple(sorted(frozenset().union(*kinds)))
        return Said(
            self._field,
            tuple(columns),
            (SAME,) if len(same) < len(keys) else tuple(columns),
            _frame(
                [(*k, *of) for k, *of in zip(keys, sames, numbers, strict=True)],
                {**schema, SAME: pl.Int64, KIND: pl.Int64},
            ),
            _frame(
                [(n, *(code in kind for code in codes_)) for kind, n in kinds.items()],
                {KIND: pl.Int64, **dict.fromkeys(codes_, pl.Boolean)},
            ),
            codes_,
            {id_: _frame(of, {**schema, **_PRODUCT}) for id_, of in products.items()},
            _frame(against, {**schema, SAME: pl.Int64, DENIED: pl.String}) if against else None,
            _named(entries, self._attach) if self._attach else None,
        )

    def _key(self, given: Given) -> tuple[object, ...]:
        if not self._attach:
            return (given.entry,)
        return given.entry, *(_UNTOLD if one is None else float(one) for one in given[2:])

    def _codes(self, fact: Fact) -> frozenset[str]:
        """Return the codes of what an entry says."""
        told = self._tests.told(self._field, (fact,), established=True)
        found = {f"t{at}" for at in _places(told.true)} | {f"o{at}" for at in _places(told.open)}
        found.update(f"n{at}" for at in _places(told.named & self._deniable))
        found.update(f"covers_{column_name(id_)}" for id_ in told.covered)
        if told.unclear:
            found.add("unclear")
        if told.others or told.unknown:
            found.add("other")
        if Level.URGENT in told.unknown.values():
            found.add("unknown")
        if self._field == "supplements" and fact.recognition.possible is ANYTHING:
            found.update(
                f"else_{column_name(id_)}" for id_ in self._tests.substances if not names(fact, id_)
            )
        found.update(names_of(id_) for id_ in self._attach if names(fact, id_))
        if self._closer is not None:
            _, beside = facts_together(self._field, [self._closer, fact], self._ruleset)
            beside_it = self._tests.told(self._field, (beside,), established=True)
            found.update(f"fo{at}" for at in _places(beside_it.open))
            found.update(f"fn{at}" for at in _places(beside_it.named & self._deniable))
            if closes_foods(fact):
                found.add("foods")
        return frozenset(found)


_PRODUCT: Final[Mapping[str, type[pl.DataType]]] = {
    **dict.fromkeys(("taken", "sure", "started", "may_be_started"), pl.Boolean),
    **dict.fromkeys(AMOUNTS_OF, pl.Float64),
}


def _product(fact: Fact, substance: str) -> Iterator[object]:
    """Yield what an entry says of a product of a substance, in the order of `_PRODUCT`."""
    one = Products(substance, (fact,), unlisted=False)
    sure, dose = one.is_sure(fact), fact.dose_of(substance)
    started = bool(one.started())
    may_be_started = not started and not (sure and fact.taking is False)
    yield substance not in fact.recognition.allergens
    yield sure
    yield started
    yield may_be_started
    low, high = dose.of_a_day.low, min(dose.of_a_day.high, ENDLESS)
    yield low if sure else 0.0
    yield high
    yield low if started else 0.0
    yield high if started or may_be_started else 0.0
    yield dose.times.low if sure else 0.0
    yield min(dose.times.high, ENDLESS)


def _denials(denied: Mapping[str | None, Denied | None], plan: Plan) -> Said:
    """Return which tests each name closes that was denied."""
    kinds = {frozenset({"unread"}): _UNREADABLE}
    rows: list[tuple[object, ...]] = []
    for text, one in denied.items():
        if one is None:
            rows.append((text, len(rows), _UNREADABLE))
            continue
        closed = plan.tests.denied([one.concept]) if one.settles else 0
        codes = frozenset(f"c{at}" for at in _places(closed))
        rows.append((text, len(rows), kinds.setdefault(codes, len(kinds))))
    names_ = tuple(sorted(frozenset().union(*kinds)))
    schema = {KIND: pl.Int64, **dict.fromkeys(names_, pl.Boolean)}
    table = _frame([(n, *(c in kind for c in names_)) for kind, n in kinds.items()], schema)
    entries = _frame(rows, {ENTRY: pl.String, SAME: pl.Int64, KIND: pl.Int64})
    return Said("denied", (ENTRY,), (ENTRY,), entries, table, names_, {}, None, None)


def _frame(
    rows: Sequence[tuple[object, ...]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def _places(tests: int) -> Iterator[int]:
    """Yield the place of each of some tests, each a bit."""
    while tests:
        yield (tests & -tests).bit_length() - 1
        tests &= tests - 1
