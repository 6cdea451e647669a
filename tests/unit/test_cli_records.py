"""`msrisk assess --from fhir`: a record in, a report and its account out."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from .cli_runs import ORDINARY, ROOT, run, typed

RECORD = str(ROOT / "examples" / "fhir" / "record.json")
ON = ("--from", "fhir", "--on", "2026-11-28")

Capture = pytest.CaptureFixture[str]


def test_a_record_is_assessed_as_of_a_day(capsys: Capture) -> None:
    code, out, err = run(capsys, "assess", RECORD, *ON, "--screen")
    assert (code, err) == (0, "")
    assert "Age 67 years" in out
    assert "What became of" not in out


def test_without_a_day_it_is_today(capsys: Capture) -> None:
    code, out, _ = run(capsys, "assess", RECORD, "--from", "fhir", "--account")
    assert code == 0
    assert "read as of 20" in out


def test_the_account_stands_behind_the_report(capsys: Capture) -> None:
    code, out, _ = run(capsys, "assess", RECORD, *ON, "--account", "--exit-at", "urgent")
    assert code == 1
    report, _, account = out.partition("What became of each entry of the record")
    assert "ALPHA LIPOIC ACID" in report
    for at in range(9):
        assert f"entry[{at}]" in account
    assert "left out\n      the record calls it cancelled" in account
    assert "not read: Encounter (msrisk does not look at such an entry): entry[8]" in account


def test_entries_that_tell_the_same_are_told_once(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    gout = {"resourceType": "Condition", "code": {"text": "gout"}}
    entries: list[Any] = [{"resource": {**gout, "id": f"c{at}"}} for at in range(3)]
    entries += [{"resource": {**gout, "code": {"text": "asthma"}}}, {"resource": gout}]
    typed(monkeypatch, json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
    _, out, _ = run(capsys, "assess", "-", *ON, "--account")
    account = " ".join(out.partition("What became of each entry")[2].split())
    said = "entry[0] to entry[2], entry[4]: Condition, 4 entries: read as possible"
    assert said in account
    assert account.count("“gout”") == 1
    assert "entry[3].resource: Condition: read as possible" in account


def test_entries_that_are_not_read_are_named_in_spans(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries: list[Any] = [{"resource": {"resourceType": "Flag"}} for _ in range(3)]
    entries += [{}, {"resource": {}}, {"resource": {"resourceType": "Flag"}}]
    typed(monkeypatch, json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
    _, out, _ = run(capsys, "assess", "-", *ON, "--account")
    assert "entry[0] to entry[2], entry[5]" in " ".join(out.split())
    assert "not read: no type (it has no resourceType): entry[4]" in out
    assert "not read: no type (the entry has no resource): entry[3]" in out


def test_the_account_as_json_holds_the_report_beside_it(capsys: Capture) -> None:
    _, out, _ = run(capsys, "assess", RECORD, *ON, "--account", "--format", "json")
    told = json.loads(out)
    assert told["on"] == "2026-11-28"
    assert told["report"]["schema"] == "msrisk-report/2"
    assert [line["path"] for line in told["account"]] == [f"entry[{n}].resource" for n in range(9)]
    assert told["account"][5] == {
        "path": "entry[5].resource",
        "resource": "MedicationRequest/m3",
        "became": "left out",
        "read_as": [],
        "why": ["the record calls it cancelled"],
    }


def test_the_account_as_markdown_is_a_list_in_which_nothing_is_markup(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    condition = {"resourceType": "Condition", "id": "x", "code": {"text": "<b>*gout*</b>"}}
    record = {"resourceType": "Bundle", "entry": [{"resource": condition}]}
    typed(monkeypatch, json.dumps(record).encode())
    _, out, _ = run(capsys, "assess", "-", *ON, "--account", "--format", "markdown")
    line = out.splitlines()[-1]
    assert line.startswith("- `entry[0].resource`: Condition/x, read as possible; ")
    assert r"“\<b\>\*gout\*\</b\>”" in line


def test_the_account_as_html_is_a_section_in_which_nothing_is_markup(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    condition = {"resourceType": "Condition", "id": "x", "code": {"text": "<b>gout</b>"}}
    entries = [{"resource": condition}, {"resource": {"resourceType": "Encounter"}}]
    typed(monkeypatch, json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
    code, out, err = run(capsys, "assess", "-", *ON, "--account", "--format", "html")
    assert (code, err) == (0, "")
    report, _, account = out.partition('<section class="msrisk-report msrisk-account"')
    assert report.startswith('<section class="msrisk-report"')
    assert "read as of 2026-11-28</h2>" in account
    assert "<li><code>entry[0].resource</code>: Condition/x, read as possible; " in account
    assert "“<bdi>&lt;b&gt;gout&lt;/b&gt;</bdi>”" in account
    assert "<li>not read: Encounter (" in account
    assert account.count("<ul>") == account.count("</ul>") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((RECORD, "--from", "fhir", "--on", "yesterday"), "--on: expected a day such as"),
        ((ORDINARY, "--account"), "--account: expected --from fhir beside it"),
        ((ORDINARY, *ON), f"{ORDINARY}: bundle.resourceType: expected “Bundle”, got none"),
        ((RECORD, *ON, "--patient", "nobody"), "the id of a Patient in the bundle"),
        ((RECORD, *ON, "--rules", "nowhere"), "nowhere"),
        (("nowhere.json", *ON), "nowhere.json: expected a readable file"),
    ],
)
def test_what_cannot_be_read_is_refused(
    capsys: Capture, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, "assess", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_standard_input_without_bytes_is_read_as_text(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(Path(RECORD).read_text("utf-8")))
    code, _, _ = run(capsys, "assess", "-", *ON)
    assert code == 0
