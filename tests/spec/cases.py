"""The semantics as data: reading the cases, and one shape for what is expected and given."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import field, frozen

from msrisk import Policy, RuleSet

__all__ = ["Case", "Chapter", "HERE", "Of", "Section", "chapters", "rules"]

HERE = Path(__file__).parent

# What a case does not say of the patient: everything was asked, and there is nothing.
_BASELINE: Mapping[str, object] = {
    "medications": "none",
    "conditions": "none",
    "allergies": "none",
    "symptoms": "none",
    "age_years": 40,
    "weight_kg": 70,
    "ms_symptoms_severe": False,
    "replacing_ms_treatment": False,
}
_REPORT_KEYS = {"caveats", "headline", "level", "next", "questions", "unrecognised", "worst_case"}


@cache
def rules() -> RuleSet:
    """Return the invented rules that every case is about."""
    return RuleSet.load(HERE / "rules")


@frozen(kw_only=True)
class Of:
    """What a case expects of one assessment; None where it does not say."""

    findings: Collection[str] = ()
    silences: Collection[str] = ()
    open: Mapping[str, list[str]] = field(factory=dict)
    level: str | None = None
    worst_case: str | None = None
    covered: bool = True
    caveats: Collection[str] | None = None
    claims: Mapping[str, Mapping[str, list[str]]] | None = None


@frozen(kw_only=True)
class Case:
    """One sentence of the semantics: a patient, and what must be answered.

    Attributes:
        says: the sentence.
        given: what the case says of the patient, as it stands in the file.
        document: the whole intake document, with what the case leaves out.
        not_asked: fields that nobody asked for.
        policy: the caller's numbers, if any.
        packs: the rule packs to use; None for all.
        report: what is expected of the report as a whole.
        of: what is expected of each assessment; empty if the case is not about them.
        refused: the places at which the profile must be refused.

    """

    says: str
    given: Mapping[str, Any]
    document: Mapping[str, Any]
    not_asked: tuple[str, ...]
    policy: Policy | None
    packs: tuple[str, ...] | None
    report: Mapping[str, Any]
    of: Mapping[str, Of]
    refused: tuple[str, ...]


@frozen(kw_only=True)
class Section:
    """One file of cases about one topic, and the substance that they mostly speak of."""

    name: str
    title: str
    about: str
    substance: str
    cases: tuple[Case, ...]


@frozen(kw_only=True)
class Chapter:
    """One folder of sections."""

    title: str
    sections: tuple[Section, ...]


def chapters() -> Iterator[Chapter]:
    """Yield all chapters in their order."""
    for folder in sorted((HERE / "semantics").iterdir()):
        words = re.sub(r"^\d+-", "", folder.name).replace("-", " ")
        sections = tuple(_section(path) for path in sorted(folder.glob("*.toml")))
        yield Chapter(title=words.capitalize(), sections=sections)


def _section(path: Path) -> Section:
    content = tomllib.loads(path.read_text("utf-8"))
    cases = content.pop("case")
    section = {key: content.pop(key) for key in ("title", "about", "substance")}
    assert not content, (path, content)
    return Section(
        name=f"{path.parent.name}/{path.stem}",
        **section,
        cases=tuple(_case(table, section["substance"]) for table in cases),
    )


def _case(table: dict[str, Any], substance: str) -> Case:
    says, given = table.pop("says"), table.pop("profile", {})
    not_asked, packs = tuple(table.pop("not_asked", ())), table.pop("packs", None)
    report, of = table.pop("report", {}), table.pop("of", {})
    refused, policy = tuple(table.pop("refused", ())), table.pop("policy", None)
    # A word that the cases do not know is a slip of the pen, and tests nothing.
    assert not table, (says, table)
    assert report.keys() <= _REPORT_KEYS, (says, report)
    assert report or of or refused, says
    document = {"supplements": [substance], **_BASELINE, **given}
    return Case(
        says=says,
        given=given,
        document={name: value for name, value in document.items() if name not in not_asked},
        not_asked=not_asked,
        policy=Policy(**policy) if policy else None,
        packs=None if packs is None else tuple(packs),
        report=report,
        of={name: Of(**expected) for name, expected in of.items()},
        refused=refused,
    )
