"""The laws of the FHIR form, over answers of every sort and rule sets of every shape."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from attrs import evolve, frozen
from hypothesis import assume, given
from hypothesis import strategies as st

import msrisk
from msrisk.evaluation.deciding import DENIABLE, Decider
from msrisk.fhir import profile_from_response
from msrisk.fhir.form import form_of
from msrisk.fhir.systems import Json
from msrisk.model import conditions as node
from msrisk.model.conditions import walk
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import LIST_FIELDS, Entry, PatientProfile, Supplement
from msrisk.model.results import Report
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth
from msrisk.recognition import recognise_profile
from msrisk.testing import entries, rule_sets
from tests.fhir.filling import option, response

pytestmark = pytest.mark.slow

NUMBERS = {"age_years": [17, 18, 64.5, 65, 80], "weight_kg": [40, 49.9, 50, 90]}
FLAGS = ("ms_symptoms_severe", "replacing_ms_treatment")
PARTS = ("dose_mg", "times_per_day", "daily_dose_mg")
LISTS_COMPLETE = {f"{field}/complete" for field in LIST_FIELDS}
ALONE = [option("no"), option("none"), option("unknown")]
WORDS = [None, None, "yes", "no", "no", "no", "unknown"]


@frozen
class Filled:
    """A form as somebody filled it in, and the same answers as an intake document."""

    ruleset: RuleSet = attrs.field(repr=False)
    answers: dict[str, list[Json]]
    products: list[dict[str, list[Json]]]
    document: dict[str, object]

    @property
    def profile(self) -> PatientProfile:
        """Return what the form tells."""
        filled = response(self.answers, self.products, self.ruleset)
        return profile_from_response(filled, ruleset=self.ruleset)


def value(entry: Entry | Supplement) -> Json:
    """Return an entry as an answer: its words, or its code with them."""
    if not entry.codes:
        return {"valueString": entry.text}
    (code,) = entry.codes
    display = {} if entry.text is None else {"display": entry.text}
    return {"valueCoding": {"system": code.system, "code": code.code, **display}}


def written(entry: Entry | Supplement) -> object:
    """Return an entry as the intake document has it."""
    supplement = isinstance(entry, Supplement)
    keys = ("name", *PARTS, "taking") if supplement else ("text",)
    told = {key: of for key in keys if (of := getattr(entry, key)) is not None}
    codes = [{"system": code.system, "code": code.code} for code in entry.codes]
    return {**told, **({"codes": codes} if codes else {})}


def decimals(of: object) -> list[Json]:
    """Return a number or a range as answers."""
    numbers = of if isinstance(of, tuple) else (of,)
    return [{"valueDecimal": number} for number in numbers]


class _Filling:
    """Draws the answers to one form, and writes them into a document as well."""

    def __init__(self, draw: st.DrawFn, ruleset: RuleSet) -> None:
        self.draw = draw
        self.links = {one.link: one for one in form_of(ruleset).questions()}
        self.certain = draw(st.booleans())
        self.filled = Filled(ruleset, {}, [], {})
        self.yes: dict[str, list[Entry]] = {}
        self.unsettled: set[str] = set()

    def say(self, link: str, word: str | None) -> None:
        """Answer a question with one of its options, or not at all."""
        if word is not None:
            self.filled.answers[link] = [option(word)]

    def by_name(self) -> None:
        """Answer what is asked by name."""
        denied = []
        for one in self.links.values():
            if one.named is not None:
                word = self.draw(st.sampled_from(["yes", "no"] if self.certain else WORDS))
                self.say(one.link, word)
                if word == "no":
                    denied.append(one.named.concept)
                elif word == "yes":
                    self.yes.setdefault(one.named.field, []).append(Entry(one.named.words))
                else:
                    self.unsettled.add(one.named.field)
        self.filled.document["denied"] = denied or None

    def list_of(self, field: str) -> None:
        """Answer what is asked of a list."""
        # A form has no place for a doubt that a record has.
        told_of = entries(field, self.filled.ruleset).map(lambda one: evolve(one, doubt=None))
        typed = self.draw(st.lists(told_of, max_size=3))
        none, unknown = (self.draw(st.sampled_from([False, False, True])) for _ in range(2))
        whole = self.draw(st.sampled_from(["yes"] if self.certain else WORDS))
        self.say(f"{field}/complete", whole)
        if field == "supplements":
            products = [self.asked_of(one) for one in typed]
            self.filled.products.extend(map(product, products))
            typed = [*products]
            unknown = unknown and not none
            neither = self.draw(st.sampled_from([None, "yes"]))
            self.say("supplements/any", "no" if none else "unknown" if unknown else neither)
        else:
            alone = [option("none")] * none + [option("unknown")] * unknown
            self.filled.answers[f"{field}/names"] = [*map(value, typed), *alone]
        agreed = not unknown and (whole == "yes" and not none if typed else none)
        agreed = agreed and whole in (None, "yes") and field not in self.unsettled
        told = [*typed, *self.yes.get(field, ())]
        if told:
            items = [written(one) for one in told]
            self.filled.document[field] = {"entries": items, "complete": agreed}
        elif none or unknown:
            self.filled.document[field] = "none" if agreed else "unknown"

    def asked_of(self, one: Entry | Supplement) -> Supplement:
        """Return a supplement with those parts that the form asks for."""
        parts: dict[str, Any] = {
            part: getattr(one, part)
            for part in (*PARTS, "taking")
            if f"supplements/product/{part}" in self.links
        }
        return Supplement(one.text or "?", codes=one.codes, **parts)

    def number(self, field: str) -> None:
        """Answer with a number, a range, that it is not known, or not at all."""
        low, high = sorted(self.draw(st.tuples(*[st.sampled_from(NUMBERS[field])] * 2)))
        told = self.draw(st.sampled_from([None, low, (low, high), "unknown"]))
        if told == "unknown":
            self.say(f"{field}/unknown", "unknown")
        elif told is not None:
            self.filled.answers[f"{field}/number"] = decimals(told)
        self.filled.document[field] = [low, high] if isinstance(told, tuple) else told

    def flag(self, field: str) -> None:
        """Answer a plain question."""
        word = self.draw(st.sampled_from(WORDS))
        self.say(field, word)
        self.filled.document[field] = {"yes": True, "no": False}.get(word or "", word)


@st.composite
def forms(draw: st.DrawFn) -> Filled:
    """Return a form that somebody has filled in, some of it or all."""
    ruleset = RuleSet.default() if draw(st.booleans()) else draw(rule_sets())
    filling = _Filling(draw, ruleset)
    filling.by_name()
    for field in LIST_FIELDS:
        if f"{field}/complete" in filling.links:
            filling.list_of(field)
    for field in NUMBERS:
        if f"{field}/number" in filling.links:
            filling.number(field)
    for field in FLAGS:
        if field in filling.links:
            filling.flag(field)
    return filling.filled


def product(of: Supplement) -> dict[str, list[Json]]:
    """Return the answers about one supplement."""
    told = {part: decimals(amount) for part in PARTS if (amount := getattr(of, part)) is not None}
    told["name"] = [value(of)]
    if of.taking is not None:
        told["taking"] = [option("yes" if of.taking else "no")]
    return {f"supplements/product/{part}": answer for part, answer in told.items()}


@given(forms())
def test_a_form_gives_the_report_of_the_intake_document_with_the_same_answers(
    filled: Filled,
) -> None:
    mine = msrisk.assess(filled.profile, ruleset=filled.ruleset)
    other = PatientProfile.from_dict(filled.document)
    assert mine.to_dict() == msrisk.assess(other, ruleset=filled.ruleset).to_dict()


@given(forms())
def test_what_was_not_answered_by_name_is_never_a_no(filled: Filled) -> None:
    ruleset = filled.ruleset
    facts = recognise_profile(filled.profile, ruleset)
    closed = hierarchy_of(ruleset).down(filled.profile.denied or ())
    for substance in ruleset.substances:
        decider = Decider(facts, ruleset, substance.id)
        for rule in ruleset.rules_for(substance.id):
            for test in walk(rule.when) if rule.when else ():
                link = f"named/{node.asked_for(test)}"
                asked = isinstance(test, DENIABLE) and form_link(link, ruleset)
                answered = filled.answers.get(link) not in (None, [option("unknown")])
                if asked and not answered and node.asked_for(test) not in closed:
                    assert decider.truth(test) is not Truth.FALSE, test


def form_link(link: str, ruleset: RuleSet) -> bool:
    """Return whether the form has a question of this link."""
    return any(one.link == link for one in form_of(ruleset).questions())


def in_play(report: Report) -> set[tuple[str | None, str]]:
    """Return the rules that apply or are open, by substance."""
    return {
        (of.substance, one.rule)
        for of in report.assessments
        for some in (of.findings, of.silences, of.open_questions)
        for one in some
    }


def names_something(answer: list[Json]) -> bool:
    """Return whether an answer names a thing, which can contradict what another one denies."""
    return answer == [option("yes")] or not all(
        one in ALONE for one in answer if "valueDecimal" not in one
    )


@given(forms(), st.data())
def test_a_no_or_a_number_that_is_left_out_closes_nothing(
    filled: Filled, data: st.DataObject
) -> None:
    closing = [link for link, one in filled.answers.items() if one and not names_something(one)]
    closing += [link for link in filled.answers if link in LISTS_COMPLETE]
    assume(closing)
    left_out = data.draw(st.sampled_from(sorted(set(closing))))
    # An answer that contradicts another one opens what that one closes.
    assume(left_out != "supplements/any" or not filled.products)
    assume(not left_out.endswith("/complete") or filled.answers[left_out] == [option("yes")])
    fewer = {link: one for link, one in filled.answers.items() if link != left_out}
    less = Filled(filled.ruleset, fewer, filled.products, {})
    before = msrisk.assess(filled.profile, ruleset=filled.ruleset)
    after = msrisk.assess(less.profile, ruleset=filled.ruleset)
    assessed = {of.substance for of in after.assessments}
    gone = {one for one in in_play(before) - in_play(after) if one[0] in assessed}
    assert gone == set(), left_out
