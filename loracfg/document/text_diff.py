"""Unified diffs of two texts, for `patch -p0` and `git apply -p0`."""

from __future__ import annotations

import difflib
import os
import re
from typing import Final

# Only line feeds end lines, as in git; `splitlines` would also split at U+2028 inside a string.
_LINE: Final = re.compile(r".*\n|.+")


def unified_diff(before: str, after: str, name: str) -> str:
    """Return the diff between two texts of a file; `""` if they are the same.

    `patch` only accepts a `name` that is relative and does not lead to a parent folder.
    """
    header = _header(name)
    lines = difflib.unified_diff(_LINE.findall(before), _LINE.findall(after), header, header)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _header(name: str) -> str:
    """Write a name like git: with a tab after a name with spaces, or quoted and escaped."""
    if name.isprintable() and not {'"', "\\"} & set(name):
        return f"{name}\t" if " " in name else name
    plain = {*range(0x20, 0x7F)} - {*b'"\\'}
    escaped = (chr(byte) if byte in plain else f"\\{byte:03o}" for byte in os.fsencode(name))
    return f'"{"".join(escaped)}"'
