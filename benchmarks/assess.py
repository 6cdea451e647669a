"""How long the main jobs take, beside a yardstick in the same run.

Absolute times mean little on a shared machine. Each job is therefore also given as a
multiple of the yardstick: reading the same rule files with the standard library alone.
Run it with `python benchmarks/assess.py`; it is never part of the tests.
"""

from __future__ import annotations

import timeit
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import msrisk
from msrisk.documents import profile_from_json
from msrisk.recognition.lexicon import Lexicon

ROOT = Path(__file__).parent.parent


def read_toml() -> None:
    """Parse every rule file, and do nothing with it."""
    for path in (ROOT / "rules").rglob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))


def milliseconds(job: Callable[[], object], runs: int) -> float:
    """Return the median time of a job."""
    return median(timeit.repeat(job, number=1, repeat=runs)) * 1000


def printed(profile: msrisk.PatientProfile, rules: msrisk.RuleSet) -> str:
    """Assess a patient and write the report."""
    return str(msrisk.assess(profile, ruleset=rules))


def main() -> None:
    """Print a line for each job."""
    yardstick = milliseconds(read_toml, 3)
    rules = msrisk.RuleSet.load(ROOT / "rules")
    profiles = {
        path.stem: profile_from_json(path.read_bytes())
        for path in sorted((ROOT / "examples").glob("*.json"))
    }
    jobs: dict[str, tuple[Callable[[], object], int]] = {
        "read the rule files with tomllib (yardstick)": (read_toml, 3),
        "load and check the rule set": (lambda: msrisk.RuleSet.load(ROOT / "rules"), 3),
        "arrange its words for look-up": (lambda: Lexicon(rules), 3),
    }
    for name, profile in profiles.items():
        jobs[f"assess {name}"] = (partial(msrisk.assess, profile, ruleset=rules), 50)
        jobs[f"assess {name} and print it"] = (
            partial(printed, profile, rules),
            20,
        )
    for name, (job, runs) in jobs.items():
        time = milliseconds(job, runs)
        print(f"{name:60} {time:9.2f} ms  {time / yardstick:8.4f} × yardstick")  # noqa: T201  # a report


if __name__ == "__main__":
    main()
