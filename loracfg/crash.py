"""A defect of loracfg: where in the code it shows, and its traceback if that is asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "LORACFG_DEBUG"
"""Set it to `1` to have tracebacks printed, as `--debug` does."""

_MAX_TEXT: Final = 300
_HOME: Final = Path(__file__).parent


def words(error: BaseException) -> str:
    """Return the type and text of an error, cut if it is long."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"


def place_of(error: BaseException) -> str:
    """Return the file and line that an error was raised in, or led to it from our own code."""
    from traceback import extract_tb

    frames = [(Path(f.filename), f.lineno) for f in extract_tb(error.__traceback__)]
    own = [(path, line) for path, line in frames if not _is_foreign(path)] or frames
    if not own:
        return "an unknown place"
    path, line = own[-1]
    shown = path.relative_to(_HOME.parent).as_posix() if _is_ours(path) else path.name
    return f"{shown}:{line}"


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(_HOME)


def _is_foreign(path: Path) -> bool:
    """Tell whether a file is one of Python or of another package."""
    from sysconfig import get_paths

    homes = (get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return not _is_ours(path) and any(path.is_relative_to(home) for home in homes)


def show_traceback(error: BaseException) -> None:
    """Print the traceback of an error on standard error, if the user asks for tracebacks."""
    if os.environ.get(VARIABLE, "0") in ("", "0"):
        return
    from traceback import print_exception

    print_exception(error, file=sys.stderr)
