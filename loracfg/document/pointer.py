"""Escape and unescape the steps of JSON pointers (RFC 6901)."""

from __future__ import annotations


def escape(key: str) -> str:
    """Return a key as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def unescape(step: str) -> str:
    """Return the key for a step of a JSON pointer."""
    return step.replace("~1", "/").replace("~0", "~")
