"""The steps of JSON pointers (RFC 6901)."""

from __future__ import annotations


def escape(key: str) -> str:
    """Return a key as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def unescape(step: str) -> str:
    """Return the key that a step of a JSON pointer names."""
    return step.replace("~1", "/").replace("~0", "~")
