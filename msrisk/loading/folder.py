"""Loads the folder of a rule set as one `RuleSet`, or reports everything wrong in it.

Nothing is passed over: a file that has no place is a problem as what is wrong in a file is,
and all problems are reported together. A rule set that does not load in full is not returned.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from attrs import evolve, fields_dict, frozen

from msrisk.errors import Problem, RuleSetError
from msrisk.loading.evidence import problems_of_evidence
from msrisk.loading.rule_files import Built, Manifest, RuleFile, kept_file
from msrisk.loading.structuring import canonical, list_text, plain, table_text
from msrisk.loading.validation import problems_of
from msrisk.model.cases import Case
from msrisk.model.concepts import (
    ANYTHING,
    Concept,
    Confusable,
    Drug,
    DrugClass,
    Possible,
    Term,
    Vocabulary,
    Words,
)
from msrisk.model.evidence import Item, Reference, Searched
from msrisk.model.history import Retired
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
from msrisk.model.wording import Wording

__all__ = ["Placed", "load_cases", "load_ruleset", "placed_in"]

T = TypeVar("T")

_FOLDERS: Final = ("evidence", "sources", "substances", "vocabulary")
_DEEP: Final = "vocabulary"  # the folder that may have folders in it
_NOT_RULES: Final = {"README.md", "accepted-changes.toml", "cases", "ruleset.toml"}
_LISTS: Final = ("thresholds", "fields", "sources", "substances", "rules", "claims")
# A rule set without these keeps the digest that earlier packages gave it.
_LATER: Final = ("retired", "references", "evidence", "wordings", "searched")
_ID: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED: Final = {EVERY, ANYTHING.value}
_IS_ID: Final = (
    "an id of lower-case letters, digits and single hyphens, such as `ala-older-adult`; "
    f"`{EVERY}` and `{ANYTHING.value}` are taken"
)
_NO_MANIFEST: Final = Manifest("", "", ())


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
        self.built: dict[int, Built] = {}
        self.read_files: list[RuleFile] = []

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

    def read(self, path: Path, read: Callable[[str, str], RuleFile] = kept_file) -> None:
        """Read a file, and take over what is in it."""
        where = path.relative_to(self.root).as_posix()
        try:
            file = read(where, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            self.note(where, "a readable UTF-8 file")
            self.lose(None)
            return
        self.read_files.append(file)
        for one in file.found:
            if isinstance(one, Problem):
                self.problems.append(one)
            else:
                self._take(one, where)
        for id_ in file.lost:
            self.lose(id_)

    def _take(self, one: Built, file: str) -> None:
        # Several lists of words may name one route.
        if isinstance(one.id_, str) and not isinstance(one.made, Words):
            self._check_id(one.id_, file, one)
        self.places[id(one.made)] = f"{file}: {one.name}" if one.name else file
        self.built[id(one.made)] = one

    def _check_id(self, id_: str, file: str, one: Built) -> None:
        where = f"{file}: {one.name}: id"
        # The ids of field prompts are names of fields, which are checked with the references.
        if not isinstance(one.made, FieldPrompt) and (not _ID.fullmatch(id_) or id_ in _RESERVED):
            self.note(where, _IS_ID)
        if one.name in self.files:
            got = f"one also used in {self.files[one.name]}"
            self.note(where, "an id of its own", got)
        self.files.setdefault(one.name, f"{file} ({one.place})" if one.place else file)

    def files_of(self, folder: Path) -> Iterator[Path]:
        """Yield the files of a folder of a rule set, in which nothing else may lie.

        The vocabulary may have folders inside, each with something in it. A link to a folder
        is none, as it could lead back to where it stands.
        """
        inner = folder.relative_to(self.root)
        for path in sorted(folder.iterdir()):
            if path.suffix == ".toml" and path.is_file():
                yield path
            elif (
                inner.parts[0] == _DEEP
                and path.is_dir()
                and not path.is_symlink()
                and any(path.iterdir())
            ):
                yield from self.files_of(path)
            else:
                self.note((inner / path.name).as_posix(), "a .toml file, or nothing here")
                self.lose(None)


def load_ruleset(root: Path) -> RuleSet:
    """Load a rule set from its directory.

    Raises:
        RuleSetError: with every problem found, by file, rule and path.

    """
    reader = _Reader(root)
    for path in _files(reader):
        reader.read(path)
    manifest = next(iter(reader.all(Manifest)), _NO_MANIFEST)
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
        roles=manifest.roles,
        released=manifest.released,
        references=reader.all(Reference),
        evidence=reader.all(Item),
        wordings=reader.all(Wording),
        searched=reader.all(Searched),
    )
    whole = not reader.problems
    reader.problems += problems_of(ruleset, reader.places, reader.broken, whole=whole)
    reader.problems += problems_of_evidence(ruleset, reader.places, reader.broken)
    if reader.problems:
        raise RuleSetError(reader.problems)
    return evolve(ruleset, digest=digest_of(ruleset, reader.text))


@frozen
class Placed:
    """An object of a rule set, what its file calls it, and the file and line where it stands."""

    made: object
    name: str
    place: str


def placed_in(root: Path) -> tuple[Placed, ...]:
    """Return every object in a folder of rules with its place, in reading order.

    The folder is read once more: a rule set does not know where its parts stand.

    Raises:
        RuleSetError: with what cannot be read any more.

    """
    reader = _Reader(root)
    for path in _files(reader):
        reader.read(path)
    if reader.problems:
        raise RuleSetError(reader.problems)
    return tuple(
        Placed(one.made, one.name, file.place_of(one))
        for file in reader.read_files
        for one in file.found
        if isinstance(one, Built)
    )


def load_cases(root: Path) -> tuple[Case, ...]:
    """Load the worked patients of a rule set directory.

    Raises:
        RuleSetError: with every problem found.

    """
    reader = _Reader(root)
    if (root / "cases").is_dir():
        for path in reader.files_of(root / "cases"):
            # The intake of a case can be changed, so nobody else may have the same one.
            reader.read(path, RuleFile)
    if reader.problems:
        raise RuleSetError(reader.problems)
    return reader.all(Case)


def digest_of(ruleset: RuleSet, text_of: Callable[[object], str] | None = None) -> str:
    """Return the SHA-256 of a rule set's content, independent of file layout and order.

    `text_of` may know the canonical text of each object, in place of making it once more.
    """
    text_of = text_of or (lambda one: canonical(plain(one)))
    content = {name: canonical(getattr(ruleset, name)) for name in ("name", "version", "packs")}
    for name in (*_LISTS, *(late for late in _LATER if getattr(ruleset, late))):
        content[name] = list_text(map(text_of, getattr(ruleset, name)))
    words = {
        name: list_text(map(text_of, getattr(ruleset.vocabulary, name)))
        for name in fields_dict(Vocabulary)
    }
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
