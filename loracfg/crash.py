"""Describe a crash of loracfg: its place in the code and, on request, its traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "LORACFG_DEBUG"
"""Set it to `1` to print tracebacks, like `--debug`."""

_MAX_TEXT: Final = 300
_HOME: Final = Path(__file__).parent


def words(error: BaseException) -> str:
    """Return the type and message of an error, truncated if it is long."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"


def place_of(error: BaseException) -> str:
    """Return the file and line in loracfg where an error was raised, or which led to it."""
    frames = _frames(error)
    own = [(path, line) for path, line in frames if not _is_foreign(path)] or frames
    if not own:
        return "an unknown place"
    path, line = own[-1]
    shown = path.relative_to(_HOME.parent).as_posix() if _is_ours(path) else path.name
    return f"{shown}:{line}"


def place_outside(error: BaseException) -> str:
    """Return the file and line of the code outside of loracfg that we called, and that failed."""
    others = [frame for frame in _frames(error) if not _is_ours(frame[0])]
    called = [(path, line) for path, line in others if path == others[0][0]]
    if not called:
        return place_of(error)
    path, line = called[-1]
    return f"{path.name}:{line}"


def _frames(error: BaseException) -> list[tuple[Path, int | None]]:
    from traceback import extract_tb

    return [(Path(frame.filename), frame.lineno) for frame in extract_tb(error.__traceback__)]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(_HOME)


def _is_foreign(path: Path) -> bool:
    """Tell whether a file belongs to Python or to another package."""
    from sysconfig import get_paths

    homes = (get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return not _is_ours(path) and any(path.is_relative_to(home) for home in homes)


def show_traceback(error: BaseException) -> None:
    """Print the traceback of an error to standard error if the user asks for tracebacks."""
    if os.environ.get(VARIABLE, "0") in ("", "0"):
        return
    from traceback import print_exception

    print_exception(error, file=sys.stderr)
