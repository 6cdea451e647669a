"""Makes the book of a rule set for those who review it."""

from msrisk.book.book import book

__all__ = ["book"]
