"""A folder or a file at an HTTP URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from loracfg.sources.remote.directory import RemoteFolder, probe
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.ranged_file import FIRST_BYTES, FileRange, RangedFile
from loracfg.sources.remote.web import Downloads
from loracfg.urls import visible_url

_GONE: Final = frozenset({404, 410})


class WebPlace:
    """The paths of a server; a query, such as a signature, belongs to each of them."""

    advice: Final = "check the URL; pass the adapter's folder"

    def __init__(self, web: Downloads, url: str) -> None:
        """Create a place.

        Args:
            web: the client.
            url: a URL on the server.
        """
        self._web = web
        self._parts = urlsplit(url)

    @property
    def path(self) -> str:
        """The path of the URL, as it is written there."""
        return self._parts.path

    def folder(self, path: str) -> RemoteFolder:
        """Return a folder, which cannot be listed."""
        return probe(lambda name: self.file(f"{path.rstrip('/')}/{name}"))

    def file(self, path: str) -> RangedFile | None:
        """Return a file, or None if there is none."""
        url = self._url(path)

        def download(start: int, stop: int) -> FileRange:
            return self._web.read(url, start, stop).part

        try:
            return RangedFile(visible_url(url), download, download(0, FIRST_BYTES))
        except RemoteError as error:
            if error.status in _GONE:
                return None
            raise

    def pieces(self, path: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece."""
        return self._web.stream(self._url(path))

    def _url(self, path: str) -> str:
        return self._parts._replace(path=path, fragment="").geturl()
