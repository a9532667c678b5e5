"""The connections of an HTTP client, and its errors in plain words."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from loracfg.sources.address import visible_url
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.http_answers import CHECK_URL, LATER, BrokenError
from loracfg.sources.remote.limits import WebLimits

_OPENED: Final = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})
_CHECK_NETWORK: Final = "check the network and the URL"


class Connections:
    """The newest connections of a client, which can be ended from another thread."""

    def __init__(self) -> None:
        self._streams: deque[Any] = deque(maxlen=4)
        self.are_ended = False

    def note(self, event: str, info: Mapping[str, object]) -> None:
        """Take an event of the client."""
        if event in _OPENED:
            self._streams.append(info["return_value"])
            if self.are_ended:
                self.end()

    def begin(self) -> None:
        """Begin a request."""
        self.are_ended = False

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

    shown, host = f"`{visible_url(url)}`", f"`{_host_of(url)}`"
    try:
        yield
    except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
        if connections.are_ended:
            message = f"{host} was too slow: its answer did not begin or arrive in time"
            raise RemoteError(message, LATER) from None
        raise _in_words(error, shown, host, limits) from None
    except (httpx2.InvalidURL, ValueError):  # of which UnicodeError is one
        raise RemoteError(f"{shown} is not a URL that can be read", CHECK_URL) from None


def _host_of(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""


def _in_words(error: Exception, shown: str, host: str, limits: WebLimits) -> RemoteError:
    import httpx2

    if isinstance(error, httpx2.ConnectTimeout):
        wait = f"{limits.connect_seconds:g} seconds"
        return RemoteError(f"{host} did not accept a connection within {wait}", _CHECK_NETWORK)
    if isinstance(error, httpx2.TimeoutException):
        wait = f"{limits.silent_seconds:g} seconds"
        return RemoteError(f"{host} sent nothing for {wait}", LATER)
    if isinstance(error, httpx2.ProxyError):
        advice = "check `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`"
        return RemoteError(f"the proxy did not connect to {host}", advice)
    if isinstance(error, httpx2.ConnectError):
        return _not_connected(host, error)
    if isinstance(error, httpx2.UnsupportedProtocol):
        message = f"{shown} redirects to something that is not an HTTP URL"
        return RemoteError(message, CHECK_URL)
    if isinstance(error, httpx2.RemoteProtocolError) and "location header" in str(error):
        return RemoteError(f"{shown} redirects to something that is not a URL", CHECK_URL)
    if isinstance(error, httpx2.NetworkError | httpx2.RemoteProtocolError | OSError):
        return BrokenError(f"the connection to {host} broke off", LATER)
    return RemoteError(f"{shown} cannot be downloaded: {type(error).__name__}", LATER)


def _not_connected(host: str, error: Exception) -> RemoteError:
    import socket
    import ssl

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            message = f"the certificate of {host} is not trusted: {cause.verify_message}"
            return RemoteError(message, "check the URL, or add the authority to `SSL_CERT_FILE`")
        if isinstance(cause, ssl.SSLError):
            message = f"no secure connection to {host} is possible"
            return RemoteError(message, "check the URL: should it begin with `http://`?")
        if isinstance(cause, socket.gaierror):
            return RemoteError(f"the address of {host} cannot be found", _CHECK_NETWORK)
        if isinstance(cause, ConnectionRefusedError):
            return RemoteError(f"{host} refused the connection", _CHECK_NETWORK)
        cause = cause.__cause__ or cause.__context__
    return RemoteError(f"{host} cannot be reached", _CHECK_NETWORK)
