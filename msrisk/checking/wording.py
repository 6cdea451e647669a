"""Finds words that sound like an all-clear, numbers in messages, and names that are words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from msrisk.checking.remarks import Remark
from msrisk.model.concepts import ConceptKind
from msrisk.model.rules import Kind, RuleSet
from msrisk.recognition.characters import split_name

__all__ = [
    "Text",
    "denials_as_names",
    "everyday_names",
    "numbers_in_messages",
    "reassurances",
    "reassuring_words",
    "texts_of",
    "unhelpful_rules",
]

_HARM: Final = (
    "(?:risks?|dangers?|harm|threats?|interactions?|(?:side|adverse)[ -]effects?|adverse reactions?"
    "|contraindications?|concerns?|problems?|warnings|worr(?:y|ies)|hesitation|precautions?"
    "|restrictions?|(?:cause|reason|grounds|need) for (?:concern|worry|alarm|caution)"
    "|reason to (?:worry|avoid))"
)
_REASSURING: Final = (
    "safe(?:ly)?",
    "harmless",
    "innocuous",
    "unproblematic",
    "non[ -]?toxic",
    "risk[ -]free",
    rf"no (?:known |real |serious |particular |significant |relevant )?{_HARM}",
    rf"(?:without|free of|free from) (?:any )?{_HARM}",
    "(?:little|low|minimal|negligible|hardly any) (?:risk|danger|harm)",
    "risks? (?:is|are) (?:none|nil|zero|low|small|negligible)",
    "nothing to (?:worry|fear|be afraid|be concerned)",
    r"(?:do|need) not (?:need to )?(?:worry|fear|be (?:afraid|concerned))",
    "no (?:need|reason) to (?:worry|fear|be (?:afraid|concerned))",
    "(?:need not|no need to|(?:do|does) not (?:need|have) to) (?:ask|tell|see|talk|consult)",
    "nothing (?:speaks|stands) against",
    "no reason not to (?:take|use)",
    "well[ -]tolerated",
    "tolerated well",
    "(?:can|may) be (?:taken|used|combined) (?:together |at any )?(?:with|without|by|in)",
    "you (?:can|may) (?:safely |still )?(?:take|use|combine|continue)",
    "(?:does|do|will|should) not (?:cause |do )?(?:harm|hurt|interact|interfere)",
    "cannot (?:cause |do )?(?:harm|hurt|interact|interfere)",
    "not (?:dangerous|harmful|risky|unsafe|toxic|an? (?:problem|concern|danger|risk))",
    "(?:nobody|no one) (?:was|is|has been) (?:ever )?(?:harmed|hurt)",
    "(?:does|do|will) not (?:affect|influence|change|weaken) (?:each other|it|them|you|your \\w+)",
    "(?:go|carry) on as (?:before|usual)",
    "nothing (?:needs|has) (?:doing|to be done)",
    "nothing to (?:do|be done)",
    "protects? you",
    "experts? (?:recommends?|advises?)",
    "goes? (?:together|well) with",
    "compatible with",
    "(?:is|are|be) (?:perfectly |quite |just )?(?:fine|ok|okay|all right)",
    "suitable (?:to (?:take|use)|for (?:you|everyone|everybody|all|most))",
    "all[ -]clear",
)
"""Words and phrases that amount to an all-clear, as regular expressions."""

_REASSURES: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(_REASSURING)})(?![\w-])", re.IGNORECASE)
# "Not known to be safe" warns; "not only safe" and "nobody doubts that it is safe" reassure.
_DENIES: Final = re.compile(
    r"\b(?:not(?! (?:only|just|merely)\b)|never|cannot|neither|nor|whether"
    r"|(?:until|unless)(?: [\w'’]+){0,5}"
    r"|(?:ask|check|find out|know|say|see|sure|tell)s?\b[\w ]*\bif"
    r"|(?:nobody|no one|no (?:text|study|source|trial|sentence))(?! (?:doubts?|denies|disputes)\b)"
    r"|(?:unclear|unknown|uncertain) (?:if|that))\b",
    re.IGNORECASE,
)
_SHORTENED: Final = (("can['’]t", "cannot"), ("won['’]t", "will not"), ("n['’]t", " not"))
_MOST_WORDS_BETWEEN: Final = 5
_SENTENCE: Final = re.compile(r"(?<=[.!?;:])\s+")
_CLAUSE: Final = re.compile(r"[.!?;:,()]|\b(?:but|because|so)\b", re.IGNORECASE)
_REPORTS: Final = re.compile(
    r"\b(?:says?|said|asserts?|claims?|states?|quotes?|writes?|calls?)\b", re.IGNORECASE
)
_STANDS_AGAINST: Final = re.compile(
    r"\b(?:but|yet|however|although|still|goes on|rules (?:it )?out|earlier|next sentence"
    r"|same (?:sentence|paragraph|text)|does not|disput\w+|contradict\w+)\b",
    re.IGNORECASE,
)

_DIGITS: Final = re.compile(r"(?<![^\W_])(?<![^\W_]-)\d")
_COUNTS: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    "|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
)
_UNITS: Final = "mg|milligrams?|grams?|kg|kilos?|kilograms?|pounds?|years?"
_NUMBER_WORDS: Final = re.compile(rf"\b(?:{_COUNTS})[ -](?:{_UNITS})\b", re.IGNORECASE)

_WORDS: Final = """
a about after again all also always am an and any are as at back bad be bed been before best
better big body boost both by calm can care clear cold daily day days do does dose down drink dry
early ease easy eat energy even evening every extra eye eyes feel few fine first flu food for free
from full get give go good had half hand have heat help her high him his hope hot how i if in is
it its just last later less life like little live long lot low made man many may me mild mind more
morning most much my nature need new next night no none normal not now of off often old on once
one only or other our out over pain part plus pure quick relief rest restore same see she short
sick since sleep slow small so some something sometimes soon start still stop strong such sure
take taken takes taking than that the their them then there they thing this time times tired to
today too took under up us use used very vital was water way we week weekly weeks well were what
when which who with woman work worse year years yes yet you young your
"""
# What people write around a name in an entry, or as an entry of its own that names nothing.
_EVERYDAY: Final = frozenset(_WORDS.split())


@frozen
class Text:
    """Words that a patient reads, and where they stand."""

    where: str
    words: str
    claim: bool = False


def texts_of(ruleset: RuleSet) -> Iterator[Text]:
    """Yield every message, action and question, and the claims."""
    for rule in ruleset.rules:
        for key, words in (
            ("message", rule.message),
            ("action", rule.action),
            ("question", rule.question),
        ):
            if words:
                yield Text(f"rule `{rule.id}`: {key}", words)
    for claim in ruleset.claims:
        yield Text(f"claim `{claim.id}`: message", claim.message, claim=True)
    for prompt in ruleset.fields:
        yield Text(f"field `{prompt.id}`: question", prompt.question)


def reassurances(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on words that a reader may take for an all-clear."""
    reasons = [
        *(Text(f"threshold `{t.id}`: name", t.name) for t in ruleset.thresholds),
        *(Text(f"threshold `{t.id}`: reason", t.reason) for t in ruleset.thresholds),
        *(Text(f"rule `{rule.id}`: argument", rule.argument) for rule in ruleset.rules),
        *(Text(f"term `{t.names[0]}`: why", t.why) for t in ruleset.vocabulary.terms),
    ]
    for text in (*texts_of(ruleset), *reasons):
        for found in reassuring_words(text.words, claim=text.claim):
            yield Remark(
                "reassurance",
                text.where,
                f"A reader may take “{found}” for an all-clear.",
                "who says so and, behind it, what stands against it"
                if text.claim
                else "what is not known or what to do; a source that reassures is a claim",
            )


def reassuring_words(text: str, *, claim: bool) -> tuple[str, ...]:
    """Return the words of a text that amount to an all-clear, where nothing denies them.

    A claim may say who says so, if what stands against it follows.
    """
    for short, long in _SHORTENED:
        text = re.sub(rf"{short}\b", long, text, flags=re.IGNORECASE)
    found: list[str] = []
    end = 0
    for sentence in _SENTENCE.split(text):
        begin = text.index(sentence, end)
        end = begin + len(sentence)
        for match in _REASSURES.finditer(sentence):
            before = sentence[: match.start()]
            reported = claim and _REPORTS.search(before)
            if reported and _STANDS_AGAINST.search(text, begin + match.end()):
                continue
            if not _denied(_CLAUSE.split(before)[-1]):
                found.append(match.group())
    return tuple(found)


def _denied(before: str) -> bool:
    denials = list(_DENIES.finditer(before))
    return bool(denials) and len(before[denials[-1].end() :].split()) <= _MOST_WORDS_BETWEEN


def numbers_in_messages(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on clinical numbers outside thresholds; "B1" and "omega-3" are names."""
    for text in texts_of(ruleset):
        if _DIGITS.search(text.words) or _NUMBER_WORDS.search(text.words):
            yield Remark(
                "number-in-message",
                text.where,
                "The text holds a number, which stays as it is when the threshold is changed.",
                "the number in a threshold only; the report shows it beside the rule",
            )


def unhelpful_rules(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on grave findings that do not say what to do, and on questions that ask nothing."""
    for rule in ruleset.rules:
        if rule.kind in (Kind.CONTRAINDICATION, Kind.EMERGENCY) and not rule.action:
            yield Remark(
                "no-action",
                f"rule `{rule.id}`: action",
                "Whoever is told this is not told what to do.",
                "an action, in words that a frightened person can follow",
            )
    for text in texts_of(ruleset):
        if text.where.endswith("question") and "?" not in text.words:
            yield Remark(
                "no-question",
                text.where,
                "A patient is to be asked this, and it has no question mark.",
                "a question",
            )


def everyday_names(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on names of medicines and supplements that are also everyday words."""
    vocabulary = ruleset.vocabulary
    supplements = (one for one in vocabulary.concepts if one.kind is ConceptKind.SUPPLEMENT)
    for kind, group in (
        ("drug", vocabulary.drugs),
        ("drug_class", vocabulary.drug_classes),
        ("substance", ruleset.substances),
        ("supplement", supplements),
    ):
        for one in group:
            for name in (one.name, *one.names):
                tokens = split_name(name)
                if len(tokens) == 1 and tokens[0] in _EVERYDAY:
                    yield Remark(
                        "everyday-name",
                        f"{kind} `{one.id}`: names: `{name}`",
                        f"“{name}” is also an everyday word, so that an entry which only uses the "
                        "word is taken for this.",
                        "a [[term]] that leaves open what is meant, or the name with its maker",
                    )


def denials_as_names(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on names of conditions that begin with "no"."""
    for one in ruleset.vocabulary.concepts:
        for name in (one.name, *one.names):
            if one.kind is ConceptKind.CONDITION and split_name(name)[:1] == ("no",):
                yield Remark(
                    "denial-as-name",
                    f"condition `{one.id}`: names: `{name}`",
                    f"“{name}” denies something, so that an entry which says what the patient "
                    "does not have is taken for a disease.",
                    "a name that says what is there, and none that begins with “no”",
                )
