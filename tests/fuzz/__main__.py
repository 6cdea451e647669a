"""Reads spoiled bundles: `python -m tests.fuzz [--count N] [--seed N] [--records FOLDER]`.

An error that msrisk raises on purpose is an answer; any other is a fault, and is printed with
the number that makes the bundle again. So is a bundle that takes too long, or an entry that is
missing in the account.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import msrisk
from msrisk.errors import FhirError
from msrisk.fhir import read_bundle
from tests.fhir.records import bundle as record

from .mutations import spoiled

__all__ = ["main"]

CASES = Path(__file__).parents[1] / "spec" / "fhir"
_SLOW = 5.0
_MOST_ENTRIES = 30


def bundles(folder: str | None) -> list[dict[str, Any]]:
    """Return the bundles to spoil: those of the cases, and pieces of those in a folder."""
    found = [
        record(case["resources"], patient=case.get("patient", True), **case.get("bundle", {}))
        for path in sorted(CASES.glob("*.json"))
        for case in json.loads(path.read_text("utf-8"))
    ]
    chance = random.Random(1)  # noqa: S311  # no secret
    for path in sorted(Path(folder).rglob("*.json")) if folder else ():
        whole = json.loads(path.read_text("utf-8"))
        wanted = [e for e in whole.get("entry", []) if _is_read(e["resource"]["resourceType"])]
        for _ in range(5):
            some = chance.sample(wanted, min(_MOST_ENTRIES, len(wanted)))
            found.append({**whole, "entry": some})
    return found


def _is_read(type_: str) -> bool:
    words = ("Medication", "Condition", "Allergy", "Patient", "List", "Composition", "Observation")
    return type_.startswith(words)


def fault(spoilt: dict[str, Any]) -> str:
    """Return what goes wrong with a bundle; empty if nothing does."""
    before = time.process_time()
    try:
        told = read_bundle(spoilt, on=date(2026, 12, 1))
        msrisk.assess(told.profile)
    except FhirError as error:
        if any(len(str(problem)) > 1_000 for problem in error.problems):  # a line
            return "a problem of more than a line"
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a fault
        return f"{type(error).__name__}: {error}"
    else:
        entries = spoilt.get("entry")
        said = {line.path.partition("]")[0] for line in told.account}
        for at, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and f"entry[{at}" not in said:
                return f"entry[{at}] is not in the account"
    taken = time.process_time() - before
    return f"it took {taken:.1f} s" if taken > _SLOW else ""


def main() -> int:
    """Spoil bundles and read them; return 1 if any was a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--records", help="folder with bundles of your own, as JSON")
    arguments = parser.parse_args()
    some = bundles(arguments.records)
    faults = 0
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        wrong = fault(spoiled(some[seed % len(some)], seed))
        if wrong:
            faults += 1
            sys.stdout.write(f"{seed}: {wrong}\n")
    sys.stdout.write(f"{arguments.count} bundles read, {faults} faults\n")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
