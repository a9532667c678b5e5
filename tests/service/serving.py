"""The service on a free port: as a process of its own, or in a thread of this one."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Final

from tests.cli.running import PROGRAM, ROOT

SERVE: Final = (*PROGRAM, "serve")
_PORT: Final = re.compile(r"running on (https?)://[^ ]+:(\d+)")
_PATIENCE: Final = 30.0


def without_settings(**settings: str) -> dict[str, str]:
    """Return this environment, with no settings of the service but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LORACFG_")}
    return kept | settings


def environment(folder: Path) -> dict[str, str]:
    """Return this environment with the programs of a folder first, and no settings."""
    return without_settings(PATH=f"{folder}{os.pathsep}{os.environ['PATH']}", NO_PROXY="*")


@contextmanager
def serving(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[str]:
    """Run a command that serves, from the repository, and give the address of the service."""
    with log.open("w") as stream:
        process = subprocess.Popen(
            ["/usr/bin/env", *command, "--port", "0"], cwd=ROOT, env=env, stderr=stream
        )
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait(_PATIENCE)


@contextmanager
def serving_here(app: Any) -> Iterator[str]:
    """Serve an application from a thread, and give its address."""
    from uvicorn import Config, Server

    server = Server(Config(app, port=0, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + _PATIENCE
        while not server.started:
            assert time.monotonic() < deadline, "the service does not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait for the line in which the server says its port, which it takes requests by then."""
    deadline = time.monotonic() + _PATIENCE
    while (found := _PORT.search(log.read_text())) is None:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "the service does not start"
        time.sleep(0.05)
    return f"{found[1]}://127.0.0.1:{found[2]}"
