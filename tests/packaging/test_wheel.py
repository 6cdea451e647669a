"""The wheel alone, in an empty environment, does the main job."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import msrisk

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_installed_alone_assesses_an_example(root: Path, tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    wheel = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, root)
    run(*pip, *wheel, cwd=tmp_path)
    (built,) = tmp_path.glob("msrisk-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    run(
        python,
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
        built,
        cwd=tmp_path,
    )
    installed = json.loads(run(python, "-m", "pip", "list", "--format=json", cwd=tmp_path))
    names = {package["name"] for package in installed} - {"pip", "setuptools"}
    assert names == {"attrs", "cattrs", "msrisk", "typing_extensions"}
    example = root / "examples" / "ordinary.json"
    command = (python, "-m", "msrisk", "assess", example, "--format", "json")
    report = json.loads(run(*command, cwd=tmp_path))
    assert report["schema"] == "msrisk-report/2"
    assert report["caveats"]
    assert report["assessments"][0]["findings"]
    digest = run(python, "-m", "msrisk", "rules", "digest", cwd=tmp_path)
    assert digest == f"{msrisk.RuleSet.default().version} {msrisk.RuleSet.default().digest}\n"
    kept = tmp_path / "env" / "share" / "msrisk"
    assert kept.is_dir()
    shown = run(python, "-m", "msrisk", "rules", "show", "Synthroid", cwd=tmp_path)
    assert "file            vocabulary/drugs/H-hormones/H03-thyroid.toml:" in shown


def test_a_wheel_brings_the_kept_rules_along_if_its_builder_asks(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSRISK_KEPT_RULES", "1")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    wheel = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, root)
    run(*pip, *wheel, cwd=tmp_path)
    (built,) = tmp_path.glob("msrisk-*.whl")
    run(*pip, "install", "--no-deps", "--target", tmp_path / "site", built, cwd=tmp_path)
    code = (
        "import sys; sys.path.insert(0, 'site'); import msrisk; from msrisk import compiled\n"
        "compiled.compiled_path = lambda: sys.exit('looks elsewhere')\n"
        "print(msrisk.__file__, msrisk.RuleSet.default().digest)"
    )
    where, digest = run(sys.executable, "-c", code, cwd=tmp_path).split()
    assert Path(where).is_relative_to(tmp_path)
    assert digest == msrisk.RuleSet.default().digest
