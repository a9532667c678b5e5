"""Regular expressions of the file, matched as PEFT matches them, within a time budget.

A pattern whose worst case is small runs at once. Any other runs in a process of its own, which the
system ends when it has used the budget: Python's `re` cannot be interrupted from within. The budget
is processor time, so a busy machine makes no pattern slow.
"""

from __future__ import annotations

import json
import math
import re
import sys
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from loracfg.config.model.regexes import compile_pattern

MAX_STEPS: Final = 500_000_000
"""Worst-case steps up to which the patterns of one adapter run at once.

The bound is so generous that they take a few tenths of a second.
"""

_FEW_STEPS: Final = MAX_STEPS // 100
"""The same where earlier adapters have spent the time; the usual patterns take fewer."""

DEFAULT_SECONDS: Final = 2.0

_PATIENCE: Final = 1 if sys.platform == "win32" else 20
"""How many times the budget the process may last; only Windows counts no processor time."""

_ESCAPE: Final = r"(?s)\\."
_REPEATED_GROUP: Final = r"\)[*+{]"
_OPTIONAL: Final = r"(?<![(*+?}])\?"
_WORKER: Final = """
import json, re, sys, time, warnings
warnings.simplefilter("ignore")
jobs, names, seconds = json.load(sys.stdin)
try:
    import signal
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
except (ImportError, AttributeError):
    pass
started = time.process_time()
for pattern, whole in jobs:
    compiled = re.compile(pattern)
    test = compiled.fullmatch if whole else compiled.match
    found = {}
    for i, name in enumerate(names):
        match = test(name)
        if match:
            found[i] = match.groups()
    print(json.dumps([found, time.process_time() - started]), flush=True)
"""


class Pattern(NamedTuple):
    """A regular expression and whether it must match the whole name or its beginning."""

    text: str
    whole: bool = False


class PatternTimeoutError(Exception):
    """The time for the patterns of a file is spent; `pattern` was being matched.

    `seconds` is how much time there was. It `is_own` unless other adapters had taken most of it:
    then nothing is known of the pattern.
    """

    def __init__(self, pattern: str, seconds: float, *, is_own: bool) -> None:
        super().__init__(pattern)
        self.pattern = pattern
        self.seconds = seconds
        self.is_own = is_own


Found = dict[str, tuple[str | None, ...]]
"""The names that a pattern matches, each with the groups of the match."""


class PatternBudget:
    """The time that all patterns of one adapter, or of several in turn, may take together.

    All is in seconds. `spent` is what was taken, `left` what is left for those that do not run at
    once, `steps_left` what the adapter under way may still run at once.
    """

    def __init__(self, seconds: float = DEFAULT_SECONDS) -> None:
        """Start with so many seconds."""
        self.seconds = seconds
        self.spent = 0.0
        self.left = self._had = seconds
        self.steps_left: float = MAX_STEPS

    def begin_adapter(self) -> None:
        """Begin with another adapter: it has the time that others left."""
        self.left = self._had = max(self.seconds - self.spent, 0.0)
        self.steps_left = MAX_STEPS if self._had else _FEW_STEPS

    def match(self, patterns: Sequence[Pattern], names: Sequence[str]) -> list[Found]:
        """Match each pattern against each name.

        Raises:
            PatternTimeoutError: if the budget runs out.
            re.error: if a pattern does not compile.
        """
        results: dict[int, Found] = {}
        slow = []
        for i, pattern in enumerate(patterns):
            steps = worst_steps(pattern.text, names)
            if steps <= self.steps_left:
                self.steps_left -= steps
                started = time.thread_time()
                results[i] = _match_here(pattern, names)
                self.spent += time.thread_time() - started
            else:
                self._compile(pattern)
                slow.append(i)
        if slow:
            found = self._match_apart([patterns[i] for i in slow], names)
            results.update(zip(slow, found, strict=True))
        return [results[i] for i in range(len(patterns))]

    def _compile(self, pattern: Pattern) -> None:
        """Compile a pattern that is matched apart, in the time that is left.

        Raises:
            PatternTimeoutError: if there is none.
            re.error: if the pattern does not compile.
        """
        if self.left <= 0:
            raise self._timeout(pattern)
        started = time.thread_time()
        compile_pattern(pattern.text)
        taken = time.thread_time() - started
        self.spent, self.left = self.spent + taken, self.left - taken

    def _match_apart(self, patterns: list[Pattern], names: Sequence[str]) -> list[Found]:
        import subprocess

        if self.left <= 0:
            raise self._timeout(patterns[0])
        jobs = [(pattern.text, pattern.whole) for pattern in patterns]
        seconds = max(self.left, 0.01)
        try:
            done = subprocess.run(  # noqa: S603  # our own interpreter and program
                [sys.executable, "-I", "-S", "-c", _WORKER],
                input=json.dumps([jobs, list(names), seconds]).encode(),
                capture_output=True,
                timeout=seconds * _PATIENCE,
                check=False,
            )
            output = done.stdout
        except subprocess.TimeoutExpired as expired:
            output = expired.stdout or b""
        answers = [json.loads(line) for line in output.split(b"\n")[:-1]]
        if len(answers) < len(patterns):
            self.spent, self.left = self.spent + self.left, 0
            raise self._timeout(patterns[len(answers)])
        self.spent, self.left = self.spent + answers[-1][1], self.left - answers[-1][1]
        return [
            {names[int(i)]: tuple(groups) for i, groups in found.items()} for found, _ in answers
        ]

    def _timeout(self, pattern: Pattern) -> PatternTimeoutError:
        is_own = self._had >= self.seconds / 2
        return PatternTimeoutError(pattern.text, round(self._had, 2), is_own=is_own)


def worst_steps(pattern: str, names: Sequence[str]) -> float:
    """Bound the steps of a backtracking match over all names, generously.

    Counts characters that may repeat or branch, in brackets too. A repeated group may nest
    repetitions, so it has no bound.
    """
    pattern = re.sub(_ESCAPE, "-", pattern)
    if re.search(_REPEATED_GROUP, pattern):
        return float("inf")
    longest = max(map(len, names), default=1)
    repeats = pattern.count("*") + pattern.count("+") + pattern.count("{")
    groups = pattern.count("(") + 1
    optional = len(re.findall(_OPTIONAL, pattern))
    if repeats + optional + groups > 100:
        return float("inf")
    # Repetitions in a row share the text, so their ends are in order.
    ways = math.comb(longest + repeats, repeats) * longest
    if ways > sys.maxsize:
        return float("inf")
    branches = ((pattern.count("|") + groups) / groups) ** groups
    return ways * 2.0**optional * branches * len(names)


def _match_here(pattern: Pattern, names: Sequence[str]) -> Found:
    compiled = compile_pattern(pattern.text)
    test = compiled.fullmatch if pattern.whole else compiled.match
    return {name: match.groups() for name in names if (match := test(name))}
