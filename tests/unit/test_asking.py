"""What is asked next, and the profile that answers make, case by case."""

from __future__ import annotations

import pytest
from attrs import evolve

import msrisk
from msrisk.asking import (
    Answer,
    Form,
    Kind,
    Names,
    Question,
    Said,
    next_question,
    open_questions,
    urgent,
)
from msrisk.asking.wording import about_a_list
from msrisk.errors import ProfileError
from msrisk.model import conditions as node
from msrisk.model.profile import NONE_REPORTED, Code, Entries, Entry, PatientProfile, Supplement
from msrisk.model.results import Level
from msrisk.model.rules import Kind as RuleKind
from msrisk.model.rules import RuleSet

ALA = Names(("alpha lipoic acid",), complete=True)
EMERGENCY = ("emergency",)


def asked(form: Form, ruleset: RuleSet, *key: str) -> Question:
    """Return the open question of this key."""
    return next(one for one in open_questions(form, ruleset) if one.key == key)


def filled(ruleset: RuleSet, *answers: tuple[tuple[str, ...], Answer]) -> Form:
    """Return a form in which the questions of these keys are answered."""
    form = Form()
    for key, answer in answers:
        if key == EMERGENCY:
            # Each sign has its question; after a yes nothing is asked.
            while (first := next_question(form, ruleset)) is not None and first.emergency:
                form = form.answered(first, answer)
        else:
            form = form.answered(asked(form, ruleset, *key), answer)
    return form


def begun(ruleset: RuleSet, supplements: Answer = ALA, *, emergency: Answer = False) -> Form:
    """Return a form in which the emergency and the supplements are answered."""
    return filled(ruleset, (("emergency",), emergency), (("names", "supplements"), supplements))


def test_the_emergency_is_asked_first_in_the_words_that_were_decided(ruleset: RuleSet) -> None:
    question = next_question(Form(), ruleset)
    assert question is not None
    assert question.emergency
    assert question.worst is Level.URGENT
    assert question.wording == (
        "Do you now have difficulty breathing? If yes, call the emergency number (112, 911, 999) "
        "now; do not finish this form."
    )


def test_a_no_to_the_emergency_denies_each_of_its_signs(ruleset: RuleSet) -> None:
    form = filled(ruleset, (("emergency",), Said.NONE))
    assert form.profile.denied == ("difficulty-breathing", "face-or-throat-swelling")
    assert urgent(form.profile, ruleset) == ()


def test_a_yes_to_the_emergency_ends_the_form_and_says_what_to_do(ruleset: RuleSet) -> None:
    form = filled(ruleset, (("emergency",), True))
    assert open_questions(form, ruleset) == ()
    (now,) = urgent(form.profile, ruleset)
    assert now.call
    assert "call the emergency number now" in now.action
    assert "{" not in now.action


def test_a_yes_to_the_emergency_tells_the_sign_that_was_asked_and_no_other(
    ruleset: RuleSet,
) -> None:
    first = next_question(Form(), ruleset)
    assert first is not None
    yes = Form().answered(first, True)
    assert yes.profile.symptoms == Entries([Entry("difficulty breathing")], complete=False)
    then = next_question(Form().answered(first, False), ruleset)
    assert then is not None
    assert then.emergency
    assert then.wording.startswith("Do you now have swelling of face, lips, tongue or throat? If")
    assert Form().answered(then, True).profile.denied is None


def test_once_a_supplement_is_known_its_own_rules_say_what_to_do(ruleset: RuleSet) -> None:
    profile = PatientProfile(
        supplements=[Supplement("alpha lipoic acid", taking=True)], symptoms=["hives"]
    )
    (now,) = urgent(profile, ruleset)
    assert now.rule == "ala-allergic-reaction"
    assert not now.call
    assert open_questions(Form(profile), ruleset) == ()


def test_whoever_takes_something_prescribed_is_not_told_to_take_no_more_of_it(
    ruleset: RuleSet,
) -> None:
    form = filled(ruleset, (("emergency",), True))
    (now,) = urgent(form.profile, ruleset)
    assert "Do not stop a prescribed medicine by yourself" in now.action
    assert "If nobody prescribed the supplement, take no more" in now.action


def test_an_emergency_of_other_signs_is_asked_in_their_names(ruleset: RuleSet) -> None:
    rules = tuple(
        evolve(rule, when=node.Any((rule.when, node.ReportsSymptom("nausea"))))
        if rule.kind is RuleKind.EMERGENCY and rule.when
        else rule
        for rule in ruleset.rules
    )
    open_ = open_questions(Form(), evolve(ruleset, rules=rules))
    signs = [one.wording.partition("?")[0] for one in open_ if one.emergency]
    assert "Do you now have nausea" in signs
    assert len(signs) == 3
    only = tuple(
        evolve(rule, when=node.All((node.ReportsSymptom("nausea"), node.ReportsSymptom("nausea"))))
        if rule.kind is RuleKind.EMERGENCY
        else rule
        for rule in ruleset.rules
    )
    question = next_question(Form(), evolve(ruleset, rules=only))
    assert question is not None
    assert question.wording.startswith("Do you now have nausea? If yes, call")
    unsaid = tuple(evolve(rule, screen=None) for rule in only)
    question = next_question(Form(), evolve(ruleset, rules=unsaid))
    assert question is not None
    assert "nausea? If yes, get medical help now; do not" in question.wording


def test_without_an_emergency_in_the_rules_the_supplement_is_asked_first(ruleset: RuleSet) -> None:
    rules = tuple(rule for rule in ruleset.rules if rule.kind is not RuleKind.EMERGENCY)
    question = next_question(Form(), evolve(ruleset, rules=rules))
    assert question is not None
    assert question.key == ("names", "supplements")


def test_an_emergency_that_was_denied_in_a_list_is_not_asked(ruleset: RuleSet) -> None:
    question = next_question(Form(PatientProfile(symptoms=NONE_REPORTED)), ruleset)
    assert question is not None
    assert question.key == ("names", "supplements")


def test_what_a_contraindication_or_a_silence_tests_is_asked_by_name(ruleset: RuleSet) -> None:
    names = Names(("alpha lipoic acid", "Immunocal"), complete=True)
    open_ = open_questions(begun(ruleset, names), ruleset)
    by_name = {one.key[1]: one for one in open_ if one.kind is Kind.BY_NAME}
    assert by_name.keys() >= {
        "milk-protein", "alpha-lipoic-acid", "glutathione-precursor", "pregnancy",
        "breast-feeding", "planned-operation", "kidney-disease", "cancer", "hives", "itching",
    }  # fmt: skip
    assert "diabetes" not in by_name
    assert by_name["pregnancy"].wording == "Are you pregnant, could you be, or do you plan to be?"
    assert by_name["cancer"].wording == "Does this apply to you: cancer?"
    assert "it now: hives?" in by_name["hives"].wording


def test_an_allergen_beside_another_test_is_asked_by_its_name(ruleset: RuleSet) -> None:
    either = node.Any((node.AllergicTo("milk-protein"), node.HasCondition("diabetes")))
    rules = tuple(
        evolve(rule, when=either) if rule.id == "ala-allergy" else rule for rule in ruleset.rules
    )
    changed = evolve(ruleset, rules=rules)
    question = asked(begun(changed), changed, "by name", "milk-protein")
    assert question.wording == "Are you allergic to this: milk protein?"


def test_a_yes_by_name_is_an_entry_that_is_recognised_as_just_that(ruleset: RuleSet) -> None:
    form = begun(ruleset, Names(("alpha lipoic acid", "Immunocal"), complete=True))
    for question in open_questions(form, ruleset):
        if question.kind is Kind.BY_NAME and question.key[1] != "swelling":
            after = form.answered(question, answer=True).profile
            before = msrisk.assess(form.profile, ruleset=ruleset)
            report = msrisk.assess(after, ruleset=ruleset)
            assert report.unrecognised == before.unrecognised, question.key
            assert question.key not in [q.key for q in open_questions(Form(after), ruleset)]


def test_by_name_comes_before_the_list_that_would_close_it(ruleset: RuleSet) -> None:
    open_ = open_questions(begun(ruleset), ruleset)
    of_conditions = [one.kind for one in open_ if one.field == "conditions"]
    assert of_conditions[-1] is Kind.NAMES
    assert set(of_conditions[:-1]) == {Kind.BY_NAME}


def test_the_list_behind_questions_by_name_asks_for_the_rest(ruleset: RuleSet) -> None:
    form = begun(ruleset)
    symptoms = asked(form, ruleset, "names", "symptoms").wording
    assert symptoms.startswith("Besides what you have told: what have you noticed since you")
    assert asked(form, ruleset, "names", "medications").wording.startswith("Which medicines")


def test_a_list_asks_for_nothing_again_that_was_asked_by_name(ruleset: RuleSet) -> None:
    prompts = {one.id: one for one in ruleset.fields}
    asked = about_a_list(
        prompts["symptoms"], ruleset, told=True, by_name={"hives", "itching", "swelling"}
    )
    assert asked == (
        "Besides what you have told: what have you noticed since you started the supplement, or "
        "now if you have not started? Think of foamy urine, fainting, a rash, nausea, an upset "
        "stomach, shakiness, sweating, anything else."
    )
    illnesses = about_a_list(prompts["conditions"], ruleset, told=True, by_name={"pregnancy"})
    assert illnesses.endswith("do you have besides MS?")
    short = evolve(prompts["symptoms"], question="What do you notice? Think of hives, an itch.")
    assert about_a_list(short, ruleset, told=False, by_name={"hives", "itching"}) == (
        "What do you notice?"
    )


def test_whether_one_entry_of_several_products_was_started_is_asked_of_it(
    ruleset: RuleSet,
) -> None:
    both = Names(("alpha lipoic acid 600 mg, R-lipoic acid 300 mg",), complete=True)
    open_ = open_questions(begun(ruleset, both), ruleset)
    parts = {one.part for one in open_ if one.field == "supplements"}
    assert parts == {"taking"}


def test_what_is_not_known_of_a_product_is_asked_of_it(ruleset: RuleSet) -> None:
    form = Form(PatientProfile(supplements=["alpha lipoic acid"], symptoms=["hives"]))
    dose = asked(form, ruleset, "daily_dose_mg", "alpha lipoic acid")
    started = asked(form, ruleset, "taking", "alpha lipoic acid")
    assert started.wording == "Have you already started to take “alpha lipoic acid”?"
    form = form.answered(dose, 600).answered(started, answer=False)
    assert form.profile.supplements == Entries(
        (Supplement("alpha lipoic acid", daily_dose_mg=600, taking=False),), complete=True
    )
    keys = [one.key for one in open_questions(form, ruleset)]
    assert ("daily_dose_mg", "alpha lipoic acid") not in keys


def test_a_product_of_which_it_is_known_is_not_asked_again(ruleset: RuleSet) -> None:
    two = [Supplement("alpha lipoic acid", taking=False), Supplement("R-lipoic acid")]
    form = Form(PatientProfile(supplements=two, symptoms=["hives"]))
    keys = [one.key for one in open_questions(form, ruleset)]
    assert [key[1] for key in keys if key[0] == "taking"] == ["R-lipoic acid"]


def test_what_nobody_knows_of_a_product_or_a_name_stays_as_it_is(ruleset: RuleSet) -> None:
    form = begun(ruleset, Names(("alpha lipoic acd",), complete=True))
    which = asked(form, ruleset, "which", "supplements", "alpha lipoic acd")
    unknown = form.answered(which, Said.UNKNOWN)
    assert unknown.profile == form.profile
    assert not [one for one in open_questions(unknown, ruleset) if one.kind is Kind.WHICH]
    form = form.answered(which, "alpha lipoic acid")
    dose = asked(form, ruleset, "daily_dose_mg", "alpha lipoic acid")
    assert form.answered(dose, Said.UNKNOWN).profile == form.profile


def test_whether_it_was_started_is_asked_once_it_matters(ruleset: RuleSet) -> None:
    usual = Names(("alpha lipoic acid 600 mg twice a day",), complete=True)
    keys = {one.key[0] for one in open_questions(begun(ruleset, usual), ruleset)}
    assert "taking" not in keys
    form = Form(PatientProfile(supplements=["alpha lipoic acid"], symptoms=["hives"]))
    assert "taking" in {one.key[0] for one in open_questions(form, ruleset)}


def test_how_often_is_asked_only_while_nothing_higher_was_found(ruleset: RuleSet) -> None:
    keys = [one.key for one in open_questions(begun(ruleset), ruleset)]
    assert ("times_per_day", "alpha lipoic acid") in keys
    names = Names(("alpha lipoic acid 1800 mg daily",), complete=True)
    keys = [one.key for one in open_questions(begun(ruleset, names), ruleset)]
    assert not [key for key in keys if key[0] == "times_per_day"]


def test_a_product_told_among_the_medicines_is_asked_no_parts(ruleset: RuleSet) -> None:
    form = Form(PatientProfile(supplements=NONE_REPORTED, medications=["thioctic acid"]))
    parts = [one for one in open_questions(form, ruleset) if one.part]
    assert parts == []


def test_an_entry_that_was_not_understood_is_asked_about_at_once(ruleset: RuleSet) -> None:
    form = begun(ruleset, Names(("alpha lipoic acd",), complete=True))
    question = next_question(form, ruleset)
    assert question is not None
    assert question.kind is Kind.WHICH
    assert question.text == "alpha lipoic acd"
    right = form.answered(question, "alpha lipoic acid").profile.supplements
    assert right == Entries((Supplement("alpha lipoic acid"),), complete=True)


def test_an_entry_can_be_put_right_again_and_again(ruleset: RuleSet) -> None:
    form = begun(ruleset)
    form = form.answered(asked(form, ruleset, "names", "medications"), Names(("fooo",)))
    form = form.answered(asked(form, ruleset, "which", "medications", "fooo"), "fooa")
    form = form.answered(asked(form, ruleset, "which", "medications", "fooa"), "fooo")
    assert form.profile.medications is not None
    form = form.back().answered(
        asked(form.back(), ruleset, "which", "medications", "fooa"), "insulin"
    )
    assert form.profile.medications == Entries((Entry("insulin"),))


def test_a_code_alone_that_nobody_knows_is_asked_about(ruleset: RuleSet) -> None:
    code = Entry(None, (Code("http://www.whocc.no/atc", "X99"),))
    form = Form(
        PatientProfile(
            supplements=["alpha lipoic acid"], medications=[code], symptoms=NONE_REPORTED
        )
    )
    question = next_question(form, ruleset)
    assert question is not None
    assert question.text == "X99"
    form = form.answered(question, "insulin")
    assert form.profile.medications == Entries((evolve(code, text="insulin"),), complete=True)


@pytest.mark.parametrize("answer", [Said.UNKNOWN, Said.SKIPPED])
def test_a_list_is_not_complete_while_something_by_name_is_not_known(
    ruleset: RuleSet, answer: Answer
) -> None:
    form = begun(ruleset)
    form = form.answered(asked(form, ruleset, "by name", "kidney-disease"), answer)
    form = form.answered(asked(form, ruleset, "names", "conditions"), Names(("asthma",), True))
    assert form.profile.conditions == Entries((Entry("asthma"),), complete=False)
    form = form.back()
    form = form.answered(asked(form, ruleset, "names", "conditions"), Said.NONE)
    assert form.profile.conditions is None
    assert "conditions" in form.profile.asked_unknown


def test_none_completes_a_list_of_which_something_is_known(ruleset: RuleSet) -> None:
    form = begun(ruleset)
    form = form.answered(asked(form, ruleset, "by name", "pregnancy"), answer=True)
    form = form.answered(asked(form, ruleset, "names", "conditions"), Said.NONE)
    assert form.profile.conditions == Entries((Entry("pregnancy"),), complete=True)


def test_what_nobody_knows_of_a_field_is_marked_as_asked(ruleset: RuleSet) -> None:
    form = begun(ruleset)
    form = form.answered(asked(form, ruleset, "number", "age_years"), Said.UNKNOWN)
    form = form.answered(asked(form, ruleset, "number", "weight_kg"), Said.SKIPPED)
    form = form.answered(asked(form, ruleset, "yes or no", "replacing_ms_treatment"), Said.NONE)
    assert form.profile.asked_unknown == {"age_years"}
    assert form.profile.weight_kg is None
    assert form.profile.replacing_ms_treatment is False
    fields = {one.field for one in open_questions(Form(form.profile), ruleset)}
    assert "age_years" not in fields
    assert "weight_kg" in fields


def test_an_answer_that_fits_no_such_question_is_refused(ruleset: RuleSet) -> None:
    form = begun(ruleset)
    cases: list[tuple[Question, Answer, str]] = [
        (asked(form, ruleset, "number", "age_years"), True, "a number"),
        (asked(form, ruleset, "number", "age_years"), Said.NONE, "a number"),
        (asked(form, ruleset, "number", "age_years"), 400, "a number of years from 0 to 130"),
        (asked(form, ruleset, "names", "medications"), Names(()), "names"),
        (asked(form, ruleset, "by name", "pregnancy"), "perhaps", "yes or no"),
    ]
    for question, answer, expected in cases:
        with pytest.raises(ProfileError, match=expected):
            form.answered(question, answer)


def test_an_answer_replaces_an_earlier_one_and_can_be_taken_back(ruleset: RuleSet) -> None:
    form = begun(ruleset)
    question = asked(form, ruleset, "number", "age_years")
    once = form.answered(question, 67)
    assert once.answered(question, (66, 67)).profile.age_years == (66, 67)
    assert once.back() == form
    assert Form().back() == Form()


def test_a_supplement_that_no_rule_covers_leaves_nothing_to_ask(ruleset: RuleSet) -> None:
    form = begun(ruleset, Names(("vitamin C",), complete=True))
    assert open_questions(form, ruleset) == ()


def test_a_list_of_supplements_that_is_not_complete_is_asked_for_the_rest(
    ruleset: RuleSet,
) -> None:
    start = PatientProfile(supplements=Entries(["vitamin C"]), symptoms=NONE_REPORTED)
    question = next_question(Form(start), ruleset)
    assert question is not None
    assert question.key == ("names", "supplements")
    assert question.worst is Level.UNDETERMINED
    assert question.why == "without it the answer stays open"
    unknown = PatientProfile(asked_unknown=["supplements"], symptoms=NONE_REPORTED)
    assert open_questions(Form(unknown), ruleset) == ()


def test_nothing_that_was_typed_is_shown_by_a_repr(ruleset: RuleSet) -> None:
    form = begun(ruleset, Names(("foopowder",)))
    shown = repr((form, form.answers, form.answers[-1].answer, open_questions(form, ruleset)))
    assert "foopowder" not in shown
    assert "<Form: <PatientProfile: nothing known>, 3 answered>" in shown
    assert "<Question: which, about supplements>" in shown
    assert "<Names: 1>" in shown


def test_whoever_takes_no_supplement_is_asked_for_medicines_among_which_one_may_be(
    ruleset: RuleSet,
) -> None:
    form = begun(ruleset, Said.NONE)
    question = next_question(form, ruleset)
    assert question is not None
    assert question.field == "medications"
    report = msrisk.assess(form.profile)
    assert report.next_question is not None
    assert report.next_question.field == question.field
    assert next_question(form.answered(question, Said.NONE), ruleset) is None
