"""Sixty made-up but ordinary patients with MS, as the intake documents of a form.

Ordinary means: what such people commonly take, have and notice, in the words in which they
type it, and forms that are filled in as forms are. The shares are dealt out exactly, like a
pack of cards, so that another seed shuffles who has what and not how many have it. The
numbers stand in the tables below; they are a pharmacist's estimate, not a survey.

- 36 take or think of taking alpha lipoic acid, 16 a glutathione product, 8 both.
- 24 forms are full, 12 are sparse (supplements, part of the medicines and the age), and in
  the 24 between each further field is left out by one in three.
- 28 have started the supplement, 14 think of it, and 18 do not say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

__all__ = ["PATIENTS", "SEED", "patients"]

T = TypeVar("T")
Intake = dict[str, Any]

PATIENTS: Final = 60
SEED: Final = 1

_ALPHA: Final = (
    "alpha lipoic acid",
    "alpha-lipoic acid 600 mg",
    "Alpha Lipoic Acid (ALA)",
    "R-lipoic acid",
    "lipoic acid capsules",
    "thioctic acid",
)
_GLUTATHIONE: Final = (
    "glutathione",
    "liposomal glutathione",
    "Immunocal",
    "N-acetylcysteine",
    "undenatured whey protein isolate",
    "NAC 600 mg",
)
# Milligrams at a time and times a day, as labels and the trials in MS have them.
_DOSES: Final = ((600, 1), (600, 2), (300, 2), (1200, 1), (600, 1), (300, 1), (400, 3))

# One entry a patient; None: no treatment for MS at present.
_MS_MEDICINES: Final = (
    ("Ocrevus every 6 months", 5),
    ("ocrelizumab infusion", 3),
    ("Kesimpta", 4),
    ("Tysabri every 4 weeks", 4),
    ("Tecfidera 240 mg twice a day", 4),
    ("dimethyl fumarate 240 mg bd", 2),
    ("Vumerity 462 mg twice a day", 1),
    ("Gilenya 0.5 mg", 3),
    ("Aubagio 14 mg", 2),
    ("teriflunomide", 2),
    ("Mavenclad", 2),
    ("Mayzent 2 mg", 1),
    ("rituximab every 6 months", 2),
    ("Briumvi", 1),
    ("Copaxone 40 mg three times a week", 4),
    ("Avonex weekly", 2),
    ("Rebif 44", 1),
    ("Plegridy", 1),
    (None, 16),
)
# What is typed in one or two ways, by how many of the sixty, and the illness that goes with it.
_OTHER_MEDICINES: Final[tuple[tuple[tuple[str, ...], int, str | None], ...]] = (
    (("baclofen 10 mg three times a day", "Baclofen"), 10, None),
    (("Lyrica 75 mg twice a day", "pregabalin 150mg bd"), 9, None),
    (("gabapentin 300 mg three times a day",), 7, None),
    (("sertraline 50 mg", "Zoloft 100 mg"), 8, "depression"),
    (("atorvastatin 20 mg at night", "Lipitor 40mg"), 7, "high cholesterol"),
    (("omeprazole 20 mg",), 6, "reflux"),
    (("Solu-Medrol 1 g for 3 days", "methylprednisolone"), 5, None),
    (("duloxetine 60 mg once daily", "Cymbalta 30 mg"), 5, None),
    (("salbutamol inhaler when needed", "Ventolin"), 5, "asthma"),
    (("levothyroxine 75 mcg", "Synthroid 50 mcg"), 5, "underactive thyroid"),
    (("amitriptyline 10 mg at night",), 5, None),
    (("Tylenol as needed", "paracetamol"), 5, None),
    (("losartan 50 mg",), 4, "high blood pressure"),
    (("lisinopril 10mg",), 4, "high blood pressure"),
    (("citalopram 20 mg",), 4, "anxiety"),
    (("escitalopram 10 mg",), 4, "depression"),
    (("ibuprofen 400 mg as needed",), 4, None),
    (("rosuvastatin 10 mg",), 3, "high cholesterol"),
    (("simvastatin 20 mg",), 3, "high cholesterol"),
    (("aspirin 81 mg",), 3, None),
    (("pantoprazole 40 mg",), 3, None),
    (("amlodipine 5 mg",), 3, "high blood pressure"),
    (("oxybutynin 5 mg", "solifenacin 5 mg"), 5, "overactive bladder"),
    (("Myrbetriq 25 mg",), 2, "neurogenic bladder"),
    (("Ampyra 10 mg twice a day", "fampridine"), 3, None),
    (("modafinil 100 mg",), 3, None),
    (("amantadine 100 mg",), 3, None),
    (("tizanidine 4 mg",), 3, None),
    (("ramipril 5 mg",), 2, "high blood pressure"),
    (("Yasmin",), 2, None),
    (("cetirizine 10 mg",), 2, "hay fever"),
    (("sumatriptan 50 mg as needed",), 2, "migraine"),
    (("metformin 500 mg twice a day",), 1, "type 2 diabetes"),
    (("Eliquis 5 mg twice a day",), 1, "atrial fibrillation"),
    (("alendronate 70 mg weekly",), 1, "osteoporosis"),
    (("nitrofurantoin 100 mg",), 1, None),
    (("Sativex",), 1, None),
)
_OTHER_SUPPLEMENTS: Final = (
    ("vitamin D 5000 IU", 18),
    ("vit D3 2000 IU daily", 12),
    ("magnesium glycinate", 7),
    ("omega 3 fish oil", 7),
    ("B12", 6),
    ("multivitamin", 5),
    ("biotin 300 mg", 3),
    ("turmeric", 3),
    ("CoQ10 100 mg", 3),
    ("probiotic", 3),
    ("calcium with vitamin D", 3),
    ("melatonin 3 mg", 2),
    ("CBD oil", 2),
)
_MS: Final = (
    ("RRMS", 22),
    ("relapsing remitting MS", 14),
    ("multiple sclerosis", 12),
    ("secondary progressive MS", 8),
    ("PPMS", 4),
)
_OTHER_ILLNESSES: Final = (
    ("migraine", 3),
    ("depression", 2),
    ("neurogenic bladder", 3),
    ("irritable bowel syndrome", 2),
    ("restless legs", 2),
    ("psoriasis", 1),
    ("fatty liver", 1),
    ("kidney stones", 1),
    ("pregnant", 1),
)
_ALLERGIES: Final = (
    ("none", 34),
    ("penicillin", 9),
    ("pollen", 4),
    ("sulfa drugs", 4),
    ("latex", 2),
    ("nuts", 2),
    ("shellfish", 2),
    ("codeine", 2),
    ("milk", 1),
)
_SYMPTOMS: Final = (
    ("none", 36),
    ("nausea", 6),
    ("tired", 4),
    ("upset stomach", 4),
    ("headache", 3),
    ("dizziness", 2),
    ("rash", 2),
    ("itching", 2),
    ("hives", 1),
)
_AGES: Final = ((24, 5), (31, 9), (38, 12), (45, 13), (52, 10), (59, 6), (66, 4), (73, 1))
_WEIGHTS: Final = ((47, 2), (54, 8), (61, 13), (68, 14), (76, 11), (84, 7), (95, 4), (110, 1))
_YES: Final = 3


class _Deck:
    """Deals shares out in an order of its seed, the same in each version of Python."""

    def __init__(self, seed: int) -> None:
        # Only `random()` itself is promised to stay the same.
        self._chance = random.Random(seed)  # noqa: S311  # the same patients in each run, no secret

    def below(self, count: int) -> int:
        """Return a number from 0 that is below this one."""
        return int(self._chance.random() * count)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in another order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]

    def dealt(self, shares: Sequence[tuple[T, int]]) -> list[T]:
        """Return one of these for each patient, each as often as its share says."""
        cards = [one for one, count in shares for _ in range(count)]
        if len(cards) != PATIENTS:
            raise AssertionError(len(cards))
        return self.shuffled(cards)

    def some(self, count: int) -> set[int]:
        """Return the numbers of so many patients."""
        return set(self.shuffled(range(PATIENTS))[:count])

    def one(self, items: Sequence[T]) -> T:
        """Return one of them."""
        return items[self.below(len(items))]


def patients(seed: int = SEED) -> list[Intake]:
    """Return the patients as intake documents."""
    deck = _Deck(seed)
    which = deck.dealt([("alpha", 36), ("glutathione", 16), ("both", 8)])
    form = deck.dealt([("full", 24), ("between", 24), ("sparse", 12)])
    taking = deck.dealt([(True, 28), (False, 14), (None, 18)])
    medicines, illnesses = _medicines_and_illnesses(deck)
    supplements = _supplements(deck, which, taking)
    allergies, symptoms = deck.dealt(_ALLERGIES), deck.dealt(_SYMPTOMS)
    ages, weights = deck.dealt(_AGES), deck.dealt(_WEIGHTS)
    severe, replacing = deck.some(_YES), deck.some(_YES)
    found = []
    for number in range(PATIENTS):
        full: Intake = {
            "schema": "msrisk-intake/1",
            "supplements": supplements[number],
            "medications": medicines[number] or "none",
            "conditions": illnesses[number],
            "allergies": _list(allergies[number]),
            "symptoms": _list(symptoms[number]),
            "age_years": ages[number] + deck.below(7),
            "weight_kg": weights[number] + deck.below(7),
            "ms_symptoms_severe": number in severe,
            "replacing_ms_treatment": number in replacing,
        }
        found.append(dict(_left(full, form[number], deck)))
    return found


def _list(text: str) -> list[str] | str:
    return text if text == "none" else [text]


def _supplements(
    deck: _Deck, which: Sequence[str], taking: Sequence[bool | None]
) -> list[list[Any]]:
    """Return what each takes: the substance in question, with a dose as forms ask for it."""
    others = [(text, deck.some(count)) for text, count in _OTHER_SUPPLEMENTS]
    found: list[list[Any]] = []
    for number in range(PATIENTS):
        given = {} if taking[number] is None else {"taking": taking[number]}
        listed: list[Any] = []
        if which[number] in {"alpha", "both"}:
            amount, times = deck.one(_DOSES)
            # A dose in the name, one in the fields, or none at all.
            way = deck.below(3)
            name = deck.one(_ALPHA[:1] if way == 1 else _ALPHA)
            if way == 0:
                dose = {} if name.endswith("mg") else {"dose_mg": amount}
                listed.append({"name": name, **dose, "times_per_day": times, **given})
            elif way == 1:
                often = {1: "once", 2: "twice", 3: "three times"}[times]
                listed.append({"name": f"{name} {amount} mg {often} a day", **given})
            else:
                listed.append({"name": name, **given})
        if which[number] in {"glutathione", "both"}:
            listed.append({"name": deck.one(_GLUTATHIONE), **given})
        listed += [text for text, those in others if number in those]
        found.append(listed)
    return found


def _medicines_and_illnesses(deck: _Deck) -> tuple[list[list[str]], list[list[str]]]:
    """Return what each takes, and has: MS, what a medicine is for, and what else there is."""
    for_ms = deck.dealt(_MS_MEDICINES)
    medicines = [[one] if one else [] for one in for_ms]
    illnesses = [[one] for one in deck.dealt(_MS)]
    for texts, count, illness in _OTHER_MEDICINES:
        for number in sorted(deck.some(count)):
            medicines[number].append(deck.one(texts))
            if illness and illness not in illnesses[number]:
                illnesses[number].append(illness)
    for text, count in _OTHER_ILLNESSES:
        for number in sorted(deck.some(count)):
            if text not in illnesses[number]:
                illnesses[number].append(text)
    return medicines, illnesses


def _left(full: Intake, form: str, deck: _Deck) -> Iterator[tuple[str, Any]]:
    """Yield the fields that this form has been filled in with."""
    for field, value in full.items():
        if form == "full" or field in {"schema", "supplements"}:
            yield field, value
        elif form == "sparse":
            if field == "medications" and value != "none":
                yield field, {"entries": value[:2], "complete": False}
            elif field == "age_years":
                yield field, value
        elif field == "medications" and value != "none" and deck.below(2):
            yield field, {"entries": value, "complete": False}
        elif field == "age_years" or deck.below(3):
            yield field, value
        elif field == "weight_kg":
            yield field, "unknown"
