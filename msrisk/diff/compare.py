"""Compares two rule sets: lists all kinds of change, and sorts the changes.

Implements *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msrisk.diff.cases import cases
from msrisk.diff.changes import About, Change, Diff, Verdict
from msrisk.diff.claims import claims
from msrisk.diff.comparison import Comparison
from msrisk.diff.confusables import confusables
from msrisk.diff.evidence import evidence
from msrisk.diff.names import Names
from msrisk.diff.other_edits import otherwise
from msrisk.diff.questions import questions
from msrisk.diff.reviews import reviews
from msrisk.diff.rules import rules
from msrisk.diff.sources import sources
from msrisk.diff.substances import substances
from msrisk.diff.thresholds import thresholds
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet
from msrisk.search.pair import RuleSetPair

__all__ = ["compare"]


def compare(
    old: RuleSet,
    new: RuleSet,
    *,
    worked: tuple[Iterable[Case], Iterable[Case]] = ((), ()),
    doing: Callable[[str], object] = lambda _: None,
) -> Diff:
    """Return what the change from one rule set to another does to patients.

    This is exact over the concepts that rules test, the numbers that thresholds tell apart
    and the names that the vocabularies list.

    Args:
        old: the rules of before.
        new: those of now.
        worked: the worked patients of both, which show what the rules do.
        doing: is told what is done next, in a few words.

    """
    doing("arranging the names of both rule sets")
    both = Comparison(RuleSetPair(old, new))
    doing("looking for patients who lose a rule or get one")
    of_rules = list(rules(both))
    doing("comparing all else that the rules hold")
    changes = [
        *_withdrawal(old, new),
        *_roles(old, new),
        *substances(both),
        *of_rules,
        *claims(both),
        *thresholds(both, of_rules),
        *sources(both),
        *questions(both),
        *reviews(both),
        *cases(*worked),
        *confusables(both),
        *evidence(both),
    ]
    doing("comparing names, words and codes")
    changes += Names(both).changes()
    order = list(Verdict)

    def weight(change: Change) -> tuple[object, ...]:
        severity = both.severity(change.shown) if change.shown is not None else ()
        return order.index(change.verdict), tuple(-one for one in severity)

    changes.sort(key=weight)
    return Diff(old, new, tuple(changes), tuple(_notes(old, new)), tuple(otherwise(old, new)))


def _withdrawal(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    """Yield that a rule set was withdrawn, though both are compared as if they answered."""
    before, after = old.withdrawn, new.withdrawn
    if before == after:
        return
    verdict = Verdict.REWORDS
    if after is None:
        # The old rule set was withdrawn: there is no old answer to compare with.
        verdict = Verdict.UNDECIDED
        says = "it is no longer withdrawn, and answers again"
    elif before is None:
        says = f"it is withdrawn, and answers nobody any more: {after.on}, {after.reason}"
    else:
        was = f"{before.on}, {before.reason}"
        says = f"it stays withdrawn; of that it says {after.on}, {after.reason} (was: {was})"
    yield Change(
        verdict, About.RULE_SET, new.name, (says,), reviewed=before is None or after is None
    )


def _roles(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    """Yield that others may sign for changes now than before."""
    if old.roles != new.roles:
        before, after = (", ".join(one.roles) or "anybody" for one in (old, new))
        says = f"those who may sign for a change were {before}, and are {after}"
        yield Change(Verdict.EQUIVALENT, About.RULE_SET, new.name, (says,), reviewed=True)


def _notes(old: RuleSet, new: RuleSet) -> Iterator[str]:
    if old.digest != new.digest and old.version == new.version:
        yield (
            f"The content changed, and the version is still {new.version}. "
            "Give the rule set a new version."
        )
    for pack in sorted(set(old.packs) - set(new.packs)):
        yield (
            f"There is no pack {pack} any more, and whoever asks for it is refused. "
            "Tell those who use it."
        )
