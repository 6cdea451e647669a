"""Lays out a rule set as a book for those who review it.

Markdown and HTML are written from this one structure, so that neither can lose a rule, a
source or a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msrisk.book.rules import cases_by_rule, chapters, facts_of
from msrisk.book.shape import Fact, Part, anchor, refs
from msrisk.book.vocabulary import class_parts, concept_parts
from msrisk.model.cases import Case
from msrisk.model.rules import Basis, RuleSet, Threshold
from msrisk.model.sources import CONTEXTS, Source
from msrisk.rendering.rule_words import threshold_lines
from msrisk.rendering.words import LEVELS, REVIEWED, listed, plural

__all__ = ["book"]

_READING: Final = (
    (
        "A rule with a level speaks to a patient for whom its condition holds. While the answers "
        "do not tell whether it holds, the rule is not passed over: its question is asked, and the "
        "report says which level it could bring."
    ),
    (
        "The words set apart under a rule are those that the patient reads. A source is named by "
        "section, paragraph and sentence; the numbers of its passages count its sentences and "
        "headings from 1. The sentences themselves belong to their authors and are not printed: "
        "have the texts beside you."
    ),
    (
        "The worked patients under a rule show what it does: each is one person, what becomes of "
        "this rule for them, and what their whole report says. The test suite runs all of them."
    ),
    (
        "Brand names and other spellings are not printed. To see what one is taken for, and why: "
        "msrisk recognise medication NAME (or condition, allergy, symptom, supplement)."
    ),
)
_BASES: Final = {
    Basis.STATED: "the source says so",
    Basis.THRESHOLD: "the source says so in words; the number is msrisk's",
    Basis.INFERRED: "msrisk concludes it from what the source says; the reasoning is printed",
    Basis.EVIDENCE: "no text says so; what was found beyond them does, item by item",
}
_MEMBERS: Final = Fact(
    "Members of classes",
    "by their labelling: product information or a recognised classification says so. By "
    "msrisk's own reading: nobody else says so, and the reason is printed for you to judge.",
)
_SIGNING: Final = (
    (
        "Read each rule aloud, as a patient would, beside the sentences that it cites and with the "
        "numbers and classes that it names. Ask: does the text say this, and no more? Is it right "
        "for everyone for whom the condition holds? Is the level right? Is the answer right for "
        "each worked patient? Who should be warned and is not?"
    ),
    (
        "Write what you would change in the margin. A rule that you agree with is signed by your "
        "role, never your name, and the day: whoever keeps the rule files enters both under "
        "“review” of that rule. A rule that changes later loses its signature."
    ),
    "Numbers, classes and what counts as an illness are signed with the rules that use them.",
)


_BRANDS: Final = (
    "Medicines stand here by the name of their substance. To see what a brand, a synonym or a name "
    "on a box is taken for, and which classes it is counted into, run `msrisk recognise medication "
    "NAME`, with `--rules DIR` for rules in another folder."
)


def book(ruleset: RuleSet, cases: Iterable[Case]) -> Part:
    """Return all that a rule set says, and what its worked patients show.

    Raises:
        RuleSetError: if a worked patient is about a rule that is not there.

    """
    worked = cases_by_rule(ruleset, cases)
    front = (
        Part("How to read it", "reading", notes=_READING, facts=tuple(_legend())),
        Part("How to sign it", "signing", notes=_SIGNING),
        Part("The texts", "texts", parts=tuple(map(_text, ruleset.sources))),
        Part(
            "The numbers",
            "numbers",
            notes=("Every number that a rule compares with stands here and nowhere else.",),
            parts=tuple(_number(one, ruleset) for one in ruleset.thresholds),
        ),
    )
    back = (
        Part(
            "What counts as a medicine of a class",
            "classes",
            notes=(_BRANDS,),
            parts=class_parts(ruleset),
        ),
        Part(
            "What counts as a condition, allergen or symptom",
            "things",
            parts=concept_parts(ruleset),
        ),
    )
    return Part(
        f"Rule book, version {ruleset.version}",
        "book",
        facts=tuple(_title(ruleset)),
        parts=(*front, *chapters(ruleset, worked), *back),
    )


def _title(ruleset: RuleSet) -> Iterator[Fact]:
    if ruleset.withdrawn:
        withdrawn = f"on {ruleset.withdrawn.on}: {ruleset.withdrawn.reason}"
        yield Fact("WITHDRAWN", f"{withdrawn} It must no longer answer.")
    yield Fact("Rules", ruleset.name)
    yield Fact("Version", ruleset.version)
    yield Fact("Digest", ruleset.digest)
    yield Fact("Packs", ", ".join(ruleset.packs))
    signed = sum(rule.review.done for rule in ruleset.rules)
    state = f"{signed} of {plural(len(ruleset.rules), 'rule')} signed"
    nobody = REVIEWED[False].removesuffix(".")
    yield Fact("Review", state if signed else f"{nobody}: {state}")
    yield Fact(
        "What it is",
        f"Everything that msrisk says of a patient with multiple sclerosis and of "
        f"{listed(one.name for one in ruleset.substances)}, with where it is from. It rests on "
        f"{plural(len(ruleset.sources), 'text')} and on nothing else.",
    )
    yield Fact("Written by", "msrisk rules book, from the rule files: a change belongs there")


def _legend() -> Iterator[Fact]:
    for level, asks in LEVELS.items():
        yield Fact(level.words, asks)
    for basis, words in _BASES.items():
        yield Fact(f"Basis “{basis.value}”", words)
    yield _MEMBERS


def _text(source: Source) -> Part:
    contexts = {
        context: [str(p.n) for p in source.passages if p.context == context] for context in CONTEXTS
    }
    unused = "; ".join(f"{why} ({', '.join(ns)})" for why, ns in contexts.items() if ns)
    cited = sum(passage.context is None for passage in source.passages)
    facts = (
        Fact("Called here", source.short),
        Fact("Written by", source.author),
        Fact("Quotes", source.quotes),
        Fact("Written for", f"{source.kind} readers"),
        Fact("Interest", source.interest),
        Fact("Passages", f"{len(source.passages)}, of which rules or claims cite {cited}"),
        Fact("Not cited, as", unused),
    )
    return Part(
        source.title,
        anchor("text", source.id),
        facts=tuple(fact for fact in facts if fact.text),
    )


def _number(threshold: Threshold, ruleset: RuleSet) -> Part:
    used = [rule.id for rule in ruleset.rules if threshold.id in rule.thresholds()]
    return Part(
        threshold.id,
        anchor("number", threshold.id),
        facts=(
            Fact("What it is", threshold.name),
            *facts_of(threshold_lines(threshold, ruleset)),
            Fact("Used by", "" if used else "no rule", refs("rule", used)),
        ),
    )
