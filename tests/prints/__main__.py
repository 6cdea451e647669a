"""Prints the examples and counts their pages: `python -m tests.prints [FOLDER]`.

Chromium prints every example on A4 and on Letter into the folder, or into one that is gone
afterwards. A first screen and a handout are one page; a report is few.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msrisk
from msrisk.documents import profile_from_json

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
SIZES: Final = ("A4", "letter")
# A report is two sheets of paper, at nine points, since smaller print is not read, and with the
# margins that Chromium itself has.
MOST: Final = {"full": 2, "screen": 1, "handout": 1}
PAGE: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    "<style>@page {{ size: {size}; margin: 0.4in; }} body {{ margin: 0; font-family: sans-serif; }}"
    "</style></head><body>{report}</body></html>"
)


def main(arguments: list[str]) -> int:
    """Print every example in every part; return 1 if one takes too many pages."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.stderr.write(f"one of these programs is needed: {', '.join(PROGRAMS)}\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="msrisk-prints-") as gone:
        folder = Path(arguments[0] if arguments else gone)
        folder.mkdir(parents=True, exist_ok=True)
        bad = [line for line in printed(program, folder) if line.startswith("TOO MANY")]
    return int(bool(bad))


def printed(program: str, folder: Path) -> Iterator[str]:
    """Print each example and yield what became of it."""
    for example in sorted(EXAMPLES.glob("*.json")):
        report = msrisk.assess(profile_from_json(example.read_bytes()))
        for part, most in MOST.items():
            for size in SIZES:
                name = f"{example.stem}.{part}.{size}"
                page = folder / f"{name}.html"
                html = report.render("html", part)
                page.write_text(PAGE.format(title=name, size=size, report=html), "utf-8")
                pages = count(program, page)
                line = f"{'TOO MANY' if pages > most else 'ok'} {name}: {pages} of {most}"
                sys.stdout.write(f"{line}\n")
                yield line


def count(program: str, page: Path) -> int:
    """Print a page beside itself and return of how many sheets it is."""
    sheets = page.with_suffix(".pdf")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    subprocess.run(
        [program, *options, f"--print-to-pdf={sheets}", str(page)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return len(re.findall(rb"/Type\s*/Page\b", sheets.read_bytes()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
