"""Lists what a form asks for by name, such as diabetes, and how each is named in a question."""

from __future__ import annotations

import re
from typing import Final

from msrisk.asking.form import Named
from msrisk.evaluation.deciding import DENIABLE
from msrisk.model import conditions as node
from msrisk.model.concepts import ConceptKind
from msrisk.model.conditions import Condition
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.made_once import made_once
from msrisk.model.profile import Entry
from msrisk.model.rules import Kind, Rule, RuleSet
from msrisk.recognition import recognise_entry
from msrisk.recognition.characters import split_name
from msrisk.recognition.profile import KINDS

__all__ = ["is_asked_by_name", "named"]

_RULES: Final = (Kind.CONTRAINDICATION, Kind.EMERGENCY, Kind.SILENCE)
_KINDS: Final = {field: kind for kind, field in KINDS.items()}


def is_asked_by_name(test: Condition, rule: Rule) -> bool:
    """Return whether forms ask by name for what a rule tests.

    So they do for what a contraindication, an emergency or a silence hangs on: people forget
    in a list what they do not think of as an illness. Medicines are asked for as a list.
    """
    return rule.kind in _RULES and isinstance(test, DENIABLE)


def named(test: Condition, ruleset: RuleSet) -> Named:
    """Return what a test asks for, which is a condition, an allergen or a symptom."""
    return _named_of(ruleset).of(test)


class _NamedOf:
    """Finds the words for each test once: a concept may have hundreds of names."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.found: dict[Condition, Named] = {}

    def of(self, test: Condition) -> Named:
        if test not in self.found:
            self.found[test] = self._find(test)
        return self.found[test]

    def _find(self, test: Condition) -> Named:
        (id_,) = (getattr(test, name) for name in test.__match_args__)
        # An allergen may share its id with a substance, and nothing else shares one.
        allergen = isinstance(test, node.AllergicTo)
        concept = next(
            one
            for one in self.ruleset.vocabulary.concepts
            if one.id == id_ and (one.kind is ConceptKind.ALLERGEN) is allergen
        )
        field = hierarchy_of(self.ruleset).told_in_of(test)[0]

        # "swelling (place not said)": what is in brackets is for those who keep the words.
        shown = re.sub(r" *\(.*\)$", "", concept.name)

        def strays(words: str) -> tuple[bool, bool, bool]:
            told = recognise_entry(Entry(words), _KINDS[field], self.ruleset, suggest=False)
            certain = told.allergens if allergen else told.concepts
            narrower = not set(split_name(shown)) <= set(split_name(words))
            return id_ not in certain, narrower, told.status != "recognised"

        # The name of a concept can be that of something else too: milk protein is a powder.
        # A condition may have hundreds of names, so the first that strays nowhere is enough.
        known = (shown, concept.name, *concept.names)
        words = next((one for one in known if not any(strays(one))), None) or min(known, key=strays)
        return Named(id_, shown, words, field)


@made_once
def _named_of(ruleset: RuleSet) -> _NamedOf:
    return _NamedOf(ruleset)
