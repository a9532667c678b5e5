"""Run the command line on test folders, in this process or in a separate one."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from loracfg.cli import main
from loracfg.testing.building.examples import build
from loracfg.testing.llama import BASE, base_config, llama
from tests.base.headers import write_checkpoint

ROOT: Final = Path(__file__).resolve().parents[2]
PROGRAM: Final = (sys.executable, "-m", "loracfg")
CODE: Final = "from loracfg.cli import run; run()"
"""The same, for what stands before it."""


BASE_CONFIG: Final = base_config(BASE)


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and what it wrote."""

    status: int
    out: str
    err: str


def write_adapter(folder: Path, *lines: str) -> Path:
    """Write the adapter of these lines of an example (see `loracfg.testing.building.examples`)."""
    contents = build(lines)[0].contents
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        if name.endswith("/"):
            (folder / name).mkdir(exist_ok=True)
        else:
            (folder / name).write_bytes(data)
    return folder


def write_base(folder: Path, sizes: Mapping[str, Any] = BASE) -> Path:
    """Write a base of the examples: its config and the header of its checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(base_config(sizes), indent=2))
    modules = llama(sizes).modules
    entries = {f"{p}.{n}": s for p, m in modules.items() for n, s in m.parameters.items()}
    write_checkpoint(folder / "model.safetensors", dict(entries))
    return folder


def call(*arguments: str | Path) -> Outcome:
    """Run the command line in this process."""
    with _streams() as (out, err):
        status = 0
        argv, sys.argv = sys.argv, ["loracfg", *map(str, arguments)]
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        finally:
            sys.argv = argv
    return Outcome(status, out.buffer.getvalue().decode(), err.getvalue())


class _Output(io.TextIOWrapper):
    """Standard output that keeps what is written to its buffer."""

    buffer: io.BytesIO


@contextmanager
def _streams() -> Iterator[tuple[_Output, io.StringIO]]:
    kept = sys.stdout, sys.stderr
    out, err = _Output(io.BytesIO(), encoding="utf-8"), io.StringIO()
    sys.stdout, sys.stderr = out, err
    try:
        yield out, err
        out.flush()
    finally:
        sys.stdout, sys.stderr = kept


def start(
    *arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen[bytes]:
    """Start the command line in a process of its own."""
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)} | dict(env or {})
    return subprocess.Popen([*PROGRAM, *map(str, arguments)], env=surroundings, **options)


def run(*arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any) -> Outcome:
    """Run the command line in a process of its own, for half a minute at most."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = start(*arguments, env=env, **pipes | options)
    try:
        out, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    finally:
        process.wait()
    return Outcome(process.returncode, (out or b"").decode(), (err or b"").decode())


def check_answer(outcome: Outcome) -> None:
    """Check that a run ended as it should, whatever it was given."""
    assert outcome.status in (0, 1, 2)
    assert outcome.err == ""
    assert "Traceback" not in outcome.out
    assert not re.search(r"(the rule LC\d{3}|loracfg) crashed", outcome.out)
    assert all(char.isprintable() or char == "\n" for char in outcome.out)


def hashes(folder: Path) -> dict[str, str]:
    """Return a digest of each file below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
