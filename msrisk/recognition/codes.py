"""Knows what the codes of a vocabulary stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msrisk.model.concepts import CODE_SYSTEMS, MemberBasis, Membership, Vocabulary, closure
from msrisk.model.profile import Code
from msrisk.recognition.characters import plain_code
from msrisk.recognition.meaning import Meaning

__all__ = ["Codes"]

_Ids = tuple[str, ...]
_ATC: Final = CODE_SYSTEMS["atc"]
_PREFIXED: Final = {CODE_SYSTEMS[key] for key in ("icd_9_cm", "icd_10", "icd_10_cm")}
# Of ICD-9-CM, a code of another form is that of a procedure ("34.04"), or no code.
_ICD_9: Final = re.compile(r"[\dVv]\d\d(?:\.?\d{1,2})?")


class Codes:
    """The codes of a vocabulary, by system, with what each may stand for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take in the classes and routes that codes of ATC tell by how they begin."""
        self._means: dict[tuple[str, str], list[Meaning]] = {}
        self._routes = [(group, one.id) for one in vocabulary.words for group in one.atc]
        self._atc = [(prefix, one) for one in vocabulary.drug_classes for prefix in one.atc]

    def add(self, codes: Mapping[str, Iterable[str]], meaning: Meaning) -> None:
        """Take in codes, by system, of what an entry of the vocabulary means."""
        for system, prefixes in codes.items():
            for prefix in prefixes:
                key = (CODE_SYSTEMS[system], plain_code(prefix))
                self._means.setdefault(key, []).append(meaning)

    def all(
        self, within: Mapping[str, tuple[str, ...]]
    ) -> Mapping[tuple[str, str], Sequence[Meaning]]:
        """Return every code, by system and plain code, with what it may stand for.

        `within` tells of each class in which others it is.
        """
        found = {key: list(meanings) for key, meanings in self._means.items()}
        for prefix, one in self._atc:
            meaning = Meaning(one.name, (one.id,), concepts=closure([one.id], within))
            found.setdefault((_ATC, prefix), []).append(meaning)
        return found

    def meanings(self, code: Code) -> list[Meaning]:
        """Return what a code stands for; nothing for one that msrisk does not know."""
        plain, system = plain_code(code.code), code.system.strip()
        if system == CODE_SYSTEMS["icd_9_cm"] and not _ICD_9.fullmatch(code.code.strip()):
            return []
        found = list(self._exact_or_prefix(system, plain))
        if system == CODE_SYSTEMS["icd_10"] and not found:
            # Of WHO's ICD-10 only the three-character categories are shared with ICD-10-CM.
            found = list(self._exact_or_prefix(CODE_SYSTEMS["icd_10_cm"], plain[:3]))
        if system == _ATC:
            for prefix, one in self._atc:
                if plain.startswith(prefix):
                    why = f"ATC {code.code} is in {prefix}, {one.name}"
                    member = Membership(one.id, MemberBasis.LABELLED, why)
                    # A drug that is known by its code needs no second name.
                    name, named = ("", ()) if found else (one.name, (one.id,))
                    found.append(Meaning(name, named, members=(member,)))
        return found

    def routes_of(self, system: str, code: str) -> frozenset[str]:
        """Return the route that a code says: some ATC groups are of local treatments only."""
        if system.strip() != _ATC:
            return frozenset()
        plain = plain_code(code)
        return frozenset(route for group, route in self._routes if plain.startswith(group))

    def _exact_or_prefix(self, system: str, plain: str) -> list[Meaning]:
        shortest = 1 if system in _PREFIXED else len(plain)
        for length in range(len(plain), shortest - 1, -1):
            found = self._means.get((system, plain[:length]))
            if found:
                return found
        return []
