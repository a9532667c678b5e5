"""Write results to standard output or a file, whatever characters they contain."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    from loracfg.report.report import Report


def wants_color() -> bool:
    """Whether standard output is a terminal that shows colour."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(text: str, path: Path | None) -> None:
    """Write a result.

    A reader that closes standard output early is not an error.

    Raises:
        LoracfgError: if it cannot be written.
    """
    data = text.encode("utf-8", errors="backslashreplace")
    if path is None:
        _write_out(data)
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        raise LoracfgError(f"cannot write `{path}`: {error.strerror}") from None


def exit_status(report: Report, fail_on: str, *, strict: bool) -> int:
    """Return 2 if an adapter could not be validated, 1 if there are findings that count, else 0.

    An adapter could not be validated if it is unreadable or loracfg failed on it. Findings that are
    not listed do not count, even though they make an adapter invalid.
    """
    summary = report.summary()
    if summary["error"] or any(adapter.has_crash for adapter in report.adapters):
        return 2
    findings = summary["errors"] + (summary["warnings"] if fail_on == "warning" else 0)
    return 1 if findings or (strict and summary["undetermined"]) else 0


@contextmanager
def stopping_cleanly() -> Iterator[None]:
    """Turn signals that end the process into exceptions, so that partial output is removed."""
    import signal
    from threading import current_thread, main_thread

    def stop(number: int, _: object) -> NoReturn:
        sys.exit(128 + number)

    is_main = current_thread() is main_thread()  # only the main thread may set handlers
    names = ("SIGTERM", "SIGHUP") if is_main else ()
    asked = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in one step, so that no reader sees half of it; its mode is kept.

    Raises:
        LoracfgError: if it cannot be written.
    """
    import shutil

    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(data)
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except OSError as error:
        raise LoracfgError(f"cannot write `{path}`: {error.strerror}") from None
    finally:
        new.unlink(missing_ok=True)


def _write_out(data: bytes) -> None:
    if sys.stdout is None:
        raise LoracfgError("cannot write to standard output: it is closed")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard_the_rest()
    except OSError as error:
        _discard_the_rest()
        message = f"cannot write to standard output: {error.strerror}"
        raise LoracfgError(message) from None


def _discard_the_rest() -> None:
    """Redirect what is still buffered to nowhere, so that the interpreter can flush it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
