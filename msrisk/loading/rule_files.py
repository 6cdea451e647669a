"""Reads one file of a rule set as objects, and reports each thing wrong in it.

Nothing is coerced, guessed or passed over: an unknown key, a missing key, a wrong type or
an unknown kind is a problem, and all problems of a file are reported together.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Final

from attrs import fields_dict, frozen

from msrisk.errors import Problem, RuleSetError
from msrisk.loading.notation import why_not_toml
from msrisk.loading.structuring import canonical, key_text, plain, structure, unknown
from msrisk.model.cases import Case
from msrisk.model.checks import kind_of
from msrisk.model.concepts import (
    Concept,
    ConceptKind,
    Confusable,
    Drug,
    DrugClass,
    Term,
    Words,
)
from msrisk.model.evidence import Item, Reference, Searched
from msrisk.model.history import Retired, Withdrawal, is_day
from msrisk.model.rules import Claim, FieldPrompt, Rule, Substance, Threshold
from msrisk.model.sources import Source
from msrisk.model.wording import Wording

__all__ = ["Built", "Manifest", "RuleFile", "kept_file"]

Table = dict[str, object]

_TABLES: Final[Mapping[str, Mapping[str, type]]] = {
    "ruleset": {"threshold": Threshold, "field": FieldPrompt, "retired": Retired},
    "substances": {"rule": Rule, "claim": Claim},
    "evidence": {
        "reference": Reference,
        "item": Item,
        "rule": Rule,
        "wording": Wording,
        "searched": Searched,
    },
    "vocabulary": {
        "drug_class": DrugClass,
        "drug": Drug,
        "term": Term,
        "confusable": Confusable,
        "words": Words,
        **{kind.value: Concept for kind in ConceptKind if kind.value not in {"drug", "drug_class"}},
    },
    "cases": {"case": Case},
}
# In which fields a concept's absence must be established, unless the file says otherwise.
_TOLD_IN: Final = {
    "condition": ["conditions"],
    "topic": ["conditions"],
    "allergen": ["allergies"],
    "symptom": ["symptoms"],
    "supplement": ["supplements"],
}
_HEAD: Final = re.compile(r"\s*\[{1,2}\s*(\w+)\s*\]{1,2}\s*(?:#.*)?$")
_MANIFEST: Final = ("name", "version", "packs", "withdrawn", "roles", "released")


@frozen
class _Head:
    """What a file of the vocabulary says of where its entries are from."""

    source: str


@frozen
class Manifest:
    """What `ruleset.toml` says of the rule set itself."""

    name: str
    version: str
    packs: tuple[str, ...]
    withdrawn: Withdrawal | None = None
    roles: tuple[str, ...] = ()
    released: str = ""

    def __attrs_post_init__(self) -> None:
        if self.released and not is_day(self.released):
            raise RuleSetError([Problem("released", "a day as YYYY-MM-DD")])


def _fields(key: str) -> Iterable[str]:
    """Return the fields of what a table of the vocabulary is read as."""
    type_ = _TABLES["vocabulary"].get(key)
    return fields_dict(type_) if type_ else ()


class Built:
    """An object of a file, with what the file calls it, and the id that it gives.

    Attributes:
        table: the name of its table in the file; empty if it is the file itself.
        number: which of its array of tables it is, from 1; 0 if it stands in none.

    """

    def __init__(
        self, made: object, id_: object, name: str, table: str = "", number: int = 0
    ) -> None:
        self.made = made
        self.id_ = id_
        self.name = name
        self.table = table
        self.number = number

    @property
    def place(self) -> str:
        """Say which of its array of tables it is."""
        return f"[[{self.table}]] number {self.number}" if self.number else ""

    @cached_property
    def text(self) -> str:
        """Its part of what the digest is of."""
        return canonical(plain(self.made))


class RuleFile:
    """Reads one file into objects and problems, and knows nothing of any other file.

    Attributes:
        where: its path in the folder of the rules.
        found: the objects and the problems, in reading order.
        lost: the ids of what could not be read; None where not even that is known.

    """

    def __init__(self, where: str, text: str) -> None:
        self.where = where
        self._text = text
        self.found: list[Built | Problem] = []
        self.lost: list[object] = []
        content = self._tables(text)
        if content is not None:
            self._read(content)

    def note(self, where: str, expected: str, got: str = "") -> None:
        """Add a problem among the objects, where it was met."""
        self.found.append(Problem(where, expected, got))

    def place_of(self, one: Built) -> str:
        """Return the file of an object and, where it has a head of its own, its line."""
        number = max(one.number, 1)
        line = self._heads.get(one.table, [])[number - 1 : number]
        return ":".join([self.where, *map(str, line)])

    @cached_property
    def _heads(self) -> Mapping[str, list[int]]:
        """The lines with the heads of tables, by their names: looked up only if asked for."""
        heads: defaultdict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self._text.split("\n"), 1):
            head = _HEAD.match(line)
            if head:
                heads[head[1]].append(number)
        return heads

    def _tables(self, text: str) -> Table | None:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.found.append(why_not_toml(self.where, text, error))
        except RecursionError:
            self.note(self.where, "TOML", "too many tables or lists inside each other")
        except ValueError:
            self.note(self.where, "TOML", "a number of too many digits")
        self.lost.append(None)
        return None

    def _read(self, content: Table) -> None:
        folder, _, name = self.where.partition("/")
        match folder if name else "":
            case "":
                own = {key: content.pop(key) for key in _MANIFEST if key in content}
                self._build(Manifest, own, "")
                self._build_tables("ruleset", content, {}, _MANIFEST)
            case "sources":
                self._build(Source, content, _name(content, "source"))
            case "substances":
                self._read_substance(content)
            case "evidence":
                pack = self._pack(content)
                self._build_tables(folder, content, {"pack": pack}, ["pack"])
            case "cases":
                self._build_tables(folder, content, {"file": self.where})
            case _:
                self._read_vocabulary(content)

    def _pack(self, content: Table) -> str:
        """Return the pack that a file says its rules belong to; empty if it says none."""
        pack = content.pop("pack", None)
        if isinstance(pack, str) and pack:
            return pack
        self.note(f"{self.where}: pack", "the id of a rule pack", kind_of(pack or None))
        return ""

    def _read_substance(self, content: Table) -> None:
        more: Table = {"pack": self._pack(content)}
        own = ["pack"]
        if self.where != "substances/every.toml":
            own.append("[substance]")
            table = content.pop("substance", None)
            self._build(Substance, table, _name(table, "substance"), "substance")
            id_ = table.get("id") if isinstance(table, dict) else None
            more["applies_to"] = [id_] if isinstance(id_, str) else ["?"]
        self._build_tables("substances", content, more, own)

    def _read_vocabulary(self, content: Table) -> None:
        """Read entries; a `source` at the head of the file is that of each without its own."""
        head = {"source": content.pop("source")} if "source" in content else {}
        if head:
            made, problems = structure(head, _Head, self.where)
            self.found += problems
            # What is wrong with it is said once, and not of each entry again.
            head = {"source": made.source if made else "?"}
            if not any(map(self._wants_source, content.items())):
                self.note(f"{self.where}: source", "an entry that has no source of its own", "none")
        self._build_tables("vocabulary", content, {}, ["source"], head)

    @staticmethod
    def _wants_source(group: tuple[str, object]) -> bool:
        key, tables = group
        return (
            isinstance(tables, list)
            and "source" in _fields(key)
            and any(isinstance(table, dict) and "source" not in table for table in tables)
        )

    def _build(
        self, type_: type[object], table: object, name: str, key: str = "", number: int = 0
    ) -> None:
        """Build one object, where `name` says what it is, `number` which of its array."""
        id_ = table.get("id") if isinstance(table, dict) else None
        built, problems = structure(table, type_, f"{self.where}: {name}" if name else self.where)
        self.found += problems
        if built is None:
            self.lost.append(id_)
        else:
            self.found.append(Built(built, id_, name, key, number))

    def _build_tables(
        self,
        group: str,
        content: Table,
        more: Table,
        own: Iterable[str] = (),
        head: Mapping[str, object] | None = None,
    ) -> None:
        """Build every array of tables, adding what the file says for all of them.

        What else may stand at the top of such a file, and was read before, is `own`. `more`
        is never said by an entry itself; `head` holds for the entries that say nothing else.
        """
        types = _TABLES[group]
        for key, value in content.items():
            where = f"{self.where}: {key_text(key)}"
            if key not in types:
                allowed = [*own, *(f"[[{name}]]" for name in sorted(types))]
                got = unknown("key", key, types)
                self.note(where, f"one of {', '.join(allowed)}", got)
                self.lost.append(None)
            elif not isinstance(value, list):
                self.note(where, f"an array of tables, [[{key}]]", kind_of(value))
                self.lost.append(None)
            else:
                for number, table in enumerate(value, 1):
                    name = _name(table, key, number)
                    whole = self._completed(table, key, name, more)
                    if head and isinstance(whole, dict) and "source" in _fields(key):
                        whole = {**head, **whole}
                    self._build(types[key], whole, name, key, number)

    def _completed(self, table: object, key: str, name: str, more: Table) -> object:
        if not isinstance(table, dict):
            return table
        extra = dict(more)
        if key in _TOLD_IN:
            extra |= {"kind": key, "told_in": table.get("told_in", _TOLD_IN[key])}
        for double in sorted(extra.keys() & (table.keys() - {"told_in"})):
            self.note(f"{self.where}: {name}: {double}", "no such key here")
        return {**table, **extra}


kept_file = lru_cache(maxsize=512)(RuleFile)
"""Reads a file of rules, once for all rule sets that have the very same one at its place."""


def _name(table: object, key: str, number: int | None = None) -> str:
    """Return what a table is called in a message: its id, its first name, or its number."""
    if isinstance(table, dict):
        names = table.get("names")
        first = names[0] if isinstance(names, list) and names else None
        for name in (table.get("id"), first):
            if isinstance(name, str) and name and name.isprintable():
                return f"{key} `{name}`"
    return f"{key} {number}" if number else key
