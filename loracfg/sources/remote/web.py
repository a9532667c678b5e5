"""Download ranges of files over HTTP, with limits on time, size and attempts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Protocol
from weakref import finalize

from loracfg.named_tuple import NamedTuple
from loracfg.sources.remote.connections import CHECK_PROXY, Connections, explained
from loracfg.sources.remote.errors import INSTALL, RemoteError
from loracfg.sources.remote.http_answers import BUSY, CHECK_URL, BrokenError, Content, seconds
from loracfg.sources.remote.limits import DEFAULT_LIMITS, WebLimits
from loracfg.sources.remote.ranged_file import FileRange
from loracfg.sources.remote.watch import Watch
from loracfg.sources.remote.zones import RedirectGuard
from loracfg.urls import visible_url
from loracfg.version import __version__

if TYPE_CHECKING:
    import httpx2


class Downloads(Protocol):
    """What downloads over HTTP; all methods raise `RemoteError`."""

    def read(self, url: str, start: int, stop: int) -> WebAnswer:
        """Return the bytes of a file from `start` to `stop`, or to its end."""

    def stream(self, url: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece."""


class WebAnswer(NamedTuple):
    """A part of a file, and the headers of the answers; the first one counts, then redirects."""

    part: FileRange
    headers: Mapping[str, str]


class Web:
    """Downloads over HTTP. Connections are kept for the next request.

    Redirects are followed one by one, within the zones of addresses that the user named;
    `Authorization` is sent to no other host. Proxies and
    certificates come from the environment (`HTTPS_PROXY`, `SSL_CERT_FILE`).
    """

    def __init__(
        self,
        headers: Mapping[str, str] | None = None,
        limits: WebLimits = DEFAULT_LIMITS,
        guard: RedirectGuard | None = None,
    ) -> None:
        """Create a client.

        Args:
            headers: headers of every request.
            limits: the limits.
            guard: that of another client for the same hosts.

        Raises:
            RemoteError: httpx2 is not installed, or a proxy or certificate cannot be used.
        """
        try:
            import httpx2
        except ImportError:
            raise RemoteError("URLs cannot be read: `httpx2` is not installed", INSTALL) from None
        self._connections = Connections(guard)
        self._limits = limits
        own = {"User-Agent": f"loracfg/{__version__}", "Accept-Encoding": "identity"}
        try:
            self._client = httpx2.Client(
                headers=own | dict(headers or {}),
                timeout=httpx2.Timeout(limits.silent_seconds, connect=limits.connect_seconds),
            )
        except OSError:
            message = "`SSL_CERT_FILE` names no file with certificates"
            raise RemoteError(message, "set it to a PEM file, or unset it") from None
        except ImportError:
            message = "SOCKS proxies cannot be used: `socksio` is not installed"
            raise RemoteError(message, "run `pip install socksio`, or use an HTTP proxy") from None
        except (ValueError, httpx2.InvalidURL):
            message = "the URL of a proxy in the environment cannot be used"
            raise RemoteError(message, CHECK_PROXY) from None
        finalize(self, self._client.close)

    def read(self, url: str, start: int, stop: int) -> WebAnswer:
        """Return the bytes of a file from `start` to `stop`, or to its end.

        Servers without ranges send the whole file, if it is not too large.

        Raises:
            RemoteError: they cannot be downloaded; `status` is that of the answer, if there is one.
        """
        wanted = {"Range": f"bytes={start}-{stop - 1}"}
        attempts = _Attempts(self._limits)
        while True:
            try:
                with self._content(url, wanted) as (content, headers):
                    return WebAnswer(content.part(start, stop), headers)
            except RemoteError as error:
                attempts.wait_after(error)

    def stream(self, url: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece.

        Raises:
            RemoteError: it cannot be downloaded, or is too large.
        """
        attempts, received = _Attempts(self._limits), 0
        while True:
            try:
                with self._content(url, {}) as (content, _):
                    content.check()
                    for piece in content.pieces():
                        if not received:
                            content.refuse_page(piece)
                        received += len(piece)
                        if received > self._limits.archive_bytes:
                            raise content.too_long(self._limits.archive_bytes)
                        yield piece
                    return
            except RemoteError as error:
                if received:
                    raise
                attempts.wait_after(error)

    @contextmanager
    def _content(
        self, url: str, headers: dict[str, str]
    ) -> Iterator[tuple[Content, Mapping[str, str]]]:
        """Yield the content after all redirects, with the headers of all answers."""
        self._connections.begin()
        with explained(url, self._connections, self._limits):
            watch = Watch(self._limits.begin_seconds, self._connections.end)
            try:
                answer, found = self._follow(url, headers)
                self._connections.has_begun = True
                with closing(answer):
                    yield Content(answer, url, self._limits, watch.allow), found
            finally:
                watch.stop()

    def _follow(
        self, url: str, headers: dict[str, str]
    ) -> tuple[httpx2.Response, Mapping[str, str]]:
        request = self._client.build_request("GET", url, headers=headers)
        self._connections.guard.begin(url, _host_of(request))
        answer = self._send(request)
        found = dict(answer.headers)
        for _ in range(self._limits.redirects):
            following = answer.next_request
            if following is None:
                return answer, found
            answer.close()  # its body is of no use, and may be endless
            if answer.url.scheme == "https" and following.url.scheme == "http":
                message = f"`{visible_url(url)}` redirects from `https` to `http`"
                raise RemoteError(message, "check the URL: the connection would not be secure")
            self._connections.guard.follow(_host_of(following))
            answer = self._send(following)
            found = dict(answer.headers) | found
        if answer.next_request is None:
            return answer, found
        answer.close()
        message = f"`{visible_url(url)}` redirects more than {self._limits.redirects} times"
        raise RemoteError(message, CHECK_URL)

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        request.extensions["trace"] = self._connections.note
        return self._client.send(request, stream=True)


def _host_of(request: httpx2.Request) -> str:
    """Return the host of a request, as the client names it when it connects."""
    return request.url.raw_host.decode("ascii")


class _Attempts:
    """The attempts to read a file."""

    def __init__(self, limits: WebLimits) -> None:
        self._limits = limits
        self._begin = time.monotonic()
        self._count = 1

    def wait_after(self, error: RemoteError) -> None:
        """Wait before another attempt, or raise the error if there should be none."""
        wait = self._seconds(error)
        is_late = time.monotonic() - self._begin > self._limits.begin_seconds
        if wait is None or is_late or self._count >= self._limits.attempts:
            raise error
        time.sleep(wait)
        self._count += 1

    def _seconds(self, error: RemoteError) -> float | None:
        pause = self._limits.pause * self._count
        if isinstance(error, BrokenError):
            return pause / 2
        if error.status not in BUSY:
            return None
        asked = seconds(error.headers.get("Retry-After"))
        if asked is None:
            return pause
        return asked if asked <= self._limits.longest_wait else None
