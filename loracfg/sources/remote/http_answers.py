"""Read the answers of HTTP servers to requests for parts of files."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.sources.address import visible_url
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.ranged_file import Part

if TYPE_CHECKING:
    import httpx2

MIB: Final = 1024 * 1024
MOST_WITHOUT_RANGES: Final = 64 * MIB
"""The largest file to download from a server that cannot send a part of one."""
ANSWER_SECONDS: Final = 20.0
_LEAST_BYTES_PER_SECOND: Final = 100_000
BUSY: Final = frozenset({429, 500, 502, 503, 504})
_RANGE: Final = re.compile(r"bytes (?:(\d{1,19})-(\d{1,19})|\*)/(\d{1,19})")
CHECK_URL: Final = "check the URL"
LATER: Final = "try again later, or download the adapter and pass its folder"


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
    except (ValueError, OverflowError):
        return None


def check_status(answer: httpx2.Response, url: str) -> None:
    """Raise an error if the status of an answer is one."""
    status = answer.status_code
    if answer.is_success:
        return
    shown = f"`{visible_url(url)}`"
    message, advice = f"{shown} returned status {status}", LATER
    if status == 401:
        message = f"{shown} needs a login"
        advice = "put the user and password into the URL, or download the adapter"
    elif status == 403:
        message, advice = f"{shown} must not be read", "check your permissions"
    elif status in (404, 410):
        message, advice = f"{shown} does not exist", CHECK_URL
    elif status in BUSY:
        asked = seconds(answer.headers.get("Retry-After"))
        wait = f" and asks to wait {asked:.0f} seconds" if asked else ""
        what = "is limiting requests" if status == 429 else f"returned status {status}"
        message = f"the server of {shown} {what}{wait}"
    raise RemoteError(message, advice, status, answer.headers)


def part_of(answer: httpx2.Response, url: str, start: int, stop: int) -> Part:
    """Read the part that was asked for."""
    version = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
    if answer.status_code == 416:  # beyond the end: the file is empty, or has become shorter
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if start == 0 and (found is None or found[3] == "0"):
            return Part(b"", 0, 0, version)
        raise RemoteError(f"`{visible_url(url)}` changed while it was read", "run it again")
    check_status(answer, url)
    check_encoding(answer, url)
    if answer.status_code != 206:
        part = _whole(answer, url, MOST_WITHOUT_RANGES)
        return part._replace(version=version)
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if found is None or found[1] is None or int(found[1]) != start:
        raise _wrong(url, "it sent a different part of the file")
    size, expected = int(found[3]), min(stop, int(found[3])) - start
    if int(found[2]) != start + expected - 1:
        raise _wrong(url, "it sent a different part of the file")
    data = b"".join(pieces(answer, url, expected))
    if len(data) != expected:
        message = f"`{visible_url(url)}` sent {len(data)} of {expected} bytes"
        raise BrokenError(message, LATER)
    return Part(data, start, size, version)


def _whole(answer: httpx2.Response, url: str, most: int) -> Part:
    """Read the whole file."""
    check_status(answer, url)
    check_encoding(answer, url)
    length = answer.headers.get("Content-Length", "")
    size = int(length) if re.fullmatch(r"\d{1,19}", length) else None
    if size is not None and size > most:
        raise _too_large(url, f"has {size} bytes", most)
    data = b"".join(pieces(answer, url, most))
    if len(data) > most:
        raise _too_large(url, f"has more than {most} bytes", most)
    if size is not None and len(data) != size:
        message = f"`{visible_url(url)}` sent {len(data)} of {size} bytes"
        raise BrokenError(message, LATER)
    return Part(data, 0, len(data))


def _too_large(url: str, why: str, most: int) -> RemoteError:
    message = f"`{visible_url(url)}` {why}, and the server cannot send a part of it"
    advice = f"download it; without range requests, at most {most} bytes are read"
    return RemoteError(message, advice)


def check_encoding(answer: httpx2.Response, url: str) -> None:
    """Raise an error if the content is compressed."""
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _wrong(url, "it sent the file compressed, although that was not allowed")


def _wrong(url: str, why: str) -> RemoteError:
    message = f"the server of `{visible_url(url)}` does not follow HTTP: {why}"
    return RemoteError(message, "download the adapter and pass its folder")


def pieces(answer: httpx2.Response, url: str, most: int | None = None) -> Iterator[bytes]:
    """Yield the content, up to a little more than `most` bytes, unless it comes too slowly."""
    received, begin = 0, time.monotonic()
    for piece in answer.iter_raw():
        received += len(piece)
        yield piece
        if most is not None and received > most:
            return
        allowed = ANSWER_SECONDS + received / _LEAST_BYTES_PER_SECOND
        if time.monotonic() - begin > allowed:
            rate = _LEAST_BYTES_PER_SECOND // 1000
            message = f"`{visible_url(url)}` arrives more slowly than {rate} kB per second"
            raise RemoteError(message, LATER)
