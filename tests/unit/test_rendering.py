"""What every rendering of a report keeps, and what none of them does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st
from .rendering_examples import (
    ALA,
    BARE,
    DIGEST,
    GLUTATHIONE,
    NOTHING_FOUND,
    QUIET,
    RICH,
    SCOPE,
    UNKNOWN,
    article,
    typed,
)

from msrisk import rendering
from msrisk.model.results import (
    Assessment,
    Because,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    OpenQuestion,
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

Render = Callable[[Report], str]


def html_text(report: Report) -> str:
    """Return what a reader of the HTML sees, without the style."""
    body = re.sub(r"<style>.*?</style>", "", to_html(report), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", body))


def markdown_text(report: Report) -> str:
    """Return what a reader of the Markdown sees, without its escapes."""
    return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", to_markdown(report)))


PROSE: dict[str, Render] = {"text": to_text, "markdown": markdown_text, "html": html_text}
REPORTS = {"rich": RICH, "bare": BARE, "nothing found": NOTHING_FOUND}
every_prose = pytest.mark.parametrize("render", PROSE.values(), ids=PROSE)
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def one_line(text: str) -> str:
    """Return text without its line breaks and indents."""
    return " ".join(text.split())


Part = Finding | OpenQuestion | Caveat | DisputedClaim | Silence


def parts(report: Report) -> Iterator[Part]:
    """Yield every statement of a report that has a source."""
    yield from report.caveats
    for one in report.assessments:
        yield from one.findings
        yield from one.open_questions
        yield from one.caveats
        yield from one.claims
        yield from one.silences


def message(part: Part) -> str:
    """Return what a part says."""
    return part.question if isinstance(part, OpenQuestion) else part.message


def lost(report: Report, said: str) -> list[str]:
    """Return whatever a rendering does not say although the report does."""
    said = one_line(said)
    wanted = [report.headline, *map(message, parts(report))]
    for part in parts(report):
        for cited in part.citations:
            wanted += [cited.where, cited.title[1:]]
        if isinstance(part, Finding):
            wanted += [part.action, part.basis_in_words]
    for one in report.assessments:
        wanted += [one.name, one.level.words, one.worst_case.words]
    for entry in report.unrecognised:
        wanted += [entry.question, entry.reason, *entry.suggestions]
    if report.next_question is not None:
        wanted += [report.next_question.question, report.next_question.why]
    return [text for text in wanted if one_line(text) not in said]


# --- Nothing is lost -----------------------------------------------------------------------


@every_report
@every_prose
def test_every_statement_and_every_source_is_in_every_rendering(
    render: Render, report: Report
) -> None:
    assert lost(report, render(report)) == []


@every_report
@every_prose
def test_the_headline_comes_first_and_the_caveats_after_everything_else(
    render: Render, report: Report
) -> None:
    said = one_line(render(report)).lstrip("# ")
    assert said.startswith(report.headline)
    first_caveat = said.index(one_line(SCOPE.message))
    others = [part for part in parts(report) if not isinstance(part, Caveat)]
    assert all(said.index(one_line(message(part))) < first_caveat for part in others)


@every_prose
def test_the_worst_supplement_comes_first(render: Render) -> None:
    said = one_line(render(RICH))
    worst, next_worst = GLUTATHIONE.findings[0].message, ALA.findings[0].message
    assert said.index(worst) < said.index(next_worst)


@every_prose
def test_a_caveat_of_several_supplements_is_said_once(render: Render) -> None:
    said = one_line(render(RICH))
    assert said.count(one_line(SCOPE.message)) == 1


@every_prose
def test_a_question_about_several_supplements_is_asked_once_and_announced(render: Render) -> None:
    said = one_line(render(RICH))
    assert said.count("Are you pregnant?") == 1
    assert "Open questions about glutathione precursor and alpha lipoic acid" in said
    assert said.count("1 open question about this and other supplements: see below.") == 2


def test_findings_stand_under_their_level_and_say_why_in_the_patient_s_words() -> None:
    said = one_line(to_text(RICH))
    assert "CAUTION: ask a doctor or pharmacist first, for the reason given" in said
    assert (
        "Because: medicines: “Synthroid 50 mcg” → taken as levothyroxine → thyroid medication "
        "(labelled: thyroid hormone by its label)"
    ) in said
    assert "age: 66 to 67 years" in said
    assert "ATC code L04AG08 → immunosuppressive medication (msrisk's own reading)" in said
    assert "medical conditions: “lupus”, urn:local code 7 Basis" in said


def test_a_source_is_named_so_that_a_nurse_finds_the_sentence() -> None:
    said = one_line(to_text(RICH))
    assert (
        "Source: unsigned web article on alpha lipoic acid in MS, section Potential Side Effects "
        "and Risks, paragraph 2, sentence 5 (rule ala-thyroid-medication)"
    ) in said
    assert "author it quotes, opening, paragraph 6, sentence 1 (rule" in said
    assert "quotes, the whole text (rule scope-two-texts)" in said
    assert words.sources((CitedPassages("x", "NICE guide", "Doses", (1,)),)) == (
        "NICE guide, section Doses"
    )


def test_a_claim_stands_beside_what_disputes_or_limits_it() -> None:
    said = one_line(to_text(RICH)).partition("It then goes on to side effects.")[2]
    assert "Disputed by: You take a thyroid medicine. Alpha lipoic acid may change" in said
    assert "Disputed by: the open question: Do you have trouble breathing? (unsigned" in said
    assert (
        "Disputed by: a warning for other patients, “ala allergy” (msrisk rules show ala-allergy)"
    ) in said
    assert "Limited by: What is in the bottle varies" in said


def test_what_disputes_several_claims_is_said_in_full_the_first_time() -> None:
    long = evolve(ALA.caveats[0], message=f"{'Purity varies. ' * 20}Ask.")
    claims = tuple(evolve(ALA.claims[0], claim=f"ala-claim-{n}") for n in "ab")
    ala = evolve(ALA, caveats=(long,), claims=claims)
    said = one_line(to_text(evolve(RICH, assessments=(ala,))))
    first, second = said.index("Limited by: Purity"), said.rindex("Limited by: Purity")
    assert "Purity varies. Ask. (unsigned" in said[first:second]
    assert "Purity varies. Purity … (as above, rule ala-product-quality)" in said[second:]


def test_an_entry_to_be_cleared_up_comes_with_names_to_confirm() -> None:
    said = one_line(to_text(RICH))
    assert "“foozumab” (supplements): not recognised (no name or code that msrisk knows)" in said
    assert "Ask about symptoms and supplements Not clear yet: “foozumab”. - Do you have" in said
    assert "Ask about symptoms - Do you have a rash?" in said
    assert "Did you mean: foo, bar or baz? Confirm, do not assume." in said
    assert "ATC code Z99 (medicines): ambiguous Ask: What does the code Z99 stand for?" in said


@every_prose
def test_the_rules_that_answered_are_named(render: Render) -> None:
    rich, bare = one_line(render(RICH)), one_line(render(BARE))
    assert "No clinician has reviewed these rules yet." in rich
    assert f"digest {DIGEST[7:19]}." in rich
    assert "low-body-weight-kg = 48.5 and older-adult-years = 70. Some may warn fewer" in rich
    assert "A clinician has reviewed these rules." in bare
    assert "replaced" not in bare
    assert RICH.policy is not None
    strict = evolve(RICH, policy=evolve(RICH.policy, allow_weaker=False))
    assert "warn fewer" not in render(strict)


@every_prose
def test_a_report_without_a_supplement_says_that_none_was_assessed(render: Render) -> None:
    assert "No supplement has been named, so none has been assessed." in one_line(render(BARE))


# --- Nothing comforts ----------------------------------------------------------------------

COMFORT = re.compile(
    r"\b(un)?safe(ly|ty)?\b|\bharmless\b|no risk|risk[- ]free|no danger|all[- ]clear"
    r"|nothing to (fear|worry)|go ahead|\bfine\b|approved",
    re.IGNORECASE,
)


@every_report
@every_prose
def test_no_rendering_comforts_except_in_a_claim_of_a_source(
    render: Render, report: Report
) -> None:
    without = evolve(report, assessments=tuple(evolve(a, claims=()) for a in report.assessments))
    assert COMFORT.search(render(without)) is None
    assert COMFORT.search(" ".join(words.LEVELS.values())) is None


def test_a_level_without_a_finding_says_what_was_not_looked_at() -> None:
    said = one_line(to_text(NOTHING_FOUND))
    assert "No warning in the texts fits the answers; they do not look at everything." in said
    assert "still to be cleared up" not in said


def test_an_entry_that_is_not_cleared_up_is_announced_where_nothing_else_is_found() -> None:
    one = evolve(QUIET, level=Level.UNDETERMINED, worst_case=Level.UNDETERMINED)
    said = one_line(to_text(evolve(RICH, assessments=(one,))))
    assert "glutathione precursor: UNDETERMINED" in said
    assert "An entry is still to be cleared up, and could change this: see below." in said


# --- Text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 40, 57, 80, 200])
def test_text_keeps_the_width_and_every_word_whole(width: int) -> None:
    lines = to_text(RICH, width=width).splitlines()
    limit = max(width, 40)
    # A line longer than the width holds one word that is longer than the line.
    assert all(len(line) <= limit or len(line.split()) == 1 for line in lines)
    wide = [word for word in to_text(RICH, width=10_000).split() if set(word) - set("=-")]
    assert [word for line in lines for word in line.split() if set(word) - set("=-")] == wide
    assert lost(RICH, to_text(RICH, width=width)) == []


def test_text_is_coloured_only_when_asked_and_says_the_same() -> None:
    assert "\x1b" not in to_text(RICH)
    coloured = to_text(RICH, colour=True)
    assert "\x1b[1;31mglutathione precursor: CONTRAINDICATED\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == to_text(RICH)
    assert not re.search(r"\x1b\[[0-9;]*(32|42|92|102)m", coloured), "no answer is green"


# --- What a patient typed does nothing -----------------------------------------------------

HOSTILE = [
    "<b>bold</b> <script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "[a](javascript:alert(1))",
    "![a](http://example.org/x.png)",
    "<javascript:alert(1)>",
    "# x",
    "- x",
    "1. x",
    "| a | b |",
    "`x` **x** __x__ ~~x~~ $x$ \\",
    "&lt;b&gt; &#35;",
    "\x1b[31mred\x1b]0;title\x07\x9b31m",
    "one\ntwo\r\n# three\u2028four",
    "\u202ereversed\u2066",
    "www.example.org http://example.org",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_prints_nothing_that_a_terminal_obeys(text: str) -> None:
    said = to_text(typed(text))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert "\n# three" not in said


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_holds_no_markup_that_was_typed(text: str) -> None:
    said = to_markdown(typed(text))
    plain = to_markdown(typed("word"))
    assert "<" not in said
    for mark in ("`", "[", "]", "|", "~", "$", "_", "#", "*"):
        live = rf"(?<!\\){re.escape(mark)}"
        assert len(re.findall(live, said.replace("&#", ""))) == len(re.findall(live, plain))
    assert not re.search(r"http://|www\.", said)
    assert len(said.splitlines()) == len(plain.splitlines())


def test_markdown_escapes_what_would_start_a_list_or_a_rule() -> None:
    for start in ("---", "+ x", "=== x", "1. x", "12) x", "1200 mg. x"):
        caveat = evolve(SCOPE, message=start)
        said = to_markdown(evolve(BARE, caveats=(caveat,)))
        assert (f"- {start}" in said) is (start == "1200 mg. x")
        assert start in markdown_text(evolve(BARE, caveats=(caveat,)))


class Checker(HTMLParser):
    """Checks that tags are balanced and collects them with their attributes."""

    def __init__(self) -> None:
        """Start with no tag."""
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.open.append(tag)
        self.seen.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Check that the tag that closes is the one that was opened last."""
        assert self.open.pop() == tag


def tags(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """Return the tags of a page that is well-formed."""
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    return checker.seen


@every_report
def test_html_is_one_section_with_headings_in_order_and_a_language(report: Report) -> None:
    seen = tags(to_html(report))
    assert seen[0] == ("section", (("class", "msrisk-report"), ("lang", "en")))
    assert [tag for tag, _ in seen].count("section") == 1
    depths = [int(tag[1]) for tag, _ in seen if re.fullmatch("h[1-6]", tag)]
    assert depths[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(depths))


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_no_tag_attribute_or_address_that_was_typed(text: str) -> None:
    page = to_html(typed(text))
    assert tags(page) == tags(to_html(typed("word")))
    assert {tag for tag, _ in tags(page)} <= {
        *("section", "style", "h2", "h3", "h4", "h5", "p", "ul", "li", "dl", "div", "dt", "dd")
    }
    assert {name for _, attributes in tags(page) for name, _ in attributes} == {"class", "lang"}
    style = page.partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    selectors = re.findall(r"^(\S.*?)[,{]", style.partition("<style>")[2], flags=re.MULTILINE)
    assert selectors
    assert all(one.startswith((".msrisk-report", "@media print")) for one in selectors)


def test_html_tells_every_level_in_words_beside_its_colour() -> None:
    page = to_html(RICH)
    for level, heading in re.findall(r'class="msrisk-level-([a-z-]+)">(.*?)</h', page):
        words_for_it = {"Open questions", "Not spoken of", "To be cleared up", "Ask next"}
        assert level.replace("-", " ").upper() in heading or any(
            one in heading for one in words_for_it
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
_claims = st.builds(DisputedClaim, _names, _visible, st.tuples(_names), st.tuples(_names), _cited)
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


@given(_visible)
def test_markdown_of_any_typed_text_has_the_lines_and_headings_of_any_other(text: str) -> None:
    said = to_markdown(typed(text)).splitlines()
    plain = to_markdown(typed("word")).splitlines()
    assert [re.match(r"[# -]*", line)[0] for line in said] == [  # type: ignore[index]
        re.match(r"[# -]*", line)[0]
        for line in plain  # type: ignore[index]
    ]


def test_the_outline_names_what_nobody_recognises_in_quotes() -> None:
    titles = [section.title for section in outline(RICH).sections]
    assert "“foozumab”: UNDETERMINED so far; could be URGENT" in titles
    assert words.title(UNKNOWN) == "“foozumab”"
    assert words.field_name("new_field") == "new field"
    assert words.plural(2, "question") == "2 questions"
    assert article()[0].where in one_line(to_text(RICH))
