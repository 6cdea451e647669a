"""The hooks and the workflow that the repository offers do what they say, step by step."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from .cli_runs import ROOT, Patch
from .git_rules import CHANGELOG, NEW_NAME, NEW_VERSION, OTHER_MESSAGE, commit, git, repository
from .rule_files import Edit

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
CHECK, GATE = HOOKS
MSRISK = (
    "${{ inputs.msrisk || format('msrisk[check] @ git+{0}/{1}@{2}', github.server_url, "
    "job.workflow_repository, job.workflow_sha) }}"
)
BASE = "${{ inputs.base || github.base_ref && format('origin/{0}', github.base_ref) || 'HEAD^' }}"


def workflow(name: str) -> dict[str, Any]:
    found: dict[Any, Any] = yaml.safe_load(
        (ROOT / ".github" / "workflows" / name).read_text("utf-8")
    )
    # In YAML 1.1 the key `on` is the truth value.
    return {"on" if key is True else key: value for key, value in found.items()}


STEPS: list[dict[str, Any]] = workflow("rules.yml")["jobs"]["rules"]["steps"]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    return repository(folder)


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: Patch) -> Path:
    """Put this `msrisk` first among the programs, and a `python` that notes what it installs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    freeze = 'printf "attrs==1\\nmsrisk @ git+here@abc\\n"'
    note = f'printf "%s\\n" "$@" > "{folder}/asked"'
    for name, line in (
        ("msrisk", f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m msrisk "$@"'),
        ("python", f'if [ "$3" = freeze ]; then {freeze}; else {note}; fi'),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


# --- The workflow ---


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_the_repository_and_nothing_else(path: Path) -> None:
    found = workflow(path.name)
    assert found["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in found["on"]
    for job in found["jobs"].values():
        assert "permissions" not in job
        assert "secrets" not in job


def test_every_action_is_pinned_to_a_major_version() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert [re.sub(r"@v\d+$", "", name) for name in used] == [
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-artifact",
    ]


def test_the_checkout_has_the_history_and_leaves_no_key_behind() -> None:
    assert STEPS[0]["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_nothing_from_outside_is_pasted_into_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_every_input_is_described_and_used() -> None:
    inputs = workflow("rules.yml")["on"]["workflow_call"]["inputs"]
    assert all(one["description"] and "default" in one for one in inputs.values())
    used = re.findall(r"inputs\.([\w-]+)", str(STEPS))
    assert set(used) == set(inputs)


def test_this_repository_calls_the_workflow_with_inputs_that_it_has() -> None:
    call = workflow("pull-request.yml")
    (job,) = call["jobs"].values()
    assert job["uses"] == "./.github/workflows/rules.yml"
    assert set(job["with"]) < set(workflow("rules.yml")["on"]["workflow_call"]["inputs"])
    assert (ROOT / job["with"]["changelog"]).is_file()
    assert job["with"]["msrisk"] == ".[check]"


def test_every_pull_request_is_looked_at() -> None:
    assert workflow("pull-request.yml")["on"] == {"pull_request": None}


def test_without_a_choice_the_revision_of_the_workflow_judges() -> None:
    # The contexts `github.workflow_*` are of the repository that calls; those of `job`, of this.
    assert [step["env"]["MSRISK"] for step in STEPS if "MSRISK" in step.get("env", {})] == [MSRISK]


class Runner:
    """Does the `run:` steps of the workflow as a server would, in a repository."""

    def __init__(self, rules: Path, /, **inputs: str) -> None:
        self.root = rules.parent
        self.temp = self.root.parent / "runner"
        self.temp.mkdir()
        self.summary = self.temp / "summary.md"
        self.inputs = inputs

    def run(self) -> int:
        """Return the exit code of the first step that fails, or 0."""
        declared = workflow("rules.yml")["on"]["workflow_call"]["inputs"]
        inputs = {name: one["default"] for name, one in declared.items()} | self.inputs
        said = {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
        said[BASE] = inputs["base"] or "HEAD^"
        said[MSRISK] = inputs["msrisk"] or "msrisk[check] @ git+https://example.org/msrisk@abc"
        for step in STEPS:
            if "run" in step:
                more = {name: said[value] for name, value in step["env"].items()}
                done = subprocess.run(
                    ["bash", "-e", "-c", step["run"]],
                    cwd=self.root,
                    env={
                        **os.environ,
                        "RUNNER_TEMP": str(self.temp),
                        "GITHUB_STEP_SUMMARY": str(self.summary),
                        **more,
                    },
                    check=False,
                )
                if done.returncode:
                    return done.returncode
        return 0

    @property
    def shown(self) -> str:
        return self.summary.read_text("utf-8")

    @property
    def patients(self) -> list[Path]:
        path = STEPS[-1]["with"]["path"].replace("${{ runner.temp }}", str(self.temp))
        return sorted(Path(path, "patients").glob("*.json"))


def change(rules: Path, *edits: Edit) -> None:
    for edit in edits:
        edit.apply(rules)
    commit(rules)


def test_a_change_without_effect_passes_and_is_summed_up(rules: Path) -> None:
    (rules / "vocabulary" / "everything.toml").rename(rules / "vocabulary" / "all.toml")
    change(rules)
    runner = Runner(rules)
    assert runner.run() == 0
    assert "compared with HEAD" in runner.shown
    assert "nothing changed" in runner.shown
    assert runner.patients == []


def test_a_change_that_nobody_signed_fails_and_is_summed_up(rules: Path) -> None:
    change(rules, NEW_NAME, NEW_VERSION)
    runner = Runner(rules, base="main^")
    assert runner.run() == 1
    assert runner.shown.startswith("# rules compared with main^\n")
    assert "Dormalot" in runner.shown
    assert "[[accepted]]" in runner.shown
    assert len(runner.patients) == 1


def test_the_changelog_is_asked_for_a_star_where_one_is_named(rules: Path) -> None:
    (rules.parent / "CHANGELOG.md").write_text(CHANGELOG.replace("★", "-"), "utf-8")
    change(rules, NEW_NAME, NEW_VERSION)
    runner = Runner(rules, changelog="CHANGELOG.md")
    assert runner.run() == 1
    assert "expected an entry with ★" in runner.shown


def test_rules_that_do_not_load_fail_and_the_problems_are_summed_up(rules: Path) -> None:
    change(rules, Edit("ruleset.toml", find='version = "1"', put="version = 1"))
    runner = Runner(rules)
    assert runner.run() == 2
    assert runner.shown.startswith("# The rules could not be compared\n\n    rules: ruleset.toml: ")


def test_what_went_wrong_is_summed_up_whatever_the_exit_code(rules: Path, programs: Path) -> None:
    (programs / "msrisk").write_text("#!/bin/sh\necho 'a: b' >&2\nexit 1\n", "utf-8")
    runner = Runner(rules)
    assert runner.run() == 1
    assert runner.shown.startswith("# The rules could not be compared\n\n    a: b\n")


def test_an_installation_that_fails_is_summed_up(rules: Path, programs: Path) -> None:
    (programs / "python").write_text("#!/bin/sh\nexit 7\n", "utf-8")
    runner = Runner(rules)
    assert runner.run() == 1
    assert runner.shown == "# msrisk could not be installed\n"


def test_the_summary_says_which_msrisk_judged(rules: Path) -> None:
    runner = Runner(rules, base="HEAD")
    assert runner.run() == 0
    assert runner.shown.endswith("\nJudged by `msrisk @ git+here@abc`.\n")


def test_rules_that_were_moved_say_where_they_were(rules: Path) -> None:
    git(rules.parent, "mv", "rules", "moved")
    commit(rules.parent)
    runner = Runner(rules, rules="moved", was="rules")
    assert runner.run() == 0
    assert "nothing changed" in runner.shown


def test_the_branch_to_compare_with_need_not_be_here(rules: Path) -> None:
    git(rules, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    change(rules, NEW_NAME, NEW_VERSION)
    runner = Runner(rules, base="trunk")
    assert runner.run() == 1
    assert runner.shown.startswith("# rules compared with origin/trunk\n")


def test_a_summary_is_cut_before_the_server_refuses_it(rules: Path, programs: Path) -> None:
    (programs / "msrisk").write_text("#!/bin/sh\nyes é | head -n 400000\nexit 1\n", "utf-8")
    runner = Runner(rules)
    assert runner.run() == 1
    assert 999_000 < runner.summary.stat().st_size < 1_001_000
    assert (
        "é\n\n**Cut here: the rest is in the artifact msrisk-rules, in gate.md.**\n" in runner.shown
    )
    assert (runner.temp / "msrisk" / "gate.md").stat().st_size == 1_200_000


def test_what_is_installed_can_be_chosen(rules: Path, programs: Path) -> None:
    change(rules, OTHER_MESSAGE, NEW_VERSION)
    Runner(rules, msrisk="msrisk[check]==9.9").run()
    asked = (programs / "asked").read_text("utf-8").splitlines()
    assert asked == ["-m", "pip", "install", "--disable-pip-version-check", "msrisk[check]==9.9"]


# --- The hooks ---


def test_the_hooks_run_commands_of_the_package_with_what_they_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for hook in HOOKS:
        assert hook["language"] == "python"
        assert hook["entry"].split()[0] in project["scripts"]
        assert hook["additional_dependencies"] == project["optional-dependencies"]["check"]
        assert hook["pass_filenames"] is False
        # Files that are only deleted are none to a pattern.
        assert hook["always_run"] is True
        assert "files" not in hook


def install(rules: Path, hook: dict[str, Any]) -> None:
    """Have git run a hook before each commit."""
    path = rules.parent / ".git" / "hooks" / "pre-commit"
    path.parent.mkdir(exist_ok=True)
    arguments = " ".join(f"'{one}'" for one in hook["args"])
    path.write_text(f"#!/bin/sh\nexec {hook['entry']} {arguments}\n", "utf-8")
    path.chmod(0o755)


def test_the_hook_that_checks_stops_a_commit_with_remarks(rules: Path) -> None:
    install(rules, CHECK)
    change(rules, OTHER_MESSAGE)
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        change(rules, Edit("cases/all.toml"))
    assert "missing-case" in stopped.value.stderr


@pytest.mark.parametrize("options", [(), ("--all",), ("--", "rules")])
def test_the_hook_that_compares_stops_a_commit_that_nobody_signed(
    rules: Path, options: tuple[str, ...]
) -> None:
    install(rules, GATE)
    NEW_VERSION.apply(rules)
    NEW_NAME.apply(rules)
    git(rules.parent, "add", "--all")
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        git(rules.parent, "commit", "--message", "Add a name", *options)
    assert "Dormalot" in stopped.value.stderr
