"""Makes a table of patients by chance, to try `msrisk screen` on: 100,000 in a second.

    python examples/many_patients.py 100000 patients.parquet

Nobody in it is real. A tenth of the lists was not asked for, names are written as exports have
them, and some are misspelt.
"""

from __future__ import annotations

import random
import sys

import polars as pl

SUPPLEMENTS = [
    ["alpha lipoic acid 600 mg"],
    ["ALA 300 mg twice a day", "vitamin D 1000 IU"],
    ["R-lipoic acid"],
    ["NAC 600 mg"],
    ["Immunocal"],
    ["glutathione precursor"],
    ["vitamin D"],
    ["turmeric capsules", "zinc"],
    ["none"],
]
MEDICATIONS = [
    "Ocrevus", "Tecfidera 240 mg", "Copaxone", "Gilenya", "Kesimpta", "Mavenclad", "Aubagio",
    "Synthroid 50 mcg", "levothyroxine 75 mcg", "metformin 500 mg BD", "Lantus", "prednisone 10 mg",
    "baclofen", "gabapentin 300 mg", "sertraline", "warfarin", "lisinopril", "atorvastatin 20 mg",
    "vitamin B12", "the little white one", "amlodpine",
]  # fmt: skip
CONDITIONS = [
    "MS", "relapsing remitting MS", "type 2 diabetes", "hypothyroidism", "asthma", "hypertension",
    "migraine", "depression", "fatty liver", "kidney stones", "http://hl7.org/fhir/sid/icd-10-cm|E11.9",
]  # fmt: skip
ALLERGIES = ["penicillin", "milk", "whey", "nuts", "no known food allergies", "pollen"]
SYMPTOMS = ["nausea", "itching", "rash", "tired", "tingling", "short of breath"]


def patients(number: int, seed: int = 1) -> pl.DataFrame:
    """Return a table of so many patients; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # made-up patients are no secret

    def some(entries: list[str], most: int) -> list[str] | None:
        size = chance.randint(-1, most)
        return None if size < 0 else chance.sample(entries, size) or ["none"]

    rows = [
        {
            "patient": f"P{at:07}",
            "supplements": chance.choice(SUPPLEMENTS) if chance.random() < 0.9 else None,
            "medications": some(MEDICATIONS, 5),
            "conditions": some(CONDITIONS, 3),
            "allergies": some(ALLERGIES, 2),
            "symptoms": some(SYMPTOMS, 1),
            "age_years": None if chance.random() < 0.1 else chance.randint(17, 90),
            "weight_kg": None if chance.random() < 0.5 else chance.randint(40, 120),
            "replacing_ms_treatment": chance.choice([None, False, False, True]),
        }
        for at in range(1, number + 1)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


if __name__ == "__main__":
    patients(int(sys.argv[1])).write_parquet(sys.argv[2])
