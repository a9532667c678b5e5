"""A folder that the adapters of one test run share."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("peft", reason="the adapters are made by PEFT")


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")
