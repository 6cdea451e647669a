"""Rows made by chance of plain names, with everything that a frame can have wrong."""

from __future__ import annotations

import math
import random

import polars as pl

from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, YES_NO_FIELDS
from msrisk.model.rules import RuleSet
from tests.cohort.frames import table
from tests.cohort.rows import Row, empty_row, told_columns

WORDS = {
    "supplements": [
        "alpha lipoic acid", "ALA", "alpha lipoic acid 900 mg twice a day", "R-lipoic acid 300 mg",
        "NAC 600 mg", "Immunocal", "vitamin D", "zinc", "foopowder", "no ALA", "stopped NAC",
        "ALA and NAC", "metformin", "none", '{"name":"ALA","dose_mg":[600,700],"times_per_day":2}',
        "alpha lipoic acid for diabetes",
    ],
    "medications": [
        "Synthroid 50 mcg", "Ocrevus", "metformin", "insulin", "prednisone 10 mg", "foozumab",
        "thioctic acid 600 mg", "hydrocortisone cream", "stopped tacrolimus", "warfarin",
        "http://www.whocc.no/atc|L04AG08", "http://www.whocc.no/atc|H03AA01|levothyroxine",
        "http://nowhere.example|1", "a | b", "iron", "none",
        '{"text":"tacrolimus","doubt":"the order was stopped"}',
        '{"codes":[{"system":"http://www.whocc.no/atc","code":"H03AA01"}],"doubt":"it ended"}',
    ],
    "conditions": [
        "MS", "type 2 diabetes", "liver disease", "asthma", "mother had diabetes", "qwrtzl",
        "milk allergy", "pregnant", "http://hl7.org/fhir/sid/icd-10-cm|E11.9", "short of breath",
        "kidney disease", "none",
    ],
    "allergies": [
        "milk", "whey", "penicillin", "alpha lipoic acid", "no known food allergies",
        "no known drug allergies", "NAC", "lactose intolerance", "none",
    ],
    "symptoms": [
        "nausea", "hives", "short of breath", "itching", "tired", "low blood sugar",
        "none",
    ],
    "denied": [
        "diabetes", "pregnancy", "milk protein", "liver-disease", "nausea",
        "glucose-lowering-medication",
        "kidney disease", "multiple sclerosis",
    ],
}  # fmt: skip


def patients(number: int, chance: random.Random) -> list[Row]:
    """Return so many rows for the shipped rules; a third of them tells everything."""
    return [_row(chance, known=at % 3 == 0) for at in range(number)]


def _row(chance: random.Random, *, known: bool) -> Row:
    row = empty_row(RuleSet.default())
    for name in LIST_FIELDS:
        sizes = [1, 2] if known else [-1, 0, 1, 1, 2, 3]
        size = chance.choice(sizes)
        row[name] = None if size < 0 else [chance.choice(WORDS[name]) for _ in range(size)]
        row[f"{name}_complete"] = True if known else chance.choice([None, True, False])
        if known and name != "supplements" and chance.random() < 0.5:
            row[name] = ["none"]
    row["age_years"] = chance.choice([17.0, 18.0, 40.0, 64.0, 65.0, 67.5, None, math.nan, -3.0])
    row["weight_kg"] = chance.choice([45.0, 50.0, 70.0, None, math.inf])
    if chance.random() < 0.2:
        row["age_years_to"] = chance.choice([18.0, 66.0, 90.0, math.nan])
    for name in NUMBER_FIELDS if known else ():
        row[name], row[f"{name}_to"] = 50.0, chance.choice([None, 50.0, 55.5])
    for name in YES_NO_FIELDS:
        row[name] = chance.choice([True, False] if known else [None, True, False])
    if chance.random() < 0.4:
        row["denied"] = [chance.choice(WORDS["denied"]) for _ in range(chance.randint(0, 3))]
    listed = " ".join(row["supplements"] or ())
    for substance, word in (("alpha-lipoic-acid", "ALA"), ("n-acetylcysteine", "NAC")):
        if listed == word and chance.random() < 0.7:
            columns = told_columns(substance)
            row[columns["dose_mg"]] = chance.choice([None, 100.0, 600.0, math.nan])
            row[columns["daily_dose_mg"]] = chance.choice([None, 600.0, 1800.0])
            row[columns["times_per_day"]] = chance.choice([None, 1.0, 2.0])
            row[columns["taking"]] = chance.choice([None, True, False])
    return row


def plain(number: int) -> pl.DataFrame:
    """Return patients whose values a profile takes, so that no row is set aside."""
    rows = patients(number, random.Random(3))  # noqa: S311  # made-up patients are no secret
    for row in rows:
        row["age_years"] = 50.0
        row.update(dict.fromkeys(("weight_kg", "weight_kg_to", "age_years_to")))
        row["denied"] = None
        row |= {name: None for name in row if name.startswith("dose_mg_of")}
    return table(rows, RuleSet.default())
