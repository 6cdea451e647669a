"""The hunt finds what it is meant to find: each law is broken on purpose and caught."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from attrs import evolve

from msrisk.api import default_ruleset
from msrisk.model.concepts import Recognition
from msrisk.model.profile import Entry, Supplement
from tests.hunt.hunting import Found, Task, hunt, main, tasks, tried
from tests.properties.entry_laws import Failure, recognised
from tests.properties.entry_names import Item
from tests.properties.entry_reader import Read, Reader
from tests.properties.entry_words import (
    FORMS,
    Company,
    Example,
    Moved,
    Reworded,
    Tailed,
    WordMore,
)

pytestmark = pytest.mark.slow

SOY, MILK = Item("soy", "allergies", "allergen"), Item("milk", "allergies", "allergen")
METHOTREXATE = Item("methotrexate", "medications", "medicine of a class")
COMMA, BLANK = FORMS[0], FORMS[1]

BROKEN: list[tuple[Example, Callable[[str, str], bool]]] = [
    (Company("allergies", SOY, MILK, COMMA), lambda text, _: "," in text),
    (Moved(METHOTREXATE, "conditions"), lambda _, kind: kind == "condition"),
    (
        WordMore("medications", (METHOTREXATE,), "methotrexate", "methotrexate foozumab", "end"),
        lambda text, _: "foozumab" in text,
    ),
    (Tailed(METHOTREXATE, "methotrexate BD", "frequency"), lambda text, _: "BD" in text),
    (
        Reworded("allergies", "milk", "MILK", "capitals"),
        lambda text, _: text.isupper(),
    ),
]
NAMES = {
    "soy": frozenset({"soy"}),
    "milk": frozenset({"milk-protein"}),
    "methotrexate": frozenset({"methotrexate", "immunosuppressive-medication"}),
}


def knowing(deaf: Callable[[str, str], bool]) -> Read:
    """Return a reader of three names, which hears nothing in the entries that are said."""

    def read(entry: Entry | Supplement, kind: str) -> Recognition:
        text = str(entry.text)
        if deaf(text, kind):
            return Recognition(text, kind)
        heard = [ids for name, ids in NAMES.items() if name in text.lower()]
        ids = frozenset[str]().union(*heard)
        return Recognition(text, kind, concepts=ids, named=ids)

    return read


@pytest.mark.parametrize(("example", "deaf"), BROKEN)
def test_a_reader_that_breaks_a_law_is_caught_and_one_that_keeps_it_is_not(
    example: Example, deaf: Callable[[str, str], bool]
) -> None:
    ruleset = default_ruleset()
    assert recognised(Reader(ruleset, knowing(lambda *_: False)), example) is None
    failure = recognised(Reader(ruleset, knowing(deaf)), example)
    assert failure is not None
    assert repr(failure.text) in str(failure)


def test_an_entry_that_is_one_name_as_written_is_that_name() -> None:
    reader = Reader(default_ruleset(), knowing(lambda text, _: "soy milk" in text))
    assert recognised(reader, Company("allergies", SOY, MILK, BLANK)) is None
    with_more = evolve(SOY, tail="daily")
    other = Reader(default_ruleset(), knowing(lambda text, _: "daily milk" in text))
    assert recognised(other, Company("allergies", with_more, MILK, BLANK)) is not None


def test_the_shortest_failures_of_a_kind_are_kept_and_all_are_counted() -> None:
    found = Found(shown=1)
    for text in ("soy, milk", "soy,milk", "soy , milk"):
        found.add(Failure(11, "recognise", "comma", "allergies", text, ("milk-protein",), "milk"))
    head, *rest = found.lines()
    assert head == "law 11 on recognise, comma: 3 failures, such as"
    assert [line.split("  ")[2] for line in rest] == ["allergies: 'soy,milk'"]


def test_the_same_seed_tries_the_same_examples() -> None:
    (task,) = tasks("recognise", 30, seed=7)
    reader = Reader(default_ruleset(), knowing(lambda *_: True))
    assert tried(task, 3, reader) == tried(task, 3, reader)
    assert [one.size for one in tasks("assess", 500, seed=7)] == [200, 200, 100]


def test_a_hunt_adds_up_what_its_jobs_find() -> None:
    progress = io.StringIO()
    todo = [Task("recognise", "a", 20), Task("assess", "b", 5)]
    found = hunt(todo, 1, 3, progress)
    assert found.tried == 25
    assert "25 of 25 tried" in progress.getvalue()


def test_a_hunt_that_tries_nothing_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--recognise", "0", "--assess", "0", "--jobs", "1"]) == 0
    assert capsys.readouterr().out == "laws 11 to 14: 0 failures of 0 kinds in 0 examples\n"
