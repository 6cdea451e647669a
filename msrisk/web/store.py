"""Appends feedback to a file, a line at a time, so that no two writers mix their lines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from msrisk.cds_hooks import Feedback
from msrisk.errors import Problem
from msrisk.web.problems import Refused

__all__ = ["FeedbackFile"]


@frozen
class FeedbackFile:
    """A file of feedback, of one or several servers."""

    path: Path

    def add(self, told: Sequence[Feedback]) -> None:
        """Append feedback; all of it or nothing.

        Raises:
            Refused: if it cannot be written, so that the client may send it again.

        """
        data = "".join(one.to_line() for one in told).encode()
        try:
            # One write at the end of the file: the system does not mix it with another's.
            target = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                before = os.fstat(target).st_size
                written = os.write(target, data)
                if written < len(data):
                    os.ftruncate(target, before)
                    written = 0
            finally:
                os.close(target)
        except OSError:
            written = 0
        if not written:
            raise Refused(507, [Problem("feedback", "room to keep it", "none")])
