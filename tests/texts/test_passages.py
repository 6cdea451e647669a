"""Checks against the source texts, where the reader has them (`MSRISK_TEXTS`)."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import subprocess
from pathlib import Path

import pytest

import msrisk

pytestmark = pytest.mark.slow

FOLDER = Path(os.environ["MSRISK_TEXTS"])
TEXTS = {
    hashlib.sha256(path.read_bytes()).hexdigest(): path.read_bytes().decode("utf-8")
    for path in FOLDER.glob("*.txt")
}


def test_every_source_is_the_text_as_received(ruleset: msrisk.RuleSet) -> None:
    assert {source.file_sha256 for source in ruleset.sources} == set(TEXTS)


def test_every_passage_lies_where_the_rules_say_with_that_digest(ruleset: msrisk.RuleSet) -> None:
    for source in ruleset.sources:
        text = TEXTS[source.file_sha256]
        for passage in source.passages:
            sentence = text[passage.start : passage.end]
            assert hashlib.sha256(sentence.encode()).hexdigest() == passage.sha256
            assert sentence == sentence.strip()


def test_nothing_but_white_space_lies_between_the_passages(ruleset: msrisk.RuleSet) -> None:
    for source in ruleset.sources:
        text, end = TEXTS[source.file_sha256], 0
        for passage in source.passages:
            assert not re.search(r"\w", text[end : passage.start])
            end = passage.end
        assert not re.search(r"\w", text[end:])


def test_the_passages_are_those_of_the_list_of_all_sentences(ruleset: msrisk.RuleSet) -> None:
    with (FOLDER / "passages.tsv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file, delimiter="\t")]
    assert len(rows) == 131
    assert sorted(rows) == sorted(
        (source.id, *map(str, (p.n, p.start, p.end, p.section, p.paragraph, p.sentence)), p.sha256)
        for source in ruleset.sources
        for p in source.passages
    )


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold().replace("’", "").replace("'", ""))


@pytest.mark.parametrize("length", [8])
def test_no_run_of_words_of_the_texts_stands_in_the_repository(root: Path, length: int) -> None:
    runs = {
        tuple(words[i : i + length])
        for words in map(words_of, TEXTS.values())
        for i in range(len(words) - length + 1)
    }
    listed = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        path = root / name
        if path.suffix in {".md", ".toml", ".py", ".json", ".html", ".txt"} and path.is_file():
            words = words_of(path.read_text("utf-8"))
            here = {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
            assert not here & runs, name
