"""Counts the questions that an intake asks until nothing open can matter.

    python -m benchmarks.intake [--patients 60] [--small 12] [--seed 1]

Four ways choose among the questions that `msrisk.asking` holds open: its own, the fixed order of
a paper form, chance, and the best that there is. All of them ask for an emergency first, for what
was not understood next, and for the list of a field after what is asked for by name in it; all of
them stop when nothing open can matter. So only the order differs.

On the shipped rules the questions of made-up patients are counted. On small rule sets, each a few
of the shipped rules, the mean is exact: every answer has a chance of its own, and the best way is
found by a search that remembers what it has seen.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from attrs import evolve, frozen

from msrisk.asking import Answer, Form, Kind, Names, Question, Said, open_questions
from msrisk.model.rules import Rule, RuleSet

__all__ = ["WAYS", "Small", "allowed", "main"]

# As many paper forms go: who you are, what you have, what you take, how you feel.
PAPER: Final = (
    "age_years", "weight_kg", "ms_symptoms_severe", "conditions", "allergies", "medications",
    "supplements", "replacing_ms_treatment", "symptoms",
)  # fmt: skip
TOLD: Final = {
    "supplements": ("alpha lipoic acid 600 mg once a day", "NAC 600 mg", "glutathione"),
    "medications": ("Synthroid 50 mcg", "metformin", "Ocrevus", "baclofen", "ramipril"),
    "conditions": ("type 2 diabetes", "high blood pressure", "hypothyroidism", "asthma"),
    "allergies": ("penicillin", "pollen"),
    "symptoms": ("nausea", "headache", "tiredness"),
}
YES: Final = 0.15
NONE: Final = 0.4

Chance = tuple[float, Answer]


def allowed(form: Form, ruleset: RuleSet) -> tuple[Question, ...]:
    """Return the questions that any order may ask next, in the order of msrisk."""
    open_ = open_questions(form, ruleset)
    for first in (lambda q: q.emergency, lambda q: q.kind is Kind.WHICH):
        found = tuple(filter(first, open_))
        if found:
            return found[:1]
    named = {q.field for q in open_ if q.kind is Kind.BY_NAME}
    return tuple(q for q in open_ if q.kind is not Kind.NAMES or q.field not in named)


def own(questions: Sequence[Question]) -> Question:
    """Choose as msrisk does."""
    return questions[0]


def paper(questions: Sequence[Question]) -> Question:
    """Choose as a paper form does."""
    return min(questions, key=lambda q: (PAPER.index(q.field), q.kind is Kind.NAMES, q.key))


WAYS: Final[dict[str, Callable[[Sequence[Question]], Question]]] = {
    "msrisk": own,
    "a paper form": paper,
}


def answer_of(question: Question, patient: str) -> Answer:
    """Return what a made-up patient answers, whenever it is asked."""
    chance = random.Random(f"{patient} {question.key}")  # noqa: S311  # not for secrets
    if question.kind is Kind.NAMES:
        if question.field != "supplements" and chance.random() < NONE:
            return Said.NONE
        pool = TOLD[question.field]
        most = 1 if question.field == "supplements" else 3
        return Names(tuple(chance.sample(pool, chance.randint(1, min(most, len(pool))))), True)
    if question.kind is Kind.NUMBER:
        small = question.part == "times_per_day"
        return chance.randint(1, 3) if small else chance.randint(25, 85)
    if question.kind is Kind.WHICH:
        return Said.UNKNOWN
    return False if question.emergency else chance.random() < YES


def count(ruleset: RuleSet, patient: str, way: Callable[[Sequence[Question]], Question]) -> int:
    """Return how many questions a way asks of a patient."""
    form = Form()
    while questions := allowed(form, ruleset):
        question = way(questions)
        form = form.answered(question, answer_of(question, patient))
    return len(form.answers)


@frozen
class Small:
    """A small rule set, and the mean number of questions of each way on it."""

    rules: int
    means: dict[str, float]


def chances(question: Question) -> tuple[Chance, ...]:
    """Return what may be answered, and how probable it is."""
    match question.kind:
        case Kind.NAMES if question.field == "supplements":
            return ((1.0, Names((TOLD["supplements"][0],), True)),)
        case Kind.NAMES:
            return ((NONE, Said.NONE), (1 - NONE, Names(TOLD[question.field][:1], True)))
        case Kind.NUMBER:
            return ((0.5, 30), (0.5, 80))
        case Kind.WHICH:
            return ((1.0, Said.UNKNOWN),)
    return ((1.0, False),) if question.emergency else ((YES, True), (1 - YES, False))


def exactly(ruleset: RuleSet) -> dict[str, float]:
    """Return the exact mean of each way."""
    forms: dict[frozenset[tuple[Question, Answer]], Form] = {}

    def after(form: Form, question: Question, answer: Answer) -> frozenset[tuple[Question, Answer]]:
        found = form.answered(question, answer)
        key = frozenset((one.question, one.answer) for one in found.answers)
        forms.setdefault(key, found)
        return key

    @cache
    def questions_of(key: frozenset[tuple[Question, Answer]]) -> tuple[Question, ...]:
        return allowed(forms[key], ruleset)

    @cache
    def mean(key: frozenset[tuple[Question, Answer]], way: str) -> float:
        questions = questions_of(key)
        if not questions:
            return 0.0

        def then(question: Question) -> float:
            # Without words and reasons: they tell nothing new, and differ by the way to it.
            plain = Question(
                question.key, question.field, question.kind, "", named=question.named,
                text=question.text, part=question.part,
            )  # fmt: skip
            return 1 + sum(
                p * mean(after(forms[key], plain, answer), way) for p, answer in chances(question)
            )

        if way == "the best":
            return min(map(then, questions))
        if way == "chance":
            return statistics.fmean(map(then, questions))
        return then(WAYS[way](questions))

    start: frozenset[tuple[Question, Answer]] = frozenset()
    forms[start] = Form()
    return {way: mean(start, way) for way in (*WAYS, "chance", "the best")}


def small_ones(ruleset: RuleSet, how_many: int, seed: int) -> list[Small]:
    """Return small rule sets made of a few rules on alpha lipoic acid."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    caveats = tuple(rule for rule in ruleset.rules if rule.when is None)
    about = [
        rule for rule in ruleset.rules_for("alpha-lipoic-acid")
        if rule.when is not None and rule in ruleset.rules
    ]  # fmt: skip
    found = []
    for _ in range(how_many):
        few: list[Rule] = chance.sample(about, chance.randint(3, 5))
        found.append(Small(len(few), exactly(evolve(ruleset, rules=(*caveats, *few)))))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=60)
    parser.add_argument("--small", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    ruleset = RuleSet.default()
    chance = random.Random(given.seed)  # noqa: S311  # not for secrets
    ways: dict[str, Callable[[Sequence[Question]], Question]] = {**WAYS, "chance": chance.choice}
    print(f"{given.patients} patients, all shipped rules ({ruleset.version})")  # noqa: T201
    for name, way in ways.items():
        counts = [count(ruleset, f"{given.seed} {n}", way) for n in range(given.patients)]
        print(f"  {name:13} {statistics.fmean(counts):6.2f}")  # noqa: T201
    small = small_ones(ruleset, given.small, given.seed)
    print(f"{given.small} small rule sets, exact")  # noqa: T201
    for name in (*WAYS, "chance", "the best"):
        print(f"  {name:13} {statistics.fmean(one.means[name] for one in small):6.3f}")  # noqa: T201
    worst = max(one.means["msrisk"] / one.means["the best"] for one in small)
    print(f"  at worst msrisk asks {worst - 1:.1%} more than the best")  # noqa: T201


if __name__ == "__main__":
    main()
