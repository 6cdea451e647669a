"""Entries to try the laws of recognition with: the shipped names, and what stands around them.

An example is plain data, made by a function that chooses among what it is offered: Hypothesis
chooses in the properties, a seeded generator in `tests.hunt`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

from attrs import evolve, frozen

from msrisk.model.concepts import ConceptKind
from msrisk.model.rules import RuleSet

from .entry_names import Item, named, plain

__all__ = [
    "Choose",
    "Company",
    "Example",
    "Form",
    "Moved",
    "NONSENSE",
    "Reworded",
    "Tailed",
    "WAYS",
    "WordMore",
    "company",
    "drawn",
    "moved",
    "reworded",
    "tailed",
    "word_more",
]

T = TypeVar("T")


class Choose(Protocol):
    """Chooses one of several; the first is the plainest."""

    def __call__(self, among: Sequence[T], /) -> T: ...


LISTS: Final = ("medications", "conditions", "allergies", "symptoms", "supplements")

# Names that neither the shipped words nor any list of medicines holds.
NONSENSE: Final = ("foozumab", "xyzzyplugh", "qqwrtzl", "blorptane", "Vrelk", "щфыж")

DOSES: Final = (
    "1 mg", "5mg", "7.5 mg", "100 mg", "1000 mg", "20 mcg", "0.5 g", "10 mg/ml", "1-2 mg",
)  # fmt: skip
FREQUENCIES: Final = (
    "BD", "daily", "once a day", "twice daily", "tid", "q4w", "q8h", "prn", "weekly", "at night",
    "every other day", "in the morning", "as directed", "with food", "since 2019", "every 6 months",
)  # fmt: skip
# What says a route along with the amount: no class may be asked to stay beside it.
AMOUNTS_WITH_A_ROUTE: Final = ("2 puffs", "5 drops", "2 sprays", "1 tab", "two tablets", "1 patch")
INDICATIONS: Final = (
    "for MS", "for pain", "for psoriasis", "for my arthritis", "to treat asthma", "for nausea",
    "because of colitis", "for diabetes",
)  # fmt: skip
# Routes as people write them, by the id that the vocabulary gives them.
PLAIN_ROUTES: Final = (
    "cream", "eye drops", "nasal spray", "inhaler", "ointment", "tablets", "injection", "gel",
    "suppositories", "ear drops", "infusion", "IV", "patch",
)  # fmt: skip


@frozen
class Form:
    """How two items are written in one entry; in a soft form both may be one name."""

    name: str
    text: str
    soft: bool = False

    def of(self, first: Item, second: Item) -> str:
        """Return the entry of two items."""
        return self.text.replace("{a}", first.text).replace("{b}", second.text)


def _forms() -> Iterator[Form]:
    yield Form("comma", "{a}, {b}")
    yield Form("blank", "{a} {b}", soft=True)
    yield Form("two blanks", "{a}  {b}", soft=True)
    yield Form("line break", "{a}\n{b}")
    yield Form("line break of Windows", "{a}\r\n{b}")
    yield Form("tab", "{a}\t{b}")
    yield Form("semicolon", "{a}; {b}")
    for sign in "•·-–—":
        yield Form(sign, f"{{a}} {sign} {{b}}")
        yield Form(f"{sign} before each", f"{sign} {{a}} {sign} {{b}}")
        yield Form(f"{sign} on lines", f"{sign} {{a}}\n{sign} {{b}}")
    for sign in "/+&":
        yield Form(sign, f"{{a}} {sign} {{b}}", soft=True)
        yield Form(f"{sign} without blanks", f"{{a}}{sign}{{b}}", soft=True)
    for sign in "|~^،、，；;,":
        yield Form(f"{sign} without blanks", f"{{a}}{sign}{{b}}")
    for sign in "|~^":
        yield Form(sign, f"{{a}} {sign} {{b}}")
    for sign in "،":
        yield Form(sign, f"{{a}}{sign} {{b}}")
    for word in ("and", "with"):
        yield Form(word, f"{{a}} {word} {{b}}", soft=True)
    for word in ("also", "then", "plus", "and also", "as well as"):
        yield Form(word, f"{{a}} {word} {{b}}", soft=word == "plus")
    yield Form("full stop", "{a}. {b}")
    yield Form("two full stops", "{a}. {b}.")
    yield Form("numbers", "1. {a} 2. {b}")
    yield Form("numbers on lines", "1. {a}\n2. {b}")
    yield Form("numbers in brackets", "1) {a} 2) {b}")
    yield Form("colon", "{a}: {b}")


FORMS: Final = tuple(_forms())


@frozen
class Company:
    """Law 11: two items in one entry of a list, and perhaps the name of another before them."""

    field: str
    first: Item
    second: Item
    form: Form
    before: str = ""

    @property
    def text(self) -> str:
        """The entry."""
        text = self.form.of(self.first, self.second)
        return f"{self.before} {text}" if self.before else text


@frozen
class Moved:
    """Law 12: an entry told in another list than the one that it is at home in."""

    item: Item
    field: str


@frozen
class WordMore:
    """Law 13: an entry of a list, and the same with a word that nobody understands."""

    field: str
    items: tuple[Item, ...]
    text: str
    longer: str
    place: str


@frozen
class Tailed:
    """Law 14: a medicine, and the same with something behind it that changes no class."""

    item: Item
    tail: str
    what: str
    counted: frozenset[str] | None = None


@frozen
class Reworded:
    """Law 14: an entry written in two ways that do not differ."""

    field: str
    text: str
    other: str
    way: str


Example = Company | Moved | WordMore | Tailed | Reworded


_SORTS: Final = (
    "medicine of a class",
    "medicine",
    ConceptKind.ALLERGEN.value,
    ConceptKind.CONDITION.value,
    ConceptKind.SYMPTOM.value,
    ConceptKind.SUPPLEMENT.value,
    ConceptKind.TOPIC.value,
    "substance",
    "class",
    "term",
    "medicine by its route",
)
_TAKEN: Final = frozenset(
    {"medicine of a class", "medicine by its route", "medicine", "substance", "supplement"}
)


def _item(choose: Choose, ruleset: RuleSet, *, tails: bool = True) -> Item:
    known = named(ruleset)
    item = choose(known.items[choose(_SORTS)])
    if tails and item.sort == "condition" and item.home == "conditions":
        return Item(item.name, item.home, item.sort, _nameless(choose, known.treating))
    if not (tails and item.sort in _TAKEN):
        return item
    match choose(("", "", "dose", "both", "route", "route of the lists", "amount")):
        case "dose":
            tail = choose(DOSES)
        case "both":
            tail = f"{choose(DOSES)} {choose(FREQUENCIES)}"
        case "route":
            tail = choose(PLAIN_ROUTES)
        case "route of the lists":
            tail = choose(known.routes)[0]
        case "amount":
            tail = choose(AMOUNTS_WITH_A_ROUTE)
        case _:
            tail = ""
    return Item(item.name, item.home, item.sort, tail)


# "With food" is only understood of a product that is named.
_OF_NOBODY: Final = tuple(one for one in FREQUENCIES if one != "with food")


def _nameless(choose: Choose, treating: Sequence[str]) -> str:
    """Return what is said beside an illness of a medicine that is not named, or nothing."""
    match choose(("", "", "dose", "both", "takes", "treated", "treated")):
        case "dose":
            return choose(DOSES)
        case "both":
            return f"{choose(DOSES)} {choose(_OF_NOBODY)}"
        case "takes":
            return f"takes {choose(DOSES)} {choose(_OF_NOBODY)}"
        case "treated":
            return choose(treating)
        case _:
            return ""


def company(choose: Choose, ruleset: RuleSet) -> Company:
    """Return two items in one entry, mostly where at least one of them is at home."""
    before = ""
    match choose(("any", "any", "any", "any", "torn", "torn beside another")):
        case "any":
            first, second = _item(choose, ruleset), _item(choose, ruleset)
        case torn:
            first, second = choose(named(ruleset).torn)
            if torn == "torn beside another":
                before = _item(choose, ruleset, tails=False).name
    field = choose((first.home, second.home, first.home, choose(LISTS)))
    form = choose(FORMS)
    if form.text[3] != " " and first.text[-1].isdigit() and second.text[0].isdigit():
        form = FORMS[0]  # Digits on both sides of a sign are one number.
    if before and not form.text.startswith("{a}"):
        form = FORMS[1]
    return Company(field, first, second, form, before)


def moved(choose: Choose, ruleset: RuleSet) -> Moved:
    """Return an item and a list that is not its own."""
    item = _item(choose, ruleset)
    if item.home == "conditions":
        # What a medicine that is not named is for, only the list of illnesses understands.
        item = evolve(item, tail="")
    return Moved(item, choose([one for one in LISTS if one != item.home]))


def word_more(choose: Choose, ruleset: RuleSet) -> WordMore:
    """Return an entry of one item or two, and the same with a word more."""
    word = choose(NONSENSE)
    first = _item(choose, ruleset)
    field = choose((first.home, first.home, choose(LISTS)))
    place = choose(("end", "front", "behind the name", "between two", "end of two"))
    if place in {"between two", "end of two"}:
        second = _item(choose, ruleset)
        blank = choose((", ", " ", "\n", " • "))
        text = f"{first.text}{blank}{second.text}"
        longer = f"{text} {word}"
        if place == "between two":
            longer = f"{first.text}{blank}{word}{blank}{second.text}"
        return WordMore(field, (first, second), text, longer, place)
    longer = {
        "end": f"{first.text} {word}",
        "front": f"{word} {first.text}",
        "behind the name": f"{first.name} {word} {first.tail}".strip(),
    }[place]
    return WordMore(field, (first,), first.text, longer, place)


def tailed(choose: Choose, ruleset: RuleSet) -> Tailed:
    """Return a medicine of a class, and what may stand behind it without taking the class away."""
    known = named(ruleset)
    item = choose(known.items["medicine of a class"])
    match choose(("dose", "frequency", "both", "indication", "route", "route before")):
        case "dose":
            return Tailed(item, f"{item.name} {choose(DOSES)}", "dose")
        case "frequency":
            return Tailed(item, f"{item.name} {choose(FREQUENCIES)}", "frequency")
        case "both":
            text = f"{item.name} {choose(DOSES)} {choose(FREQUENCIES)}"
            return Tailed(item, text, "dose and frequency")
        case "indication":
            some = choose((INDICATIONS, INDICATIONS, ("of the lists",)))
            words = choose(some)
            if words == "of the lists":
                words = f"for {choose(known.items['condition']).name}"
            return Tailed(item, f"{item.name} {words}", "indication")
        case before:
            word, id_ = choose(known.routes)
            counted = frozenset(
                one.id
                for drug in known.drugs[item.name]
                for one in drug.classes
                if id_ not in one.not_by
            )
            text = f"{word} {item.name}" if before == "route before" else f"{item.name} {word}"
            return Tailed(item, text, f"{before} {id_}", counted)


def _wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def _bare(text: str) -> str:
    """Return a text without accents, where they stand on Latin letters."""
    apart = unicodedata.normalize("NFD", text)
    kept: list[str] = []
    for one in apart:
        if not (unicodedata.combining(one) and kept and kept[-1].isascii()):
            kept.append(one)
    return unicodedata.normalize("NFC", "".join(kept))


WAYS: Final[dict[str, Callable[[str], str]]] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "full width": _wide,
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
    "accents together": lambda text: unicodedata.normalize("NFC", text),
    "no accents": _bare,
    "two blanks": lambda text: text.replace(" ", "  "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "wide blanks": lambda text: text.replace(" ", "\u3000"),
    "blanks around": lambda text: f"  {text}   ",
    "line end behind": lambda text: f"{text}\n",
    "line end of Windows behind": lambda text: f"{text}\r\n",
    "line end before": lambda text: f"\n{text}",
    "tab behind": lambda text: f"{text}\t",
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
}


def reworded(choose: Choose, ruleset: RuleSet) -> Reworded:
    """Return an entry, and the same in other letters, blanks or line ends."""
    item = _item(choose, ruleset)
    way = choose(tuple(WAYS))
    text = item.text
    if way == "line ends of Windows":
        text = f"{text}\n{_item(choose, ruleset).text}"
    other = WAYS[way](text)
    if plain(other) != plain(text):  # "ß" in capitals and "ß" are not the same to everyone.
        other = text
    return Reworded(item.home, text, other, way)


_DRAWN: Final[tuple[Callable[[Choose, RuleSet], Example], ...]] = (
    company, company, company, company, moved, moved, word_more, word_more, tailed, reworded,
)  # fmt: skip


def drawn(choose: Choose, ruleset: RuleSet) -> Example:
    """Return an example of any of the laws, of the first one most often."""
    return choose(_DRAWN)(choose, ruleset)
