"""What is said of a rule file that is not TOML: the line, and the cause where it is certain."""

from __future__ import annotations

import tomllib

import pytest

from msrisk.loading.notation import why_not_toml


def said_of(text: str) -> str:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    return str(why_not_toml("a.toml", text, caught.value))


STRAIGHT = 'straight quotation marks, as in "text"'
CLOSE = "a quotation mark at the end of the text"
VALUE = "a text in quotation marks, a number, true, false, a list or a table"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("m = “x”\n", "line 1: `m = “x”`", f"{STRAIGHT}, got the curly one “"),
        ("“m” = 1\n", "line 1: `“m” = 1`", f"{STRAIGHT}, got the curly one “"),
        (
            'a = 1\nm = "x”\n',
            'line 2: `m = "x”`',
            'a straight quotation mark (") at the end of the text, got the curly one ”',
        ),
        (
            'm = ["x”, ]\n',
            'line 1: `m = ["x”, ]`',
            'a straight quotation mark (") at the end of the text, got the curly one ”',
        ),
        ('a = 1\nm = "x\nb = 2\n', 'line 2: `m = "x`', f"{CLOSE}, got none"),
        ('a = 1\r\nm = "x\r\nb = 2\r\n', 'line 2: `m = "x`', f"{CLOSE}, got none"),
        (
            "a = 1\nm = 'x\nb = 2\n\n",
            "line 3: `b = 2`",
            f"{CLOSE} that begins here or further up, got none",
        ),
        ('m = "x', 'line 1: `m = "x`', f"{CLOSE} that begins here or further up, got none"),
        (
            "a = 1\nvalue = 65,5\n",
            "line 2: `value = 65,5`",
            "a number with a point, 65.5, got one with a comma",
        ),
        (
            'a = [\n  "x",\n  "y"\n  "z",\n]\n',
            'line 4: `"z",`',
            "a comma, the closing ] or a quotation mark, here or in the line before, got none",
        ),
        (
            "a = [1\n\n",
            "line 1: `a = [1`",
            "a comma, the closing ] or a quotation mark, here or in the line before, got none",
        ),
        (
            "a = { b = 1 c = 2 }\n",
            "line 1: `a = { b = 1 c = 2 }`",
            "a comma, the closing } or a quotation mark, here or in the line before, got none",
        ),
        ("a = yes\n", "line 1: `a = yes`", f"{VALUE}, got something else"),
        ("a =\n", "line 1: `a =`", f"{VALUE}, got nothing"),
        (
            "a = 1 2\n",
            "line 1: `a = 1 2`",
            "the end of the line behind a value, got something more",
        ),
        (
            "a = 1,x\n",
            "line 1: `a = 1,x`",
            "the end of the line behind a value, got something more",
        ),
        ("a 1\n", "line 1: `a 1`", "a key, = and a value, got something else"),
        ("broken\n\n\n", "line 1: `broken`", "a key, = and a value, got nothing"),
        (
            "a = 1\na = 2\n",
            "line 2: `a = 2`",
            "each key once in a table, got one for the second time",
        ),
        (
            "a = { b = 1, b = 2 }\n",
            "line 1: `a = { b = 1, b = 2 }`",
            "each key once in a table, got one for the second time",
        ),
        ("[[a]\n", "line 1: `[[a]`", "TOML, got something else at column 4"),
    ],
)
def test_the_line_and_the_cause_are_named(text: str, line: str, expected: str) -> None:
    assert said_of(text) == f"a.toml: {line}: expected {expected}"


def test_a_long_line_is_cut_and_what_cannot_be_seen_is_left_out() -> None:
    said = said_of(f'm = "{"word " * 20}\n')
    assert said.startswith(f'a.toml: line 1: `m = "{("word " * 11).rstrip()}…`: ')
    assert said_of("m = \u202e\x1b[31m\n").startswith("a.toml: line 1: `m =   [31m`: ")


def test_a_place_beyond_the_last_line_is_no_failure() -> None:
    error = tomllib.TOMLDecodeError("Invalid statement (at line 3, column 1)")
    said = "a.toml: line 3: ``: expected TOML, got something else at column 1"
    assert str(why_not_toml("a.toml", "", error)) == said
