"""Module names of transformers 4 in the words of transformers 5, as PEFT translates adapters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

Rules: TypeAlias = tuple[tuple[str, str], ...]
"""Beginnings of paths, `#` for a number, each with what stands in its place."""


def renamed(path: str, rules: Rules) -> str:
    """Return a path as the newest transformers has it; most are the same."""
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
    """Return the rules as patterns, the longest first."""
    ordered = sorted(rules, key=lambda rule: -len(rule[0]))
    return tuple(
        (re.compile(re.escape(old).replace(r"\#", r"(\d+)") + r"(?=\.|$)"), new)
        for old, new in ordered
    )
