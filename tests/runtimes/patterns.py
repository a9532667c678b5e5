"""What the service takes for an engine, in one regular expression."""

from __future__ import annotations

from loracfg.runtimes.asked import text_patterns


def text_pattern() -> str:
    return "|".join(f"({one})" for one in text_patterns())
