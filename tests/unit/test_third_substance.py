"""A third source and a third substance are added in files of rules alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import msrisk
from msrisk.accountability import account
from msrisk.analysis import compare
from msrisk.api import shipped_rules
from msrisk.cli import diff
from msrisk.diff import Diff

from .cli_runs import Capture, Patch, run
from .git_rules import signed
from .rendering_checks import one_line

pytestmark = pytest.mark.slow

TEXT = """Lanternine

Lantern berries grow on walls. People who take thyroid tablets must not take lanternine. \
More than 40 mg a day has not been looked at. Nobody was ever harmed by a lantern berry. \
A person who does not tolerate lantern berries does not tolerate lanternine.
"""
HEADING, _, PARAGRAPH = TEXT.splitlines()
SENTENCES = [HEADING, *re.findall(r"\S[^.]+\.", PARAGRAPH)]
CONTEXT = {1: "heading", 2: "background"}

SOURCE = """
id = "lantern-leaflet"
title = "A leaflet on lanternine that was made up for a test"
short = "leaflet on lanternine"
author = "unknown"
quotes = "nobody"
kind = "lay"
interest = "nothing is said of what the writer gains"
file_sha256 = "{digest}"
licence = "our own words"
retrieved = "2026-01-31"
"""
PASSAGE = """
[[passage]]
n = {n}
start = {start}
end = {end}
sha256 = "{digest}"
section = "{section}"
paragraph = {paragraph}
sentence = {sentence}
"""
SUBSTANCE = """
pack = "texts"

[substance]
id = "lanternine"
name = "lanternine"
names = ["lantern berry extract"]
source = "the leaflet, which names it so"

[[rule]]
id = "lanternine-thyroid-medication"
kind = "contraindication"
basis = "stated"
when = { kind = "takes", drug_class = "thyroid-medication" }
message = "You take a thyroid medicine. The leaflet says that you must not take lanternine."
action = "Do not take it. Ask the doctor who looks after your thyroid."
question = "Do you take any medicine for your thyroid?"
cites = [{ source = "lantern-leaflet", passages = [3] }]
since = "{version}"
review = { role = "none yet", on = "" }

[[rule]]
id = "lanternine-daily-dose"
kind = "caution"
basis = "stated"
when = { kind = "daily-dose-above", threshold = "lanternine-most-a-day" }
message = "You take more lanternine a day than the leaflet says anybody has looked at."
action = "Talk with a pharmacist about how much you take."
question = "How much lanternine do you take at a time, and how often a day?"
cites = [{ source = "lantern-leaflet", passages = [4] }]
since = "{version}"
review = { role = "none yet", on = "" }

[[rule]]
id = "lanternine-berry-allergy"
kind = "contraindication"
basis = "stated"
when = { kind = "allergic-to", allergen = "lantern-berry" }
message = "The leaflet says that you do not tolerate lanternine if you react to the berries."
action = "Do not take it. Talk with your doctor."
question = "Do you have an allergy to lantern berries?"
cites = [{ source = "lantern-leaflet", passages = [6] }]
since = "{version}"
review = { role = "none yet", on = "" }

[[rule]]
id = "lanternine-scope"
kind = "scope"
basis = "inferred"
message = "All that is known here about lanternine comes from one leaflet."
argument = "No other source of these rules speaks of lanternine."
cites = [{ source = "lantern-leaflet", whole = true, reason = "it is the only text on lanternine" }]
since = "{version}"
review = { role = "none yet", on = "" }

[[claim]]
id = "lanternine-claim-no-harm"
message = "The leaflet says that nobody was ever harmed, but it names people whom it warns."
cites = [{ source = "lantern-leaflet", passages = [5] }]
disputed_by = ["lanternine-berry-allergy"]
"""
THRESHOLD = """
[[threshold]]
id = "lanternine-most-a-day"
name = "highest daily amount that the leaflet says was looked at"
value = 40
unit = "mg/d"
cites = [{ source = "lantern-leaflet", passages = [4] }]
"""
VOCABULARY = """
[[allergen]]
id = "lantern-berry"
name = "lantern berry"
names = ["lantern berries"]
"""
CASE = """
[[case]]
id = "{id}"
says = "A made-up person who takes lanternine."
rule = "{rule}"
outcome = "{outcome}"
level = "{level}"
worst_case = "{worst}"
findings = {findings}
open_questions = {open}
[case.intake]
supplements = [{{ name = "lanternine", {dose} taking = true }}]
medications = {medications}
conditions = ["multiple sclerosis"]
allergies = {allergies}
symptoms = "none"
age_years = 40
weight_kg = 70
ms_symptoms_severe = false
replacing_ms_treatment = false
"""


def case(rule: str, outcome: str, **more: str) -> str:
    """Return a case of one of the new rules, of which nothing but `more` is a matter of concern."""
    known = {
        "medications": '"none"',
        "allergies": '"none"',
        "dose": "dose_mg = 20, times_per_day = 2,",
    }
    level = {"finding": "contraindicated", "open": "undetermined", "none": "no-finding"}[outcome]
    return CASE.format_map(
        {
            "id": f"{rule}-{outcome}",
            "rule": rule,
            "outcome": outcome,
            "level": level,
            "worst": "no-finding" if outcome == "none" else "contraindicated",
            "findings": [rule] if outcome == "finding" else [],
            "open": [rule] if outcome == "open" else [],
            **known,
            **more,
        }
    )


# "thyroid" alone may be a medicine of several sorts.
THYROID_OPEN = '["lanternine-thyroid-medication", "silence-bleeding", "silence-cancer-treatment"]'
CASES = "".join(
    (
        case("lanternine-thyroid-medication", "finding", medications='["Synthroid"]'),
        case("lanternine-thyroid-medication", "open", medications='["thyroid"]', open=THYROID_OPEN),
        case("lanternine-thyroid-medication", "none"),
        case("lanternine-berry-allergy", "finding", allergies='["lantern berries"]'),
        case("lanternine-berry-allergy", "open", allergies='["something red"]'),
        case("lanternine-berry-allergy", "none", allergies='"none"'),
        case(
            "lanternine-daily-dose",
            "finding",
            dose="dose_mg = 30, times_per_day = 2,",
            level="caution",
            worst="caution",
        ),
        case("lanternine-daily-dose", "open", dose="", worst="caution"),
        case("lanternine-daily-dose", "none"),
    )
)


def source() -> str:
    """Return the file of the source, with the place of each sentence of the text."""
    parts = [SOURCE.format(digest=hashlib.sha256(TEXT.encode()).hexdigest())]
    for n, sentence in enumerate(SENTENCES, 1):
        start = TEXT.index(sentence)
        parts.append(
            PASSAGE.format(
                n=n,
                start=start,
                end=start + len(sentence),
                digest=hashlib.sha256(sentence.encode()).hexdigest(),
                section=HEADING,
                paragraph=int(n > 1),
                sentence=n - 1,
            )
        )
        if n in CONTEXT:
            parts.append(f'context = "{CONTEXT[n]}"\n')
    return "".join(parts)


VERSION = "3000.1"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped rules and, in files of its own, lanternine; no file of Python is new."""
    root = tmp_path_factory.mktemp("third") / "rules"
    shutil.copytree(shipped_rules(), root)
    manifest = (root / "ruleset.toml").read_text("utf-8")
    manifest = re.sub(r'^version = ".*"$', f'version = "{VERSION}"', manifest, flags=re.MULTILINE)
    for path, content in (
        ("ruleset.toml", manifest + THRESHOLD),
        ("sources/lantern-leaflet.toml", source()),
        ("substances/lanternine.toml", SUBSTANCE.replace("{version}", VERSION)),
        ("vocabulary/lantern.toml", VOCABULARY),
        ("cases/lanternine.toml", CASES),
    ):
        (root / path).write_text(content, "utf-8")
    return root


@pytest.fixture(scope="module")
def load() -> Callable[[Path | str], msrisk.RuleSet]:
    """Return the function that loads rules, remembering what each folder holds."""
    return cache(msrisk.RuleSet.load)


@pytest.fixture(scope="module")
def loaded(rules: Path, load: Callable[[Path | str], msrisk.RuleSet]) -> msrisk.RuleSet:
    return load(str(rules))


@pytest.fixture(autouse=True)
def loaded_once(load: Callable[[Path | str], msrisk.RuleSet], monkeypatch: Patch) -> None:
    """Load and compare the same thousands of names once, not for each command."""
    monkeypatch.setattr(msrisk.RuleSet, "load", load)
    kept: dict[tuple[msrisk.RuleSet, msrisk.RuleSet], Diff] = {}

    def once(old: msrisk.RuleSet, new: msrisk.RuleSet, **more: Any) -> Diff:
        if (old, new) not in kept:
            kept[old, new] = compare(old, new, **more)
        return kept[old, new]

    monkeypatch.setattr(diff, "compare", once)


def test_the_check_has_no_remark(capsys: Capture, rules: Path) -> None:
    code, out, err = run(capsys, "rules", "check", "--rules", str(rules))
    assert (code, err) == (0, ""), out + err


def test_every_sentence_is_accounted_for(
    capsys: Capture, rules: Path, loaded: msrisk.RuleSet
) -> None:
    command = ("rules", "accountability", "--rules", str(rules), "--format", "json")
    code, out, _ = run(capsys, *command)
    assert (code, json.loads(out)["percentage"]) == (0, 100)
    made = json.loads(out)["sources"]
    assert len(made) == len(loaded.sources) == len(msrisk.RuleSet.default().sources) + 1
    new = next(one for one in made if one["source"] == "lantern-leaflet")
    assert [one["context"] or one["rules"] + one["claims"] for one in new["passages"]] == [
        "heading",
        "background",
        ["lanternine-thyroid-medication"],
        ["lanternine-daily-dose"],
        ["lanternine-claim-no-harm"],
        ["lanternine-berry-allergy"],
    ]


def test_the_text_is_the_one_that_the_passages_were_taken_from(loaded: msrisk.RuleSet) -> None:
    alone = evolve(
        loaded,
        sources=tuple(one for one in loaded.sources if one.id == "lantern-leaflet"),
        rules=tuple(one for one in loaded.rules if one.applies_to == ("lanternine",)),
        claims=tuple(one for one in loaded.claims if one.applies_to == ("lanternine",)),
        thresholds=tuple(one for one in loaded.thresholds if one.id == "lanternine-most-a-day"),
    )
    made = account(alone, {"leaflet.txt": TEXT.encode()})
    (new,) = made.sources
    assert made.texts_checked
    assert [passage.text for passage in new.passages] == SENTENCES
    assert made.strays == 0


def report(capsys: Capture, rules: Path, **intake: object) -> dict[str, Any]:
    file = rules.parent / "intake.json"
    file.write_text(json.dumps(intake), "utf-8")
    command = ("assess", str(file), "--rules", str(rules), "--format", "json")
    code, out, err = run(capsys, *command)
    assert (code, err) == (0, "")
    made: dict[str, Any] = json.loads(out)
    return made


def test_a_patient_is_answered_from_the_new_rules(capsys: Capture, rules: Path) -> None:
    made = report(
        capsys,
        rules,
        supplements=["lantern berry extract 30 mg twice a day"],
        medications=["Synthroid"],
    )
    (assessment,) = made["assessments"]
    assert assessment["name"] == "lanternine"
    assert {one["rule"] for one in assessment["findings"]} == {
        "lanternine-thyroid-medication",
        "lanternine-daily-dose",
    }
    assert "lanternine-berry-allergy" in {one["rule"] for one in assessment["open_questions"]}
    assert "lanternine-scope" in {one["rule"] for one in assessment["caveats"]}
    assert "lanternine-claim-no-harm" in {one["claim"] for one in assessment["claims"]}


def test_those_who_take_something_else_are_not_told_of_it(capsys: Capture, rules: Path) -> None:
    made = report(capsys, rules, supplements=["alpha lipoic acid"], medications=["Synthroid"])
    assert "lanternine" not in json.dumps(made)


def test_its_names_are_recognised(capsys: Capture, rules: Path) -> None:
    for kind, text in (("supplement", "Lanternine 20 mg"), ("allergy", "lantern berries")):
        code, out, _ = run(capsys, "recognise", kind, text, "--rules", str(rules))
        assert code == 0
        assert ": recognised\n" in out


def test_the_book_and_the_lists_contain_it(capsys: Capture, rules: Path) -> None:
    for command in (("book",), ("book", "--format", "html"), ("list",)):
        code, out, _ = run(capsys, "rules", *command, "--rules", str(rules))
        assert code == 0
        assert "lanternine-thyroid-medication" in out
        assert "lanternine-most-a-day" in out
    code, out, _ = run(capsys, "rules", "show", "lanternine-daily-dose", "--rules", str(rules))
    assert code == 0
    assert "leaflet on lanternine" in one_line(out)


def test_nobody_is_told_less_and_only_new_names_and_claims_are_to_be_signed(
    capsys: Capture, rules: Path, tmp_path: Path
) -> None:
    new = shutil.copytree(rules, tmp_path / "rules")
    command = ("rules", "diff", str(shipped_rules()), str(new), "--format", "json")
    code, out, _ = run(capsys, *command)
    assert code == 1
    waiting = [one for one in json.loads(out)["changes"] if one["needs_signature"]]
    assert {(one["verdict"], one["about"]) for one in waiting} == {
        ("settles", "name"),
        ("settles", "substance"),
        ("strengthens", "claim"),
    }
    assert {name for one in waiting for name in one["names"]} == {
        "lanternine",
        "lantern berry extract",
        "lantern berry",
        "lantern berries",
    }
    proposed = run(capsys, *command[:4])[1]
    entries = signed(proposed).replace('"pharmacist"', '"clinical pharmacist"')
    (new / "accepted-changes.toml").write_text(entries, "utf-8")
    assert run(capsys, *command)[0] == 0


def test_no_file_but_those_of_the_rules_is_new(rules: Path) -> None:
    shipped = shipped_rules()
    new = {path.relative_to(rules) for path in rules.rglob("*") if path.is_file()}
    old = {path.relative_to(shipped) for path in shipped.rglob("*") if path.is_file()}
    assert {path.suffix for path in new - old} == {".toml"}
    assert {path.parts[0] for path in new - old} == {
        "cases",
        "sources",
        "substances",
        "vocabulary",
    }
