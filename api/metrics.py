"""Prometheus metrics: requests and responses."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from loracfg.report.report import Status
from loracfg.serving.admission.review import Ruling

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters of one worker, or of all if `PROMETHEUS_MULTIPROC_DIR` is set."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self._requests = Counter(
            "loracfg_requests", "Requests by route and status.", ("route", "status"), registry=own
        )
        self._seconds = Histogram(
            "loracfg_request_seconds",
            "Time from the start of a request to the end of its response.",
            ("route",),
            registry=own,
            buckets=_SECONDS,
        )
        self._adapters = Counter(
            "loracfg_adapters", "Adapters validated, by status.", ("status",), registry=own
        )
        self._reviews = Counter(
            "loracfg_admission_reviews",
            "AdmissionReviews, by the verdict on their adapters and whether they were allowed.",
            ("verdict", "allowed"),
            registry=own,
        )
        self._count, self._time = cache(self._requests.labels), cache(self._seconds.labels)
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            self._registry = CollectorRegistry()
            MultiProcessCollector(self._registry)  # type: ignore[no-untyped-call]

    def count_request(self, route: str, status: int, seconds: float) -> None:
        """Count a response."""
        self._count(route, str(status)).inc()
        self._time(route).observe(seconds)

    def count_adapters(self, statuses: Iterable[Status]) -> None:
        """Count adapters by their statuses."""
        for status in statuses:
            self._adapters.labels(status).inc()

    def count_review(self, ruling: Ruling) -> None:
        """Count an answer to an AdmissionReview."""
        verdict = dict(ruling.annotations).get("verdict", "none")
        self._reviews.labels(verdict, str(ruling.allowed).lower()).inc()

    def page(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)
