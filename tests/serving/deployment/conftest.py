"""Adapters that PEFT makes for small bases, once for all tests here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.made.make import Made

MakeAdapter = Callable[[str, str], Made]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> MakeAdapter:
    """Return what makes the adapter of a model type with a feature, and its base."""
    pytest.importorskip("peft", reason="PEFT makes the adapters")
    from tests.runtimes.matrix.making import make

    root = tmp_path_factory.mktemp("deployment")
    found: dict[tuple[str, str], Made] = {}

    def one(model_type: str, feature: str) -> Made:
        key = model_type, feature
        if key not in found:
            adapter = make(*key, root)
            assert adapter is not None
            found[key] = adapter
        return found[key]

    return one
