"""Files under `rules/` → model, through one strict converter.

Nothing is coerced, guessed or passed over: an unknown key, a missing key, a wrong type,
an unknown kind or a file that has no place is a problem, and all problems are reported
together. A rule set that does not load in full is not returned.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from attrs import evolve, frozen

from msrisk.errors import Problem, RuleSetError
from msrisk.model.cases import Case
from msrisk.model.checks import kind_of
from msrisk.model.concepts import (
    ANYTHING,
    Concept,
    ConceptKind,
    Confusable,
    Drug,
    DrugClass,
    Possible,
    Term,
    Vocabulary,
    Words,
)
from msrisk.model.history import Retired, Withdrawal
from msrisk.model.rules import (
    EVERY,
    Claim,
    FieldPrompt,
    Rule,
    RuleSet,
    Substance,
    Threshold,
)
from msrisk.model.sources import Source
from msrisk.structuring import key_text, plain, structure, unknown
from msrisk.validation import problems_of

__all__ = ["load_cases", "load_ruleset"]

T = TypeVar("T")
Table = dict[str, object]

_TABLES: Final[Mapping[str, Mapping[str, type]]] = {
    "ruleset": {"threshold": Threshold, "field": FieldPrompt, "retired": Retired},
    "substances": {"rule": Rule, "claim": Claim},
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
_FOLDERS: Final = ("sources", "substances", "vocabulary")
_NOT_RULES: Final = {"README.md", "accepted-changes.toml", "cases", "ruleset.toml"}
_MANIFEST: Final = ("name", "version", "packs", "withdrawn")
_ID: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED: Final = {EVERY, ANYTHING.value}


@frozen
class _Manifest:
    """What `ruleset.toml` says of the rule set itself."""

    name: str
    version: str
    packs: tuple[str, ...]
    withdrawn: Withdrawal | None = None


_NO_MANIFEST: Final = _Manifest("", "", ())


class _Reader:
    """Reads tables into objects, and remembers problems and the place of each object.

    Attributes:
        broken: ids of what could not be read, so that it is not missed elsewhere;
            `ANYTHING` when it is not known what the unreadable part would have held.
        places: `id()` of each object → its file and name.

    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.broken: Possible = frozenset()
        self.places: dict[int, str] = {}
        self.files: dict[str, str] = {}
        self.objects: dict[type, list[object]] = {}

    def all(self, type_: type[T]) -> tuple[T, ...]:
        return tuple(one for one in self.objects.get(type_, []) if isinstance(one, type_))

    def note(self, where: str, expected: str, got: str = "") -> None:
        self.problems.append(Problem(where, expected, got))

    def lose(self, id_: object) -> None:
        """Remember that something could not be read, by its id if that much is known."""
        if self.broken is not ANYTHING:
            known = isinstance(id_, str) and _ID.fullmatch(id_)
            self.broken = self.broken | {str(id_)} if known else ANYTHING

    def tables(self, path: Path) -> Table | None:
        where = path.relative_to(self.root).as_posix()
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"at line \d+, column \d+|at end of document", str(error))
            self.note(where, "TOML", f"something else {place.group()}" if place else "")
        except RecursionError:
            self.note(where, "TOML", "too many tables or lists inside each other")
        except (OSError, UnicodeDecodeError):
            self.note(where, "a readable UTF-8 file")
        except ValueError:
            self.note(where, "TOML", "a number of too many digits")
        self.lose(None)
        return None

    def files_of(self, folder: Path) -> Iterator[Path]:
        """Yield the files of a folder of a rule set, in which nothing else may lie."""
        for path in sorted(folder.iterdir()):
            if path.suffix == ".toml" and path.is_file():
                yield path
            else:
                self.note(f"{folder.name}/{path.name}", "a .toml file, or nothing here")
                self.lose(None)

    def build(self, type_: type[T], table: object, file: str, name: str) -> T | None:
        """Build one object of a file, where `name` says what it is."""
        id_ = table.get("id") if isinstance(table, dict) else None
        where = f"{file}: {name}" if name else file
        built, problems = structure(table, type_, where)
        self.problems += problems
        if built is None:
            self.lose(id_)
            return None
        # Several lists of words may name one route.
        if isinstance(id_, str) and type_ is not Words:
            self.check_id(id_, where, type_)
        self.places[id(built)] = where
        self.objects.setdefault(type_, []).append(built)
        return built

    def check_id(self, id_: str, where: str, type_: type) -> None:
        # The ids of field prompts are names of fields, which are checked with the references.
        if type_ is not FieldPrompt and (not _ID.fullmatch(id_) or id_ in _RESERVED):
            expected = "lower-case letters, digits and single hyphens, not every or anything"
            self.note(f"{where}: id", expected)
        file, _, name = where.partition(": ")
        if name in self.files:
            got = f"one also used in {self.files[name]}"
            self.note(f"{where}: id", "an id of its own", got)
        self.files.setdefault(name, file)

    def build_tables(
        self, group: str, content: Table, file: str, more: Table, own: Iterable[str] = ()
    ) -> None:
        """Build every array of tables of a file, adding what the file says for all of them.

        What else may stand at the top of such a file, and was read before, is `own`.
        """
        types = _TABLES[group]
        for key, value in content.items():
            where = f"{file}: {key_text(key)}"
            if key not in types:
                allowed = [*own, *(f"[[{name}]]" for name in sorted(types))]
                got = unknown("key", key, types)
                self.note(where, f"one of {', '.join(allowed)}", got)
                self.lose(None)
            elif not isinstance(value, list):
                self.note(where, f"an array of tables, [[{key}]]", kind_of(value))
                self.lose(None)
            else:
                for number, table in enumerate(value, 1):
                    name = _name(table, key, number)
                    table_ = self.completed(table, key, f"{file}: {name}", more)
                    self.build(types[key], table_, file, name)

    def completed(self, table: object, key: str, where: str, more: Table) -> object:
        if not isinstance(table, dict):
            return table
        extra = dict(more)
        if key in _TOLD_IN:
            extra |= {"kind": key, "told_in": table.get("told_in", _TOLD_IN[key])}
        for name in sorted(extra.keys() & (table.keys() - {"told_in"})):
            self.note(f"{where}: {name}", "no such key here")
        return {**table, **extra}


def _name(table: object, key: str, number: int | None = None) -> str:
    """Return what a table is called in a message: its id, its first name, or its number."""
    if isinstance(table, dict):
        names = table.get("names")
        first = names[0] if isinstance(names, list) and names else None
        for name in (table.get("id"), first):
            if isinstance(name, str) and name and name.isprintable():
                return f"{key} `{name}`"
    return f"{key} {number}" if number else key


def load_ruleset(root: Path) -> RuleSet:
    """Load a rule set from its directory.

    Raises:
        RuleSetError: with every problem found, by file, rule and path.

    """
    reader = _Reader(root)
    manifest = _read_manifest(reader)
    for path in _files(reader):
        content = reader.tables(path)
        if content is None:
            continue
        where = path.relative_to(root).as_posix()
        match path.parent.name:
            case "sources":
                reader.build(Source, content, where, _name(content, "source"))
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
            confusables=reader.all(Confusable),
        ),
        retired=reader.all(Retired),
        withdrawn=manifest.withdrawn,
    )
    reader.problems += problems_of(ruleset, reader.places, reader.broken, whole=not reader.problems)
    if reader.problems:
        raise RuleSetError(reader.problems)
    return evolve(ruleset, digest=digest_of(ruleset))


def load_cases(root: Path) -> tuple[Case, ...]:
    """Load the worked patients of a rule set directory.

    Raises:
        RuleSetError: with every problem found.

    """
    reader = _Reader(root)
    if (root / "cases").is_dir():
        for path in reader.files_of(root / "cases"):
            reader.build_tables("cases", reader.tables(path) or {}, f"cases/{path.name}", {})
    if reader.problems:
        raise RuleSetError(reader.problems)
    return reader.all(Case)


def digest_of(ruleset: RuleSet) -> str:
    """Return the SHA-256 of a rule set's content, independent of file layout and order."""
    content = {
        name: value for name, value in plain(ruleset).items() if name not in {"digest", "withdrawn"}
    }
    # A rule set without these keeps the digest that earlier packages gave it.
    if not ruleset.retired:
        del content["retired"]
    if not ruleset.vocabulary.confusables:
        content["vocabulary"] = {
            name: value
            for name, value in plain(ruleset.vocabulary).items()
            if name != "confusables"
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
    if content is None:
        return _NO_MANIFEST
    own = {key: content.pop(key) for key in _MANIFEST if key in content}
    manifest = reader.build(_Manifest, own, path.name, "")
    reader.build_tables("ruleset", content, path.name, {}, _MANIFEST)
    return manifest or _NO_MANIFEST


def _files(reader: _Reader) -> Iterator[Path]:
    for path in sorted(reader.root.iterdir()):
        if path.name in _NOT_RULES:
            continue
        if path.name in _FOLDERS and path.is_dir():
            yield from reader.files_of(path)
        else:
            reader.note(path.name, "nothing of this name in a rule set")
            reader.lose(None)


def _read_substance(reader: _Reader, content: Table, file: str) -> None:
    pack = content.pop("pack", None)
    if not isinstance(pack, str) or not pack:
        reader.note(f"{file}: pack", "the id of a rule pack", kind_of(pack or None))
        pack = ""
    more: Table = {"pack": pack}
    own = ["pack"]
    if file != "substances/every.toml":
        own.append("[substance]")
        table = content.pop("substance", None)
        reader.build(Substance, table, file, _name(table, "substance"))
        id_ = table.get("id") if isinstance(table, dict) else None
        more["applies_to"] = [id_] if isinstance(id_, str) else ["?"]
    reader.build_tables("substances", content, file, more, own)
