"""Processes that answer tasks, and run tests in a fork of their own."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TextIO

LIBRARIES: Final = ("pytest", "hypothesis", "numpy", "safetensors", "pydantic", "torch", "peft")
"""What is imported before tests are."""
PACKAGES: Final = ("loracfg/analysis", "loracfg/rules", "loracfg/runtimes", "loracfg/repair")
"""What is broken."""
OPTIONS: Final = (
    "-q",
    "--assert=plain",
    "--tb=short",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
    "-o",
    "addopts=",
    "--continue-on-collection-errors",
)
WAIT: Final = 10.0
"""How much longer than its processor time a process may take: it may share the machine."""
PATIENCE: Final = 4
"""How many times longer than they took tests may take, and some seconds to start."""
_TOO_SLOW: Final = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGPROF)
MEMORY: Final = 6 << 30
"""Bytes that a process may take."""


def begin() -> tuple[TextIO, TextIO]:
    """Return where tasks come from and answers go, and have all other output logged."""
    tasks = os.fdopen(os.dup(0))
    answers = os.fdopen(os.dup(1), "w")
    log = os.open("../output.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for name in LIBRARIES:
        import_module(name)
    return tasks, answers


def import_packages() -> None:
    """Import all that is broken: no test shall find that it executes the top of a module."""
    for package in PACKAGES:
        for path in sorted(Path(package).rglob("*.py")):
            name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
            import_module(name)


def settle() -> None:
    """Have Hypothesis draw the same examples each time."""
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutation",
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutation")


def read(tasks: TextIO) -> Iterator[dict[str, Any]]:
    """Yield the tasks, and empty the log before each."""
    for line in tasks:
        os.ftruncate(1, 0)
        yield json.loads(line)


def say(answers: TextIO, status: int | None) -> None:
    """Answer a task."""
    answers.write(json.dumps({"status": status}) + "\n")
    answers.flush()


def fork(seconds: float) -> int:
    """Return the number of a new process; 0 in that process, which may take so many seconds."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        os.setsid()
        most = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    return child


def wait(child: int, seconds: float) -> int | None:
    """Return the exit status of a process, None if it took too long."""
    latest = time.monotonic() + WAIT * seconds
    while time.monotonic() < latest:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return None if code in _TOO_SLOW else code
        time.sleep(0.005)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def leave(status: int) -> None:
    """End a process without what it would do at its exit."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
