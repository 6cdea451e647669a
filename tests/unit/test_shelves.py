"""What is stored in parts is read back the same, each part when it is needed, by any thread."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from msrisk.model.later import Later
from msrisk.shelves import Shelf, ShelfSet, Store, stored

NAMES = {f"name {number}": number for number in range(2_000)}
THREADS = 8


@frozen
class Thing:
    """Something that several things share."""

    name: str


@frozen
class Page(Later):
    """Something that is made when it is read."""

    title: str
    things: tuple[Thing, ...]


def read(value: object) -> tuple[Store, Any]:
    store = Store(stored(value, (Thing,)))
    return store, store.value


def test_a_large_dictionary_is_the_same_dictionary_in_the_same_order() -> None:
    shelf = read(NAMES)[1]
    assert isinstance(shelf, Shelf)
    assert len(shelf) == len(NAMES)
    assert list(shelf) == list(NAMES)
    assert list(shelf.items()) == list(NAMES.items())
    assert list(shelf.values()) == list(NAMES.values())
    assert shelf == NAMES


@given(st.sampled_from(list(NAMES)) | st.sampled_from(["name", "", "\ud800", "name 2000"]))
def test_a_key_finds_what_it_finds_in_the_dictionary(key: str) -> None:
    shelf = read(NAMES)[1]
    assert isinstance(shelf, Shelf)
    assert (key in shelf) is (key in NAMES)
    assert shelf.get(key) == NAMES.get(key)
    assert shelf.get(key, -1) == NAMES.get(key, -1)
    if key in NAMES:
        assert shelf[key] == NAMES[key]
    else:
        with pytest.raises(KeyError):
            shelf[key]


def test_a_key_of_no_words_finds_nothing() -> None:
    names = read({tuple(name.split()): number for name, number in NAMES.items()})[1]
    assert isinstance(names, Shelf)
    assert names.get(()) is None


def test_a_large_set_has_the_same_members() -> None:
    names = {tuple(name.split()) for name in NAMES}
    shelf = read(names)[1]
    assert isinstance(shelf, ShelfSet)
    assert ("name", "7") in shelf
    assert ("name", "x") not in shelf
    assert len(shelf) == len(names)
    assert set(shelf) == names


def test_a_key_reads_few_entries_and_none_of_them_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    store, shelf = read(NAMES)
    assert isinstance(shelf, Shelf)
    asked: list[int] = []
    part = store.part

    def counted(number: int) -> object:
        asked.append(number)
        return part(number)

    monkeypatch.setattr(store, "part", counted)
    for _ in range(2):
        assert shelf["name 7"] == 7
        assert "no name" not in shelf
    assert 1 <= len(asked) <= 2


def test_what_is_small_is_no_shelf() -> None:
    assert type(read({"a": 1})[1]) is dict
    assert type(read({"a"})[1]) is set


def test_what_is_shared_stays_one_object() -> None:
    things = [Thing(str(number)) for number in range(100)]
    lists = {f"name {number}": things[number % 100] for number in range(2_000)}
    shelf, first = read((lists, things[0]))[1]
    assert isinstance(shelf, Mapping)
    assert shelf["name 0"] is first
    assert shelf["name 100"] is first
    assert shelf["name 101"] is shelf["name 1"]
    assert [shelf[f"name {number}"] for number in range(100)] == things


def test_what_is_made_later_is_read_field_by_field() -> None:
    page = Page("a title", (Thing("a"), Thing("b")))
    store, found = read(page)
    assert isinstance(found, Page)
    assert found.title == "a title"
    assert found.things is found.things
    assert found == page
    assert pickle.loads(pickle.dumps(read(page)[1])) == page  # noqa: S301  # written here
    assert store.value is found


def test_eight_threads_find_the_same_objects() -> None:
    things = [Thing(str(number)) for number in range(500)]
    shelf = read({f"name {number}": things[number % 500] for number in range(2_000)})[1]
    assert isinstance(shelf, Mapping)
    start = Barrier(THREADS)

    def look(seed: int) -> list[object]:
        start.wait()
        order = sorted(range(2_000), key=lambda number: (number * 7919 + seed) % 2_003)
        found = {number: shelf[f"name {number}"] for number in order}
        return [found[number] for number in range(2_000)]

    with ThreadPoolExecutor(THREADS) as threads:
        first, *others = threads.map(look, range(THREADS))
    assert first == [things[number % 500] for number in range(2_000)]
    for other in others:
        assert all(one is another for one, another in zip(first, other, strict=True))
