"""The map of the files: `python -m tests.docs.architecture` writes it into docs/architecture.md.

Layers and their order are those of `tests/meta/test_layers.py`; what a file does is the first
line of its docstring. All else on the page is written by hand.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.meta.test_layers import DOORS, INSIDE, LAYERS, PACKAGE, layer

__all__ = ["BEGIN", "END", "PAGE", "first_line", "written"]

PAGE: Final = PACKAGE.parent / "docs" / "architecture.md"
BEGIN: Final = "<!-- written by `python -m tests.docs.architecture`; do not edit -->\n"
END: Final = "<!-- end of what is written -->\n"
# Few enough for a box of the picture to be read beside its neighbours.
_NAMES_A_LINE: Final = 4


def written(page: str) -> str:
    """Return a page with its generated part as it should be."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    made = "\n".join(["", *_picture(), "", *_files()])
    return f"{before}{BEGIN}{made}\n{END}{after}"


def first_line(path: Path) -> str:
    """Return the first line of a module's docstring."""
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return doc.partition("\n")[0]


def _picture() -> Iterator[str]:
    """Yield the layers as a picture, the lowest at the bottom, with the doors as dotted arrows."""
    yield "```mermaid"
    yield "flowchart TB"
    number = {name: at for at, names in enumerate(LAYERS, 1) for name in names}
    for at, names in reversed(list(enumerate(LAYERS, 1))):
        shown = [_name(name) for name in names]
        lines = [
            ", ".join(shown[start : start + _NAMES_A_LINE])
            for start in range(0, len(shown), _NAMES_A_LINE)
        ]
        yield f'    L{at}["{",<br>".join(lines)}"]'
    for at in range(len(LAYERS), 1, -1):
        yield f"    L{at} --> L{at - 1}"
    doors = {(number[_of_file(name)], number[layer(module)]) for name, module in DOORS}
    for low, high in sorted(doors):
        yield f"    L{low} -.-> L{high}"
    yield "```"


def _files() -> Iterator[str]:
    """Yield a heading for each layer, and a line for each of its files."""
    for at, names in enumerate(LAYERS, 1):
        yield f"### Layer {at}: {', '.join(f'`{_name(name)}`' for name in names)}"
        yield ""
        for name in names:
            folder = PACKAGE / name
            if folder.is_dir():
                yield f"- `{name}/`: {first_line(folder / '__init__.py')}"
                for inner in _inside(name):
                    yield f"    - `{inner}.py`: {first_line(folder / f'{inner}.py')}"
            else:
                yield f"- `{name}.py`: {first_line(folder.with_suffix('.py'))}"
        yield ""


def _inside(package: str) -> Sequence[str]:
    """Return the files of a package: from the bottom up if they have layers, else sorted."""
    if package in INSIDE:
        found = [name for names in INSIDE[package] for name in names]
    else:
        found = sorted(path.stem for path in (PACKAGE / package).glob("*.py"))
    return [name for name in found if name != "__init__"]


def _of_file(name: str) -> str:
    return Path(name).parts[0].removesuffix(".py")


def _name(name: str) -> str:
    if name == "__init__":
        return "msrisk"
    return f"{name}/" if (PACKAGE / name).is_dir() else name


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
