"""Words the questions of a form: the signs of an emergency, what is asked by name, a list."""

from __future__ import annotations

from typing import Final

from msrisk.asking.form import Named
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.model.kinds import Screen
from msrisk.model.rules import FieldPrompt, Rule, RuleSet

__all__ = ["about_a_list", "about_a_sign", "by_name"]

_THEN: Final = "If not: "


def about_a_sign(sign: Named, ruleset: RuleSet) -> str:
    """Return the question for a sign of an emergency, with what to do after a yes."""
    first = (one.effect for one in ruleset.rules if one.screen is Screen.EMERGENCY)
    call = next(first, "get medical help now").rpartition(": ")[2].rstrip(".")
    return f"Do you now have {sign.name}? If yes, {call}; do not finish this form."


def by_name(asked: Named, test: Condition, rule: Rule, question: str) -> str:
    """Return the question for one thing that a rule tests.

    The question of the rule, if it asks for nothing else, is the best that there is.
    """
    if test == rule.when:
        return question
    match test:
        case node.AllergicTo():
            return f"Are you allergic to this: {asked.name}?"
        case node.ReportsSymptom():
            return (
                "Have you noticed this since you started the supplement, or do you notice it "
                f"now: {asked.name}?"
            )
    return f"Does this apply to you: {asked.name}?"


def about_a_list(prompt: FieldPrompt, *, told: bool, by_name: bool) -> str:
    """Return the question for a list.

    Args:
        prompt: of the list.
        told: whether something of it was told or asked by name before.
        by_name: whether something of it was asked by name. What the question of a form that
            asks nothing by name begins with was asked then, and a yes or no to it would be no
            answer to a list.

    """
    words = prompt.question.rpartition(_THEN)[2] if by_name else prompt.question
    return f"Besides what you have told: {words}" if told else words
