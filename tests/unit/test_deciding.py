"""What a decision says beside its truth: which facts make it true, in the patient's words."""

from __future__ import annotations

import pytest
from attrs import evolve

import msrisk
from msrisk.evaluation.deciding import Decider
from msrisk.model import conditions as node
from msrisk.model.concepts import ANYTHING, Possible, Recognition
from msrisk.model.facts import Fact, Facts
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import Code, Entry
from msrisk.model.results import Because
from msrisk.model.truth import Truth
from msrisk.recognition import recognise_profile
from msrisk.recognition.doses import UNKNOWN_DOSE
from tests.spec.cases import rules

RULES = rules()
CALM = node.Takes("calming-medicine")
FEVER = node.HasCondition("hill-fever")
OLD = node.AgeAtLeast("older-years")
SEVERE = node.States("ms_symptoms_severe")
ATC = "http://www.whocc.no/atc"


class Known(Decider):
    """A patient who is asked about one condition at a time."""

    def because(self, when: node.Condition) -> tuple[Because, ...]:
        """Return what a rule with this condition would rest on."""
        rule = evolve(
            RULES.rule("member-calm"), id="asked", when=when, applies_to=(self.substance,)
        )
        ruleset = evolve(RULES, rules=(*RULES.rules, rule))
        report = msrisk.assess(self.facts.profile, ruleset=ruleset)
        found = [f for one in report.assessments for f in one.findings if f.rule == "asked"]
        return found[0].because if found else ()


def decider(substance: str = "memberwort", **known: object) -> Known:
    profile = msrisk.PatientProfile(**{"supplements": [substance], **known})  # type: ignore[arg-type]  # the fields of many tests
    return Known(recognise_profile(profile, RULES), RULES, substance)


def made_up(field: str, text: str, possible: Possible, concepts: frozenset[str]) -> Fact:
    recognition = Recognition(text, "", concepts, possible=possible)
    return Fact(field, Entry(text), recognition, UNKNOWN_DOSE, taking=True)


def with_facts(*facts: Fact) -> Decider:
    """Return a decider for a patient of whom all lists are complete and hold just these."""
    names = ("supplements", "medications", "conditions", "allergies", "symptoms")
    told = {name: tuple(fact for fact in facts if fact.field == name) for name in names}
    profile = msrisk.PatientProfile.from_dict(
        {name: [fact.entry.text for fact in told[name]] or "none" for name in names}
    )
    return Decider(Facts(profile, told), RULES, "memberwort")


def test_a_medicine_is_named_as_typed_with_what_it_was_taken_for_and_why() -> None:
    (because,) = decider(medications=["Calmoral 50 mg"]).because(CALM)
    assert because == Because(
        field="medications",
        text="Calmoral 50 mg",
        recognised_as="calmol",
        concept="calming-medicine",
        basis="labelled",
        why="its labelling says so",
    )


def test_a_judged_membership_says_that_it_is_judged() -> None:
    (because,) = decider(medications=["dozidan"]).because(CALM)
    assert (because.basis, because.why) == ("judged", "people doze on it")


def test_a_condition_named_by_its_own_words_needs_no_basis() -> None:
    (because,) = decider(conditions=["high hill fever"]).because(FEVER)
    assert (because.concept, because.basis, because.why) == ("hill-fever", None, "")


def test_an_entry_told_by_code_alone_is_named_by_its_code() -> None:
    code = Code(ATC, "X05AA01")
    (because,) = decider(medications=[Entry(codes=(code,))]).because(CALM)
    assert (because.text, because.code) == (None, code)


def test_an_entry_told_by_words_and_code_is_named_by_its_words() -> None:
    entry = Entry("calmol", (Code(ATC, "X05AA01"),))
    (because,) = decider(medications=[entry]).because(CALM)
    assert (because.text, because.code) == ("calmol", None)


def test_a_number_and_a_range_are_given_back_as_they_were_given() -> None:
    assert decider(age_years=80).because(OLD) == (Because("age_years", value=80),)
    assert decider(age_years=(75, 80)).because(OLD) == (Because("age_years", value=(75, 80)),)


def test_a_yes_is_given_back_as_a_yes() -> None:
    assert decider(ms_symptoms_severe=True).because(SEVERE) == (
        Because("ms_symptoms_severe", value=True),
    )


def test_all_facts_that_make_it_true_are_named_in_reading_order() -> None:
    known = decider(
        conditions=["hill fever", "restlessness under treatment"],
        medications=["dozidan", "calmol"],
        age_years=80,
    )
    facts = known.because(node.All((OLD, FEVER, CALM)))
    assert [(fact.field, fact.text) for fact in facts] == [
        ("medications", "calmol"),
        ("medications", "dozidan"),
        ("conditions", "hill fever"),
        ("conditions", "restlessness under treatment"),
        ("age_years", None),
    ]


def test_parts_that_are_not_true_name_no_facts() -> None:
    known = decider(age_years=80, conditions=["fever"])
    facts = known.because(node.Any((node.All((OLD, SEVERE)), OLD, FEVER)))
    assert facts == (Because("age_years", value=80),)


def test_a_condition_that_is_not_true_has_no_facts() -> None:
    assert decider(age_years=40).because(OLD) == ()


def test_the_same_fact_in_two_parts_is_named_once() -> None:
    assert len(decider(age_years=80).because(node.All((OLD, node.Any((OLD, SEVERE)))))) == 1


def test_an_entry_that_counts_for_two_concepts_is_named_for_each() -> None:
    known = decider(conditions=["hill fever"])
    facts = known.because(node.All((FEVER, node.HasCondition("fever"))))
    assert [fact.concept for fact in facts] == ["fever", "hill-fever"]


def test_a_sum_of_doses_names_each_product_and_the_sum() -> None:
    products = [
        msrisk.Supplement("dosewort", dose_mg=300, times_per_day=2),
        msrisk.Supplement("dosewort tablets", daily_dose_mg=(500, 600)),
    ]
    known = decider("dosewort", supplements=products)
    facts = known.because(node.DailyDoseAbove("much-a-day"))
    assert [fact.text for fact in facts] == ["dosewort", "dosewort tablets"]
    assert {fact.recognised_as for fact in facts} == {"1100 to 1200 mg a day"}


def test_a_dose_of_a_day_is_below_a_number_only_over_all_products() -> None:
    little = [
        msrisk.Supplement("dosewort", daily_dose_mg=100),
        msrisk.Supplement("dosewort tablets", daily_dose_mg=50),
    ]
    facts = decider("dosewort", supplements=little).because(node.DailyDoseBelow("little-a-day"))
    assert [fact.text for fact in facts] == ["dosewort", "dosewort tablets"]
    assert {fact.recognised_as for fact in facts} == {"150 mg a day"}
    more = [*little, msrisk.Supplement("dosewort capsules", daily_dose_mg=500)]
    known = decider("dosewort", supplements=more)
    assert known.because(node.DailyDoseBelow("little-a-day")) == ()


def test_where_no_product_is_taken_no_dose_is_too_small() -> None:
    leaf = with_facts().leaf(node.DailyDoseBelow("little-a-day"))
    assert (leaf.truth, leaf.fields) == (Truth.FALSE, frozenset())


def test_any_medication_names_every_one_that_is_taken() -> None:
    known = decider(medications=["plainol", "stopped calmol", "foozumab"])
    facts = known.because(node.TakesAnyMedication())
    assert [fact.text for fact in facts] == ["foozumab", "plainol"]


def test_a_condition_beyond_names_only_what_is_beyond() -> None:
    known = decider(conditions=["hill fever", "valley cough"])
    facts = known.because(node.HasConditionBeyond(("hill-fever",)))
    assert [(fact.text, fact.concept) for fact in facts] == [("valley cough", None)]


def test_an_entry_that_may_be_some_things_counts_wherever_it_is_read() -> None:
    fact = made_up("supplements", "one", frozenset({"calming-medicine"}), frozenset())
    leaf = with_facts(fact).leaf(CALM)
    assert (leaf.truth, leaf.fields) == (Truth.UNKNOWN, frozenset({"supplements"}))


def test_an_entry_that_may_be_anything_is_no_medicine_outside_the_medicines() -> None:
    fact = made_up("supplements", "one", ANYTHING, frozenset())
    assert with_facts(fact).leaf(CALM).truth is Truth.FALSE


def test_an_entry_that_may_be_anything_counts_where_the_concept_is_usually_told() -> None:
    fact = made_up("conditions", "one", ANYTHING, frozenset({"fever"}))
    leaf = with_facts(fact).leaf(node.AllergicTo("nettle"))
    assert (leaf.truth, leaf.fields) == (Truth.UNKNOWN, frozenset({"conditions"}))


def test_what_an_entry_certainly_is_counts_though_it_may_be_anything_else() -> None:
    fact = made_up("conditions", "one", ANYTHING, frozenset({"hill-fever", "fever"}))
    assert with_facts(fact).truth(FEVER) is Truth.TRUE


def test_a_concept_is_a_case_of_all_that_is_above_it() -> None:
    hierarchy = hierarchy_of(RULES)
    assert hierarchy.up(["high-hill-fever"]) == {"high-hill-fever", "hill-fever", "fever"}
    assert hierarchy.line(["hill-fever"]) == {"high-hill-fever", "hill-fever", "fever"}


def test_the_most_specific_of_several_ids_are_those_that_no_other_is_a_case_of() -> None:
    hierarchy = hierarchy_of(RULES)
    several = frozenset({"fever", "hill-fever", "river-fever", "calmol"})
    assert hierarchy.most_specific(several) == ("calmol", "hill-fever", "river-fever")


def test_an_allergen_and_a_substance_of_one_id_are_told_in_their_own_fields() -> None:
    hierarchy = hierarchy_of(RULES)
    assert hierarchy.told_in["kinwort"] == ("supplements", "medications")
    assert hierarchy.allergens_told_in["kinwort"] == ("allergies",)


def test_the_hierarchy_of_a_rule_set_is_made_once() -> None:
    assert hierarchy_of(RULES) is hierarchy_of(RULES)


@pytest.mark.parametrize("told", ["no {}", "stopped {}", "perhaps {}", "my mother takes {}"])
def test_what_is_said_of_the_supplement_itself_in_doubt_is_no_other_supplement(told: str) -> None:
    name = "alpha lipoic acid"
    report = msrisk.assess(msrisk.PatientProfile(supplements=[name, told.format(name)]))
    (one,) = report.assessments
    about = {found.rule for found in one.findings} | {asked.rule for asked in one.open_questions}
    assert about
    assert "ala-other-supplements" not in about
