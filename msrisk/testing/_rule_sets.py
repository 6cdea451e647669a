"""Makes small rule sets in memory over an invented world."""

from __future__ import annotations

import hashlib

from hypothesis import strategies as st

from msrisk.model.concepts import Vocabulary
from msrisk.model.rules import (
    EVERY,
    Basis,
    Claim,
    Kind,
    Review,
    Rule,
    RuleSet,
    Substance,
)
from msrisk.model.sources import Citation
from msrisk.testing._conditions import rules
from msrisk.testing._world import FIELD_PROMPTS, SOURCES, THRESHOLDS, vocabularies

__all__ = ["rule_sets"]

_SCOPE = Rule(
    id="scope-two-texts",
    kind=Kind.SCOPE,
    basis=Basis.INFERRED,
    message="All that is known comes from two made-up texts.",
    cites=tuple(Citation(one.id, whole=True, reason="it is one of the two") for one in SOURCES),
    since="1",
    review=Review("none yet", ""),
    argument="There are no others.",
    applies_to=(EVERY,),
    pack="texts",
)
_CONDITIONAL = tuple(kind for kind in Kind if kind.level is not None)
_MOST_RULES = 5


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """Return small rule sets over an invented vocabulary, as valid as a loaded one.

    Each has the scope caveat `scope-two-texts`, at least one conditional rule that is said
    of every substance, and two or three covered substances, of which one may inherit from
    another. Conditions of every kind appear, as do caveats and claims.
    """
    bare = _bare(draw(vocabularies()), _substances(draw))
    first = draw(rules(bare, id_="rule-0", kinds=_CONDITIONAL, applies_to=(EVERY,)))
    count = draw(st.integers(min_value=0, max_value=_MOST_RULES))
    others = [draw(rules(bare, id_=f"rule-{n}")) for n in range(1, count + 1)]
    claims = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
    left_out = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
    substances = tuple(
        Substance(
            s.id,
            s.name,
            s.source,
            s.names,
            s.codes,
            s.within,
            tuple(sorted(rule.id for rule in left_out)) if s.within else (),
        )
        for s in bare.substances
    )
    return _rule_set(
        bare.vocabulary,
        substances,
        (_SCOPE, first, *others),
        tuple(_claim(first, other) for other in claims),
    )


def _substances(draw: st.DrawFn) -> tuple[Substance, ...]:
    both = (
        Substance("veritane", "veritane", "made up", names=("verit",), codes={"atc": ("Q77AA01",)}),
        Substance("lucidol", "lucidol", "made up"),
    )
    within = draw(st.sampled_from([None, (), ("lucidol",)]))
    if within is None:
        return both
    return (*both, Substance("lucidol-forte", "lucidol forte", "made up", within=within))


def _claim(first: Rule, other: Rule) -> Claim:
    # The first rule is said of every substance, so that no claim ever stands undisputed.
    return Claim(
        id=f"claim-{other.id}",
        message=f"A text denies {other.id}.",
        cites=other.cites,
        disputed_by=(first.id, other.id),
        qualified_by=(other.id,),
        applies_to=other.applies_to,
        pack="texts",
    )


def _bare(vocabulary: Vocabulary, substances: tuple[Substance, ...]) -> RuleSet:
    return _rule_set(vocabulary, substances, (), ())


def _rule_set(
    vocabulary: Vocabulary,
    substances: tuple[Substance, ...],
    rules_: tuple[Rule, ...],
    claims: tuple[Claim, ...],
) -> RuleSet:
    content = repr((vocabulary, substances, rules_, claims))
    return RuleSet(
        name="a made-up rule set",
        version="1",
        digest=f"sha256:{hashlib.sha256(content.encode()).hexdigest()}",
        packs=("texts",),
        thresholds=THRESHOLDS,
        fields=FIELD_PROMPTS,
        sources=SOURCES,
        substances=substances,
        rules=rules_,
        claims=claims,
        vocabulary=vocabulary,
    )
