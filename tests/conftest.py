"""Settings of all tests: no network, cache or progress bars, one thread, and how much is drawn.

Tests run in as many processes as there are cores, and torch's threads spin while they
wait for each other: with one thread in each process, it takes a fifth of the CPU time.

Failures that another release of PEFT explains are said to be so.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

from tests import random_part

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ["HF_HUB_CACHE"] = str(Path(__file__).with_name("no-cache"))
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "critical")
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("long", max_examples=1000, deadline=None)
settings.register_profile(
    "quick",
    settings(),  # on CI, the profile that Hypothesis has for it
    max_examples=25,
    deadline=None,  # no test depends on how busy the machine is
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "quick")

RECURSION_LIMIT: Final = sys.getrecursionlimit()


NEEDS: Final = {"browser": "browser", "editor": "node"}
"""Folders whose tests need a program, and their markers (`pyproject.toml` describes them)."""


RANDOM_PART: Final = pytest.StashKey[str | None]()
"""The seed of a run that takes a random part of the tests."""


def pytest_configure(config: pytest.Config) -> None:
    """Decide in the first process which part of the tests all take."""
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    config.stash[RANDOM_PART] = given["random_part"] if given else random_part.new_seed(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Let a process of pytest-xdist draw the same."""
    node.workerinput["random_part"] = node.config.stash[RANDOM_PART]


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what a random part is, and how to repeat it."""
    seed = config.stash[RANDOM_PART]
    return seed and f"a random part of the tests (repeat it with {random_part.SEED}={seed})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they need, so that `-m "not browser"` leaves them out, and draw a part."""
    for item in items:
        marker = NEEDS.get(item.path.parent.name)
        if marker:
            item.add_marker(marker)
    seed = config.stash[RANDOM_PART]
    if seed is not None:
        taken = random_part.drawn(items, seed)
        left = {*items}.difference(taken)
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = taken


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes be interrupted, even if a shell runs the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    """Compile each template once: PEFT has one for the README of every adapter that it saves."""
    with suppress(ImportError):
        from jinja2 import Environment

        Environment.compile = lru_cache(64)(Environment.compile)  # type: ignore[assignment,method-assign]


@pytest.fixture(autouse=True)
def _same_depth() -> Iterator[None]:
    """Leave other tests the recursion limit as it was: interpreting constructors raises it."""
    yield
    sys.setrecursionlimit(RECURSION_LIMIT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the release of PEFT to install if tests failed with a different one."""
    from loracfg.config.history.releases import PEFT_RELEASE

    try:
        installed = version("peft")
    except PackageNotFoundError:
        return
    if installed != PEFT_RELEASE and terminalreporter.stats.get("failed"):
        why = f"tests that compare with PEFT {PEFT_RELEASE} fail with the installed {installed}"
        terminalreporter.write_line(f"{why}: `pip install peft=={PEFT_RELEASE}`", yellow=True)
