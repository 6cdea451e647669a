"""Over any rule set, the table of the passages and the table of the statements agree."""

from __future__ import annotations

from collections import Counter

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from msrisk.accountability import account
from msrisk.accountability.text import FATES, fates_of
from msrisk.model.rules import RuleSet
from msrisk.model.sources import CONTEXTS, Citation
from msrisk.testing import rule_sets

pytestmark = pytest.mark.slow


@st.composite
def rule_sets_with_citations(draw: st.DrawFn) -> RuleSet:
    """Return rule sets whose rules cite any passages, and whose passages have any context."""
    ruleset = draw(rule_sets())
    contexts = st.sampled_from((None, *(c for c in CONTEXTS if c != "heading")))
    sources = tuple(
        evolve(s, passage=tuple(evolve(p, context=draw(contexts)) for p in s.passages))
        for s in ruleset.sources
    )
    numbers = st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True)
    ids = st.sampled_from([source.id for source in sources])
    cites = st.lists(
        st.builds(Citation, ids, st.builds(tuple, numbers))
        | st.builds(Citation, ids, whole=st.just(value=True), reason=st.just("made up")),
        min_size=1,
        max_size=3,
    )
    return evolve(
        ruleset,
        sources=sources,
        rules=tuple(evolve(rule, cites=tuple(draw(cites))) for rule in ruleset.rules),
        claims=tuple(evolve(claim, cites=tuple(draw(cites))) for claim in ruleset.claims),
    )


@given(rule_sets_with_citations())
def test_every_passage_stands_once_in_the_table_with_what_became_of_it(ruleset: RuleSet) -> None:
    made = account(ruleset)
    table = Counter((s.source, p.n) for s in made.sources for p in s.passages)
    assert table == dict.fromkeys(((s.id, p.n) for s in ruleset.sources for p in s.passages), 1)
    passages = [passage for source in made.sources for passage in source.passages]
    for passage in passages:
        fates = fates_of(passage, made.statements)
        assert fates
        assert (fates[0] is FATES[0]) is not passage.accounted_for
    assert made.accounted_for == sum(passage.accounted_for for passage in passages)
    assert (made.percentage == 100) is all(passage.accounted_for for passage in passages)


@given(rule_sets_with_citations())
def test_the_two_directions_of_the_table_agree(ruleset: RuleSet) -> None:
    made = account(ruleset)
    down = {
        (part, id_, source.source, passage.n)
        for source in made.sources
        for passage in source.passages
        for part, ids in (
            ("rule", passage.rules),
            ("claim", passage.claims),
            ("threshold", passage.thresholds),
        )
        for id_ in ids
    }
    up = {
        (one.part, one.id, ground.source, n)
        for one in made.statements
        for ground in one.grounds
        for n in ground.passages
    }
    assert down == up
    groups = (("rule", ruleset.rules), ("claim", ruleset.claims))
    told = {
        (part, one.id, citation.source, n)
        for part, group in groups
        for one in group
        for citation in one.cites
        for n in citation.passages
    }
    told |= {
        ("threshold", limit.id, citation.source, n)
        for limit in ruleset.thresholds
        for citation in limit.cites
        for n in citation.passages
    }
    assert down == told
