"""Is there a patient who …? A search over the smallest patients, docs/analysis.md."""

from msrisk.search.search import Search, TooManyError

__all__ = ["Search", "TooManyError"]
