"""What `msrisk ask` and the page say that an answer was understood as."""

from __future__ import annotations

import pytest

import msrisk
from msrisk.asking.echo import understood

SHIPPED = msrisk.RuleSet.default()
THYROID = "levothyroxine (other medication that shifts blood sugar, thyroid medication)"
DOUBT = "said to be doubtful: neither a yes nor a no"


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("medication", "Synthroid 50 mcg", THYROID),
        ("medication", "no medicines", "that there is no medication"),
        ("supplement", "ALA 600 mg", "nothing for certain; it speaks of ALA (ALA is the"),
        # Of what is understood in part, that part, and why the rest is open.
        ("medication", "Synthroid and foozumab", f"{THYROID}; the rest is open (not understood: “"),
        ("supplement", "NAC and ALA", "N-acetylcysteine (glutathione precursor); the rest is open"),
        ("condition", "type 2 diabetes, maybe lupus", f"(diabetes); the rest is open ({DOUBT})"),
        # What is neither a yes nor a no is never said as if it were a yes.
        ("medication", "stopped tacrolimus", "nothing for certain; it speaks of tacrolimus (said"),
        ("condition", "mother had diabetes", "nothing for certain; it speaks of diabetes (said to"),
        ("medication", "foozumab", "nothing for certain (not understood: “foozumab”)"),
    ],
)
def test_an_answer_is_said_back_with_what_is_certain_of_it_and_what_is_open(
    kind: str, typed: str, said: str
) -> None:
    assert said in understood(msrisk.recognise(typed, kind), SHIPPED)
