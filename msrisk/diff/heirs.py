"""Finds the new rules that replace each old rule.

Implements the last paragraph of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from msrisk.model.rules import RuleSet

__all__ = ["Heirs", "heirs_of_rules"]

Heirs = Mapping[str, tuple[str, ...]]
"""For the id of each old rule, the new rules that stand for it."""


def heirs_of_rules(old: RuleSet, new: RuleSet) -> Heirs:
    """Return, for the id of each old rule, the new rules that stand for it.

    A rule that was there before was told beside the one that is gone, and stands for none.
    """
    there = {rule.id for rule in old.rules}
    heirs: dict[str, tuple[str, ...]] = {}
    for rule in new.rules:
        for id_ in (rule.id,) if rule.id in there else (rule.id, *rule.replaces):
            heirs[id_] = (*heirs.get(id_, ()), rule.id)
    return {rule.id: heirs.get(rule.id, ()) for rule in old.rules}
