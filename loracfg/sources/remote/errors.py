"""The error for files on other machines that cannot be downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loracfg.sources.source import GIVE_FOLDER, NO_ADAPTER, NOT_AN_ADAPTER, SourceError

UNREACHABLE: Final = "LC026"
INSTALL: Final = "run `pip install 'loracfg[remote]'`"


def not_an_adapter(name: str) -> SourceError:
    """Return the error of a file that is no adapter, as it is for one here."""
    return SourceError(NOT_AN_ADAPTER, NO_ADAPTER.format(name), GIVE_FOLDER)


class RemoteError(SourceError):
    """A file that cannot be downloaded; a server's answer has a `status` and `headers`."""

    def __init__(
        self,
        message: str,
        help: str,  # noqa: A002  # the same word as in reports
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(UNREACHABLE, message, help)
        self.status = status
        self.headers = headers or {}


class AbsentError(RemoteError):
    """There is nothing at a path on another machine."""
