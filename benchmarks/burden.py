"""What sixty ordinary reports ask of their readers: length, findings, and the same thing again.

`python -m benchmarks.burden` prints the figures for the rules and renderings that are here;
`--json` prints them as JSON, `--markdown` writes the whole of `docs/burden.md`, and `--show 7`
prints the intake and the report of the seventh patient. The patients stand in
`tests/burden/patients.py`. To measure an earlier version, put `tests/burden/` and this file into
a copy of it. It is never part of the tests; that the page is true to the code is.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import msrisk
from tests.burden.measure import measured, text
from tests.burden.page import BEFORE, figures, page
from tests.burden.patients import PATIENTS, SEED, patients


def shown(number: int, seed: int) -> str:
    """Return what a patient typed, and the report."""
    intake = patients(seed)[number - 1]
    report = msrisk.assess(msrisk.PatientProfile.from_dict(intake))
    return f"{json.dumps(intake, indent=2, ensure_ascii=False)}\n\n{text(report)}"


def number(given: str) -> int:
    """Return the number of a patient."""
    if not given.isdecimal() or not 1 <= int(given) <= PATIENTS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {PATIENTS}")
    return int(given)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description="What sixty ordinary reports ask of a reader.")
    parser.add_argument("--seed", type=int, default=SEED, help="who has what")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="the figures as JSON")
    what.add_argument("--markdown", action="store_true", help="docs/burden.md, for this seed")
    what.add_argument("--show", type=number, metavar="N", help="the intake and report of a patient")
    given = parser.parse_args()
    if given.show:
        said = shown(given.show, given.seed)
    else:
        found = measured(patients(given.seed))
        if given.json:
            said = json.dumps(found, indent=2, ensure_ascii=False)
        elif given.markdown:
            said = page(json.loads(Path(BEFORE).read_text("utf-8")), found).rstrip()
        else:
            said = figures(found)
    print(said)  # noqa: T201  # a report


if __name__ == "__main__":
    main()
