"""A plugin of pytest for tests of an installed loracfg: `pytest -p tests.away` beside no tree.

The wheel lacks the folders named `building`, which tests use. `BUILDING` has copies of only
those, so whatever else a test imports is what was installed.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

BUILDING: Final = Path(__file__).with_name("building-of-the-tree")


def find_building_folders() -> None:
    """Let the folders named `building` be found below the packages that are installed."""
    for folder in BUILDING.rglob("building"):
        name = ".".join(folder.parent.relative_to(BUILDING).parts)
        package = importlib.import_module(name)
        assert package.__file__
        assert not Path(package.__file__).is_relative_to(BUILDING)
        package.__path__.append(f"{folder.parent}")


find_building_folders()  # before any conftest is imported, which is before every hook
