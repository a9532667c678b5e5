"""What is installed is what stands in the repository."""

from __future__ import annotations

import tomllib
from pathlib import Path

from loracfg.config.schema.schema_files import ARCHIVE

ROOT = Path(__file__).resolve().parents[2]


def test_every_schema_is_installed_and_nothing_else() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert settings["package-dir"]["loracfg_schema"] == "schema"
    assert settings["package-data"]["loracfg_schema"] == [ARCHIVE]
    code = [path.name for path in (ROOT / "schema").rglob("*.py")]
    assert code == ["__init__.py"]


def test_readme_has_the_two_commands_that_ci_runs() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len([line for line in lines if line.startswith("pip install ")]) == 2
