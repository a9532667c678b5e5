"""Changes of bytes that keep some of their meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

NUMBERS: Final = (
    *(b"0", b"-1", b"1", b"7", b"2.0", b"1e3", b"true", b"null", b'""', b'"x"', b"[]", b"{}"),
    *(b"255", b"65536", b"4294967295", b"9223372036854775807", b"18446744073709551616", b"NaN"),
)
"""What stands in place of a value in a text."""
BYTES: Final = (b"\0", b"\xff", b" ", b"\n", b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b".")
WIDE: Final = (0, 1, 2**15, 2**16 - 1, 2**31, 2**32 - 1)
MOST: Final = 20_000
"""Bytes of an input."""

_TOKEN: Final = re.compile(rb'"[^"]{0,60}"|-?\d+(?:\.\d+)?|true|false|null')

Change = Callable[[bytes, Random, Sequence[bytes]], bytes]


def mutated(data: bytes, rng: Random, corpus: Sequence[bytes]) -> bytes:
    """Return the bytes after one to four changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        data = rng.choice(CHANGES)(data, rng, corpus)
    return data[:MOST]


def _at(data: bytes, rng: Random) -> int:
    return rng.randrange(len(data)) if data else 0


def _flip(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    at = _at(data, rng)
    return (
        data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :] if data else data
    )


def _replace(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    at = _at(data, rng)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _wide(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Put a number of two, four or eight bytes in place of others."""
    at, size = _at(data, rng), rng.choice((2, 4, 8))
    number = rng.choice(WIDE) % (1 << 8 * size)
    return data[:at] + number.to_bytes(size, "little") + data[at + size :]


def _drop(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    at = _at(data, rng)
    return data[:at] + data[at + rng.choice((1, 1, 2, 8, 64)) :]


def _cut(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    return data[: _at(data, rng)]


def _insert(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    at = _at(data, rng)
    return data[:at] + rng.choice(BYTES) * rng.choice((1, 1, 1, 2, 30)) + data[at:]


def _repeat(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    at, size = _at(data, rng), rng.choice((1, 4, 16, 100))
    return data[: at + size] + data[at:]


def _token(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Put another value in place of one of a text."""
    found = list(_TOKEN.finditer(data))
    if not found:
        return data
    match = rng.choice(found)
    new = rng.choice(found)[0] if rng.random() < 0.4 else rng.choice(NUMBERS)
    return data[: match.start()] + new + data[match.end() :]


def _step(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Make a number of a text a little larger or smaller."""
    found = [match for match in _TOKEN.finditer(data) if match[0].lstrip(b"-").isdigit()]
    if not found:
        return data
    match = rng.choice(found)
    new = str(int(match[0][:30]) + rng.choice((-8, -4, -2, -1, 1, 2, 4, 8))).encode()
    return data[: match.start()] + new + data[match.end() :]


def _splice(data: bytes, rng: Random, corpus: Sequence[bytes]) -> bytes:
    """Put a piece of another entry in place of one."""
    other = rng.choice(corpus)
    at, start, size = _at(data, rng), _at(other, rng), rng.choice((4, 16, 64, 256))
    return data[:at] + other[start : start + size] + data[at + rng.choice((0, size)) :]


CHANGES: Final[tuple[Change, ...]] = (
    *(_flip, _replace, _wide, _drop, _cut, _insert, _repeat, _splice),
    *(_token, _token, _token, _step, _step),
)
