"""How long msrisk takes, as multiples of straight-line code: writes docs/performance.md.

Absolute times mean little on a shared machine. So each job is measured beside the rules as flat
Python functions (`benchmarks/reference.py`) in the same process, in processor time, the best of
several runs; what concerns a whole process is measured beside one that imports attrs and cattrs.
Before anything is timed, both must say the same of every patient.

Run it with `python -m benchmarks.speed`; with `--markdown` it prints the page.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import timeit
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final, NamedTuple

from attrs import evolve

import msrisk
from benchmarks.reference import Facts, Rules, facts_of, written
from msrisk.api import default_ruleset
from msrisk.compiled import shipped_ruleset
from msrisk.documents import profile_from_json
from msrisk.evaluation.planning import plan_of
from msrisk.keeping import patient_of_profile
from msrisk.model.profile import Entry
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_entry

ROOT: Final = Path(__file__).parent.parent
EXAMPLES: Final = sorted((ROOT / "examples").glob("*.json"))
SUBSTANCES: Final = ("alpha-lipoic-acid", "glutathione-precursor")
# A brand, directions, nonsense, two products, words of everyday life.
ENTRIES: Final = (
    "Synthroid 75 mcg",
    "metformin 500 mg twice a day",
    "foozumab",
    "prednisone 5 mg, omeprazole 20 mg",
    "Tecfidera 240 mg bid for MS",
    "paracetamol prn headache",
    "betamethasone cream",
    "something for the stomach",
)


class Row(NamedTuple):
    """One job: what it is, the goal, how many times the reference it took, and in which unit."""

    what: str
    goal: str
    ratio: float
    time: str


def best(job: Callable[[], object], runs: int = 200, repeat: int = 7) -> float:
    """Return the least processor time of a job, in microseconds."""
    return min(timeit.repeat(job, timer=process_time, number=runs, repeat=repeat)) / runs * 1e6


def read_all(report: msrisk.Report) -> None:
    """Read everything that the rules said of a patient."""
    for one in report.assessments:
        for finding in one.findings:
            _ = finding.because, finding.citations, finding.basis_in_words
        for silence in one.silences:
            _ = silence.because, silence.citations
        for question in one.open_questions:
            _ = question.question
        _ = one.caveats, one.claims


def document_of(profile: msrisk.PatientProfile) -> object:
    """Assess a patient and make the report document."""
    return msrisk.assess(profile).to_dict()


def text_of(profile: msrisk.PatientProfile) -> str:
    """Assess a patient and write the report."""
    return str(msrisk.assess(profile))


def level_of(profile: msrisk.PatientProfile, ruleset: RuleSet) -> msrisk.Level:
    """Assess a patient and read the level."""
    return msrisk.assess(profile, ruleset=ruleset).level


def in_process(ruleset: RuleSet) -> Iterator[Row]:
    """Yield the jobs that are measured in this process, over the examples."""
    plan = plan_of(ruleset)
    flat = [written(plan.substances[id_]) for id_ in SUBSTANCES]
    ratios: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for path in EXAMPLES:
        document = path.read_bytes()
        profile = profile_from_json(document)
        patient = patient_of_profile(profile, plan)
        facts = [facts_of(patient, plan.substances[id_]) for id_ in SUBSTANCES]
        report = msrisk.assess(profile)
        for decide, known, id_ in zip(flat, facts, SUBSTANCES, strict=True):
            for one in (one for one in report.assessments if one.substance == id_):
                said = [each.rule for each in one.findings] + [each.rule for each in one.silences]
                asked = [question.rule for question in one.open_questions]
                if [sorted(ids) for ids in decide(known)] != [sorted(said), sorted(asked)]:
                    raise SystemExit(f"{path.name}: the reference says something else of {id_}")

        told = list(zip(flat, facts, strict=True))

        def reference(told: Sequence[tuple[Rules, Facts]] = told) -> None:
            for decide, known in told:
                decide(known)

        def levels(profile: msrisk.PatientProfile = profile) -> object:
            report = msrisk.assess(profile)
            return report.level, report.worst_case

        def everything(profile: msrisk.PatientProfile = profile) -> None:
            read_all(msrisk.assess(profile))

        def from_json(document: bytes = document) -> None:
            read_all(msrisk.assess(profile_from_json(document)))

        jobs: dict[tuple[str, str], Callable[[], object]] = {
            ("`assess`, names seen before, `level` and `worst_case`", "2 ×"): levels,
            ("`assess`, names seen before, everything read", "8 ×"): everything,
            ("from the JSON intake document, everything read", "30 ×"): from_json,
            ("`report.to_dict()`", "21 ×"): partial(document_of, profile),
            ("`str(report)`", "213 ×"): partial(text_of, profile),
        }
        unit = best(reference)
        for name, job in jobs.items():
            took = best(job, 40 if "report" in name[0] else 200)
            ratios.setdefault(name, []).append((took / unit, took))
    for (what, goal), found in ratios.items():
        worst = max(found)
        yield Row(what, goal, median(ratio for ratio, _ in found), f"worst {worst[0]:.1f} ×")


def recognition(ruleset: RuleSet) -> str:
    """Return how long an entry takes of which nothing is kept, in microseconds."""
    entries = [Entry(text) for text in ENTRIES]
    took = best(lambda: [recognise_entry(e, "medication", ruleset) for e in entries], 20)
    return f"{took / len(entries):.0f} µs"


def scaling(ruleset: RuleSet) -> float:
    """Return what a hundred times as many rules cost, of which as many concern the substance."""
    profile = profile_from_json(EXAMPLES[0].read_bytes())
    rules = ruleset.rules_for("glutathione-precursor")
    own = tuple(evolve(one, applies_to=("glutathione-precursor",)) for one in rules)
    others = tuple(
        evolve(one, id=f"{one.id}-{number}", applies_to=("n-acetylcysteine",))
        for number in range(100)
        for one in own
    )
    few, many = (evolve(ruleset, rules=all_, claims=()) for all_ in (own, (*own, *others)))
    took = [best(partial(level_of, profile, one)) for one in (few, many)]
    return took[1] / took[0]


def of_process(code: str, times: int = 7) -> float:
    """Return the least processor time of a Python process, in milliseconds."""
    found: list[float] = []
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, *code.split("\n")]
        subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True)  # noqa: S603  # our own code
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found) * 1000


def processes() -> Iterator[Row]:
    """Yield what whole processes take, beside one that imports attrs and cattrs."""
    unit = of_process("-c\nimport attrs, cattrs")
    first = "import msrisk; msrisk.assess(msrisk.PatientProfile(supplements=['NAC'])).level"
    for what, goal, code in (
        ("`import msrisk`", "1.5 ×", "-c\nimport msrisk"),
        ("import and first assessment", "3 ×", f"-c\n{first}"),
        ("`msrisk assess FILE`, whole process", "4 ×", f"-m\nmsrisk\nassess\n{EXAMPLES[-1]}"),
    ):
        took = of_process(code)
        yield Row(what, goal, took / unit, f"{took:.0f} ms")


def memory() -> str:
    """Return what the shipped rules take in memory, ready to answer, in megabytes."""
    tracemalloc.start()
    ruleset = shipped_ruleset(ROOT / "rules")
    plan_of(ruleset)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return f"{size / 1e6:.0f} MB"


def page() -> Iterator[str]:
    """Yield the lines of docs/performance.md."""
    ruleset = default_ruleset()
    yield "# How long it takes"
    yield ""
    yield "Written by `python -m benchmarks.speed --markdown > docs/performance.md`."
    yield ""
    yield "Each job as a multiple of the same rules written as straight-line Python, which give no"
    yield "reasons (`benchmarks/reference.py`); processes as multiples of `import attrs, cattrs`."
    yield f"Median of {len(EXAMPLES)} examples; processor time, best of several runs, on"
    yield f"{platform.machine()} with {os.cpu_count()} cores, Python {platform.python_version()}."
    yield ""
    yield "| what | goal | measured | |"
    yield "|---|---:|---:|---:|"
    for row in (*in_process(ruleset), *processes()):
        yield f"| {row.what} | {row.goal} | {row.ratio:.1f} × | {row.time} |"
    yield f"| recognising an entry, nothing kept | 15 µs | {recognition(ruleset)} | |"
    yield f"| 100 times as many rules, of other substances | 1.2 × | {scaling(ruleset):.2f} × | |"
    yield f"| memory of the loaded rules | 12 MB | {memory()} | |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the page."""
    del arguments
    for line in page():
        print(line, flush=True)  # noqa: T201  # a report
    return 0


if __name__ == "__main__":
    sys.exit(main())
