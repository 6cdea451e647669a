"""Accounts for each sentence of the sources: what became of it, and what rests on it."""

from msrisk.accountability.table import Accountability, Gap, Ground, account

__all__ = ["Accountability", "Gap", "Ground", "account"]
