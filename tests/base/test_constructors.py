"""The constructors in the catalogue are those that the transcriber makes of the library today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import transformers

from loracfg.base.catalogue.index import FOLDER, package_of, read_index
from tests.base.law import LAYOUT


def test_the_layout_of_the_installed_release_is_fresh(tmp_path: Path) -> None:
    library = read_index(package_of(LAYOUT)).library
    if library != f"transformers {transformers.__version__}":
        pytest.skip(f"the layout is of {library}, transformers {transformers.__version__} is here")
    command = [sys.executable, "-m", "loracfg.base.transcriber", "--out", str(tmp_path / "made")]
    subprocess.run(command, check=True, capture_output=True)

    made = {path.name: path.read_text() for path in (tmp_path / "made").iterdir() if path.is_file()}
    kept = FOLDER / f"transformers{LAYOUT}"
    there = {path.name: path.read_text() for path in kept.iterdir() if path.is_file()}
    assert made.keys() == there.keys()
    stale = sorted(name for name, text in made.items() if text != there[name])
    assert not stale, f"make the layout anew (CONTRIBUTING.md): {stale}"
