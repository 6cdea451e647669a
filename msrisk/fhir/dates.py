"""Reads the dates of FHIR, of any precision, as the span of time that they may mean."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from msrisk.model.checks import BOUNDS, Range

__all__ = ["age_on", "day_span", "span"]

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?", re.DOTALL)
_OLDEST: Final = BOUNDS["age_years"][1]


def day_span(text: str) -> tuple[date, date] | None:
    """Return the first and last day that a date or time may mean; None if it is no date."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        if month:
            following = date(first.year + month // 12, month % 12 + 1, 1)
            return first, following - timedelta(days=1)
        return first, date(first.year, 12, 31)
    except (ValueError, OverflowError):
        return None


def span(text: str) -> tuple[datetime, datetime] | None:
    """Return the first and last moment that a date or time may mean; None if it is neither.

    A time without its offset is taken as of Greenwich.
    """
    days = day_span(text)
    if days is None:
        return None
    if "T" in text:
        try:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            return moment, moment
    first, last = days
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return start, datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC)


def age_on(birth: str, on: date) -> Range | None:
    """Return the age in years on a day, or a range of ages; None if that is no birth date.

    A date after that day or of more than 130 years before it is none.
    """
    days = day_span(birth)
    if days is None or days[0] > on:
        return None
    youngest, oldest = (_years(min(day, on), on) for day in (days[1], days[0]))
    if youngest > _OLDEST:
        return None
    oldest = min(oldest, int(_OLDEST))
    return youngest if youngest == oldest else (youngest, oldest)


def _years(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
