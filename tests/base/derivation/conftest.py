"""What tests of the build tool share: expressions are compared by identity."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.derivation.interpreter import expressions


@pytest.fixture(scope="session")
def expressions_of_modules() -> dict[Any, Any]:
    """Return the expressions that test modules hold."""
    return dict(expressions._known)


@pytest.fixture(autouse=True)
def _known_expressions(expressions_of_modules: dict[Any, Any]) -> None:
    """Know them again: whoever derives a layout forgets all."""
    expressions._known.update(expressions_of_modules)
