"""Recognises the entries of a profile, and keeps in memory what it recognised.

Forms and records tell the same entries again and again. So what an entry was recognised as is
kept, and what the entries of a list say together; never what rules made of them. Both are kept
in the memory of the process, with the words of the patient, up to a number of entries; and so is
what others recognise in bulk, each in a `Memory` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from msrisk.evaluation.marking import Told
from msrisk.evaluation.patients import Patient
from msrisk.evaluation.planning import Plan
from msrisk.model.concepts import Recognition
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import (
    LIST_FIELDS,
    NUMBER_FIELDS,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.rules import RuleSet
from msrisk.recognition import fact_of, facts_together, recognise_denied, recognise_entry

__all__ = [
    "KEPT",
    "Memory",
    "facts_of_profile",
    "keep",
    "kept",
    "patient_of_profile",
    "recognition_of",
]

KEPT: Final = 5_000
"""How many entries are kept unless somebody says otherwise."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
List = Entries[Entry] | Entries[Supplement] | NoneReported | None


def patient_of_profile(profile: PatientProfile, plan: Plan) -> Patient:
    """Return a patient, every entry of whom is recognised.

    Raises:
        ProfileError: if a name that was denied is not known or may mean several things.

    """
    denied = recognise_denied(profile.denied, plan.ruleset) if profile.denied else ()
    read, number = _kept.list, _kept.number
    lists = {name: read(plan, name, getattr(profile, name)) for name in LIST_FIELDS}
    numbers = [number(plan, name, getattr(profile, name)) for name in NUMBER_FIELDS]
    return Patient(plan, profile, lists, denied, numbers)


def facts_of_profile(profile: PatientProfile, plan: Plan) -> Facts:
    """Return the facts of a profile, as `recognise_profile` does.

    Raises:
        ProfileError: if a name that was denied is not known or may mean several things.

    """
    patient = patient_of_profile(profile, plan)
    told = {name: patient.lists[name].facts for name in LIST_FIELDS}
    return Facts(profile, told, patient.denied)


def recognition_of(entry: Entry | Supplement, kind: str, ruleset: RuleSet) -> Recognition:
    """Return what an entry certainly and possibly is, without names that look alike."""
    return _kept.recognition(entry, kind, ruleset)


class _Kept:
    """Reads entries, lists and numbers, and keeps the last of them."""

    def __init__(self, entries: int) -> None:
        self.entry = lru_cache(entries)(self._entry)
        self.list = lru_cache(entries)(self._list)
        self.number = lru_cache(entries)(Plan.number)
        self.recognition = lru_cache(entries)(self._recognition)

    @staticmethod
    def _entry(plan: Plan, field: str, item: Entry | Supplement) -> Fact:
        return fact_of(field, item, plan.ruleset)

    @staticmethod
    def _recognition(entry: Entry | Supplement, kind: str, ruleset: RuleSet) -> Recognition:
        return recognise_entry(entry, kind, ruleset, suggest=False)

    def _list(self, plan: Plan, field: str, value: List) -> Told:
        items = value.items if isinstance(value, Entries) else ()
        established = value.complete if isinstance(value, Entries) else value is not None
        found = [self.entry(plan, field, item) for item in items]
        facts = facts_together(field, found, plan.ruleset)
        return plan.tests.told(field, facts, established=established)


class Memory(Generic[Key, Value]):
    """What was made of many entries at once, under the same `keep` as all else.

    Args:
        times: how many times as many of them are kept as of the entries of single patients.

    """

    def __init__(self, times: int) -> None:
        self._times = times
        self.forget(KEPT)
        _memories.append(self)

    def forget(self, entries: int) -> None:
        """Forget everything, and keep so many times `times` from now on."""
        self._most = entries * self._times
        self._held: dict[Key, Value] = {}

    def each(
        self, keys: Iterable[Key], make: Callable[[Sequence[Key]], Iterable[Value]]
    ) -> dict[Key, Value]:
        """Return what is made of each key; `make` is asked once, for those that are not held."""
        held = self._held
        wanted = dict.fromkeys(keys)
        new = [key for key in wanted if key not in held]
        made = dict(zip(new, make(new), strict=True)) if new else {}
        if made:
            # Another mapping, and not the same one changed: other threads may read that.
            both = {**held, **made}
            self._held = dict(islice(both.items(), max(0, len(both) - self._most), None))
        return {key: made[key] if key in made else held[key] for key in wanted}

    def __len__(self) -> int:
        """Return how many are held."""
        return len(self._held)


_memories: Final[list[Memory[Any, Any]]] = []
_kept = _Kept(KEPT)


def kept() -> int:
    """Return how many entries, lists and numbers are in memory."""
    each = (_kept.entry, _kept.list, _kept.number, _kept.recognition)
    return sum(one.cache_info().currsize for one in each) + sum(map(len, _memories))


def keep(entries: int) -> None:
    """Keep up to so many recognised entries and lists in memory, and forget what was kept.

    With 0 nothing of a patient stays when an assessment is done.
    """
    global _kept  # noqa: PLW0603  # one for the process, as it is its memory
    _kept = _Kept(entries)
    for memory in _memories:
        memory.forget(entries)
