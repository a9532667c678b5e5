"""Download ranges of files over HTTP, with limits on time, size and attempts."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loracfg.errors import LoracfgError
from loracfg.sources.address import visible_url
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.http_answers import (
    ANSWER_SECONDS,
    BUSY,
    CHECK_URL,
    LATER,
    BrokenError,
    check_encoding,
    check_status,
    part_of,
    pieces,
    seconds,
)
from loracfg.sources.remote.ranged_file import Part
from loracfg.version import __version__

if TYPE_CHECKING:
    import httpx2

INSTALL: Final = "install `loracfg[remote]`"
_CONNECT_SECONDS: Final = 10.0
_ALL_SECONDS: Final = 40.0
"""The time for an answer to begin, with all redirects and however slowly headers arrive."""
_ATTEMPTS: Final = 3
_LONGEST_WAIT: Final = 15.0
"""The seconds that a server may ask to wait before another attempt."""
_MAX_REDIRECTS: Final = 10


class Answer(NamedTuple):
    """A part of a file, and the headers of the first answer, before any redirect."""

    part: Part
    headers: Mapping[str, str]


class Web:
    """Downloads over HTTP. Connections are kept for the next request.

    The client follows redirects, and sends `Authorization` to no other host. Proxies and
    certificates come from the environment (`HTTPS_PROXY`, `SSL_CERT_FILE`).
    """

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        """Create a client.

        Args:
            headers: headers of every request.

        Raises:
            LoracfgError: httpx2 is not installed, or a proxy or certificate cannot be used.
        """
        try:
            import httpx2
        except ImportError:
            raise LoracfgError("URLs cannot be read: `httpx2` is not installed", INSTALL) from None
        self._connections: deque[Any] = deque(maxlen=4)
        self._is_cut = False
        own = {"User-Agent": f"loracfg/{__version__}", "Accept-Encoding": "identity"}
        try:
            self._client = httpx2.Client(
                headers=own | dict(headers or {}),
                timeout=httpx2.Timeout(ANSWER_SECONDS, connect=_CONNECT_SECONDS),
            )
        except (ValueError, OSError, ImportError, httpx2.InvalidURL):
            message = "the proxy or the certificates in the environment cannot be used"
            advice = "check `HTTPS_PROXY`, `ALL_PROXY` and `SSL_CERT_FILE`"
            raise LoracfgError(message, advice) from None

    def read(self, url: str, start: int, stop: int) -> Answer:
        """Return the bytes of a file from `start` to `stop`, or to its end.

        Servers without ranges send the whole file, if it is not too large.

        Raises:
            RemoteError: they cannot be downloaded; `status` is that of the answer, if there is one.
        """
        wanted = {"Range": f"bytes={start}-{stop - 1}"}
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._answer(url, wanted) as (answer, first):
                    return Answer(part_of(answer, url, start, stop), first)
            except RemoteError as error:
                wait = _wait_after(error, attempt)
                if wait is None or attempt == _ATTEMPTS:
                    raise
                time.sleep(wait)
        raise AssertionError("unreachable")

    def stream(self, url: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece.

        Raises:
            RemoteError: it cannot be downloaded.
        """
        with self._answer(url, {}) as (answer, _):
            check_status(answer, url)
            check_encoding(answer, url)
            yield from pieces(answer, url)

    @contextmanager
    def _answer(
        self, url: str, headers: dict[str, str]
    ) -> Iterator[tuple[httpx2.Response, Mapping[str, str]]]:
        """Yield the answer after all redirects, with the headers of the first one."""
        watch = threading.Timer(_ALL_SECONDS, self._hang_up)
        watch.daemon = True
        with _explained(url, lambda: self._is_cut):
            request = self._client.build_request("GET", url, headers=headers)
            watch.start()
            try:
                answer = self._send(request)
                first = answer.headers
                for _ in range(_MAX_REDIRECTS):
                    if answer.next_request is None:
                        break
                    answer.close()  # its body is of no use, and may be endless
                    answer = self._send(answer.next_request)
            finally:
                watch.cancel()
            with closing(answer):
                if answer.next_request is not None:
                    message = f"`{visible_url(url)}` redirects more than {_MAX_REDIRECTS} times"
                    raise RemoteError(message, CHECK_URL)
                yield answer, first

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        request.extensions["trace"] = self._note
        return self._client.send(request, stream=True)

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the newest connections, to be able to end them."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._connections.append(info["return_value"])

    def _hang_up(self) -> None:
        """End the connections, if a server sends its headers bit by bit."""
        self._is_cut = True
        for connection in list(self._connections):
            opened = connection.get_extra_info("socket")
            if opened is not None:
                with suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)


def _wait_after(error: RemoteError, attempt: int) -> float | None:
    """Return how long to wait before another attempt, or None if there should be none."""
    if isinstance(error, BrokenError):
        return 0.25 * attempt
    if error.status not in BUSY:
        return None
    asked = seconds(error.headers.get("Retry-After"))
    if asked is None:
        return 0.5 * attempt
    return asked if asked <= _LONGEST_WAIT else None


@contextmanager
def _explained(url: str, is_cut: Callable[[], bool]) -> Iterator[None]:
    """Raise errors of the client as ours; its own messages may contain URLs with secrets."""
    import httpx2

    shown, host = f"`{visible_url(url)}`", f"`{httpx2.URL(url).host}`"
    try:
        yield
    except httpx2.ConnectTimeout:
        message = f"{host} did not accept a connection within {_CONNECT_SECONDS:.0f} seconds"
        raise RemoteError(message, "check the network and the URL") from None
    except httpx2.TimeoutException:
        message = f"{host} sent nothing for {ANSWER_SECONDS:.0f} seconds"
        raise RemoteError(message, LATER) from None
    except httpx2.ProxyError:
        message = f"the proxy did not connect to {host}"
        raise RemoteError(message, "check `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`") from None
    except httpx2.ConnectError as error:
        raise _not_connected(host, error) from None
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL):
        message = f"{shown} redirects to something that is not an HTTP URL"
        raise RemoteError(message, CHECK_URL) from None
    except (httpx2.NetworkError, httpx2.RemoteProtocolError):
        if is_cut():
            message = f"{host} did not finish its headers within {_ALL_SECONDS:.0f} seconds"
            raise RemoteError(message, LATER) from None
        message = f"the connection to {host} broke off"
        raise BrokenError(message, LATER) from None
    except httpx2.HTTPError as error:
        message = f"{shown} cannot be downloaded: {type(error).__name__}"
        raise RemoteError(message, LATER) from None


def _not_connected(host: str, error: Exception) -> RemoteError:
    import ssl

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            message = f"the certificate of {host} is not trusted: {cause.verify_message}"
            return RemoteError(message, "check the URL, or add the authority to `SSL_CERT_FILE`")
        if isinstance(cause, ssl.SSLError):
            message = f"no secure connection to {host} is possible"
            return RemoteError(message, "check the URL: does it begin with `https://` by mistake?")
        cause = cause.__cause__ or cause.__context__
    reason = "does not exist" if "Name or service" in str(error) else "cannot be reached"
    return RemoteError(f"{host} {reason}", "check the network and the URL")
