"""The packages of the wheel: every folder with code, but for those that only developers run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from setuptools.command.build_py import build_py

DEVELOPERS: Final = "building"
"""The name of folders that make generated files, or are needed to build."""


class BuildPackages(build_py):
    """Builds each top-level package of `pyproject.toml` with all packages below it.

    setuptools' own search cannot give packages other names than those of their folders, as `api/`
    has in `loracfg_api`.
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
    """Yield the names of a package and those below it, by their folder."""
    for path in sorted(folder.rglob("__init__.py")):
        steps = path.parent.relative_to(folder).parts
        if DEVELOPERS not in steps:
            yield ".".join((name, *steps))
