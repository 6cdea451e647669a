"""Screens data frames of many patients by the same rules.

    import msrisk.cohort
    screened = msrisk.cohort.screen(frame, complete=["medications"])

Needs the extra `cohort`: `pip install "msrisk[cohort]"`.
"""

from __future__ import annotations

try:
    import narwhals as _narwhals
    import polars as _polars  # noqa: ICN001  # it is taken out again below
except ImportError:
    raise ImportError(
        'msrisk.cohort needs Narwhals and Polars: install them with `pip install "msrisk[cohort]"`'
    ) from None

from msrisk.cohort.bulk import Records
from msrisk.cohort.screening import recognise, screen

__all__ = ["Records", "recognise", "screen"]

del _narwhals, _polars
