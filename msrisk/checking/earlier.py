"""Compares a rule set with an earlier one: ids lost or reused, signatures out of date."""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.checking.remarks import Remark
from msrisk.model.rules import RuleSet

__all__ = ["compare"]


def compare(old: RuleSet, new: RuleSet) -> Iterator[Remark]:
    """Remark on what a rule set forgets of an earlier one."""
    before, now = _ids(old), _ids(new)
    retired = {one.id for one in new.retired}
    accounted = retired | {id_ for rule in new.rules for id_ in rule.replaces}
    for id_ in sorted(before.keys() - now.keys() - accounted):
        yield Remark(
            "lost-id",
            f"{before[id_]} `{id_}`",
            f"Version {old.version} had this {before[id_]}; nothing says what became of it.",
            "a [[retired]] entry in ruleset.toml, or `replaces` in the rule that stands for it",
        )
    for id_ in sorted(before.keys() & now.keys()):
        if before[id_] != now[id_]:
            yield Remark(
                "reused-id",
                f"{now[id_]} `{id_}`",
                f"In version {old.version} this was a {before[id_]}.",
                "an id of its own",
            )
    for one in old.retired:
        if one.id not in retired:
            yield Remark(
                "lost-id",
                f"retired `{one.id}`",
                f"Version {old.version} kept this id as retired; nothing keeps it now.",
                "the same [[retired]] entry, for ever",
            )
    if old.version == new.version and old.digest != new.digest:
        yield Remark(
            "same-version",
            "ruleset.toml: version",
            f"Both rule sets are version {new.version}, and their contents differ.",
            "a version of its own for every change",
        )
    yield from _signatures(old, new)


def _signatures(old: RuleSet, new: RuleSet) -> Iterator[Remark]:
    earlier = {rule.id: rule for rule in old.rules}
    for rule in new.rules:
        before = earlier.get(rule.id)
        if before and rule.review.done and rule.review == before.review and rule != before:
            yield Remark(
                "old-signature",
                f"rule `{rule.id}`: review",
                "The rule has changed since it was signed.",
                'role = "none yet", on = "" until somebody signs it anew',
            )


def _ids(ruleset: RuleSet) -> dict[str, str]:
    return {
        **{one.id: "threshold" for one in ruleset.thresholds},
        **{one.id: "rule" for one in ruleset.rules},
        **{one.id: "claim" for one in ruleset.claims},
    }
