"""The rank is above what our servers are set up for.

They run with `max_lora_rank=32`, and refuse an adapter with a larger rank when it is requested.

Repair: train with `r` of 32 or less, or ask the platform team for a larger limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.rules import Finding, Rule, Subject

MOST = 32


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the rank of the config."""
    config = subject.config
    if config is not None and config.r > MOST:
        yield Finding(
            f"`r` is `{config.r}`, and our servers take at most `{MOST}`",
            subject.value("/r"),
            f"train with `r` of {MOST} or less",
        )


RULES = [
    Rule(
        "ACME001",
        "rank-above-limit",
        "error",
        check,
        __name__,
        since="1.0.0",
        pages="https://docs.example.com/lora/{code}",
    )
]
