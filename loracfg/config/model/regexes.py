"""Compiles the regular expressions of a config as PEFT does."""

from __future__ import annotations

import re
import warnings
from typing import Final

MAX_PATTERN_LENGTH: Final = 20_000

_PLAIN_PATTERN: Final = r"[\w./ -]*"
_MAX_CASELESS_RANGES: Final = 50


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern from a file without warnings and in less than half a second.

    Raises:
        re.error: if Python's `re` rejects it, or if it is too long or too deeply nested.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise re.error(f"longer than {MAX_PATTERN_LENGTH} characters")
    ranges = pattern[pattern.find("[") :].count("-") if "[" in pattern else 0
    if ranges > _MAX_CASELESS_RANGES and re.search(r"\(\?[a-zA-Z]*i", pattern):
        # Each range is compared with all case pairs of Unicode, which takes milliseconds.
        raise re.error("too many case-insensitive ranges")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(pattern)
        except (RecursionError, OverflowError):
            raise re.error("nested too deeply") from None


def is_plain(pattern: str) -> bool:
    """Return whether a pattern has only names in it, and so compiles in any of PEFT's patterns."""
    return re.fullmatch(_PLAIN_PATTERN, pattern) is not None


def compile_error(template: str, pattern: str) -> str:
    """Return why a pattern does not compile at `{}` in PEFT's larger one, or an empty string."""
    try:
        compile_pattern(template.format(pattern))
    except re.error as error:
        whole = str(error)
    else:
        return ""
    try:  # the error of the pattern alone has the right position
        compile_pattern(pattern)
    except re.error as error:
        return str(error)
    return whole.rpartition(" at position ")[0] or whole
