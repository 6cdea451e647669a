"""Tests of the rule set that ships with the package: what it says of worked patients."""
