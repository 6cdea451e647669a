"""How msrisk reads medicines beside drug-named-entity-recognition, on the held-back list.

Both read the same entries in the same process, and only what both can do is compared:
whether a medicine is found in the entry, and whether it is the right one. The other
library finds English names in running text; it has no classes, no codes and no word for
"stopped" or "not sure", so an entry in which it finds nothing looks like one without a
medicine. Of msrisk the table also says how many entries it puts back to a person, how many
it answers as the list expects, classes included, and how many it rules out wrongly.

Times are medians over repeats of every twentieth entry, divided by their number; msrisk does
more in its time, and the first line of times says how long each takes to get ready. Run it
with `pip install '.[bench]'` and `python -m benchmarks.recognise`; it is never part of the
tests.
"""

from __future__ import annotations

import re
import timeit
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from statistics import median
from typing import NamedTuple

import msrisk
from tests.held_back.measure import Outcome, Result, family, measure, sections

FAMILIES = ("class member", "everyday", "look-alike", "other language", "several in one entry")
WORDS = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[^\w\s]")
REPEATS = 5


class Found(NamedTuple):
    """What the other library tells of one medicine."""

    name: str
    synonyms: tuple[str, ...]


Finder = Callable[[str], Sequence[Found]]


def finders() -> dict[str, Finder]:
    """Return the other library as it finds names: exactly, and with misspellings."""
    from drug_named_entity_recognition import find_drugs

    def find(text: str, *, fuzzy: bool) -> list[Found]:
        try:
            hits = find_drugs(WORDS.findall(text), is_fuzzy_match=fuzzy)
        except UnboundLocalError:
            # Version 2.0.9 fails so on some texts in the fuzzy mode; the exact one does not.
            return find(text, fuzzy=False)
        return [Found(hit["name"], tuple(hit.get("synonyms", ()))) for hit, _, _ in hits]

    return {
        "drug-named-entity-recognition": lambda text: find(text, fuzzy=False),
        "the same, fuzzy": lambda text: find(text, fuzzy=True),
    }


def found_by(find: Finder, texts: Sequence[str]) -> list[Sequence[Found]]:
    """Look for medicines in each text."""
    return [find(text) for text in texts]


def is_right(found: Iterable[str], accepted: Sequence[str]) -> bool:
    """Return whether one of the names found is one that the medicine may be called."""
    plain = [name.casefold().replace("-", " ") for name in found]
    return any(name in one for one in plain for name in accepted)


def per_entry(job: Callable[[], object], entries: int) -> str:
    """Return the median time of a job for each entry, in microseconds."""
    seconds = median(timeit.repeat(job, number=1, repeat=REPEATS))
    return f"{seconds / entries * 1e6:.0f} µs an entry"


def report(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line)  # noqa: T201  # a report


def percent(part: int, whole: int) -> str:
    """Return a share for a column of the table."""
    return f"{part / whole:9.1%}"


def found_rows(results: Sequence[Result], finder: dict[str, Finder]) -> Iterable[str]:
    """Yield, for each family of entries that hold a medicine, how many were seen to."""
    yield f"{'a medicine is found':24} {'entries':>8} {'msrisk':>9} {'other':>9} {'fuzzy':>9}"
    for name in FAMILIES:
        chosen = [one for one in results if family(one.section.group) == name]
        texts = [one.entry.text or "" for one in chosen]
        ours = sum(one.answer.name is not None for one in chosen)
        theirs = [sum(bool(find(text)) for text in texts) for find in finder.values()]
        columns = " ".join(percent(part, len(chosen)) for part in (ours, *theirs))
        yield f"{name:24} {len(chosen):8} {columns}"


def right_row(finder: dict[str, Finder], ruleset: msrisk.RuleSet) -> Iterable[str]:
    """Yield how often the medicine found is the right one."""
    named = [pair for one in sections() for pair in one.named]
    right = [0] * (1 + len(finder))
    for text, *accepted in named:
        name = msrisk.recognise(text, "medication", ruleset=ruleset).name
        right[0] += is_right([name] if name else [], accepted)
        for column, find in enumerate(finder.values(), start=1):
            hits = find(text)
            right[column] += any(is_right((hit.name, *hit.synonyms), accepted) for hit in hits)
    columns = " ".join(percent(part, len(named)) for part in right)
    yield f"{'and it is the right one':24} {len(named):8} {columns}"


def own_rows(results: Sequence[Result]) -> Iterable[str]:
    """Yield what only msrisk answers: as expected, put to a person, or wrongly ruled out."""
    yield ""
    yield f"{'msrisk alone':24} {'entries':>8} {'right':>9} {'asked':>9} {'missed':>9}"
    for name in (*FAMILIES, "stays open"):
        chosen = [one for one in results if family(one.section.group) == name]
        asked = sum(one.answer.status != "recognised" for one in chosen)
        right, missed = (
            sum(one.outcome is outcome for one in chosen)
            for outcome in (Outcome.RIGHT, Outcome.MISSED)
        )
        columns = " ".join(percent(part, len(chosen)) for part in (right, asked, missed))
        yield f"{name:24} {len(chosen):8} {columns}"


def main() -> None:
    """Print the tables."""
    started = timeit.default_timer()
    ruleset = msrisk.RuleSet.default()
    msrisk.recognise("metformin", "medication", ruleset=ruleset)
    loaded = timeit.default_timer()
    finder = finders()
    ready = timeit.default_timer()
    results = [
        one
        for one in measure(ruleset, [one for one in sections() if one.kind == "medication"])
        if one.entry.text is not None
    ]
    report(found_rows(results, finder))
    report(right_row(finder, ruleset))
    report(own_rows(results))
    texts = [one.entry.text or "" for one in results[::20]]
    report(["", f"ready: msrisk {loaded - started:.2f} s, other {ready - loaded:.2f} s"])
    ours = per_entry(
        lambda: [msrisk.recognise(text, "medication", ruleset=ruleset) for text in texts],
        len(texts),
    )
    report([f"{'msrisk':32} {ours}"])
    for name, find in finder.items():
        theirs = per_entry(partial(found_by, find, texts), len(texts))
        report([f"{name:32} {theirs}"])


if __name__ == "__main__":
    main()
