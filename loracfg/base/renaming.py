"""Translates module names of transformers 4 to transformers 5, as PEFT does for adapters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

Rules: TypeAlias = tuple[tuple[str, str], ...]
"""Path prefixes, in which `#` matches a number, each with its replacement."""


def renamed(path: str, rules: Rules) -> str:
    """Return a path in the newest transformers; most do not change."""
    for pattern, new in _compiled(rules):
        match = pattern.match(path)
        if match:
            numbers = iter(match.groups())
            begin = "".join(next(numbers) if c == "#" else c for c in new)
            rest = path[match.end() :]
            return (begin + rest) if begin else rest.removeprefix(".")
    return path


@lru_cache(32)
def _compiled(rules: Rules) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the rules as patterns, the longest prefix first."""
    ordered = sorted(rules, key=lambda rule: -len(rule[0]))
    return tuple(
        (re.compile(re.escape(old).replace(r"\#", r"(\d+)") + r"(?=\.|$)"), new)
        for old, new in ordered
    )
