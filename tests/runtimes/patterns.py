"""The regular expression for the engines that the service accepts."""

from __future__ import annotations

from loracfg.runtimes.asked import text_patterns


def text_pattern() -> str:
    return "|".join(f"({one})" for one in text_patterns())
