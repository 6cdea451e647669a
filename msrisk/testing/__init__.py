"""Offers Hypothesis strategies to applications that want the laws of msrisk in their tests.

    from hypothesis import given
    from msrisk.testing import profiles

    @given(profiles())
    def test_our_form_keeps_every_caveat(profile): ...

Needs the extra `testing`: `pip install "msrisk[testing]"`.
"""

from __future__ import annotations

try:
    import hypothesis as _hypothesis
except ImportError:
    raise ImportError(
        'msrisk.testing needs Hypothesis: install it with `pip install "msrisk[testing]"`'
    ) from None

from msrisk.testing._conditions import conditions, rules
from msrisk.testing._documents import intake_documents
from msrisk.testing._profiles import denials, entries, profiles
from msrisk.testing._rule_sets import rule_sets

__all__ = [
    "conditions",
    "denials",
    "entries",
    "intake_documents",
    "profiles",
    "rule_sets",
    "rules",
]

del _hypothesis
