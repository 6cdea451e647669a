"""Worked patients that are missing or not so, earlier rule sets, and `msrisk rules check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from msrisk.api import shipped_rules
from msrisk.checking import Remark, check_cases, check_ruleset, compare
from msrisk.loading import load_cases
from msrisk.model.cases import Case
from msrisk.model.history import Retired, Withdrawal
from msrisk.model.rules import Kind, Review, Rule, RuleSet
from tests.unit.cli_runs import Capture, run
from tests.unit.git_rules import mended
from tests.unit.rule_files import SMALL_RULES, Edit, edited

RULES = RuleSet.load(SMALL_RULES)
SCOPE, SLEEPER = RULES.rules
INTAKE = {"supplements": ["sunroot"]}


def case(id_: str, outcome: str, **more: Any) -> Case:
    """Return a case of the one rule of the small rule set, right unless `more` says otherwise."""
    answers: dict[str, tuple[dict[str, Any], str, str]] = {
        "finding": ({"age_years": 30}, "caution", "caution"),
        "open": ({}, "undetermined", "caution"),
        "none": ({"age_years": 12, "medications": "none"}, "no-finding", "no-finding"),
    }
    known, level, worst_case = answers[outcome]
    whole = Case(
        id=id_,
        says="Somebody who takes sunroot.",
        rule="sunroot-sleeper",
        outcome=outcome,
        level=level,
        worst_case=worst_case,
        findings=("sunroot-sleeper",) * (outcome == "finding"),
        open_questions=("sunroot-sleeper",) * (outcome == "open"),
        intake={**INTAKE, **known},
    )
    return evolve(whole, **more)


ALL = tuple(case(outcome, outcome) for outcome in ("finding", "open", "none"))


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def told(ruleset: RuleSet, *cases: Case) -> list[tuple[str, str]]:
    return [(one.check, one.where) for one in check_cases(ruleset, cases)]


def test_every_conditional_rule_has_a_case_for_each_outcome() -> None:
    assert told(RULES, *ALL) == []
    assert [one.says for one in check_cases(RULES, ALL[:1])] == [
        "No worked patient shows who does not get it or for whom it is open."
    ]
    assert list(check_cases(RULES, ())) == [
        Remark(
            "missing-case",
            "rule `sunroot-sleeper`",
            "No worked patient shows who gets this or who does not get it or for whom it is open.",
            "a [[case]] of this rule with outcome = finding, none, open",
        )
    ]


@pytest.mark.parametrize("rule", ["moonroot-sleeper", "scope-leaflet"])
def test_a_case_names_a_rule_with_a_condition(rule: str) -> None:
    other = case("other", "none", rule=rule)
    (remark,) = check_cases(RULES, (*ALL, other))
    assert (remark.check, remark.where) == ("case-of-no-rule", "case `other`")
    meant = " (did you mean `sunroot-sleeper`?)" if rule == "moonroot-sleeper" else ""
    assert remark.says == (
        "“Somebody who takes sunroot.” It is a case of "
        f"`{rule}`, which is not a rule with a condition{meant}."
    )


def test_a_case_of_a_rule_that_was_replaced_names_the_one_that_stands_for_it() -> None:
    napper = evolve(SLEEPER, id="sunroot-napper", replaces=("sunroot-sleeper",))
    old = case("old", "finding")
    _, remark = check_cases(evolve(RULES, rules=(SCOPE, napper), claims=()), [old])
    assert remark.says == (
        "“Somebody who takes sunroot.” It is a case of `sunroot-sleeper`, which "
        "`sunroot-napper` replaced. Findings: not any more `sunroot-sleeper`; new "
        "`sunroot-napper`."
    )


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            {"outcome": "open"},
            (
                "The case says that sunroot-sleeper stays open; "
                "the rules now say that it does not apply."
            ),
        ),
        (
            {"outcome": "open", "worst_case": "caution"},
            (
                "The case says that sunroot-sleeper stays open: NO FINDING, CAUTION at worst; the "
                "rules now say that it does not apply: NO FINDING."
            ),
        ),
        (
            {"level": "caution", "worst_case": "caution"},
            "The case says CAUTION; the rules now say NO FINDING.",
        ),
        (
            {"level": "fine", "outcome": "well"},
            (
                "The case says that sunroot-sleeper `well`: `fine`, NO FINDING at worst; the rules "
                "now say that it does not apply: NO FINDING."
            ),
        ),
        ({"findings": ("x", "a")}, "Findings: not any more `a`, `x`."),
        ({"open_questions": ("a",)}, "Open questions: not any more `a`."),
    ],
)
def test_a_case_says_what_the_rules_answer(more: dict[str, Any], says: str) -> None:
    wrong = evolve(ALL[2], id="wrong", file="cases/odd.toml", **more)
    assert list(check_cases(RULES, (*ALL, wrong))) == [
        Remark(
            "case-not-so",
            "cases/odd.toml: case `wrong`",
            f"“Somebody who takes sunroot.” {says}",
            "if that is meant, change the case; if not, the rule",
        )
    ]


def test_of_lists_only_what_is_gone_and_what_is_new_is_told() -> None:
    wrong = evolve(ALL[0], findings=("a", "sunroot-sleeper"), open_questions=("sunroot-sleeper",))
    (remark,) = check_cases(RULES, (*ALL[1:], wrong))
    assert remark.says.endswith(
        "takes sunroot.” Findings: not any more `a`. "
        "Open questions: not any more `sunroot-sleeper`."
    )
    (remark,) = check_cases(RULES, (*ALL[1:], evolve(ALL[0], findings=())))
    assert remark.says.endswith("takes sunroot.” Findings: new `sunroot-sleeper`.")


def test_a_silence_is_what_becomes_of_its_rule() -> None:
    silent = evolve(RULES, rules=(SCOPE, evolve(SLEEPER, kind=Kind.SILENCE)))
    finding = evolve(ALL[0], level="undetermined", worst_case="undetermined")
    assert told(silent, finding)[1:] == []


def test_the_cases_of_a_withdrawn_rule_set_are_still_run() -> None:
    assert told(evolve(RULES, withdrawn=Withdrawal("2026-01-31", "a wrong rule")), *ALL) == []


def test_a_case_that_is_no_intake_is_told_with_every_problem() -> None:
    wrong = case("wrong", "none", intake={"age_years": "old", "hobbies": []})
    (remark,) = check_cases(RULES, (*ALL, wrong))
    assert (remark.check, remark.where) == ("case-not-read", "case `wrong`")
    assert "intake.hobbies: expected " in remark.says
    assert "; intake.age_years: expected " in remark.says


def test_a_case_that_denies_what_nobody_knows_is_told_by_its_place() -> None:
    wrong = case("wrong", "none", intake={"supplements": "none", "denied": ["foozumab"]})
    (remark,) = check_cases(RULES, (*ALL, wrong))
    assert (remark.check, remark.where) == ("case-not-read", "case `wrong`")
    assert "intake.denied[0]: expected the id of a condition" in remark.says


@pytest.mark.slow
def test_the_shipped_cases_pass(ruleset: RuleSet) -> None:
    assert list(check_cases(ruleset, load_cases(shipped_rules()))) == []


# --- Beside an earlier rule set ---


def compared(old: RuleSet, new: RuleSet) -> list[tuple[str, str]]:
    return [(one.check, one.where) for one in compare(old, new)]


def test_nothing_is_lost_between_a_rule_set_and_itself() -> None:
    assert compared(RULES, RULES) == []


def test_an_id_that_is_gone_is_retired_or_replaced() -> None:
    gone = evolve(RULES, rules=(SCOPE,), claims=(), thresholds=())
    assert compared(RULES, gone) == [
        ("lost-id", "threshold `grown-up-years`"),
        ("lost-id", "threshold `most-a-day`"),
        ("lost-id", "claim `sunroot-claim-harmless`"),
        ("lost-id", "rule `sunroot-sleeper`"),
    ]
    accounted = evolve(
        gone,
        rules=(SCOPE, evolve(SLEEPER, id="sunroot-napper", replaces=("sunroot-sleeper",))),
        retired=(
            *RULES.retired,
            *(
                Retired(id_, "2", "no longer needed")
                for id_ in ("grown-up-years", "most-a-day", "sunroot-claim-harmless")
            ),
        ),
    )
    assert compared(RULES, accounted) == []


def test_a_retired_id_stays_retired() -> None:
    assert compared(RULES, evolve(RULES, retired=())) == [("lost-id", "retired `sunroot-dozer`")]


def test_an_id_does_not_come_back_as_something_else() -> None:
    claim = evolve(RULES.claims[0], id="scope-leaflet")
    rules = evolve(RULES, claims=(*RULES.claims, claim))
    assert compared(RULES, rules) == [("reused-id", "claim `scope-leaflet`")]


def test_another_content_has_another_version() -> None:
    changed = evolve(RULES, digest="sha256:1")
    assert compared(RULES, changed) == [("same-version", "ruleset.toml: version")]
    assert compared(RULES, evolve(changed, version="2")) == []


def test_a_rule_that_has_changed_is_signed_anew() -> None:
    def rules(rule: Rule) -> RuleSet:
        return evolve(RULES, rules=(SCOPE, rule))

    signed = evolve(SLEEPER, review=Review("neurologist", "2026-01-31"))
    changed = evolve(signed, message="You may doze.")
    again = evolve(changed, review=Review("neurologist", "2026-02-28"))
    stale = [("old-signature", "rule `sunroot-sleeper`: review")]
    assert compared(rules(signed), rules(changed)) == stale
    for old, new in ((signed, again), (signed, signed), (SLEEPER, changed)):
        assert compared(rules(old), rules(new)) == []
    unsigned = evolve(SLEEPER, message="You may doze.")
    assert compared(RULES, rules(unsigned)) == []


# --- The command ---


@pytest.mark.slow
def test_the_shipped_rules_have_no_remarks_and_that_is_no_approval(
    capsys: Capture, ruleset: RuleSet
) -> None:
    code, out, err = run(capsys, "rules", "check")
    assert (code, err) == (0, "")
    assert "0 remarks" in out.replace("\n", " ")
    rules = len(ruleset.rules)
    assert f"nobody has signed {rules} of {rules} rules" in out
    assert "no check can tell whether a rule is right" in out


def test_remarks_are_printed_with_their_place_and_end_with_1(
    capsys: Capture, tmp_path: Path
) -> None:
    code, out, err = run(capsys, "rules", "check", "--rules", str(edited(tmp_path)))
    assert (code, err) == (1, "")
    assert "threshold `most-a-day`\n  check           unused-threshold\n" in out
    assert "rule `sunroot-sleeper`\n  check           missing-case\n" in out


def test_one_remark_is_one_remark(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("msrisk.checking.check_cases", lambda *_: list(check_cases(RULES, ALL[:2])))
    code, out, _ = run(capsys, "rules", "check", "--rules", str(mended(tmp_path)))
    assert code == 1
    assert out.replace("\n", " ").count(" 1 remark ") == 1


def test_the_folder_that_was_read_is_named(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(edited(tmp_path).parent)
    root = str(tmp_path / "rules")
    for named in (["rules"], ["--rules", "rules"]):
        code, out, _ = run(capsys, "rules", "check", *named)
        assert code == 1
        assert f"read the folder rules ({root})" in unwrapped(out)
        assert "not read" not in out


@pytest.fixture
def _no_remarks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check nothing: the shipped rules take seconds, and what was read is said all the same."""
    monkeypatch.setattr("msrisk.cli.check.remarks_on", lambda *_: [])


@pytest.mark.usefixtures("_no_remarks")
@pytest.mark.parametrize("near", [".", "rules"])
def test_a_rule_set_that_lies_here_and_was_not_read_is_named(
    near: str, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = edited(tmp_path)
    monkeypatch.chdir(root if near == "." else tmp_path)
    out = unwrapped(run(capsys, "rules", "check")[1])
    assert "read the rules of the package, because no folder was named" in out
    assert f"not read the folder {near} ({root}); `msrisk rules check {near}` would" in out
    out = unwrapped(run(capsys, "rules", "check", str(SMALL_RULES))[1])
    assert f"not read the folder {near} ({root}); `msrisk rules check {near}` would" in out


@pytest.mark.usefixtures("_no_remarks")
def test_the_rules_of_the_package_are_named_so(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = run(capsys, "rules", "check")[1]
    assert "  read            the rules of the package\n" in out
    assert "not read" not in out


def test_what_was_not_looked_at_for_years_is_named_and_is_no_remark(
    capsys: Capture, tmp_path: Path
) -> None:
    long_ago = Edit("evidence/naps.toml", 'on = "2026-01-31"', 'on = "2001-01-31"')
    root = str(edited(tmp_path, [long_ago]))
    _, out, _ = run(capsys, "rules", "check", root)
    said = "old 1 reference last looked at over 2 years ago: nap-trial"
    assert said in unwrapped(out)
    _, out, _ = run(capsys, "rules", "check", root, "--format", "json")
    assert "nap-trial" not in {one["where"] for one in json.loads(out)["remarks"]}


def test_only_one_folder_is_checked(capsys: Capture) -> None:
    rules = str(SMALL_RULES)
    assert run(capsys, "rules", "check", rules, "--rules", rules) == (
        2,
        "",
        "DIR: expected one folder to check, in place of --rules, got both\n",
    )


def test_remarks_as_json_name_the_rule_set_and_hold_all_of_each(
    capsys: Capture, tmp_path: Path
) -> None:
    root = edited(tmp_path)
    code, out, err = run(capsys, "rules", "check", "--rules", str(root), "--format", "json")
    document = json.loads(out)
    assert (code, err, document["schema"]) == (1, "", "msrisk-check/1")
    assert document["folder"] == str(root)
    assert document["ruleset"] == {
        "name": RULES.name,
        "version": RULES.version,
        "digest": RULES.digest,
        "rules": 2,
        "unsigned": 2,
    }
    remarks = [Remark(**one) for one in document["remarks"]]
    assert remarks == [*check_ruleset(RULES), *check_cases(RULES, ())]


def test_an_earlier_rule_set_is_compared_when_it_is_named(capsys: Capture, tmp_path: Path) -> None:
    edit = Edit("ruleset.toml", 'id = "sunroot-dozer"', 'id = "sunroot-napper"')
    root = edited(tmp_path, [edit])
    old = str(SMALL_RULES)
    _, out, _ = run(capsys, "rules", "check", "--rules", str(root), "--against", old)
    assert "retired `sunroot-dozer`\n  check           lost-id\n" in out
    assert "lost-id" not in run(capsys, "rules", "check", "--rules", str(root))[1]


def test_what_does_not_load_ends_with_2_and_all_problems(capsys: Capture, tmp_path: Path) -> None:
    root = edited(tmp_path, [Edit("cases/odd.toml", content="[[odd]]\n")])
    missing = "no such folder: expected the folder of a rule set"
    again = ["rules", "check", "--rules", str(tmp_path / "no"), "--against", str(tmp_path / "none")]
    assert run(capsys, *again) == (
        2,
        "",
        f"{tmp_path / 'no'}: {missing}\n{tmp_path / 'none'}: {missing}\n",
    )
    code, out, err = run(capsys, "rules", "check", "--rules", str(root))
    assert (code, out) == (2, "")
    assert err.startswith("cases/odd.toml: odd: expected one of [[case]]")
