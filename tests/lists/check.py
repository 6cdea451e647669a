"""What the names of official lists are read as, beside what the lists say that they hold."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Final

from attrs import field, frozen
from cattrs import Converter

import msrisk
from msrisk.model.concepts import ANYTHING, Concept, Drug, DrugClass, Recognition
from msrisk.model.rules import Substance
from msrisk.recognition.lexicon import Lexicon, lexicon_of
from msrisk.recognition.profile import recognise_entry
from tests.lists.rows import COMMON, Row
from tests.lists.spelling import all_skeletons, same_substance

_BRACKETS: Final = re.compile(r"\([^)]*\)?")
REVIEWED: Final = Path(__file__).parent / "reviewed.toml"
_THYROID, _LOWERS = "thyroid-medication", "glucose-lowering-medication"
_STEROID, _SUPPRESSES = "systemic-corticosteroid", "immunosuppressive-medication"
_MODULATES: Final = "immunomodulating-medication"
CLASSES_OF_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "H03": (_THYROID,),
    "A10": (_LOWERS,),
    "H02": (_STEROID, _SUPPRESSES),
    "L04": (_SUPPRESSES,),
    "L03AB": (_MODULATES,),
    "L03AX13": (_MODULATES,),
}
"""What a product must be recognised as if a list gives it a code that begins so."""

_WHEREVER: Final = frozenset({_THYROID, _LOWERS, _MODULATES})
"""Classes to which a product belongs by whatever route it is given."""


class Status(Enum):
    """How far a name is read."""

    RECOGNISED = "recognised"
    NAMED = "open, named"
    OPEN = "open"
    UNRECOGNISED = "unrecognised"


class Check(Enum):
    """What a list and a reading can disagree about.

    INGREDIENT: nothing that the list says is in it is what it is read as.
    CODE: a class of the list's own code for it is not told.
    CLASS: a class of one of its ingredients is not told.
    """

    INGREDIENT = "ingredient"
    CODE = "code"
    CLASS = "class"


@frozen(order=True)
class Disagreement:
    """A name whose reading and list do not fit together.

    Attributes:
        check: what they disagree about.
        file: the list.
        name: the name.
        read: ids of what it is read as, in their order; behind the name of a class that
            is not told.
        holds: what the list says that it holds.

    """

    check: str
    file: str
    name: str
    read: str
    holds: str


@frozen
class Group:
    """Disagreements that were looked at, and why each of them is all right.

    `pairs` are [name, what it is read as].
    """

    check: Check
    file: str
    why: str
    pairs: list[tuple[str, str]]


@frozen
class Alias:
    """What lists call something that msrisk knows by another name, or as part of a group.

    An ingredient that holds all words of one of `words` stands for the ids in `means`.
    """

    means: list[str]
    words: list[str]


@frozen
class Reviewed:
    """What people decided about names of lists."""

    spelling: dict[str, str] = field(factory=dict)
    alias: list[Alias] = field(factory=list)
    reviewed: list[Group] = field(factory=list)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str, str, str]]:
        """Return check, list, name and reading of each disagreement that is all right."""
        return frozenset(
            (group.check.value, group.file, name.casefold(), read)
            for group in self.reviewed
            for name, read in group.pairs
        )

    def spelt(self, ingredient: str) -> str:
        """Return an ingredient with the words that msrisk spells otherwise in its spelling."""
        words = f" {ingredient.casefold()} "
        for theirs, ours in self.spelling.items():
            words = words.replace(f" {theirs} ", f" {ours} ")
        return words.strip()

    def meant(self, ingredient: str) -> frozenset[str]:
        """Return the ids that people said an ingredient stands for."""
        said = all_skeletons(ingredient)
        return frozenset(
            id_
            for one in self.alias
            if any(all_skeletons(words) <= said for words in one.words)
            for id_ in one.means
        )


def read_reviewed(path: Path = REVIEWED) -> Reviewed:
    """Return what was reviewed."""
    return Converter(forbid_extra_keys=True).structure(
        tomllib.loads(path.read_text("utf-8")), Reviewed
    )


def status_of(read: Recognition) -> Status:
    """Return how far a name is read."""
    if read.status == "ambiguous":
        return Status.OPEN if read.possible is ANYTHING else Status.NAMED
    return Status(read.status)


@frozen
class Reading:
    """One row of a list and what its name is read as."""

    row: Row
    read: Recognition

    @property
    def status(self) -> Status:
        return status_of(self.read)


class Checker:
    """Compares names with what lists say that they hold, by the words of one rule set."""

    def __init__(self, ruleset: msrisk.RuleSet, reviewed: Reviewed) -> None:
        self.ruleset = ruleset
        self.reviewed = reviewed
        self.lexicon: Lexicon = lexicon_of(ruleset)
        words = ruleset.vocabulary
        named: tuple[Drug | DrugClass | Concept | Substance, ...] = (
            *words.drugs,
            *words.concepts,
            *words.drug_classes,
            *ruleset.substances,
        )
        self.spellings = {one.id: (one.name, one.id.replace("-", " ")) for one in named}
        self._read: dict[str, Recognition] = {}

    def read(self, name: str) -> Recognition:
        """Return what a name is read as among medications."""
        if name not in self._read:
            entry = msrisk.Entry(name)
            self._read[name] = recognise_entry(entry, "medication", self.ruleset, suggest=False)
        return self._read[name]

    def readings(self, rows: Iterable[Row]) -> list[Reading]:
        """Return each row with what its name is read as."""
        return [Reading(row, self.read(row.name)) for row in rows]

    def disagreements(self, readings: Iterable[Reading]) -> list[Disagreement]:
        """Return every disagreement of names that are recognised or open between named things."""
        found: set[Disagreement] = set()
        for one in readings:
            if one.status in (Status.RECOGNISED, Status.NAMED):
                found.update(self._of(one.row, one.read))
        return sorted(found)

    def unreviewed(self, found: Iterable[Disagreement]) -> list[Disagreement]:
        """Return the disagreements that nobody has looked at."""
        return [
            one
            for one in found
            if (one.check, one.file, one.name.casefold(), one.read) not in self.reviewed.pairs
        ]

    def unused(self, found: Iterable[Disagreement]) -> list[str]:
        """Return the reviewed disagreements that are none any more."""
        there = {(one.check, one.file, one.name.casefold(), one.read) for one in found}
        return [" · ".join(one) for one in sorted(self.reviewed.pairs - there)]

    def _of(self, row: Row, read: Recognition) -> Iterator[Disagreement]:
        ids = read.named | (read.may_be & self.lexicon.products) - self.lexicon.classes
        said = " ".join(sorted(ids))
        holds = "; ".join(row.ingredients)

        def disagree(check: Check, words: str) -> Disagreement:
            return Disagreement(check.value, row.file, row.name, words, holds)

        if row.ingredients and not any(self.is_one_of(one, ids) for one in row.ingredients):
            yield disagree(Check.INGREDIENT, said)
        told = self.lexicon.above(read.concepts | read.named | read.may_be)
        coded = self._coded(row) - told
        for check, missing in ((Check.CODE, coded), (Check.CLASS, self._held(row) - told - coded)):
            for class_ in self._lowest(missing):
                yield disagree(check, f"{class_}: {said}")

    def _lowest(self, classes: frozenset[str]) -> list[str]:
        """Return classes without those that another of them is a case of."""
        above = {parent for one in classes for parent in self.lexicon.above([one]) if parent != one}
        return sorted(classes - above)

    def _coded(self, row: Row) -> frozenset[str]:
        return frozenset(
            class_
            for code in row.atc
            for prefix, classes in CLASSES_OF_CODES.items()
            if code.startswith(prefix)
            for class_ in classes
        )

    def _held(self, row: Row) -> frozenset[str]:
        """Return the classes of its ingredients, as far as they are certain and by its route."""
        found = frozenset[str]().union(
            *(self.read(one).concepts & self.lexicon.classes for one in row.ingredients)
        )
        return found & _WHEREVER if row.is_local else found

    def is_one_of(self, ingredient: str, ids: Iterable[str]) -> bool:
        """Whether an ingredient, as a list writes it, is one of these or part of one of them."""
        parts = self._parts(ids)
        if self.reviewed.meant(ingredient) & parts:
            return True
        whole = self.reviewed.spelt(ingredient)
        for words in dict.fromkeys((whole, _BRACKETS.sub(" ", whole).strip())):
            if any(same_substance(words, name) for id_ in parts for name in self.spellings[id_]):
                return True
            read = self.read(words) if words else None
            if read and self._parts(read.named | read.may_be) & parts:
                return True
        return False

    def _parts(self, ids: Iterable[str]) -> frozenset[str]:
        """Return ids with the ingredients of combinations and what they are cases of, no class."""
        parts = self.lexicon.parts(one for one in ids if one in self.spellings)
        kinds = self.lexicon.above(parts) & self.spellings.keys()
        return (parts | kinds) - self.lexicon.classes | (parts & self.lexicon.classes)


def shares(readings: Iterable[Reading]) -> dict[str, Counter[Status]]:
    """Return by list how many different names are read how far."""
    names = {(one.row.file, one.row.name): one.status for one in readings}
    found: dict[str, Counter[Status]] = {}
    for (file, _), status in names.items():
        found.setdefault(file, Counter())[status] += 1
    return found


def commonest(readings: Iterable[Reading], file: str, most: int = 500) -> list[tuple[str, Status]]:
    """Return the names with most products on a list, and how far each is read."""
    products: Counter[str] = Counter()
    read: dict[str, Status] = {}
    for one in readings:
        if one.row.file == file:
            products[one.row.name] += one.row.products
            read[one.row.name] = one.status
    order = sorted(products.items(), key=lambda one: (-one[1], one[0]))
    return [(name, read[name]) for name, _ in order[:most]]


def understood(status: Status) -> bool:
    """Whether a name is recognised or open between named things."""
    return status in (Status.RECOGNISED, Status.NAMED)


def table(readings: list[Reading]) -> str:
    """Return how far the names of each list are read."""
    head = "".join(f"{one.value:>14}" for one in Status)
    lines = [f"{'list':18}{'names':>7}{head}"]
    for file, counts in shares(readings).items():
        size = sum(counts.values())
        row = "".join(f"{counts[one] / size:14.1%}" for one in Status)
        lines.append(f"{file:18}{size:7}{row}")
    for file in COMMON:
        top = commonest(readings, file)
        if top:
            good = sum(understood(status) for _, status in top)
            lines.append(
                f"{file}: of the {len(top)} commonest names {good} are recognised or open"
                f" between named things ({good / len(top):.1%})"
            )
    return "\n".join(lines)
