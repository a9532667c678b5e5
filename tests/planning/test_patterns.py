"""Patterns match like `re`, in this process or a separate one, and never take long."""

from __future__ import annotations

import re
import threading
import warnings
from time import monotonic, thread_time
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loracfg.planning.patterns import (
    MAX_STEPS,
    Found,
    Pattern,
    PatternBudget,
    PatternTimeoutError,
    worst_steps,
)

HOSTILE: Final = (
    r"(a+)+(b+)+(([a-z]+)*)*$",
    r"(a|a|a|a)*!",
    r"((a*)*)*!",
    r"(?:a{1,40}){1,40}!",
    r"(a+)+!",
    r".*.*.*.*.*.*.*.*.*!",
    ".*" * 30 + "!",
    r"a?" * 40 + "a" * 40 + "!",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(?=(a+)+!)",
    r"(?:(?:(?:a?){9}){9}){9}!",
)
LONG_NAME: Final = "a" * 60 + "b" * 60 + "model.layers.0.self_attn.q_proj"
SECONDS: Final = 0.2
STARTING: Final = 2.0
"""Seconds that starting a process may take on a machine that does other things too."""


def by_re(pattern: Pattern, names: list[str]) -> Found:
    """Return what `re` finds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern.text)
    test = compiled.fullmatch if pattern.whole else compiled.match
    return {name: match.groups() for name in names if (match := test(name))}


def apart() -> PatternBudget:
    """Return a budget that runs every pattern in a process of its own."""
    budget = PatternBudget(20)
    budget.steps_left = 0
    return budget


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_pattern_ends_within_the_budget(text: str) -> None:
    started = monotonic()
    with pytest.raises(PatternTimeoutError) as caught:
        PatternBudget(SECONDS).match([Pattern(text)], [LONG_NAME])
    assert monotonic() - started < SECONDS + STARTING
    assert (caught.value.pattern, caught.value.seconds) == (text, SECONDS)


def test_hostile_pattern_ends_in_another_thread() -> None:
    caught: list[Any] = []

    def match() -> None:
        try:
            PatternBudget(SECONDS).match([Pattern(HOSTILE[0])], [LONG_NAME])
        except PatternTimeoutError as error:
            caught.append(error.pattern)

    thread = threading.Thread(target=match)
    thread.start()
    thread.join(SECONDS + STARTING)
    assert caught == [HOSTILE[0]]


def test_the_pattern_that_takes_the_time_is_named() -> None:
    quick = [Pattern("(?:model|a)*.*"), Pattern(".*q_proj"), Pattern("(b)+")]
    patterns = [*quick, Pattern(HOSTILE[0]), Pattern("(c)+")]
    with pytest.raises(PatternTimeoutError) as caught:
        PatternBudget(SECONDS).match(patterns, [LONG_NAME])
    assert caught.value.pattern == HOSTILE[0]


def test_many_repetitions_of_a_short_name_do_not_run_at_once() -> None:
    assert worst_steps(".*" * 30 + "!", 13, 1) > MAX_STEPS


def test_what_was_spent_is_gone() -> None:
    budget = PatternBudget(SECONDS)
    with pytest.raises(PatternTimeoutError):
        budget.match([Pattern(HOSTILE[0])], [LONG_NAME])
    started = monotonic()
    with pytest.raises(PatternTimeoutError):
        budget.match([Pattern(HOSTILE[0])], [LONG_NAME])
    assert monotonic() - started < STARTING


def test_adapters_in_turn_share_the_time() -> None:
    budget = PatternBudget(SECONDS)
    with pytest.raises(PatternTimeoutError) as caught:
        budget.match([Pattern(HOSTILE[0])], [LONG_NAME])
    assert caught.value.is_own
    budget.begin_adapter()
    assert budget.match([Pattern(".*q_proj")], [LONG_NAME]) == [{LONG_NAME: ()}]
    started = monotonic()
    with pytest.raises(PatternTimeoutError) as caught:
        budget.match([Pattern(HOSTILE[0])], [LONG_NAME])
    assert monotonic() - started < SECONDS
    assert not caught.value.is_own


def test_a_slow_pattern_is_its_adapters_own_if_it_had_most_of_the_time() -> None:
    budget = PatternBudget(SECONDS)
    budget.spent = SECONDS / 4
    budget.begin_adapter()
    with pytest.raises(PatternTimeoutError) as caught:
        budget.match([Pattern(HOSTILE[0])], [LONG_NAME])
    assert caught.value.is_own
    assert caught.value.seconds == pytest.approx(SECONDS * 3 / 4)


def test_many_patterns_that_run_at_once_share_the_budget() -> None:
    patterns = [Pattern(".*.*[XYZ]" + "X" * i) for i in range(100)]
    names = [LONG_NAME[-80:]] * 20
    each = worst_steps(patterns[-1].text, max(map(len, names)), len(names))
    assert each < MAX_STEPS < each * len(patterns)
    budget = PatternBudget()
    assert budget.match(patterns, names) == [{} for _ in patterns]
    assert 0 <= budget.steps_left < each  # the rest ran apart


def test_patterns_that_run_apart_are_compiled_within_the_budget() -> None:
    patterns = [Pattern(f"(x{number}+)+[a-z]*!") for number in range(20_000)]
    started = thread_time()
    with pytest.raises(PatternTimeoutError):
        PatternBudget(0.1).match(patterns, ["x"])
    assert thread_time() - started < 0.6


@pytest.mark.parametrize(
    "text",
    [
        r"(a+)+",
        r"(a*)*b",
        r"((a)|b)*",
        r"(?:a{2,3}){4}",
        r"(a)+?",
        r"x(y(z)*)+",
        "a*" * 101,
        "a?" * 101,
    ],
)
def test_nested_repetitions_have_no_bound(text: str) -> None:
    assert worst_steps(text, 1, 1) == float("inf")


@pytest.mark.parametrize(
    "text",
    [
        "q_proj",
        r".*\.(q_proj|v_proj)",
        r"(.*\.)?(model\.layers\.1\..*q_proj)$",
        r"(^|.*\.)lm_head($|\..*)",
        r"(?:^|.*?\.)layers\.(?P<idx>\d+)\.",
        r"model\.layers\.(1|2|3|4|5|6|7|8|9)\.self_attn\.(q|k|v|o)_proj",
    ],
)
def test_usual_patterns_run_at_once(text: str) -> None:
    names = [f"model.layers.{i}.self_attn.q_proj" for i in range(450)]
    budget = PatternBudget()
    budget.match([Pattern(text)], names)
    assert budget.left == budget.seconds
    assert budget.steps_left < MAX_STEPS


@pytest.mark.parametrize("text", ["(", "*a", "[b-a]", "a{2,1}", r"(?P<n>a)(?P<n>b)", "(" * 20])
@pytest.mark.parametrize("start", [PatternBudget, apart])
def test_what_does_not_compile_raises_as_in_re(text: str, start: Any) -> None:
    with pytest.raises(re.error):
        start().match([Pattern(text)], ["a"])


def test_deep_nesting_raises_nothing_else() -> None:
    text = "(" * 5000 + ")" * 5000
    with pytest.raises(re.error):
        PatternBudget().match([Pattern(text)], ["a"])


NAMES: Final = st.lists(
    st.one_of(
        st.sampled_from(["model.layers.0.self_attn.q_proj", "lm_head", "h.1.attn", ""]),
        st.text("ab.10_\n\0ä", max_size=12),
    ),
    max_size=6,
    unique=True,
)


def pieces() -> st.SearchStrategy[str]:
    """Draw patterns that compile, often with what makes them slow."""
    atoms = st.sampled_from(["a", "b", ".", r"\.", r"\d", "[a-z]", "[^.]", "layers", "q_proj", "$"])
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map("".join),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
            st.builds(
                lambda part, times: f"(?:{part}){times}",
                inner,
                st.sampled_from(["*", "+", "?", "*?", "{2}", "{0,2}"]),
            ),
            inner.map(lambda part: f"(?={part})"),
        ),
        max_leaves=6,
    )


@settings(deadline=None)
@given(st.lists(st.builds(Pattern, pieces(), st.booleans()), max_size=3), NAMES)
def test_matches_are_those_of_re(patterns: list[Pattern], names: list[str]) -> None:
    assert PatternBudget(20).match(patterns, names) == [
        by_re(pattern, names) for pattern in patterns
    ]


@settings(max_examples=max(20, settings().max_examples // 5), deadline=None)
@given(st.lists(st.builds(Pattern, pieces(), st.booleans()), min_size=1, max_size=3), NAMES)
@example([Pattern(r"(a)|(b)", whole=True)], ["a", "b", "\ud800", "c"])
def test_matches_apart_are_those_of_re(patterns: list[Pattern], names: list[str]) -> None:
    assert apart().match(patterns, names) == [by_re(pattern, names) for pattern in patterns]
