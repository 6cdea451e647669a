"""What a page names: dotted names of the code, paths, and links to other pages."""

from __future__ import annotations

import importlib
import re

__all__ = ["dotted_names", "exists", "links", "paths"]

# `api.assess`, `search.search.Search.loser`; not a file, nor an object of an example.
_DOTTED = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`")
_FILES = (".json", ".md", ".py", ".toml", ".txt")
_PATH = re.compile(r"`((?:\.ci|docs|examples|msrisk|rules|tests)/[^`\s:]*)(?:::\w+)?`")
_LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")


def dotted_names(text: str) -> list[str]:
    """Return the names of modules and functions in a text, without `msrisk` before them."""
    return sorted({one for one in _DOTTED.findall(text) if not one.endswith(_FILES)})


def paths(text: str) -> list[str]:
    """Return the paths of files and folders in a text, as seen from the root."""
    return sorted(set(_PATH.findall(text)))


def links(text: str) -> list[str]:
    """Return the links of a text to files, without the place in the file."""
    return sorted(set(_LINK.findall(text)))


def exists(name: str) -> bool:
    """Whether msrisk has a module, function, class or method of this dotted name."""
    parts = name.split(".")
    for at in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(["msrisk", *parts[:at]]))
        except ModuleNotFoundError:
            continue
        for part in parts[at:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False
