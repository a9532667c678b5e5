"""What mypy notices of a change: a guard that only types ask for, or a value of another type."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Final

from tests.mutation.process import PACKAGES

_ERROR: Final = re.compile(r"^[^:]+:\d+(?::\d+)?: error: (.*)$", re.MULTILINE)
_OF_CHANGE: Final = "[unreachable]"
"""What is said of any condition that was made constant."""


class Types:
    """A daemon of mypy in a copy of the project."""

    def __init__(self, folder: Path, path: str) -> None:
        self.copy = folder / "copy"
        self.env = {**os.environ, "MYPYPATH": path}
        self.command = [sys.executable, "-m", "mypy.dmypy", "--status-file", "../dmypy.json"]
        self.known: dict[str, set[str]] = {}

    def notice(self, file: str, text: str) -> bool:
        """Tell whether a text of a file has errors that the file itself does not have."""
        path = self.copy / file
        whole = path.read_bytes()
        try:
            if file not in self.known:  # without comments, `type: ignore` among them
                self.known[file] = self._errors(path, ast.unparse(ast.parse(whole)))
            return bool(self._errors(path, text) - self.known[file])
        finally:
            path.write_bytes(whole)

    def _errors(self, path: Path, text: str) -> set[str]:
        self._started  # noqa: B018  # the daemon must have seen the whole project
        path.write_text(text, encoding="utf-8")
        return {one for one in _ERROR.findall(self._run()) if not one.endswith(_OF_CHANGE)}

    @cached_property
    def _started(self) -> str:
        return self._run()

    def _run(self) -> str:
        command = [*self.command, "run", "--", *PACKAGES]
        done = subprocess.run(command, cwd=self.copy, env=self.env, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.stdout

    def stop(self) -> None:
        """End the daemon."""
        subprocess.run([*self.command, "stop"], cwd=self.copy, capture_output=True)
