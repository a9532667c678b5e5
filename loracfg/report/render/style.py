"""ANSI styling by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Paint = Callable[[str, str], str]
"""A function that takes a role and a text and returns the text in the style of the role."""

_CODES: Final = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "valid": "1;32",
    "invalid": "1;31",
    "undetermined": "1;33",
    "title": "1",
    "frame": "34",
}


def painter(color: bool) -> Paint:
    """Return a function that styles a text, or returns it unchanged without `color`."""
    return _styled if color else _plain


def _styled(role: str, text: str) -> str:
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m"


def _plain(_role: str, text: str) -> str:
    return text
