"""Cites the texts behind a resource: in words, and as related artifacts of a Library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from msrisk.evaluation.saying import caveats_of
from msrisk.fhir.systems import LIBRARY_TYPE, RULES, Json
from msrisk.model.kinds import Screen
from msrisk.model.results import Caveat, Report
from msrisk.model.rules import RuleSet
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words

__all__ = ["LIBRARY", "Texts", "standing_of"]

LIBRARY = "texts"
"""The id of the Library that a resource contains."""

_PAGES: Final = (
    (r"\bPMID (\d+)", "https://pubmed.ncbi.nlm.nih.gov/"),
    (r"\bDOI (10\.\S+)", "https://doi.org/"),
    (r"\b(NCT\d{8})", "https://clinicaltrials.gov/study/"),
)


def standing_of(ruleset: RuleSet) -> str:
    """Return what is said where nobody is assessed: the caveat, which rules, who reviewed them."""
    caveats = caveats_of(ruleset.rules_for(None), ruleset)
    scope = next((one for one in caveats if one.screen == Screen.SCOPE.value), caveats[0])
    titles = {one.id: one.title for one in ruleset.sources}
    parts = [
        scope.message,
        scope.action,
        f"Source: {words.sources(scope.citations, titles)}.",
        words.REVIEWED[ruleset.clinically_reviewed],
        f"Rules {ruleset.version}, {words.short_digest(ruleset.digest)}.",
    ]
    return " ".join(filter(None, parts))


class Texts:
    """The texts that a report cites, and the caveat that stands in every resource made of it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._titles: Mapping[str, str] = {one.id: one.title for one in report.sources}
        self._keys = words.keys(report)
        scope = (one for one in report.caveats if one.screen == Screen.SCOPE.value)
        self.caveat = next(scope, report.caveats[0])

    def source(self, citations: Iterable[CitedPassages]) -> str:
        """Return where something is said, in a sentence."""
        return f"Source: {words.sources(citations, self._titles)}."

    def said(self, caveat: Caveat) -> str:
        """Return a caveat on one line, with what is to be done and its source."""
        parts = (caveat.message, caveat.action, self.source(caveat.citations))
        return " ".join(filter(None, parts))

    def standing(self) -> tuple[str, ...]:
        """Return what stands in each resource: a caveat, which rules, who has reviewed them."""
        used = self.report.ruleset
        reviewed = words.REVIEWED[used.clinically_reviewed]
        rules = f"Rules {used.version}, {words.short_digest(used.digest)}."
        return self.said(self.caveat), f"{reviewed} {rules}"

    def library(self, citations: Iterable[CitedPassages]) -> Json:
        """Return a Library to be contained, with each cited place as a related artifact.

        The caveat's are among them.
        """
        used = self.report.ruleset
        every = dict.fromkeys((*citations, *self.caveat.citations))
        return {
            "resourceType": "Library",
            "id": LIBRARY,
            "version": used.version,
            "title": f"What the rules of msrisk {used.version} rest on",
            "status": "active",
            "experimental": not used.clinically_reviewed,
            "type": {"coding": [{"system": LIBRARY_TYPE, "code": "asset-collection"}]},
            "description": self.said(self.caveat),
            "relatedArtifact": [self._artifact(one) for one in every],
        }

    def _artifact(self, cited: CitedPassages) -> Json:
        return {
            "type": "citation",
            "label": words.cites([cited], self._keys),
            "display": self._titles[cited.source],
            "citation": words.sources([cited], self._titles),
            **_link(cited),
            "resource": f"{RULES}:source:{cited.source}",
        }


def _link(cited: CitedPassages) -> Json:
    """Return where an item of evidence can be read, if its identifier is of a kind with pages."""
    for sign, page in _PAGES:
        found = re.search(sign, cited.where)
        if found:
            return {"url": page + found[1]}
    return {}
