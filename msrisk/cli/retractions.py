"""Looks up whether references were retracted or corrected, in Crossref and in PubMed.

For maintainers with a network; nothing else in msrisk opens a connection. Crossref is asked in
both directions: what the record of a work says of its own updates, and which notices name the
work. A look-up that fails makes a reference not checked, never clean.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from attrs import frozen

from msrisk.cli.options import CROSSREF, PUBMED, TIMEOUT
from msrisk.model.evidence import Reference, Retraction

__all__ = ["Lookup", "look_up"]

_RETRACTS: Final = ("retraction", "withdrawal", "removal", "partial_retraction")
_PUBMED: Final = {
    "RetractionIn": "retraction",
    "PartialRetractionIn": "partial_retraction",
    "ErratumIn": "erratum",
    "CorrectedandRepublishedIn": "correction",
    "ExpressionOfConcernIn": "expression_of_concern",
}
_LARGEST: Final = 5_000_000


@frozen
class Lookup:
    """Where to ask, and how many seconds to wait for each answer."""

    crossref: str = CROSSREF
    pubmed: str = PUBMED
    timeout: float = TIMEOUT


class _FailedError(Exception):
    """An answer did not come, or is none."""


def look_up(one: Reference, lookup: Lookup) -> tuple[Retraction, str]:
    """Return whether a reference was retracted or corrected, and what was found, in words."""
    if not (one.doi or one.pmid):
        return Retraction.NOT_CHECKED, "it has no DOI or PMID to look up"
    try:
        notices = dict.fromkeys(_notices(one, lookup))
    except _FailedError as error:
        return Retraction.NOT_CHECKED, str(error)
    if not notices:
        return Retraction.NONE_FOUND, ""
    gone = any(kind in _RETRACTS for kind, _ in notices)
    said = "; ".join(f"{kind.replace('_', ' ')} {where}".strip() for kind, where in notices)
    return (Retraction.RETRACTED if gone else Retraction.CORRECTED), said


def _notices(one: Reference, lookup: Lookup) -> Iterator[tuple[str, str]]:
    """Yield the kind of each notice and where it stands."""
    if one.doi:
        work = _work(f"{lookup.crossref}/works/{quote(one.doi, safe='')}", lookup)
        yield from _updates(work.get("updated-by"))
        asked = urlencode({"filter": f"updates:{one.doi}", "rows": 100})
        listed = _work(f"{lookup.crossref}/works?{asked}", lookup).get("items")
        if not isinstance(listed, list):
            raise _FailedError("Crossref did not list the notices")
        for notice in listed:
            of = notice.get("update-to") if isinstance(notice, dict) else None
            for update in _tables(of):
                if str(update.get("DOI", "")).casefold() == one.doi.casefold():
                    yield from _updates([{**update, "DOI": notice.get("DOI", "")}])
    if one.pmid:
        yield from _of_pubmed(one.pmid, lookup)


def _work(url: str, lookup: Lookup) -> dict[str, object]:
    try:
        answer = json.loads(_read(url, lookup))
    except (ValueError, RecursionError):
        raise _FailedError("Crossref did not answer in JSON") from None
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict):
        raise _FailedError("Crossref did not answer with a record")
    return message


def _tables(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _updates(value: object) -> Iterator[tuple[str, str]]:
    for one in _tables(value):
        kind = str(one.get("type", "update")).casefold()
        yield re.sub(r"[\s-]+", "_", kind), str(one.get("DOI", ""))


def _of_pubmed(pmid: str, lookup: Lookup) -> Iterator[tuple[str, str]]:
    asked = urlencode({"db": "pubmed", "id": pmid, "retmode": "xml"})
    try:
        tree = ET.fromstring(_read(f"{lookup.pubmed}/efetch.fcgi?{asked}", lookup))  # noqa: S314  # its size is limited, and no entity is looked up
    except ET.ParseError:
        raise _FailedError("PubMed did not answer in XML") from None
    articles = [a for a in tree.iter("PubmedArticle") if a.findtext(".//PMID") == pmid]
    if not articles:
        raise _FailedError("PubMed did not answer with the article")
    for article in articles:
        yield from _corrections(article.iter("CommentsCorrections"))
        types = [one.text for one in article.iter("PublicationType")]
        if "Retracted Publication" in types:
            yield "retraction", ""


def _corrections(found: Iterable[ET.Element]) -> Iterator[tuple[str, str]]:
    for one in found:
        kind = _PUBMED.get(one.get("RefType", ""))
        if kind:
            number = one.findtext("PMID")
            yield kind, f"PMID {number}" if number else (one.findtext("RefSource") or "")


def _read(url: str, lookup: Lookup) -> bytes:
    try:
        with urlopen(url, timeout=lookup.timeout) as answer:  # noqa: S310  # a maintainer gives it
            body: bytes = answer.read(_LARGEST + 1)
    except (OSError, URLError, ValueError) as error:
        raise _FailedError(f"no answer: {type(error).__name__}") from None
    if len(body) > _LARGEST:
        raise _FailedError("the answer is too large")
    return body
