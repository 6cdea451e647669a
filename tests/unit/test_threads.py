"""Eight threads at once get the answers that one gets, from rules that nobody has read yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import msrisk
from msrisk import compiled
from msrisk.api import shipped_rules
from msrisk.compiled import shipped_ruleset
from msrisk.documents import profile_from_json
from msrisk.model.rules import RuleSet

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.json"))
ENTRIES = ["Synthroid 75 mcg", "metformine 500 mg", "Levotyroxin", "foozumab", "no aspirin"]
THREADS = 8


def answers(ruleset: RuleSet, seed: int = 0) -> dict[str, object]:
    """Return what is answered to all examples and entries, asked in an order of its own."""
    found: dict[str, object] = {}
    for at in range(len(EXAMPLES)):
        path = EXAMPLES[(at + seed) % len(EXAMPLES)]
        report = msrisk.assess(profile_from_json(path.read_bytes()), ruleset=ruleset)
        found[path.name] = report.to_dict(), str(report)
    for at in range(len(ENTRIES)):
        entry = ENTRIES[(at + seed) % len(ENTRIES)]
        found[entry] = msrisk.recognise(entry, "medication", ruleset=ruleset)
    return found


@pytest.fixture
def switching_often() -> Iterator[None]:
    """Let the threads take turns in the middle of everything, as without a global lock."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switching_often")
def test_eight_threads_answer_as_one_does_from_rules_that_nobody_has_read() -> None:
    expected = answers(msrisk.RuleSet.default())
    assert compiled.compiled_path().is_file()
    ruleset = shipped_ruleset(shipped_rules())  # read back: as yet there is little of it
    assert ruleset is not msrisk.RuleSet.default()
    start = Barrier(THREADS)

    def ask(seed: int) -> dict[str, object]:
        start.wait()
        return answers(ruleset, seed)

    with ThreadPoolExecutor(THREADS) as threads:
        for found in threads.map(ask, range(THREADS)):
            assert found == expected
