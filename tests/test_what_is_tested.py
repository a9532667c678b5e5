"""Tests run on one thing: this tree, or what is installed, but not a part of each.

`python -m pytest` takes `loracfg` from the tree, where `api/` and `schema/` have the names
`loracfg_api` and `loracfg_schema` only once they are installed. An editable install finds them
here; those of a wheel would be as old as that. `tests/test_wheel.py` tests the wheel.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

TREE: Final = {"loracfg": "loracfg", "loracfg_api": "api", "loracfg_schema": "schema"}
"""The packages, and their folders in the tree."""


def home(package: str) -> Path:
    """Return the folder that a package is imported from."""
    file = importlib.import_module(package).__file__
    assert file
    return Path(file).resolve().parent


def mixture(homes: dict[str, Path]) -> dict[str, Path]:
    """Return where packages come from, if that is neither this tree nor one other place."""
    tree = {package: ROOT / folder for package, folder in TREE.items()}
    installed = {package: homes["loracfg"].parent / package for package in TREE}
    return {} if homes in (tree, installed) else homes


def test_all_packages_come_from_one_place() -> None:
    found = mixture({package: home(package) for package in TREE})
    assert not found, "install the tree with `pip install -e '.[test]'`"


@pytest.mark.parametrize("stale", ["loracfg_api", "loracfg_schema"])
def test_a_mixture_is_found(stale: str, tmp_path: Path) -> None:
    tree = {package: ROOT / folder for package, folder in TREE.items()}
    installed = {package: tmp_path / package for package in TREE}
    assert not mixture(tree)
    assert not mixture(installed)
    assert mixture({**tree, stale: installed[stale]})
