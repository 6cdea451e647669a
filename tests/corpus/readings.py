"""How the recognition code reads a fixed set of entries: a line each, kept in the repository.

`python -m tests.corpus.readings` writes the lines anew. What changes in them changes for
patients, and belongs into the changelog with a star.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msrisk
from msrisk.model.concepts import ANYTHING

FILE = Path(__file__).parent / "readings.txt"

_MEDICATIONS = (
    ("metformin", "Synthroid", "hydrocortisone", "Ocrevus", "ibuprofen", "foozumab", "insulin"),
    (
        "{}",
        "{} 500 mg bd",
        "{} 20 MG Oral Tablet",
        "{} cream",
        "{} inhaler",
        "stopped {}",
        "{} until 2019",
        "no {}",
        "no longer on {}",
        "not only {}",
        "mother takes {}",
        "may start {}",
        "perhaps {}",
        "allergic to {}",
        "{} since 2010",
        "1. {} 2. lisinopril",
        "{}, foozumab",
        "{} for diabetes",
        "none except {}",
        "was on steroids, now {}",
        "{} (stopped)",
        "{} sodium 10 mg",
        "take {} with food, refills 2",
    ),
)
_CONDITIONS = (
    ("type 2 diabetes", "MS", "prediabetes", "hepatitis C", "pregnancy", "foo disease"),
    (
        "{}",
        "{} since 2010",
        "no {}",
        "denies {}",
        "history of {}",
        "family history of {}",
        "{}?",
        "possible {}",
        "{}, asthma",
        "{} (disorder)",
        "{} but not asthma",
        "no other conditions than {}",
        "allergic to milk, {}",
        "{}, on insulin",
        "mother: {}",
        "screening for {}",
    ),
)
_ALLERGIES = (
    ("milk", "lactose", "penicillin", "alpha lipoic acid", "foo"),
    ("{}", "{} allergy", "allergic to {}", "no {} allergy", "{} (hives)", "NKDA, {}", "not {}"),
)
_SYMPTOMS = (
    ("hives", "nausea", "throat swelling", "foo"),
    ("{}", "no {}", "{} last week", "mild {}", "{} and itching", "{} before starting", "none"),
)
_SUPPLEMENTS = (
    ("alpha lipoic acid", "ALA", "NAC", "whey protein", "magnesium", "foopowder"),
    (
        "{}",
        "{} 600 mg",
        "{} 300 mg twice a day",
        "stopped {}",
        "thinking about {}",
        "{} and vitamin D",
        "{} or zinc",
        "no {}",
        "takes {}",
    ),
)
_ENTRIES = {
    "medication": _MEDICATIONS,
    "condition": _CONDITIONS,
    "allergy": _ALLERGIES,
    "symptom": _SYMPTOMS,
    "supplement": _SUPPLEMENTS,
}


def readings(ruleset: msrisk.RuleSet) -> Iterator[str]:
    """Yield how each entry of the corpus is read."""
    for kind, (names, shapes) in _ENTRIES.items():
        for text in dict.fromkeys(shape.format(name) for name, shape in product(names, shapes)):
            read = msrisk.recognise(text, kind, ruleset=ruleset)
            possible = "anything" if read.possible is ANYTHING else ", ".join(sorted(read.possible))
            says = {True: "yes", False: "none", None: "neither"}[read.says]
            certain = ", ".join(sorted(read.concepts))
            yield f"{kind} | {text} | {says} | {read.name or '-'} | {certain} | {possible}"


if __name__ == "__main__":
    FILE.write_text("\n".join(readings(msrisk.RuleSet.default())) + "\n", encoding="utf-8")
