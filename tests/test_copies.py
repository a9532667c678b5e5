"""What the repository and the wheel hold: what we wrote, and facts; no code of other projects."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

LIBRARIES: Final = ("transformers", "diffusers", "peft")

LENGTH: Final = 45
"""Shorter lines are in many libraries by chance."""

MOST: Final = 15
"""Lines that happen to be in a library as well: 13 when this was written."""


@pytest.mark.slow
def test_no_code_of_libraries() -> None:
    """Lines of some length that also stand in a library's source, imports aside, are chance."""
    ours = {text: places for text, places in _lines(_tracked()).items() if not _imports(text)}
    same = {line for folder in _sources() for line in _known(folder, ours)}
    found = sorted(place for line in same for place in ours[line])
    shown = "\n".join(found[: MOST * 2])
    assert len(found) <= MOST, f"{len(found)} lines are in {', '.join(LIBRARIES)} too:\n{shown}"


def _tracked() -> list[Path]:
    """Return the files of the repository, or skip the calling test where there is none."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("the tests do not run in a git repository")
    return [ROOT / name for name in done.stdout.split("\0") if name]


def _sources() -> list[Path]:
    """Return the folders of the libraries that are installed."""
    found = []
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(Path(spec.origin).parent)
    if not found:
        pytest.skip(f"none of {', '.join(LIBRARIES)} is installed")
    return found


def _lines(paths: list[Path]) -> dict[str, list[str]]:
    """Return the lines of some length, each with the places where it stands."""
    found: dict[str, list[str]] = {}
    for path in paths:
        for number, line in enumerate(_text(path).splitlines(), 1):
            stripped = line.strip()
            if len(stripped) >= LENGTH:
                place = f"{path.relative_to(ROOT)}:{number}: {stripped}"
                found.setdefault(stripped, []).append(place)
    return found


def _text(path: Path) -> str:
    """Return the text of a file, nothing for what is not text."""
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        return ""


def _imports(line: str) -> bool:
    return line.startswith(("import ", "from "))


def _known(folder: Path, ours: dict[str, list[str]]) -> Iterator[str]:
    """Yield which of our lines a library has."""
    for path in folder.rglob("*.py"):
        yield from ours.keys() & {line.strip() for line in _text(path).splitlines()}
