"""What a client sees who knows nothing but `import msrisk`."""

from __future__ import annotations

import subprocess
import sys

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
