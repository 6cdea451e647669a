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

from msrisk.model.concepts import Fixed
from msrisk.model.later import Later

__all__ = ["Shelf", "ShelfSet", "Store", "stored"]

K = TypeVar("K", str, tuple[str, ...])
V = TypeVar("V")

# What has more entries is a shelf, which cannot be changed; so many of them stand together.
_LARGE: Final = 1_000
_SHELVED: Final = {dict, Fixed, set}
_ENTRIES: Final = 12
# So many of the objects that several things share stand together.
_SHARED: Final = 3
# Before the parts stand their number, where the first begins, and where each of them ends.
_COUNT: Final = struct.Struct("<I")
_BOUNDS: Final = struct.Struct("<2I")


class Store:
    """Objects that are read from bytes in parts.

    Args:
        content: what `stored` returned. Its parts are pickles: whoever wrote them decides what
            reading them does.

    Attributes:
        value: the object that was stored.

    """

    def __init__(self, content: bytes | memoryview) -> None:
        (count,) = _COUNT.unpack_from(content)
        self._content = memoryview(content)
        self._parts = self._content[_COUNT.size * (count + 2) :]
        self._shared: dict[int, object] = {}
        self._places: Sequence[tuple[type[Any], tuple[int, ...]]]
        self._first_shared, self._places = self.part(count - 2)
        self.value: Any = self.part(count - 1)  # as `stored` was given it

    def part(self, number: int) -> Any:
        """Return what a part holds, read anew."""
        start, end = _BOUNDS.unpack_from(self._content, _COUNT.size * (number + 1))
        return _Reader(self, self._parts[start:end]).load()

    def apart(self, pid: int) -> object:
        """Return what stands apart from what names it, by its number there."""
        if pid < 0:
            kind, (first, *how) = self._places[~pid]
            if issubclass(kind, Later):
                return kind.of(_Fields(self, kind, first))
            return kind(self, first, *how)
        if pid not in self._shared:
            group = pid // _SHARED
            objects = self.part(self._first_shared + group)
            for number, one in enumerate(objects, group * _SHARED):
                self._shared.setdefault(number, one)  # another thread may have been here
        return self._shared[pid]


class _Reader(pickle.Unpickler):
    def __init__(self, store: Store, part: memoryview) -> None:
        super().__init__(BytesIO(part))
        self.persistent_load = store.apart  # type: ignore[method-assign]  # as Python lets one


class _Fields:
    """The attributes of an object, each in a part of its own."""

    def __init__(self, store: Store, kind: type[Any], first: int) -> None:
        self._store = store
        self._parts = {one.name: first + at for at, one in enumerate(fields(kind))}

    def __getattr__(self, name: str) -> object:
        return self._store.part(self._parts[name])


class _Entries(Generic[K, V]):
    """The entries of a dictionary; those whose keys have the same number stand together."""

    def __init__(self, store: Store, first: int, groups: int, size: int) -> None:
        self._store, self._first, self._groups, self._size = store, first, groups, size
        self._found: dict[K, V] = {}
        self._read: set[int] = set()

    def _reach(self, key: K) -> bool:
        """Read what stands together with a key, and return whether the key is there."""
        group = _group(key) % self._groups
        if group not in self._read:
            self._found.update(self._store.part(self._first + group))
            self._read.add(group)
        return key in self._found

    def _all(self) -> dict[K, V]:
        """Return all entries in the order in which they were written."""
        order = self._groups
        if order not in self._read:
            groups = [iter(self._store.part(self._first + at).items()) for at in range(order)]
            self._found = dict(next(groups[at]) for at in self._store.part(self._first + order))
            self._read = set(range(order + 1))
        return self._found

    def __contains__(self, key: object) -> bool:
        return key in self._found or self._reach(key)  # type: ignore[arg-type]  # no other is asked

    def __iter__(self) -> Iterator[K]:
        return iter(self._all())

    def __len__(self) -> int:
        return self._size


class Shelf(_Entries[K, V], Mapping[K, V]):
    """A dictionary that reads its entries when it is asked for them."""

    def __getitem__(self, key: K) -> V:
        if key not in self:
            raise KeyError(key)
        return self._found[key]

    def get(self, key: K, default: Any = None) -> Any:
        """Return the value of a key, or another value if the key is not there."""
        found = self._found
        return found[key] if key in found or self._reach(key) else default

    def items(self) -> ItemsView[K, V]:
        """Return all entries in their order."""
        return self._all().items()

    def values(self) -> ValuesView[V]:
        """Return all values in their order."""
        return self._all().values()


class ShelfSet(_Entries[K, None], AbstractSet[K]):
    """A set that reads its members when it is asked for them."""


def _group(key: str | tuple[str, ...]) -> int:
    word = key if isinstance(key, str) else "".join(key[-1:])  # a text of signs has no words
    # What can be written nowhere can be asked for.
    return crc32(word.encode("utf-8", "surrogatepass"))


def stored(value: object, shared: tuple[type, ...]) -> bytes:
    """Return an object as bytes of which `Store` reads what is needed.

    Args:
        value: the object, of classes that can be pickled. The keys of its large dictionaries are
            texts or tuples of texts.
        shared: the classes of the objects that stay one object, however many things name them.
            Such objects hold nothing that is shared or large.

    """
    apart = _Apart(shared)
    root = _pickled(value, apart)
    first = len(apart.parts)
    groups = range(0, len(apart.shared), _SHARED)
    parts = apart.parts + [_pickled(apart.shared[at : at + _SHARED]) for at in groups]
    parts += [_pickled((first, apart.places)), root]
    bounds = list(accumulate(map(len, parts), initial=0))
    return b"".join([struct.pack(f"<{len(bounds) + 1}I", len(parts), *bounds), *parts])


class _Apart:
    """What stands apart from what names it.

    Attributes:
        parts: those of shelves and of objects that are made later.
        places: of each of these its class, its first part, and what else it needs to know.
        shared: the objects that several things share.

    """

    def __init__(self, kinds: tuple[type, ...]) -> None:
        self._kinds = kinds
        self._pids: dict[int, int] = {}
        self.parts: list[bytes] = []
        self.places: list[tuple[type, tuple[int, ...]]] = []
        self.shared: list[object] = []

    def pid(self, value: Any) -> int | None:
        """Return the number of what stands apart; None for what stands where it is named."""
        found = self._pids.get(id(value))
        if found is None:
            kind = type(value)
            if kind in self._kinds:
                self.shared.append(value)
                found = len(self.shared) - 1
            elif issubclass(kind, Later):
                found = self._place(kind, list(_values(value)))
            elif kind in _SHELVED and len(value) > _LARGE:
                found = self._shelf(value)
            else:
                return None
            self._pids[id(value)] = found
        return found

    def _shelf(self, value: dict[K, object] | set[K]) -> int:
        groups = len(value) // _ENTRIES
        order = [_group(key) % groups for key in value]
        found: list[dict[K, object]] = [{} for _ in range(groups)]
        for key, group in zip(value, order, strict=True):
            found[group][key] = value[key] if isinstance(value, dict) else None
        kind = Shelf if isinstance(value, dict) else ShelfSet
        return self._place(kind, [*found, order], groups, len(value))

    def _place(self, kind: type, parts: Sequence[object], *how: int) -> int:
        pickled = [_pickled(part, self) for part in parts]
        self.places.append((kind, (len(self.parts), *how)))
        self.parts += pickled
        return ~(len(self.places) - 1)


class _Pickler(pickle.Pickler):
    """Writes a part; an attrs object is made anew of its attributes, whatever attrs does itself."""

    def reducer_override(self, value: object) -> Any:
        kind = type(value)
        return (kind, tuple(_values(value))) if has(kind) else NotImplemented


def _values(value: Any) -> Iterable[object]:
    return (getattr(value, one.name) for one in fields(type(value)))


def _pickled(value: object, apart: _Apart | None = None) -> bytes:
    file = BytesIO()
    pickler = _Pickler(file, pickle.HIGHEST_PROTOCOL)
    if apart is not None:
        pickler.persistent_id = apart.pid  # type: ignore[method-assign]  # as Python lets one
    pickler.dump(value)
    return file.getvalue()
