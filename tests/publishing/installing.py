"""Install a built release from a local index, with pip, uv and pipx, and run README's lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from tests.publishing.build import version_of
from tests.publishing.index import served, write_index
from tests.publishing.lines import Line, lay_out, lines_of, statuses

LOCAL: Final = ("GIT_DIR", "PYTHONPATH", "VIRTUAL_ENV")
"""Variables that would let a command see the tree."""


class Attempt(NamedTuple):
    """A command that was run, or why it was not; `error` is empty if it did what it should."""

    command: str
    why: str = ""
    error: str = ""

    def __str__(self) -> str:
        status = "skipped" if self.why else "failed" if self.error else "ran"
        return f"  {status:<8}{self.command}" + (f" ({self.why})" if self.why else "")


def attempts(root: Path, packages: Path) -> Iterator[Attempt]:
    """Install `packages` in each way, and run what the README of `root` shows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_index(packages, folder / "index")
        lay_out(root / "docs/examples", folder / "use")
        with served(folder / "index") as url:
            environment = _environment(folder, url)
            for command in installs(folder, version_of(root)):
                yield _attempt(command, folder / "use", environment)
            for line in lines_of((root / "README.md").read_text("utf-8")):
                yield _read(line, folder / "use", environment)


def installs(folder: Path, version: str) -> list[str]:
    """Return the commands that install, each followed by one that uses what it installed."""
    venv.create(folder / "pip", with_pip=True)
    validate = "validate adapter --base base"
    return [
        f"{folder}/pip/bin/python -m pip install --quiet loracfg=={version}",
        f"{folder}/pip/bin/loracfg {validate}",
        f"{folder}/pip/bin/python -m loracfg {validate}",
        f"uv venv --quiet --python {sys.executable} {folder}/uv",
        f"uv pip install --quiet --python {folder}/uv/bin/python loracfg=={version}",
        f"{folder}/uv/bin/loracfg {validate}",
        f"uvx --quiet --python {sys.executable} loracfg@{version} {validate}",
        f"pipx install --quiet --python {sys.executable} loracfg=={version}",
        f"{folder}/bin/loracfg {validate}",
    ]


def _environment(folder: Path, url: str) -> dict[str, str]:
    """Return variables that put the local index before the usual one, and nothing in the home."""
    outer = {name: value for name, value in os.environ.items() if name not in LOCAL}
    tools = f"{Path(sys.executable).parent}"
    return {
        **outer,
        "PATH": os.pathsep.join((f"{folder}/bin", f"{folder}/pip/bin", outer["PATH"], tools)),
        "PIP_EXTRA_INDEX_URL": url,
        "PIP_NO_CACHE_DIR": "1",
        "PIPX_BIN_DIR": f"{folder}/bin",
        "PIPX_HOME": f"{folder}/pipx",
        "UV_CACHE_DIR": f"{folder}/uv-cache",
        "UV_INDEX": url,
        "UV_TOOL_BIN_DIR": f"{folder}/uv-bin",
        "UV_TOOL_DIR": f"{folder}/uv-tools",
    }


def _read(line: Line, folder: Path, environment: Mapping[str, str]) -> Attempt:
    if line.why:
        return Attempt(line.command, line.why)
    for name in ("fixed", "x.facts"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return _attempt(line.command, folder, environment, statuses(line.command))


def _attempt(
    command: str, folder: Path, environment: Mapping[str, str], expected: tuple[int, ...] = (0,)
) -> Attempt:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in expected and "Traceback" not in done.stderr:
        return Attempt(command)
    return Attempt(command, error=f"exit {done.returncode}\n{done.stdout}{done.stderr}")
