"""What tests of the build tool share: expressions are compared by identity, and stacks are deep."""

from __future__ import annotations

import sys
from typing import Any, Final

import pytest

from loracfg.base.derivation.interpreter import expressions
from loracfg.base.derivation.interpreter.interpretation import _MOST_FRAMES

_OF_MODULES: Final[dict[Any, Any]] = {}
"""The expressions that test modules hold."""


def pytest_collection_finish() -> None:
    """Note them before any test runs."""
    _OF_MODULES.update(expressions._known)


@pytest.fixture(autouse=True)
def _known_expressions() -> None:
    """Know them again: whoever derives a layout forgets all."""
    expressions._known.update(_OF_MODULES)


@pytest.fixture(autouse=True)
def _deep_stack() -> None:
    """Raise the recursion limit before Hypothesis notes it, as interpreting does."""
    sys.setrecursionlimit(_MOST_FRAMES)
