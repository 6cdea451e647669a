"""Recognises each distinct entry of a frame once, and keeps what it was read as in a table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from msrisk.cohort.columns import AMOUNTS
from msrisk.documents import item_to_document, profile_from_document
from msrisk.errors import Problem, ProfileError
from msrisk.keeping import Memory
from msrisk.model.concepts import ANYTHING, Recognition
from msrisk.model.facts import Denied, Fact
from msrisk.model.profile import LIST_FIELDS, Code, Entries, Entry, Supplement
from msrisk.model.rules import RuleSet
from msrisk.recognition import KINDS, fact_of, recognise_denied
from msrisk.recognition.doses import UNKNOWN_DOSE

__all__ = [
    "Given",
    "Progress",
    "READ_AS",
    "Read",
    "givens",
    "parts_of",
    "read",
    "table_of",
    "text_of",
    "unreadable",
    "words_of",
]

Progress = Callable[[int, int], None]
"""Is told how many entries are read, of how many that were not read before."""

READ_AS: Final[Mapping[str, pl.DataType]] = {
    "field": pl.String(),
    "entry": pl.String(),
    **dict.fromkeys(AMOUNTS, pl.Float64()),
    "taking": pl.Boolean(),
    "patients": pl.Int64(),
    "status": pl.String(),
    "name": pl.String(),
    "concepts": pl.List(pl.String()),
    "possible": pl.List(pl.String()),
    "reason": pl.String(),
    "rules": pl.String(),
}
"""The columns of the table of entries."""

# A system is a URI, so it has a colon and no blank; "a: b | c" and "a | b" are words.
_CODED: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:[^\s|]+)\|([^\s|]+)(?:\|(.+))?", re.DOTALL)
_OBJECT: Final = '{"'
_KIND_OF: Final = {field: kind for kind, field in KINDS.items()}
_TELL: Final = 1_000
_BETWEEN: Final = "\n"  # in no id
_ELEMENT: Final = pl.element()
# Batches of one file tell the same entries again and again.
_facts: Final[Memory[tuple[Given, RuleSet], Fact | None]] = Memory(20)


class Given(NamedTuple):
    """One distinct entry as it was given: its field, its text, and what columns add to it."""

    field: str
    entry: str | None
    dose_mg: float | None = None
    daily_dose_mg: float | None = None
    times_per_day: float | None = None
    taking: bool | None = None


class Read(NamedTuple):
    """What the distinct entries were read as; None is what cannot be read.

    Attributes:
        facts: of the entries of the lists.
        denied: of the names that were denied.

    """

    facts: Mapping[Given, Fact | None]
    denied: Mapping[str | None, Denied | None]


def givens(table: pl.DataFrame) -> dict[Given, int]:
    """Return the distinct entries of a table of them, with the number of their patients."""
    columns = [name for name in (*Given._fields, "patients") if name in table.columns]
    found: dict[Given, int] = {}
    for row in table.select(columns).iter_rows(named=True):
        patients = row.pop("patients", 0)
        found[Given(**row)] = patients
    return found


def read(entries: Mapping[Given, int], ruleset: RuleSet, progress: Progress | None) -> Read:
    """Return what each entry is read as."""
    denied = {
        given.entry: _denied(given.entry, ruleset) for given in entries if given.field == "denied"
    }

    def make(wanted: Sequence[tuple[Given, RuleSet]]) -> Iterator[Fact | None]:
        for at, (given, of) in enumerate(wanted, 1):
            yield _fact(given, of)
            if progress is not None and (at % _TELL == 0 or at == len(wanted)):
                progress(at, len(wanted))

    found = _facts.each(((one, ruleset) for one in entries if one.field != "denied"), make)
    return Read({given: fact for (given, _), fact in found.items()}, denied)


def _denied(name: str | None, ruleset: RuleSet) -> Denied | None:
    try:
        return recognise_denied([name or ""], ruleset)[0]
    except ProfileError:
        return None


def _fact(given: Given, ruleset: RuleSet) -> Fact | None:
    """Return an entry, recognised; None if no profile takes it."""
    try:
        item = _item(given)
    except ProfileError:
        return None
    return fact_of(given.field, item, ruleset, suggest=False)


def text_of(item: Entry | Supplement) -> str:
    """Return an entry as one text of a frame.

    It is its words or its code if it has nothing else, and else the JSON object that stands for
    it in an intake document: with codes, doses, a doubt.
    """
    plain = item_to_document(item)
    if isinstance(plain, str) and not plain.startswith(_OBJECT):
        return plain
    return json.dumps(
        {"name" if isinstance(item, Supplement) else "text": plain}
        if isinstance(plain, str)
        else plain,
        ensure_ascii=False,
        separators=(",", ":"),
    )


def parts_of(entry: str) -> object:
    """Return what a text of a frame is in an intake document: itself, or a JSON object."""
    if entry.startswith(_OBJECT):
        try:
            return json.loads(entry)
        except (ValueError, RecursionError):
            pass
    return entry


def words_of(entry: str) -> str:
    """Return what a person reads of a text of a frame: its words, or else its code."""
    match parts_of(entry):
        case {"name": str(words)} | {"text": str(words)}:
            return words
        case {"codes": [{"system": str(system), "code": str(code)}, *_]}:
            return f"{system}|{code}"
    return entry


def _of_object(given: Given, text: str) -> Entry | Supplement:
    """Return the entry that a JSON object is; it must be written as `text_of` writes it.

    Else equal entries could be different texts, and nobody would see that they are listed twice.
    """
    profile = profile_from_document({given.field: [parts_of(text)]})
    told: Entries[Entry] | Entries[Supplement] = getattr(profile, given.field)
    (item,) = told.items
    if text_of(item) != text or any(one is not None for one in given[2:]):
        raise ProfileError([Problem(given.field, "an entry as msrisk writes it", "another")])
    return item


def _item(given: Given) -> Entry | Supplement:
    """Return what an entry says; raise ProfileError if no profile takes it."""
    text = given.entry or ""
    if text.startswith(_OBJECT):
        return _of_object(given, text)
    if given.field == "supplements":
        return Supplement(text, *given[2:])
    coded = _CODED.fullmatch(text)
    if coded is None:
        return Entry(text)
    system, code, words = coded.groups()
    return Entry(words, (Code(system, code),))


def unreadable(field: str) -> Fact:
    """Return the fact for an entry that no profile takes: it may be anything."""
    item = Supplement("?") if field == "supplements" else Entry("?")
    told = Recognition(text=None, kind=_KIND_OF[field], possible=ANYTHING, says=None)
    return Fact(field, item, told, UNKNOWN_DOSE, None)


def table_of(entries: Mapping[Given, int], found: Read, ruleset: RuleSet) -> pl.DataFrame:
    """Return the table of what each entry was read as, for a person to check and to keep."""
    order = (*LIST_FIELDS, "denied")
    rows = sorted(
        ((given, patients) for given, patients in entries.items()),
        key=lambda one: (order.index(one[0].field), -one[1], one[0].entry or ""),
    )
    # A list in each row would be a column of its own on the way: text is split in one go.
    lists = {name: of for name, of in READ_AS.items() if of == pl.List(pl.String)}
    table = pl.DataFrame(
        [(*given, patients, *_words(given, found), ruleset.digest) for given, patients in rows],
        schema={**READ_AS, **dict.fromkeys(lists, pl.String())},
        orient="row",
    )
    return table.with_columns(
        pl.col(name).str.split(_BETWEEN).list.eval(_ELEMENT.filter(_ELEMENT != "")).alias(name)
        for name in lists
    )


def _words(given: Given, found: Read) -> Iterator[object]:
    """Yield status, name, concepts, possible and reason of an entry."""
    if given.field == "denied":
        denied = found.denied[given.entry]
        yield "unrecognised" if denied is None else "recognised"
        yield denied and denied.name
        yield "" if denied is None else denied.concept
        yield ""
        yield "" if denied and denied.settles else "settles nothing"
        return
    fact = found.facts[given]
    told = fact.recognition if fact else None
    yield told.status if told else "unreadable"
    yield told.name if told else None
    yield _BETWEEN.join(sorted(told.concepts)) if told else ""
    if told is None or told.possible is ANYTHING:
        yield "anything"
    else:
        yield _BETWEEN.join(sorted(told.possible))
    yield (fact.doubt or fact.recognition.reason) if fact else "not an entry that can be read"
