"""The difference of two texts in the unified format, for `patch -p0` and `git apply -p0`."""

from __future__ import annotations

import difflib
import os
import re
from typing import Final

# Line feeds alone end lines, as for git; `splitlines` would also cut at U+2028 inside a string.
_LINE: Final = re.compile(r".*\n|.+")


def unified_diff(before: str, after: str, name: str) -> str:
    """Return what turns the text of a file into another; `""` if they are the same.

    `patch` takes a `name` only if it is relative and leads to no folder above.
    """
    header = _header(name)
    lines = difflib.unified_diff(_LINE.findall(before), _LINE.findall(after), header, header)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _header(name: str) -> str:
    """Write a name as git does: a tab after one with spaces, odd characters escaped in quotes."""
    if name.isprintable() and not {'"', "\\"} & set(name):
        return f"{name}\t" if " " in name else name
    plain = {*range(0x20, 0x7F)} - {*b'"\\'}
    escaped = (chr(byte) if byte in plain else f"\\{byte:03o}" for byte in os.fsencode(name))
    return f'"{"".join(escaped)}"'
