"""Read the answers of HTTP servers to requests for files and parts of files."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from loracfg.named_tuple import NamedTuple
from loracfg.report.render.words import bytes_words
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.limits import WebLimits
from loracfg.sources.remote.ranged_file import FileRange
from loracfg.urls import visible_url


class HttpAnswer(Protocol):
    """An answer of a server, as a client of HTTP gives it."""

    @property
    def status_code(self) -> int:
        """The status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, whose names have any case."""

    def iter_raw(self) -> Iterator[bytes]:
        """Yield the content piece by piece."""


BUSY: Final = frozenset({429, 500, 502, 503, 504})
_MANY_CHUNKS: Final = 10_000
"""Chunks that may have any size."""
_LEAST_CHUNK: Final = 16
"""The bytes that more chunks must have on average: each costs as much as thousands of bytes."""
_CONTENT: Final = frozenset({200, 203, 206})
_RANGE: Final = re.compile(r"bytes (?:(\d{1,19})-(\d{1,19})|\*)/(\d{1,19}|\*)")
_MOST: Final = 2**63 - 1
"""The largest size that file systems and programs know."""
_PAGE: Final = rb"(\xef\xbb\xbf)?\s*<[!?A-Za-z]"
"""How the text of a web page begins."""
CHECK_URL: Final = "check the URL"
DOWNLOAD: Final = "download the adapter and pass its folder"
LATER: Final = f"try again later, or {DOWNLOAD}"
AGAIN: Final = "run the command again"


class BrokenError(RemoteError):
    """An answer that broke off, so that another attempt may succeed."""


def seconds(text: str | None) -> float | None:
    """Return the seconds of a `Retry-After`, which is a number or a date."""
    if text is None:
        return None
    if re.fullmatch(r"\d{1,9}", text.strip()):
        return float(text)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError, OSError):
        return None


class Content(NamedTuple):
    """The content of an answer, read within limits.

    Attributes:
        answer: the answer.
        url: what was asked for.
        limits: the limits.
        allow: called with the seconds that the rest of the content may take.
    """

    answer: HttpAnswer
    url: str
    limits: WebLimits
    allow: Callable[[float], None]

    @property
    def shown(self) -> str:
        """The URL as messages show it."""
        return f"`{visible_url(self.url)}`"

    def check(self) -> None:
        """Raise an error if there is no file in the answer, or a compressed one."""
        _check_status(self.answer, self.shown)
        if self.answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise self._wrong("it sent the file compressed, although that was not allowed")

    def part(self, start: int, stop: int) -> FileRange:
        """Return the part that was asked for, or the whole file if the server sent that."""
        version = self.answer.headers.get("ETag") or self.answer.headers.get("Last-Modified")
        if self.answer.status_code == 416:
            return self._beyond(start)._replace(version=version)
        self.check()
        if self.answer.status_code != 206:
            found = self._whole()
        else:
            size = self._size(start, stop)
            found = FileRange(self._exactly(min(stop, size) - start), start, size)
        if found.start == 0:
            self.refuse_page(found.data)
        return found._replace(version=version)

    def refuse_page(self, beginning: bytes) -> None:
        """Raise an error if the server sent a web page instead of a file that is none."""
        kind = self.answer.headers.get("Content-Type", "").lower()
        if kind.startswith("text/html") and re.match(_PAGE, beginning):
            message = f"{self.shown} is a web page, not the file"
            advice = f"check the URL; if the server wants a login, {DOWNLOAD}"
            raise RemoteError(message, advice)

    def pieces(self, most: int | None = None) -> Iterator[bytes]:
        """Yield the content, up to a little more than `most` bytes, unless it comes too slowly."""
        received, begin, chunks = 0, time.monotonic(), 0
        rest = self.limits.seconds_for(most) if most is not None else None
        self.allow(rest if rest is not None else 2 * self.limits.silent_seconds)
        for piece in self.answer.iter_raw():
            received, chunks = received + len(piece), chunks + 1
            if chunks > _MANY_CHUNKS and received < chunks * _LEAST_CHUNK:
                raise self._wrong("it sends many tiny chunks")
            yield piece
            if most is not None and received > most:
                return
            if time.monotonic() - begin > self.limits.seconds_for(received):
                raise self.slow()
            if most is None:
                self.allow(2 * self.limits.silent_seconds)

    def slow(self) -> RemoteError:
        """Return the error of content that arrives too slowly."""
        rate = f"{self.limits.least_rate / 1000:g} kB per second"
        return RemoteError(f"{self.shown} arrives more slowly than {rate}", LATER)

    def too_long(self, most: int) -> RemoteError:
        """Return the error of content that is longer than it may be."""
        return RemoteError(f"{self.shown} is more than {bytes_words(most)}", DOWNLOAD)

    def _beyond(self, start: int) -> FileRange:
        """Return an empty file: no range of it exists."""
        found = _RANGE.fullmatch(self.answer.headers.get("Content-Range", ""))
        if start:
            raise RemoteError(f"{self.shown} changed while it was read", AGAIN)
        if found is not None and found[3] != "0":
            raise self._wrong("it refused to send the first bytes of the file")
        return FileRange(b"", 0, 0)

    def _size(self, start: int, stop: int) -> int:
        """Return the size of the file, after a check that the right part of it is sent."""
        found = _RANGE.fullmatch(self.answer.headers.get("Content-Range", ""))
        if found is not None and found[3] == "*":
            message = f"the server of {self.shown} does not say how large the file is"
            raise RemoteError(message, DOWNLOAD)
        if found is None or found[1] is None or int(found[1]) != start:
            raise self._wrong("it sent a different part of the file")
        size = int(found[3])
        if size > _MOST:
            raise self._wrong("it says that the file is larger than any")
        if int(found[2]) != min(stop, size) - 1:
            raise self._wrong("it sent a different part of the file")
        return size

    @property
    def _most(self) -> int:
        """The largest size of the file if the server cannot send a part of it."""
        return self.limits.whole_bytes_of(self.url.partition("?")[0])

    def _whole(self) -> FileRange:
        most, size = self._most, self._length()
        if size is not None and size > most:
            raise self._too_large(f"is {bytes_words(size)}")
        if size is not None:
            data = self._exactly(size)
        else:
            data = self._joined(most)
            if len(data) > most:
                raise self._too_large(f"is more than {bytes_words(most)}")
        return FileRange(data, 0, len(data))

    def _length(self) -> int | None:
        length = self.answer.headers.get("Content-Length", "")
        return int(length) if re.fullmatch(r"\d{1,19}", length) else None

    def _exactly(self, count: int) -> bytes:
        data = self._joined(count)
        if len(data) < count:
            raise BrokenError(f"{self.shown} sent {len(data)} of {count} bytes", LATER)
        if len(data) > count:
            raise self._wrong("it sent more bytes than it announced")
        return data

    def _joined(self, most: int) -> bytes:
        data = bytearray()
        for piece in self.pieces(most):
            data += piece
        return bytes(data)

    def _too_large(self, why: str) -> RemoteError:
        message = f"{self.shown} {why}, and the server does not support range requests"
        most = bytes_words(self._most)
        advice = f"{DOWNLOAD}; without range requests, loracfg downloads at most {most}"
        return RemoteError(message, advice)

    def _wrong(self, why: str) -> RemoteError:
        return RemoteError(f"the server of {self.shown} does not follow HTTP: {why}", DOWNLOAD)


def _check_status(answer: HttpAnswer, shown: str) -> None:
    status = answer.status_code
    if status in _CONTENT:
        return
    advice = LATER if status >= 500 else CHECK_URL
    message = f"{shown} returned status {status}"
    if status == 401:
        message = f"{shown} needs a login"
        advice = f"put the user and password into the URL, or {DOWNLOAD}"
    elif status == 403:
        message = f"the server refuses access to {shown} (status 403)"
        advice = "check your permissions"
    elif status == 404:
        message, advice = f"{shown} does not exist", CHECK_URL
    elif status == 410:
        message, advice = f"{shown} no longer exists", CHECK_URL
    elif status in BUSY:
        asked = seconds(answer.headers.get("Retry-After"))
        wait = f" and asks to wait {asked:.0f} seconds" if asked else ""
        what = "is limiting requests" if status == 429 else f"returned status {status}"
        message, advice = f"the server of {shown} {what}{wait}", LATER
    raise RemoteError(message, advice, status, answer.headers)
