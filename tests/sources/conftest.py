"""The base of the adapters, as a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import write_base


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("base") / "base")
