"""What a client sees who knows nothing but `import msrisk`."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable

import pytest

import msrisk


def test_all_is_sorted_and_every_name_is_there_and_documented() -> None:
    assert list(msrisk.__all__) == sorted(msrisk.__all__)
    for name in msrisk.__all__:
        assert hasattr(msrisk, name)


def test_importing_msrisk_reads_no_rule_file() -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None)\n"
        "import msrisk\n"
        "sys.exit(any(name.endswith('.toml') for name in opened))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def imported_by(code: str) -> set[str]:
    """Return the packages, and the parts of msrisk, that a process imports."""
    shown = f"{code}\nimport sys\nprint('|', *sys.modules)"
    command = [sys.executable, "-c", shown]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("|")[2].split())


def test_importing_msrisk_imports_neither_what_reads_rules_nor_what_writes_reports() -> None:
    found = imported_by("import msrisk")
    assert "msrisk.model.results" in found
    assert not found & {"cattrs", "tomllib", "msrisk.api", "msrisk.recognition", "msrisk.rendering"}


def test_an_assessment_with_the_kept_rules_imports_what_answers_and_no_more() -> None:
    msrisk.RuleSet.default()  # kept from now on
    found = imported_by("import msrisk; msrisk.assess(msrisk.PatientProfile(supplements=['NAC']))")
    assert "msrisk.evaluation" in found
    assert not found & {"cattrs", "tomllib", "tempfile", "msrisk.rendering", "msrisk.documents"}


def test_a_command_imports_no_other_command() -> None:
    found = imported_by(
        "from msrisk.cli import main; main(['assess', 'examples/nearly-empty.json'])"
    )
    assert "msrisk.cli.patients" in found
    assert not found & {"cattrs", "msrisk.cli.ask", "msrisk.diff", "msrisk.gate", "msrisk.book"}


def test_what_is_imported_later_is_listed_and_nothing_else_is_there() -> None:
    assert set(msrisk.__all__) <= set(dir(msrisk))
    found = imported_by("import msrisk; msrisk.fhir.read_bundle; msrisk.testing.profiles")
    assert {"msrisk.fhir", "msrisk.testing"} <= found & {f"msrisk.{name}" for name in dir(msrisk)}
    assert msrisk.__getattr__("fhir") is msrisk.fhir
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        msrisk.__getattr__("nothing")


def test_the_default_rule_set_is_loaded_once() -> None:
    assert msrisk.RuleSet.default() is msrisk.RuleSet.default()


def test_the_example_of_the_interface_gives_the_answer_that_it_shows() -> None:
    profile = msrisk.PatientProfile(
        supplements=["alpha lipoic acid 900 mg twice a day"],
        medications=["Synthroid 50 mcg", "Ocrevus"],
        conditions=["type 2 diabetes"],
        allergies=msrisk.NONE_REPORTED,
        age_years=67,
    )
    report = msrisk.assess(profile)
    assert report.headline == "CAUTION so far; could be URGENT: 4 questions open"
    assert report.could_reach(msrisk.Level.CONTRAINDICATED)
    assert not report.reaches(msrisk.Level.CONTRAINDICATED)
    assert {finding.rule for finding in report.assessments[0].findings} >= {
        "ala-daily-dose-above-studied",
        "ala-diabetes",
        "ala-older-adult",
        "ala-thyroid-medication",
    }


def test_a_withdrawn_rule_set_does_not_answer(ruleset: msrisk.RuleSet) -> None:
    from attrs import evolve

    from msrisk.model.rules import Withdrawal

    withdrawn = evolve(ruleset, withdrawn=Withdrawal("2026-12-01", "a wrong rule"))
    with pytest.raises(msrisk.errors.RuleSetWithdrawnError, match="a wrong rule"):
        msrisk.assess(msrisk.PatientProfile(), ruleset=withdrawn)


def test_only_packs_that_the_rule_set_has_can_be_asked_for() -> None:
    profile = msrisk.PatientProfile()
    assert msrisk.assess(profile, packs=["texts"]).ruleset.packs == ("texts",)
    with pytest.raises(msrisk.errors.ConceptError, match="packs: expected ids of rule packs"):
        msrisk.assess(profile, packs=["nonesuch"])


def test_a_policy_is_named_in_the_report_and_in_a_caveat() -> None:
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid"], age_years=62)
    policy = msrisk.Policy(thresholds={"older-adult-years": 60})
    report = msrisk.assess(profile, policy=policy)
    assert "ala-older-adult" in {f.rule for f in report.assessments[0].findings}
    assert report.policy is not None
    assert report.policy.thresholds == (("older-adult-years", 60),)
    assert any(caveat.rule == "policy" and caveat.citations for caveat in report.caveats)


def test_a_policy_that_loosens_needs_to_say_so() -> None:
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid"], age_years=66)
    with pytest.raises(msrisk.errors.PolicyError, match="older-adult-years"):
        msrisk.assess(profile, policy=msrisk.Policy(thresholds={"older-adult-years": 70}))
    loose = msrisk.Policy(thresholds={"older-adult-years": 70}, allow_weaker=True)
    assert "ala-older-adult" not in {
        f.rule for f in msrisk.assess(profile, policy=loose).assessments[0].findings
    }


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: msrisk.assess({}), "profile: expected a PatientProfile"),  # type: ignore[arg-type]  # the mistake
        (
            lambda: msrisk.assess(msrisk.PatientProfile(), ruleset="rules"),  # type: ignore[arg-type]  # the mistake
            "ruleset: expected a RuleSet",
        ),
        (lambda: msrisk.recognise(7, "medication"), "entry: expected text"),  # type: ignore[arg-type]  # the mistake
        (
            lambda: msrisk.assess(msrisk.PatientProfile()).reaches("caution"),  # type: ignore[arg-type]  # the mistake
            "level: expected a Level",
        ),
    ],
    ids=["profile", "ruleset", "entry", "level"],
)
def test_an_argument_of_the_wrong_kind_is_refused_in_words(
    mistake: Callable[[], object], message: str
) -> None:
    with pytest.raises(msrisk.errors.ConceptError, match=message):
        mistake()


def test_what_is_shared_cannot_be_changed_and_can_be_copied_and_pickled() -> None:
    found = msrisk.recognise("Synthroid", "medication")
    policy = msrisk.Policy(thresholds={"older-adult-years": 60})
    for one in (found, policy, msrisk.assess(msrisk.PatientProfile())):
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # our own bytes
        assert copy.deepcopy(one) == one
    with pytest.raises(TypeError, match="cannot be changed"):
        found.why["x"] = ("judged", "x")  # type: ignore[index]  # the mistake
    with pytest.raises(TypeError, match="cannot be changed"):
        policy.thresholds.clear()  # type: ignore[attr-defined]  # the mistake


def test_a_warning_sign_among_the_conditions_is_to_be_cleared_up() -> None:
    profile = msrisk.PatientProfile(
        supplements=["alpha lipoic acid"],
        conditions=["trouble breathing"],
        symptoms=msrisk.NONE_REPORTED,
    )
    (entry,) = msrisk.assess(profile).unrecognised
    assert (entry.field, entry.status) == ("conditions", "ambiguous")
    assert "is it there now" in entry.question
