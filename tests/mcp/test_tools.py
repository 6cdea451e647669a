"""A client of the official SDK calls the tools; each answer is text that stands alone."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from attrs import evolve
from jsonschema import Draft202012Validator
from mcp import Client

import msrisk
from msrisk.documents import schema_of
from msrisk.mcp import server
from msrisk.mcp.bounded import MOST
from msrisk.model.history import Withdrawal
from tests.web.client import told

ORDINARY = told("ordinary.json")
SECRET = "Mrs Miller"  # noqa: S105  # no password


def called(name: str, arguments: Any, ruleset: msrisk.RuleSet | None = None) -> tuple[str, bool]:
    """Return the text of an answer, and whether it is an error."""

    async def run() -> tuple[str, bool]:
        async with Client(server(ruleset=ruleset)) as client:
            found = await client.call_tool(name, arguments)
        (content,) = found.content
        assert content.type == "text"
        assert found.structured_content is None
        return content.text, found.is_error

    return asyncio.run(run())


def test_the_tools_say_when_to_use_them_and_with_what() -> None:
    async def run() -> Any:
        async with Client(server()) as client:
            return client.instructions, (await client.list_tools()).tools

    instructions, tools = asyncio.run(run())
    assert "Neither an answer nor a missing one means that there is nothing to fear" in instructions
    assert [one.name for one in tools] == ["assess", "recognise", "explain"]
    for one in tools:
        Draft202012Validator.check_schema(one.input_schema)
        assert one.annotations.read_only_hint is True
    assert tools[0].input_schema == schema_of("intake")


def test_assess_answers_with_the_first_screen() -> None:
    text, wrong = called("assess", ORDINARY)
    report = msrisk.assess(msrisk.PatientProfile.from_dict(ORDINARY))
    assert not wrong
    assert text.startswith(report.render("text", "screen").rstrip("\n"))
    assert "A missing warning clears nothing. (*)" in text
    for rule in (point.rule for one in report.summary.substances for point in one.points):
        assert rule in text
        assert not called("explain", {"rule": rule})[1]


@pytest.mark.parametrize("arguments", [{}, None, {"supplements": ["foopowder"]}], ids=str)
def test_who_tells_nothing_gets_no_all_clear(arguments: Any) -> None:
    text, wrong = called("assess", arguments)
    assert not wrong
    assert "URGENT" in text
    assert "(*)" in text
    assert "explain" not in text


def test_recognise_answers_what_was_understood_and_what_is_left_open() -> None:
    text, wrong = called("recognise", {"kind": "medication", "text": "Synthroid 50 mcg"})
    assert not wrong
    assert "“Synthroid 50 mcg” as a medication: recognised" in text
    assert "- taken as: levothyroxine" in text
    assert "- certainly: thyroid-medication" in text
    assert "says nothing of what may come of taking it" in text
    assert "Left open" not in text
    text, wrong = called("recognise", {"kind": "medication", "text": "foozumab"})
    assert not wrong
    assert "not recognised: ask" in text
    assert "- possibly: any medication" in text
    assert "Left open: what the entry is" in text


def test_explain_answers_with_the_rule_and_its_sources(ruleset: msrisk.RuleSet) -> None:
    for rule in ruleset.rules:
        text, wrong = called("explain", {"rule": rule.id})
        assert not wrong
        assert text.startswith(f"{rule.id}\n- kind: ")
        assert "- source: " in text
        assert "No clinician has reviewed these rules yet." in text
        assert "A doctor or pharmacist has to be asked in any case." in text


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("assess", {"supplements": SECRET, SECRET: 1}, ["supplements", "expected"]),
        ("assess", {"supplements": []}, ["supplements"]),
        ("assess", {"denied": [SECRET]}, ["denied"]),
        ("recognise", {}, ["kind: expected text", "text: expected text"]),
        ("recognise", {"kind": SECRET, "text": "x"}, ["one of medication, condition"]),
        ("recognise", {"kind": "symptom", "text": " ", SECRET: 1}, ["not blank", "only kind and"]),
        ("explain", {"rule": "ALA thyroid medicine"}, ["ala-thyroid-medication"]),
        ("explain", {"rule": SECRET}, ["ala-thyroid-medication", "ala-daily-dose"]),
        ("explain", {"rule": 7}, ["rule: expected text"]),
        (SECRET, {}, ["one of assess, recognise, explain"]),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_call_is_an_error_that_helps(
    name: str, arguments: Any, said: list[str]
) -> None:
    text, wrong = called(name, arguments)
    assert wrong
    assert text.startswith("Nothing was checked: any risk may be there.")
    assert [one for one in said if one not in text] == []
    assert SECRET not in text
    assert "Traceback" not in text


def test_what_is_too_deep_is_an_error() -> None:
    deep: Any = 1
    for _ in range(90):
        deep = [deep]
    text, wrong = called("assess", {"supplements": deep})
    assert wrong
    assert "Nothing was checked" in text


def test_withdrawn_rules_do_not_answer(ruleset: msrisk.RuleSet) -> None:
    withdrawn = evolve(ruleset, withdrawn=Withdrawal("2026-12-01", "a wrong rule"))
    entry = {"kind": "medication", "text": "NAC"}
    rule = {"rule": "ala-thyroid-medication"}
    for name, arguments in (("assess", ORDINARY), ("recognise", entry), ("explain", rule)):
        text, wrong = called(name, arguments, withdrawn)
        assert wrong
        assert "a wrong rule" in text


def test_a_fault_is_told_without_what_it_says(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr("msrisk.api.assess", fail)
    caplog.set_level("DEBUG")
    text, wrong = called("assess", ORDINARY)
    assert wrong
    assert text == "msrisk has a fault. Nothing was checked: any risk may be there."
    assert "ZeroDivisionError" in caplog.text
    assert SECRET not in text + caplog.text


def test_what_takes_too_long_is_said_not_to_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    going_on = threading.Event()
    begun: list[object] = []

    def slow(*_: object, **__: object) -> str:
        begun.append(None)
        assert going_on.wait(30)
        return "late"

    monkeypatch.setattr("msrisk.mcp.serving.answer", slow)

    async def run() -> list[Any]:
        async with Client(server(seconds=0.05)) as client:
            found = [await client.call_tool("recognise", {}) for _ in range(MOST + 2)]
            going_on.set()
            while threading.active_count() > before:  # noqa: ASYNC110  # of a thread nobody is told
                await asyncio.sleep(0.01)
            monkeypatch.undo()
            entry = {"kind": "medication", "text": "NAC"}
            return [*found, await client.call_tool("recognise", entry)]

    before = threading.active_count()
    *found, last = asyncio.run(run())
    assert len(begun) == MOST
    for one in found:
        assert one.is_error
        assert "Nothing was checked: any risk may be there." in one.content[0].text
    assert not last.is_error


def test_nothing_of_a_patient_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    called("assess", {"supplements": [SECRET]})
    called("assess", {"supplements": [SECRET], SECRET: 1})
    called("recognise", {"kind": "medication", "text": SECRET})
    assert SECRET not in caplog.text
