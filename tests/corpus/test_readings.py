"""A change of the recognition code is seen in what it does to a fixed set of entries."""

from __future__ import annotations

import pytest

import msrisk
from tests.corpus.readings import FILE, readings

pytestmark = pytest.mark.slow


def test_the_corpus_is_read_as_it_was_read_before() -> None:
    kept = FILE.read_text("utf-8").splitlines()
    now = list(readings(msrisk.RuleSet.default()))
    changed = sorted(set(now) - set(kept))
    hint = "write it anew with `python -m tests.corpus.readings`, and star it in the changelog"
    assert now == kept, "\n".join([hint, *changed[:20]])
