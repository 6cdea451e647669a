"""The document of a report, and all renderings of any report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TypeVar

from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st

import msrisk
from msrisk import rendering
from msrisk.model.results import (
    Assessment,
    Because,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    NextQuestion,
    OpenQuestion,
    OtherSide,
    Report,
    Silence,
    ToAsk,
)
from msrisk.model.sources import CitedPassages
from msrisk.rendering import PARTS, words
from msrisk.rendering.document import SCHEMA, to_document, to_json
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.text import to_text
from msrisk.testing import profiles

from .naive_document import KEYS, naive_document
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
    article,
    letter,
    typed,
)

SHIPPED = msrisk.RuleSet.default()

# --- The document --------------------------------------------------------------------------


@every_report
def test_the_document_is_json_with_stable_keys_and_comes_back_whole(report: Report) -> None:
    document = to_document(report)
    text = to_json(report)
    assert text.endswith("}\n")
    again = json.loads(text)
    assert again == document
    assert json.dumps(again, indent=2, ensure_ascii=False) + "\n" == text
    assert to_json(evolve(report)) == text
    assert report.to_dict() == document


def test_the_document_has_every_attribute_of_every_part() -> None:
    for part, keys in KEYS.items():
        # The summary is made from the rest of the report.
        held = [key for key in keys if (part, key) != (Report, "summary")]
        assert sorted(held) == sorted(one.name for one in fields(part))


@every_report
def test_the_document_has_the_keys_of_each_part_in_their_order(report: Report) -> None:
    # As text: two dictionaries are equal whatever the order of their keys.
    assert json.dumps(to_document(report)) == json.dumps(naive_document(report))


@settings(max_examples=20)
@given(profiles(SHIPPED))
def test_the_document_of_any_patient_has_them_too(profile: msrisk.PatientProfile) -> None:
    report = msrisk.assess(profile)
    assert json.dumps(report.to_dict()) == json.dumps(naive_document(report))


def test_whoever_changes_a_document_changes_no_other() -> None:
    profile = msrisk.PatientProfile(
        supplements=["alpha lipoic acid", "NAC", "foo"], medications=["Ocrevus"], denied=["cancer"]
    )
    policy = msrisk.Policy(thresholds={"older-adult-years": 60})
    report = msrisk.assess(profile, policy=policy)
    before = json.dumps(report.to_dict())
    spoilt = report.to_dict()
    assert spoil(spoilt) > 1_000
    assert json.dumps(spoilt) != before
    assert json.dumps(report.to_dict()) == before
    assert json.dumps(msrisk.assess(profile, policy=policy).to_dict()) == before


def spoil(value: object) -> int:
    """Change every list and mapping of a document, and return how many there are."""
    if not isinstance(value, dict | list):
        return 0
    inner = list(value.values() if isinstance(value, dict) else value)
    value.clear()
    return 1 + sum(map(spoil, inner))


def test_the_document_holds_levels_codes_ranges_and_policies_as_agreed() -> None:
    document = json.loads(to_json(RICH))
    ala = document["assessments"][0]
    assert (document["schema"], document["level"], ala["worst_case"]) == (
        "msrisk-report/2",
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
    doors = [name for name in rendering.__all__ if name not in ("FORMATS", "PARTS")]
    assert all(callable(getattr(rendering, name)) for name in doors)
    for format_, render in rendering.FORMATS.items():
        for part in PARTS:
            assert RICH.render(format_, part) == render(RICH, part)


# --- Any report ----------------------------------------------------------------------------

_characters = st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_visible = st.text(_characters, min_size=1, max_size=12).filter(str.strip)
_levels = st.sampled_from(list(Level))
_cited = st.one_of(
    st.just(article()),
    st.just(letter(17)),
    st.sets(st.integers(1, 99), min_size=1, max_size=3).map(lambda some: article(*sorted(some))),
)
_names = st.sampled_from(["ala-one", "ala-two", "ala-three"])
_kinds = st.sampled_from([*words.CAVEAT_KINDS])
_because = st.builds(
    Because,
    st.just("medications"),
    text=_visible,
    recognised_as=_visible,
    concept=_visible,
    basis=st.sampled_from(["labelled", "judged", None]),
    why=_visible,
)
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
    title=_visible,
    effect=_visible | st.just(""),
    do=_visible | st.just(""),
    ask=_visible | st.just(""),
)
_asked = st.sampled_from([("symptoms",), ("symptoms", "supplements"), ("age_years",)])
_questions = st.builds(OpenQuestion, _names, _levels, _visible, _asked, _cited, _visible)
_places = st.sampled_from([None, "scope", "emergency", "medicines"])
_caveats = st.builds(Caveat, _names, _kinds, _visible, _cited, screen=_places)
_silences = st.builds(
    Silence, _visible, _names, _visible, st.tuples(_because), _cited, _visible, _visible
)


@st.composite
def _claims(draw: st.DrawFn) -> DisputedClaim:
    against = draw(st.lists(_names, min_size=1, unique=True))
    cut = draw(st.integers(0, len(against)))
    sides = tuple(OtherSide(one, draw(_visible), draw(_cited)) for one in against)
    return DisputedClaim(
        draw(_names),
        draw(_visible),
        tuple(against[:cut]),
        tuple(against[cut:]),
        draw(_cited),
        sides,
    )


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
    _some(_claims()),
    _some(_silences),
    taking=st.sampled_from([None, True, False]),
    prescribed=st.booleans(),
)
_to_ask = st.tuples(
    *(
        st.builds(ToAsk, st.just(field), _visible, _visible, _levels)
        for field in ("symptoms", "supplements", "age_years", "conditions")
    )
)


_Cited = TypeVar("_Cited", Finding, OpenQuestion, Caveat, DisputedClaim, Silence, OtherSide)


def _consistent(report: Report) -> Report:
    """Return a report that asks next what stands first, and cites one thing for each rule."""
    first = report.to_ask[0]
    cited: dict[str, tuple[CitedPassages, ...]] = {}

    def agreed(parts: Iterable[_Cited]) -> tuple[_Cited, ...]:
        ids = ((getattr(one, "rule", getattr(one, "claim", "")), one) for one in parts)
        return tuple(
            evolve(one, citations=cited.setdefault(id_, one.citations)) for id_, one in ids
        )

    def agreed_in(a: Assessment) -> Assessment:
        claims = (evolve(one, other_side=agreed(one.other_side)) for one in agreed(a.claims))
        return evolve(
            a,
            findings=agreed(a.findings),
            open_questions=agreed(a.open_questions),
            caveats=agreed(a.caveats),
            silences=agreed(a.silences),
            claims=tuple(claims),
        )

    return evolve(
        report,
        caveats=agreed(report.caveats),
        next_question=NextQuestion(first.field, first.question, "it matters"),
        assessments=tuple(map(agreed_in, report.assessments)),
    )


_reports = st.builds(
    evolve,
    st.sampled_from(list(REPORTS.values())),
    level=_levels,
    headline=_visible,
    caveats=st.lists(_caveats, min_size=1, max_size=2).map(tuple),
    assessments=st.lists(_assessments, max_size=2).map(tuple),
    to_ask=_to_ask,
    medicines=st.sampled_from([(), ("Synthroid",)]),
    none_reported=st.sampled_from([(), ("symptoms",)]),
).map(_consistent)


@given(_reports)
def test_no_rendering_of_any_report_loses_a_statement_or_a_source(report: Report) -> None:
    for render in (to_text, html_text):
        assert lost(report, render(report), ids=render is html_text) == []
    tags(to_html(report))
    assert json.loads(to_json(report)) == to_document(report)


@given(_reports, st.sampled_from(PARTS))
def test_text_and_html_of_any_report_say_the_same(report: Report, part: str) -> None:
    def letters(text: str) -> str:
        return re.sub(r"[^\w“”→]|_", "", text)

    assert letters(to_text(report, part)) == letters(html_text(report, part, ids=False))


@given(_reports)
def test_a_part_of_any_report_as_json_is_the_document_or_the_page_with_its_sources(
    report: Report,
) -> None:
    document = to_document(report)
    screen = json.loads(to_json(report, "screen"))
    assert screen == {key: document[key] for key in ("schema", "summary", "sources")}
    page = json.loads(to_json(report, "handout"))
    assert (page["schema"], page["sources"]) == (SCHEMA, document["sources"])
    said = one_line(to_text(report, "handout"))
    for section in (page["handout"], *page["handout"]["sections"]):
        for text in (section["title"], *section["points"], *section["notes"]):
            assert one_line(words.clean(text)) in said


def marks(line: str) -> str:
    return line[: len(line) - len(line.lstrip("# -"))]


@given(_visible, st.sampled_from(PARTS))
def test_markdown_of_any_typed_text_has_the_lines_and_headings_of_any_other(
    text: str, part: str
) -> None:
    said = to_markdown(typed(text), part).splitlines()
    # Of other words as long: what has no room on the first screen is counted there.
    plain = to_markdown(typed(re.sub(r"\S", "w", text)), part).splitlines()
    assert [marks(line) for line in said] == [marks(line) for line in plain]
