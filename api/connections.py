"""Connections of the server: what a client may leave unfinished, and for how long.

uvicorn waits for the rest of a head and for the reading of a response forever, and accepts
connections until the process has no file left for one.
"""

from __future__ import annotations

import sys
from asyncio import TimerHandle, Transport
from collections import OrderedDict, deque
from functools import cache
from typing import Any, Final, NamedTuple

from loracfg_api.settings import load_settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_BYTES: Final = 64 * 1024
_FIELDS: Final = 100
_PIPELINED: Final = 16
_PROGRESS: Final = 64 * 1024
"""Bytes of a body after which a connection counts as the newest again."""
_FILES_ON_WINDOWS: Final = 512
"""What `select` can watch there."""
_BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\n"
    b"content-length: 0\r\n\r\n"
)


class _Limits(NamedTuple):
    connections: int
    head_seconds: float
    idle_seconds: float
    bytes_per_second: int


@cache
def _limits() -> _Limits:
    settings = load_settings()
    connections = min(settings.max_connections, max(1, _file_limit() * 3 // 4))
    return _Limits(
        connections, settings.head_seconds, settings.idle_seconds, settings.min_bytes_per_second
    )


def _file_limit() -> int:
    """Return the number of files, connections included, that this process may open."""
    if sys.platform == "win32":
        return _FILES_ON_WINDOWS
    import resource

    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


class BoundedConnection(HttpToolsProtocol):
    """A connection that ends if its client does not go on, or if a newer one needs its place."""

    _waiting: Final = OrderedDict["BoundedConnection", None]()
    """The connections of this process that wait for their clients, the longest wait first."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Create a connection, as uvicorn does."""
        super().__init__(*arguments, **options)
        self._limits = _limits()
        self._head_timer: TimerHandle | None = None
        self._write_timer: TimerHandle | None = None
        self._requests: deque[Any] = deque()
        """Those without a response, the one that is answered first."""
        self._unparsed = self._head_bytes = self._fields = self._body_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for a head, in the place of the longest wait if there is no other."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            other = self._first_to_end()
            if other is None:
                transport.write(_BUSY)
                transport.close()
                return
            other._abort()
        self._note_waiting()
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._waiting.pop(self, None)
        self._stop_head_timer()
        self._stop_write_timer()
        self._drop_requests()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse bytes, which may begin a head."""
        if self._is_between_requests():
            self._expect_head()
        self._unparsed += len(data)
        super().data_received(data)
        if self._unparsed > _HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Header or chunk too large.")

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        self._head_bytes = self._fields = self._body_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count a part of the URL."""
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header or trailer."""
        self._fields += 1
        self._count_head(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the request, unless too many wait for their turn on this connection."""
        self._unparsed = 0
        if len(self.pipeline) >= _PIPELINED:
            raise ValueError("too many requests at once")
        self._stop_head_timer()
        super().on_headers_complete()
        self._requests.append(self.cycle)
        self._note_waiting()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; a client that sends much is not the one to end first."""
        self._unparsed = 0
        self._body_bytes += len(body)
        if self._body_bytes >= _PROGRESS and self in self._waiting:
            self._body_bytes = 0
            self._waiting.move_to_end(self)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait no longer for the request, if it is the one that is answered."""
        self._unparsed = 0
        super().on_message_complete()
        self._note_waiting()

    def on_response_complete(self) -> None:
        """Wait for the client to read the response, and for the next request."""
        self._requests.popleft()
        super().on_response_complete()
        self._note_waiting()
        if self._is_between_requests() and self.cycle.more_body:
            self._expect_head()  # what still comes belongs to a request that is answered
        self._watch_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        super().send_400_response(msg)
        self._watch_writing()

    def pause_writing(self) -> None:
        """Stop sending a response that is not read, and wait for the client."""
        super().pause_writing()
        self._note_waiting()
        self._watch_writing()

    def resume_writing(self) -> None:
        """Go on with a response."""
        super().resume_writing()
        self._note_waiting()

    def timeout_keep_alive_handler(self) -> None:
        """End an idle connection, even if a response was not read."""
        if self.transport.get_write_buffer_size():
            self._abort()
        super().timeout_keep_alive_handler()

    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _first_to_end(self) -> BoundedConnection | None:
        """Return the longest wait, or else the connection with the most requests at once."""
        if self._waiting:
            return self._waiting.popitem(last=False)[0]
        ours = (other for other in self.connections if isinstance(other, BoundedConnection))
        most = max(ours, key=lambda other: len(other._requests))
        return most if len(most._requests) > 1 else None

    def _note_waiting(self) -> None:
        """Join or leave the connections that wait for their clients, after any event."""
        answered = self._requests[0] if self._requests else None
        if answered is None or answered.more_body or self.flow.write_paused:
            self._waiting.setdefault(self)
        else:
            self._waiting.pop(self, None)

    def _count_head(self, size: int) -> None:
        self._unparsed = 0
        self._head_bytes += size
        if self._head_bytes > _HEAD_BYTES or self._fields > _FIELDS:
            raise ValueError("the head is too large")

    def _expect_head(self) -> None:
        """End the connection unless there is a head in time, however many bytes come."""
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._limits.head_seconds, self._abort)

    def _watch_writing(self) -> None:
        """End the connection if what is left of a response is not read fast enough."""
        left = self.transport.get_write_buffer_size()
        if left and self._write_timer is None:
            self._write_timer = self.loop.call_later(
                self._limits.idle_seconds, self._check_writing, left
            )

    def _check_writing(self, before: int) -> None:
        self._write_timer = None
        read = before - self.transport.get_write_buffer_size()
        if read < min(before, self._limits.bytes_per_second * self._limits.idle_seconds):
            self._abort()
        else:
            self._watch_writing()

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _drop_requests(self) -> None:
        """Send nothing more; uvicorn only drops the latest request."""
        for request in self._requests:
            request.disconnected = True

    def _abort(self) -> None:
        self._drop_requests()
        self.connections.discard(self)
        self.transport.abort()
