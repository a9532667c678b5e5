"""Compiles the Python code of the page with Pyodide itself, which node runs.

The page starts in two thirds of the time, since a browser would compile hundreds of modules on each
visit.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from loracfg.errors import LoracfgError

_PROGRAM: Final = "compile.mjs"
_SECONDS: Final = 600


def has_node() -> bool:
    """Whether node is installed."""
    return shutil.which("node") is not None


def compiled(code: bytes, pyodide: Path) -> bytes:
    """Return a tar archive in which all modules are compiled.

    Args:
        code: a tar archive of source files.
        pyodide: the folder of the npm package.

    Raises:
        LoracfgError: if node or Pyodide fails.
    """
    node = shutil.which("node") or "node"
    with tempfile.TemporaryDirectory() as folder, as_file(files(__package__) / _PROGRAM) as program:
        given, made = Path(folder, "source.tar"), Path(folder, "compiled.tar")
        given.write_bytes(code)
        command = [node, str(program), str(pyodide.absolute()), str(given), str(made)]
        try:
            done = subprocess.run(  # noqa: S603  # our own program
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
            said, failed = _reason(done), done.returncode != 0
        except (OSError, subprocess.TimeoutExpired) as error:
            said, failed = str(error), True
        if failed:
            message = f"the code of the page cannot be compiled: {said}"
            raise LoracfgError(message, "pass `--no-compile`, for a page that starts more slowly")
        return made.read_bytes()


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line in which node says what went wrong; its last one is its version."""
    lines = done.stderr.strip().splitlines()
    errors = [line for line in lines if "Error" in line]
    return (errors or lines or [f"node ended with {done.returncode}"])[0][:300]
