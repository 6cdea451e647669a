"""What recognition means, as data: the cases of tests/spec/recognition, each a sentence.

The cases of the files in `SMALL` are read with a small vocabulary of their own, all others
with the one that ships with the package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from msrisk.api import default_ruleset, recognise
from msrisk.model.concepts import ANYTHING, CODE_SYSTEMS, Recognition
from msrisk.model.profile import Code, Entry
from tests.unit.recognition_world import small

CASES = Path(__file__).parent.parent / "spec" / "recognition"
SMALL = {"allergies", "codes", "names", "none", "products", "qualifiers"}
SAYS = {"yes": True, "no": False, "neither": None}
TAKING = {"yes": True, "no": False, "unsaid": None}

Case = dict[str, object]


def _cases() -> Iterator[object]:
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['sentence']}")


def _ids(value: object) -> frozenset[str]:
    assert isinstance(value, list)
    return frozenset(str(one) for one in value)


def _recognised(world: str, case: Case) -> Recognition:
    ruleset = small() if world in SMALL else default_ruleset()
    text, codes = case.get("text"), case.get("codes", [])
    assert isinstance(codes, list)
    given = str(text)
    if codes:
        told = tuple(Code(CODE_SYSTEMS.get(system, system), code) for system, code in codes)
        entry = Entry(None if text is None else given, told)
        return recognise(entry, str(case["kind"]), ruleset=ruleset)
    return recognise(given, str(case["kind"]), ruleset=ruleset)


def _days(found: Recognition) -> dict[str, list[float]]:
    """Return the dose of a day of each product, from its least to its most."""
    return {id_: [dose.daily.low, dose.daily.high] for id_, dose in found.doses.items()}


def _wrong(found: Recognition, key: str, value: object) -> bool:
    match key:
        case "concepts":
            return found.concepts != _ids(value)
        case "concepts_among":
            return not _ids(value) <= found.concepts
        case "named":
            return found.named != _ids(value)
        case "possible":
            return found.possible != (ANYTHING if value == "anything" else _ids(value))
        case "possible_among":
            return any(one not in found.possible for one in _ids(value))
        case "without":
            told = found.concepts | found.named | found.may_be
            return not told.isdisjoint(_ids(value))
        case "heard_among":
            return not _ids(value) <= found.may_be
        case "daily":
            return _days(found) != value
        case "name" | "warning":
            return bool(getattr(found, str(key)) != value)
        case "says":
            return found.says is not SAYS[str(value)]
        case "status":
            return found.status != str(value)
        case "reason":
            return str(value) not in found.reason
        case "suggestions":
            missing = not _ids(value) <= set(found.suggestions)
            return missing or bool(found.suggestions) is not bool(value)
        case "taking":
            return found.taking is not TAKING[str(value)]
        case "why":
            assert isinstance(value, list)
            concept, basis = value
            return found.why[concept][0] != str(basis)
    return key not in {"sentence", "kind", "text", "codes"}


@pytest.mark.parametrize(("world", "case"), list(_cases()))
def test_the_case_holds(world: str, case: Case) -> None:
    found = _recognised(world, case)
    wrong = {key: value for key, value in case.items() if _wrong(found, key, value)}
    assert not wrong, found
