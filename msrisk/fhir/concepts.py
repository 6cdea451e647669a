"""Reads a CodeableConcept as entries: its words, its codes, and whether they agree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrs import frozen

from msrisk.fhir.codes import (
    ABSENT,
    NO_INFORMATION,
    NONE_KNOWN,
    RETIRED_NONE,
    STANDARD,
    system_of,
)
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Outcome
from msrisk.keeping import recognition_of
from msrisk.model.concepts import ANYTHING, ConceptKind, Recognition, WordKind
from msrisk.model.profile import Code, Entry
from msrisk.model.rules import RuleSet
from msrisk.recognition.lexicon import lexicon_of
from msrisk.recognition.profile import KINDS
from msrisk.recognition.together import together

__all__ = ["Concept", "Reader", "all_named", "concept_in", "concept_of"]

_KIND_OF: Final = {field: kind for kind, field in KINDS.items()}
_MOST_CODES: Final = 100
_MOST_IN_A_CODE: Final = 1_000
_SAYS_UNKNOWN: Final = re.compile(
    r"\b(?:no|not|un\w*)\b.*\b(?:info\w*|known|available|asked|recorded|data)|^un\w+$",
    re.IGNORECASE,
)
# Words that say of which list they speak, so that a local code beside them can mean no other.
_OF_A_LIST: Final = re.compile(r"allerg|medic|drug|problem|condition|\bnka\b", re.IGNORECASE)
_DISAGREE: Final = "its words and codes disagree"
# What exporters write for nothing at all.
_BLANKS: Final = {"none", "null", "nil", "nan", "n/a", "na", "undefined", "-", "?", "unknown"}
_NONE: Final = WordKind.NONE.value
# Epic marks what counts for payments, a "hierarchical condition category", at the end of a name.
_PAYER: Final = re.compile(r"(.*\S)\s*(\((?:(?:CMS|HHS|CMS/HHS)[-/ ]?)?HCC\))\s*", re.DOTALL)
# Behind a growth of the liver the same letters may be what it is.
_OF_THE_LIVER: Final = re.compile(
    r"(?=.*(?:hepat|liver))(?=.*(?:nodul|mass|lesion|growth|tumou?r|neoplas|cancer|carcin))",
    re.IGNORECASE | re.DOTALL,
)
# What SNOMED CT adds to a name.
_TAG: Final = re.compile(r"\s*\((?:situation|finding|disorder)\)\s*$")
# That there is nothing, in words that say of what.
_NONE_IN_WORDS: Final = {
    "medications": dict.fromkeys(
        (
            "no known medications",
            "no known medication",
            "no known medication use",
            "no current medications",
            "no medications",
            "not taking any medications",
            "patient takes no medications",
        ),
        "all",
    ),
    "conditions": dict.fromkeys(
        (
            "no known problems",
            "no known conditions",
            "no known medical conditions",
            "no current problems or disability",
            "no current problems",
            "no active problems",
            "no known active problems",
            "no medical conditions",
        ),
        "all",
    ),
    "allergies": dict.fromkeys(
        (
            "no known environmental allergies",
            "no known environmental allergy",
            "no known allergies to environmental factors",
        ),
        "environment",
    ),
}


@frozen
class Concept:
    """What a CodeableConcept says.

    Attributes:
        words: its text and the displays of its codings, the text first, each once.
        codes: its codes, with the system as msrisk knows it.
        unknown: why it is not told, if it says so: a code of a data-absent-reason.
        bare: whether there is a code beside them of which nobody says the system.

    """

    words: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    unknown: str | None = None
    bare: bool = False

    def __bool__(self) -> bool:
        """Return whether it says anything."""
        return bool(self.words or self.codes)


def concept_in(element: Element, *names: str) -> Concept:
    """Return the first concept of these names that says anything."""
    unknown: str | None = None
    for name in names:
        told = [concept_of(one) for one in element.each(name)]
        # A bare text where a concept belongs is its text all the same; so are several of them.
        told.append(Concept(words=tuple(element.texts(name))))
        words = dict.fromkeys(word for one in told for word in one.words)
        codes = dict.fromkeys(code for one in told for code in one.codes)
        reasons = [*(one.unknown for one in told), element.absent(name), unknown]
        unknown = next(filter(None, reasons), None)
        if words or codes:
            return Concept(tuple(words), tuple(codes), unknown, any(one.bare for one in told))
    return Concept(unknown=unknown)


def concept_of(element: Element) -> Concept:
    """Return what a CodeableConcept says."""
    codes: dict[Code, None] = {}
    unknown = element.absent()
    text = element.text("text")
    displays: list[str | None] = []
    bare: list[str | None] = []
    for at, coding in enumerate(element.each("coding")):
        if at == _MOST_CODES:
            element.notes.append(f"of {element.path}.coding only the first {_MOST_CODES} were read")
            break
        given, code, display = (coding.text(key) for key in ("system", "code", "display"))
        system = system_of(given) if given else ""
        if system in ABSENT or (system, code) in NO_INFORMATION:
            unknown = unknown or code
            # Beside such a code these words say no more; any others say what they name.
            text = None if text and _SAYS_UNKNOWN.search(text) else text
            continue
        displays.append(display)
        if code and given and max(len(code), len(given)) <= _MOST_IN_A_CODE:
            codes[Code(system, code)] = None
        else:
            bare.append(code)
    words = _words(_unmarked(one, element) for one in (text, *displays))
    if not words and not codes:
        # A code that nobody says the system of is a word at most.
        words = _words(bare)
    return Concept(words, tuple(codes), unknown, any(bare))


def _unmarked(text: str | None, element: Element) -> str | None:
    """Return words without a mark of accounting, which looks like liver cancer."""
    found = _PAYER.fullmatch(text or "")
    if found is None or _OF_THE_LIVER.match(found[1]):
        return text
    element.notes.append(f"{found[2]} is a payer's mark and read as no illness")
    return found[1]


def _words(told: Iterable[str | None]) -> tuple[str, ...]:
    """Return what is said, each once, without what stands for nothing at all."""
    words: dict[str, str] = {}
    for text in told:
        if text and text.casefold() not in _BLANKS:
            words.setdefault(text.casefold(), text)
    return tuple(words.values())


def all_named(told: Recognition) -> frozenset[str]:
    """Return all that an entry may be, without that it may be anything."""
    possible = told.may_be if told.possible is ANYTHING else told.possible
    return told.concepts | told.named | told.allergens | possible


class Reader:
    """Reads concepts with the vocabulary of a rule set, each of them once."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.lexicon = lexicon_of(ruleset)
        self._ruleset = ruleset
        every = [one for one in ruleset.vocabulary.concepts if one.kind is ConceptKind.TOPIC]
        # What rules ask about and no list of problems tells.
        topics = [one for one in every if one.id in self.lexicon.asked]
        self.topics = tuple(one.name for one in topics)
        # What is no illness, and what no rule asks about: employment, a visit.
        self.circumstances = frozenset(one.id for one in every) - self.lexicon.asked
        # What a list of problems tells, of all that rules ask about.
        self.problems = self.lexicon.asked - {one.id for one in topics}
        self.problems -= self.lexicon.symptoms | self.lexicon.classes | self.lexicon.substances
        self._read: dict[tuple[str, Entry], Recognition] = {}

    def told(self, field: str, entry: Entry) -> Recognition:
        """Return what an entry would be recognised as in a field."""
        key = field, entry
        if key not in self._read:
            kind = _KIND_OF[field]
            self._read[key] = recognition_of(entry, kind, self._ruleset)
        return self._read[key]

    def named(self, field: str, entry: Entry) -> frozenset[str]:
        """Return all that an entry names, certainly or possibly, by its words or by a code."""
        return all_named(self.told(field, entry))

    def entries(self, concept: Concept, field: str, outcome: Outcome) -> list[Entry]:
        """Return the entries that say in a field what a concept says, which is not empty.

        One entry of the text and the codes; and one of each display that names something
        else. Where they contradict each other, each is doubtful.
        """
        doubt = outcome.doubt
        first_text = concept.words[0] if concept.words else None
        codes = self._codes(concept, field)
        plain = [Entry(first_text, codes)]
        for text in concept.words[1:]:
            one, other = plain[0], Entry(text, codes)
            if not self.named(field, other) - self.named(field, one):
                continue
            if not self._understood(field, one) and self._understood(field, other):
                outcome.remarks.append("its text is not understood; read by the name of its code")
                plain[0] = other
                continue
            plain.append(Entry(text))
        first = self.told(field, Entry(plain[0].text)) if plain[0].text else None
        if first is not None and len(plain) > 1:
            others = [self.told(field, one) for one in plain[1:]]
            if any(first.named and one.named and self._against(first, one) for one in others):
                doubt = "; ".join(filter(None, (doubt, _DISAGREE)))
                outcome.remarks.append(_DISAGREE)
        if doubt is None:
            return plain
        return [Entry(one.text, one.codes, doubt[:_MOST_IN_A_CODE]) for one in plain]

    def _codes(self, concept: Concept, field: str) -> tuple[Code, ...]:
        """Return the codes, without that of a medicine to which words name an allergy.

        An allergen has an id of its own, which such a code would seem to contradict.
        """
        if field != "allergies" or not concept.words:
            return concept.codes
        told = self.told("medications", Entry(concept.words[0], concept.codes))
        return () if told.named & self.lexicon.drugs else concept.codes

    def _understood(self, field: str, entry: Entry) -> bool:
        told = self.told(field, Entry(entry.text))
        return told.possible is not ANYTHING or told.name is not None

    def _against(self, one: Recognition, other: Recognition) -> bool:
        return not together(one, other, self.lexicon).named

    def none_of(self, concept: Concept, field: str) -> str | None:
        """Return of what a concept says that there is nothing; None if it does not say so.

        That is "all", or only "medicines", "foods" or "environment".
        """
        kinds = [
            NONE_KNOWN[key]
            for code in concept.codes
            if (key := (code.system, code.code)) in NONE_KNOWN
        ]
        others = [c for c in concept.codes if not _is_none(c)]
        if any(map(self.lexicon.codes.meanings, others)) or any(of != field for of, _ in kinds):
            return None
        if concept.unknown:
            return None  # "there is nothing" and "nobody knows" contradict each other
        # A code that is not known may name anything, unless it is of a system of their own.
        if any(c.system in STANDARD and (c.system, c.code) != RETIRED_NONE for c in others):
            return None
        found = {kind for _, kind in kinds}
        for text in concept.words:
            kind = self._none_in_words(text, field)
            if kind == "all" and (others or concept.bare) and not _OF_A_LIST.search(text):
                kind = None
            if kind is None:
                return None  # words that say more, or something else, than the code
            found.add(kind)
        # "All" by its code and "medicines" by its words says no more than the words.
        narrow = found - {"all"}
        if len(narrow) > 1 or not found:
            return None
        return next(iter(narrow or found))

    def _none_in_words(self, text: str, field: str) -> str | None:
        plain = _TAG.sub("", text.casefold()).strip(" .")
        if plain in _NONE_IN_WORDS[field]:
            return _NONE_IN_WORDS[field][plain]
        told = self.told(field, Entry(text))
        if told.says is False:
            alone = len(text.split()) == 1 and plain != "nka"
            return None if alone or {one.role for one in told.read} != {_NONE} else "all"
        if field != "allergies" or told.concepts or told.named or told.may_be:
            return None
        roles = {word.role for word in told.read}
        for role, kind in (
            (WordKind.NO_DRUG_ALLERGY.value, "medicines"),
            (WordKind.NO_FOOD_ALLERGY.value, "foods"),
        ):
            if role in roles and told.possible is not ANYTHING:
                return kind
        return None


def _is_none(code: Code) -> bool:
    return (code.system, code.code) in NONE_KNOWN
