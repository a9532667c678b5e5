"""A valid adapter as a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import write_adapter


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return write_adapter(tmp_path / "adapter")
