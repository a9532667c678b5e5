"""Regular expressions of the file, matched as PEFT matches them, within a time budget.

A pattern whose worst case is small runs at once. Any other runs in a process of its own, which is
ended when the budget is spent: Python's `re` cannot be interrupted from within.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

MAX_STEPS: Final = 20_000_000
"""Worst-case steps up to which a pattern runs at once; some tenths of a second."""

DEFAULT_SECONDS: Final = 2.0

_QUANTIFIED_GROUP: Final = re.compile(r"\)[*+?{]")
_WORKER: Final = """
import json, re, sys, warnings
warnings.simplefilter("ignore")
jobs, names = json.load(sys.stdin)
for pattern, whole in jobs:
    compiled = re.compile(pattern)
    test = compiled.fullmatch if whole else compiled.match
    found = {}
    for i, name in enumerate(names):
        match = test(name)
        if match:
            found[i] = match.groups()
    print(json.dumps(found), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression and whether it must match the whole name or its beginning."""

    text: str
    whole: bool = False


class PatternTimeoutError(Exception):
    """The time for the patterns of a file is spent; `pattern` was being matched."""

    def __init__(self, pattern: str, seconds: float) -> None:
        super().__init__(pattern)
        self.pattern = pattern
        self.seconds = seconds


Found = dict[str, tuple[str | None, ...]]
"""The names that a pattern matches, each with the groups of the match."""


@dataclass(slots=True)
class Budget:
    """The time that all patterns of one adapter may take together, in seconds."""

    seconds: float = DEFAULT_SECONDS
    left: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.seconds

    def match(self, patterns: Sequence[Pattern], names: Sequence[str]) -> list[Found]:
        """Match each pattern against each name.

        Raises:
            PatternTimeoutError: if the budget runs out.
            re.error: if a pattern does not compile.
        """
        results: dict[int, Found] = {}
        slow = []
        for i, pattern in enumerate(patterns):
            if worst_steps(pattern.text, names) <= MAX_STEPS:
                results[i] = _match_here(pattern, names)
            else:
                re.compile(pattern.text)
                slow.append(i)
        if slow:
            found = self._match_apart([patterns[i] for i in slow], names)
            results.update(zip(slow, found, strict=True))
        return [results[i] for i in range(len(patterns))]

    def _match_apart(self, patterns: list[Pattern], names: Sequence[str]) -> list[Found]:
        jobs = [(pattern.text, pattern.whole) for pattern in patterns]
        started = monotonic()
        try:
            done = subprocess.run(  # noqa: S603  # our own interpreter and program
                [sys.executable, "-I", "-S", "-c", _WORKER],
                input=json.dumps([jobs, list(names)]).encode(),
                capture_output=True,
                timeout=max(self.left, 0.01),
                check=False,
            )
            output = done.stdout
        except subprocess.TimeoutExpired as expired:
            output = expired.stdout or b""
        self.left -= monotonic() - started
        lines = output.splitlines()
        if len(lines) < len(patterns):
            raise PatternTimeoutError(patterns[len(lines)].text, self.seconds)
        return [
            {names[int(i)]: tuple(groups) for i, groups in json.loads(line).items()}
            for line in lines
        ]


def worst_steps(pattern: str, names: Sequence[str]) -> float:
    """Bound the steps of a backtracking match over all names, generously.

    Counts characters that may quantify or branch, escaped ones too. A quantified group may nest
    repetitions, so it has no bound.
    """
    if _QUANTIFIED_GROUP.search(pattern):
        return float("inf")
    longest = max(map(len, names), default=1)
    repeats = pattern.count("*") + pattern.count("+") + pattern.count("{")
    groups = pattern.count("(") + 1
    branches = ((pattern.count("|") + groups) / groups) ** min(groups, 100)
    optional = pattern.count("?")
    if repeats + optional > 100:
        return float("inf")
    return float(longest) ** repeats * 2.0**optional * branches * len(names)


def _match_here(pattern: Pattern, names: Sequence[str]) -> Found:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern.text)
    test = compiled.fullmatch if pattern.whole else compiled.match
    return {name: match.groups() for name in names if (match := test(name))}
