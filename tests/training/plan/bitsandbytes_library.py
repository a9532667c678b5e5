"""bitsandbytes, which is not installed with the tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.releases.wheels import cache_folder


def bitsandbytes() -> Any:
    """Return bitsandbytes from its own folder, or skip the test."""
    root = os.environ.get("LORACFG_ORACLE_ENVS") or cache_folder("oracle-envs")
    folder = Path(root) / "bitsandbytes"
    if not folder.is_dir():
        pytest.skip(
            f"{folder} is missing; `pip install --no-deps -t {folder} bitsandbytes` makes it"
        )
    sys.path.insert(0, str(folder))
    try:
        import bitsandbytes as found  # type: ignore[import-not-found]  # not installed with the tests
    finally:
        sys.path.remove(str(folder))
    return found
