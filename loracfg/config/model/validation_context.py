"""Keys of pydantic's context that change how a config is validated."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationInfo

FIELDS_ONLY: Final[dict[str, Any]] = {"fields_only": True}
"""Skips constraints between fields and raises pydantic's own errors, which the caller reads."""

PATTERNS_UNTIL: Final = "patterns_until"
"""Key of the `time.thread_time()` after which no more patterns are compiled."""


def is_partial(info: ValidationInfo) -> bool:
    """Return whether the caller checks constraints between fields and rewrites errors itself."""
    return bool(info.context and FIELDS_ONLY.items() <= info.context.items())
