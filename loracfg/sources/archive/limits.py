"""The limits for archives and uploaded files, and the error for what is refused."""

from __future__ import annotations

from typing import Final, Literal

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

MIB: Final = 1024 * 1024

Reason = Literal["broken", "unsafe", "clash", "too-large"]


class Limits(NamedTuple):
    """How much of an archive or of uploaded files is read."""

    max_unpacked_bytes: int = 256 * 1024 * MIB
    max_ratio: int = 100
    max_config_bytes: int = 16 * MIB
    max_header_bytes: int = 25_000_000
    max_pickle_bytes: int = 4 * MIB
    max_kept_bytes: int = 64 * MIB
    max_files: int = 10_000
    max_adapters: int = 100


class RefusedFilesError(LoracfgError):
    """Files that are refused: the reason, as a word and as a sentence, and what to do."""

    def __init__(self, reason: Reason, message: str, help: str) -> None:  # noqa: A002
        super().__init__(message, help)
        self.reason = reason


def broken(why: str, advice: str = "create the archive again") -> RefusedFilesError:
    """Return the error of an archive that cannot be read."""
    return RefusedFilesError("broken", f"the archive cannot be read: {why}", advice)


def too_large(what: str, found: int | None, most: int, unit: str = "bytes") -> RefusedFilesError:
    """Return the error for something that exceeds a limit."""
    has = "has more" if found is None else f"has {found} {unit}, more"
    message = f"{what} {has} than the limit of {most} {unit}"
    return RefusedFilesError("too-large", message, "send less, or raise the limit")
