"""Asks whether some patient loses a rule, gets it, or is spared it.

In the order of docs/analysis.md: `search` looks through the smallest patients; `ways` and
`candidates` make them; `goal` says what counts for or against one; `patient` and `products`
are what they are made of; `pair` and `seen` give one entry for all that rules cannot tell
apart, and `same_reading` finds such entries without reading each; `answers` and
`list_answers` remember what tests answer.
"""

from msrisk.search.search import Search, TooManyError

__all__ = ["Search", "TooManyError"]
