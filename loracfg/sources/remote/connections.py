"""The connections of an HTTP client, and its errors in plain words."""

from __future__ import annotations

import re
import socket
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.http_answers import CHECK_URL, LATER, BrokenError
from loracfg.sources.remote.limits import WebLimits
from loracfg.sources.remote.zones import RedirectGuard
from loracfg.urls import visible_url

_CONNECTED: Final = "connection.connect_tcp.complete"
_OPENED: Final = frozenset({_CONNECTED, "connection.start_tls.complete"})
_CLOSED: Final = "disconnected|peer closed"
"""What the client says of connections that the server has closed."""
_CHECK_NETWORK: Final = "check the network and the URL"
CHECK_PROXY: Final = "check `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`"


class Connections:
    """The newest connections of a client, which can be ended from another thread.

    `has_begun` says whether the content of an answer arrives, and `are_ended` whether it was too
    slow. `guard` says which addresses may be connected to.
    """

    def __init__(self, guard: RedirectGuard | None = None) -> None:
        self._streams: deque[Any] = deque(maxlen=4)
        self._host = ""
        self.guard = guard or RedirectGuard()
        self.are_ended = self.has_begun = False

    def note(self, event: str, info: Mapping[str, object]) -> None:
        """Take an event of the client.

        Raises:
            RemoteError: it has connected to an address to which nothing may be sent.
        """
        if event == "connection.connect_tcp.started":
            self._host = f"{info['host']}"
        if event in _OPENED:
            self._streams.append(info["return_value"])
            if self.are_ended:
                self.end()
        if event == _CONNECTED:
            self._check(info["return_value"])

    def _check(self, stream: Any) -> None:
        try:
            self.guard.connect(self._host, stream.get_extra_info("server_addr")[0])
        except RemoteError:
            stream.close()
            raise

    def begin(self) -> None:
        """Begin a request."""
        self.are_ended = self.has_begun = False

    def end(self) -> None:
        """End all connections."""
        self.are_ended = True
        for stream in list(self._streams):
            opened = stream.get_extra_info("socket")
            if opened is not None:
                with suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)


@contextmanager
def explained(url: str, connections: Connections, limits: WebLimits) -> Iterator[None]:
    """Raise errors of the client as ours; its own messages may contain URLs with secrets."""
    import httpx2

    try:
        yield
    except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
        raise _Explanation(error, url, connections, limits).error() from None
    except (httpx2.InvalidURL, ValueError):  # of which UnicodeError is one
        message = f"`{visible_url(url)}` is not a URL that can be read"
        raise RemoteError(message, CHECK_URL) from None


class _Explanation(NamedTuple):
    """An error of the client, and what is known about the request."""

    cause: Exception
    url: str
    connections: Connections
    limits: WebLimits

    @property
    def shown(self) -> str:
        return f"`{visible_url(self.url)}`"

    @property
    def host(self) -> str:
        """The host that was asked, which may be that of a redirect."""
        try:
            asked = str(self.cause.request.url)  # type: ignore[attr-defined]  # or it is caught
        except (AttributeError, RuntimeError):
            asked = self.url
        return f"`{visible_url(asked).partition('://')[2].partition('/')[0]}`"

    def error(self) -> RemoteError:
        import httpx2

        if self.connections.are_ended and self.connections.has_begun:
            rate = f"{self.limits.least_rate / 1000:g} kB per second"
            return RemoteError(f"{self.shown} arrives more slowly than {rate}", LATER)
        if self.connections.are_ended:
            wait = f"{self.limits.begin_seconds:g} seconds"
            return RemoteError(f"{self.host} did not begin its answer within {wait}", LATER)
        if isinstance(self.cause, httpx2.ConnectTimeout):
            wait = f"{self.limits.connect_seconds:g} seconds"
            message = f"{self.host} did not accept a connection within {wait}"
            return RemoteError(message, _CHECK_NETWORK)
        if isinstance(self.cause, httpx2.TimeoutException):
            wait = f"{self.limits.silent_seconds:g} seconds"
            return RemoteError(f"{self.host} sent nothing for {wait}", LATER)
        if isinstance(self.cause, httpx2.ProxyError):
            return RemoteError(f"the proxy did not connect to {self.host}", CHECK_PROXY)
        if isinstance(self.cause, httpx2.ConnectError):
            return self._not_connected()
        if isinstance(self.cause, httpx2.UnsupportedProtocol):
            is_http = self.url.lower().startswith(("http://", "https://"))
            what = "redirects to something that is not" if is_http else "is not"
            return RemoteError(f"{self.shown} {what} an HTTP URL", CHECK_URL)
        return self._of_protocol()

    def _of_protocol(self) -> RemoteError:
        import httpx2

        text = str(self.cause)
        if "location header" in text:
            return RemoteError(f"{self.shown} redirects to something that is not a URL", CHECK_URL)
        if isinstance(self.cause, httpx2.RemoteProtocolError) and not re.search(_CLOSED, text):
            advice = "check the URL: should it begin with `https://`?"
            return RemoteError(f"{self.host} does not answer as a web server", advice)
        if isinstance(self.cause, httpx2.NetworkError | httpx2.RemoteProtocolError | OSError):
            if self.connections.has_begun:
                return BrokenError(f"{self.shown} broke off before its end", LATER)
            return BrokenError(f"the connection to {self.host} broke off", LATER)
        kind = type(self.cause).__name__
        return RemoteError(f"{self.shown} cannot be downloaded: {kind}", LATER)

    def _not_connected(self) -> RemoteError:
        import ssl

        host = self.host
        for cause in _causes(self.cause):
            if isinstance(cause, ssl.SSLCertVerificationError):
                message = f"the certificate of {host} is not trusted: {cause.verify_message}"
                return RemoteError(message, "check the URL, or add its issuer to `SSL_CERT_FILE`")
            if isinstance(cause, ssl.SSLError):
                advice = "check the URL: should it begin with `http://`?"
                return RemoteError(f"no secure connection to {host} is possible", advice)
        if _has_proxy(self.url):
            return RemoteError(f"the proxy for {host} cannot be reached", CHECK_PROXY)
        for cause in _causes(self.cause):
            if isinstance(cause, socket.gaierror):
                return RemoteError(f"the address of {host} cannot be found", _CHECK_NETWORK)
            if isinstance(cause, ConnectionRefusedError):
                return RemoteError(f"{host} refused the connection", _CHECK_NETWORK)
        return RemoteError(f"{host} cannot be reached", _CHECK_NETWORK)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _has_proxy(url: str) -> bool:
    """Whether the environment names a proxy for a URL."""
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    parts, proxies = urlsplit(url), getproxies()
    return not {parts.scheme, "all"}.isdisjoint(proxies) and not proxy_bypass(parts.netloc)
