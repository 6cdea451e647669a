"""Defines objects that make some of their attributes only when somebody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

__all__ = ["Later"]


class Later:
    """An attrs object that may be made with some of its attributes, and the rest when read.

    It is equal to one that was made with all of them, and pickled as such a one.
    """

    __slots__ = ("_parts",)

    @classmethod
    def of(cls, parts: object, **known: object) -> Self:
        """Return an object with some attributes known.

        Args:
            parts: has an attribute of the same name for each of the others.
            known: those that are known.

        """
        made = cls.__new__(cls)
        object.__setattr__(made, "_parts", parts)
        for name, value in known.items():
            object.__setattr__(made, name, value)
        return made

    def leaving(self, parts: object, *names: str) -> Self:
        """Return this object, which was just made, with some attributes made anew when read.

        Args:
            parts: has an attribute of the same name for each of them.
            names: the attributes.

        """
        object.__setattr__(self, "_parts", parts)
        for name in names:
            object.__delattr__(self, name)
        return self

    if not TYPE_CHECKING:  # a name that is misspelt is an error to the type checker all the same

        def __getattr__(self, name: str) -> object:
            """Make an attribute that is read for the first time."""
            if name.startswith("_") or not hasattr(type(self), name):
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
            value = getattr(self._parts, name)
            object.__setattr__(self, name, value)
            return value
