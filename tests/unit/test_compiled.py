"""What was loaded once is read back the same, and never where it no longer holds."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copytree

import pytest
from attrs import fields

from msrisk import compiled
from msrisk.api import shipped_rules
from msrisk.compiled import shipped_ruleset
from msrisk.loading import load_ruleset
from msrisk.model.rules import RuleSet
from msrisk.recognition.lexicon import Lexicon, lexicon_of

SMALL = Path(__file__).parent / "small_rules"
RULES = shipped_rules()


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is loaded in a folder of this test."""
    path = tmp_path / "env" / "rules.bin"
    monkeypatch.setattr(compiled, "compiled_path", lambda: path)
    monkeypatch.setattr(compiled, "SHIPPED", tmp_path / "package" / "rules.bin")
    return path


def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders that are loaded from now on."""
    found: list[Path] = []

    def loaded(folder: Path) -> RuleSet:
        found.append(folder)
        return load_ruleset(folder)

    monkeypatch.setattr("msrisk.loading.load_ruleset", loaded)
    return found


def content(ruleset: RuleSet) -> dict[str, object]:
    return {one.name: getattr(ruleset, one.name) for one in fields(RuleSet)}


# What is kept of what somebody looked up.
_READ = {"_begun", "_found", "_meant", "_above", "facts"}


def arranged(lexicon: Lexicon) -> dict[str, object]:
    parts = {**vars(lexicon), "all_names": lexicon.all_names, "codes": vars(lexicon.codes)}
    return {name: parts[name] for name in parts if name not in _READ}


@pytest.mark.slow
def test_what_is_read_back_is_the_same_object_for_object(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = shipped_ruleset(RULES)
    found = loads(monkeypatch)
    again = shipped_ruleset(RULES)
    assert found == []
    assert again is not first
    assert content(again) == content(first)
    assert arranged(lexicon_of(again)) == arranged(Lexicon(again))


def test_a_file_that_changed_is_loaded_anew(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    for path in filter(Path.is_file, SMALL.rglob("*")):
        copied = folder / path.relative_to(SMALL)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(path.read_bytes())
    before = shipped_ruleset(folder).digest
    head = folder / "ruleset.toml"
    head.write_text(head.read_text("utf-8").replace('version = "', 'version = "9'), "utf-8")
    assert shipped_ruleset(folder).digest != before


def test_a_file_that_moved_changes_nothing_but_one_of_another_name_does(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped_ruleset(SMALL)
    copytree(SMALL, tmp_path / "moved")
    found = loads(monkeypatch)
    shipped_ruleset(tmp_path / "moved")
    assert found == []
    sources = tmp_path / "moved" / "sources"
    (sources / "leaflet.toml").rename(sources / "page.toml")
    shipped_ruleset(tmp_path / "moved")
    assert found == [tmp_path / "moved"]
    assert kept.is_file()


def test_what_a_wheel_brings_along_is_read_until_a_file_changes(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = compiled.compiled(SMALL)
    compiled.SHIPPED.parent.mkdir(mode=0o755)
    compiled.SHIPPED.write_bytes(content)
    found = loads(monkeypatch)
    assert shipped_ruleset(SMALL).version
    assert found == []
    assert not kept.exists()
    changed = tmp_path / "rules"
    copytree(SMALL, changed)
    (changed / "sources" / "leaflet.toml").rename(changed / "sources" / "page.toml")
    assert shipped_ruleset(changed).version
    assert found == [changed]
    assert kept.is_file()


@pytest.mark.parametrize("spoil", [lambda all_: all_[:-1], lambda _: b"", lambda _: b"x" * 100])
def test_what_is_not_whole_is_loaded_anew(
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: object,
) -> None:
    shipped_ruleset(SMALL)
    assert callable(spoil)
    kept.write_bytes(spoil(kept.read_bytes()))
    found = loads(monkeypatch)
    shipped_ruleset(SMALL)
    assert found == [SMALL]


@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_others_can_write_is_not_read(
    kept: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    shipped_ruleset(SMALL)
    (kept if which == "file" else kept.parent).chmod(0o777)
    found = loads(monkeypatch)
    shipped_ruleset(SMALL)
    assert found == [SMALL]


def test_where_nothing_can_be_written_nothing_is_kept(kept: Path) -> None:
    kept.parent.write_text("a file in place of the folder")
    assert shipped_ruleset(SMALL).version
    assert kept.parent.is_file()


def test_it_is_kept_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert compiled.compiled_path().is_relative_to(sys.prefix)
