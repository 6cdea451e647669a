"""Which official lists name the drugs of the vocabulary, told in the source of each entry.

`python -m tests.lists.agree FOLDER` counts how many entries have names that an official list
holds with an ingredient that agrees; with `--write RULES` it also says so in the sources
of the entries in RULES/vocabulary, in place of "from general knowledge" as far as that was
said of the names. A list speaks for an entry only if none of its rows speaks against it;
for a code only the list that gives codes itself (EMA) does, and for a class none.
"""

from __future__ import annotations

import re
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

import msrisk
from msrisk.model.concepts import Drug
from msrisk.recognition.characters import split_name
from tests.lists.check import Check, Checker, Reading, Status, read_reviewed
from tests.lists.rows import MissingListsError, read_rows

GENERAL: Final = "from general knowledge"
_MOST: Final = 200  # characters of a line

# How a source says that the names are from general knowledge → what is left of it when the
# names agree with a list. What is said of warnings and classes stays as it is.
_LABELS: Final = "classes as on product labels"
_REST: Final = (
    (r"^names and ATC codes? as on (US and EU )?product labels", f"{{codes}}{_LABELS}"),
    (r"^names as on (US and EU )?product labels", _LABELS),
    (
        r"information for (the warning|warnings|indication) and (the )?brands;",
        r"information for \1;",
    ),
    (r"; US and EU product information for brands(?=[;:])", ""),
    (r"; indication and brands as in (.*), from general", r"; indication as in \1, from general"),
    (r"; brands as in [^;]*, from general knowledge, awaiting a check(?=;|$)", ""),
    (r"; names from general knowledge(?=;|$)", ""),
)


@frozen
class Agreement:
    """What official lists say of one drug.

    Attributes:
        names: how many names it has, its preferred name included.
        listed: the names that a list holds for it, as normalised words.
        lists: publisher and date of each list that does.
        coded: whether a list gives the code that the entry has.

    """

    names: int
    listed: frozenset[tuple[str, ...]] = frozenset()
    lists: frozenset[tuple[str, str]] = frozenset()
    coded: bool = False

    @property
    def whole(self) -> bool:
        """Whether every name of it is listed."""
        return len(self.listed) == self.names


@frozen
class _Heard:
    listed: set[tuple[str, ...]] = field(factory=set)
    lists: set[tuple[str, str]] = field(factory=set)
    coded: set[str] = field(factory=set)


def agreements(checker: Checker, readings: Iterable[Reading]) -> dict[str, Agreement]:
    """Return by id of the drug which lists name it with an ingredient that agrees."""
    readings = list(readings)
    drugs = {drug.id: drug for drug in checker.ruleset.vocabulary.drugs}
    against = {
        (one.file, id_)
        for one in checker.disagreements(readings)
        if one.check == Check.INGREDIENT.value
        for id_ in one.read.split()
    }
    heard: dict[str, _Heard] = {id_: _Heard() for id_ in drugs}
    for one in readings:
        row = one.row
        if one.status is Status.RECOGNISED and len(one.read.named) == 1:
            (id_,) = one.read.named
            if (
                id_ in drugs
                and (row.file, id_) not in against
                and _agrees(checker, one, drugs[id_])
            ):
                told = heard[id_]
                names = _names_in(row.name, drugs[id_])
                told.listed.update(names)
                if names:
                    told.lists.add((row.publisher, row.date))
                told.coded.update(row.atc)
    return {
        id_: Agreement(
            len(_names(drugs[id_])),
            frozenset(told.listed),
            frozenset(told.lists),
            bool(told.coded & set(drugs[id_].codes.get("atc", ()))),
        )
        for id_, told in heard.items()
    }


def _names(drug: Drug) -> frozenset[tuple[str, ...]]:
    return frozenset(split_name(name) for name in (drug.name, *drug.names))


def _names_in(name: str, drug: Drug) -> set[tuple[str, ...]]:
    """Return the names of a drug that stand in the name of a product, makers beside it or not."""
    words = split_name(name)
    return {
        own
        for own in _names(drug)
        for at in range(len(words) - len(own) + 1)
        if words[at : at + len(own)] == own
    }


def _agrees(checker: Checker, one: Reading, drug: Drug) -> bool:
    """Whether a product holds what a drug is and nothing else."""
    held = one.row.ingredients
    return bool(held) and (
        all(checker.is_one_of(part, [drug.id]) for part in held)
        and all(any(checker.is_one_of(part, [id_]) for part in held) for id_ in drug.ingredients)
    )


def rewritten(source: str, agreement: Agreement, *, has_code: bool) -> str | None:
    """Return a source that tells of the lists; None if it says nothing that they replace."""
    if GENERAL not in source or not agreement.lists:
        return None
    lists = " and ".join(f"{name} ({date})" for name, date in sorted(agreement.lists))
    what = "names and ATC code agree" if agreement.coded else "names agree"
    said = f"{what} with the list of {lists}"
    if len(agreement.lists) > 1:
        said = f"{what} with the lists of {lists}"
    if not agreement.whole:
        said = f"{said} as far as listed, other names {GENERAL}"
    codes = "ATC code and " if has_code and not agreement.coded else ""
    for pattern, rest in _REST:
        left, found = re.subn(pattern, rest.replace("{codes}", codes), source, count=1)
        if found:
            return f"{said}; {left}"
    return None


def rewrite(rules: Path, found: Mapping[str, Agreement]) -> Counter[str]:
    """Rewrite the sources of the drugs in a folder of rules; return how many are as before."""
    counts: Counter[str] = Counter()
    for path in sorted((rules / "vocabulary").rglob("*.toml")):
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
        for entry in content.get("drug", []):
            old = entry.get("source", content.get("source"))
            new = rewritten(
                old,
                found.get(entry["id"], Agreement(0)),
                has_code=bool(entry.get("codes", {}).get("atc")),
            )
            counts["rewritten" if new else "as before"] += 1
            if new:
                text = _with_source(text, entry["id"], new)
        path.write_text(text, "utf-8")
    return counts


def _with_source(text: str, id_: str, new: str) -> str:
    """Return the text of a file in which a drug has another source, if need be in many lines."""
    before, head, rest = text.partition(f'\nid = "{id_}"\n')
    block, end, after = rest.partition("\n\n")
    kept = re.sub(
        r'^source = ("""[\s\S]*?"""|".*")\n?', "", f"{block.rstrip()}\n", flags=re.MULTILINE
    )
    lines = textwrap.wrap(new, 110, break_long_words=False, break_on_hyphens=False)
    one = f'source = "{new}"'
    many = 'source = """\\\n' + " \\\n".join(f"  {line}" for line in lines) + '"""'
    end = end or "\n"
    return f"{before}{head}{kept}{one if len(one) <= _MOST else many}{end}{after}"


def report(ruleset: msrisk.RuleSet, found: Mapping[str, Agreement]) -> str:
    """Return how many drugs have names that lists hold."""
    drugs = ruleset.vocabulary.drugs
    general = [drug for drug in drugs if GENERAL in drug.source]
    by_list = Counter(one for agreement in found.values() for one in agreement.lists)
    counts = Counter(
        ("all names" if found[one.id].whole else "some names") if found[one.id].lists else "none"
        for one in general
    )
    new = [
        rewritten(one.source, found[one.id], has_code="atc" in one.codes) or one.source
        for one in general
    ]
    return "\n".join(
        [
            f"drugs: {len(drugs)}, their sources say “{GENERAL}”: {len(general)}",
            *(f"  named by {name} ({date}): {n}" for (name, date), n in sorted(by_list.items())),
            *(f"  of the latter, a list holds {what}: {n}" for what, n in sorted(counts.items())),
            f"  a list gives the code: {sum(found[one.id].coded for one in general)}",
            f"would be rewritten: {sum(a != b.source for a, b in zip(new, general, strict=True))}",
            f"would still say “{GENERAL}” of names or facts: {sum(GENERAL in one for one in new)}",
        ]
    )


def main(arguments: list[str]) -> int:
    """Print what lists hold of the vocabulary; rewrite its sources if that is asked."""
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--write"):
        sys.stderr.write("usage: python -m tests.lists.agree FOLDER [--write RULES]\n")
        return 2
    rules = Path(arguments[2]) if len(arguments) == 3 else None
    ruleset = msrisk.RuleSet.load(rules) if rules else msrisk.RuleSet.default()
    checker = Checker(ruleset, read_reviewed())
    try:
        found = agreements(checker, checker.readings(read_rows(Path(arguments[0]))))
    except MissingListsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{report(ruleset, found)}\n")
    if rules:
        counts = rewrite(rules, found)
        sys.stdout.write(f"rewritten: {counts['rewritten']}, as before: {counts['as before']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
