"""Prometheus metrics of the plugin, which vLLM shows at `/metrics` with its own."""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Histogram

from loracfg.named_tuple import NamedTuple

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30)


class GateMetrics(NamedTuple):
    """The metrics: adapters by answer and rule, and how long each answer took."""

    adapters: Counter
    seconds: Histogram

    def note(self, answer: str, code: str | None, seconds: float) -> None:
        """Count an answer."""
        self.adapters.labels(answer, code or "").inc()
        self.seconds.observe(seconds)


@cache
def gate_metrics() -> GateMetrics:
    """Return the metrics of this process, which can only be registered once."""
    return GateMetrics(
        Counter(
            "loracfg_gate_adapters",
            "LoRA adapters that clients asked for, by the gate's answer and its rule.",
            ("answer", "code"),
        ),
        Histogram(
            "loracfg_gate_seconds", "Time that the gate took for an answer.", buckets=_SECONDS
        ),
    )
