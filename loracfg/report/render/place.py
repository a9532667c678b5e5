"""The place of a finding, as the user named it or as other programs resolve it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from os.path import normpath
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from loracfg.report.render.words import FIXABLE, visible
from loracfg.urls import is_url

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Diagnostic, Location

_IS_ELSEWHERE: Final = ContextVar("is_elsewhere", default=False)


def adapter_path(adapter: AdapterReport) -> str:
    """Return the adapter directory as the user named it, without a slash at the end."""
    if adapter.path.endswith("://"):
        return adapter.path
    return adapter.path.rstrip("/") or adapter.path[:1] or "."


def file_path(adapter: AdapterReport, location: Location) -> str:
    """Return the path of the location's file, below the adapter directory as the user named it."""
    directory = adapter_path(adapter)
    if not location.file:
        return directory
    if directory == "." or location.elsewhere or PurePath(location.file).is_absolute():
        return location.file
    return f"{directory.rstrip('/')}/{location.file}"


@contextmanager
def of_another_machine() -> Iterator[None]:
    """Render paths unchanged in this context, since they do not refer to this machine."""
    token = _IS_ELSEWHERE.set(True)
    try:
        yield
    finally:
        _IS_ELSEWHERE.reset(token)


def path_from_here(path: str) -> str:
    """Return a path with `/`: relative if it is inside the current directory, else absolute.

    A URL is returned as it is.
    """
    if is_url(path):
        return path
    if _IS_ELSEWHERE.get():
        return PurePath(normpath(path)).as_posix()
    try:
        here = Path.cwd()
    except OSError:  # the current directory was removed
        return PurePath(path).as_posix()
    absolute = PurePath(normpath(here / path))
    inside = absolute.is_relative_to(here)
    return (absolute.relative_to(here) if inside else absolute).as_posix()


def place(adapter: AdapterReport, location: Location) -> str:
    """Return `path:line:column`, or `path: tensor`, on one printable line."""
    spot = _spot(adapter, location)
    pointer = None if location.region else location.pointer
    detail = location.tensor or pointer
    return f"{spot}: {visible(detail)}" if detail else spot


def one_line(adapter: AdapterReport, diagnostic: Diagnostic) -> str:
    """Return a finding as `path:line:column: CODE severity name: message (tensor)`."""
    d = diagnostic
    line = f"{_spot(adapter, d.location)}: {d.code} {d.severity} {d.name}: {d.message}"
    if d.location.tensor:
        line += f" ({d.location.tensor})"
    if d.fix and d.fix.safe:
        line += f" {FIXABLE}"
    return visible(line)


def _spot(adapter: AdapterReport, location: Location) -> str:
    path = visible(file_path(adapter, location))
    region = location.region
    return f"{path}:{region.line}:{region.column}" if region else path
