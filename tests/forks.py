"""Run programs in forks of a process that has already imported what they need."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

_PARENT: Final = """
import json, os, sys
exec(sys.argv[1])
for line in sys.stdin:
    task = json.loads(line)
    child = os.fork()
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
for number, path in ((1, task["out"]), (2, task["err"])):
    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
os.environ.clear()
os.environ.update(task["env"])
sys.argv[1:] = task["arguments"]
exec(task["code"], {"__name__": "__main__"})
"""
"""Waits for tasks; a child leaves the loop and ends as a program of its own does."""


class Forks:
    """A process with modules, and programs that run in forks of it, one at a time."""

    def __init__(self, inputs: IO[str], outputs: IO[str], folder: Path) -> None:
        self._inputs = inputs
        self._outputs = outputs
        self._out, self._err = folder / "out", folder / "err"

    def run(
        self, code: str, *arguments: str | Path, env: Mapping[str, str]
    ) -> tuple[int, str, str]:
        """Run Python code with arguments and an environment; return its status and output."""
        task = {"code": code, "arguments": [*map(str, arguments)], "env": dict(env)}
        self._inputs.write(json.dumps(task | {"out": str(self._out), "err": str(self._err)}) + "\n")
        self._inputs.flush()
        status = int(self._outputs.readline())
        texts = [path.read_text("utf-8") for path in (self._out, self._err)]
        for path in (self._out, self._err):
            path.unlink()
        return status, texts[0], texts[1]


@contextmanager
def forking(imports: str, env: Mapping[str, str]) -> Iterator[Forks]:
    """Start a process that imports modules with an environment.

    What these modules read from the environment when they are imported holds for all programs.
    """
    command = [sys.executable, "-c", _PARENT, imports]
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        yield Forks(process.stdin, process.stdout, Path(folder))
        process.stdin.close()
