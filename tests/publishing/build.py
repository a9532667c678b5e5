"""Build a release from a checkout: packages, what they contain, checksums and notes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

from docs.website.links import moved
from tests.publishing.changelog import UNRELEASED, sections

BOM: Final = "loracfg.cdx.json"
README: Final = "README.md"
_VERSION: Final = re.compile(r'^__version__: Final = "([^"]+)"$', re.MULTILINE)


class ReleaseError(Exception):
    """The checkout is not what a release is made of; the message says what to change."""


def version_of(root: Path) -> str:
    """Return the version, from the one place that has it."""
    found = _VERSION.search((root / "loracfg/version.py").read_text("utf-8"))
    if not found:
        raise ReleaseError('`loracfg/version.py` has no line `__version__: Final = "…"`')
    return found[1]


def notes_of(root: Path, tag: str | None) -> str:
    """Return the changes of this version, with links that work on the page of a release.

    Raises:
        ReleaseError: the tag, the version and the newest section of CHANGELOG.md disagree.
    """
    version = version_of(root)
    newest = sections((root / "CHANGELOG.md").read_text("utf-8"))[0]
    if newest.version != version:
        why = f"CHANGELOG.md begins with `{newest.version}`, but the version is `{version}`"
        raise ReleaseError(f"{why}: change `loracfg/version.py`, or begin a section")
    if tag is not None and tag != f"v{version}":
        raise ReleaseError(f"the tag is `{tag}`, but the version is `{version}`: tag `v{version}`")
    if tag is not None and newest.when == UNRELEASED:
        raise ReleaseError(f"CHANGELOG.md calls {version} unreleased: write the date there")
    return moved(newest.text, "CHANGELOG.md", {}, root, f"v{version}") + "\n"


def build(root: Path, target: Path, tag: str | None = None) -> None:
    """Write `packages/` and `about/` to an empty folder.

    Raises:
        ReleaseError: the checkout is not that of the tag, or two builds differ.
        CalledProcessError: a tool failed; it has said why.
    """
    notes = notes_of(root, tag)
    packages, about = target / "packages", target / "about"
    for folder in (packages, about):
        folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        source, again = Path(temporary, "source"), Path(temporary, "again")
        _clone(root, source)
        _build_packages(source, packages)
        _build_packages(source, again, "--wheel")
        if checksums(again) not in checksums(packages):
            raise ReleaseError("the wheels built from the sdist and from the checkout differ")
    _run(sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(packages.iterdir())))
    (about / "notes.md").write_text(notes, "utf-8")
    (about / "SHA256SUMS").write_text(checksums(packages), "utf-8")
    _write_bom(root, packages, about / BOM)


def _clone(root: Path, source: Path) -> None:
    _run("git", "clone", "--quiet", f"{root}", f"{source}")
    (source / README).write_text(packaged_readme(source), "utf-8")


def packaged_readme(root: Path) -> str:
    """Return README.md with links that also work on the page of a package index."""
    text = (root / README).read_text("utf-8")
    return moved(text, README, {}, root, f"v{version_of(root)}")


def _build_packages(root: Path, target: Path, *options: str) -> None:
    """Build the sdist and the wheel from it, or what options say, with the time of the commit."""
    when = _output("git", "-C", f"{root}", "log", "-1", "--pretty=%ct")
    _run(
        *(sys.executable, "-m", "build", *options, "--outdir", f"{target}", f"{root}"),
        env={"SOURCE_DATE_EPOCH": when},
    )


def checksums(folder: Path) -> str:
    """Return the lines of a file of checksums, as `sha256sum` writes and checks them."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return "".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files)


def _write_bom(root: Path, packages: Path, target: Path) -> None:
    """Write what an installed wheel consists of, in CycloneDX."""
    (wheel,) = packages.glob("*.whl")
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        _run(f"{python}", "-m", "pip", "install", "--quiet", f"{wheel}")
        _run(f"{python}", "-m", "pip", "uninstall", "--quiet", "--yes", "pip", "setuptools")
        _run(
            *(sys.executable, "-m", "cyclonedx_py", "environment", f"{python}"),
            *("--pyproject", f"{root / 'pyproject.toml'}", "--output-reproducible"),
            *("--output-format", "JSON", "--output-file", f"{target}"),
        )


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env=os.environ | (env or {}), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
