"""Downloads for many adapters: lean requests, in the turns that a limiter gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeVar
from urllib.parse import urlsplit

from loracfg.audit.reading.limiter import Limiter
from loracfg.audit.reading.plain_http import (
    NotPlainError,
    Overdue,
    PlainAnswer,
    PlainClient,
    can_send,
)
from loracfg.named_tuple import NamedTuple
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.http_answers import CHECK_URL, LATER, BrokenError, Content
from loracfg.sources.remote.limits import DEFAULT_LIMITS, WebLimits
from loracfg.sources.remote.ranged_file import FileRange
from loracfg.sources.remote.web import Web, WebAnswer
from loracfg.urls import visible_url

T = TypeVar("T")

_AUTHORIZATION: Final = "authorization"
_OK: Final = 200


class _Asked(NamedTuple):
    """What is asked for: a URL, the headers for its host, and the URL that the user named."""

    url: str
    headers: Mapping[str, str]
    named: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """The host without its port."""
        return urlsplit(self.url).hostname or ""

    def at(self, url: str) -> _Asked:
        """Return the same at a URL to which the answer redirects.

        Raises:
            RemoteError: the connection there would not be secure.
        """
        shown = f"`{visible_url(self.named)}`"
        try:
            parts = urlsplit(url)
        except ValueError:
            raise NotPlainError from None
        if parts.scheme not in ("http", "https"):
            raise RemoteError(f"{shown} redirects to something that is not an HTTP URL", CHECK_URL)
        if self.url.startswith("https:") and parts.scheme == "http":
            message = f"{shown} redirects from `https` to `http`"
            raise RemoteError(message, "check the URL: the connection would not be secure")
        kept = self.headers
        if parts.netloc != self.host:
            kept = {k: v for k, v in kept.items() if k.lower() != _AUTHORIZATION}
        return _Asked(url, kept, self.named)


class FleetDownloads:
    """Downloads over HTTP from one thread; implements `loracfg.sources.remote.web.Downloads`.

    Answers and errors are those of `Web`, which is asked where a request needs more than a plain
    connection, or where one failed.
    """

    def __init__(
        self,
        limiter: Limiter,
        headers: Mapping[str, str] | None = None,
        limits: WebLimits = DEFAULT_LIMITS,
    ) -> None:
        """Create a client without a connection.

        Args:
            limiter: what all readers share.
            headers: headers of every request to the host that is asked.
            limits: the limits of single requests.
        """
        self._limiter, self._headers, self._limits = limiter, dict(headers or {}), limits
        self._client = PlainClient(limits, limiter.watch)
        self._web: Web | None = None

    def read(self, url: str, start: int, stop: int) -> WebAnswer:
        """Return the bytes of a file from `start` to `stop`, or to its end.

        Raises:
            RemoteError: they cannot be downloaded; `status` is that of the answer, if there is one.
        """
        return self._tried(lambda: self._part(url, start, stop))

    def stream(self, url: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece, in one turn.

        Raises:
            RemoteError: it cannot be downloaded.
        """
        with self._limiter.turn(urlsplit(url).netloc):
            yield from self._full_client().stream(url)

    def _tried(self, action: Callable[[], T]) -> T:
        tries = self._limiter.tries()
        while True:
            try:
                return action()
            except RemoteError as error:
                tries.wait_after(error)

    def _part(self, url: str, start: int, stop: int) -> WebAnswer:
        try:
            return self._plain_part(url, start, stop)
        except NotPlainError:
            return self._full_part(url, start, stop)

    def _plain_part(self, url: str, start: int, stop: int) -> WebAnswer:
        """Return a part of a file.

        Raises:
            NotPlainError: this takes the full client.
            RemoteError: it cannot be downloaded.
        """
        asked = _Asked(url, {**self._headers, "Range": f"bytes={start}-{stop - 1}"}, url)
        self._client.guard.begin(url, asked.name)
        found: dict[str, str] = {}
        for _ in range(self._limits.redirects + 1):
            with self._answer(asked) as answer:
                found = {**answer.headers, **found}
                following = answer.redirect_from(asked.url)
                if following is None:
                    content = Content(answer, url, self._limits, self._client.allow)
                    return WebAnswer(_part_of(content, start, stop), found)
            asked = asked.at(following)
            self._client.guard.follow(asked.name)
        message = f"`{visible_url(url)}` redirects more than {self._limits.redirects} times"
        raise RemoteError(message, CHECK_URL)

    @contextmanager
    def _answer(self, asked: _Asked) -> Iterator[PlainAnswer]:
        """Send a request in its turn."""
        if not can_send(asked.url):
            raise NotPlainError
        with self._limiter.turn(asked.host):
            try:
                answer = self._client.send(asked.url, asked.headers)
            except Overdue:
                self._limiter.failed(asked.host)
                wait = f"{self._limits.begin_seconds:g} seconds"
                message = f"`{asked.host}` did not begin its answer within {wait}"
                raise RemoteError(message, LATER) from None
            except RemoteError:
                self._client.done()
                raise
            self._limiter.answered(asked.host, answer.status_code, answer.headers)
            try:
                yield answer
            finally:
                self._client.done()

    def _full_part(self, url: str, start: int, stop: int) -> WebAnswer:
        host = urlsplit(url).netloc.rpartition("@")[2]
        with self._limiter.turn(host):
            try:
                found = self._full_client().read(url, start, stop)
            except RemoteError as error:
                if error.status is None:
                    self._limiter.failed(host)
                else:
                    self._limiter.answered(host, error.status, _lower(error.headers))
                raise
            self._limiter.answered(host, _OK, _lower(found.headers))
            return found

    def _full_client(self) -> Web:
        if self._web is None:
            limits = self._limits._replace(attempts=1)
            self._web = Web(self._headers, limits, self._client.guard)
        return self._web


def _part_of(content: Content, start: int, stop: int) -> FileRange:
    try:
        return content.part(start, stop)
    except Overdue:
        raise content.slow() from None
    except OSError:
        raise BrokenError(f"{content.shown} broke off before its end", LATER) from None


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
