"""Words the questions of a form: the signs of an emergency, what is asked by name, a list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msrisk.asking.form import Named
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.model.kinds import Screen
from msrisk.model.profile import Entry
from msrisk.model.rules import FieldPrompt, Rule, RuleSet
from msrisk.recognition import recognise_entry
from msrisk.recognition.profile import KINDS

__all__ = ["about_a_list", "about_a_part", "about_a_sign", "about_an_entry", "by_name"]

_THEN: Final = "If not: "
_EXAMPLES: Final = "Think of "
_KINDS: Final = {field: kind for kind, field in KINDS.items()}
_PARTS: Final = {
    "taking": "Have you already started to take “{name}”?",
    "daily_dose_mg": ("How many milligrams of “{name}” do you take, or plan to take, in one day?"),
    "times_per_day": "How many times a day do you take, or plan to take, “{name}”?",
}


def about_a_sign(sign: Named, ruleset: RuleSet) -> str:
    """Return the question for a sign of an emergency, with what to do after a yes."""
    first = (one.effect for one in ruleset.rules if one.screen is Screen.EMERGENCY)
    call = next(first, "get medical help now").rpartition(": ")[2].rstrip(".")
    return f"Do you now have {sign.name}? If yes, {call}; do not finish this form."


def about_a_part(part: str, name: str) -> str:
    """Return the question for a part of a supplement: started or not, how much, how often."""
    return _PARTS[part].replace("{name}", name)


def about_an_entry(text: str) -> str:
    """Return the question for an entry of which it is no longer known what is unclear."""
    return f"What exactly is meant by “{text}”?"


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


def about_a_list(
    prompt: FieldPrompt, ruleset: RuleSet, *, told: bool, by_name: Collection[str]
) -> str:
    """Return the question for a list.

    Args:
        prompt: of the list.
        ruleset: by which its examples are recognised.
        told: whether something of it was told or asked by name before.
        by_name: what of it was asked by name. None of that is asked or named as an example
            once more, and what the question of a form that asks nothing by name begins with
            was asked then too: a yes or no to it would be no answer to a list.

    """
    words = prompt.question
    if by_name:
        words = words.rpartition(_THEN)[2]
        asked, examples, those = words.partition(_EXAMPLES)
        # A question after the first asks by name for what was asked so.
        words = "".join(asked.partition("?")[:2])
        if examples:
            left = _not_asked(those, prompt.id, by_name, ruleset)
            words = f"{words} {examples}{left}" if left else words
    if not told:
        return words
    return f"Besides what you have told: {words[:1].lower()}{words[1:]}"


def _not_asked(those: str, field: str, by_name: Collection[str], ruleset: RuleSet) -> str:
    """Return examples without those that were asked by name."""
    each = those.removesuffix(".").split(", ")
    found = (recognise_entry(Entry(one), _KINDS[field], ruleset, suggest=False) for one in each)
    left = [one for one, told in zip(each, found, strict=True) if told.concepts.isdisjoint(by_name)]
    return f"{', '.join(left)}." if left else ""
