"""Makes conditions and rules over the concepts of a rule set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from hypothesis import strategies as st

from msrisk.model import conditions as nodes
from msrisk.model.concepts import ConceptKind
from msrisk.model.profile import YES_NO_FIELDS
from msrisk.model.quantities import Unit
from msrisk.model.rules import EVERY, Basis, Kind, Review, Rule, RuleSet
from msrisk.model.sources import Citation

__all__ = ["conditions", "rules"]

_DEEPEST = 2
_MOST_PARTS = 3
_ALL = 2
_BARE = (nodes.TakesAnyMedication, nodes.TakesOtherSupplement, nodes.Taking)


_Node = Callable[..., nodes.Condition]
_Menu = tuple[tuple[_Node, Sequence[str]], ...]

_TESTS: dict[Unit, list[_Node]] = {
    Unit.YEARS: [nodes.AgeAtLeast, nodes.AgeBelow],
    Unit.KG: [nodes.WeightBelow],
    Unit.MG_PER_DAY: [
        nodes.DailyDoseAbove,
        nodes.DailyDoseTakenAbove,
        nodes.DailyDoseBelow,
    ],
    Unit.PER_DAY: [nodes.DosesPerDayBelow],
}


@lru_cache(maxsize=16)
def _menu(ruleset: RuleSet) -> _Menu:
    """Return each kind of condition without parts, and the ids that it can name."""
    words = ruleset.vocabulary

    def ids(*kinds: ConceptKind) -> Sequence[str]:
        return [one.id for one in words.concepts if one.kind in kinds]

    medical = ids(ConceptKind.CONDITION)
    menu: list[tuple[_Node, Sequence[str]]] = [
        (nodes.Takes, [one.id for one in words.drug_classes]),
        (
            nodes.TakesSupplement,
            [*(one.id for one in ruleset.substances), *ids(ConceptKind.SUPPLEMENT)],
        ),
        (nodes.HasCondition, [*medical, *ids(ConceptKind.TOPIC)]),
        (nodes.HasConditionBeyond, medical),
        (nodes.AllergicTo, ids(ConceptKind.ALLERGEN)),
        (nodes.ReportsSymptom, ids(ConceptKind.SYMPTOM)),
        (nodes.ReportsSymptomBeyond, ids(ConceptKind.SYMPTOM)),
        (nodes.States, YES_NO_FIELDS),
    ]
    for unit, tests in _TESTS.items():
        limits = [one.id for one in ruleset.thresholds if one.unit is unit]
        menu += [(test, limits) for test in tests]
    return (*((node, names) for node, names in menu if names), *((node, ()) for node in _BARE))


@st.composite
def conditions(draw: st.DrawFn, ruleset: RuleSet, *, deepest: int = _DEEPEST) -> nodes.Condition:
    """Return conditions of every kind over what a rule set knows.

    Args:
        draw: given by Hypothesis.
        ruleset: whose classes, concepts, substances and thresholds the conditions name.
        deepest: how many levels of "all" and "any" may stand inside each other.

    """
    shape = draw(st.integers(0, 3)) if deepest else 0
    if shape > 1:
        count = draw(st.integers(1, _MOST_PARTS))
        parts = tuple(draw(conditions(ruleset, deepest=deepest - 1)) for _ in range(count))
        return nodes.All(parts) if shape == _ALL else nodes.Any(parts)
    node, names = draw(st.sampled_from(_menu(ruleset)))
    if not names:
        return node()
    name = draw(st.sampled_from(names))
    if node not in (nodes.HasConditionBeyond, nodes.ReportsSymptomBeyond):
        return node(name)
    return node(tuple(sorted({name, draw(st.sampled_from(names))})))


@st.composite
def rules(
    draw: st.DrawFn,
    ruleset: RuleSet,
    *,
    id_: str = "an-added-rule",
    kinds: Sequence[Kind] = tuple(Kind),
    applies_to: tuple[str, ...] | None = None,
) -> Rule:
    """Return rules that could be added to a rule set.

    Args:
        draw: given by Hypothesis.
        ruleset: whose words, substances and sources the rule uses.
        id_: the id of the rule; it must be a new one.
        kinds: the kinds to choose from.
        applies_to: the substances; any of the rule set's if left out.

    """
    kind = draw(st.sampled_from(kinds))
    conditional = kind.level is not None
    substances = [*(one.id for one in ruleset.substances), EVERY]
    if applies_to is None:
        chosen = st.lists(st.sampled_from(substances), min_size=1, max_size=2, unique=True)
        applies_to = tuple(sorted(draw(chosen)))
    source = draw(st.sampled_from(ruleset.sources))
    return Rule(
        id=id_,
        kind=kind,
        basis=Basis.STATED,
        message=f"What {id_} says to the patient.",
        cites=(Citation(source.id, (source.passages[0].n,)),),
        since=ruleset.version,
        review=Review("none yet", ""),
        when=draw(conditions(ruleset)) if conditional else None,
        action=f"What {id_} asks of the patient.",
        question=f"Does {id_} apply?" if conditional else "",
        applies_to=applies_to,
        pack=ruleset.packs[0],
    )
