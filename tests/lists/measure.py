"""How names of official lists are read, and where a reading and a list disagree.

`python -m tests.lists.measure FOLDER` reads the lists in FOLDER (`make lists LISTS=FOLDER`)
and ends with 0 if every disagreement was reviewed, 1 if one was not, 2 without the lists.
`--unread` names those of the commonest names that are not understood, `--as-toml` prints
what was not reviewed as pairs for reviewed.toml.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msrisk
from tests.lists.check import (
    Checker,
    Disagreement,
    Reading,
    commonest,
    read_reviewed,
    table,
    understood,
)
from tests.lists.rows import COMMON, MissingListsError, read_rows


def unread(readings: list[Reading]) -> Iterator[str]:
    """Yield the commonest names that are neither recognised nor open between named things."""
    for file in COMMON:
        for name, status in commonest(readings, file):
            if not understood(status):
                yield f"{file}\t{name}\t{status.value}"


def as_toml(found: Iterable[Disagreement]) -> Iterator[str]:
    """Yield disagreements as groups for reviewed.toml, each without its reason."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in found:
        name = one.name.replace("\\", "\\\\").replace('"', '\\"')
        line = f'  ["{name}", "{one.read}"],  # {one.holds}'
        if line not in groups[one.check, one.file]:
            groups[one.check, one.file].append(line)
    for (check, file), lines in groups.items():
        yield f'[[reviewed]]\ncheck = "{check}"\nfile = "{file}"\nwhy = ""\npairs = ['
        yield from lines
        yield "]\n"


def report(folder: Path, options: Iterable[str] = ()) -> tuple[int, str]:
    """Return how a run ends, and what it prints."""
    checker = Checker(msrisk.RuleSet.default(), read_reviewed())
    try:
        readings = checker.readings(read_rows(folder))
    except MissingListsError as error:
        return 2, f"{error}; say where they are: make lists LISTS=FOLDER"
    found = checker.disagreements(readings)
    left = checker.unreviewed(found)
    lines = [table(readings)]
    if "--unread" in options:
        lines += unread(readings)
    if "--as-toml" in options:
        lines += as_toml(left)
    else:
        lines += [f"{one.check}\t{one.file}\t{one.name}\t{one.read}\t{one.holds}" for one in left]
    kinds = Counter(one.check for one in found)
    unused = checker.unused(found)
    lines += [f"reviewed and no longer so: {one}" for one in unused]
    lines.append(
        f"disagreements: {len(found)} ({', '.join(f'{n} {kind}' for kind, n in kinds.items())}),"
        f" not reviewed: {len(left)}; reviewed and no longer so: {len(unused)}"
    )
    return int(bool(left)), "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the report on a folder."""
    folders = [one for one in arguments if not one.startswith("--")]
    if len(folders) != 1:
        sys.stderr.write("say where the lists are: make lists LISTS=FOLDER\n")
        return 2
    status, text = report(Path(folders[0]), arguments)
    (sys.stderr if status == 2 else sys.stdout).write(f"{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
