"""The files that the site is built from, by their place in the site."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docs.website.links import moved
from docs.website.new_folders import with_folder

ROOT: Final = Path(__file__).resolve().parents[2]
PROJECT: Final = {
    "ARCHITECTURE.md": "project/architecture.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
}
"""Pages from outside `docs/`."""
_HOME: Final = "docs/README.md"
_ASSETS: Final = ("*.svg", "*.css", "*.js")
_FOLDERS: Final = ("assets", "explain", "how-to", "images", "reference", "rules", "start")
"""Folders of `docs/` with pages and assets of the site."""


def places(root: Path = ROOT) -> dict[str, str]:
    """Return the path in the site of each page and asset, by its path in the repository."""
    found = {name: name.removeprefix("docs/") for name in _in_docs(root)}
    if _HOME in found:
        found[_HOME] = "index.md"
    found["README.md"] = "index.md"
    return found | PROJECT


def _in_docs(root: Path) -> Iterator[str]:
    folders = [root / "docs", *(root / "docs" / name for name in _FOLDERS)]
    for folder in folders:
        for pattern in ("*.md", *_ASSETS):
            for path in sorted(folder.glob(pattern)):
                yield path.relative_to(root).as_posix()


def stage(folder: Path, root: Path = ROOT) -> None:
    """Write the pages, the assets and the schemas of the site below a folder, with their links.

    Raises:
        BrokenLinkError: a page has a link to a file that does not exist.
    """
    known = places(root)
    for name, place in known.items():
        target = with_folder(folder / place)
        if name == "README.md":
            continue
        if posixpath.splitext(name)[1] == ".md":
            text = moved((root / name).read_text("utf-8"), name, known, root)
            target.write_text(text, "utf-8")
        else:
            shutil.copyfile(root / name, target)
    for path in sorted(
        [*(root / "schema").glob("*.json"), *(root / "schema/runtimes").glob("*.json")]
    ):
        shutil.copyfile(path, with_folder(folder / path.relative_to(root)))
