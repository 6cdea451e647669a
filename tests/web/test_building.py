"""`msrisk web build` writes a page that has all it needs beside it, and says what it lacks."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
import tarfile
import types
from base64 import urlsafe_b64encode
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from msrisk.web import wheels
from msrisk.web.building import POLICY, PYODIDE
from msrisk.web.page import files
from tests.unit.cli_runs import Capture, Patch, run

CORE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
    "package.json",
)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: Patch) -> None:
    """Have rules that take no time to keep, and archives that take none to pack."""
    monkeypatch.setattr(wheels, "compiled", lambda folder: folder.name.encode())
    monkeypatch.setattr(wheels, "ZIP_DEFLATED", ZIP_STORED)


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    """Return a folder with files by the names of those of Pyodide."""
    folder = tmp_path / "package"
    folder.mkdir()
    for name in CORE:
        (folder / name).write_text(name)
    return folder


def built(capsys: Capture, target: Path, pyodide: Path) -> str:
    code, out, err = run(capsys, "web", "build", str(target), "--pyodide", str(pyodide))
    assert (code, err) == (0, "")
    assert str(target) in out
    return (target / "index.html").read_text("utf-8")


def test_all_that_the_page_names_lies_beside_it(
    capsys: Capture, tmp_path: Path, pyodide: Path
) -> None:
    target = tmp_path / "out"
    page = built(capsys, target, pyodide)
    found = re.findall(r'(?:src|href)="([^"#?,]+)[?"]', page)
    (given,) = re.findall(r'data-wheels="([^"]+)"', page)
    assert found == ["./page.css", "./page.js"]
    assert len(given.split()) == 7
    for name in (*found, *given.split(), "worker.js"):
        assert (target / name).stat().st_size
    assert {path.name for path in (target / "pyodide").iterdir()} == set(CORE)


def test_the_page_is_that_of_no_answer_under_a_policy_without_inline_script(
    capsys: Capture, tmp_path: Path, pyodide: Path
) -> None:
    page = built(capsys, tmp_path / "out", pyodide)
    assert '<html lang="en">' in page
    assert '<html lang="de">' in (tmp_path / "out" / "de.html").read_text("utf-8")
    assert f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">' in page
    assert "Without it nothing is checked." in page
    assert "unsafe-inline" not in POLICY
    assert "form-action 'none'" in POLICY
    assert re.search(r"<script[^>]*>[^<]", page) is None


def test_the_script_that_asks_in_place_of_a_server_stands_before_that_of_the_page(
    capsys: Capture, tmp_path: Path, pyodide: Path
) -> None:
    built(capsys, tmp_path / "out", pyodide)
    script = (tmp_path / "out" / "page.js").read_text("utf-8")
    own = files()["page.js"]
    assert script.endswith(own)
    assert "window.msrisk = { respond };" in script.removesuffix(own)
    style = (tmp_path / "out" / "page.css").read_text("utf-8")
    assert "position: fixed" in style.removeprefix(files()["page.css"])


def test_of_the_same_files_it_is_always_the_same(
    capsys: Capture, tmp_path: Path, pyodide: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for target in (first, second):
        built(capsys, target, pyodide)
    names = [path.relative_to(first) for path in sorted(first.rglob("*")) if path.is_file()]
    assert len(names) > len(CORE)
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_a_wheel_holds_what_its_record_says_and_nothing_compiled() -> None:
    for name, content in (wheels.own_wheel(), wheels.wheel("markupsafe")):
        with ZipFile(io.BytesIO(content)) as archive:
            held = {one: archive.read(one) for one in archive.namelist()}
        (record,) = (one for one in held if one.endswith("/RECORD"))
        rows = list(csv.reader(io.StringIO(held[record].decode())))
        assert {path for path, _, _ in rows} == held.keys()
        for path, digest, size in rows:
            if path != record:
                made = urlsafe_b64encode(sha256(held[path]).digest()).rstrip(b"=").decode()
                assert (digest, size) == (f"sha256={made}", str(len(held[path])))
        assert {"METADATA", "WHEEL"} <= {Path(path).name for path in held}
        assert not {".so", ".pyd", ".pyc"} & {Path(path).suffix for path in held}
        assert name.endswith("-py3-none-any.whl")


def test_the_wheel_of_msrisk_brings_the_rules_along_as_they_are_kept() -> None:
    name, content = wheels.own_wheel()
    assert name == f"msrisk-{version('msrisk')}-py3-none-any.whl"
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("msrisk/rules.bin") == b"rules"
        assert {"msrisk/rules/ruleset.toml", "msrisk/web/alone/worker.js"} <= {*archive.namelist()}


def test_of_data_by_locale_only_that_of_the_languages_of_the_page_goes_along() -> None:
    _, content = wheels.wheel("babel", ("root", "de"))
    with ZipFile(io.BytesIO(content)) as archive:
        held = {Path(name) for name in archive.namelist()}
    assert {one.stem for one in held if one.match("locale-data/*.dat")} == {"root", "de"}
    assert Path("babel/global.dat") in held


def test_what_a_package_needs_goes_along_once() -> None:
    found = wheels.names_needed(["cattrs", "attrs"])
    assert found == ["cattrs", "attrs", "typing_extensions"]


def test_without_a_package_that_goes_along_it_says_which_extra_has_it(
    capsys: Capture, tmp_path: Path, pyodide: Path, monkeypatch: Patch
) -> None:
    def none(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(wheels, "distribution", none)
    code, out, err = run(capsys, "web", "build", str(tmp_path / "out"), "--pyodide", str(pyodide))
    assert (code, out) == (2, "")
    assert err.startswith("attrs: expected installed")
    assert "pip install 'msrisk[web]'" in err
    assert not (tmp_path / "out").exists()


def test_without_the_extra_it_says_which_one_to_install(
    capsys: Capture, tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setitem(sys.modules, "msrisk.web.building", None)
    code, out, err = run(capsys, "web", "build", str(tmp_path / "out"))
    assert (code, out) == (2, "")
    assert "pip install 'msrisk[web]'" in err


def test_nothing_is_written_over(capsys: Capture, tmp_path: Path, pyodide: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    for name in ("file", "full"):
        code, out, err = run(
            capsys, "web", "build", str(tmp_path / name), "--pyodide", str(pyodide)
        )
        assert (code, out) == (2, "")
        assert "nothing is overwritten" in err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["file"]
    (tmp_path / "empty").mkdir()
    built(capsys, tmp_path / "empty", pyodide)


def test_every_file_of_pyodide_that_is_not_there_is_named(
    capsys: Capture, tmp_path: Path, pyodide: Path
) -> None:
    for name in CORE[:2]:
        (pyodide / name).unlink()
    code, _, err = run(capsys, "web", "build", str(tmp_path / "out"), "--pyodide", str(pyodide))
    assert code == 2
    assert [line.split(":")[0] for line in err.splitlines()] == [
        str(pyodide / name) for name in CORE[:2]
    ]
    assert PYODIDE in err


def test_a_folder_that_cannot_be_written_to_is_named(
    capsys: Capture, tmp_path: Path, pyodide: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    target = tmp_path / "file" / "out"
    code, _, err = run(capsys, "web", "build", str(target), "--pyodide", str(pyodide))
    assert code == 2
    assert str(target) in err
    assert "Traceback" not in err


def npm(monkeypatch: Patch, *, code: int = 0, archive: Path | None = None) -> list[list[str]]:
    """Have an npm that gives an archive; return a list of what it is asked."""
    asked: list[list[str]] = []

    def answer(command: list[str], *, cwd: Path, **_: object) -> types.SimpleNamespace:
        asked.append(command[1:])
        if archive is not None:
            shutil.copy(archive, cwd)
        return types.SimpleNamespace(returncode=code)

    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(subprocess, "run", answer)
    return asked


def test_npm_is_asked_for_pyodide(
    capsys: Capture, tmp_path: Path, pyodide: Path, monkeypatch: Patch
) -> None:
    with tarfile.open(tmp_path / "pyodide.tgz", "w:gz") as packed:
        packed.add(pyodide, "package")
    asked = npm(monkeypatch, archive=tmp_path / "pyodide.tgz")
    assert run(capsys, "web", "build", str(tmp_path / "out"))[0] == 0
    assert asked == [["pack", "--silent", f"pyodide@{PYODIDE}"]]
    assert {path.name for path in (tmp_path / "out" / "pyodide").iterdir()} == set(CORE)


def test_an_npm_that_does_not_give_it_is_said(
    capsys: Capture, tmp_path: Path, monkeypatch: Patch
) -> None:
    for code in (0, 1):
        npm(monkeypatch, code=code)
        assert run(capsys, "web", "build", str(tmp_path / "out"))[0] == 2
    monkeypatch.setattr(shutil, "which", lambda _: None)
    code, _, err = run(capsys, "web", "build", str(tmp_path / "out"))
    assert code == 2
    assert "Pyodide: expected npm" in err
    assert "--pyodide" in err


def test_the_page_tells_those_who_are_named_when_it_is_done(
    capsys: Capture, tmp_path: Path, pyodide: Path
) -> None:
    given = ["--pyodide", str(pyodide), "--embedders", "https://clinic.example http://127.0.0.1:9"]
    assert run(capsys, "web", "build", str(tmp_path / "out"), *given)[0] == 0
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert '<script data-embedders="https://clinic.example http://127.0.0.1:9" data-wheels' in page
    code, _, err = run(capsys, "web", "build", str(tmp_path / "other"), "--embedders", "*")
    assert code == 2
    assert "embedders[0]: expected an origin" in err
