"""Names a source, a level or a fact in the words that all prose renderings share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msrisk.evaluation.naming import listed, shortened
from msrisk.model.checks import LINE_ENDS, UNSEEN
from msrisk.model.concepts import CODE_SYSTEMS
from msrisk.model.facts import Denied
from msrisk.model.profile import Code
from msrisk.model.quantities import number_text
from msrisk.model.results import Assessment, Because, Level, Report
from msrisk.model.sources import CitedPassages, runs
from msrisk.model.summary import SilentOn, SummaryPoint

__all__ = [
    "CAVEAT_KINDS",
    "LEVELS",
    "REVIEWED",
    "about",
    "capitalised",
    "cites",
    "clean",
    "denied",
    "entry",
    "few",
    "field_name",
    "items_in_short",
    "keys",
    "listed",
    "lower",
    "no_text",
    "plural",
    "point",
    "short_digest",
    "silences",
    "sources",
    "spans",
    "standing",
    "taken",
    "title",
    "told",
    "typed_as",
    "why",
]

REVIEWED: Final = {
    True: "A clinician has reviewed these rules.",
    False: "No clinician has reviewed these rules yet.",
}
"""What every report says of the reviews, by whether all rules are signed."""

LEVELS: Final = {
    Level.URGENT: "get medical help now",
    Level.CONTRAINDICATED: "do not take it; if prescribed, ask before the next dose",
    Level.CAUTION: "ask a doctor or pharmacist first, for the reason given",
    Level.UNDETERMINED: "msrisk cannot tell yet",
    Level.INFORM: "worth knowing and telling your doctor or pharmacist",
    # Words of comfort would be the bare all-clear that msrisk never gives.
    Level.NO_FINDING: "no warning in the texts fits the answers; they do not look at everything",
}
"""What each level asks of the reader, from most to least."""

CAVEAT_KINDS: Final = {
    "side-effect": "Side effects",
    "quality": "The product",
    "evidence": "How much is known",
    "advice": "Advice",
    "interest": "Who speaks, and what they gain",
    "scope": "What has not been looked at",
}

_FIELDS: Final = {
    "supplements": "supplements",
    "medications": "medicines",
    "conditions": "medical conditions",
    "allergies": "allergies",
    "symptoms": "symptoms",
    "age_years": "age",
    "weight_kg": "weight",
    "ms_symptoms_severe": "severe or aggressive MS",
    "replacing_ms_treatment": "taking it instead of MS treatment",
}
_UNITS: Final = {"age_years": " years", "weight_kg": " kg"}
_SYSTEMS: Final = {
    uri: key.upper().replace("_", "-").replace("RXNORM", "RxNorm").replace("SNOMED", "SNOMED CT")
    for key, uri in CODE_SYSTEMS.items()
}
# Only of a drug does it matter who says that it belongs to a class.
_BASES: Final = {"labelled": "labelled", "judged": "msrisk's own reading"}
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str) -> str:
    """Return text on one line, with what cannot be seen or ends a line shown by its escape.

    What a terminal would obey, or nobody has given a meaning, becomes a mark.
    """
    if text.isprintable():
        return text
    return "".join(_shown(c) for c in text)


def _shown(character: str) -> str:
    if character in LINE_ENDS or character in UNSEEN:
        return ascii(character)[1:-1]
    return "�" if unicodedata.category(character) in _HIDDEN else character


def field_name(name: str) -> str:
    """Return a field of the profile in words."""
    return _FIELDS.get(name, name.replace("_", " "))


def about(title: str, told: str) -> str:
    """Return what a rule is about, and what was told of it unless that is the same."""
    return f"{title} ({told})" if told and told.casefold() != title.casefold() else title


def few(words: Sequence[str], most: int) -> str:
    """Return words as a list in a sentence; of more than `most` the rest is counted."""
    rest = len(words) - most
    return listed([*words[:most], f"{rest} more"] if rest > 0 else words)


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: "1 question", "2 questions"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def title(assessment: Assessment) -> str:
    """Return the name of what was assessed; as typed, in quotes, if nobody recognises it."""
    return f"“{assessment.name}”" if assessment.substance is None else assessment.name


def typed_as(name: str, products: Iterable[str], most: int) -> str:
    """Return in brackets what something was typed as, where that is not its name."""
    other = (one for one in products if _letters(name) not in _letters(one))
    typed = list(map(shortened, other))
    return f" ({few(typed, most)})" if typed else ""


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def standing(assessment: Assessment) -> str:
    """Return both ends of an answer: what it is so far, and what it could be."""
    if assessment.level is assessment.worst_case:
        return assessment.level.words
    return f"{assessment.level.words} so far; could be {assessment.worst_case.words}"


def sources(citations: Iterable[CitedPassages], names: Mapping[str, str]) -> str:
    """Return where it is said, so that a reader can find the sentence; sources by their names."""
    return "; and ".join(_source(one, names[one.source]) for one in citations)


def _source(cited: CitedPassages, name: str) -> str:
    place = cited.where
    # A whole source and its opening have no section name to announce.
    named = not cited.whole and not place.startswith("opening")
    return f"{lower(name)}, {'section ' if named else ''}{place}"


def point(said: SummaryPoint, keys: Mapping[str, str], about: str = "") -> str:
    """Return a warning in a sentence, behind what the patient told that it rests on."""
    told = f"{capitalised(said.told)}{about}: " if said.told else ""
    return f"{told}{said.effect} {said.action}".rstrip() + f" [{cites(said.citations, keys)}]"


def keys(report: Report) -> dict[str, str]:
    """Return the letter by which each source of a report is cited."""
    return {one.id: one.key for one in report.sources}


def cites(citations: Iterable[CitedPassages], keys: Mapping[str, str]) -> str:
    """Return citations by the letters of their sources: "A61-62, 81, B18"."""
    return _cites(tuple([(one, keys[one.source]) for one in citations]))


# A report says a hundred times what it cites, and all reports of a rule set say the same.
@lru_cache(maxsize=4_000)
def _cites(citations: tuple[tuple[CitedPassages, str], ...]) -> str:
    passages: dict[str, set[int]] = {}
    whole: dict[str, None] = {}
    items: dict[str, None] = {}
    for one, key in citations:
        passages.setdefault(key, set()).update(one.passages)
        # Of evidence there is nothing but the whole item.
        if one.source == key.casefold():
            items[key] = None
        elif one.whole:
            whole[key] = None
    parts = [f"{key}{spans(sorted(numbers))}" for key, numbers in passages.items() if numbers]
    evidence = [items_in_short(items)] if items else []
    return ", ".join([*parts, *(f"{key} whole" for key in whole), *evidence])


def items_in_short(keys: Iterable[str]) -> str:
    """Return items of evidence as spans where their keys are numbers: "E001, E004-06"."""
    numbered = sorted(keys)
    numbers = {int(key[1:]): key for key in numbered if re.fullmatch(r"E\d+", key)}
    found = [key for key in numbered if key not in numbers.values()]
    for run in runs(numbers):
        first, last = numbers[run[0]], numbers[run[-1]]
        found.append(first if len(run) == 1 else f"{first}-{last[-2:]}")
    return ", ".join(found)


def spans(numbers: Iterable[int]) -> str:
    """Return sorted numbers as spans: 1, 2, 3, 5 → "1-3, 5"."""
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs(numbers)
    )


def no_text(report: Report) -> str:
    """Say that no text speaks of something; beside evidence, that none of the texts does."""
    return "neither text" if report.evidence else "no text"


def silences(report: Report) -> tuple[list[SilentOn], list[SilentOn]]:
    """Return the topics of which no text speaks: those that evidence speaks of, and the others."""
    found = {one.title for each in report.assessments for one in each.findings}
    silent = report.summary.silent
    here = [one for one in silent if one.title in found]
    return here, [one for one in silent if one.title not in found]


def lower(name: str) -> str:
    """Return a title for the middle of a line, leaving abbreviations and names alone."""
    return name[:1].lower() + name[1:] if name.startswith(("Unsigned ", "Letter ")) else name


def short_digest(digest: str) -> str:
    """Return enough of a digest to tell two rule sets apart by eye; JSON has all of it."""
    return digest.removeprefix("sha256:")[:12]


def capitalised(text: str) -> str:
    """Return text that begins with a capital, and is otherwise as it was."""
    return text[:1].upper() + text[1:]


def told(facts: Iterable[Because], named: set[tuple[str, str]]) -> str:
    """Return facts as they were given, by field, and what they were taken as if that differs.

    What an entry was taken as is said once in a report; `named` has what was said.
    """
    fields: dict[str, dict[tuple[str, str], None]] = {}
    for fact in facts:
        given = ", ".join(part for part in (entry(fact.text, fact.code), _given(fact)) if part)
        name = fact.recognised_as or ""
        plain = name.casefold() in (fact.text or "").casefold()
        fields.setdefault(field_name(fact.field), {})[given, "" if plain else name] = None
    said = []
    for field, entries in fields.items():
        each = dict.fromkeys(
            f"{given}, taken as {name}" if name and (given, name) not in named else given
            for given, name in entries
        )
        said.append(f"{field}: {'; '.join(each)}")
        named.update(entries)
    return "; ".join(said)


def entry(text: str | None, code: Code | None) -> str:
    """Return an entry as it was given: the typed words in quotes, the code, or both."""
    parts = [] if text is None else [f"“{text}”"]
    if code is not None:
        parts.append(f"{_SYSTEMS.get(code.system, code.system)} code {code.code}")
    return ", ".join(parts)


def denied(answer: Denied) -> str:
    """Return a name that was denied, as given, and what it was taken for."""
    taken = "" if answer.name == answer.text else f" (taken as {answer.name})"
    return f"“{answer.text}”{taken}"


def taken(fact: Because) -> str:
    """Return what a fact was taken as, else how it was given."""
    given = (part for part in (entry(fact.text, fact.code), _given(fact)) if part)
    return fact.recognised_as or ", ".join(given)


def why(fact: Because) -> str:
    """Return who says that a fact counts, and in which words."""
    return ": ".join(part for part in (_BASES.get(fact.basis or ""), fact.why) if part)


def _given(fact: Because) -> str:
    value = fact.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    low, high = value if isinstance(value, tuple) else (value, value)
    words = number_text(low) if low == high else f"{number_text(low)} to {number_text(high)}"
    return words + _UNITS.get(fact.field, "")
