"""Writes objects so that they are read back in parts, each when somebody asks for it.

msrisk knows thousands of names, and a patient tells a few. So a large dictionary or set is written
as a shelf: asked for a key, it reads the few entries that stand together with that key. What was
read stays in memory and is one object wherever it is named; several threads may read at once.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from io import BytesIO
from itertools import accumulate
from typing import Any, Final, Generic, TypeVar
from zlib import crc32

from attrs import fields, has

from msrisk.model.later import Later

__all__ = ["Shelf", "ShelfSet", "Store", "stored"]

K = TypeVar("K", str, tuple[str, ...])
V = TypeVar("V")

# A dictionary or set of more entries is a shelf; about so many of its entries stand together.
_LARGE: Final = 1_000
_ENTRIES: Final = 48
# So many of the objects that several things share stand together.
_SHARED: Final = 12


class Store:
    """Objects that are read from bytes in parts.

    Args:
        content: what `stored` returned. Its parts are pickles: whoever wrote them decides what
            reading them does.

    Attributes:
        value: the object that was stored.

    """

    def __init__(self, content: bytes | memoryview) -> None:
        (count,) = struct.unpack_from("<I", content)
        self._ends = struct.unpack_from(f"<{count}I", content, 4)
        self._parts = memoryview(content)[4 * (count + 1) :]
        self._shared: dict[int, object] = {}
        self.places: Sequence[tuple[Any, tuple[int, ...]]] = ()
        self._first_shared, self.places = self.part(count - 2)
        self.value: object = self.part(count - 1)

    def part(self, number: int) -> Any:
        """Return what a part holds, read anew."""
        start = self._ends[number - 1] if number else 0
        return _Reader(self, self._parts[start : self._ends[number]]).load()

    def shared(self, number: int) -> object:
        """Return an object that several things share, the same one each time."""
        if number not in self._shared:
            first = number - number % _SHARED
            objects = self.part(self._first_shared + first // _SHARED)
            for at, one in enumerate(objects, first):
                self._shared.setdefault(at, one)  # another thread may have been here
        return self._shared[number]


class _Reader(pickle.Unpickler):
    """Reads a part; what it names by a number stands elsewhere in the store."""

    def __init__(self, store: Store, part: memoryview) -> None:
        super().__init__(BytesIO(part))
        self._store = store

    def persistent_load(self, pid: int) -> object:
        if pid >= 0:
            return self._store.shared(pid)
        kind, place = self._store.places[~pid]
        if issubclass(kind, Later):
            return kind.of(_Fields(self._store, kind, *place))
        return kind(self._store, *place)


class _Fields:
    """The attributes of an object, each in a part of its own."""

    def __init__(self, store: Store, kind: type, first: int) -> None:
        self._parts = {one.name: first + at for at, one in enumerate(fields(kind))}
        self._store = store

    def __getattr__(self, name: str) -> object:
        return self._store.part(self._parts[name])


class _Entries(Generic[K, V]):
    """The entries of a dictionary, those together whose keys have the same number."""

    def __init__(self, store: Store, first: int, groups: int, size: int) -> None:
        self._store, self._first, self._groups, self._size = store, first, groups, size
        self._found: dict[K, V] = {}
        self._read: set[int] = set()

    def _reach(self, key: K) -> bool:
        """Read what stands together with a key, and return whether the key is there."""
        group = _group(key, self._groups)
        if group in self._read:
            return False
        self._found.update(self._store.part(self._first + group))
        self._read.add(group)
        return key in self._found

    def _all(self) -> dict[K, V]:
        """Return all entries in the order in which they were written."""
        if len(self._read) <= self._groups:
            groups = [self._store.part(self._first + at) for at in range(self._groups)]
            of = [iter(group.items()) for group in groups]
            self._found = dict(next(of[at]) for at in self._store.part(self._first + self._groups))
            self._read = set(range(self._groups + 1))
        return self._found

    def __contains__(self, key: object) -> bool:
        return key in self._found or self._reach(key)  # type: ignore[arg-type]  # asked for keys alone

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[K]:
        return iter(self._all())


class Shelf(_Entries[K, V], Mapping[K, V]):
    """A dictionary that reads its entries when it is asked for them."""

    def __getitem__(self, key: K) -> V:
        if key in self:
            return self._found[key]
        raise KeyError(key)

    def get(self, key: K, default: Any = None) -> Any:
        """Return the value of a key, or another value if the key is not there."""
        return self._found[key] if key in self._found or self._reach(key) else default

    def items(self) -> ItemsView[K, V]:
        """Return all entries in their order."""
        return self._all().items()

    def values(self) -> ValuesView[V]:
        """Return all values in their order."""
        return self._all().values()


class ShelfSet(_Entries[K, None], AbstractSet[K]):
    """A set that reads its members when it is asked for them."""

    _from_iterable = frozenset


def _group(key: str | tuple[str, ...], groups: int) -> int:
    word = key if isinstance(key, str) else key[-1]
    return crc32(word.encode("utf-8", "surrogatepass")) % groups


def stored(value: object, shared: tuple[type, ...]) -> bytes:
    """Return an object as bytes of which `Store` reads what is needed.

    Args:
        value: the object, of classes that can be pickled. The keys of its large dictionaries are
            texts or tuples of texts.
        shared: the classes of the objects that stay one object, however many things name them.
            Such objects do not hold one another, and nothing large.

    """
    writer = _Stored(shared)
    root = _pickled(value, writer)
    first = len(writer.parts)
    groups = range(0, len(writer.shared), _SHARED)
    writer.parts += [_pickled(writer.shared[at : at + _SHARED]) for at in groups]
    writer.parts += [_pickled((first, writer.places)), root]
    ends = list(accumulate(map(len, writer.parts)))
    return b"".join([struct.pack(f"<{len(ends) + 1}I", len(ends), *ends), *writer.parts])


class _Stored:
    """What is stored so far.

    Attributes:
        parts: of shelves and of what is made later.
        shared: the objects that several things share.
        places: each shelf and each object that is made later: its class, and where its parts are.

    """

    def __init__(self, kinds: tuple[type, ...]) -> None:
        self._kinds = kinds
        self._pids: dict[int, int] = {}
        self.parts: list[bytes] = []
        self.shared: list[object] = []
        self.places: list[tuple[type, tuple[int, ...]]] = []

    def pid(self, value: object) -> int | None:
        """Return the number by which other objects name one that stands apart; else None."""
        known = self._pids.get(id(value))
        if known is not None:
            return known
        if isinstance(value, self._kinds):
            self.shared.append(value)
            return self._pids.setdefault(id(value), len(self.shared) - 1)
        if isinstance(value, Later):
            self._place(type(value), [getattr(value, one.name) for one in fields(type(value))])
        elif isinstance(value, dict | set) and len(value) > _LARGE:
            kind = Shelf if isinstance(value, dict) else ShelfSet
            groups = len(value) // _ENTRIES
            self._place(kind, self._groups(value, groups), groups, len(value))
        else:
            return None
        return self._pids.setdefault(id(value), ~(len(self.places) - 1))

    def _place(self, kind: type, parts: Iterable[object], *how: int) -> None:
        pickled = [_pickled(part, self) for part in parts]
        self.places.append((kind, (len(self.parts), *how)))
        self.parts += pickled

    def _groups(self, value: dict[K, object] | set[K], groups: int) -> Iterator[object]:
        found: list[dict[K, object]] = [{} for _ in range(groups)]
        order = [_group(key, groups) for key in value]
        for key, group in zip(value, order, strict=True):
            found[group][key] = value[key] if isinstance(value, dict) else None
        return iter([*found, order])


class _Pickler(pickle.Pickler):
    """Writes a part; an attrs object is made anew of its attributes, whatever attrs does itself."""

    def __init__(self, file: BytesIO, writer: _Stored | None) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._pid = writer.pid if writer else None

    def persistent_id(self, value: object) -> int | None:
        return self._pid(value) if self._pid else None

    def reducer_override(self, value: object) -> Any:
        kind = type(value)
        if has(kind) and not isinstance(value, type):
            return kind, tuple(getattr(value, one.name) for one in fields(kind))
        return NotImplemented


def _pickled(value: object, writer: _Stored | None = None) -> bytes:
    file = BytesIO()
    _Pickler(file, writer).dump(value)
    return file.getvalue()
