"""What a report says in words, and what no part of it can be without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from attrs import evolve

import msrisk
from msrisk.api import assess, default_ruleset, recognise
from msrisk.errors import ConceptError, RuleSetWithdrawnError
from msrisk.evaluation import evaluate
from msrisk.evaluation.saying import policy_caveat
from msrisk.model import results
from msrisk.model.concepts import ANYTHING, Recognition
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import NONE_REPORTED, Code, Entries, Entry, Supplement
from msrisk.model.quantities import Unit
from msrisk.model.results import Because, Level, OtherSide, Report, highest
from msrisk.model.rules import Basis, Policy, RuleSet, Threshold, Withdrawal
from msrisk.model.sources import CitedPassages
from msrisk.recognition import recognise_profile
from msrisk.recognition.doses import UNKNOWN_DOSE
from tests.spec.cases import rules

RULES = rules()
NONE: dict[str, Any] = dict.fromkeys(
    ("medications", "conditions", "allergies", "symptoms"), msrisk.NONE_REPORTED
)
KNOWN: dict[str, Any] = NONE | {
    "age_years": 40,
    "weight_kg": 70,
    "ms_symptoms_severe": False,
    "replacing_ms_treatment": False,
}
CITED = (CitedPassages("herbal-page", "opening", (1,)),)


def report(*supplements: str, ruleset: RuleSet = RULES, **known: Any) -> Report:
    return assess(
        msrisk.PatientProfile(**{"supplements": list(supplements), **KNOWN, **known}),
        ruleset=ruleset,
    )


def made_up(recognition: Recognition) -> Report:
    """Return the report of one supplement that was recognised so."""
    profile = msrisk.PatientProfile(supplements=["one"], **KNOWN)
    told = {**recognise_profile(profile, RULES).told}
    told["supplements"] = (
        Fact("supplements", Supplement("one"), recognition, UNKNOWN_DOSE, taking=None),
    )
    return evaluate(Facts(profile, told), RULES)


# --- findings ---


def test_a_finding_carries_its_rule_its_facts_and_its_sources() -> None:
    (finding,) = report("memberwort", conditions=["hill fever"]).assessments[0].findings
    assert (finding.rule, finding.kind, finding.basis) == ("member-fever", "caution", "stated")
    assert finding.level is Level.CAUTION
    assert finding.message == "The page says so of member-fever."
    assert finding.basis_in_words == "The source says so."
    assert [fact.text for fact in finding.because] == ["hill fever"]
    (cited,) = finding.citations
    assert (cited.source, cited.passages) == ("herbal-page", (1,))


def test_a_finding_by_a_number_of_msrisk_says_so_with_reason_and_reference() -> None:
    (finding,) = report("numberwort", age_years=80).assessments[0].findings
    assert finding.basis_in_words == (
        "The source says so in words; the number is not from the source. "
        "Age from which a person counts as older: 70 years. Invented for the specification. (none)"
    )


def test_a_finding_by_a_number_of_the_source_names_the_number() -> None:
    supplement = Supplement("dosewort", daily_dose_mg=2000, times_per_day=2)
    (finding,) = report("dosewort", supplements=[supplement]).assessments[0].findings
    assert finding.basis_in_words == (
        "The source says so. Most that the page speaks of in a day: 1000 mg a day."
    )


def test_an_inferred_finding_gives_its_argument() -> None:
    inferred = tuple(
        evolve(rule, basis=Basis.INFERRED, argument="It follows.")
        if rule.id == "member-fever"
        else rule
        for rule in RULES.rules
    )
    told = report("memberwort", ruleset=evolve(RULES, rules=inferred), conditions=["hill fever"])
    assert told.assessments[0].findings[0].basis_in_words == "Inferred by msrisk: It follows."


def test_a_finding_that_rests_on_a_judged_membership_alone_says_so() -> None:
    judged = "The source says so. That the medicine belongs to this class is msrisk's judgement."
    (finding,) = report("memberwort", medications=["dozidan"]).assessments[0].findings
    assert finding.basis_in_words == judged
    (finding,) = report("memberwort", medications=["dozidan", "calmol"]).assessments[0].findings
    assert finding.basis_in_words == "The source says so."


def test_a_silence_names_its_topic_and_the_entry_that_raises_it() -> None:
    (silence,) = report("levelwort", conditions=["sea voyage"]).assessments[0].silences
    assert (silence.topic, silence.rule) == ("voyage", "silence-voyage")
    assert [fact.text for fact in silence.because] == ["sea voyage"]
    assert silence.citations[0].where == "the whole text"


def test_a_claim_carries_the_title_and_the_source_of_each_rule_against_it() -> None:
    ageless, harmless = report("claimwort").assessments[0].claims
    assert [one.rule for one in harmless.other_side] == [
        "claim-fever",
        "claim-older",
        "every-sleep",
        "claim-quality",
    ]
    assert ageless.other_side[0].title == "claim older"
    assert all(one.citations for one in harmless.other_side)


# --- what is assessed ---


def test_an_entry_that_is_certainly_and_possibly_nothing_is_not_covered() -> None:
    (one,) = made_up(Recognition("one", "supplement", says=None)).assessments
    assert (one.substance, one.name, one.covered) == (None, "one", False)
    assert (one.level, one.worst_case) == (Level.UNDETERMINED, Level.UNDETERMINED)


def test_an_entry_that_says_that_there_is_nothing_is_not_assessed() -> None:
    assert made_up(Recognition("one", "supplement", says=False)).assessments == ()


def test_an_uncovered_name_that_may_be_anything_else_is_assessed_as_both() -> None:
    named = frozenset({"pondsalt"})
    recognition = Recognition("one", "supplement", named, named, ANYTHING)
    first, second = made_up(recognition).assessments
    assert (first.substance, first.name, first.worst_case) == (
        "pondsalt",
        "pondsalt",
        Level.UNDETERMINED,
    )
    assert (second.substance, second.name, second.worst_case) == (None, "one", Level.URGENT)


def test_the_order_of_entries_and_of_rules_changes_nothing() -> None:
    known: dict[str, Any] = {"conditions": ["the hills", "valley cough"], "medications": None}
    one = report("memberwort", "levelwort", "quux", **known)
    known["conditions"].reverse()
    backwards = evolve(RULES, rules=RULES.rules[::-1], claims=RULES.claims[::-1])
    assert report("quux", "levelwort", "memberwort", ruleset=backwards, **known) == one


# --- what is to be cleared up ---


def test_an_unrecognised_entry_is_shown_with_the_reason_and_names_that_look_alike() -> None:
    (entry,) = report("memberwort", medications=["calmoll"]).unrecognised
    assert (entry.field, entry.text, entry.code) == ("medications", "calmoll", None)
    assert (entry.status, entry.suggestions) == ("unrecognised", ("calmol",))
    assert entry.reason == "not understood: “calmoll”"
    assert entry.question == "What is “calmoll”? Read the name from the package or the record."


def test_an_ambiguous_entry_is_asked_about_in_other_words() -> None:
    (entry,) = report("memberwort", conditions=["the hills"]).unrecognised
    assert (entry.status, entry.reason) == ("ambiguous", "a fever and a cough are called so")
    assert entry.question == "What exactly is meant by “the hills”?"


def test_an_unknown_code_is_shown_as_a_code() -> None:
    code = Code("http://snomed.info/sct", "1")
    (entry,) = report("memberwort", conditions=[Entry(codes=(code,))]).unrecognised
    assert (entry.text, entry.code) == (None, code)
    assert entry.question == "What does the code 1 stand for?"


def test_a_recognised_entry_with_a_doubt_is_ambiguous_with_the_doubt_as_reason() -> None:
    (entry,) = report("memberwort", "memberwort").unrecognised
    assert entry.status == "ambiguous"
    assert entry.reason == "listed more than once: one product, or several?"
    assert entry.question == f"“memberwort”: {entry.reason}"


def test_a_dose_told_in_two_ways_is_asked_about_by_that() -> None:
    twice = Supplement("dosewort 600 mg twice a day", dose_mg=300, times_per_day=2)
    (entry,) = report("dosewort", supplements=[twice]).unrecognised
    assert entry.reason == "the dose is told in two ways that differ"
    assert entry.question == f"“{twice.name}”: {entry.reason}; which is right?"


def test_an_unrecognised_condition_is_not_looked_for_on_a_package() -> None:
    (entry,) = report("memberwort", conditions=["glimmering"]).unrecognised
    assert entry.question == "What is “glimmering”? Say it in other words."


# --- the next question ---


def test_a_field_that_nobody_asked_for_is_asked_in_the_words_of_the_rule_set() -> None:
    asked = report("numberwort", age_years=None).next_question
    assert asked is not None
    assert (asked.field, asked.question) == ("age_years", "How old?")
    assert asked.why == "the answer could bring CAUTION; it bears on 2 open questions"


def test_an_incomplete_list_is_asked_for_in_the_words_of_the_rule_set() -> None:
    medications = msrisk.Entries(["plainol"])
    asked = report("memberwort", medications=medications).next_question
    assert asked is not None
    assert asked.question == "Which medicines?"
    assert asked.why == "the answer could bring CAUTION; it bears on 1 open question"


def test_an_unclear_entry_is_asked_about_by_its_own_words() -> None:
    asked = report("memberwort", conditions=["the hills"]).next_question
    assert asked is not None
    assert asked.question == "What exactly is meant by “the hills”?"


def test_an_entry_that_no_rule_waits_for_is_asked_about_so_that_the_answer_can_be_settled() -> None:
    asked = report("levelwort", symptoms=["quux"]).next_question
    assert asked is not None
    assert asked.why == "without it the answer stays open"


def test_a_number_that_is_not_exact_is_asked_about_in_the_words_of_the_rule() -> None:
    asked = report("askwort", age_years=(60, 80)).next_question
    assert asked is not None
    assert (asked.field, asked.question) == ("age_years", "How old is the patient?")


def test_a_complete_list_that_leaves_something_open_is_asked_about_in_the_words_of_the_rule() -> (
    None
):
    asked = report("startwort").next_question
    assert asked is not None
    assert (asked.field, asked.question) == (
        "supplements",
        "Have you already started to take the supplement?",
    )


# --- a policy ---


def under(policy: Policy, ruleset: RuleSet = RULES) -> Report:
    profile = msrisk.PatientProfile(supplements=["numberwort"], **KNOWN)
    return assess(profile, ruleset=ruleset, policy=policy)


def test_a_policy_is_named_with_its_numbers_and_the_sources_of_the_rules_that_it_changes() -> None:
    told = under(Policy({"older-years": 60, "light-kg": 50}))
    caveat = told.caveats[0]
    assert (caveat.rule, caveat.kind) == ("policy", "scope")
    assert "weight below which a person counts as light: 50 kg" in caveat.message
    assert "age from which a person counts as older: 60 years" in caveat.message
    assert (3,) in [cited.passages for cited in caveat.citations]
    assert len(set(caveat.citations)) == len(caveat.citations)


def test_a_policy_that_changes_no_rule_cites_what_the_first_caveat_cites() -> None:
    policy = Policy({"older-years": 60})
    changed, first = under(policy).caveats[:2]
    told = policy_caveat(policy, evolve(RULES, rules=()), (first, changed))
    assert told.citations == first.citations != changed.citations


def test_a_policy_has_a_digest_of_its_numbers_and_of_what_it_allows() -> None:
    def digest(policy: Policy) -> str:
        used = under(policy).policy
        assert used is not None
        return used.digest

    one = digest(Policy({"older-years": 60, "light-kg": 50}))
    assert one.startswith("sha256:")
    assert digest(Policy({"light-kg": 50, "older-years": 60})) == one
    assert digest(Policy({"older-years": 61, "light-kg": 50})) != one
    assert digest(Policy({"older-years": 60, "light-kg": 50}, allow_weaker=True)) != one


def test_a_policy_that_changes_no_rule_cites_what_the_scope_caveat_cites() -> None:
    idle = Threshold("idle", "idle number", 5, Unit.KG, reason="none", reference="none")
    ruleset = evolve(RULES, thresholds=(*RULES.thresholds, idle))
    policy, scope = under(Policy({"idle": 4}), ruleset).caveats
    assert policy.citations == scope.citations


def test_without_a_policy_none_is_named() -> None:
    told = report("numberwort")
    assert told.policy is None
    assert [caveat.rule for caveat in told.caveats] == ["scope"]


# --- what no answer may be without ---


def test_neither_a_report_nor_a_level_has_a_truth_value() -> None:
    with pytest.raises(TypeError, match="a Report is neither true nor false"):
        bool(report("memberwort"))
    with pytest.raises(TypeError, match="a Level is neither true nor false"):
        bool(Level.NO_FINDING)


def test_levels_cannot_be_compared_by_size() -> None:
    with pytest.raises(TypeError, match="not supported"):
        _ = Level.INFORM < Level.CAUTION  # type: ignore[operator]  # what must not work


def test_a_report_reaches_its_level_and_could_reach_its_worst_case() -> None:
    told = report("memberwort", conditions=["hill fever"], allergies=None)
    assert told.reaches(Level.CAUTION)
    assert not told.reaches(Level.CONTRAINDICATED)
    assert told.could_reach(Level.CONTRAINDICATED)
    assert not told.could_reach(Level.URGENT)


def test_the_highest_of_no_levels_is_no_finding() -> None:
    assert highest([]) is Level.NO_FINDING
    assert highest([Level.CAUTION, Level.URGENT, Level.INFORM]) is Level.URGENT


def test_a_report_can_be_printed_in_every_form() -> None:
    told = report("memberwort")
    assert told.to_dict()["schema"] == "msrisk-report/2"
    assert "NO FINDING" in str(told)
    assert "NO FINDING" in told._repr_html_()  # notebooks call it


BECAUSE = (Because("conditions", "hill fever"),)
SIDE = (OtherSide("rule", "message", CITED),)


@pytest.mark.parametrize(
    ("build", "missing"),
    [
        (lambda: results.Finding("r", "k", Level.INFORM, "", "", "", "", BECAUSE, ()), "a source"),
        (lambda: results.Finding("r", "k", Level.INFORM, "", "", "", "", (), CITED), "the fact"),
        (lambda: results.OpenQuestion("r", Level.INFORM, "q", ("symptoms",), ()), "a source"),
        (lambda: results.OpenQuestion("r", Level.INFORM, "q", (), CITED), "a field"),
        (lambda: results.Caveat("r", "scope", "m", ()), "a source"),
        (lambda: results.OtherSide("r", "m", ()), "a source"),
        (lambda: results.DisputedClaim("c", "m", ("r",), (), (), SIDE), "a source"),
        (lambda: results.DisputedClaim("c", "m", ("r",), (), CITED, ()), "what a claim"),
        (lambda: results.Silence("t", "r", "m", BECAUSE, ()), "a source"),
        (lambda: evolve(report("memberwort").assessments[0], caveats=()), "a caveat"),
        (lambda: evolve(report("memberwort"), caveats=()), "a caveat"),
    ],
)
def test_no_answer_is_without_what_it_rests_on_even_where_validators_are_off(
    build: Callable[[], object], missing: str
) -> None:
    with (
        attrs.validators.disabled(),
        pytest.raises(ValueError, match=f"no answer may be without {missing}"),
    ):
        build()


# --- the doors ---


def test_the_shipped_rules_are_loaded_once_and_used_where_none_are_given() -> None:
    assert default_ruleset() is default_ruleset()
    told = assess(msrisk.PatientProfile())
    assert told.ruleset.digest == default_ruleset().digest


def test_a_rule_set_that_was_withdrawn_does_not_answer() -> None:
    withdrawn = evolve(RULES, withdrawn=Withdrawal("2026-02-01", "It was wrong."))
    with pytest.raises(RuleSetWithdrawnError, match="It was wrong"):
        report("memberwort", ruleset=withdrawn)


def test_a_report_names_the_rule_packs_that_were_used() -> None:
    profile = msrisk.PatientProfile(supplements=["claimwort"], **KNOWN)
    assert assess(profile, ruleset=RULES, packs=["texts"]).ruleset.packs == ("texts",)
    assert assess(profile, ruleset=RULES).ruleset.packs == ("extra", "texts")
    with pytest.raises(ConceptError, match="rule packs"):
        assess(profile, ruleset=RULES, packs=["other"])


def test_an_entry_can_be_recognised_without_a_profile() -> None:
    assert recognise("calmol", "medication", ruleset=RULES).concepts == {"calming-medicine"}
    assert recognise("planning memberwort", "supplement", ruleset=RULES).taking is False
    coded = Entry(codes=(Code("http://www.whocc.no/atc", "X05AA01"),))
    assert recognise(coded, "medication", ruleset=RULES).concepts == {"calming-medicine"}
    assert "thyroid-medication" in recognise("Synthroid", "medication").concepts
    with pytest.raises(ConceptError, match="one of allergy"):
        recognise("calmol", "drug", ruleset=RULES)


def test_who_takes_no_supplement_is_asked_for_medicines_which_may_be_one() -> None:
    for medications in (None, Entries(["metformin"], complete=False)):
        profile = msrisk.PatientProfile(supplements=NONE_REPORTED, medications=medications)
        asked = assess(profile).next_question
        assert asked is not None
        assert (asked.field, asked.question[:16]) == ("medications", "Which medicines ")


def test_an_entry_that_may_be_what_was_denied_is_the_field_to_ask_again() -> None:
    found = assess(
        msrisk.PatientProfile(
            supplements=["alpha lipoic acid"], conditions=["maybe diabetes"], denied=["diabetes"]
        )
    )
    (one,) = found.assessments
    asked = {question.rule: question.fields for question in one.open_questions}
    assert asked["ala-diabetes"] == ("conditions",)
