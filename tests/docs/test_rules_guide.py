"""What the guide to the rules shows of signatures, hooks and the workflow is as it should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from msrisk.gate.signatures import load_signatures

from .test_examples import ROOT, blocks

GUIDE = ROOT / "rules" / "README.md"


def test_the_signature_that_the_guide_shows_can_be_read(tmp_path: Path) -> None:
    (shown,) = (body for body in blocks(GUIDE, "toml") if body.startswith("[[accepted]]"))
    (tmp_path / "accepted-changes.toml").write_text(shown, "utf-8")
    (signed,) = load_signatures(tmp_path)
    assert signed.change == "settles"


def test_the_hooks_that_the_guide_names_are_there() -> None:
    shown = yaml.safe_load(blocks(GUIDE, "yaml")[0])
    (repository,) = shown["repos"]
    offered: list[dict[str, Any]] = yaml.safe_load(
        (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    )
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in offered]


def test_the_guide_calls_the_workflow_with_inputs_that_it_has() -> None:
    (job,) = yaml.safe_load(blocks(GUIDE, "yaml")[1])["jobs"].values()
    path = job["uses"].partition("msrisk/")[2].partition("@")[0]
    offered: dict[Any, Any] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    # In YAML 1.1 the key `on` is the truth value.
    assert set(job["with"]) <= set(offered[True]["workflow_call"]["inputs"])
