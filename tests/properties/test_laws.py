"""The ten laws of what an answer means, each over profiles and rule sets of every shape."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from functools import lru_cache
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import msrisk
from msrisk.model.conditions import DailyDoseBelow, DosesPerDayBelow, walk
from msrisk.model.profile import FIELDS, LIST_FIELDS, Entries, Entry, NoneReported, Supplement
from msrisk.model.results import Assessment, Because, Caveat, Level, Report
from msrisk.model.rules import EVERY, Kind, Rule, RuleSet
from msrisk.recognition import recognise_profile
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.testing import denials, entries, profiles, rule_sets, rules

from . import oracle
from .oracle_leaves import tells_what_was_denied
from .strategies import changed

pytestmark = pytest.mark.slow

LEVELS = list(Level)
# Names that neither the shipped words nor the made-up ones hold.
NONSENSE = ("qqwrtzl", "foozumab", "xyzzyplugh")


def rank(level: Level) -> int:
    """Return the place of a level in the order."""
    return LEVELS.index(level)


@st.composite
def cases(draw: st.DrawFn) -> tuple[RuleSet, msrisk.PatientProfile]:
    """Return a rule set, the shipped one every third time, and a profile in its words."""
    shipped = draw(st.sampled_from([False, False, True]))
    ruleset = RuleSet.default() if shipped else draw(rule_sets())
    return ruleset, draw(profiles(ruleset))


def by_substance(report: Report) -> dict[tuple[str | None, str], Assessment]:
    """Return the assessments by what they are of."""
    return {(one.substance, "" if one.substance else one.name): one for one in report.assessments}


def findings(report: Report, at_least: Level = Level.NO_FINDING) -> set[tuple[str | None, str]]:
    """Return the findings of a report at a level or above, by substance and rule."""
    return {
        (one.substance, finding.rule)
        for one in report.assessments
        for finding in one.findings
        if rank(finding.level) >= rank(at_least)
    }


def words_of(text: str) -> str:
    """Return the words of a rendering alone: no markup, no line breaks, no punctuation."""
    plain = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", plain).replace("_", " ")))


def assert_every_caveat_is_in(rendering: str, report: Report) -> None:
    """Every caveat is said, and whatever the report cites is named so that a reader finds it."""
    said = words_of(rendering)
    caveats = [*report.caveats, *(c for one in report.assessments for c in one.caveats)]
    for caveat in caveats:
        assert words_of(caveat.message) in said
    # A text is named once, by its title or in short on the first screen; an item of evidence as it
    # is found: by DOI, if it has one.
    found = {
        one.id: one.identifier.removeprefix("title ").removeprefix("DOI ")
        for one in report.evidence
    }
    for source in report.sources:
        names = [found[source.id]] if source.evidence else [source.title, source.short]
        assert any(words_of(name).casefold() in said.casefold() for name in names)


def assert_has_sourced_caveats(caveats: tuple[Caveat, ...]) -> None:
    """There is at least one caveat, and each has a source."""
    assert caveats
    assert all(caveat.citations for caveat in caveats)


@given(cases())
def test_every_report_and_assessment_carries_a_caveat_with_a_source_in_every_rendering(
    case: tuple[RuleSet, msrisk.PatientProfile],
) -> None:
    """Law 1."""
    ruleset, profile = case
    report = msrisk.assess(profile, ruleset=ruleset)
    assert_has_sourced_caveats(report.caveats)
    for assessment in report.assessments:
        assert_has_sourced_caveats(assessment.caveats)
    for rendering in (str(report), to_markdown(report), to_html(report)):
        assert_every_caveat_is_in(rendering, report)
    document: Any = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    for part in (document, *document["assessments"]):
        assert part["caveats"]
        assert all(caveat["citations"] for caveat in part["caveats"])


def is_new_to_its_fields(ruleset: RuleSet, profile: msrisk.PatientProfile, field: str) -> bool:
    """Return whether the answer of a field tells only what that field is asked for.

    An answer may also tell what another field was asked for and denied ("insulin for
    diabetes" under medications, when the conditions hold no diabetes), or what was denied
    by its name. Such an answer contradicts one that was known; it does not settle an unknown.
    """
    words = ruleset.vocabulary
    told_in = {one.id: one.told_in for one in ruleset.substances}
    for one in words.concepts:
        # An allergen may have the id of a substance.
        told_in[one.id] = one.told_in + told_in.get(one.id, ())
    facts = recognise_profile(profile, ruleset)
    for fact in facts.told[field]:
        if tells_what_was_denied(fact, facts, ruleset):
            return False
        got = fact.recognition
        possible = got.possible if isinstance(got.possible, frozenset) else frozenset()
        if any(field not in told_in.get(id_, ("medications",)) for id_ in got.concepts | possible):
            return False
    return True


@given(st.data())
def test_answering_an_unknown_never_removes_a_finding_and_never_raises_the_worst_case(
    data: st.DataObject,
) -> None:
    """Law 2, with its second half: the level falls only when no question is left."""
    ruleset, answered = data.draw(cases())
    known = [name for name in FIELDS if getattr(answered, name) is not None]
    if not known:
        return
    field = data.draw(st.sampled_from(known))
    before = msrisk.assess(changed(answered, **{field: None}), ruleset=ruleset)
    after = msrisk.assess(answered, ruleset=ruleset)
    assert findings(before) <= findings(after)
    if field in LIST_FIELDS and not is_new_to_its_fields(ruleset, answered, field):
        return
    then, now = by_substance(before), by_substance(after)
    # An answer that nobody recognises is at least UNDETERMINED, also if no rule asked for it.
    unclear = any(one.field == field for one in after.unrecognised)
    least = rank(Level.UNDETERMINED) if unclear else 0
    for key in then.keys() & now.keys():
        assert rank(now[key].worst_case) <= max(rank(then[key].worst_case), least)
        if rank(now[key].level) < rank(then[key].level):
            assert not now[key].open_questions
    # A medicine may turn out to be one more substance to assess.
    if now.keys() <= then.keys() or field == "supplements":
        assert rank(after.worst_case) <= max(rank(before.worst_case), least)
    if rank(after.level) < rank(before.level):
        assert not any(one.open_questions for one in after.assessments)


@given(st.data())
def test_denying_an_unknown_never_removes_a_finding_and_never_raises_the_worst_case(
    data: st.DataObject,
) -> None:
    """Law 2 for answers by name: what entries tell stays found, and what they may tell, open."""
    ruleset, profile = data.draw(cases())
    denied = data.draw(denials(ruleset))
    before = msrisk.assess(changed(profile, denied=None), ruleset=ruleset)
    after = msrisk.assess(changed(profile, denied=denied), ruleset=ruleset)
    assert findings(before) == findings(after)
    assert [one.text for one in after.denied] or not denied
    # A no that an entry contradicts is one more thing to clear up.
    least = rank(Level.UNDETERMINED) if len(after.unrecognised) > len(before.unrecognised) else 0
    assert rank(after.worst_case) <= max(rank(before.worst_case), least)
    for then, now in zip(before.assessments, after.assessments, strict=True):
        assert then.silences == now.silences
        asked = {one.rule: set(one.fields) for one in then.open_questions}
        for one in now.open_questions:
            assert set(one.fields) <= asked[one.rule]
        assert rank(now.worst_case) <= max(rank(then.worst_case), least)
        if rank(now.level) < rank(then.level):
            assert not now.open_questions
    if after.next_question and not after.unrecognised:
        # Nothing is asked that the no answers: the question is one of the open ones.
        fields = {name for a in after.assessments for q in a.open_questions for name in q.fields}
        assert after.next_question.field in fields | {"supplements"}


def rests_on_little(rule: Rule) -> bool:
    """Return whether a rule asks that no more is taken than so much.

    Another product, or an entry that may be one, can only raise the sum of a day.
    """
    tests = walk(rule.when) if rule.when else ()
    return any(isinstance(test, DailyDoseBelow | DosesPerDayBelow) for test in tests)


@given(st.data())
def test_adding_an_entry_never_removes_a_finding_of_caution_and_never_lowers_the_worst_case(
    data: st.DataObject,
) -> None:
    """Law 3; a rule that asks for little is no longer true where more is taken."""
    ruleset, profile = data.draw(cases())
    rules_ = tuple(rule for rule in ruleset.rules if not rests_on_little(rule))
    ruleset = evolve(ruleset, rules=rules_)
    lists = [n for n in LIST_FIELDS if isinstance(getattr(profile, n), Entries)]
    if not lists:
        return
    field = data.draw(st.sampled_from(lists))
    entry = data.draw(entries(field, ruleset))
    before = msrisk.assess(profile, ruleset=ruleset)
    after = msrisk.assess(with_entry(profile, field, entry), ruleset=ruleset)
    assert findings(before, Level.CAUTION) <= findings(after, Level.CAUTION)
    assert rank(after.worst_case) >= rank(before.worst_case)


def with_entry(
    profile: msrisk.PatientProfile, field: str, entry: Entry | Supplement
) -> msrisk.PatientProfile:
    """Return the profile with one more entry; a list that was not asked stays incomplete."""
    value = getattr(profile, field)
    if isinstance(value, Entries):
        return changed(profile, **{field: Entries((*value.items, entry), value.complete)})
    complete = isinstance(value, NoneReported)
    return changed(profile, **{field: Entries((entry,), complete)})


# Cached, because the words of a rule set are read once for each tuple of substances.
@lru_cache(maxsize=2)
def backwards(ruleset: RuleSet) -> RuleSet:
    """Return the rule set with its claims and substances in the opposite order."""
    return evolve(ruleset, claims=ruleset.claims[::-1], substances=ruleset.substances[::-1])


@given(st.data())
def test_the_order_of_entries_and_rules_does_not_change_a_report_nor_does_a_duplicate(
    data: st.DataObject,
) -> None:
    """Law 4; a supplement listed twice is the exception, since it may be two products."""
    ruleset, profile = data.draw(cases())
    other = profile
    if profile.denied:
        nos = data.draw(st.permutations(profile.denied))
        other = changed(other, denied=[*nos, nos[0]])
    for field in LIST_FIELDS:
        value = getattr(profile, field)
        if isinstance(value, Entries):
            items = data.draw(st.permutations(value.items))
            again = (
                []
                if field == "supplements"
                else data.draw(st.lists(st.sampled_from(items), max_size=1))
            )
            other = changed(other, **{field: Entries((*items, *again), value.complete)})
    other = changed(other, asked_unknown=profile.asked_unknown)
    rules_ = data.draw(st.permutations(ruleset.rules).map(tuple))
    shuffled = evolve(backwards(ruleset), rules=rules_)
    before = msrisk.assess(profile, ruleset=ruleset)
    assert msrisk.assess(other, ruleset=shuffled).to_dict() == before.to_dict()


@given(st.data())
def test_an_entry_that_is_not_recognised_never_leaves_the_report_at_no_finding(
    data: st.DataObject,
) -> None:
    """Law 5, with its second half: it never removes a finding.

    What rests on there being no more than so much becomes a question: it may be more.
    """
    ruleset, profile = data.draw(cases())
    field = data.draw(st.sampled_from(LIST_FIELDS))
    name = data.draw(st.sampled_from(NONSENSE))
    entry = Supplement(name) if field == "supplements" else Entry(name)
    before = msrisk.assess(profile, ruleset=ruleset)
    after = msrisk.assess(with_entry(profile, field, entry), ruleset=ruleset)
    assert after.level is not Level.NO_FINDING
    assert all(one.level is not Level.NO_FINDING for one in after.assessments)
    little = {rule.id for rule in ruleset.rules if rests_on_little(rule)}
    asked = {(one.substance, q.rule) for one in after.assessments for q in one.open_questions}
    for lost in findings(before) - findings(after):
        assert lost in asked
        assert lost[1] in little
    assert name in {one.text for one in after.unrecognised}


@given(st.data())
def test_adding_a_rule_never_removes_an_answer_and_never_lowers_the_worst_case(
    data: st.DataObject,
) -> None:
    """Law 6: every finding, caveat and open question stays."""
    ruleset, profile = data.draw(cases())
    added = data.draw(rules(ruleset))
    before = msrisk.assess(profile, ruleset=ruleset)
    after = msrisk.assess(profile, ruleset=evolve(ruleset, rules=(*ruleset.rules, added)))
    assert findings(before) <= findings(after)
    assert rank(after.worst_case) >= rank(before.worst_case)
    for then, now in zip(before.assessments, after.assessments, strict=True):
        assert set(then.caveats) <= set(now.caveats)
        assert set(then.open_questions) <= set(now.open_questions)
        assert set(then.silences) <= set(now.silences)
        assert rank(now.worst_case) >= rank(then.worst_case)


@given(cases())
def test_no_finding_implies_that_no_rule_is_true_or_unknown_and_nothing_is_silent(
    case: tuple[RuleSet, msrisk.PatientProfile],
) -> None:
    """Law 7, by the evaluator written apart from the first."""
    ruleset, profile = case
    report = msrisk.assess(profile, ruleset=ruleset)
    if report.level is Level.NO_FINDING:
        answer = oracle.evaluate(recognise_profile(profile, ruleset), ruleset)
        assert answer.assessed
        assert not answer.unrecognised
        assert all(one.covered for one in answer.assessed)
        for one in answer.assessed:
            assert (one.findings, one.silences) == (frozenset(), frozenset())
            assert one.open_questions == {}


@given(cases())
def test_neither_a_report_nor_a_level_has_a_truth_value(
    case: tuple[RuleSet, msrisk.PatientProfile],
) -> None:
    """Law 8; and no level is less than another."""
    ruleset, profile = case
    report = msrisk.assess(profile, ruleset=ruleset)
    for one in (report, report.level, report.worst_case):
        with pytest.raises(TypeError, match="neither true nor false"):
            bool(one)
    with pytest.raises(TypeError, match="not supported"):
        _ = report.level < report.worst_case  # type: ignore[operator]  # that is the law


@given(rule_sets(), st.sampled_from(["pondweed", *NONSENSE]))
def test_empty_profiles_unknown_supplements_and_the_smallest_rule_set_are_answered(
    ruleset: RuleSet, name: str
) -> None:
    """Law 9: they are no errors, and never reassuring."""
    smallest = evolve(ruleset, rules=ruleset.rules[:2], claims=())
    assert [rule.kind is Kind.SCOPE for rule in smallest.rules] == [True, False]
    for rules_ in (RuleSet.default(), ruleset, smallest):
        for profile in (
            msrisk.PatientProfile(),
            msrisk.PatientProfile(supplements=[name]),
            msrisk.PatientProfile(supplements=msrisk.NONE_REPORTED),
        ):
            report = msrisk.assess(profile, ruleset=rules_)
            assert report.reaches(Level.UNDETERMINED)
            assert EVERY in rules_.rule(report.caveats[0].rule).applies_to


def is_given(because: Because, profile: msrisk.PatientProfile) -> bool:
    """Return whether a reason names something that is in the profile, as it was given."""
    value = getattr(profile, because.field)
    if because.field not in LIST_FIELDS:
        return because.value == value and type(because.value) is type(value)
    for item in value.items:
        if because.code is None and because.text == item.text:
            return True
        if because.code is not None and because.code in item.codes:
            return because.text in {None, item.text}
    return False


@given(cases())
def test_every_because_names_an_entry_code_or_value_exactly_as_it_was_given(
    case: tuple[RuleSet, msrisk.PatientProfile],
) -> None:
    """Law 10; a finding without any reason cannot be made."""
    ruleset, profile = case
    report = msrisk.assess(profile, ruleset=ruleset)
    for assessment in report.assessments:
        reasons = [one.because for one in assessment.findings]
        reasons += [one.because for one in assessment.silences]
        assert all(is_given(because, profile) for some in reasons for because in some)
        assert all(finding.because for finding in assessment.findings)
