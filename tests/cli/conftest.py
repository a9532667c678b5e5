"""A valid adapter and its base as folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import write_adapter, write_base


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return write_adapter(tmp_path / "adapter")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base")
