"""How well recognition does on entries that were written without looking at the vocabulary.

`python -m tests.held_back.measure` prints figures alone, so that whoever extends the
vocabulary can follow them without reading the list; `--misses` prints the entries and
`--markdown` writes the figures into docs/recognition.md.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

from attrs import field, frozen
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

import msrisk
from msrisk.model.concepts import Concept, Drug, DrugClass, Term, closure
from msrisk.model.rules import Substance

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "recognition.md"

# What the rules name, by the field that tells it: an entry that certainly is one of these
# switches a rule on. Of other classes more may be said than is listed here.
DECISIVE = {
    "medication": frozenset(
        {
            "thyroid-medication",
            "glucose-lowering-medication",
            "systemic-corticosteroid",
            "immunosuppressive-medication",
            "immunomodulating-medication",
            "alpha-lipoic-acid",
            "glutathione-precursor",
        }
    ),
    "condition": frozenset(
        {
            "diabetes",
            "liver-disease",
            "thyroid-disease",
            "multiple-sclerosis",
            "lactose-intolerance",
            "milk-protein",
        }
    ),
    "allergy": frozenset(
        {"milk-protein", "lactose-intolerance", "alpha-lipoic-acid", "glutathione-precursor"}
    ),
    "supplement": frozenset({"alpha-lipoic-acid", "glutathione-precursor"}),
}
ANYTHING = "anything"


class Outcome(Enum):
    """How the answer compares with what the entry is.

    RIGHT: what it certainly is was said, or what must stay open stayed open.
    OPEN: less was said than is so, and the entry stays in the report as a question.
    OVERSTATED: something decisive was said that is not so, or not certainly so.
    MISSED: something was ruled out that is so or may be so. Nobody would be asked.
    """

    RIGHT = "right"
    OPEN = "open"
    OVERSTATED = "overstated"
    MISSED = "missed"


WRONG = (Outcome.OPEN, Outcome.OVERSTATED, Outcome.MISSED)


# Its values are not shown: a failed test would print entries.
@frozen(repr=False)
class Section:
    """Entries of which the same is expected.

    Attributes:
        group: the row of the table that they count in; its family stands before the colon.
        kind: the field that they are entered in.
        is_: ids of what each certainly is; none for what is known and in no decisive class.
        may: ids that it may be said to be besides, because membership is debatable;
            `anything` where every membership is.
        never: ids that it must not be said to be, whatever else is answered.
        open: whether it must stay a question.
        texts: the entries as written.
        system: the code system of `codes`.
        codes: code and, if the record has one, text.
        named: a name, and after it the names that the medicine may be called.

    """

    group: str
    kind: str
    is_: tuple[str, ...] = ()
    may: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    open: bool = False
    texts: tuple[str, ...] = ()
    system: str = ""
    codes: tuple[tuple[str, ...], ...] = ()
    named: tuple[tuple[str, ...], ...] = ()

    def entries(self) -> Iterator[tuple[msrisk.Entry, list[str]]]:
        """Yield what is handed to recognition, with the names that it may be called."""
        yield from ((msrisk.Entry(text), []) for text in self.texts)
        for code, *text in self.codes:
            coded = msrisk.Code(self.system, code)
            yield msrisk.Entry(text[0] if text else None, codes=[coded]), []
        yield from ((msrisk.Entry(text), names) for text, *names in self.named)


@frozen
class File:
    """One file of the list."""

    section: tuple[Section, ...]


@frozen(repr=False)
class Result:
    """One entry, what was expected and how it was answered."""

    section: Section
    entry: msrisk.Entry
    answer: msrisk.Recognition
    outcome: Outcome


@frozen
class Tally:
    """The outcomes of a number of entries."""

    counts: Counter[Outcome] = field(factory=Counter)

    @property
    def size(self) -> int:
        """Return how many entries were counted."""
        return self.counts.total()

    def share(self, outcome: Outcome) -> float:
        """Return the part of the entries with this outcome, from 0 to 1."""
        return self.counts[outcome] / self.size


def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(
        Section, make_dict_structure_fn(Section, converter, is_=override(rename="is"))
    )
    return converter


def sections() -> tuple[Section, ...]:
    """Return the whole list, in the order of its files."""
    converter = _converter()
    return tuple(
        section
        for path in sorted(HERE.glob("*.toml"))
        for section in converter.structure(tomllib.loads(path.read_text("utf-8")), File).section
    )


def _parents(ruleset: msrisk.RuleSet) -> dict[str, tuple[str, ...]]:
    words = ruleset.vocabulary
    above = {one.id: one.within for one in words.drug_classes}
    above.update((one.id, one.within) for one in words.concepts)
    for drug in words.drugs:
        above[drug.id] = (*drug.ingredients, *(member.id for member in drug.classes))
    return above


def _overstated(
    section: Section, answer: msrisk.Recognition, names: Sequence[str], allowed: frozenset[str]
) -> bool:
    if names and answer.name is not None:
        said = answer.name.casefold().replace("-", " ")
        return not any(name in said for name in names)
    if section.named or ANYTHING in section.may:
        return False
    return bool(answer.concepts & (section.never or DECISIVE[section.kind] - allowed))


def outcome(
    section: Section,
    answer: msrisk.Recognition,
    parents: Mapping[str, tuple[str, ...]],
    names: Sequence[str] = (),
) -> Outcome:
    """Compare an answer with what is expected of a section's entries."""
    expected = closure(section.is_, parents)
    allowed = expected | closure(section.may, parents)
    if _overstated(section, answer, names, allowed):
        return Outcome.OVERSTATED
    settled = answer.status == "recognised"
    if section.open:
        return Outcome.MISSED if settled else Outcome.RIGHT
    possible = answer.possible
    if not expected <= answer.concepts | answer.named:
        named = answer.concepts | answer.named
        asked = possible is msrisk.ANYTHING or expected <= named | closure(possible, parents)
        return Outcome.OPEN if asked else Outcome.MISSED
    if expected or section.never or settled:
        return Outcome.RIGHT
    if possible is not msrisk.ANYTHING and (ANYTHING in section.may or possible <= allowed):
        return Outcome.RIGHT
    return Outcome.OPEN


def measure(ruleset: msrisk.RuleSet, listed: Iterable[Section] | None = None) -> tuple[Result, ...]:
    """Return how each entry of the list is answered with a rule set."""
    parents = _parents(ruleset)
    results = []
    for section in sections() if listed is None else listed:
        for entry, names in section.entries():
            answer = msrisk.recognise(entry, section.kind, ruleset=ruleset)
            how = outcome(section, answer, parents, names)
            results.append(Result(section, entry, answer, how))
    return tuple(results)


def family(group: str) -> str:
    """Return the part of a group's name before its colon."""
    return group.partition(":")[0]


def tallies(results: Iterable[Result], *, by_family: bool = False) -> dict[str, Tally]:
    """Return the outcomes by group, or by family of groups."""
    found: dict[str, Tally] = {}
    for result in results:
        name = family(result.section.group) if by_family else result.section.group
        found.setdefault(name, Tally()).counts[result.outcome] += 1
    return found


def table(results: tuple[Result, ...]) -> str:
    """Return the figures of each group and of all entries, without any entry."""
    whole = Tally(Counter(result.outcome for result in results))
    lines = [f"{'group':56} {'entries':>7} {'right':>7} {'open':>5} {'overst.':>7} {'missed':>6}"]
    for name, tally in [*sorted(tallies(results).items()), ("all", whole)]:
        counts = tally.counts
        lines.append(
            f"{name:56} {tally.size:7} {tally.share(Outcome.RIGHT):7.1%} {counts[Outcome.OPEN]:5}"
            f" {counts[Outcome.OVERSTATED]:7} {counts[Outcome.MISSED]:6}"
        )
    return "\n".join(lines)


def misses(results: Iterable[Result]) -> Iterator[str]:
    """Yield a line for each entry that was not answered right."""
    for one in results:
        if one.outcome is not Outcome.RIGHT:
            codes = " ".join(code.code for code in one.entry.codes)
            said = " ".join(sorted(one.answer.concepts)) or "-"
            yield (
                f"{one.outcome.value}\t{one.section.group}\t{codes}\t{one.entry.text}\t"
                f"expected: {' '.join(one.section.is_) or '-'}\tsaid: {one.answer.status} {said}"
            )


def _rows(*rows: Sequence[object]) -> str:
    head, *body = (f"| {' | '.join(map(str, row))} |" for row in rows)
    return "\n".join((head, f"|{'---|' * len(rows[0])}", *body))


def covered(ruleset: msrisk.RuleSet) -> str:
    """Return as a Markdown table how much the vocabulary holds."""
    words = ruleset.vocabulary
    kinds = Counter(one.kind.value for one in words.concepts)
    named: list[Drug | DrugClass | Concept | Substance] = [*words.drugs, *words.drug_classes]
    named += [*words.concepts, *ruleset.substances]
    names = sum(1 + len(one.names) for one in named) + sum(len(one.names) for one in words.terms)
    coded: list[Drug | Concept | Term] = [*words.drugs, *words.concepts, *words.terms]
    codes = Counter(system for one in coded for system, those in one.codes.items() for _ in those)
    return _rows(
        ("what", "how many"),
        ("medicines", len(words.drugs)),
        ("classes of medicines", len(words.drug_classes)),
        *((f"{kind}s", kinds[kind]) for kind in sorted(kinds)),
        ("terms that leave open what is meant", len(words.terms)),
        ("names of all these", names),
        ("groups of names mistaken for one another", len(words.confusables)),
        *((f"codes: {system}", codes[system]) for system in sorted(codes)),
    )


def figures(results: tuple[Result, ...]) -> str:
    """Return the outcomes by family as a Markdown table."""
    whole = Tally(Counter(result.outcome for result in results))
    families = sorted(tallies(results, by_family=True).items())
    return _rows(
        ("family", "entries", "right", "open", "overstated", "missed"),
        *(
            (name, one.size, f"{one.share(Outcome.RIGHT):.1%}", *map(one.counts.__getitem__, WRONG))
            for name, one in [*families, ("all", whole)]
        ),
    )


def renewed(page: str, ruleset: msrisk.RuleSet, results: tuple[Result, ...]) -> str:
    """Return a page with its tables written anew, each between two marks that name it."""
    for name, rows in (("covered", covered(ruleset)), ("figures", figures(results))):
        before, start, rest = page.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- end of {name} -->\n")
        page = f"{before}{start}\n{rows}\n\n{end}{after}"
    return page


if __name__ == "__main__":
    rules = msrisk.RuleSet.default()
    found = measure(rules)
    if "--markdown" in sys.argv[1:]:
        PAGE.write_text(renewed(PAGE.read_text("utf-8"), rules, found), "utf-8")
    else:
        print("\n".join(misses(found)) if "--misses" in sys.argv[1:] else table(found))  # noqa: T201  # a report
