"""Open a folder or a file at an HTTP URL."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from loracfg.sources.remote.directory import RemoteFolder, probe
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.ranged_file import FIRST_BYTES, Part, RangedFile
from loracfg.sources.remote.web import Web

_GONE: Final = frozenset({404, 410})


def find_file(web: Web, url: str, name: str) -> RangedFile | None:
    """Return the file at a URL, or None if there is none.

    Raises:
        RemoteError: it cannot be downloaded.
    """

    def download(start: int, stop: int) -> Part:
        return web.read(url, start, stop).part

    try:
        first = download(0, FIRST_BYTES)
    except RemoteError as error:
        if error.status in _GONE:
            return None
        raise
    return RangedFile(name, download, first)


def web_folder(web: Web, url: str) -> RemoteFolder:
    """Return the adapter directory at a URL.

    Raises:
        RemoteError: a file cannot be downloaded.
    """
    return probe(lambda name: find_file(web, below(url, name), name))


def below(url: str, name: str) -> str:
    """Return the URL of a file in a folder; a query, such as a signature, belongs to both."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{name}", fragment="").geturl()
