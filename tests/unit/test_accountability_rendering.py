"""The table as text, as a page and as a document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve, fields
from jsonschema import Draft202012Validator

from msrisk.accountability import Accountability, account, table
from msrisk.accountability.examined import Examined
from msrisk.accountability.page import accountability_html
from msrisk.accountability.text import (
    ACCOUNTABILITY_KEYS,
    FATES,
    SILENCE,
    accountability_document,
    accountability_json,
    accountability_text,
    fates_of,
    limits,
    summary,
)
from msrisk.documents import schema_of
from msrisk.model.results import Level
from msrisk.model.rules import Basis, Kind, Review, Rule, RuleSet
from msrisk.model.sources import CONTEXTS, Citation

from .accountability_examples import FILES, NAME, RULES, TEXT, over, with_contexts
from .rendering_checks import one_line, tags

SHIPPED = RuleSet.default()
STRAY_TEXT = TEXT.replace("tire you. ", "tire you. It <i>kills</i>. ") + "At the end."
TABLES = {
    "without the texts": account(RULES),
    "with the texts": account(RULES, FILES),
    "with strays": account(over(STRAY_TEXT), {NAME: STRAY_TEXT.encode()}),
    "with open passages": account(with_contexts(None, "framing", None, None)),
    "shipped": account(SHIPPED),
    "empty": account(evolve(RULES, sources=(), rules=(), claims=(), thresholds=())),
}
every_table = pytest.mark.parametrize("made", TABLES.values(), ids=TABLES)


def html_words(made: Accountability) -> str:
    """Return what a reader of the page sees."""
    page = re.sub(r"<style>.*?</style>", "", accountability_html(made), flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", page)


PROSE: dict[str, Callable[[Accountability], str]] = {
    "text": accountability_text,
    "html": html_words,
}
every_prose = pytest.mark.parametrize("render", PROSE.values(), ids=PROSE)


# --- What every rendering says ---


@every_table
@every_prose
def test_every_passage_statement_and_silence_is_in_every_rendering(
    render: Callable[[Accountability], str], made: Accountability
) -> None:
    said = one_line(render(made))
    for one in made.statements:
        assert f"{one.id} ({one.kind})" in said
        assert one.chosen in said
    for silent in made.silences:
        assert silent.topic.replace("-", " ") in said
        assert all(ground.reason in said for ground in silent.grounds)
    for source in made.sources:
        assert source.title in said
        cited = [id_ for p in source.passages for id_ in (*p.rules, *p.claims, *p.thresholds)]
        assert all(f" {id_}" in said for id_ in cited)
    for words in (summary(made), limits(made), SILENCE):
        assert words in said


@every_prose
def test_a_passage_that_is_not_accounted_for_is_said_to_be(
    render: Callable[[Accountability], str],
) -> None:
    said = render(TABLES["with open passages"]).casefold()
    assert said.count("not accounted for") >= 2
    assert "2 of 4 passages have a rule, a claim or a stated reason (50 %: 2 cited" in one_line(
        said
    )


@every_prose
def test_text_in_no_passage_is_shown_with_its_place(
    render: Callable[[Accountability], str],
) -> None:
    said = one_line(render(TABLES["with strays"])).casefold()
    assert "in no passage" in said
    assert "characters 42 to 60" in said
    assert "kills" in said
    assert "at the end." in said
    assert "; but 2 pieces of text lie in no passage; the texts" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("without the texts", "9 characters lie in no passage, at most 6 together; what they are "),
        ("with the texts", "10 characters lie in no passage, at most 6 together: white space and "),
        ("with strays", "; 2 pieces of text among them, shown in place."),
    ],
)
@every_prose
def test_what_lies_between_the_passages_is_told(
    render: Callable[[Accountability], str], name: str, words: str
) -> None:
    assert words in one_line(render(TABLES[name]))


@every_prose
def test_passages_without_a_gap_are_told_as_that(
    render: Callable[[Accountability], str],
) -> None:
    made = TABLES["without the texts"]
    whole = evolve(made, sources=(evolve(made.sources[0], gaps=()),))
    assert "No character lies between the passages." in one_line(render(whole))


@every_prose
def test_whether_the_texts_were_compared_is_told(
    render: Callable[[Accountability], str],
) -> None:
    assert "agrees with the text" in one_line(render(TABLES["with the texts"]))
    assert "the texts themselves were not compared" in one_line(render(TABLES["without the texts"]))


def test_that_all_is_accounted_for_is_not_called_right() -> None:
    made = TABLES["shipped"]
    assert "does not say that it was understood rightly" in limits(made)
    assert "Nobody has signed all the rules yet." in limits(made)
    assert "Nobody" not in limits(evolve(made, clinically_reviewed=True))
    assert not re.search(r"\bsafe|no risk", accountability_text(account(RULES)), re.IGNORECASE)


# --- What can become of a passage ---


def test_every_kind_of_rule_and_every_context_has_a_mark_of_its_own() -> None:
    keys = [fate.key for fate in FATES]
    levels = [level.value for level in Level if level is not Level.NO_FINDING]
    assert sorted(keys) == sorted({"open", "caveat", "claim", "threshold", *levels, *CONTEXTS})
    assert len({fate.mark for fate in FATES}) == len(FATES) == len({f.name for f in FATES})


@pytest.mark.parametrize("kind", Kind)
def test_a_passage_has_the_mark_of_what_the_rule_brings(kind: Kind) -> None:
    rule = Rule(
        id="a-rule",
        kind=kind,
        basis=Basis.STATED,
        message="It is so.",
        cites=(Citation("leaflet", (2,)),),
        since="1",
        review=Review("none yet"),
        when=None if kind.level is None else RULES.rule("sunroot-sleeper").when,
        question="Is it so?",
    )
    made = account(evolve(RULES, rules=(rule,)))
    expected = "caveat" if kind.level is None else kind.level.value
    passages = made.sources[0].passages
    assert [fate.key for fate in fates_of(passages[1], made.statements)] == [expected]


def test_a_passage_of_several_statements_has_the_mark_of_each_gravest_first() -> None:
    passages = {p.n: p for s in TABLES["shipped"].sources[1:] for p in s.passages}
    found = fates_of(passages[18], TABLES["shipped"].statements)
    keys = ["urgent", "contraindicated", "caution", "inform", "caveat", "claim"]
    assert [fate.key for fate in found] == keys
    assert accountability_html(TABLES["shipped"]).count("18 U X C I A Q") == 3


# --- The document ---

SCHEMA = Draft202012Validator(schema_of("accountability"))


@every_table
def test_the_table_is_written_as_the_schema_says(made: Accountability) -> None:
    Draft202012Validator.check_schema(schema_of("accountability"))
    document = accountability_document(made)
    SCHEMA.validate(document)
    text = accountability_json(made)
    assert json.loads(text) == document
    assert text == accountability_json(made)
    assert list(document) == ["schema", *ACCOUNTABILITY_KEYS[Accountability]]


PARTS: dict[str, type[Any]] = {
    "source": table.SourceAccount,
    "passage": table.PassageAccount,
    "gap": table.Gap,
    "statement": table.Statement,
    "ground": table.Ground,
    "silentTopic": table.SilentTopic,
    "examined": Examined,
}


@pytest.mark.parametrize("name", PARTS)
def test_the_schema_of_a_part_has_its_attributes_but_no_sentence(name: str) -> None:
    schema: Any = schema_of("accountability")
    part = schema["$defs"][name]
    keys = ACCOUNTABILITY_KEYS[PARTS[name]]
    assert list(part["properties"]) == part["required"] == list(keys)
    assert part["additionalProperties"] is False
    assert {a.name for a in fields(PARTS[name])} - {"text"} <= set(keys)
    assert "text" not in keys


def test_the_schema_has_every_part_of_the_table_and_every_kind() -> None:
    schema: Any = schema_of("accountability")
    assert list(schema["properties"]) == schema["required"]
    assert {*PARTS.values(), Accountability} == set(ACCOUNTABILITY_KEYS)
    statement = schema["$defs"]["statement"]["properties"]
    assert statement["kind"]["enum"] == [*(kind.value for kind in Kind), "claim", "threshold"]
    levels = {kind.level.value for kind in Kind if kind.level is not None}
    assert set(statement["level"]["enum"]) == {*levels, None}
    assert schema["$defs"]["passage"]["properties"]["context"]["enum"] == [*CONTEXTS, None]


def test_a_statement_that_rests_on_nothing_is_no_part_of_the_document() -> None:
    document: Any = accountability_document(TABLES["with the texts"])
    document["statements"][1]["grounds"] = []
    assert not SCHEMA.is_valid(document)


def test_the_document_holds_no_sentence_of_a_source() -> None:
    assert "tire" not in accountability_json(TABLES["with the texts"])


# --- The page ---


@every_table
def test_the_page_is_well_formed_and_asks_for_nothing_from_outside(made: Accountability) -> None:
    page = accountability_html(made)
    void = re.sub(r"<(!DOCTYPE|meta)[^>]*>", "", page)
    seen = tags(void)
    names = {tag for tag, _ in seen}
    assert not names & {"script", "img", "link", "iframe", "form", "object", "base"}
    assert {"header", "nav", "main", "h1"} <= names
    addresses = [v for _, pairs in seen for k, v in pairs if k in ("href", "src")]
    assert all(address and address.startswith("#") for address in addresses)
    assert "://" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page
    assert not [k for _, pairs in seen for k, _ in pairs if k.startswith("on")]


@every_table
def test_every_link_of_the_page_leads_somewhere_and_every_id_is_there_once(
    made: Accountability,
) -> None:
    seen = tags(re.sub(r"<(!DOCTYPE|meta)[^>]*>", "", accountability_html(made)))
    ids = [value for _, pairs in seen for key, value in pairs if key == "id"]
    links = {value[1:] for _, pairs in seen for key, value in pairs if key == "href" and value}
    assert len(ids) == len(set(ids))
    assert links <= set(ids)
    for source in made.sources:
        for passage in source.passages:
            assert f"passage-{source.source}-{passage.n}" in links & set(ids)
    assert {f"{one.part}-{one.id}" for one in made.statements} <= set(ids)


def test_the_links_of_a_passage_and_of_a_rule_lead_to_each_other() -> None:
    page = accountability_html(TABLES["without the texts"])
    passage = page[page.index('<li id="passage-leaflet-2">') :].partition("</li></ul>")[0]
    assert '<a href="#rule-sunroot-sleeper">' in passage
    rule = page[page.index('<li id="rule-sunroot-sleeper">') :].partition("</ul>")[0]
    assert '<a href="#passage-leaflet-2">2</a>' in rule


def test_the_headings_of_the_page_leave_out_no_step() -> None:
    for made in TABLES.values():
        depths = [int(d) for d in re.findall(r"<h(\d)", accountability_html(made))]
        assert depths[0] == 1
        assert depths.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(depths))


def test_the_sentences_are_on_the_page_only_with_the_texts_and_the_page_says_so() -> None:
    without = accountability_html(TABLES["without the texts"])
    with_texts = accountability_html(TABLES["with the texts"])
    assert "It may tire you." in with_texts
    assert "contains the text of the sources, which belongs to their authors" in with_texts
    assert "tire" not in without
    assert "contains the text" not in without
    assert "<blockquote" not in without


def test_nothing_in_a_text_or_a_rule_is_markup_on_the_page() -> None:
    hostile = "<b>\"&'</b></style>"
    rule = evolve(RULES.rules[1], message=hostile)
    (source,) = RULES.sources
    changed = evolve(source, title=hostile)
    rules = evolve(RULES, rules=(RULES.rules[0], rule), sources=(changed,))
    page = accountability_html(account(rules, FILES))
    assert hostile not in page
    assert page.count("&lt;b&gt;&quot;&amp;&#x27;&lt;/b&gt;&lt;/style&gt;") >= 3
    assert "# A leaflé &amp; &lt;b&gt;more&lt;/b&gt;" in page
    assert "It &lt;i&gt;kills&lt;/i&gt;." in accountability_html(TABLES["with strays"])


def test_a_block_is_as_wide_as_its_passage_is_long() -> None:
    page = accountability_html(TABLES["without the texts"])
    lengths = [int(n) for n in re.findall(r'style="--length: (\d+)"', page)]
    assert lengths == [24, 16, 15, 9]
    assert "calc(var(--length) *" in page


def test_the_legend_counts_each_passage_under_one_colour() -> None:
    for name in ("shipped", "with open passages"):
        words = html_words(TABLES[name])
        colours = [
            int(n) for n in re.findall(r"passages?; (\d+) (?:is|are) drawn in this colour", words)
        ]
        assert len(colours) == len(FATES)
        assert sum(colours) == TABLES[name].total


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_the_page_can_be_read_in_light_and_in_dark() -> None:
    page = accountability_html(TABLES["empty"])
    schemes = [
        dict(zip(("ink", "page", "link"), found, strict=True))
        for found in re.findall(r"--ink: (#\w+); --page: (#\w+); --link: (#\w+);", page)
    ]
    light, dark = schemes
    backgrounds = re.findall(r"\.fate-([\w-]+) \{ background: (#\w+)(;?)", page)
    assert len(backgrounds) == 2 * len(FATES)
    for key, colour, with_border in backgrounds:
        assert contrast((light if with_border else dark)["ink"], colour) >= 7, key
    for scheme in schemes:
        assert contrast(scheme["ink"], scheme["page"]) >= 7
        assert contrast(scheme["link"], scheme["page"]) >= 4.5
    lines = re.findall(r"\.fate-[\w-]+ \{ background: #\w+; border: ([^}]+) \}", page)
    assert len(set(lines)) >= 6
