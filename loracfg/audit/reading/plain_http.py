"""HTTP requests for parts of files at a fifth of the cost of a full client.

A run over many adapters sends small requests to few hosts, so their cost is what counts. What this
does not do, such as proxies or content in chunks, is left to the client that reads single adapters.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import urljoin, urlsplit
from weakref import finalize

from loracfg.audit.reading.shared_watch import SharedWatch, TimedRequests
from loracfg.named_tuple import NamedTuple
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.limits import WebLimits
from loracfg.sources.remote.zones import RedirectGuard
from loracfg.version import __version__

if TYPE_CHECKING:
    import ssl

_PLAIN: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
_STATUS: Final = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: [^\r\n]*)?\r?\n")
_LENGTH: Final = re.compile(r"\d{1,19}")
_PIECE: Final = 256 * 1024
_MOST_HEAD: Final = 64 * 1024
"""The bytes of a head that are read; the Hub sends about 2,000."""
_REST: Final = 64 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class NotPlainError(Exception):
    """An answer, or a failure, that takes the full client."""


class Overdue(Exception):  # noqa: N818  # a state; the reader turns it into an error
    """A request whose time was over."""


def can_send(url: str) -> bool:
    """Whether a URL can be asked for here: without a user, and without a proxy."""
    if _PLAIN.fullmatch(url) is None:
        return False
    parts = urlsplit(url)
    return _is_direct(parts.scheme, parts.netloc)


@lru_cache(1024)
def _is_direct(scheme: str, host: str) -> bool:
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    return {scheme, "all"}.isdisjoint(proxies) or bool(proxy_bypass(host))


@cache
def _context() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


class Headers(dict[str, str]):
    """The headers of an answer, with names in lower case, which are found in any case."""

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return a header."""
        return super().get(key.lower(), default)


class PlainAnswer(NamedTuple):
    """An answer: its status, its headers, and the client that reads its content once."""

    status_code: int
    headers: Headers
    client: PlainClient

    def iter_raw(self) -> Iterator[bytes]:
        """Yield the content piece by piece."""
        return self.client.pieces()

    def redirect_from(self, url: str) -> str | None:
        """Return the URL to which it redirects; None if it does not.

        Raises:
            NotPlainError: it redirects to something that is not a URL.
        """
        place = self.headers.get("location")
        if self.status_code not in _REDIRECTS or place is None:
            return None
        try:
            return urljoin(url, place)
        except ValueError:
            raise NotPlainError from None


class PlainClient:
    """Sends requests from one thread, and keeps a connection to each host.

    `guard` says which addresses may be connected to.
    """

    def __init__(self, limits: WebLimits, watch: SharedWatch) -> None:
        """Create a client without a connection."""
        self._limits = limits
        self.guard = RedirectGuard()
        self._connections: dict[tuple[str, str], _Connection] = {}
        self._current: _Connection | None = None
        self._left = 0
        self._timed = watch.add()
        finalize(self, _end, self._connections, self._timed, watch)

    def send(self, url: str, headers: Mapping[str, str]) -> PlainAnswer:
        """Send a GET request, and return the answer without following a redirect.

        Raises:
            Overdue: the answer did not begin in time.
            NotPlainError: it failed, or the answer is of a kind that this does not read.
            RemoteError: its host is at an address to which nothing may be sent.
        """
        parts = urlsplit(url)
        key = parts.scheme, parts.netloc
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = (
            f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: loracfg/{__version__}"
            f"\r\nAccept: */*\r\nAccept-Encoding: identity\r\n{lines}\r\n"
        ).encode("latin-1")
        self._timed.begin(self._limits.begin_seconds)
        status, found = self._answered(key, request)
        if (found.get("connection") or "").lower() == "close":
            self._connections.pop(key, None)
        return PlainAnswer(status, found, self)

    def pieces(self) -> Iterator[bytes]:
        """Yield what is left of the content.

        Raises:
            Overdue: it did not arrive in time.
            OSError: the connection broke off.
        """
        connection = self._current
        assert connection is not None
        while self._left:
            piece = connection.stream.read(min(self._left, _PIECE))
            if not piece:
                self._drop(connection)
                self._current = None
                if self._timed.is_over:
                    raise Overdue
                return
            self._left -= len(piece)
            yield piece

    def allow(self, seconds: float) -> None:
        """Allow so many seconds from now on for the rest of the content."""
        self._timed.allow(seconds)

    def done(self) -> None:
        """End a request; the connection is kept if there is little left of its content."""
        connection, self._current = self._current, None
        if connection is not None and self._left:
            with suppress(OSError):
                if self._left <= _REST:
                    self._left -= len(connection.stream.read(self._left))
        is_kept = connection is not None and connection.key in self._connections
        if connection is not None and (self._left or not is_kept):
            self._drop(connection)
        self._left = 0
        self._timed.end()

    def _answered(self, key: tuple[str, str], request: bytes) -> tuple[int, Headers]:
        kept = self._connections.get(key)
        for connection in (kept, None) if kept else (None,):  # it may have been closed meanwhile
            try:
                self._current = connection or self._connected(key)
                self._timed.socket = self._current.socket
                self._current.socket.sendall(request)
                status, found = _head(self._current.stream)
                self._left = _length_of(status, found)
            except (OSError, NotPlainError):
                if self._current is not None:
                    self._drop(self._current)
                if self._timed.is_over:
                    raise Overdue from None
            else:
                return status, found
        raise NotPlainError

    def _connected(self, key: tuple[str, str]) -> _Connection:
        scheme, host = key
        name, _, port = host.partition(":")
        address = name, int(port) if port else 443 if scheme == "https" else 80
        opened = socket.create_connection(address, self._limits.connect_seconds)
        try:
            self.guard.connect(name.lower(), opened.getpeername()[0])
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if scheme == "https":
                opened = _context().wrap_socket(opened, server_hostname=name)
        except (OSError, RemoteError):
            opened.close()
            raise
        opened.settimeout(self._limits.silent_seconds)
        found = _Connection(key, opened, opened.makefile("rb"))
        self._connections[key] = found
        return found

    def _drop(self, connection: _Connection) -> None:
        if self._connections.get(connection.key) is connection:
            del self._connections[connection.key]
        connection.close()


class _Connection(NamedTuple):
    key: tuple[str, str]
    socket: socket.socket
    stream: BinaryIO

    def close(self) -> None:
        for part in (self.stream, self.socket):
            with suppress(OSError):
                part.close()


def _end(
    connections: dict[tuple[str, str], _Connection], timed: TimedRequests, watch: SharedWatch
) -> None:
    """Close the connections of a client that is no longer used."""
    watch.remove(timed)
    for connection in connections.values():
        connection.close()


def _head(stream: BinaryIO) -> tuple[int, Headers]:
    """Read the status and the headers of an answer.

    Raises:
        NotPlainError: it is not one of HTTP/1.1, or has none.
    """
    first = stream.readline(_MOST_HEAD)
    match = _STATUS.fullmatch(first)
    if match is None or match[1] == b"0":
        raise NotPlainError
    found, size = Headers(), 0
    while (line := stream.readline(_MOST_HEAD)) not in (b"\r\n", b"\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        size += len(line)
        if not colon or not line.endswith(b"\n") or size > _MOST_HEAD:
            raise NotPlainError
        found.setdefault(name.strip().lower(), value.strip())
    return int(match[2]), found


def _length_of(status: int, headers: Headers) -> int:
    """Return the length of the content that follows the headers.

    Raises:
        NotPlainError: it has none, or is in chunks.
    """
    length = headers.get("content-length")
    if "transfer-encoding" in headers or status < 200 or status in (204, 304):
        raise NotPlainError
    if length is None or _LENGTH.fullmatch(length) is None:
        raise NotPlainError
    return int(length)
