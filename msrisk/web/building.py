"""Writes a page that runs msrisk in the browser alone: Pyodide, wheels, and what connects them."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msrisk.errors import MsriskError, Problem
from msrisk.web import page
from msrisk.web.frames import checked, telling
from msrisk.web.page_words import LANGUAGES
from msrisk.web.wheels import names_needed, own_wheel, wheel

__all__ = ["POLICY", "PYODIDE", "build"]

PYODIDE: Final = "314.0.7"
"""The version of the npm package `pyodide` that is taken, and was tried."""

POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'none'; "
    "base-uri 'none'"
)
"""What the page may do: run what lies beside it, and ask for nothing else. No form is sent."""

_ALONE: Final = Path(__file__).parent / "alone"
_CORE: Final = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
    "package.json",  # names the version, the licence and where the source is
)
_NEEDED: Final = ("attrs", "babel", "cattrs", "jinja2")
"""What the page needs besides msrisk; it brings along what it needs itself."""

_LOCALES: Final = ("root", *LANGUAGES)
_WITHOUT_SCRIPT: Final = (
    "<noscript><p>This page works out its answers on your device, and needs JavaScript for that. "
    "Without it nothing is checked.</p></noscript>"
)


def build(target: Path, pyodide: Path | None = None, embedders: Sequence[str] = ()) -> None:
    """Write the page into a folder that is not there yet, or is empty.

    Args:
        target: the folder.
        pyodide: a folder with the files of the npm package `pyodide`; npm is asked for it if
            None.
        embedders: origins, such as "https://clinic.example", of the pages that are told the
            answers when it is done in a frame of theirs. Who may show it in one is for the file
            server to say, by a header.

    Raises:
        ConceptError: if one of the embedders is no origin.
        MsriskError: if a folder, Pyodide or a package that is needed cannot be had.

    """
    told = checked(embedders)
    _refuse_unless_empty(target)
    wheels = _wheels()
    texts = page.files()
    texts["page.js"] = (_ALONE / "alone.js").read_text("utf-8") + texts["page.js"]
    texts["page.css"] += (_ALONE / "alone.css").read_text("utf-8")
    for place, lang in enumerate(LANGUAGES):
        first = _with_msrisk(page.respond([("lang", lang)], base="."), wheels)
        texts[f"{lang}.html" if place else "index.html"] = telling(first, told)
    with TemporaryDirectory(prefix="msrisk-pyodide-") as folder:
        core = pyodide or _from_npm(Path(folder))
        _refuse_unless_there(core)
        try:
            _write(target, wheels, core)
            for name, text in texts.items():
                (target / name).write_text(text, "utf-8")
        except OSError:
            expected = "a folder that can be written to, on a disk with room for 20 MB"
            raise MsriskError([Problem(str(target), expected)]) from None


def _write(target: Path, wheels: Mapping[str, bytes], core: Path) -> None:
    for folder in ("pyodide", "wheels"):
        (target / folder).mkdir(parents=True)
    for name in _CORE:
        shutil.copyfile(core / name, target / "pyodide" / name)
    for name, content in wheels.items():
        (target / name).write_bytes(content)
    shutil.copyfile(_ALONE / "worker.js", target / "worker.js")


def _with_msrisk(first: str, wheels: Iterable[str]) -> str:
    """Return a page with its policy, and with what its script needs to run msrisk.

    Raises:
        ValueError: if the page is written otherwise than this expects.

    """
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    script = f'<script data-wheels="{" ".join(wheels)}" src="./page.js'
    made = first
    for old, new in (
        ("<head>", f"<head>{policy}"),
        ('<script src="./page.js', script),
        ("<main>", f"{_WITHOUT_SCRIPT}<main>"),
    ):
        before, after = made.split(old)
        made = f"{before}{new}{after}"
    return made


def _refuse_unless_empty(target: Path) -> None:
    try:
        empty = not target.exists() or not any(target.iterdir())
    except OSError:
        empty = False
    if not empty:
        expected = "a folder that is not there yet, or is empty; nothing is overwritten"
        raise MsriskError([Problem(str(target), expected, "something else")])


def _refuse_unless_there(core: Path) -> None:
    problems = [
        Problem(str(core / name), f"a file of the npm package pyodide@{PYODIDE}", "no file")
        for name in _CORE
        if not (core / name).is_file()
    ]
    if problems:
        raise MsriskError(problems)


def _wheels() -> dict[str, bytes]:
    """Return the wheels by their addresses."""
    try:
        others = [wheel(name, _LOCALES) for name in names_needed(_NEEDED)]
    except PackageNotFoundError as error:
        expected = "installed, since it goes along with the page: pip install 'msrisk[web]'"
        raise MsriskError([Problem(str(error.name), expected, "not installed")]) from None
    return {f"wheels/{name}": content for name, content in (own_wheel(), *others)}


def _from_npm(folder: Path) -> Path:
    """Return the folder of Pyodide as npm gives it; npm compares it with its digest."""
    expected = f"npm, which gives pyodide@{PYODIDE}; or --pyodide with a folder of its files"
    npm = shutil.which("npm")
    if npm is None:
        raise MsriskError([Problem("Pyodide", expected, "no npm")])
    command = [npm, "pack", "--silent", f"pyodide@{PYODIDE}"]
    done = subprocess.run(command, check=False, capture_output=True, cwd=folder)  # noqa: S603  # no word of it comes from outside
    found = next(folder.glob("*.tgz"), None)
    if done.returncode or found is None:
        raise MsriskError([Problem("Pyodide", expected, "an npm that does not give it")])
    with tarfile.open(found) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"
