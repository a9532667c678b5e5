"""Choose the packages of the wheel: all folders with code, except those only for developers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from setuptools.command.build_py import build_py

DEVELOPERS: Final = "building"
"""The name of folders with code that generates files or builds the wheel."""


class BuildPackages(build_py):
    """Build each top-level package of `pyproject.toml` with all packages below it.

    The search of setuptools cannot give a package a different name from its folder's, as needed for
    `api/`, which is installed as `loracfg_api`.
    """

    def finalize_options(self) -> None:
        """Find the packages."""
        homes = self.distribution.package_dir or {}
        top = [one for one in self.distribution.packages or [] if "." not in one]
        self.distribution.packages = [
            package for one in top for package in packages_below(one, Path(homes.get(one, one)))
        ]
        super().finalize_options()


def packages_below(name: str, folder: Path) -> Iterator[str]:
    """Yield the name of a package and of all packages below it."""
    for path in sorted(folder.rglob("__init__.py")):
        steps = path.parent.relative_to(folder).parts
        if DEVELOPERS not in steps:
            yield ".".join((name, *steps))
