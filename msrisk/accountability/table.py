"""Lists what became of each sentence of each source, and what each statement rests on.

That every sentence is accounted for says that it was dealt with, not that it was
understood rightly: that is for a person who reads both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from msrisk.accountability.examined import Examined, examined
from msrisk.errors import Problem, TextError
from msrisk.model.results import Level
from msrisk.model.rules import Kind, RuleSet
from msrisk.model.sources import Citation, Passage, Source, cited_passages

__all__ = [
    "Accountability",
    "Gap",
    "Ground",
    "PassageAccount",
    "SilentTopic",
    "SourceAccount",
    "Statement",
    "account",
]

# What a text may hold between two sentences besides white space: marks of headings, lists,
# emphasis and rules. Letters, digits and all other characters belong to a sentence.
_MARKS: Final = frozenset("#*_=~>|-•")
_SHOWN: Final = 12


@frozen
class Gap:
    """Characters of a text that lie in no passage.

    Attributes:
        start: offset of the first of them, in Unicode code points.
        end: offset after the last of them.
        text: the characters; None where the text is not at hand.

    """

    start: int
    end: int
    text: str | None = field(default=None, repr=False)

    @property
    def stray(self) -> bool | None:
        """Whether it holds more than white space and marks; None where that is not known."""
        if self.text is None:
            return None
        return any(not c.isspace() and c not in _MARKS for c in self.text)


@frozen
class PassageAccount:
    """What became of one passage.

    Attributes:
        n: its number in the source, from 1.
        section: heading above it, or "(opening)".
        paragraph: its paragraph within the section, from 1; 0 for a heading.
        sentence: its sentence within the paragraph, from 1; 0 for a heading.
        where: these three in words.
        start: offset of its first character, in Unicode code points.
        end: offset after its last character.
        rules: ids of the rules that cite it.
        claims: ids of the claims that cite it.
        thresholds: ids of the thresholds that cite it.
        context: why nothing cites it; None if nothing says so.
        text: the sentence; None where the text is not at hand.

    """

    n: int
    section: str
    paragraph: int
    sentence: int
    where: str
    start: int
    end: int
    rules: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    thresholds: tuple[str, ...] = ()
    context: str | None = None
    text: str | None = field(default=None, repr=False)

    @property
    def cited(self) -> bool:
        """Whether a rule, claim or threshold names it; the whole text does not count."""
        return bool(self.rules or self.claims or self.thresholds)

    @property
    def accounted_for(self) -> bool:
        """Whether it is cited or has a context that says why not, and not both."""
        return self.cited is (self.context is None)


@frozen
class SourceAccount:
    """What became of one source, passage by passage in the order of the text.

    Attributes:
        source: its id.
        title: what it is.
        short: how a nurse would name it.
        file_sha256: digest of the text as received.
        passages: each of its passages, once.
        gaps: what lies between them; without the text not what lies behind the last.

    """

    source: str
    title: str
    short: str
    file_sha256: str
    passages: tuple[PassageAccount, ...]
    gaps: tuple[Gap, ...] = ()


@frozen
class Ground:
    """What a statement rests on in one source.

    Attributes:
        source: id of the source, or of the item of evidence.
        where: the place in words.
        passages: numbers of the passages; none if the text is cited as a whole, or evidence.
        whole: whether it is.
        reason: why the whole text is cited, or that it is evidence; empty otherwise.

    """

    source: str
    where: str
    passages: tuple[int, ...]
    whole: bool
    reason: str


@frozen
class Statement:
    """A rule, claim or threshold, and what it rests on.

    Attributes:
        part: "rule", "claim" or "threshold".
        id: its id.
        kind: the kind of a rule, such as "caution"; otherwise the same as `part`.
        level: what the rule brings; None for a caveat, claim or threshold.
        message: what it says, in the words of the rule set.
        grounds: what it rests on; empty only for a number that msrisk chose.
        chosen: why msrisk chose the number, and by what reference; empty otherwise.

    """

    part: str
    id: str
    kind: str
    level: Level | None
    message: str
    grounds: tuple[Ground, ...]
    chosen: str = ""


@frozen
class SilentTopic:
    """A topic of which a rule says that no source speaks; `grounds` are the texts read."""

    topic: str
    rule: str
    grounds: tuple[Ground, ...]


@frozen
class Accountability:
    """The whole table, both ways: from passages to statements, and from these to passages.

    Attributes:
        version: of the rule set.
        digest: of the rule set.
        clinically_reviewed: whether somebody has signed every rule.
        texts_checked: whether the digests were compared with the texts, and agreed.
        sources: what became of each passage.
        statements: what each rule, claim and threshold rests on.
        silences: topics of which a rule says that no source speaks.
        examined: what evidence makes of each rule and claim.

    """

    version: str
    digest: str
    clinically_reviewed: bool
    texts_checked: bool
    sources: tuple[SourceAccount, ...]
    statements: tuple[Statement, ...]
    silences: tuple[SilentTopic, ...]
    examined: tuple[Examined, ...] = ()

    @property
    def total(self) -> int:
        """How many passages there are."""
        return sum(len(source.passages) for source in self.sources)

    @property
    def accounted_for(self) -> int:
        """How many of them are accounted for."""
        return sum(passage.accounted_for for s in self.sources for passage in s.passages)

    @property
    def percentage(self) -> int:
        """Passages accounted for, of 100: rounded down, and 0 where there is no passage."""
        return 100 * self.accounted_for // max(self.total, 1)

    @property
    def strays(self) -> int:
        """How many gaps are known to hold more than white space and marks."""
        return sum(gap.stray is True for source in self.sources for gap in source.gaps)

    @property
    def complete(self) -> bool:
        """Whether every passage is accounted for, and no text is known to lie beside them."""
        return self.percentage == 100 and not self.strays


def account(ruleset: RuleSet, files: Mapping[str, bytes] | None = None) -> Accountability:
    """Return what became of every sentence of the sources of a rule set.

    Args:
        ruleset: the rules, with their sources.
        files: name → content of text files among which each source is looked for; None
            if the texts are not at hand.

    Raises:
        TextError: with everything in which a text is not the one of its source: a text
            that is not there, another digest, a passage that is not where it should be.

    """
    texts = {} if files is None else _texts(ruleset.sources, files)
    statements = tuple(_statements(ruleset))
    return Accountability(
        version=ruleset.version,
        digest=ruleset.digest,
        clinically_reviewed=ruleset.clinically_reviewed,
        texts_checked=files is not None,
        sources=tuple(_source(s, statements, texts.get(s.id)) for s in ruleset.sources),
        statements=statements,
        silences=tuple(
            SilentTopic(rule.id.removeprefix("silence-"), rule.id, _grounds(rule.cites, ruleset))
            for rule in ruleset.rules
            if rule.kind is Kind.SILENCE
        ),
        examined=tuple(examined(ruleset)),
    )


def _statements(ruleset: RuleSet) -> Iterator[Statement]:
    for rule in ruleset.rules:
        grounds = _grounds(rule.cites, ruleset)
        kind = rule.kind
        yield Statement("rule", rule.id, kind.value, kind.level, rule.message, grounds)
    for claim in ruleset.claims:
        grounds = _grounds(claim.cites, ruleset)
        yield Statement("claim", claim.id, "claim", None, claim.message, grounds)
    for limit in ruleset.thresholds:
        grounds = _grounds(limit.cites, ruleset)
        chosen = f"{limit.reason} ({limit.reference})" if limit.chosen else ""
        says = f"{limit.name}: {limit.quantity}"
        yield Statement("threshold", limit.id, "threshold", None, says, grounds, chosen)


def _grounds(cites: tuple[Citation, ...], ruleset: RuleSet) -> tuple[Ground, ...]:
    where = [cited.where for cited in ruleset.cited(cites)]
    return tuple(
        Ground(one.evidence, place, (), True, f"evidence, {place}")
        if one.evidence
        else Ground(one.source, place, one.passages, one.whole, one.reason)
        for one, place in zip(cites, where, strict=True)
    )


def _source(source: Source, statements: Iterable[Statement], text: str | None) -> SourceAccount:
    cited: dict[tuple[int, str], list[str]] = {}
    for one in statements:
        numbers = {n for g in one.grounds if g.source == source.id for n in g.passages}
        for n in numbers:
            cited.setdefault((n, one.part), []).append(one.id)

    def by(passage: Passage, part: str) -> tuple[str, ...]:
        return tuple(cited.get((passage.n, part), ()))

    return SourceAccount(
        source=source.id,
        title=source.title,
        short=source.short,
        file_sha256=source.file_sha256,
        passages=tuple(
            PassageAccount(
                n=p.n,
                section=p.section,
                paragraph=p.paragraph,
                sentence=p.sentence,
                where=cited_passages(source, Citation(source.id, (p.n,))).where,
                start=p.start,
                end=p.end,
                rules=by(p, "rule"),
                claims=by(p, "claim"),
                thresholds=by(p, "threshold"),
                context=p.context,
                text=None if text is None else text[p.start : p.end],
            )
            for p in source.passages
        ),
        gaps=tuple(_gaps(source, text)),
    )


def _gaps(source: Source, text: str | None) -> Iterator[Gap]:
    starts = [passage.start for passage in source.passages]
    ends = [passage.end for passage in source.passages]
    last = ends[-1] if text is None else len(text)
    for start, end in zip([0, *ends], [*starts, last], strict=True):
        if start < end:
            yield Gap(start, end, None if text is None else text[start:end])


def _texts(sources: Iterable[Source], files: Mapping[str, bytes]) -> dict[str, str]:
    """Find the text of each source and compare all of it; return them by the source's id."""
    sources = tuple(sources)
    problems: list[Problem] = []
    readable: dict[str, str] = {}
    for file in sorted(files):
        try:
            readable[file] = files[file].decode("utf-8")
        except UnicodeDecodeError as error:
            got = f"something else at byte {error.start + 1}"
            problems.append(Problem(file, "text in UTF-8", got))
    digests = {file: hashlib.sha256(files[file]).hexdigest() for file in readable}
    found: dict[str, str] = {}
    for source in sources:
        name = _file_of(source, sources, readable, digests)
        if name is None:
            expected = f"a text file with the SHA-256 {_short(source.file_sha256)}"
            problems.append(Problem(f"source `{source.id}`", expected, "none"))
            continue
        if digests[name] != source.file_sha256:
            where = f"{name}: this is not the text that the rules of `{source.id}` were made from"
            expected = f"SHA-256 {_short(source.file_sha256)}"
            problems.append(Problem(where, expected, _short(digests[name])))
        problems += _moved(source, name, readable[name])
        found[source.id] = name
    if problems:
        # Without a problem the table shows them; an error must not hide them.
        for source in (one for one in sources if one.id in found):
            name = found[source.id]
            problems += _beside(source, name, readable[name])
        raise TextError(problems)
    return {id_: readable[name] for id_, name in found.items()}


def _file_of(
    source: Source,
    sources: Iterable[Source],
    readable: Mapping[str, str],
    digests: Mapping[str, str],
) -> str | None:
    """Return the file with the digest of a source, or else the one that is most like it."""
    for name, digest in digests.items():
        if digest == source.file_sha256:
            return name
    # A text that was changed is to be named with what changed, not as one that is missing.
    others = {one.file_sha256 for one in sources}
    like = {
        name: sum(_digest(text, p) == p.sha256 for p in source.passages)
        for name, text in readable.items()
        if digests[name] not in others
    }
    best = max(like, key=lambda name: like[name], default=None)
    return best if best is not None and like[best] else None


def _moved(source: Source, name: str, text: str) -> Iterator[Problem]:
    for p in source.passages:
        at = f"source `{source.id}`: passage {p.n}"
        if p.end > len(text):
            expected = f"characters {p.start} to {p.end} of {name}"
            yield Problem(at, expected, f"a text of {len(text)} characters")
        elif _digest(text, p) != p.sha256:
            expected = f"SHA-256 {_short(p.sha256)} at characters {p.start} to {p.end} of {name}"
            yield Problem(at, expected, _short(_digest(text, p)))


def _beside(source: Source, name: str, text: str) -> Iterator[Problem]:
    moved = {p.n for p in source.passages if _digest(text, p) != p.sha256}
    for gap in _gaps(source, text):
        # Beside a passage that has moved lies a part of it, which is reported already.
        next_to = {p.n for p in source.passages if p.end == gap.start or p.start == gap.end}
        if gap.stray and not moved & next_to:
            at = f"source `{source.id}`: characters {gap.start} to {gap.end} of {name}"
            yield Problem(at, "white space and marks, or a passage", "text in no passage")


def _short(digest: str) -> str:
    return f"{digest[:_SHOWN]}…"


def _digest(text: str, passage: Passage) -> str:
    return hashlib.sha256(text[passage.start : passage.end].encode()).hexdigest()
