"""Has the interpreter itself say what happens while loracfg judges an input.

All audit events of Python are forbidden then, but for those in `ALLOWED`. A forbidden one is
reported, and does not happen: the hook raises an error. A hook cannot be removed, so this is for
processes of its own, as the fuzzer starts them (`python -m tests.fuzz --watch`).
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from loracfg.base.from_library import followed
from loracfg.planning import patterns

T = TypeVar("T")

ALLOWED: Final = {
    "builtins.id": "the identity of a value, for caches and copies",
    "marshal.dumps": "the content of a config as bytes, the key of a cache; `loads` is forbidden",
    "sys.set_asyncgen_hook_finalizer": "asyncio, around each request",
    "sys.set_asyncgen_hook_firstiter": "asyncio, around each request",
    "time.sleep": "a thread that waits for another",
}
"""Events that reach nothing, and why they occur."""
FROM: Final = {
    "sys._getframe": {
        "logging": "who logs",
        "typing_extensions": "the names of types",
        "pydantic._internal._typing_extra": "the names of types",
        "traceback": "an error of a thread, to show it",
    },
    "object.__getattr__": {
        "inspect": "whether a function is a coroutine; its parameters",
        "logging": "who logs",
        "pydantic._internal._typing_extra": "the names of types",
        "traceback": "an error of a thread, to show it",
    },
}
"""Events that only these modules may cause, and what for."""
IN_FOLDERS: Final = {
    "open": "a file, to read it",
    "os.listdir": "the names in a folder",
    "os.scandir": "the names in a folder",
    "pathlib.Path.glob": "the names in a folder, by a pattern",
}
"""Events that are allowed in the folder of the input, if it has one, and in our own packages."""
COMMANDS: Final = {
    "patterns that may take long": [sys.executable, "-I", "-S", "-c", patterns._WORKER],
    "facts of the installed library": [sys.executable, "-m", followed._COMMAND, "--out"],
}
"""How the commands begin that an input may start, all of them our own programs."""
IN_OWN_FOLDERS: Final = frozenset(
    (
        *("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"),
        *("os.listdir", "os.scandir", "shutil.rmtree", "tempfile.mkdtemp", "tempfile.mkstemp"),
    )
)
"""Events that are allowed in our cache and our temporary folders, where those facts are."""
SECONDS: Final = 1.0
"""CPU time for an input."""
BYTES: Final = 100 * 2**20
"""Memory for an input, at its peak."""
OVERDUE: Final = 30
"""Wall clock after which an input is reported that does not end."""
_PACKAGES: Final = ("loracfg", "loracfg_api")
_READ_PACKAGES: Final = (*_PACKAGES, "loracfg_schema", "transformers", "diffusers")
_HOMES: Final = [
    os.path.realpath(home)
    for spec in map(find_spec, _READ_PACKAGES)
    for home in (spec and spec.submodule_search_locations) or ()
]
"""Where the data of loracfg is, and the source of libraries that it derives facts from."""
_OWN_FOLDERS: Final = (
    os.path.realpath(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "loracfg")),
    os.path.realpath(Path(tempfile.gettempdir(), "loracfg-")),
    os.devnull,
)
"""How the paths begin of what loracfg writes for itself."""
_NOT_FOR_INPUT: Final = (
    *("loracfg.injector", "loracfg.serving.vllm", "loracfg.training.live", "loracfg.__main__"),
    *("loracfg.base.derivation.building", "loracfg_api.static_page", "loracfg.audit"),
)
"""Modules of ours that no request imports, and that need other libraries."""
_MOST_EVENTS: Final = 5
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ForbiddenEventError(PermissionError):
    """An event that must not occur while an input is judged."""


class OverdueError(BaseException):
    """An input that takes too long; no handler of the product catches it."""


class Watch:
    """What happens while one input is judged.

    Attributes:
        folders: where files may be read.
        events: the forbidden events.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folders = [*_HOMES, *([] if folder is None else [os.path.realpath(folder)])]
        self.events: list[str] = []

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Report an event, unless it is in a folder or starts a command that is allowed.

        Raises:
            ForbiddenEventError: so that it does not happen.
        """
        if event in IN_FOLDERS and self._is_inside(event, arguments):
            return
        if event in IN_OWN_FOLDERS and _is_own(arguments[0]):
            return
        if event == "subprocess.Popen" and _is_our_command(list(arguments[1])):
            return
        shown = ", ".join(_shown(one) for one in arguments[:3])
        if len(self.events) < _MOST_EVENTS:
            self.events.append(f"{event}({shown}) at {_place()}")
        raise ForbiddenEventError(f"{event}({shown})")

    def _is_inside(self, event: str, arguments: tuple[Any, ...]) -> bool:
        path, *how = arguments
        if type(path) is int:  # opening it was an event, too
            return True
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        if event == "open" and (not isinstance(how[-1], int) or how[-1] & _WRITING):
            return False
        real = os.path.realpath(os.fsdecode(path))
        return any(f"{real}{os.sep}".startswith(home + os.sep) for home in self.folders)


def _is_own(path: object) -> bool:
    """Tell whether a path is in a folder that loracfg keeps for itself."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return type(path) is int
    return os.path.realpath(os.fsdecode(path)).startswith(_OWN_FOLDERS)


def _is_our_command(command: list[object]) -> bool:
    return any(command[: len(own)] == own for own in COMMANDS.values())


def _shown(value: object) -> str:
    """Return a value as text, without running code of its class."""
    plain = type(value) in (str, bytes, int, float, bool, type(None))
    return f"{value!r:.80}" if plain else f"a {type(value).__name__}"


def _place() -> str:
    """Return the lines that lead to an event, the nearest first."""
    frame: Any = sys._getframe(3)
    lines: list[str] = []
    while frame is not None and len(lines) < 4:
        lines.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(lines)


class _Interpreter:
    """The hook, of which a process has one, and the watch that it reports to."""

    def __init__(self) -> None:
        self.watch: Watch | None = None
        self.is_hooked = False

    def hook(self) -> None:
        if self.is_hooked:
            return
        self.is_hooked = True
        import_everything()
        sys.addaudithook(self._hear)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, _stop)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        watch = self.watch
        if watch is None or event in ALLOWED:
            return
        self.watch = None  # what this does itself
        try:
            if sys._getframe(1).f_globals.get("__name__") not in FROM.get(event, ()):
                watch.refuse(event, arguments)
        finally:
            self.watch = watch


_INTERPRETER: Final = _Interpreter()


def import_everything() -> None:
    """Import all modules that a request may import when it first needs them."""
    for package in map(importlib.import_module, _PACKAGES):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", _ignore):
            if not found.name.startswith(_NOT_FOR_INPUT):
                with suppress(ImportError):  # of an extra that is not installed
                    importlib.import_module(found.name)


def _ignore(name: str) -> None:
    """Let packages be that need what is not installed."""


def _stop(*_: object) -> None:
    raise OverdueError


@contextmanager
def watching(folder: Path | None = None) -> Iterator[Watch]:
    """Forbid events while this lasts."""
    _INTERPRETER.hook()
    watch = _INTERPRETER.watch = Watch(folder)
    try:
        yield watch
    finally:
        _INTERPRETER.watch = None


class Watched:
    """Judges inputs under the hook, and measures what each takes."""

    def __init__(self) -> None:
        _INTERPRETER.hook()
        path = Path(tempfile.gettempdir(), f"loracfg-judged-{os.getpid()}")
        self._running: BinaryIO = path.open("wb", buffering=0)  # for all inputs

    def run(
        self, judge: Callable[[bytes], T], data: bytes, folder: Path | None = None
    ) -> tuple[T | None, list[str]]:
        """Judge an input; return its answer, and what was wrong.

        While it runs, the input is in a file of the temporary folder, whatever happens to the
        process.
        """
        self._running.seek(0)
        self._running.truncate()
        self._running.write(data)
        answer, wrong = None, []
        memory = _reset_peak()
        signal.setitimer(signal.ITIMER_REAL, OVERDUE)
        started = time.process_time()
        with watching(folder) as watch:
            try:
                answer = judge(data)
            except ForbiddenEventError:
                pass  # it is among the events
            except OverdueError:
                wrong.append(f"it had not ended after {OVERDUE} s")
            except Exception as error:  # what the product lets out
                wrong.append(f"{type(error).__name__}: {error}"[:300])
        seconds = time.process_time() - started
        signal.setitimer(signal.ITIMER_REAL, 0)
        grown = _peak() - memory
        if seconds > SECONDS:
            wrong.append(f"it took {seconds:.2f} s of CPU")
        if grown > BYTES:
            wrong.append(f"it took {grown >> 20} MB")
        return answer, [*watch.events, *wrong]


def _reset_peak() -> int:
    """Have the peak of memory counted from now; return what is used, in bytes."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    """Return the peak of memory in bytes; 0 where the system does not say."""
    try:
        with open("/proc/self/status", "rb") as file:  # noqa: PTH123  # ten times for each input
            text = file.read()
    except OSError:
        return 0
    return int(text.partition(b"VmHWM:")[2].split(None, 1)[0]) << 10
