"""Entries as the field writes them: each leads to what stands beside it in `entries.tsv`.

The list is held back: whoever writes the reading of entries sees what fails, not the list.
What is wanted is said in a few words, each kind of them a case of `holds`.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import frozen

import msrisk
from msrisk.model.concepts import ANYTHING, CODE_SYSTEMS, Recognition
from msrisk.model.rules import RuleSet

pytestmark = pytest.mark.slow

LIST: Final = Path(__file__).with_name("entries.tsv")
COLUMNS: Final = ["kind", "field", "input", "wanted", "why"]
KINDS: Final = {
    "medications": "medication",
    "conditions": "condition",
    "allergies": "allergy",
    "symptoms": "symptom",
    "supplements": "supplement",
}
CODED: Final = re.compile(r"\s*\{(\w+)=([^}]+)\}")
ESCAPED: Final = re.compile(r"\\(n|t|u[0-9a-f]{4})")

# Entries that do not lead to what is wanted, and why that is accepted: (field, input, wanted).
KNOWN: Final[dict[tuple[str, str, str], str]] = {
    ("conditions", "nothing of note", "says none"): (
        "what is not worth a note to one person is an illness to another: it is asked, on purpose"
    ),
}


@frozen
class Case:
    """A line of the list."""

    kind: str
    field: str
    input: str
    wanted: str
    why: str

    @property
    def given(self) -> msrisk.Entry | str:
        """What is told, its codes apart from its words."""
        codes = [msrisk.Code(CODE_SYSTEMS[key], code) for key, code in CODED.findall(self.input)]
        text = ESCAPED.sub(_unescaped, CODED.sub("", self.input))
        if self.field == "supplements":
            return text
        return msrisk.Entry(text or None, codes)


def _unescaped(found: re.Match[str]) -> str:
    sign = found[1]
    return {"n": "\n", "t": "\t"}.get(sign) or chr(int(sign[1:], 16))


def cases() -> list[Case]:
    """Return the lines of the list, but for those of which one may think otherwise."""
    with LIST.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        read = [Case(**line) for line in lines]
    return [case for case in read if not case.kind.startswith("debatable")]


def statuses(case: Case) -> dict[str, str]:
    """Return what becomes of each rule that is not false, with all else asked and answered."""
    told: dict[str, Any] = dict.fromkeys(KINDS, msrisk.NONE_REPORTED)
    told["supplements"] = ["glutathione precursor", "alpha lipoic acid 300 mg twice a day"]
    told[case.field] = [case.given]
    for name, value in told.items():
        if isinstance(value, list):
            told[name] = msrisk.Entries(value, complete=True)
    profile = msrisk.PatientProfile(
        **told,
        age_years=40,
        weight_kg=70,
        ms_symptoms_severe=False,
        replacing_ms_treatment=False,
    )
    found: dict[str, str] = {}
    for one in msrisk.assess(profile).assessments:
        found = {question.rule: "OPEN" for question in one.open_questions} | found
        found |= {silence.rule: "SILENCE" for silence in one.silences}
        found |= {finding.rule: "FINDING" for finding in one.findings}
    return found


def day(reading: Recognition) -> str:
    """Return the dose of a day, in mg: a number, two with dots between them, or "unknown"."""
    if reading.dose is None or math.isinf(reading.dose.daily.high):
        return "unknown"
    low, high = (f"{number:g}" for number in (reading.dose.daily.low, reading.dose.daily.high))
    return low if low == high else f"{low}..{high}"


def holds(case: Case) -> str:
    """Return what is so in place of what is wanted; nothing if it is as wanted."""
    words = case.wanted.split()
    try:
        reading = msrisk.recognise(case.given, KINDS[case.field])
        match words:
            case ["rule", rule, "not", *states]:
                state = statuses(case).get(rule, "CLOSED")
                return state if state in states else ""
            case ["rule", rule, *states]:
                state = statuses(case).get(rule, "CLOSED")
                return "" if state in states else state
            case ["daily", "dose", *doses]:
                return "" if day(reading) in doses else f"{day(reading)} a day"
            case ["no", "error"]:
                statuses(case)
                return ""
            case ["says", "none"]:
                none = reading.says is False and reading.status == "recognised"
                return "" if none else f"{reading.status}, says {reading.says}"
            case ["not", "unrecognised"]:
                return reading.status if reading.status == "unrecognised" else ""
            case [id_, *rest]:
                return _id_holds(reading, id_, " ".join(rest))
    except msrisk.errors.MsriskError as error:
        return f"refused: {error}"
    raise AssertionError(f"what is wanted is not understood: {case.wanted}")


def _id_holds(reading: Recognition, id_: str, wanted: str) -> str:
    certain = reading.concepts | reading.named
    named = certain | reading.may_be
    right = {
        "certain": id_ in certain,
        "not certain": id_ not in certain,
        "certain or possible": id_ in certain or id_ in reading.possible,
        "possible by name": id_ in named,
        "not possible": reading.possible is not ANYTHING and id_ not in named,
    }
    if wanted not in right:
        raise AssertionError(f"what is wanted is not understood: {wanted}")
    return "" if right[wanted] else f"{reading.status}, certainly {', '.join(sorted(certain))}"


def _told() -> Iterator[Any]:
    for number, case in enumerate(cases()):
        yield pytest.param(case, id=f"{number} {case.kind} {case.field}")


@pytest.mark.parametrize("case", list(_told()))
def test_the_entry_leads_to_what_is_wanted(case: Case) -> None:
    found = holds(case)
    reason = KNOWN.get((case.field, case.input, case.wanted))
    if reason is None:
        assert found == "", f"{case.field}: {case.input}: wanted {case.wanted} ({case.why})"
    else:
        assert found != "", f"no exception any more: {reason}"


def test_the_list_is_long_and_says_nothing_twice() -> None:
    listed = [(case.field, case.input, case.wanted) for case in cases()]
    assert len(listed) >= 150
    assert len(set(listed)) == len(listed)
    assert KNOWN.keys() <= set(listed)


def test_every_line_has_all_columns_and_names_what_exists(ruleset: RuleSet) -> None:
    words = ruleset.vocabulary
    known = {one.id for one in ruleset.rules}
    known |= {one.id for one in words.drug_classes} | {one.id for one in words.concepts}
    said = {"daily", "says", "no", "not"}
    for case in cases():
        assert all([case.kind, case.field in KINDS, case.input, case.wanted, case.why])
        first, second, *_ = case.wanted.split()
        assert (second if first == "rule" else first) in known | said, case.wanted


@pytest.mark.parametrize(
    ("field", "given", "wanted", "found"),
    [
        ("medications", "tacrolimus", "immunosuppressive-medication certain", ""),
        ("medications", "tacrolimus", "immunosuppressive-medication not certain", "recognised"),
        ("medications", "tacrolimus", "thyroid-medication possible by name", "recognised"),
        ("medications", "foozumab", "thyroid-medication certain or possible", ""),
        ("medications", "foozumab", "thyroid-medication not possible", "unrecognised"),
        ("medications", "foozumab", "not unrecognised", "unrecognised"),
        ("medications", "tacrolimus", "says none", "recognised, says True"),
        ("medications", "none", "says none", ""),
        ("medications", "tacrolimus", "rule glutathione-immunosuppressive-medication OPEN", "FIND"),
        ("medications", "none", "rule ala-thyroid-medication FINDING or OPEN", "CLOSED"),
        ("medications", "none", "rule ala-thyroid-medication not FINDING", ""),
        ("medications", "tacrolimus", "rule ala-immunosuppressive-medication not FINDING", "FIND"),
        ("conditions", "pregnant", "rule silence-pregnancy OPEN", "SILENCE"),
        ("supplements", "alpha lipoic acid 600 mg daily", "daily dose 1200", "600 a day"),
        ("supplements", "alpha lipoic acid", "daily dose 600 or unknown", ""),
        ("conditions", "{icd_10_cm=E11.9}", "diabetes certain", ""),
        ("medications", "tacrolimus\\u0000", "no error", "refused"),
        ("medications", "tacrolimus", "no error", ""),
    ],
)
def test_what_is_wanted_is_judged_by_its_words(
    field: str, given: str, wanted: str, found: str
) -> None:
    said = holds(Case("judged", field, given, wanted, "to see the judge at work"))
    assert said.startswith(found) if found else said == ""
