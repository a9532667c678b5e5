"""Random edits: some hundreds here, ten thousand with `python -m tests.lsp.random_edits`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lsp.random_edits import run


@pytest.mark.slow
def test_nothing_crashes_and_nothing_stale_is_shown(tmp_path: Path) -> None:
    is_long = os.environ.get("LORACFG_PROFILE") == "long"
    assert run(tmp_path, 10_000 if is_long else 300, 7) >= 50
