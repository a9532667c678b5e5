"""Fixtures for tests of the derivation: known expressions, and a deep stack."""

from __future__ import annotations

import sys
from typing import Any, Final

import pytest

from loracfg.base.derivation.interpreter import expressions
from loracfg.base.derivation.interpreter.interpretation import _MOST_FRAMES

_OF_MODULES: Final[dict[Any, Any]] = {}
"""The expressions in test modules, which are compared by identity."""


def pytest_collection_finish() -> None:
    """Remember them before any test runs."""
    _OF_MODULES.update(expressions._known)


@pytest.fixture(autouse=True)
def _known_expressions() -> None:
    """Register them again, since deriving a layout forgets all expressions."""
    expressions._known.update(_OF_MODULES)


@pytest.fixture(autouse=True)
def _deep_stack() -> None:
    """Raise the recursion limit as interpreting does, before Hypothesis records it."""
    sys.setrecursionlimit(_MOST_FRAMES)
