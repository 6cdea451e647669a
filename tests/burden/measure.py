"""What sixty reports ask of their readers: how long they are, what they say, and how often.

All that is not about lines is read off the report document. Lines are those of the plain text,
whatever its layout is: a line belongs to the finding, question, caveat, claim or silence whose
words stand on it; a line without such words belongs with the lines that it stands together with.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import mean, median
from typing import Any, Final

import msrisk
from msrisk.model.rules import Claim, Rule
from tests.burden.patients import Intake

__all__ = ["BLOOD_SUGAR", "KINDS", "LEVELS", "TOPICS", "Stream", "measured", "screen", "text"]

Document = dict[str, Any]
Figures = dict[str, Any]

LEVELS: Final = tuple(level.value for level in msrisk.Level)
KINDS: Final = (
    "findings of CAUTION and above",
    "findings of INFORM",
    "questions",
    "silences",
    "caveats",
    "claims",
    "the first screen",
    "all else",
)
"""What a line of a report can be about."""

BLOOD_SUGAR: Final = ("ala-glucose-affecting-medication", "ala-medication-may-shift-blood-sugar")
"""The rules about medicines that change blood sugar."""

TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "how little is shown, no cure": (
        "ala-evidence-evolving",
        "ala-realistic-expectations",
        "ala-not-a-replacement",
        "glutathione-hard-to-study",
        "glutathione-not-a-cure",
    ),
    "the dose depends on the person": (
        "ala-dose-individual",
        "ala-start-low",
        "ala-consult-provider",
        "ala-monitor-response",
        "ala-severe-symptoms-dose",
        "ala-liver-disease",
        "ala-older-adult",
        "ala-low-body-weight",
        "ala-claim-more-may-be-needed",
    ),
    "tell them all medicines, supplements and illnesses": (
        "ala-any-medication",
        "ala-other-supplements",
        "ala-other-condition",
        "both-supplements-together",
    ),
    "blood sugar": (
        *BLOOD_SUGAR,
        "ala-diabetes",
        "ala-lowers-blood-sugar",
        "ala-reported-low-blood-sugar",
    ),
    "signs of allergy": (
        "ala-allergic-reaction",
        "ala-serious-side-effects",
        "ala-allergy",
        "ala-reported-hives",
        "glutathione-allergic-reaction",
        "signs-of-allergy",
        "glutathione-allergy",
    ),
    "rash": (
        "ala-common-side-effects",
        "ala-reported-mild-reaction",
        "glutathione-detox-rash",
        "glutathione-reported-rash",
        "glutathione-claim-only-side-effect",
    ),
}
"""What reports say more than once, by the rules and claims that say it."""

_ORDER: Final = re.compile(
    r"\b(?:ask|talk (?:with|to)|tell|show)\b[^.?!:;]{0,60}?"
    r"\b(?:doctors?|pharmacists?|neurologist|midwife|surgeon|people who treat you|team)\b",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(r"\bbefore you (?:start|take|begin)\b", re.IGNORECASE)
# A rendering may name a rule by how its words begin; so many of them tell it from others.
_BEGINNING: Final = 60
# What a line may begin with before its words, and how many of these fit on any line.
_MARK: Final = re.compile(r"^[\W\d_]*")
_SHORTEST: Final = 20
_SAYS: Final = ("message", "question", "effect")


def text(report: msrisk.Report) -> str:
    """Return the whole report as plain text."""
    return str(report)


def screen(report: msrisk.Report) -> str:
    """Return the first screen; nothing if these reports have none."""
    render = getattr(report, "render", None)
    return str(render("text", "screen")) if render else ""


class Stream:
    """The words of a text as one line, and on which line of the text each of them stands."""

    def __init__(self, text: str) -> None:
        """Join the lines with single blanks."""
        self.lines = text.splitlines()
        parts: list[str] = []
        self._starts: list[int] = []
        length = 0
        for line in self.lines:
            words = " ".join(line.split())
            # A blank line takes no room and so never begins a piece of its own.
            self._starts.append(length)
            if words:
                parts.append(words)
                length += len(words) + 1
        self.joined = " ".join(parts)

    def found(self, words: str) -> Iterator[range]:
        """Yield the lines on which these words stand, for each time."""
        wanted = " ".join(words.split())
        if not wanted:
            return
        at = self.joined.find(wanted)
        while at >= 0:
            first, last = (self._line(one) for one in (at, at + len(wanted) - 1))
            yield range(first, last + 1)
            at = self.joined.find(wanted, at + len(wanted))

    def said(self, words: str) -> list[range]:
        """Return where a line begins with these words if one does, else wherever they stand.

        Elsewhere they may be a quotation beside something else.
        """
        places = list(self.found(words))
        begins = " ".join(words.split())[:_SHORTEST]
        return [
            one for one in places if _MARK.sub("", self.lines[one.start]).startswith(begins)
        ] or places

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1


def measured(intakes: Sequence[Intake]) -> Figures:
    """Return all figures of these patients, in JSON types."""
    profiles = [msrisk.PatientProfile.from_dict(one) for one in intakes]
    reports = [msrisk.assess(one) for one in profiles]
    alone = (text(msrisk.assess(one, packs=["texts"])) for one in profiles)
    documents: list[Document] = [report.to_dict() for report in reports]
    texts = [text(report) for report in reports]
    streams = [Stream(one) for one in texts]
    screens = [len(screen(report).splitlines()) for report in reports]
    said = [_statements(document) for document in documents]
    counted = {
        "lines of text": [len(stream.lines) for stream in streams],
        "lines by the two texts alone": [len(one.splitlines()) for one in alone],
        "words": [len(one.split()) for one in texts],
        "lines of the first screen": screens,
        "line on which the scope first stands": [
            _scope(document, stream) for document, stream in zip(documents, streams, strict=True)
        ],
        "substances assessed": [len(one["assessments"]) for one in documents],
        "findings": [_count(one, "findings") for one in documents],
        "findings of CAUTION and above": [len(_grave(one)) for one in documents],
        "open questions": [_count(one, "open_questions") for one in documents],
        "caveats": [_count(one, "caveats") for one in documents],
        "claims": [_count(one, "claims") for one in documents],
        "silences": [_count(one, "silences") for one in documents],
        "orders to ask or tell a doctor or pharmacist": [
            len(_ORDER.findall(stream.joined)) for stream in streams
        ],
        "“before you start” or “before you take”": [
            len(_BEFORE.findall(stream.joined)) for stream in streams
        ],
    }
    kinds: Counter[str] = Counter()
    for document, report, stream in zip(documents, reports, streams, strict=True):
        kinds.update(_kinds(document, stream, screen(report)))
    return {
        "ruleset": documents[0]["ruleset"]["version"],
        "digest": documents[0]["ruleset"]["digest"].removeprefix("sha256:")[:12],
        "patients": len(intakes),
        "counts": {name: _spread(numbers) for name, numbers in counted.items()},
        "lines": {kind: kinds[kind] for kind in KINDS},
        "levels": _levels(documents, "level"),
        "worst_cases": _levels(documents, "worst_case"),
        "caution_or_above": sum(bool(_grave(one)) for one in documents),
        "rules": _ordered(rule for one in said for rule in one),
        "alone": _ordered(*(one for one in map(_grave, documents) if len(one) == 1)),
        "blood_sugar": {
            rule: {
                "patients": sum(rule in one for one in said),
                "medicines": _ordered(name for one in documents for name in _behind(one, rule)),
            }
            for rule in BLOOD_SUGAR
        },
        "topics": {
            topic: _spread(times)
            for topic, ids in TOPICS.items()
            if (times := _times(documents, streams, ids))
        },
    }


def _spread(numbers: Sequence[int]) -> dict[str, float]:
    """Return median, mean, ninth tenth and greatest of some numbers."""
    ordered = sorted(numbers)
    ninth = ordered[-(-9 * len(ordered) // 10) - 1]
    return {
        "median": median(ordered),
        "mean": round(mean(ordered), 1),
        "p90": ninth,
        "max": ordered[-1],
        "reports": sum(map(bool, ordered)),
    }


def _ordered(*names: Iterable[str]) -> dict[str, int]:
    """Return how often each name comes, the commonest first and equals by name."""
    counts = Counter(name for some in names for name in some)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _count(document: Document, key: str) -> int:
    """Return how many different ones a report has, whichever substance they are said of."""
    return len(
        {one.get("rule", one.get("claim")) for of in document["assessments"] for one in of[key]}
    )


def _statements(document: Document) -> set[str]:
    """Return the rules that apply: findings and silences."""
    return {
        one["rule"]
        for of in document["assessments"]
        for key in ("findings", "silences")
        for one in of[key]
    }


def _grave(document: Document) -> set[str]:
    """Return the findings of CAUTION and above."""
    return {
        one["rule"]
        for of in document["assessments"]
        for one in of["findings"]
        if LEVELS.index(one["level"]) >= LEVELS.index("caution")
    }


def _levels(documents: Sequence[Document], key: str) -> dict[str, int]:
    counts = Counter(document[key] for document in documents)
    return {level: counts[level] for level in LEVELS}


def _behind(document: Document, rule: str) -> set[str]:
    """Return the medicines on which a finding rests."""
    return {
        because["recognised_as"] or because["text"] or because["code"]["code"]
        for of in document["assessments"]
        for finding in of["findings"]
        if finding["rule"] == rule
        for because in finding["because"]
    }


def _scope(document: Document, stream: Stream) -> int:
    """Return the line on which the report first says, in any words, what msrisk knows."""
    scope = [one for one in document["caveats"] if one["kind"] == "scope"]
    words = [one.get(key) or "" for one in scope for key in ("message", "effect")]
    found = [lines.start + 1 for one in words for lines in stream.found(one)]
    return min(found, default=0)


def _times(
    documents: Sequence[Document], streams: Sequence[Stream], ids: Sequence[str]
) -> list[int]:
    """Return how often each report that may speak of a topic says something of it."""
    rules = msrisk.RuleSet.default()
    begins: dict[str, str] = {}
    said: tuple[Rule | Claim, ...] = (*rules.rules, *rules.claims)
    for one in said:
        if one.id in ids:
            for key in _SAYS:
                words = " ".join((getattr(one, key, None) or "").split())[:_BEGINNING]
                # What begins alike in two rules is said once.
                begins.setdefault(words, one.id)
    begins.pop("", None)
    return [
        sum(
            _apart(
                [
                    lines
                    for words, id_ in begins.items()
                    if id_ == one
                    for lines in stream.found(words)
                ]
            )
            for one in ids
        )
        for document, stream in zip(documents, streams, strict=True)
        if not _ids(document).isdisjoint(ids)
    ]


def _apart(places: Sequence[range]) -> int:
    """Return how many places there are, those that touch each other as one."""
    count, end = 0, -1
    for place in sorted(places, key=lambda one: one.start):
        count += place.start > end
        end = max(end, place.stop)
    return count


def _ids(value: Any) -> set[str]:
    """Return the rules and claims that a report names."""
    if isinstance(value, dict):
        own = {value[key] for key in ("rule", "claim") if isinstance(value.get(key), str)}
        return own.union(*map(_ids, value.values()))
    return set().union(*map(_ids, value)) if isinstance(value, list) else set()


def _kinds(document: Document, stream: Stream, first: str) -> Counter[str]:
    """Return how many lines of a text are about each kind of statement."""
    kind: list[str | None] = [None] * len(stream.lines)
    for name, words in _told(document):
        for lines in stream.said(words):
            for line in lines:
                kind[line] = kind[line] or name
    begin = _first(stream, first)
    kind[:begin] = ["the first screen"] * begin
    return Counter(_filled(stream.lines[begin:], kind[begin:])) + Counter(
        {"the first screen": begin}
    )


def _first(stream: Stream, first: str) -> int:
    """Return how many lines at the beginning are the first screen."""
    lines = first.splitlines()
    return len(lines) if lines and stream.lines[: len(lines)] == lines else 0


def _told(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the words of each statement, and its kind."""
    for of in document["assessments"]:
        for one in of["findings"]:
            grave = one["rule"] in _grave(document)
            yield KINDS[0] if grave else KINDS[1], one["message"]
        for one in of["open_questions"]:
            yield "questions", one["question"]
        for one in of["silences"]:
            yield "silences", one["message"]
        for one in of["caveats"]:
            yield "caveats", one["message"]
        for one in of["claims"]:
            yield "claims", one["message"]
    for one in document["caveats"]:
        yield "caveats", one["message"]
    for one in document["unrecognised"]:
        yield "questions", one["question"]
    if document["next_question"]:
        yield "questions", document["next_question"]["question"]


def _filled(lines: Sequence[str], kinds: Sequence[str | None]) -> Iterator[str]:
    """Yield a kind for each line: what follows on one is part of it, what stands alone leads on."""
    filled = list(kinds)
    last: str | None = None
    for at, line in enumerate(lines):
        last = filled[at] or (last if line.strip() else None)
        filled[at] = last
    coming: str | None = None
    for at in reversed(range(len(lines))):
        coming = filled[at] or coming
        filled[at] = coming
    yield from (one or "all else" for one in filled)
