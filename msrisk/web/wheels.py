"""Makes wheels of packages as they are installed here, for the Python of a browser."""

from __future__ import annotations

import csv
import io
import re
from base64 import urlsafe_b64encode
from collections.abc import Container, Iterable, Iterator, Mapping
from hashlib import sha256
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msrisk.api import shipped_rules
from msrisk.compiled import SHIPPED, compiled

__all__ = ["names_needed", "own_wheel", "wheel"]

_PACKAGE: Final = Path(__file__).parents[1]
_OF_THE_INSTALLER: Final = {"INSTALLER", "RECORD", "REQUESTED", "WHEEL", "direct_url.json"}
_COMPILED: Final = (".so", ".pyd", ".c", ".pyc")
_FORM: Final = b"Wheel-Version: 1.0\nGenerator: msrisk\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def names_needed(first: Iterable[str]) -> list[str]:
    """Return the names of some distributions and of all that they always need, in order.

    Raises:
        importlib.metadata.PackageNotFoundError: if one of them is not installed.

    """
    found: dict[str, None] = {}
    left = list(first)
    while left:
        name = left.pop(0)
        if name not in found:
            found[name] = None
            left += _needs(distribution(name))
    return list(found)


def _needs(one: Distribution) -> Iterator[str]:
    for needed in one.requires or ():
        # What is behind a semicolon is an extra, or an older Python than msrisk runs on.
        if ";" not in needed and (name := re.match(r"[\w.-]+", needed)):
            yield re.sub(r"[-_.]+", "_", name[0]).lower()


def wheel(name: str, locales: Container[str] = ()) -> tuple[str, bytes]:
    """Return the name and the content of a wheel of a distribution, without compiled parts.

    Args:
        name: of the distribution.
        locales: of data that lie by locale, as Babel's thirty million bytes do, only these go
            along.

    Raises:
        importlib.metadata.PackageNotFoundError: if it is not installed.

    """
    one = distribution(name)
    files = {
        str(path): Path(str(path.locate())).read_bytes()
        for path in one.files or ()
        if path.suffix not in _COMPILED
        and ".." not in path.parts
        and not _about(path)
        and (path.stem in locales or not path.match("locale-data/*.dat"))
    }
    return _packed(one, files)


def own_wheel() -> tuple[str, bytes]:
    """Return the name and the content of a wheel of msrisk, with its rules as they are kept."""
    rules = shipped_rules()
    # A checkout has its rules beside the package, not inside.
    files = dict(_under(_PACKAGE, "msrisk")) | dict(_under(rules, "msrisk/rules"))
    return _packed(distribution("msrisk"), files | {f"msrisk/{SHIPPED.name}": compiled(rules)})


def _under(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            yield f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _about(path: PurePosixPath) -> bool:
    return path.parts[0].endswith(".dist-info")


def _packed(one: Distribution, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Return a wheel of these files; of the same files it is always the same."""
    name = f"{re.sub(r'[-_.]+', '_', one.name).lower()}-{one.version}"
    about = {
        f"{name}.dist-info/{'/'.join(path.parts[1:])}": Path(str(path.locate())).read_bytes()
        for path in one.files or ()
        if _about(path) and path.name not in _OF_THE_INSTALLER
    }
    content = dict(files) | about | {f"{name}.dist-info/WHEEL": _FORM}
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    for path, data in content.items():
        digest = urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow((path, f"sha256={digest}", len(data)))
    rows.writerow((f"{name}.dist-info/RECORD", "", ""))
    content[f"{name}.dist-info/RECORD"] = record.getvalue().encode()
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, data in content.items():
            archive.writestr(ZipInfo(path), data, ZIP_DEFLATED)
    return f"{name}-py3-none-any.whl", packed.getvalue()
