"""The steps of the container file lead to a service that answers, and run as nobody special."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import venv
from pathlib import Path

import pytest


def steps(root: Path) -> list[tuple[str, str]]:
    """Return each instruction with what it is given."""
    lines = (root / "Containerfile").read_text("utf-8").splitlines()
    told = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in told]


def given(root: Path, name: str) -> list[str]:
    return [rest for one, rest in steps(root) if one == name]


def environment(root: Path) -> dict[str, str]:
    """Return the variables that are set for the process, and for the build of the wheel."""
    pairs = [part.partition("=") for rest in given(root, "ENV") for part in shlex.split(rest)]
    return {name: value for name, _, value in pairs}


def test_it_runs_as_nobody_special_and_tells_whether_it_is_up(root: Path) -> None:
    (user,) = given(root, "USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    last = [name for name, _ in steps(root)]
    # After it stopped being root it runs nothing but the service.
    assert "RUN" not in last[last.index("USER") :]
    assert last[-2:] == ["HEALTHCHECK", "CMD"]
    assert given(root, "EXPOSE") == [environment(root)["MSRISK_PORT"]]
    assert "ADD" not in last


def test_what_is_copied_is_all_that_the_wheel_is_built_from(root: Path) -> None:
    lines = (root / ".dockerignore").read_text("utf-8").splitlines()
    kept = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert [name for name in kept if not (root / name).exists()] == []
    assert given(root, "COPY")[0] == ". ."


@pytest.mark.slow
def test_its_steps_lead_to_a_service_that_answers(root: Path, tmp_path: Path) -> None:
    source, wheels, env = tmp_path / "source", tmp_path / "wheels", tmp_path / "env"
    lines = (root / ".dockerignore").read_text("utf-8").splitlines()
    source.mkdir()
    for name in (line.removeprefix("!") for line in lines if line.startswith("!")):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, source / name)
    venv.create(env, with_pip=True)
    build, install = given(root, "RUN")
    variables = {**os.environ, **environment(root), "PATH": f"{env}/bin:{os.environ['PATH']}"}
    for step in (build, install):
        command = [part.replace("/wheels", str(wheels)) for part in shlex.split(step)]
        done = subprocess.run(
            command, cwd=source, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    with socket.create_server(("127.0.0.1", 0)) as free:
        variables["MSRISK_PORT"] = str(free.getsockname()[1])
    (check,) = given(root, "HEALTHCHECK")
    (serve,) = given(root, "CMD")
    with subprocess.Popen(json.loads(serve), cwd=tmp_path, env=variables) as process:
        try:
            ask = json.loads(check[check.index("[") :])
            until = time.monotonic() + 60
            while subprocess.run(ask, env=variables, capture_output=True, check=False).returncode:
                assert time.monotonic() < until
                assert process.poll() is None
                time.sleep(0.5)
        finally:
            process.terminate()
            assert process.wait(20) in (0, -signal.SIGTERM)
