"""Schemathesis finds no answer that is not as the OpenAPI document says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.running import running

# What takes an intake document. To cover its schema takes Schemathesis minutes, since its texts
# have patterns; other tests spoil such documents by hand.
INTAKE = ("/api/assess", "/api/next-question")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("others")


@pytest.fixture(scope="module")
def base(kept: Path) -> Iterator[str]:
    with running(kept / "log", "--prefix", "/m") as (address, _):
        yield address


@pytest.mark.parametrize(
    ("phases", "where"), [("coverage,fuzzing", "--exclude-path"), ("fuzzing", "--include-path")]
)
def test_the_api_answers_as_its_document_says_whatever_is_sent(
    base: str, kept: Path, phases: str, where: str
) -> None:
    found = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
            "run",
            f"{base}/api/openapi.json",
            f"--phases={phases}",
            *(f"{where}={path}" for path in INTAKE),
            "--max-examples=4",
            "--seed=1",
            "--exclude-checks=unsupported_method,positive_data_acceptance",
            "--no-color",
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=kept,
    )
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    log = (kept / "log").read_text("utf-8")
    assert '"fault"' not in log
