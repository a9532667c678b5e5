"""Match the regular expressions of a config like PEFT, within a time budget.

A pattern with a cheap worst case is matched in this process. Any other is matched in a separate
process, which the system ends when the budget is used up, since Python's `re` cannot be
interrupted. The budget is CPU time, so it does not depend on how busy the machine is. Where there
are no processes, as in a browser, the owner of the budget says how else to match within it.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Sequence
from typing import Final

from loracfg.config.model.regexes import compile_pattern
from loracfg.cpu_time import thread_time
from loracfg.named_tuple import NamedTuple

MAX_STEPS: Final = 500_000_000
"""The maximum worst-case steps of the patterns that are matched in this process, per adapter.

The estimate is high: this many steps take a few tenths of a second.
"""

_FEW_STEPS: Final = MAX_STEPS // 100
"""The same if earlier adapters have used up the time; common patterns take fewer steps."""

DEFAULT_SECONDS: Final = 2.0

_PATIENCE: Final = 1 if sys.platform == "win32" else 20
"""The wall time of the process as a multiple of the budget; Windows does not limit CPU time."""

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
    """A regular expression, and whether it must match the whole name or only its beginning."""

    text: str
    whole: bool = False


class PatternTimeoutError(Exception):
    """The time for the patterns of a file ran out while `pattern` was matched.

    `seconds` is the time that the file had, and `steps` the same in steps of `re`, where these are
    counted. If other adapters had used most of the budget, `is_own` is false, and the pattern may
    be fast.
    """

    def __init__(
        self, pattern: str, seconds: float, *, is_own: bool, steps: int | None = None
    ) -> None:
        super().__init__(pattern)
        self.pattern = pattern
        self.seconds = seconds
        self.steps = steps
        self.is_own = is_own


Found = dict[str, tuple[str | None, ...]]
"""The groups of the match for each name that a pattern matches."""


class Matched(NamedTuple):
    """What a pattern matches, and the seconds that it and the patterns before it have taken."""

    found: Found
    seconds: float


class MatchingApart(NamedTuple):
    """How patterns are matched that may take so long that something has to end them.

    Attributes:
        match: matches patterns against names within seconds; fewer patterns if the time runs out.
        steps_per_second: the steps of `re` that count as a second; None where time is measured.
    """

    match: Callable[[Sequence[Pattern], Sequence[str], float], list[Matched]]
    steps_per_second: int | None = None


class PatternBudget:
    """The time for all patterns of one adapter, or of several adapters one after another.

    In seconds, `spent` is the time used, and `left` the time left for patterns in separate
    processes. `steps_left` is what the current adapter may still match in this process.
    """

    def __init__(
        self, seconds: float = DEFAULT_SECONDS, apart: MatchingApart | None = None
    ) -> None:
        """Create a budget of this many seconds.

        Args:
            seconds: CPU time.
            apart: how to match patterns that may take long (default: in a separate process).
        """
        self.seconds = seconds
        self._apart = apart or MatchingApart(match_in_process)
        self.spent = 0.0
        self.left = self._available = seconds
        self.steps_left: float = MAX_STEPS

    def begin_adapter(self) -> None:
        """Begin the next adapter, which has the time that earlier ones left."""
        self.left = self._available = max(self.seconds - self.spent, 0.0)
        self.steps_left = MAX_STEPS if self._available else _FEW_STEPS

    def match(self, patterns: Sequence[Pattern], names: Sequence[str]) -> list[Found]:
        """Match each pattern against each name.

        Raises:
            PatternTimeoutError: if the budget runs out.
            re.error: if a pattern does not compile.
        """
        results: dict[int, Found] = {}
        slow = []
        longest = max(map(len, names), default=1)
        for i, pattern in enumerate(patterns):
            steps = worst_steps(pattern.text, longest, len(names))
            if steps <= self.steps_left:
                self.steps_left -= steps
                started = thread_time()
                results[i] = match_now(pattern, names)
                self.spent += thread_time() - started
            else:
                self._compile(pattern)
                slow.append(i)
        if slow:
            found = self._match_apart([patterns[i] for i in slow], names)
            results.update(zip(slow, found, strict=True))
        return [results[i] for i in range(len(patterns))]

    def _compile(self, pattern: Pattern) -> None:
        """Compile a pattern for a separate process, in the time that is left.

        Raises:
            PatternTimeoutError: if no time is left.
            re.error: if the pattern does not compile.
        """
        if self.left <= 0:
            raise self._timeout(pattern)
        started = thread_time()
        compile_pattern(pattern.text)
        taken = thread_time() - started
        self.spent, self.left = self.spent + taken, self.left - taken

    def _match_apart(self, patterns: list[Pattern], names: Sequence[str]) -> list[Found]:
        if self.left <= 0:
            raise self._timeout(patterns[0])
        matched = self._apart.match(patterns, names, max(self.left, 0.01))
        if len(matched) < len(patterns):
            self.spent, self.left = self.spent + self.left, 0
            raise self._timeout(patterns[len(matched)])
        seconds = matched[-1].seconds
        self.spent, self.left = self.spent + seconds, self.left - seconds
        return [one.found for one in matched]

    def _timeout(self, pattern: Pattern) -> PatternTimeoutError:
        is_own = self._available >= self.seconds / 2
        rate = self._apart.steps_per_second
        steps = None if rate is None else round(self._available * rate)
        seconds = round(self._available, 2)
        return PatternTimeoutError(pattern.text, seconds, is_own=is_own, steps=steps)


def worst_steps(pattern: str, longest: int, count: int) -> float:
    """Return an upper bound on the steps that backtracking takes over `count` names.

    It counts characters that may repeat or branch, even in brackets. The bound is infinite for a
    repeated group, which may nest repetitions.
    """
    pattern = re.sub(_ESCAPE, "-", pattern)
    if re.search(_REPEATED_GROUP, pattern):
        return float("inf")
    repeats = pattern.count("*") + pattern.count("+") + pattern.count("{")
    groups = pattern.count("(") + 1
    optional = len(re.findall(_OPTIONAL, pattern))
    if repeats + optional + groups > 100:
        return float("inf")
    # Consecutive repetitions share the text, so their ends are in order.
    ways = math.comb(longest + repeats, repeats) * longest
    if ways > sys.maxsize:
        return float("inf")
    branches = ((pattern.count("|") + groups) / groups) ** groups
    return ways * 2.0**optional * branches * count


def match_in_process(
    patterns: Sequence[Pattern], names: Sequence[str], seconds: float
) -> list[Matched]:
    """Match patterns in a process that ends after this much CPU time."""
    import subprocess

    jobs = [(pattern.text, pattern.whole) for pattern in patterns]
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
    return [
        Matched({names[int(i)]: tuple(groups) for i, groups in found.items()}, taken)
        for found, taken in answers
    ]


def match_now(pattern: Pattern, names: Sequence[str]) -> Found:
    """Match a pattern against each name, however long it takes."""
    compiled = compile_pattern(pattern.text)
    test = compiled.fullmatch if pattern.whole else compiled.match
    return {name: match.groups() for name in names if (match := test(name))}
