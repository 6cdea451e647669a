"""The document of a report, and all renderings of any report."""

from __future__ import annotations

import json
import re

from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from msrisk import rendering
from msrisk.model.results import (
    Assessment,
    Because,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    OpenQuestion,
    OtherSide,
    Report,
    Silence,
)
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words
from msrisk.rendering.document import KEYS, to_document, to_json
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.outline import outline
from msrisk.rendering.text import to_text

from .rendering_checks import (
    REPORTS,
    Part,
    every_report,
    html_text,
    lost,
    one_line,
    tags,
)
from .rendering_examples import (
    BARE,
    DIGEST,
    RICH,
    UNKNOWN,
    article,
    typed,
)

# --- The document --------------------------------------------------------------------------


@every_report
def test_the_document_is_json_with_stable_keys_and_comes_back_whole(report: Report) -> None:
    document = to_document(report)
    text = to_json(report)
    assert text.endswith("}\n")
    again = json.loads(text)
    assert again == document
    assert list(again) == ["schema", *KEYS[Report]]
    assert json.dumps(again, indent=2, ensure_ascii=False) + "\n" == text
    assert to_json(evolve(report)) == text
    assert report.to_dict() == document


def test_the_document_has_every_attribute_of_every_part() -> None:
    for part, keys in KEYS.items():
        assert sorted(keys) == sorted(one.name for one in fields(part))


def test_the_document_holds_levels_codes_ranges_and_policies_as_agreed() -> None:
    document = json.loads(to_json(RICH))
    ala = document["assessments"][0]
    assert (document["schema"], document["level"], ala["worst_case"]) == (
        "msrisk-report/1",
        "contraindicated",
        "urgent",
    )
    because = ala["findings"][1]["because"]
    assert because[0]["value"] == [66, 67]
    assert because[2]["value"] is True
    assert because[4]["code"] == {"system": "http://www.whocc.no/atc", "code": "L04AG08"}
    assert because[0]["code"] is None
    assert list(because[0])[:7] == [
        *("field", "text", "code", "value", "recognised_as", "concept", "basis")
    ]
    assert list(ala["findings"][0])[:8] == [
        *("rule", "kind", "level", "basis", "message", "action", "because", "citations")
    ]
    assert document["policy"] == {
        "thresholds": {"low-body-weight-kg": 48.5, "older-adult-years": 70},
        "allow_weaker": True,
        "digest": DIGEST,
    }
    assert document["ruleset"]["digest"] == DIGEST
    assert json.loads(to_json(BARE))["policy"] is None


# --- The doors of the package --------------------------------------------------------------


def test_the_doors_of_a_report_and_of_the_package_lead_here() -> None:
    assert str(RICH) == to_text(RICH)
    assert RICH._repr_html_() == to_html(RICH)
    assert rendering.__all__ == sorted(rendering.__all__)
    assert all(callable(getattr(rendering, name)) for name in rendering.__all__)


# --- Any report ----------------------------------------------------------------------------

_characters = st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_visible = st.text(_characters, min_size=1, max_size=12).filter(str.strip)
_levels = st.sampled_from(list(Level))
_cited = st.builds(CitedPassages, st.just("ala-ms-article"), _visible, _visible, st.just((1,))).map(
    lambda one: (one,)
)
_names = st.sampled_from(["ala-one", "ala-two", "ala-three"])
_kinds = st.sampled_from([*words.CAVEAT_KINDS])
_because = st.builds(Because, st.just("medications"), text=_visible, recognised_as=_visible)
_findings = st.builds(
    Finding,
    _names,
    _kinds,
    _levels,
    _kinds,
    _visible,
    _visible,
    _visible,
    st.tuples(_because),
    _cited,
)
_asked = st.sampled_from([("symptoms",), ("symptoms", "supplements"), ("age_years",)])
_questions = st.builds(OpenQuestion, _names, _levels, _visible, _asked, _cited)
_caveats = st.builds(Caveat, _names, _kinds, _visible, _cited)
_sides = st.lists(st.builds(OtherSide, _names, _visible, _cited), min_size=1, max_size=2)
_claims = st.builds(
    DisputedClaim,
    _names,
    _visible,
    st.tuples(_names),
    st.tuples(_names),
    _cited,
    _sides.map(tuple),
)
_silences = st.builds(Silence, _visible, _names, _visible, st.tuples(_because), _cited)


def _some(items: st.SearchStrategy[Part]) -> st.SearchStrategy[tuple[Part, ...]]:
    return st.lists(items, max_size=2).map(tuple)


_assessments = st.builds(
    Assessment,
    st.none() | st.just("alpha-lipoic-acid"),
    _visible,
    st.booleans(),
    _levels,
    _levels,
    _some(_findings),
    _some(_questions),
    st.lists(_caveats, min_size=1, max_size=2).map(tuple),
    _some(_claims),
    _some(_silences),
)
_reports = st.builds(
    evolve,
    st.sampled_from(list(REPORTS.values())),
    level=_levels,
    headline=_visible,
    caveats=st.lists(_caveats, min_size=1, max_size=2).map(tuple),
    assessments=st.lists(_assessments, max_size=2).map(tuple),
)


@given(_reports)
def test_no_rendering_of_any_report_loses_a_statement_or_a_source(report: Report) -> None:
    for render in (to_text, html_text):
        assert lost(report, render(report)) == []
    tags(to_html(report))
    assert json.loads(to_json(report)) == to_document(report)


@given(_reports)
def test_the_three_renderings_of_any_report_say_the_same(report: Report) -> None:
    def letters(text: str) -> str:
        return re.sub(r"[^\w“”→]|_", "", text)

    assert letters(to_text(report)) == letters(html_text(report))


def marks(line: str) -> str:
    return line[: len(line) - len(line.lstrip("# -"))]


@given(_visible)
def test_markdown_of_any_typed_text_has_the_lines_and_headings_of_any_other(text: str) -> None:
    said = to_markdown(typed(text)).splitlines()
    plain = to_markdown(typed("word")).splitlines()
    assert [marks(line) for line in said] == [marks(line) for line in plain]


def test_the_outline_names_what_nobody_recognises_in_quotes() -> None:
    titles = [section.title for section in outline(RICH).sections]
    assert "“foozumab”: UNDETERMINED so far; could be URGENT" in titles
    assert words.title(UNKNOWN) == "“foozumab”"
    assert words.field_name("new_field") == "new field"
    assert words.plural(2, "question") == "2 questions"
    assert article()[0].where in one_line(to_text(RICH))
