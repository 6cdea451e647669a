"""Counts requests by route and status, reports and cards by how grave they are, for Prometheus.

No count has anything of a patient: routes are named by their pattern, not by what was asked.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Final

__all__ = ["Metrics"]

_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counts of one process."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._lock = Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._cards: Counter[tuple[str, str, str]] = Counter()
        self._reports: Counter[tuple[str, str, str]] = Counter()
        self._within: Counter[float] = Counter()
        self._seconds = 0.0

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        with self._lock:
            self._requests[route, status] += 1
            self._seconds += seconds
            for bound in _BOUNDS:
                self._within[bound] += seconds <= bound

    def card(self, service: str, indicator: str, level: str) -> None:
        """Count a card; "none" for an answer without one."""
        with self._lock:
            self._cards[service, indicator, level] += 1

    def report(self, route: str, level: str, worst: str) -> None:
        """Count a report, by its level and its worst case."""
        with self._lock:
            self._reports[route, level, worst] += 1

    def to_text(self) -> str:
        """Return all counts in the text format of Prometheus."""
        with self._lock:
            total = self._requests.total()
            lines = [
                "# HELP msrisk_requests_total Requests, by route and status.",
                "# TYPE msrisk_requests_total counter",
                *(
                    f'msrisk_requests_total{{route="{route}",status="{status}"}} {count}'
                    for (route, status), count in sorted(self._requests.items())
                ),
                "# HELP msrisk_cards_total Cards of CDS Hooks, by service, indicator and level.",
                "# TYPE msrisk_cards_total counter",
                *(
                    f'msrisk_cards_total{{service="{service}",indicator="{indicator}",'
                    f'level="{level}"}} {count}'
                    for (service, indicator, level), count in sorted(self._cards.items())
                ),
                "# HELP msrisk_reports_total Reports of the JSON API, by level and worst case.",
                "# TYPE msrisk_reports_total counter",
                *(
                    f'msrisk_reports_total{{route="{route}",level="{level}",'
                    f'worst_case="{worst}"}} {count}'
                    for (route, level, worst), count in sorted(self._reports.items())
                ),
                "# HELP msrisk_request_seconds How long requests took.",
                "# TYPE msrisk_request_seconds histogram",
                *(
                    f'msrisk_request_seconds_bucket{{le="{bound:g}"}} {self._within[bound]}'
                    for bound in _BOUNDS
                ),
                f'msrisk_request_seconds_bucket{{le="+Inf"}} {total}',
                f"msrisk_request_seconds_sum {self._seconds:.6f}",
                f"msrisk_request_seconds_count {total}",
            ]
        return "\n".join(lines) + "\n"
