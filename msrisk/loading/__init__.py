"""Loads a folder of rules as one `RuleSet`: TOML, objects, references, in this order."""

from msrisk.loading.folder import Placed, load_cases, load_ruleset, placed_in

__all__ = ["Placed", "load_cases", "load_ruleset", "placed_in"]
