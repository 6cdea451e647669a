"""How long msrisk takes, as multiples of straight-line code: writes docs/performance.md.

Absolute times mean little on a shared machine. So each job is measured beside the rules as flat
Python functions (`benchmarks/reference.py`) in the same process, in processor time, the best of
several runs; what concerns a whole process is measured beside one that imports attrs and cattrs.
Before anything is timed, both must say the same of every patient.

Run it with `python -m benchmarks.speed > docs/performance.md`, after `pip install 'msrisk[peers]'`;
it takes a minute or two. The section on many patients, which other programs measure, is taken over
from benchmarks/many-patients.md.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import msrisk
from benchmarks.beside import beside
from benchmarks.reference import Facts, Rules, facts_of, written
from benchmarks.scaling import of_rules
from benchmarks.timing import ROOT, best, of_process
from msrisk.api import default_ruleset
from msrisk.compiled import compiled_path, shipped_ruleset
from msrisk.documents import profile_from_json
from msrisk.evaluation.planning import plan_of
from msrisk.keeping import patient_of_profile
from msrisk.model.profile import Entry
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_entry

EXAMPLES: Final = sorted((ROOT / "examples").glob("*.json"))
MANY_PATIENTS: Final = Path(__file__).parent / "many-patients.md"
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


def literal_of(report: msrisk.Report) -> Callable[[], object]:
    """Return what makes the report document anew by one literal: nothing in Python is faster."""
    made: Callable[[], object] = eval(f"lambda: {report.to_dict()!r}")  # noqa: S307  # our own document
    return made


def text_of(profile: msrisk.PatientProfile) -> str:
    """Assess a patient and write the report."""
    return str(msrisk.assess(profile))


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
            ("of that, its lists and mappings by one Python literal", ""): literal_of(report),
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


def processes() -> Iterator[Row]:
    """Yield what whole processes take, beside one that imports attrs and cattrs."""
    unit = of_process("-c", "import attrs, cattrs")
    command = ("-m", "msrisk", "assess", str(EXAMPLES[-1]))
    first = "import msrisk; msrisk.assess(msrisk.PatientProfile(supplements=['NAC'])).level"
    for what, goal, code in (
        ("`import msrisk`", "1.5 ×", ("-c", "import msrisk")),
        ("import and first assessment", "3 ×", ("-c", first)),
        ("`msrisk assess FILE`, whole process", "4 ×", command),
    ):
        took = of_process(*code)
        yield Row(what, goal, took / unit, f"{took:.0f} ms")


def memory() -> str:
    """Return what the shipped rules take in memory, ready to answer, in megabytes."""
    tracemalloc.start()
    ruleset = shipped_ruleset(ROOT / "rules")
    plan_of(ruleset)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return f"{size / 1e6:.0f} MB"


def wheel(*, kept: bool) -> str:
    """Return the size of the wheel in megabytes, with or without the kept rules."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    with TemporaryDirectory() as folder:
        command = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder]
        command.append(str(ROOT))
        environment = {**os.environ, "MSRISK_KEPT_RULES": "1" if kept else ""}
        subprocess.run(command, check=True, env=environment, capture_output=True)  # noqa: S603  # our own code
        (built,) = Path(folder).iterdir()
        return f"{built.stat().st_size / 1e6:.2f} MB"


def line(what: str, goal: str, measured: str, more: str = "") -> str:
    """Return a line of the table, with whether the goal is reached, if there is one."""
    told = [float(text.split()[0]) for text in (measured, goal) if text]
    reached = "" if not goal else "yes" if told[0] <= told[1] else "**no**"
    return f"| {what} | {goal} | {measured} | {reached} | {more} |"


def page() -> Iterator[str]:
    """Yield the lines of docs/performance.md."""
    ruleset = default_ruleset()
    yield "# How long it takes"
    yield ""
    yield "Written by `python -m benchmarks.speed > docs/performance.md`, and the drawing by"
    yield "`python -m benchmarks.scaling > docs/scaling.svg`."
    yield ""
    yield "Each job as a multiple of the same rules written as straight-line Python, which give no"
    yield "reasons (`benchmarks/reference.py`); processes as multiples of `import attrs, cattrs`."
    yield f"Median of {len(EXAMPLES)} examples; processor time, best of several runs, on"
    yield f"{platform.machine()} with {os.cpu_count()} cores, Python {platform.python_version()}."
    yield ""
    yield "| what | goal | measured | reached | |"
    yield "|---|---:|---:|---|---:|"
    for row in (*in_process(ruleset), *processes()):
        yield line(row.what, row.goal, f"{row.ratio:.1f} ×", row.time)
    yield line("recognising an entry, nothing kept", "15 µs", recognition(ruleset))
    (_, few), (_, many) = of_rules(ruleset, 1), of_rules(ruleset, 100)
    yield line("100 times as many rules, of other substances", "1.2 ×", f"{many / few:.2f} ×")
    mapped = f"and {compiled_path().stat().st_size / 1e6:.0f} MB of a file that processes share"
    yield line("memory of the loaded rules", "12 MB", memory(), mapped)
    with_kept = f"{wheel(kept=True)} with the kept rules"
    yield line("the wheel", "1 MB", wheel(kept=False), with_kept)
    yield from _AROUND.splitlines()
    yield from beside(plan_of(ruleset), SUBSTANCES, EXAMPLES)
    yield ""
    yield from MANY_PATIENTS.read_text("utf-8").splitlines()


_AROUND: Final = """
## What is kept

The first process that needs the shipped rules loads them from their files and keeps what came of
it in the environment of Python; the others read of it what they are asked for. A wheel that is
built with `MSRISK_KEPT_RULES=1` brings it along, for places where nothing may be written. In
memory a process keeps the rules as far as they were read, and the last 5,000 entries as they were
recognised, with their words; `msrisk.keeping.keep(0)` keeps none of these.
[Intended use](intended-use.md#what-stays-in-memory-and-on-disk) and two decisions, on
[the rules](decisions/compiled-rules.md) and on [entries](decisions/entries-kept.md), say more.

## How it grows

![Time of an assessment by rules, by names and by entries](scaling.svg)

## Beside other engines

The same conditions of the same rules, over tests that were decided before; msrisk reads the level
and the worst case in the first line of the table above, and can give its reasons. Each engine gave
the right answers for every example before it was timed. One that knows true and false only cannot
say that a rule is open: it was asked twice, with what holds and with what may hold. The last column
is what it answers if nobody told the weight that a rule compares. msrisk says that it is open.
"""


def main() -> int:
    """Print the page."""
    for line in page():
        print(line, flush=True)  # noqa: T201  # a report
    return 0


if __name__ == "__main__":
    sys.exit(main())
