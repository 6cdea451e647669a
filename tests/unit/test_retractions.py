"""The look-up of retractions, against a server of one's own that answers like the real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote_plus

import pytest

from msrisk.cli.retractions import Lookup, look_up
from msrisk.model.evidence import Retraction

from .cli_runs import Capture, run
from .rule_files import Edit, edited
from .test_evidence import reference

Answers = dict[str, tuple[int, str]]
ARTICLE = "<PubmedArticle><PMID>123</PMID>{}</PubmedArticle>"


def crossref(**message: object) -> str:
    return json.dumps({"status": "ok", "message": message})


def pubmed(inside: str = "") -> str:
    return f"<PubmedArticleSet>{ARTICLE.format(inside)}</PubmedArticleSet>"


WORK, LIST, FETCH = "/works/", "/works?", "/efetch.fcgi"
CLEAN: Answers = {
    WORK: (200, crossref(DOI="10.1234/naps")),
    LIST: (200, crossref(items=[])),
    FETCH: (200, pubmed()),
}


@pytest.fixture
def answers() -> Answers:
    return dict(CLEAN)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def lookup(answers: Answers, asked: list[str]) -> Iterator[Lookup]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(unquote_plus(self.path))
            code, body = next(answers[one] for one in answers if self.path.startswith(one))
            self.send_response(code)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    yield Lookup(url, url, 5)
    server.shutdown()
    thread.join()
    server.server_close()


def test_where_no_notice_is_found_both_directions_and_pubmed_were_asked(
    lookup: Lookup, asked: list[str]
) -> None:
    assert look_up(reference(pmid="123"), lookup) == (Retraction.NONE_FOUND, "")
    assert [path.partition("&")[0] for path in asked] == [
        "/works/10.1234/naps",
        "/works?filter=updates:10.1234/naps",
        "/efetch.fcgi?db=pubmed",
    ]


@pytest.mark.parametrize(
    ("place", "body", "found"),
    [
        (
            WORK,
            crossref(**{"updated-by": [{"type": "retraction", "DOI": "10.1/notice"}]}),
            (Retraction.RETRACTED, "retraction 10.1/notice"),
        ),
        (
            LIST,
            crossref(
                items=[
                    {
                        "DOI": "10.1/notice",
                        "update-to": [
                            {"type": "correction", "DOI": "10.1234/NAPS"},
                            {"type": "retraction", "DOI": "10.1234/other"},
                        ],
                    },
                    {"DOI": "10.1/other"},
                ]
            ),
            (Retraction.CORRECTED, "correction 10.1/notice"),
        ),
        (
            FETCH,
            pubmed(
                '<CommentsCorrections RefType="RetractionIn"><PMID>9</PMID></CommentsCorrections>'
                '<CommentsCorrections RefType="CommentIn"><PMID>8</PMID></CommentsCorrections>'
            ),
            (Retraction.RETRACTED, "retraction PMID 9"),
        ),
        (
            FETCH,
            pubmed(
                '<CommentsCorrections RefType="ErratumIn"><RefSource>Naps 2</RefSource>'
                "</CommentsCorrections>"
            ),
            (Retraction.CORRECTED, "erratum Naps 2"),
        ),
        (
            FETCH,
            pubmed("<PublicationType>Retracted Publication</PublicationType>"),
            (Retraction.RETRACTED, "retraction"),
        ),
    ],
)
def test_a_notice_is_found_from_either_side(
    place: str, body: str, found: tuple[Retraction, str], lookup: Lookup, answers: Answers
) -> None:
    answers[place] = (200, body)
    assert look_up(reference(pmid="123"), lookup) == found


# --- Answers in the shape that the services give them, with all that nobody reads ---

AS_CROSSREF_WORK = """
{"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": {
  "indexed": {"date-parts": [[2026, 1, 3]], "date-time": "2026-01-03T10:00:00Z"},
  "reference-count": 2, "publisher": "Naps Press", "issue": "1", "type": "journal-article",
  "created": {"date-parts": [[1999, 1, 1]], "timestamp": 915148800000},
  "title": ["RETRACTED: Sunroot and naps"], "author": [{"given": "S", "family": "Somebody"}],
  "updated-by": [
    {"updated": {"date-parts": [[2004, 3, 6]], "date-time": "2004-03-06T00:00:00Z",
     "timestamp": 1078531200000}, "DOI": "10.1234/naps.erratum", "type": "erratum",
     "source": "publisher", "label": "Erratum"},
    {"updated": {"date-parts": [[2010, 2, 6]], "date-time": "2010-02-06T00:00:00Z",
     "timestamp": 1265414400000}, "DOI": "10.1234/naps.notice", "type": "Retraction",
     "source": "retraction-watch", "label": "Retraction", "record-id": 4567}],
  "DOI": "10.1234/naps", "prefix": "10.1234", "relation": {}, "ISSN": ["0000-0000"]}}
"""
AS_CROSSREF_LIST = """
{"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": {
  "facets": {}, "total-results": 1, "items": [
    {"publisher": "Naps Press", "type": "journal-article", "DOI": "10.1234/naps.notice",
     "title": ["Retraction: Sunroot and naps"],
     "update-to": [{"updated": {"date-parts": [[2010, 2, 6]], "timestamp": 1265414400000},
       "DOI": "10.1234/naps", "type": "retraction", "source": "publisher",
       "label": "Retraction"}]}],
  "items-per-page": 100, "query": {"start-index": 0, "search-terms": null}}}
"""
AS_PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">123</PMID><DateCompleted><Year>1999</Year></DateCompleted>
<Article PubModel="Print"><ArticleTitle>Sunroot and naps.</ArticleTitle><PublicationTypeList>
<PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList>
</Article>
<CommentsCorrectionsList>
<CommentsCorrections RefType="CommentIn"><RefSource>Naps. 1999;2:3</RefSource>
<PMID Version="1">124</PMID></CommentsCorrections>
<CommentsCorrections RefType="RetractionIn"><RefSource>Naps. 2010 Feb 6;3:4</RefSource>
<PMID Version="1">456</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">123</ArticleId>
<ArticleId IdType="doi">10.1234/naps</ArticleId></ArticleIdList><ReferenceList><Reference>
<ArticleIdList><ArticleId IdType="pubmed">99</ArticleId></ArticleIdList></Reference></ReferenceList>
</PubmedData></PubmedArticle></PubmedArticleSet>
"""


@pytest.mark.parametrize(
    ("place", "body", "says"),
    [
        (WORK, AS_CROSSREF_WORK, "erratum 10.1234/naps.erratum; retraction 10.1234/naps.notice"),
        (LIST, AS_CROSSREF_LIST, "retraction 10.1234/naps.notice"),
        (FETCH, AS_PUBMED, "retraction PMID 456; retraction"),
    ],
)
def test_a_retraction_is_read_in_the_shape_in_which_each_service_tells_it(
    place: str, body: str, says: str, lookup: Lookup, answers: Answers
) -> None:
    answers[place] = (200, body)
    assert look_up(reference(pmid="123"), lookup) == (Retraction.RETRACTED, says)


@pytest.mark.parametrize("place", [WORK, LIST, FETCH])
@pytest.mark.parametrize("code", [403, 404, 429, 500, 503])
def test_a_service_that_refuses_leaves_a_reference_not_checked(
    place: str, code: int, lookup: Lookup, answers: Answers
) -> None:
    answers[place] = (code, "no")
    assert look_up(reference(pmid="123"), lookup)[0] is Retraction.NOT_CHECKED


@pytest.mark.parametrize(
    ("place", "answer", "says"),
    [
        (WORK, (404, "no"), "no answer: HTTPError"),
        (WORK, (200, "<html>"), "Crossref did not answer in JSON"),
        (WORK, (200, "[]"), "Crossref did not answer with a record"),
        (LIST, (200, crossref(items=None)), "Crossref did not list the notices"),
        (FETCH, (200, "{}"), "PubMed did not answer in XML"),
        (FETCH, (200, "<PubmedArticleSet/>"), "PubMed did not answer with the article"),
        (FETCH, (200, " " * 5_000_001), "the answer is too large"),
    ],
)
def test_a_failed_look_up_is_not_checked_and_never_clean(
    place: str, answer: tuple[int, str], says: str, lookup: Lookup, answers: Answers
) -> None:
    answers[place] = answer
    assert look_up(reference(pmid="123"), lookup) == (Retraction.NOT_CHECKED, says)


def test_what_has_no_number_to_look_up_is_not_checked(lookup: Lookup, asked: list[str]) -> None:
    found, says = look_up(reference(doi="", number="a leaflet"), lookup)
    assert (found, asked) == (Retraction.NOT_CHECKED, [])
    assert "no DOI" in says


def test_one_number_alone_is_enough(lookup: Lookup, asked: list[str]) -> None:
    assert look_up(reference(doi="", pmid="123"), lookup)[0] is Retraction.NONE_FOUND
    assert look_up(reference(), lookup)[0] is Retraction.NONE_FOUND
    assert len(asked) == 3


def test_the_command_says_what_is_new_and_changes_nothing(
    capsys: Capture, lookup: Lookup, answers: Answers, tmp_path: Path
) -> None:
    where = ("--crossref", lookup.crossref, "--pubmed", lookup.pubmed, "--timeout", "5")
    rules = ("rules", "retractions", "--rules", str(edited(tmp_path, evidence=True)))
    code, out, _ = run(capsys, *rules, *where)
    assert code == 0
    assert "1 references" in out
    assert "0 could not be" in out
    answers[WORK] = (200, crossref(**{"updated-by": [{"type": "retraction", "DOI": "10.1/n"}]}))
    code, out, _ = run(capsys, *rules, *where)
    assert code == 1
    assert "reference `nap-trial`: PMID 123" in out
    assert "retraction 10.1/n" in out


def test_what_the_rules_show_already_is_not_new(
    capsys: Capture, lookup: Lookup, answers: Answers, tmp_path: Path
) -> None:
    root = edited(
        tmp_path,
        [Edit("evidence/naps.toml", 'note = "the second table"', 'note = "correction 10.1/n"')],
    )
    answers[WORK] = (200, crossref(**{"updated-by": [{"type": "correction", "DOI": "10.1/n"}]}))
    where = ("--crossref", lookup.crossref, "--pubmed", lookup.pubmed)
    code, out, _ = run(capsys, "rules", "retractions", "--rules", str(root), *where)
    assert code == 0
    assert "0 not as the rules have it" in out


def test_where_nothing_can_be_looked_up_the_command_does_not_end_as_if_all_were_clean(
    capsys: Capture, tmp_path: Path
) -> None:
    where = ("--crossref", "http://127.0.0.1:9", "--pubmed", "http://127.0.0.1:9", "--timeout", "1")
    rules = ("rules", "retractions", "--rules", str(edited(tmp_path, evidence=True)))
    code, out, _ = run(capsys, *rules, *where)
    assert code == 1
    assert "1 could not be, which does not make them clean" in out
