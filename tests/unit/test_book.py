"""The book of rules says all that a reviewer has to see, and leads to it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from msrisk.api import shipped_rules
from msrisk.errors import RuleSetError
from msrisk.loading import load_cases
from msrisk.model.concepts import Drug, MemberBasis, Membership, closure
from msrisk.model.conditions import Takes, walk
from msrisk.model.rules import EVERY, Review, RuleSet, Withdrawal
from msrisk.testing import rule_sets

from .book_checks import PROSE, Read, case, markdown, page, unsaid
from .rendering_checks import tags

RULES = RuleSet.default()
CASES = load_cases(shipped_rules())
each_prose = pytest.mark.parametrize("read", PROSE.values(), ids=PROSE)


def wanted(ruleset: RuleSet) -> list[str]:
    """Return what a book of this rule set must say, found without the book."""
    found = [ruleset.version, ruleset.digest, ruleset.name, *(s.title for s in ruleset.sources)]
    for rule in ruleset.rules:
        found += [rule.id, rule.message, rule.action, rule.question, rule.argument, rule.since]
        found += [rule.basis.value, *(cited.where for cited in ruleset.cited(rule.cites))]
        found += [cited.reason for cited in rule.cites]
    for claim in ruleset.claims:
        found += [claim.id, claim.message, *claim.disputed_by, *claim.qualified_by]
        found += [cited.where for cited in ruleset.cited(claim.cites)]
    for threshold in ruleset.thresholds:
        found += [threshold.id, threshold.name, str(threshold.quantity)]
        found += [threshold.reason, threshold.reference]
    for substance in ruleset.substances:
        found += [*substance.names, *substance.without]
    return found + judged(ruleset)


def judged(ruleset: RuleSet) -> list[str]:
    parents = {one.id: one.within for one in ruleset.vocabulary.drug_classes}
    named = {
        node.drug_class
        for rule in ruleset.rules
        if rule.when
        for node in walk(rule.when)
        if isinstance(node, Takes)
    }
    return [
        text
        for drug in ruleset.vocabulary.drugs
        for member in drug.classes
        if member.basis is MemberBasis.JUDGED and named & closure([member.id], parents)
        for text in (drug.name, member.why)
    ]


@each_prose
def test_the_book_of_the_shipped_rules_says_all_of_them_and_all_worked_patients(
    read: Read,
) -> None:
    said = read(RULES, CASES)
    assert judged(RULES)
    assert unsaid(said, wanted(RULES)) == []
    assert unsaid(said, [one.says for one in CASES]) == []


@pytest.mark.slow
@given(ruleset=rule_sets(), data=st.data())
def test_a_book_of_any_rules_says_all_of_them_in_both_formats(
    ruleset: RuleSet, data: st.DataObject
) -> None:
    outcomes = st.sampled_from(["finding", "open", "none"])
    cases = [case(r.id, f"One for {r.id}.", data.draw(outcomes)) for r in ruleset.rules]
    for read in PROSE.values():
        said = read(ruleset, cases)
        assert unsaid(said, [*wanted(ruleset), *(one.says for one in cases)]) == []


@pytest.mark.slow
@given(rule_sets())
def test_every_link_of_a_book_leads_to_one_place_in_it(ruleset: RuleSet) -> None:
    check_links(ruleset)


def test_every_link_of_the_shipped_book_leads_to_one_place_in_it() -> None:
    check_links(RULES)


def check_links(ruleset: RuleSet) -> None:
    for text, link, place in (
        (page(ruleset), r'href="#([^"]*)"', r' id="([^"]*)"'),
        (markdown(ruleset), r"\]\(#([^)]*)\)", r'<a id="([^"]*)"></a>'),
    ):
        places = re.findall(place, text)
        assert len(set(places)) == len(places)
        assert re.findall(link, text)
        assert set(re.findall(link, text)) <= set(places)


def test_the_page_in_the_documents_is_the_book_of_the_rules(root: Path) -> None:
    committed = (root / "docs" / "rule-book.md").read_text("utf-8")
    renew = "write it anew with: python -m msrisk rules book > docs/rule-book.md"
    assert committed == markdown(RULES, CASES), renew


def test_both_formats_have_the_same_headings_in_the_same_order() -> None:
    said, written = page(RULES, CASES), markdown(RULES, CASES)
    headings = [
        (int(depth), title) for depth, title in re.findall(r"<h(\d)[^>]*>(.*?)</h\d>", said)
    ]
    lines = re.findall(r"^(#+) (.*)$", written, flags=re.MULTILINE)
    assert [depth for depth, _ in headings] == [len(marks) for marks, _ in lines]
    assert len(lines) > len(RULES.rules)
    for (_, one), (_, other) in zip(headings, lines, strict=True):
        assert re.sub(r"&\S+?;|\W", "", one) == re.sub(r"&\S+?;|\W", "", other)


def test_the_page_has_a_language_a_title_and_headings_in_order() -> None:
    said = page(RULES, CASES)
    # The only tags that never close.
    seen = tags(re.sub(r"<meta [^>]*>", "", said))
    assert ("html", (("lang", "en"),)) in seen
    assert "<title>Rule book, version " in said
    depths = [int(tag[1]) for tag, _ in seen if re.fullmatch("h[1-6]", tag)]
    assert depths[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(depths))


def test_the_worst_stands_first_in_each_chapter() -> None:
    said = markdown(RULES)
    chapter = said.partition("\n## Alpha lipoic acid\n")[2].partition("\n## ")[0]
    groups = re.findall(r"^### ([A-Z]+):", chapter, flags=re.MULTILINE)
    assert groups == ["URGENT", "CONTRAINDICATED", "CAUTION", "INFORM"]


def chapter_of(title: str) -> str:
    return markdown(RULES).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_a_case_of_another_substance_says_whose_rules_it_has_and_which_not() -> None:
    chapter = chapter_of("N-acetylcysteine")
    assert "- **Has all rules and claims of:** [glutathione precursor](#substance-" in chapter
    assert "- **But not:** [glutathione-immunosuppressive-medication](#rule-glut" in chapter
    assert "(#rule-glutathione-milk-protein-allergy)" in chapter
    assert "(#claim-glutathione-claim-lactose-and-casein-removed)" in chapter


def test_a_rule_of_several_substances_stands_in_a_chapter_of_its_own() -> None:
    chapter = chapter_of("Alpha lipoic acid and glutathione precursor alike")
    assert "#### both-supplements-together" in chapter


@each_prose
def test_a_worked_patient_stands_with_what_becomes_of_the_rule_and_the_report(read: Read) -> None:
    rule = RULES.rules[0].id
    cases = [
        case(rule, "One.", "finding"),
        case(rule, "Two.", "open"),
        evolve(case(rule, "Three.", "none"), level="caution", worst_case="caution"),
        evolve(case(rule, "Four.", "odd"), level="strange", worst_case="stranger"),
    ]
    said = re.sub(r" \|( \|)?", "", read(RULES, cases))
    for row in (
        "One. applies CAUTION, could be URGENT",
        "Two. is asked about CAUTION, could be URGENT",
        "Three. does not apply CAUTION",
        "Four. odd strange, could be stranger",
    ):
        assert row in said


def test_a_worked_patient_of_no_rule_is_an_error_and_not_left_out() -> None:
    expected = r"cases: case `of-nothing`: rule: expected the id of a rule"
    with pytest.raises(RuleSetError, match=expected):
        page(RULES, [case("nothing")])


@each_prose
def test_the_front_says_who_has_reviewed_the_rules(read: Read) -> None:
    count = len(RULES.rules)
    nobody = f"No clinician has reviewed these rules yet: 0 of {count} rules signed"
    assert nobody in read(RULES, ())
    first = evolve(RULES.rules[0], review=Review("pharmacist", "2026-02-01"))
    said = read(evolve(RULES, rules=(first, *RULES.rules[1:])), ())
    assert f"1 of {count} rules signed" in said
    assert "No clinician" not in said
    assert "pharmacist, 2026-02-01" in said


@each_prose
def test_the_front_of_withdrawn_rules_says_so_and_why(read: Read) -> None:
    assert "WITHDRAWN" not in read(RULES, ())
    said = read(evolve(RULES, withdrawn=Withdrawal("2026-03-01", "A number was wrong.")), ())
    assert said.index("WITHDRAWN") < said.index("Contents")
    assert "on 2026-03-01: A number was wrong. It must no longer answer." in said


@each_prose
def test_members_are_told_with_their_routes_and_one_reason_stands_once(read: Read) -> None:
    class_ = next(one for one in RULES.vocabulary.drug_classes if one.id == "thyroid-medication")
    why = "a reason for two"
    local = Membership(class_.id, MemberBasis.JUDGED, why, not_by=("skin", "eye"), ask_route=True)
    drugs = (
        Drug("b", "beta", "made up", classes=(evolve(local, not_by=()),)),
        Drug("a", "alpha", "made up", classes=(local,)),
        Drug("c", "gamma", "made up", classes=(Membership(class_.id, MemberBasis.LABELLED, "x"),)),
        Drug("d", "delta", "made up", ingredients=("a", "c")),
    )
    said = read(evolve(RULES, vocabulary=evolve(RULES.vocabulary, drugs=drugs)), ())
    both = "alpha (not by: skin, eye; its route is asked), beta (its route is asked) (2)"
    assert both in said
    assert said.count(why) == 1
    assert re.search(r"Members by their labelling \(1\)\W+gamma", said)
    assert re.search(r"Products of several drugs\W+1 more, by their parts", said)


@each_prose
def test_what_counts_as_a_condition_is_told_with_what_is_below_that(read: Read) -> None:
    said = read(RULES, ())
    assert re.search(r"hepatitis \([^()]*hepatitis A", said)
    assert "nothing besides itself" in said


def test_rules_of_every_supplement_have_a_chapter() -> None:
    chapter = chapter_of("Every supplement")
    for rule in RULES.rules:
        if EVERY in rule.applies_to:
            assert f"#### {rule.id}" in chapter
