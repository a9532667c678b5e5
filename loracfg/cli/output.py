"""Write results to standard output or a file, whatever characters they contain."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    from loracfg.report.report import Tally


def wants_color() -> bool:
    """Whether to colour what people read on standard output.

    `NO_COLOR` forbids it, `FORCE_COLOR` asks for it where there is no terminal; empty, they do not.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout is not None and sys.stdout.isatty())


def write(text: str, path: Path | None) -> None:
    """Write a result; a file has all of it, or what it had before.

    A reader that closes standard output early is not an error.

    Raises:
        LoracfgError: if it cannot be written.
    """
    if path is not None:
        file = Path(os.path.realpath(path))  # unlike `resolve`, it never raises
        if _can_be_replaced(file):
            replace_file(file, _encoded(text), named=path)
            return
    with writing(path) as put:
        put(text)


def _can_be_replaced(path: Path) -> bool:
    """Whether a path is that of a file or of none, in a folder in which files can be made."""
    return (path.is_file() or not path.exists()) and os.access(path.parent, os.W_OK)


@contextmanager
def writing(path: Path | None) -> Iterator[Callable[[str], bool]]:
    """Return a function that writes a part of a result, and tells whether somebody reads on.

    Raises:
        LoracfgError: if it cannot be written.
    """
    if path is None:
        yield lambda text: _write_out(_encoded(text))
        return
    try:
        stream = path.open("wb")
    except OSError as error:
        raise _not_written(path, error) from None

    def put(text: str) -> bool:
        try:
            stream.write(_encoded(text))
        except OSError as error:
            raise _not_written(path, error) from None
        return True

    try:
        yield put
    finally:
        try:
            stream.close()
        except OSError as error:
            raise _not_written(path, error) from None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="backslashreplace")


def _not_written(path: Path, error: OSError) -> LoracfgError:
    return LoracfgError(f"cannot write `{path}`: {error.strerror}")


def exit_status(tally: Tally, fail_on: str, *, strict: bool = False) -> int:
    """Return 2 if an adapter could not be validated, 1 if there are findings that count, else 0.

    An adapter could not be validated if it is unreadable or loracfg failed on it. Findings that are
    not listed do not count, even though they make an adapter invalid.
    """
    counts = tally.counts
    if counts["error"] or tally.has_crash:
        return 2
    findings = counts["errors"] + (counts["warnings"] if fail_on == "warning" else 0)
    return 1 if findings or (strict and counts["undetermined"]) else 0


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


def replace_file(path: Path, data: bytes, *, named: Path | None = None) -> None:
    """Write a file in one step, so that no reader sees half of it; its mode is kept.

    Args:
        path: the file; a link is replaced.
        data: what it gets.
        named: what the user calls it (default: the path).

    Raises:
        LoracfgError: if it cannot be written.
    """
    from loracfg.new_files import replacing

    try:
        with replacing(path) as stream:
            stream.write(data)
    except OSError as error:
        raise _not_written(named or path, error) from None


def _write_out(data: bytes) -> bool:
    """Write to standard output, and tell whether it still has a reader."""
    if sys.stdout is None:
        raise LoracfgError("cannot write to standard output: it is closed")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard_the_rest()
        return False
    except OSError as error:
        _discard_the_rest()
        message = f"cannot write to standard output: {error.strerror}"
        raise LoracfgError(message) from None
    return True


def _discard_the_rest() -> None:
    """Redirect what is still buffered to nowhere, so that the interpreter can flush it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
