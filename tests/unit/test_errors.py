"""Errors say where, what was expected and what came instead, and survive being passed on."""

from __future__ import annotations

import pickle

import pytest

from msrisk import errors
from msrisk.errors import (
    ConceptError,
    FhirError,
    FrameError,
    HookError,
    IntakeError,
    MsriskError,
    NothingSentError,
    PolicyError,
    Problem,
    ProfileError,
    RuleSetError,
    RuleSetWithdrawnError,
    TextError,
    UnitError,
)

KINDS = [
    ConceptError,
    FhirError,
    FrameError,
    HookError,
    IntakeError,
    NothingSentError,
    PolicyError,
    ProfileError,
    RuleSetError,
    RuleSetWithdrawnError,
    TextError,
    UnitError,
]
TWO = [Problem("a.toml: rule `b`: c", "a number", "text"), Problem("d", "some words")]


def test_a_problem_says_what_came_only_if_something_came() -> None:
    assert str(TWO[0]) == "a.toml: rule `b`: c: expected a number, got text"
    assert str(TWO[1]) == "d: expected some words"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_shows_each_of_its_problems_on_a_line(kind: type[MsriskError]) -> None:
    error = kind(iter(TWO))
    assert error.problems == tuple(TWO)
    assert str(error) == f"{TWO[0]}\n{TWO[1]}"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickling(kind: type[MsriskError]) -> None:
    again = pickle.loads(pickle.dumps(kind(TWO)))  # noqa: S301  # its own bytes
    assert type(again) is kind
    assert again.problems == tuple(TWO)
    assert str(again) == str(kind(TWO))


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_an_error_of_msrisk(kind: type[MsriskError]) -> None:
    assert issubclass(kind, MsriskError)


def test_wrong_input_is_also_what_python_calls_a_wrong_value() -> None:
    wrong = [kind for kind in KINDS if issubclass(kind, ValueError)]
    assert wrong == [kind for kind in KINDS if kind is not RuleSetWithdrawnError]


def test_an_intake_that_cannot_be_read_is_a_profile_that_cannot_be() -> None:
    assert issubclass(IntakeError, ProfileError)


def test_the_public_names_are_the_base_the_problem_and_these_kinds() -> None:
    names = {"MsriskError", "Problem", *(kind.__name__ for kind in KINDS)}
    assert errors.__all__ == sorted(names)
