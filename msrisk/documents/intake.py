"""Reads an intake document as a profile and writes it back."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar, cast

from msrisk.errors import IntakeError, Problem
from msrisk.model.checks import Checks, Range, kind_of
from msrisk.model.profile import (
    FIELDS,
    LIST_FIELDS,
    MOST_ENTRIES,
    NONE_REPORTED,
    NUMBER_FIELDS,
    Code,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)

__all__ = [
    "INTAKE_SCHEMA",
    "MOST_BYTES",
    "begun_from_json",
    "profile_from_document",
    "profile_from_json",
    "profile_to_document",
]

INTAKE_SCHEMA: Final = "msrisk-intake/1"
"""What `schema` holds in an intake document."""

MOST_BYTES: Final = 16_000_000
"""Length above which a document is refused unread."""

# Commas and opening brackets: what the time to read a document grows with.
_MOST_PARTS: Final = 100_000
_MOST_DIGITS: Final = 400
_MOST_KEYS_SHOWN: Final = 20
# A key is given from outside and may hold what a patient said: only what looks like the
# name of a field is shown.
_FIELD_LIKE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")

_EMPTY: Final = 'at least one entry; or "none" if asked and none, null if not asked'
_NONE: Final = "none"
_UNKNOWN: Final = "unknown"
_ENTRY_KEYS: Final = ("text", "codes", "doubt")
_CODE_KEYS: Final = ("system", "code")
_DOSE_KEYS: Final = ("dose_mg", "daily_dose_mg", "times_per_day")
_SUPPLEMENT_KEYS: Final = ("name", *_DOSE_KEYS, "taking", "codes", "doubt")

T = TypeVar("T")


class _Table(dict[str, object]):
    """A JSON object that remembers which of its keys came more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.repeated: set[str] = set()
        if len(self) < len(pairs):
            for key, _ in pairs:
                (self.repeated if key in seen else seen).add(key)


def profile_from_json(text: str | bytes) -> PatientProfile:
    """Read an intake document from JSON text, or from its bytes in UTF-8.

    Raises:
        IntakeError: with every problem, by field; never with a patient's values.

    """
    checks = Checks()
    return _profile(checks, _parsed(checks, text))


def profile_from_document(document: object) -> PatientProfile:
    """Read an intake document that is already in JSON types.

    Raises:
        IntakeError: with every problem, by field; never with a patient's values.

    """
    return _profile(Checks(), document)


def begun_from_json(text: str | bytes) -> tuple[PatientProfile, tuple[tuple[str, ...], ...]]:
    """Read an intake document for a form that goes on with it.

    Returns:
        the profile, and by the keys of a form what was asked and not known: a profile tells
        nothing of that, and nobody is to be asked twice.

    Raises:
        IntakeError: with every problem, by field; never with a patient's values.

    """
    checks = Checks()
    document = _parsed(checks, text)
    profile = _profile(checks, document)
    given = document.get("not_known") if isinstance(document, dict) else None
    return profile, _not_known(checks, given)


def profile_to_document(
    profile: PatientProfile, not_known: Iterable[Sequence[str]] = ()
) -> dict[str, object]:
    """Return the intake document that reads as this profile.

    Args:
        profile: the profile.
        not_known: the keys of what was asked and not known, as `begun_from_json` returns them.

    """
    document: dict[str, object] = {"schema": INTAKE_SCHEMA}
    for name in FIELDS:
        value = getattr(profile, name)
        if name in profile.asked_unknown:
            document[name] = _UNKNOWN
        elif isinstance(value, NoneReported):
            document[name] = _NONE
        elif isinstance(value, Entries):
            entries = [item_to_document(item) for item in value.items]
            document[name] = entries if value.complete else {"entries": entries, "complete": False}
        else:
            document[name] = _plain(value)
    document["denied"] = _plain(profile.denied)
    keys = [list(key) for key in not_known]
    return document | ({"not_known": keys} if keys else {})


def item_to_document(item: Entry | Supplement) -> object:
    """Return an entry as it stands in the list of an intake document."""
    keys = _SUPPLEMENT_KEYS if isinstance(item, Supplement) else _ENTRY_KEYS
    parts = {key: _plain(getattr(item, key)) for key in keys}
    parts["codes"] = [{"system": c.system, "code": c.code} for c in item.codes] or None
    given = {key: value for key, value in parts.items() if value is not None}
    return item.text if list(given.values()) == [item.text] else given


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _parsed(checks: Checks, text: str | bytes) -> object:
    """Turn JSON text into JSON types, or refuse it with the place where it is no JSON."""
    if not isinstance(text, str | bytes):
        raise _refusal("JSON as text or bytes", kind_of(text))
    if len(text) > MOST_BYTES:
        raise _refusal(f"at most {MOST_BYTES // 1_000_000} megabytes", "more")
    string = text if isinstance(text, str) else _decoded(text)
    if string.startswith("\ufeff"):
        raise _refusal("JSON from the first character", "a byte-order mark")
    if sum(map(string.count, ",[{")) > _MOST_PARTS:
        raise _refusal(f"at most {_MOST_PARTS} commas and opening brackets", "more")
    constants: list[str] = []

    def constant(name: str) -> float:
        constants.append(name)
        return math.nan

    # Numbers too long or too large become infinite: no field takes one, so each is
    # reported at the field where it stands.
    try:
        document: object = json.loads(
            string, object_pairs_hook=_Table, parse_constant=constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        got = f"something else at line {error.lineno}, column {error.colno}"
    except RecursionError:
        got = "lists or tables nested too deeply"
    else:
        if constants:
            checks.note("document", "numbers as JSON has them", "NaN or Infinity")
        return document
    # Raised here, not above, so that the error does not carry the document as its context.
    raise _refusal("JSON", got)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + 1
    raise _refusal("text in UTF-8", f"something else at byte {at}")


def _refusal(expected: str, got: str) -> IntakeError:
    return IntakeError([Problem("document", expected, got)])


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _profile(checks: Checks, document: object) -> PatientProfile:
    table = _table(checks, "", document, ("schema", *FIELDS, "denied", "not_known"))
    if "schema" in table and not _is(table["schema"], INTAKE_SCHEMA):
        checks.note("schema", f'"{INTAKE_SCHEMA}", or no schema at all', "something else")
    given: dict[str, Any] = {"asked_unknown": []}
    for name in FIELDS:
        value = table.get(name)
        if _is(value, _UNKNOWN):
            given["asked_unknown"].append(name)
        elif name == "supplements":
            given[name] = _entries(checks, name, value, _supplement)
        elif name in LIST_FIELDS:
            given[name] = _entries(checks, name, value, _entry)
        elif name in NUMBER_FIELDS:
            given[name] = checks.range(name, value)
        else:
            given[name] = _yes_no(checks, name, value, 'true, false, "unknown" or null')
    given["denied"] = _denied(checks, table.get("denied"))
    _not_known(checks, table.get("not_known"))
    checks.raise_any(IntakeError)
    return PatientProfile(**given)


def _entries(
    checks: Checks, where: str, value: object, read: Callable[[Checks, str, object], T | None]
) -> Entries[T] | NoneReported | None:
    if value is None:
        return None
    if _is(value, _NONE):
        return NONE_REPORTED
    complete, expected = True, 'a list such as ["one", "two"], or "none", "unknown" or null'
    if isinstance(value, dict):
        table = _table(checks, where, value, ("entries", "complete"))
        told = _yes_no(checks, f"{where}.complete", table.get("complete"), "true, false or null")
        complete, expected = bool(told), 'a list such as ["one", "two"]'
        where, value = f"{where}.entries", table.get("entries")
    if not isinstance(value, list):
        checks.note(where, expected, kind_of(value))
    elif not value:
        checks.note(where, _EMPTY, "an empty list")
    elif len(value) > MOST_ENTRIES:
        checks.note(where, f"at most {MOST_ENTRIES} entries", f"{len(value)}")
    else:
        items = [read(checks, f"{where}[{i}]", item) for i, item in enumerate(value)]
        read_items = tuple(item for item in items if item is not None)
        # Where one entry has a problem, no profile is built: the rest is not used.
        return Entries(read_items, complete) if len(read_items) == len(items) else None
    return None


def _denied(checks: Checks, value: object) -> list[str] | None:
    """Read what was asked for by name and denied: "none" and "unknown" would deny nothing."""
    if value is None:
        return None
    if not isinstance(value, list):
        checks.note("denied", 'a list of names such as ["pregnancy"], or null', kind_of(value))
    elif not value:
        expected = "at least one name; or null if nothing was denied"
        checks.note("denied", expected, "an empty list")
    elif len(value) > MOST_ENTRIES:
        checks.note("denied", f"at most {MOST_ENTRIES} names", f"{len(value)}")
    else:
        return [checks.text(f"denied[{i}]", name) for i, name in enumerate(value)]
    return None


def _not_known(checks: Checks, value: object) -> tuple[tuple[str, ...], ...]:
    """Read what was asked and not known: keys of a form, each a list of text."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        checks.note("not_known", f"a list of at most {MOST_ENTRIES} keys, or null", kind_of(value))
        return ()
    keys = []
    for place, key in enumerate(value):
        if isinstance(key, list) and all(isinstance(part, str) for part in key) and key:
            keys.append(tuple(map(str, key)))
        else:
            expected = 'the key of a question, such as ["by name", "pregnancy"]'
            checks.note(f"not_known[{place}]", expected, kind_of(key))
    return tuple(keys)


def _supplement(checks: Checks, where: str, value: object) -> Supplement | None:
    if isinstance(value, str):
        return _worded(checks, where, value, Supplement)
    if not isinstance(value, dict):
        checks.note(where, "text, or a table with a name", kind_of(value))
        return None
    table = _table(checks, where, value, _SUPPLEMENT_KEYS)
    taking = _yes_no(checks, f"{where}.taking", table.get("taking"), "true, false or null")
    doses = {key: cast("Range | None", table.get(key)) for key in _DOSE_KEYS}
    name, codes = cast(str, table.get("name")), _codes(checks, where, table)
    if codes is None:
        return None
    doubt = cast("str | None", table.get("doubt"))
    return checks.inside(
        where, lambda: Supplement(name, **doses, taking=taking, codes=codes, doubt=doubt)
    )


def _entry(checks: Checks, where: str, value: object) -> Entry | None:
    if isinstance(value, str):
        return _worded(checks, where, value, Entry)
    if not isinstance(value, dict):
        checks.note(where, "text, or a table with text or codes", kind_of(value))
        return None
    table = _table(checks, where, value, _ENTRY_KEYS)
    codes = _codes(checks, where, table)
    if codes is None:
        return None
    text, doubt = (cast("str | None", table.get(key)) for key in ("text", "doubt"))
    return checks.inside(where, lambda: Entry(text, codes, doubt))


def _codes(checks: Checks, where: str, table: dict[str, object]) -> tuple[Code, ...] | None:
    """Read the codes of an entry; None if something is wrong with them."""
    given = table.get("codes")
    if given is not None and not (isinstance(given, list) and given):
        got = "an empty list" if given == [] else kind_of(given)
        checks.note(f"{where}.codes", "a list of at least one code, or no codes at all", got)
        return None
    if given and len(given) > MOST_ENTRIES:
        checks.note(f"{where}.codes", f"at most {MOST_ENTRIES} codes", f"{len(given)}")
        return None
    codes = [_code(checks, f"{where}.codes[{i}]", c) for i, c in enumerate(given or ())]
    read = tuple(code for code in codes if code is not None)
    return read if len(read) == len(codes) else None


def _code(checks: Checks, where: str, value: object) -> Code | None:
    if not isinstance(value, dict):
        checks.note(where, "a table with system and code", kind_of(value))
        return None
    table = _table(checks, where, value, _CODE_KEYS)
    system, code = (cast(str, table.get(key)) for key in _CODE_KEYS)
    return checks.inside(where, lambda: Code(system, code))


def _worded(checks: Checks, where: str, value: str, type_: Callable[[str], T]) -> T | None:
    before = len(checks.problems)
    checks.entry(where, value)
    return type_(value) if len(checks.problems) == before else None


def _yes_no(checks: Checks, where: str, value: object, expected: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    checks.note(where, expected, kind_of(value))
    return None


def _table(checks: Checks, where: str, value: object, keys: tuple[str, ...]) -> dict[str, object]:
    """Check that a value is a JSON object with no key but these, and each of them once."""
    if not isinstance(value, dict):
        checks.note(where or "document", "an object, in braces", kind_of(value))
        return {}
    prefix = f"{where}." if where else ""
    for key in keys:
        if key in getattr(value, "repeated", ()):
            checks.note(f"{prefix}{key}", "this key once", "it more than once")
    expected = f"one of the keys {', '.join(keys)}"
    others = [key for key in value if key not in keys]
    shown = [k for k in others if isinstance(k, str) and _FIELD_LIKE.fullmatch(k)]
    for key in shown[:_MOST_KEYS_SHOWN]:
        checks.note(f"{prefix}{key}", expected, "a key of another name")
    hidden = len(others) - len(shown[:_MOST_KEYS_SHOWN])
    if hidden:
        keys_ = "key of another name, which is" if hidden == 1 else "keys of other names, which are"
        checks.note(where or "document", expected, f"{hidden} {keys_} not shown here")
    return value


def _is(value: object, word: str) -> bool:
    # Not `==` alone: a value from outside may answer `==` with something else than a bool.
    return isinstance(value, str) and value == word
