"""What a caller may ask of the validation of a config: keys of pydantic's context."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationInfo

FIELDS_ONLY: Final[dict[str, Any]] = {"fields_only": True}
"""Leaves constraints between fields to the caller. Errors are then pydantic's, for it to read."""

PATTERNS_UNTIL: Final = "patterns_until"
"""Key of the `time.thread_time()` after which no pattern is compiled."""


def is_partial(info: ValidationInfo) -> bool:
    """Tell whether the context leaves constraints between fields to the caller, and errors too."""
    return bool(info.context and FIELDS_ONLY.items() <= info.context.items())
