"""The limits of downloads."""

from __future__ import annotations

from typing import Final

from loracfg.document.json_document import MAX_BYTES
from loracfg.named_tuple import NamedTuple

MIB: Final = 1024 * 1024
_LARGE: Final = (".safetensors", ".bin")


class WebLimits(NamedTuple):
    """How long to wait for servers, and how much to take from them.

    Attributes:
        connect_seconds: the time for a connection.
        silent_seconds: the time in which at least one byte must arrive, and after which the whole
            answer must be fast enough.
        begin_seconds: the time until the headers are complete, with all redirects. No other
            attempt begins later.
        least_rate: the bytes per second at which content must arrive.
        attempts: how often a file is asked for if the server is busy or the connection breaks off.
        longest_wait: the seconds that a server may ask to wait before another attempt.
        pause: the seconds before a second attempt if the server names none.
        redirects: how many redirects are followed.
        whole_bytes: the largest weight file to download from a server that cannot send a part.
        config_bytes: the largest other file, of which loracfg reads no more anyway.
        archive_bytes: the largest archive.
    """

    connect_seconds: float = 10.0
    silent_seconds: float = 20.0
    begin_seconds: float = 40.0
    least_rate: int = 100_000
    attempts: int = 3
    longest_wait: float = 15.0
    pause: float = 0.5
    redirects: int = 10
    whole_bytes: int = 64 * MIB
    config_bytes: int = MAX_BYTES
    archive_bytes: int = 32 * 1024 * MIB

    def whole_bytes_of(self, path: str) -> int:
        """Return the largest size of a file if the server cannot send a part of it."""
        is_large = path.lower().endswith(_LARGE)
        return self.whole_bytes if is_large else min(self.whole_bytes, self.config_bytes)

    def seconds_for(self, count: int) -> float:
        """Return the time in which so many bytes must arrive."""
        return self.silent_seconds + count / self.least_rate


DEFAULT_LIMITS: Final = WebLimits()
