"""Malformed intakes by name: the document, and every problem that it must be refused with."""

from __future__ import annotations

from typing import Final

__all__ = ["BAD_INTAKES", "MANY", "MARKER"]

MARKER: Final = "Zebrafink"
"""A word that stands for what a patient said: no message may repeat it."""

MANY: Final = 200_000

_KEYS = (
    "schema, supplements, medications, conditions, allergies, symptoms, age_years, weight_kg, "
    "ms_symptoms_severe, replacing_ms_treatment, denied, not_known"
)
_ONE_KEY = f"expected one of the keys {_KEYS}"
_SUPPLEMENT_KEY = (
    "expected one of the keys name, dose_mg, daily_dose_mg, times_per_day, taking, codes, doubt"
)
_LIST = 'expected a list such as ["one", "two"], or "none", "unknown" or null'
_EMPTY = 'expected at least one entry; or "none" if asked and none, null if not asked'
_DENIED = 'expected a list of names such as ["pregnancy"], or null'
_KEY = 'expected the key of a question, such as ["by name", "pregnancy"]'
_YEARS = "expected a number of years from 0 to 130"
_KILOGRAMS = "expected a number of kilograms from 0.2 to 700"
_MILLIGRAMS = "expected a number of milligrams from 0.001 to 100000"
_TIMES = "expected a number of times from 0.01 to 48"
_OUTSIDE = "got a number outside these bounds"
_VISIBLE = "expected visible characters only, got a control, bidirectional or unassigned character"
_CODES = "expected a list of at least one code, or no codes at all"
_RANGE = "expected a number, or a range of two: low, high"
_YES_NO = 'expected true, false, "unknown" or null'
_NUMBERS = "document: expected numbers as JSON has them, got NaN or Infinity"
_DEEP = "document: expected JSON, got lists or tables nested too deeply"
_NOT_SHOWN = "got 1 key of another name, which is not shown here"


def _json(line: int, column: int) -> str:
    return f"document: expected JSON, got something else at line {line}, column {column}"


BAD_INTAKES: Final[dict[str, tuple[str | bytes, list[str]]]] = {
    # --- Not JSON ---
    "nothing": (b"", [_json(1, 1)]),
    "blank": (b" \n ", [_json(2, 2)]),
    "words": (MARKER.encode(), [_json(1, 1)]),
    "a list that does not end": (f'{{"medications": ["{MARKER}"', [_json(1, 29)]),
    "a text that does not end": (f'{{"medications": ["{MARKER}', [_json(1, 18)]),
    "single quotes": (f"{{'medications': ['{MARKER}']}}", [_json(1, 2)]),
    "two documents": ("{}\n{}", [_json(2, 1)]),
    "a comment": ('{"age_years": 67} // ' + MARKER, [_json(1, 19)]),
    "a line break in a text": (f'{{"medications": ["{MARKER}\n"]}}', [_json(1, 28)]),
    "an unknown escape": (f'{{"medications": ["{MARKER}\\q"]}}', [_json(1, 28)]),
    "a number with a leading zero": ('{"age_years": 067}', [_json(1, 16)]),
    "Latin-1": (
        f'{{"medications": ["{MARKER}\u00fc"]}}'.encode("latin-1"),
        ["document: expected text in UTF-8, got something else at byte 28"],
    ),
    "UTF-16": (
        "{}".encode("utf-16"),
        ["document: expected text in UTF-8, got something else at byte 1"],
    ),
    "a byte-order mark": (
        b"\xef\xbb\xbf{}",
        ["document: expected JSON from the first character, got a byte-order mark"],
    ),
    "a byte-order mark in text": (
        "\ufeff{}",
        ["document: expected JSON from the first character, got a byte-order mark"],
    ),
    # --- Too much ---
    "deep lists": ("[" * 50_000 + "]" * 50_000, [_DEEP]),
    "deep objects": ('{"medications":' * 50_000, [_DEEP]),
    "deep lists in a field": (
        '{"age_years": ' + "[" * 50_000 + "1" + "]" * 50_000 + "}",
        [_DEEP],
    ),
    "a list in lists": (
        '{"medications": [[["a"]]]}',
        ["medications[0]: expected text, or a table with text or codes, got a list"],
    ),
    "many brackets": (
        "[" * MANY,
        ["document: expected at most 100000 commas and opening brackets, got more"],
    ),
    "many objects": (
        '{"medications": [' + "{}," * MANY + "{}]}",
        ["document: expected at most 100000 commas and opening brackets, got more"],
    ),
    "many entries": (
        '{"medications": [' + "3," * 50_000 + "3]}",
        ["medications: expected at most 2000 entries, got 50001"],
    ),
    "many codes": (
        '{"medications": [{"codes": [' + "3," * 50_000 + "3]}]}",
        ["medications[0].codes: expected at most 2000 codes, got 50001"],
    ),
    "a text of ten megabytes": (
        '{"medications": ["' + "x" * 10_000_000 + '"]}',
        ["medications[0]: expected at most 10000 characters, got 10000000"],
    ),
    "a name of ten megabytes": (
        '{"supplements": [{"name": "' + "x" * 10_000_000 + '"}]}',
        ["supplements[0].name: expected at most 10000 characters, got 10000000"],
    ),
    "a key of ten megabytes": (
        '{"' + "x" * 10_000_000 + '": 1}',
        [f"document: {_ONE_KEY}, {_NOT_SHOWN}"],
    ),
    "a number of ten million digits": (
        '{"age_years": ' + "9" * 10_000_000 + "}",
        [f"age_years: {_YEARS}, {_OUTSIDE}"],
    ),
    "fifty megabytes": (
        b" " * 50_000_000 + b"{}",
        ["document: expected at most 16 megabytes, got more"],
    ),
    # --- Not an object ---
    "null": ("null", ["document: expected an object, in braces, got nothing"]),
    "a list": ("[]", ["document: expected an object, in braces, got a list"]),
    "a text": (f'"{MARKER}"', ["document: expected an object, in braces, got text"]),
    "a number": ("67", ["document: expected an object, in braces, got a number"]),
    # --- Keys ---
    "an unknown key": (
        '{"medication": ["a"]}',
        [f"medication: {_ONE_KEY}, got a key of another name"],
    ),
    "a key in other letters": (
        '{"Allergies": "none"}',
        [f"Allergies: {_ONE_KEY}, got a key of another name"],
    ),
    "a patient's words as a key": (
        f'{{"{MARKER} 5 mg": true}}',
        [f"document: {_ONE_KEY}, {_NOT_SHOWN}"],
    ),
    "a bidirectional key": ('{"\\u202eage_years": 3}', [f"document: {_ONE_KEY}, {_NOT_SHOWN}"]),
    "an empty key": ('{"": 3}', [f"document: {_ONE_KEY}, {_NOT_SHOWN}"]),
    "an unknown key of a supplement": (
        '{"supplements": [{"name": "a", "dose": 3}]}',
        [f"supplements[0].dose: {_SUPPLEMENT_KEY}, got a key of another name"],
    ),
    "a patient's words as a key of a supplement": (
        f'{{"supplements": [{{"name": "a", "{MARKER}!": 3}}]}}',
        [f"supplements[0]: {_SUPPLEMENT_KEY}, {_NOT_SHOWN}"],
    ),
    "a key twice": (
        f'{{"age_years": 67, "medications": ["{MARKER}"], "age_years": 30}}',
        ["age_years: expected this key once, got it more than once"],
    ),
    "a key twice, inside": (
        '{"supplements": [{"name": "a", "dose_mg": 3, "dose_mg": 3, "dose_mg": 4}]}',
        ["supplements[0].dose_mg: expected this key once, got it more than once"],
    ),
    "an unknown key twice": (
        '{"colour": 1, "colour": 2}',
        [f"colour: {_ONE_KEY}, got a key of another name"],
    ),
    "another schema": (
        f'{{"schema": "{MARKER}/1"}}',
        ['schema: expected "msrisk-intake/1", or no schema at all, got something else'],
    ),
    "a schema of null": (
        '{"schema": null}',
        ['schema: expected "msrisk-intake/1", or no schema at all, got something else'],
    ),
    # --- Lists ---
    "an empty list": ('{"medications": []}', [f"medications: {_EMPTY}, got an empty list"]),
    "an empty list of entries": (
        '{"medications": {"entries": [], "complete": true}}',
        [f"medications.entries: {_EMPTY}, got an empty list"],
    ),
    "no entries": (
        '{"medications": {"complete": true}}',
        ['medications.entries: expected a list such as ["one", "two"], got nothing'],
    ),
    "entries that are none": (
        '{"medications": {"entries": "none"}}',
        ['medications.entries: expected a list such as ["one", "two"], got text'],
    ),
    "complete in words": (
        '{"medications": {"entries": ["a"], "complete": "yes"}}',
        ["medications.complete: expected true, false or null, got text"],
    ),
    "a text for a list": (f'{{"medications": "{MARKER}"}}', [f"medications: {_LIST}, got text"]),
    "None in capitals": ('{"medications": "None"}', [f"medications: {_LIST}, got text"]),
    "a number for a list": ('{"symptoms": 0}', [f"symptoms: {_LIST}, got a number"]),
    "false for a list": ('{"symptoms": false}', [f"symptoms: {_LIST}, got true or false"]),
    "a number for an entry": (
        '{"symptoms": ["a", 3]}',
        ["symptoms[1]: expected text, or a table with text or codes, got a number"],
    ),
    "null for a supplement": (
        '{"supplements": [null]}',
        ["supplements[0]: expected text, or a table with a name, got nothing"],
    ),
    "an entry of nothing": (
        '{"symptoms": [{}]}',
        ["symptoms[0].text: expected words or a code, got nothing"],
    ),
    "an entry with an empty list of codes": (
        f'{{"symptoms": [{{"text": "{MARKER}", "codes": []}}]}}',
        [f"symptoms[0].codes: {_CODES}, got an empty list"],
    ),
    "codes in one table": (
        '{"symptoms": [{"codes": {"system": "a", "code": "b"}}]}',
        [f"symptoms[0].codes: {_CODES}, got a table"],
    ),
    "a code in text": (
        f'{{"symptoms": [{{"codes": ["{MARKER}"]}}]}}',
        ["symptoms[0].codes[0]: expected a table with system and code, got text"],
    ),
    "half a code": (
        f'{{"symptoms": [{{"codes": [{{"code": "{MARKER}"}}]}}]}}',
        ["symptoms[0].codes[0].system: expected text, got nothing"],
    ),
    "a code as a number": (
        '{"symptoms": [{"codes": [{"system": "a", "code": 3}]}]}',
        ["symptoms[0].codes[0].code: expected text, got a number"],
    ),
    # --- Denied ---
    "none for what was not known": (
        '{"not_known": "none"}',
        ["not_known: expected a list of at most 2000 keys, or null, got text"],
    ),
    "too many keys for what was not known": (
        f'{{"not_known": [{", ".join(["[]"] * 2001)}]}}',
        ["not_known: expected a list of at most 2000 keys, or null, got a list"],
    ),
    "no keys for what was not known": (
        f'{{"not_known": ["{MARKER}", [], ["a", 7], ["a"]]}}',
        [
            f"not_known[0]: {_KEY}, got text",
            f"not_known[1]: {_KEY}, got a list",
            f"not_known[2]: {_KEY}, got a list",
        ],
    ),
    "none for what was denied": ('{"denied": "none"}', [f"denied: {_DENIED}, got text"]),
    "unknown for what was denied": ('{"denied": "unknown"}', [f"denied: {_DENIED}, got text"]),
    "one name for what was denied": (f'{{"denied": "{MARKER}"}}', [f"denied: {_DENIED}, got text"]),
    "a table for what was denied": (
        '{"denied": {"entries": ["a"]}}',
        [f"denied: {_DENIED}, got a table"],
    ),
    "false for what was denied": ('{"denied": false}', [f"denied: {_DENIED}, got true or false"]),
    "an empty list of what was denied": (
        '{"denied": []}',
        ["denied: expected at least one name; or null if nothing was denied, got an empty list"],
    ),
    "many denials": (
        '{"denied": [' + "3," * 50_000 + "3]}",
        ["denied: expected at most 2000 names, got 50001"],
    ),
    "names of what was denied that are none": (
        f'{{"denied": [3, "{MARKER}", {{"text": "a"}}, " ", "{MARKER}\u200b"], "age_years": -1}}',
        [
            f"age_years: {_YEARS}, {_OUTSIDE}",
            "denied[0]: expected text, got a number",
            "denied[2]: expected text, got a table",
            "denied[3]: expected some words, got blank text",
            f"denied[4]: {_VISIBLE}",
        ],
    ),
    # --- Words ---
    "an empty text": ('{"symptoms": [""]}', ["symptoms[0]: expected some words, got blank text"]),
    "a blank text": (
        '{"symptoms": {"entries": [" \\t\\n "]}}',
        ["symptoms.entries[0]: expected some words, got blank text"],
    ),
    "a blank name": (
        '{"supplements": [{"name": "\\u00a0"}]}',
        ["supplements[0].name: expected some words, got blank text"],
    ),
    "no name": (
        '{"supplements": [{"dose_mg": 3}]}',
        ["supplements[0].name: expected text, got nothing"],
    ),
    "a control character": (
        f'{{"symptoms": ["{MARKER}\\u001b[31m"]}}',
        [f"symptoms[0]: {_VISIBLE}"],
    ),
    "a null character": (f'{{"symptoms": ["{MARKER}\\u0000"]}}', [f"symptoms[0]: {_VISIBLE}"]),
    "a bell": (
        f'{{"symptoms": [{{"text": "{MARKER}\\u0007"}}]}}',
        [f"symptoms[0].text: {_VISIBLE}"],
    ),
    "a line break in a code": (
        f'{{"symptoms": [{{"codes": [{{"system": "s", "code": "{MARKER}\\n"}}]}}]}}',
        [f"symptoms[0].codes[0].code: {_VISIBLE}"],
    ),
    "a bidirectional character in the name of a system": (
        f'{{"symptoms": [{{"codes": [{{"system": "{MARKER}\\u202e", "code": "1"}}]}}]}}',
        [f"symptoms[0].codes[0].system: {_VISIBLE}"],
    ),
    "a bidirectional character in what is denied": (
        f'{{"denied": ["{MARKER}\\u202e"]}}',
        [f"denied[0]: {_VISIBLE}"],
    ),
    "a lone surrogate": (f'{{"symptoms": ["{MARKER}\\ud800"]}}', [f"symptoms[0]: {_VISIBLE}"]),
    "a character of nobody": (
        f'{{"supplements": ["{MARKER}\\ue000"]}}',
        [f"supplements[0]: {_VISIBLE}"],
    ),
    "a character that is not assigned": (
        f'{{"supplements": [{{"name": "{MARKER}\\u0378"}}]}}',
        [f"supplements[0].name: {_VISIBLE}"],
    ),
    "nothing but characters that nobody sees": (
        '{"symptoms": ["\\u200b\\n\\u202e\\ufeff"]}',
        ["symptoms[0]: expected some words, got blank text"],
    ),
    # --- Numbers ---
    "NaN": ('{"age_years": NaN}', [_NUMBERS, f"age_years: {_YEARS}, {_OUTSIDE}"]),
    "Infinity": ('{"weight_kg": Infinity}', [_NUMBERS, f"weight_kg: {_KILOGRAMS}, {_OUTSIDE}"]),
    "minus Infinity in a range": (
        '{"age_years": [-Infinity, 3]}',
        [_NUMBERS, f"age_years: {_YEARS}, {_OUTSIDE}"],
    ),
    "NaN where no number belongs": (
        '{"medications": [NaN]}',
        [
            _NUMBERS,
            "medications[0]: expected text, or a table with text or codes, got a number",
        ],
    ),
    "a number that is too large to write": (
        '{"weight_kg": 1e999}',
        [f"weight_kg: {_KILOGRAMS}, {_OUTSIDE}"],
    ),
    "a negative age": ('{"age_years": -1}', [f"age_years: {_YEARS}, {_OUTSIDE}"]),
    "a year of birth": ('{"age_years": 1958}', [f"age_years: {_YEARS}, {_OUTSIDE}"]),
    "a weight of nothing": ('{"weight_kg": 0}', [f"weight_kg: {_KILOGRAMS}, {_OUTSIDE}"]),
    "a weight in grams": ('{"weight_kg": 61500}', [f"weight_kg: {_KILOGRAMS}, {_OUTSIDE}"]),
    "absurd doses": (
        '{"supplements": [{"name": "a", "dose_mg": 0, "daily_dose_mg": 1e9, "times_per_day": 49}]}',
        [
            f"supplements[0].dose_mg: {_MILLIGRAMS}, {_OUTSIDE}",
            f"supplements[0].daily_dose_mg: {_MILLIGRAMS}, {_OUTSIDE}",
            f"supplements[0].times_per_day: {_TIMES}, {_OUTSIDE}",
        ],
    ),
    "a number in quotes": ('{"age_years": "67"}', [f"age_years: {_YEARS}, got text"]),
    "true for a number": ('{"age_years": true}', [f"age_years: {_YEARS}, got true or false"]),
    "a table for a number": ('{"age_years": {"low": 3}}', [f"age_years: {_YEARS}, got a table"]),
    "an empty range": ('{"age_years": []}', [f"age_years: {_RANGE}, got 0 numbers"]),
    "a range of one": ('{"age_years": [67]}', [f"age_years: {_RANGE}, got 1 numbers"]),
    "a range of three": ('{"age_years": [1, 2, 3]}', [f"age_years: {_RANGE}, got 3 numbers"]),
    "a range without an end": ('{"age_years": [66, null]}', [f"age_years: {_YEARS}, got nothing"]),
    "a range from high to low": (
        '{"supplements": [{"name": "a", "dose_mg": [600, 300]}]}',
        ["supplements[0].dose_mg: expected a range from low to high, got high before low"],
    ),
    "an unknown dose": (
        '{"supplements": [{"name": "a", "dose_mg": "unknown"}]}',
        [f"supplements[0].dose_mg: {_MILLIGRAMS}, got text"],
    ),
    # --- Yes and no ---
    "yes in words": (
        '{"ms_symptoms_severe": "yes"}',
        [f"ms_symptoms_severe: {_YES_NO}, got text"],
    ),
    "one for yes": (
        '{"replacing_ms_treatment": 1}',
        [f"replacing_ms_treatment: {_YES_NO}, got a number"],
    ),
    "taking in words": (
        f'{{"supplements": [{{"name": "a", "taking": "{MARKER}"}}]}}',
        ["supplements[0].taking: expected true, false or null, got text"],
    ),
}
