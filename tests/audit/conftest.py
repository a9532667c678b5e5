"""A small fleet of folders, and what reads its results."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import write_adapter, write_base

WRONG_RANK = 'config {"r": 8}'


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Nine adapters: one with a wrong rank, and one that is not JSON."""
    root = tmp_path / "fleet"
    for number in range(9):
        write_adapter(root / f"a{number}", *((WRONG_RANK,) if number == 3 else ()))
    (root / "a5/adapter_config.json").write_text("{")
    return root


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base")
