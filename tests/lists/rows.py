"""The rows of official lists of medicines, as `../shared/lists/README.md` describes them."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from tests.lists.spelling import WORDS

FILES = ("eu-ema", "us-drugs-at-fda", "us-ndc", "fr-bdpm", "uk-bnf-codes", "names-latin")
COMMON = ("us-ndc", "fr-bdpm")
"""The lists that say how many products have a name."""

_LOCAL: Final = frozenset(tomllib.loads(WORDS.read_text("utf-8"))["local"])


class MissingListsError(Exception):
    """A folder does not hold the lists."""


@frozen
class Row:
    """One row of a list.

    Attributes:
        file: the list's file, without its ending.
        name: the product.
        ingredients: what it holds, as the list writes it.
        atc: codes that the list itself gives.
        route: how it is given, as the list writes it.
        publisher: who publishes the list.
        date: how old it is.
        products: how many entries of the list are alike.

    """

    file: str
    name: str
    ingredients: tuple[str, ...]
    atc: tuple[str, ...] = ()
    route: str = ""
    publisher: str = ""
    date: str = ""
    products: int = 1

    @property
    def is_local(self) -> bool:
        """Whether it is given only by routes by which it acts where it is put."""
        routes = [one.strip() for one in re.split(r"[;,]", self.route.lower()) if one.strip()]
        return bool(routes) and all(one in _LOCAL for one in routes)


def read_rows(folder: Path) -> list[Row]:
    """Return the rows of all lists in a folder.

    Raises:
        MissingListsError: if the folder or one of the lists is not there.

    """
    missing = [name for name in FILES if not (folder / f"{name}.tsv").is_file()]
    if missing:
        raise MissingListsError(f"no lists in {folder}: {', '.join(missing)}")
    return [row for name in FILES for row in rows_of(name, _lines(folder / f"{name}.tsv"))]


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from file


def rows_of(file: str, lines: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of one list; codes with “~” are not of the list and are left out."""
    for line in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        codes = re.split(r"[;,/ ]+", line["atc"]) if not line["atc"].startswith("~") else []
        yield Row(
            file,
            line["name"],
            tuple(part for one in line["ingredients"].split(";") if (part := one.strip())),
            tuple(code for code in codes if code),
            line["route"],
            line["list"],
            line["date"],
            int(line.get("products") or 1),
        )
