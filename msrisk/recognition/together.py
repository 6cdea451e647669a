"""Reads the codes of an entry, and joins them with its words or finds that they disagree."""

from __future__ import annotations

import re
from typing import Final

from attrs import evolve, frozen

from msrisk.model.concepts import ANYTHING, CODE_SYSTEMS, Possible, Recognition, WordKind
from msrisk.model.profile import Code
from msrisk.recognition.characters import split_text
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Joined, Meaning
from msrisk.recognition.meanings import Named, minus, read_meanings, union
from msrisk.recognition.pieces import PRODUCT_FIELDS
from msrisk.recognition.places import is_kind_of

__all__ = [
    "UNKNOWN_CODE",
    "Written",
    "beside",
    "coded_routes",
    "codes_in_words",
    "doubted",
    "read_codes",
    "together",
]

UNKNOWN_CODE: Final = Recognition(
    None, "", possible=ANYTHING, reason="the code is not known to msrisk"
)
UNKNOWN_CIRCUMSTANCE: Final = Recognition(
    None,
    "",
    says=None,
    reason="the code is of a visit, a test or a circumstance, not of an illness",
)
"""What a code of the last chapter of ICD-10 tells that is not known by itself."""

_ICD: Final = re.compile(
    r"[(\[]([A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)[)\]]"
    r"|\b([A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4})\b"
    r"|^\s*([A-TV-Z]\d[0-9A-Z][0-9A-Z]{0,4})\s*$"
    r"|^\s*([A-TV-Z]\d\d)(?=\s*[-–:]?\s[^\W\d])|(?<=[^\W\d]\s)([A-TV-Z]\d\d)\s*$"
    r"|^\s*([a-tv-z]\d[0-9](?:\.?[0-9a-z]{1,4})?)\s*$"
)
_DIGITS: Final = frozenset("0123456789")
# What looks like a code without a point, wherever it stands and however it is written.
_BARE: Final = re.compile(r"(?<!\w)[A-TV-Z]\d[0-9A-Z]{1,5}(?!\w|\.\w)", re.IGNORECASE)
# No name is of so many words that a code inside one could be further from its begin.
_FURTHEST: Final = 6
# Signs at which a word ends, whatever stands beside them, and how far one is looked for at first.
_BREAK: Final = re.compile(r"[\s!#$%&()*+/:;<=>@\[\\\]^{|}~-]")
_FEW_LETTERS: Final = 60
_OF_NONE: Final = {WordKind.NONE, WordKind.NO_DRUG_ALLERGY, WordKind.NO_FOOD_ALLERGY}
_TWO_FORMS: Final = "the code names one form of the medicine, the words do not say which"
_NAME_OR_CODE: Final = "the name of a product, which may be a code as well"
_CONTRADICTION: Final = "the words and the code, or two codes, contradict each other"


def read_codes(codes: tuple[Code, ...], field: str, lexicon: Lexicon) -> Recognition | None:
    """Return what the codes that are known stand for; None if none is."""
    found: list[Recognition] = []
    for code in codes:
        meanings = lexicon.codes.meanings(code)
        if meanings and meanings[0].word in _OF_NONE:
            found.append(_none(meanings[0], lexicon))
        elif meanings and meanings[0].is_name:
            routes = lexicon.codes.routes_of(code.system, code.code)
            named = [Named(one, routes, opens=frozenset(one.opens)) for one in meanings]
            told = read_meanings(named, lexicon, coded=True)
            found.append(_with_allergens(told, field, lexicon))
    if not found:
        return None
    first, *rest = found
    for other in rest:
        first = together(first, other, lexicon)
    if field in PRODUCT_FIELDS and first.named and not first.named & lexicon.products:
        # The code of a disease among the medicines says which disease, not which medicine.
        first = evolve(first, possible=ANYTHING, named=frozenset(), reason=_NO_PRODUCT)
    return first


def _none(meaning: Meaning, lexicon: Lexicon) -> Recognition:
    """Return what a code means that stands for "none", or for none of some kind."""
    if meaning.word is WordKind.NONE:
        return Recognition(None, "", says=False)
    of_medicines = meaning.word is WordKind.NO_DRUG_ALLERGY
    left = lexicon.not_drug_allergies if of_medicines else lexicon.not_food_allergies
    return Recognition(
        None,
        "",
        says=None,
        possible=left,
        unnamed=left,
        may_be_allergens=left,
        reason="speaks of some allergies only, of medicines or of foods",
    )


def _with_allergens(one: Joined, field: str, lexicon: Lexicon) -> Recognition:
    """Return what a code stands for, with which of it are allergens in a field."""
    named = lexicon.above(one.concepts | one.named)
    kinds = lexicon.allergens - lexicon.products if field != "allergies" else lexicon.allergens
    return Recognition(
        None,
        "",
        concepts=one.concepts,
        named=one.named,
        possible=one.possible,
        heard=one.heard,
        allergens=(one.concepts | one.named) & kinds,
        may_be_allergens=one.may_be & kinds,
        unnamed=frozenset()
        if field in PRODUCT_FIELDS
        else one.may_be & lexicon.allergens & lexicon.products - named,
        name=one.name,
        why=one.why,
        reason=one.reason,
    )


def is_circumstance(code: Code) -> bool:
    """Whether a code is of ICD-10's chapter Z: reasons for a visit, which are no illnesses."""
    icd = code.system.strip() in (CODE_SYSTEMS["icd_10"], CODE_SYSTEMS["icd_10_cm"])
    return icd and code.code.strip()[:1].upper() == "Z"


def coded_routes(codes: tuple[Code, ...], lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Return the routes that codes say, by the id of the medicine."""
    told: dict[str, frozenset[str]] = {}
    for code in codes:
        for meaning in lexicon.codes.meanings(code):
            for id_ in meaning.named:
                told[id_] = told.get(id_, frozenset()) | lexicon.codes.routes_of(
                    code.system, code.code
                )
    return told


_NO_PRODUCT: Final = "the code names no product"


@frozen
class Written:
    """The ICD-10-CM codes among the words of an entry.

    Attributes:
        text: the words without them; None if there is nothing but codes.
        codes: those that can be nothing else.
        perhaps: those that are the name of a product too: "K20" is potassium as well.

    """

    text: str | None
    codes: tuple[Code, ...] = ()
    perhaps: tuple[Code, ...] = ()


def codes_in_words(text: str, field: str, lexicon: Lexicon) -> Written:
    """Return the words without the ICD-10-CM codes in them, and the codes that are known.

    A code without a point ("G35") counts where it stands in brackets, first, last, or alone
    and is no name ("T2DM"), nor part of one ("coenzyme Q10"); in small letters, alone only.
    """
    codes: list[Code] = []
    perhaps: list[Code] = []
    wordy = text.isascii() and _DIGITS.isdisjoint(text)
    if wordy or lexicon.name(field, split_text(text)):
        return Written(text)

    def take(match: re.Match[str]) -> str:
        code = Code(CODE_SYSTEMS["icd_10_cm"], next(filter(None, match.groups())))
        if not lexicon.codes.meanings(code) or (
            code.code.isalnum() and _names_at(match, field, lexicon) is not None
        ):
            return match[0]
        codes.append(code)
        return ", "

    rest = _ICD.sub(take, text)
    for match in _BARE.finditer(rest):
        code = Code(CODE_SYSTEMS["icd_10_cm"], match[0])
        if lexicon.codes.meanings(code) and _names_at(match, field, lexicon) == 1:
            perhaps.append(code)
    left = rest if codes == [] or re.search(r"\w", rest) else None
    return Written(left, tuple(codes), tuple(perhaps))


def _names_at(match: re.Match[str], field: str, lexicon: Lexicon) -> int | None:
    """Return of how many words a name is that a code is part of, in whatever field."""
    code = split_text(match[0])
    if not all(word in lexicon.tokens for word in code):
        return None
    before = _words_before(match.string, match.start())
    first = max(0, len(before) - _FURTHEST)
    words = (*before[first:], *code)
    longest = max(max((lexicon.behind(word) or {}).values(), default=1) for word in words)
    texts = (*before, *code, *_words_behind(match.string, match.end(), longest))
    for at in range(first, len(before) + 1):
        found = lexicon.anywhere(field, texts, at)
        if found is not None and at + found[0] > len(before):
            length, meaning, others = found
            return length if others or (meaning is not None and meaning.is_name) else None
    return None


def _words_before(text: str, at: int) -> tuple[str, ...]:
    """Return the last words before a place, at least as many as a name may have before a code.

    The text is not read from its begin, since it may have a thousand codes.
    """
    far = _FEW_LETTERS
    while far < at:
        start = _BREAK.search(text, at - far, at)
        words = split_text(text[start.start() : at]) if start else ()
        if len(words) >= _FURTHEST:
            return words
        far *= 4
    return split_text(text[:at])


def _words_behind(text: str, at: int, count: int) -> tuple[str, ...]:
    """Return the first words behind a place, at least so many if there are."""
    far = _FEW_LETTERS
    while end := _BREAK.search(text, at + far):
        words = split_text(text[at : end.start()])
        if len(words) >= count:
            return words
        far *= 4
    return split_text(text[at:])


def doubted(told: Recognition, doubt: str) -> Recognition:
    """Return what an entry tells that may not be so: nothing for certain, all of it possibly.

    A doubtful "none" may be anything.
    """
    named = told.concepts | told.named
    return evolve(
        told,
        concepts=frozenset(),
        named=frozenset(),
        possible=ANYTHING if told.says is False else union(told.possible, named),
        heard=told.heard | named,
        allergens=frozenset(),
        may_be_allergens=told.may_be_allergens | told.allergens,
        says=None,
        why={},
        reason="; ".join(filter(None, (doubt, told.reason))),
    )


def beside(read: Recognition, coded: Recognition) -> Recognition:
    """Return what words mean in which a name may be a code as well."""
    told = (coded.concepts | coded.named | coded.may_be) - read.concepts
    return evolve(
        read,
        possible=union(read.possible, told),
        heard=read.heard | told,
        reason="; ".join(filter(None, (read.reason, _NAME_OR_CODE))),
    )


def together(read: Recognition, coded: Recognition, lexicon: Lexicon) -> Recognition:
    """Return what words and code, or two codes, mean together."""
    if read.says is None:
        possible = minus(_either(read, coded), read.concepts)
        heard = _heard(read, coded) - read.concepts
        return evolve(read, possible=possible, heard=heard, reason=read.reason or _CONTRADICTION)
    nothing = read.possible is ANYTHING and not read.named
    if nothing or _settles(coded, read):
        unknown = read.possible is ANYTHING
        reason = f"the code is known, the words are not; {read.reason}".rstrip("; ")
        concepts = coded.concepts | read.concepts
        return evolve(
            coded,
            text=read.text,
            kind=read.kind,
            concepts=concepts,
            possible=ANYTHING if unknown else minus(coded.possible, concepts),
            heard=(read.may_be | coded.may_be) - concepts,
            says=read.says,
            why={**read.why, **coded.why},
            reason=reason if unknown else coded.reason,
            suggestions=read.suggestions,
            warning=read.warning,
            dose=read.dose,
            taking=read.taking,
            read=read.read,
        )
    if read.says is False or coded.says is not True or not _agree(read, coded, lexicon):
        if read.says is False and coded.says is False:
            return read
        return evolve(
            read,
            concepts=frozenset(),
            named=frozenset(),
            allergens=frozenset(),
            may_be_allergens=read.may_be_allergens
            | coded.may_be_allergens
            | read.allergens
            | coded.allergens,
            possible=_either(read, coded),
            heard=_heard(read, coded),
            why={},
            says=read.says or None,
            reason=_CONTRADICTION if coded.says is not None else coded.reason,
        )
    certain = read.concepts | coded.concepts
    named = read.named | coded.named
    left_open: Possible = read.possible
    if coded.possible is not ANYTHING and coded.named.isdisjoint(lexicon.drugs):
        # "Diabetes" with the code of one that a medicine caused.
        left_open = union(left_open, coded.possible & lexicon.classes)
    if _is_narrower(read, coded, lexicon):
        # "Tacrolimus 0.1 %" with the code of the ointment: of the whole body, or of the skin.
        certain = read.concepts & coded.concepts
        left_open = union(left_open, read.concepts | coded.concepts)
    possible = minus(left_open, certain | named)
    return evolve(
        read,
        concepts=certain,
        named=named,
        possible=possible,
        heard=(read.heard | (possible if possible is not ANYTHING else frozenset())) - certain,
        allergens=read.allergens | coded.allergens,
        may_be_allergens=read.may_be_allergens | coded.may_be_allergens,
        why={**coded.why, **read.why},
        reason=(read.reason or _TWO_FORMS) if possible else "",
    )


def _is_narrower(read: Recognition, coded: Recognition, lexicon: Lexicon) -> bool:
    """Whether a code names a kind of the medicine that bare words name, in other classes."""
    routed = any(word.role == WordKind.ROUTE.value for word in read.read)
    ours, theirs = read.named & lexicon.drugs, coded.named & lexicon.drugs
    return not routed and any(is_kind_of(a, b) for a in theirs for b in ours)


def _either(read: Recognition, coded: Recognition) -> Possible:
    return union(union(read.possible, coded.possible), _heard(read, coded))


def _heard(read: Recognition, coded: Recognition) -> frozenset[str]:
    told = read.concepts | read.named | coded.concepts | coded.named
    return told | read.may_be | coded.may_be


def _settles(coded: Recognition, read: Recognition) -> bool:
    """Whether a code says which of the things that it may mean an ambiguous word means."""
    if read.named or read.concepts or read.possible is ANYTHING or not read.possible:
        return False
    return bool((coded.named | coded.concepts) & read.possible)


def _agree(read: Recognition, coded: Recognition, lexicon: Lexicon) -> bool:
    """Whether words and code can mean one thing: one is the other, or a case or part of it."""
    one, other = lexicon.parts(read.named), lexicon.parts(coded.named)
    drugs = lexicon.drugs
    if one & other:
        return True
    if not (one | other) & drugs:
        # A code that leaves open what the words call certain is that of a family history.
        return bool(other) and (one <= coded.concepts or other <= read.concepts)
    if (one and one <= _told(coded)) or (other and other <= _told(read)):
        return True
    return any(is_kind_of(a, b) or is_kind_of(b, a) for a in one & drugs for b in other & drugs)


def _told(found: Recognition) -> frozenset[str]:
    """Return what it certainly is, and what it is by one route or another."""
    return found.concepts if found.possible is ANYTHING else found.concepts | found.possible
