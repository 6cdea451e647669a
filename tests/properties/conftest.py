"""Hypothesis settings: "ci", small and the same every time; "long" and "draft", on demand."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

# Most of the time goes into reading the words of each new rule set: hence not more examples.
settings.register_profile("ci", derandomize=True, max_examples=50, deadline=None)
settings.register_profile("long", max_examples=5_000, deadline=None, print_blob=True)
# A first look while writing a property: it stops at the first example, however large.
settings.register_profile("draft", phases=[Phase.explicit, Phase.generate], deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
