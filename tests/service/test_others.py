"""Schemathesis finds no answer that is not as the OpenAPI document says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.service.running import running


def test_the_api_answers_as_its_document_says_whatever_is_sent(tmp_path: Path) -> None:
    with running(tmp_path / "log", "--prefix", "/m") as (base, _):
        found = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
                "run",
                f"{base}/api/openapi.json",
                "--phases=coverage,fuzzing",
                "--max-examples=5",
                "--seed=1",
                "--exclude-checks=unsupported_method,positive_data_acceptance",
                "--no-color",
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    log = (tmp_path / "log").read_text("utf-8")
    assert '"fault"' not in log
