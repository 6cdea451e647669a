"""Files under `rules/` → model, through one strict converter.

Nothing is coerced, guessed or passed over: an unknown key, a missing key, a wrong type,
an unknown kind or a file that has no place is a problem, and all problems are reported
together. A rule set that does not load in full is not returned.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from attrs import evolve, frozen

from msrisk.errors import Problem, RuleSetError
from msrisk.model.cases import Case
from msrisk.model.concepts import Concept, ConceptKind, Drug, DrugClass, Term, Vocabulary, Words
from msrisk.model.rules import (
    Claim,
    FieldPrompt,
    Rule,
    RuleSet,
    Substance,
    Threshold,
    Withdrawal,
)
from msrisk.model.sources import Source
from msrisk.structuring import plain, structure
from msrisk.validation import problems_of

__all__ = ["load_cases", "load_ruleset"]

T = TypeVar("T")
Table = dict[str, object]

_TABLES: Final[Mapping[str, Mapping[str, type]]] = {
    "ruleset": {"threshold": Threshold, "field": FieldPrompt},
    "substances": {"rule": Rule, "claim": Claim},
    "vocabulary": {
        "drug_class": DrugClass,
        "drug": Drug,
        "term": Term,
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
_NOT_RULES: Final = {"README.md", "accepted-changes.toml", "cases"}


@frozen
class _Manifest:
    """What `ruleset.toml` says of the rule set itself."""

    name: str
    version: str
    packs: tuple[str, ...]
    withdrawn: Withdrawal | None = None


class _Reader:
    """Reads tables into objects, and remembers problems and the place of each object."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.broken: set[str] = set()
        self.places: dict[tuple[str, str], str] = {}
        self.objects: dict[type, list[object]] = {}

    def all(self, type_: type[T]) -> tuple[T, ...]:
        return tuple(one for one in self.objects.get(type_, []) if isinstance(one, type_))

    def note(self, where: str, expected: str, got: str = "") -> None:
        self.problems.append(Problem(where, expected, got))

    def tables(self, path: Path) -> Table:
        where = path.relative_to(self.root).as_posix()
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            self.note(where, f"TOML ({str(error)[:1].lower()}{str(error)[1:]})")
        except (OSError, UnicodeDecodeError):
            self.note(where, "a readable UTF-8 file")
        return {}

    def build(self, type_: type[T], table: object, where: str, kind: str) -> T | None:
        id_ = table.get("id") if isinstance(table, dict) else None
        if isinstance(id_, str):
            where = f"{where}: {kind} `{id_}`"
        built, problems = structure(table, type_, where)
        if built is None:
            self.problems += problems
            self.broken.add(str(id_))
            return None
        if isinstance(id_, str):
            if (kind, id_) in self.places and type_ is not Words:
                self.note(where, "an id of its own", f"one also used in {self.places[kind, id_]}")
            self.places.setdefault((kind, id_), where)
        self.objects.setdefault(type_, []).append(built)
        return built

    def build_tables(self, group: str, content: Table, where: str, more: Table) -> None:
        """Build every array of tables of a file, adding what the file says for all of them."""
        for key, value in content.items():
            type_ = _TABLES[group].get(key)
            if type_ is None:
                allowed = ", ".join(f"[[{name}]]" for name in sorted(_TABLES[group]))
                self.note(f"{where}: {key}", f"one of {allowed}", "an unknown key")
            elif not isinstance(value, list):
                self.note(f"{where}: {key}", f"an array of tables, [[{key}]]", "something else")
            else:
                for table in value:
                    self.build(type_, self.completed(table, key, where, more), where, key)

    def completed(self, table: object, key: str, where: str, more: Table) -> object:
        if not isinstance(table, dict):
            return table
        extra = dict(more)
        if key in _TOLD_IN:
            extra |= {"kind": key, "told_in": table.get("told_in", _TOLD_IN[key])}
        for name in sorted(extra.keys() & table.keys() - {"told_in"}):
            self.note(f"{where}: {key} `{table.get('id')}`: {name}", "no such key here")
        return {**table, **extra}


def load_ruleset(root: Path) -> RuleSet:
    """Load a rule set from its directory.

    Raises:
        RuleSetError: with every problem found, by file, rule and path.

    """
    reader = _Reader(root)
    manifest = _read_manifest(reader)
    for path in _files(reader):
        content = reader.tables(path)
        where = path.relative_to(root).as_posix()
        match path.parent.name:
            case "sources":
                reader.build(Source, content, where, "source")
            case "substances":
                _read_substance(reader, content, where)
            case _:
                reader.build_tables("vocabulary", content, where, {})
    ruleset = RuleSet(
        name=manifest.name,
        version=manifest.version,
        digest="",
        packs=manifest.packs,
        thresholds=reader.all(Threshold),
        fields=reader.all(FieldPrompt),
        sources=reader.all(Source),
        substances=reader.all(Substance),
        rules=reader.all(Rule),
        claims=reader.all(Claim),
        vocabulary=Vocabulary(
            drug_classes=reader.all(DrugClass),
            drugs=reader.all(Drug),
            concepts=reader.all(Concept),
            terms=reader.all(Term),
            words=reader.all(Words),
        ),
        withdrawn=manifest.withdrawn,
    )
    broken = frozenset(reader.broken) if reader.problems else None
    reader.problems += problems_of(ruleset, reader.places, broken)
    if reader.problems:
        raise RuleSetError(reader.problems)
    return evolve(ruleset, digest=digest_of(ruleset))


def load_cases(root: Path) -> tuple[Case, ...]:
    """Load the worked patients of a rule set directory.

    Raises:
        RuleSetError: with every problem found.

    """
    reader = _Reader(root)
    for path in sorted((root / "cases").glob("*.toml")):
        reader.build_tables("cases", reader.tables(path), f"cases/{path.name}", {})
    if reader.problems:
        raise RuleSetError(reader.problems)
    return reader.all(Case)


def digest_of(ruleset: RuleSet) -> str:
    """Return the SHA-256 of a rule set's content, independent of file layout and order."""
    content = {
        name: value for name, value in plain(ruleset).items() if name not in {"digest", "withdrawn"}
    }
    text = json.dumps(_canonical(content), ensure_ascii=False, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _canonical(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        parts = [_canonical(one) for one in value]
        return sorted(parts, key=lambda one: json.dumps(one, sort_keys=True))
    return value


def _read_manifest(reader: _Reader) -> _Manifest:
    path = reader.root / "ruleset.toml"
    if not path.is_file():
        expected = "the directory of a rule set, with a file ruleset.toml"
        raise RuleSetError([Problem(reader.root.name or "rules", expected)])
    content = reader.tables(path)
    tables = {key: content.pop(key) for key in _TABLES["ruleset"] if key in content}
    reader.build_tables("ruleset", tables, path.name, {})
    if not content and reader.problems:
        return _Manifest("", "", ())
    manifest = reader.build(_Manifest, content, path.name, "rule set")
    return manifest or _Manifest("", "", ())


def _files(reader: _Reader) -> Iterator[Path]:
    for path in sorted(reader.root.iterdir()):
        if path.name in _NOT_RULES or path.name == "ruleset.toml":
            continue
        if path.name not in {"sources", "substances", "vocabulary"} or not path.is_dir():
            reader.note(path.name, "no such file or folder in a rule set")
            continue
        for inside in sorted(path.iterdir()):
            if inside.suffix == ".toml" and inside.is_file():
                yield inside
            else:
                reader.note(f"{path.name}/{inside.name}", "a .toml file, or nothing here")


def _read_substance(reader: _Reader, content: Table, where: str) -> None:
    more: Table = {"pack": content.pop("pack", None)}
    if not isinstance(more["pack"], str):
        reader.note(f"{where}: pack", "the id of a rule pack")
        more["pack"] = ""
    if where != "substances/every.toml":
        table = content.pop("substance", None)
        built = reader.build(Substance, table, where, "substance")
        more["applies_to"] = [built.id] if built else []
    reader.build_tables("substances", content, where, more)
