"""The files that ARCHITECTURE.md and CONTRIBUTING.md name exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
NAMED: Final = re.compile(r"`((?:[\w.-]+/)+|(?:[\w.-]+/)*[\w-]+\.(?:py|json|md|toml|txt|tsv))`")
ELSEWHERE: Final = frozenset(
    (
        "tests/report/test_NAME.py",
        "cells/ENGINE.tsv",
        "lc123_what_is_found.py",
        "loracfg.toml",
        "tuners/tuners_utils.py",
    )
)
"""Patterns of names, a file of PEFT and one of users."""


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_named_in_a_page_exist(page: str) -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    named = {match[1] for match in NAMED.finditer((ROOT / page).read_text("utf-8"))} - ELSEWHERE
    assert named
    assert [name for name in named if not any(_names(name, path) for path in listed)] == []


def _names(name: str, path: str) -> bool:
    """Tell whether a name is a path, or its end; the name of a folder ends in a slash."""
    return f"/{name}" in f"/{path}" if name.endswith("/") else f"/{path}".endswith(f"/{name}")
