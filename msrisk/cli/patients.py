"""Runs `msrisk assess` and `msrisk schema`."""

from __future__ import annotations

import argparse

from msrisk import api
from msrisk.cli.documents import exit_code, read_file, refuse_options, rendered, shown, under
from msrisk.cli.layout import Answer, or_problems, ruleset_of
from msrisk.documents import profile_from_json, schema_of
from msrisk.documents.intake import MOST_BYTES
from msrisk.documents.writing import json_text
from msrisk.errors import MsriskError, Problem
from msrisk.model.profile import PatientProfile

__all__ = ["assess", "read_profile", "schema"]


def assess(arguments: argparse.Namespace) -> Answer:
    """`msrisk assess`: from an intake to a report."""
    refuse_options(arguments, "account", "on", "patient")
    problems: list[Problem] = []
    profile = or_problems(problems, lambda: read_profile(arguments.file))
    if profile is None and arguments.rules is None:
        # The shipped rules take longer to load than a bad intake should take to be refused.
        raise MsriskError(problems)
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    if profile is None or ruleset is None:
        raise MsriskError(problems)
    with under(shown(arguments.file)):
        report = api.assess(profile, ruleset=ruleset)
    return rendered(report, arguments.format, arguments.part), exit_code(report, arguments)


def schema(arguments: argparse.Namespace) -> Answer:
    """`msrisk schema`: the JSON Schema of a document."""
    document = schema_of(arguments.document)
    return json_text(document), 0


def read_profile(name: str) -> PatientProfile:
    """Return the profile in a file, or in standard input for "-"."""
    text = read_file(name, MOST_BYTES)
    with under(shown(name)):
        profile = profile_from_json(text)
    return profile  # noqa: RET504  # not inside, where the problems of the file are named
