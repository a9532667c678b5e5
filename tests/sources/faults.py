"""The faults of a web server, each a function that answers a request."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Final

from tests.ranges import Sent, ranged

STEP: Final = 0.02
"""The seconds between two bytes of what drips."""
ENDLESS: Final = 4096
"""The pieces of what does not end, in case that nobody hangs up."""


@dataclass
class Exchange:
    """A request and the connection to answer it on."""

    connection: socket.socket
    path: str
    headers: Mapping[str, str]
    data: bytes
    others: Mapping[str, str]
    number: int
    is_over: threading.Event
    sent: Sent = field(init=False)

    def __post_init__(self) -> None:
        self.sent = ranged(self.data, self.headers.get("range"))

    def write(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(
        self, status: int | None = None, body: bytes | None = None, **headers: str | None
    ) -> None:
        """Answer as a sound server would, but for what is given; a header of None is left out."""
        body = self.sent.data if body is None else body
        own: dict[str, str | None] = {"ETag": '"one"', "Content-Length": str(len(body))}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if status is None:
            own |= self.sent.headers
        own |= given
        lines = [f"HTTP/1.1 {status or self.sent.status} Status"]
        lines += [f"{name}: {value}" for name, value in own.items() if value is not None]
        self.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def drip(self, data: bytes) -> None:
        """Send byte by byte."""
        for byte in data:
            if self.is_over.wait(STEP):
                return
            self.write(bytes([byte]))

    def hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)


Fault = Callable[[Exchange], None]


def _head(exchange: Exchange, **headers: str) -> bytes:
    own = {"ETag": '"one"', "Content-Length": str(len(exchange.sent.data))}
    own |= exchange.sent.headers | {name.replace("_", "-"): v for name, v in headers.items()}
    lines = [f"HTTP/1.1 {exchange.sent.status} OK", *(f"{n}: {v}" for n, v in own.items()), "", ""]
    return "\r\n".join(lines).encode()


def header_drip(exchange: Exchange) -> None:
    exchange.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    exchange.drip(b"x" * ENDLESS)


def header_silence(exchange: Exchange) -> None:
    exchange.write(b"HTTP/1.1 200 OK\r\n")
    exchange.is_over.wait(30)


def silence(exchange: Exchange) -> None:
    exchange.is_over.wait(30)


def informational(exchange: Exchange) -> None:
    for _ in range(ENDLESS):
        exchange.write(b"HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n")
        if exchange.is_over.wait(STEP):
            return


def endless_headers(exchange: Exchange) -> None:
    exchange.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(ENDLESS):
        exchange.write(b"X-%d: %s\r\n" % (number, b"x" * 1000))


def body_drip(exchange: Exchange) -> None:
    exchange.write(_head(exchange))
    exchange.drip(exchange.sent.data[:ENDLESS])


def body_silence(exchange: Exchange) -> None:
    exchange.write(_head(exchange) + exchange.sent.data[:10])
    exchange.is_over.wait(30)


def chunk_drip(exchange: Exchange) -> None:
    exchange.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")
    exchange.drip(b"x" * ENDLESS)


def short_body(exchange: Exchange) -> None:
    exchange.write(_head(exchange) + exchange.sent.data[:-1])
    exchange.hang_up()


def short_part(exchange: Exchange) -> None:
    exchange.answer(body=exchange.sent.data[:-1])


def long_body(exchange: Exchange) -> None:
    exchange.answer(body=exchange.sent.data + b"more")


def long_file(exchange: Exchange) -> None:
    """Send the whole file without its length, and then do not end."""
    exchange.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(ENDLESS):
        exchange.write(b"x" * 65536)


def hang_up(exchange: Exchange) -> None:
    exchange.hang_up()


def hang_up_once(exchange: Exchange) -> None:
    (exchange.hang_up if exchange.number == 1 else exchange.answer)()


def wrong_range(exchange: Exchange) -> None:
    size = len(exchange.data)
    exchange.answer(Content_Range=f"bytes 1-{len(exchange.sent.data)}/{size}")


def wrong_range_end(exchange: Exchange) -> None:
    exchange.answer(Content_Range=f"bytes 0-{len(exchange.data) + 7}/{len(exchange.data) + 8}")


def no_range(exchange: Exchange) -> None:
    exchange.answer(Content_Range=None)


def range_of_unknown(exchange: Exchange) -> None:
    exchange.answer(Content_Range=f"bytes 0-{len(exchange.sent.data) - 1}/*")


def range_of_endless(exchange: Exchange) -> None:
    end = len(exchange.sent.data) - 1
    exchange.answer(Content_Range=f"bytes 0-{end}/9999999999999999999")


def range_of_junk(exchange: Exchange) -> None:
    exchange.answer(Content_Range="bytes x-y/9999999999999999999999999")


def whole_file(exchange: Exchange) -> None:
    exchange.sent = ranged(exchange.data, None)
    exchange.answer()


def whole_file_in_chunks(exchange: Exchange) -> None:
    exchange.write(b'HTTP/1.1 200 OK\r\nETag: "one"\r\nTransfer-Encoding: chunked\r\n\r\n')
    exchange.write(b"%x\r\n" % len(exchange.data) + exchange.data + b"\r\n0\r\n\r\n")


def huge_file(exchange: Exchange) -> None:
    exchange.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    exchange.is_over.wait(30)


def gzip(exchange: Exchange) -> None:
    exchange.answer(Content_Encoding="gzip")


def login_page(exchange: Exchange) -> None:
    exchange.answer(200, b"\n<!DOCTYPE html><p>Log in", Content_Type="text/html; charset=utf-8")


def page_in_part(exchange: Exchange) -> None:
    page = b"<html>" + b" " * 10
    exchange.answer(
        206, page, Content_Type="text/html", Content_Range=f"bytes 0-{len(page) - 1}/{len(page)}"
    )


def typed_as_page(exchange: Exchange) -> None:
    exchange.answer(Content_Type="text/html")


def empty(exchange: Exchange) -> None:
    exchange.sent = ranged(b"", exchange.headers.get("range"))
    exchange.answer()


def changed_etag(exchange: Exchange) -> None:
    exchange.answer(ETag='"two"')


def changed_size(exchange: Exchange) -> None:
    exchange.sent = ranged(exchange.data + b"x", exchange.headers.get("range"))
    exchange.answer()


def no_content(exchange: Exchange) -> None:
    exchange.answer(204, b"", Content_Length=None)


def not_http(exchange: Exchange) -> None:
    exchange.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    exchange.hang_up()


def wrong_status(exchange: Exchange) -> None:
    exchange.write(b"HTTP/1.1 two hundred\r\n\r\n")
    exchange.hang_up()


def status(number: int, **headers: str) -> Fault:
    return lambda exchange: exchange.answer(number, b"page", **headers)


def busy_once(exchange: Exchange) -> None:
    if exchange.number == 1:
        exchange.answer(429, b"", Retry_After="0")
    else:
        exchange.answer()


def busy_until(exchange: Exchange) -> None:
    exchange.answer(429, b"", Retry_After=formatdate(time.time() + 3600, usegmt=True))


def refused_range(exchange: Exchange) -> None:
    exchange.answer(416, b"", Content_Range=f"bytes */{len(exchange.data)}")


def redirect(number: int) -> Fault:
    """Return the fault of another host that has the file."""

    def answer(exchange: Exchange) -> None:
        rest = exchange.path.lstrip("/").partition("/")[2]
        exchange.answer(number, b"", Location=f"{exchange.others['sound']}/{rest}")

    return answer


def to(location: str) -> Fault:
    return lambda exchange: exchange.answer(302, b"", Location=location)


def redirect_loop(exchange: Exchange) -> None:
    exchange.answer(302, b"", Location=exchange.path)


def redirect_chain(exchange: Exchange) -> None:
    exchange.answer(302, b"", Location=f"{exchange.path}{exchange.number}")


def redirect_with_endless_body(exchange: Exchange) -> None:
    rest = exchange.path.lstrip("/").partition("/")[2]
    location = f"{exchange.others['sound']}/{rest}".encode()
    exchange.write(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\n\r\n")
    for _ in range(ENDLESS):
        exchange.write(b"x" * 65536)


def redirect_to_secret(exchange: Exchange) -> None:
    exchange.answer(302, b"", Location="ftp://user:s3cret@example.org/?key=s3cret")


FAULTS: Final[dict[str, Fault]] = {
    "sound": Exchange.answer,
    **{
        one.__name__.replace("_", "-"): one
        for one in (
            header_drip,
            header_silence,
            silence,
            informational,
            endless_headers,
            body_drip,
            body_silence,
            chunk_drip,
            short_body,
            short_part,
            long_body,
            long_file,
            hang_up,
            hang_up_once,
            wrong_range,
            wrong_range_end,
            no_range,
            range_of_unknown,
            range_of_endless,
            range_of_junk,
            whole_file,
            whole_file_in_chunks,
            huge_file,
            gzip,
            login_page,
            page_in_part,
            typed_as_page,
            empty,
            changed_etag,
            changed_size,
            no_content,
            not_http,
            wrong_status,
            busy_once,
            busy_until,
            refused_range,
            redirect_loop,
            redirect_chain,
            redirect_with_endless_body,
            redirect_to_secret,
        )
    },
    **{f"status-{n}": status(n) for n in (400, 401, 403, 404, 410, 418, 500, 502, 503, 504)},
    "status-300": status(300),
    "busy": status(429),
    "busy-long": status(429, Retry_After="86400"),
    "busy-junk": status(429, Retry_After="soon"),
    "busy-negative": status(503, Retry_After="-1"),
    **{f"redirect-{number}": redirect(number) for number in (301, 302, 303, 307, 308)},
    "redirect-to-file": to("file:///etc/passwd"),
    "redirect-to-nothing": to(""),
    "redirect-to-junk": to("http://[::1"),
    "redirect-to-refused": to("http://127.0.0.1:1/a"),
}
