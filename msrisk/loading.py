"""Files under `rules/` → model, through one strict converter.

Nothing is coerced, guessed or passed over: an unknown key, a missing key, a wrong type,
an unknown kind or a file that has no place is a problem, and all problems are reported
together. A rule set that does not load in full is not returned.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, TypeVar

from attrs import evolve, fields_dict, frozen

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
from msrisk.notation import why_not_toml
from msrisk.structuring import (
    canonical,
    key_text,
    list_text,
    plain,
    structure,
    table_text,
    unknown,
)
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
_LISTS: Final = ("thresholds", "fields", "sources", "substances", "rules", "claims", "retired")
_ID: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED: Final = {EVERY, ANYTHING.value}
_IS_ID: Final = (
    "an id of lower-case letters, digits and single hyphens, such as `ala-older-adult`; "
    f"`{EVERY}` and `{ANYTHING.value}` are taken"
)


@frozen
class _Manifest:
    """What `ruleset.toml` says of the rule set itself."""

    name: str
    version: str
    packs: tuple[str, ...]
    withdrawn: Withdrawal | None = None


_NO_MANIFEST: Final = _Manifest("", "", ())


class _Built:
    """An object of a file, with what the file calls it, and the id that it gives."""

    def __init__(self, made: object, type_: type[object], id_: object, *name: str) -> None:
        self.made = made
        self.type_ = type_
        self.id_ = id_
        self.name, self.place = name

    @cached_property
    def text(self) -> str:
        """Its part of what the digest is of."""
        return canonical(plain(self.made))


class _File:
    """Reads one file into objects and problems, and knows nothing of any other file.

    Attributes:
        found: the objects and the problems, in reading order.
        lost: the ids of what could not be read; None where not even that is known.

    """

    def __init__(self, where: str, text: str) -> None:
        self.where = where
        self.found: list[_Built | Problem] = []
        self.lost: list[object] = []
        content = self._tables(text)
        if content is not None:
            self._read(content)

    def note(self, where: str, expected: str, got: str = "") -> None:
        self.found.append(Problem(where, expected, got))

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
        folder, _, _ = self.where.rpartition("/")
        match folder:
            case "":
                own = {key: content.pop(key) for key in _MANIFEST if key in content}
                self._build(_Manifest, own, "")
                self._build_tables("ruleset", content, {}, _MANIFEST)
            case "sources":
                self._build(Source, content, _name(content, "source"))
            case "substances":
                self._read_substance(content)
            case "cases":
                self._build_tables(folder, content, {"file": self.where})
            case _:
                self._build_tables(folder, content, {})

    def _read_substance(self, content: Table) -> None:
        pack = content.pop("pack", None)
        if not isinstance(pack, str) or not pack:
            self.note(f"{self.where}: pack", "the id of a rule pack", kind_of(pack or None))
            pack = ""
        more: Table = {"pack": pack}
        own = ["pack"]
        if self.where != "substances/every.toml":
            own.append("[substance]")
            table = content.pop("substance", None)
            self._build(Substance, table, _name(table, "substance"))
            id_ = table.get("id") if isinstance(table, dict) else None
            more["applies_to"] = [id_] if isinstance(id_, str) else ["?"]
        self._build_tables("substances", content, more, own)

    def _build(self, type_: type[object], table: object, name: str, place: str = "") -> None:
        """Build one object, where `name` says what it is, and `place` which of its array."""
        id_ = table.get("id") if isinstance(table, dict) else None
        built, problems = structure(table, type_, f"{self.where}: {name}" if name else self.where)
        self.found += problems
        if built is None:
            self.lost.append(id_)
        else:
            self.found.append(_Built(built, type_, id_, name, place))

    def _build_tables(
        self, group: str, content: Table, more: Table, own: Iterable[str] = ()
    ) -> None:
        """Build every array of tables, adding what the file says for all of them.

        What else may stand at the top of such a file, and was read before, is `own`.
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
                    self._build(types[key], whole, name, f"[[{key}]] number {number}")

    def _completed(self, table: object, key: str, name: str, more: Table) -> object:
        if not isinstance(table, dict):
            return table
        extra = dict(more)
        if key in _TOLD_IN:
            extra |= {"kind": key, "told_in": table.get("told_in", _TOLD_IN[key])}
        for double in sorted(extra.keys() & (table.keys() - {"told_in"})):
            self.note(f"{self.where}: {name}: {double}", "no such key here")
        return {**table, **extra}


_kept_file = lru_cache(maxsize=256)(_File)
"""Reads a file of rules, once for all rule sets that have the very same one at its place."""


class _Reader:
    """Puts the files of a rule set together, with all problems and the place of each object.

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
        self.built: dict[int, _Built] = {}

    def all(self, type_: type[T]) -> tuple[T, ...]:
        return tuple(one.made for one in self.built.values() if isinstance(one.made, type_))

    def text(self, one: object) -> str:
        """Return the part that an object has in what the digest is of."""
        return self.built[id(one)].text

    def note(self, where: str, expected: str, got: str = "") -> None:
        self.problems.append(Problem(where, expected, got))

    def lose(self, id_: object) -> None:
        """Remember that something could not be read, by its id if that much is known."""
        if self.broken is not ANYTHING:
            known = isinstance(id_, str) and _ID.fullmatch(id_)
            self.broken = self.broken | {str(id_)} if known else ANYTHING

    def read(self, path: Path, read: Callable[[str, str], _File] = _kept_file) -> None:
        """Read a file, and take over what is in it."""
        where = path.relative_to(self.root).as_posix()
        try:
            file = read(where, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            self.note(where, "a readable UTF-8 file")
            self.lose(None)
            return
        for one in file.found:
            if isinstance(one, Problem):
                self.problems.append(one)
            else:
                self._take(one, where)
        for id_ in file.lost:
            self.lose(id_)

    def _take(self, one: _Built, file: str) -> None:
        # Several lists of words may name one route.
        if isinstance(one.id_, str) and one.type_ is not Words:
            self._check_id(one.id_, file, one)
        self.places[id(one.made)] = f"{file}: {one.name}" if one.name else file
        self.built[id(one.made)] = one

    def _check_id(self, id_: str, file: str, one: _Built) -> None:
        where = f"{file}: {one.name}: id"
        # The ids of field prompts are names of fields, which are checked with the references.
        if one.type_ is not FieldPrompt and (not _ID.fullmatch(id_) or id_ in _RESERVED):
            self.note(where, _IS_ID)
        if one.name in self.files:
            got = f"one also used in {self.files[one.name]}"
            self.note(where, "an id of its own", got)
        self.files.setdefault(one.name, f"{file} ({one.place})" if one.place else file)

    def files_of(self, folder: Path) -> Iterator[Path]:
        """Yield the files of a folder of a rule set, in which nothing else may lie."""
        for path in sorted(folder.iterdir()):
            if path.suffix == ".toml" and path.is_file():
                yield path
            else:
                self.note(f"{folder.name}/{path.name}", "a .toml file, or nothing here")
                self.lose(None)


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
    for path in _files(reader):
        reader.read(path)
    manifest = next(iter(reader.all(_Manifest)), _NO_MANIFEST)
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
    return evolve(ruleset, digest=digest_of(ruleset, reader.text))


def load_cases(root: Path) -> tuple[Case, ...]:
    """Load the worked patients of a rule set directory.

    Raises:
        RuleSetError: with every problem found.

    """
    reader = _Reader(root)
    if (root / "cases").is_dir():
        for path in reader.files_of(root / "cases"):
            # The intake of a case can be changed, so nobody else may have the same one.
            reader.read(path, _File)
    if reader.problems:
        raise RuleSetError(reader.problems)
    return reader.all(Case)


def digest_of(ruleset: RuleSet, text_of: Callable[[object], str] | None = None) -> str:
    """Return the SHA-256 of a rule set's content, independent of file layout and order.

    `text_of` may know the canonical text of each object, in place of making it once more.
    """
    text_of = text_of or (lambda one: canonical(plain(one)))
    content = {name: canonical(getattr(ruleset, name)) for name in ("name", "version", "packs")}
    for name in _LISTS:
        content[name] = list_text(map(text_of, getattr(ruleset, name)))
    words = {
        name: list_text(map(text_of, getattr(ruleset.vocabulary, name)))
        for name in fields_dict(Vocabulary)
    }
    # A rule set without these keeps the digest that earlier packages gave it.
    if not ruleset.retired:
        del content["retired"]
    if not ruleset.vocabulary.confusables:
        del words["confusables"]
    content["vocabulary"] = table_text(words)
    return f"sha256:{hashlib.sha256(table_text(content).encode()).hexdigest()}"


def _files(reader: _Reader) -> Iterator[Path]:
    """Yield the files of a rule set, `ruleset.toml` before all others."""
    manifest = reader.root / "ruleset.toml"
    if not manifest.is_file():
        root = reader.root.absolute()
        wrong = "no ruleset.toml in this folder" if root.is_dir() else "a file, not a folder"
        wrong = wrong if root.exists() else "no such folder"
        raise RuleSetError([Problem(f"{root}: {wrong}", "the folder of a rule set")])
    yield manifest
    for path in sorted(reader.root.iterdir()):
        if path.name in _NOT_RULES:
            continue
        if path.name in _FOLDERS and path.is_dir():
            yield from reader.files_of(path)
        else:
            reader.note(path.name, "nothing of this name in a rule set")
            reader.lose(None)
