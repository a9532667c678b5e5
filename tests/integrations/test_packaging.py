"""What is installed is what stands in the repository."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from loracfg.config.schema.files import ARCHIVE

ROOT = Path(__file__).resolve().parents[2]


LEFT_OUT: Final = {
    f"loracfg.{home}.building" for home in ("base.derivation", "config", "rules", "runtimes")
}
"""The packages that only developers run."""


def test_every_package_is_listed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = set(settings["tool"]["setuptools"]["packages"])
    homes = settings["tool"]["setuptools"]["package-dir"]
    found = {
        ".".join((package, *path.parent.relative_to(ROOT / home).parts))
        for package, home in homes.items()
        for path in (ROOT / home).rglob("__init__.py")
    }
    assert listed == found - LEFT_OUT


def test_every_schema_is_installed_and_nothing_else() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert settings["package-dir"]["loracfg_schema"] == "schema"
    assert settings["package-data"]["loracfg_schema"] == [ARCHIVE]
    code = [path.name for path in (ROOT / "schema").rglob("*.py")]
    assert code == ["__init__.py"]


def test_readme_has_the_two_commands_that_ci_runs() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len([line for line in lines if line.startswith("pip install ")]) == 2
