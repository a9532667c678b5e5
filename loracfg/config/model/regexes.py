"""Regular expressions of a config, compiled as PEFT compiles them."""

from __future__ import annotations

import re
import warnings
from typing import Final

MAX_PATTERN_LENGTH: Final = 20_000

_PLAIN_PATTERN: Final = r"[\w./ -]*"
_MAX_CASELESS_RANGES: Final = 50


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the file, quietly and in less than half a second.

    Raises:
        re.error: if Python's `re` refuses it, also for its length or nesting.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise re.error(f"longer than {MAX_PATTERN_LENGTH} characters")
    ranges = pattern[pattern.find("[") :].count("-") if "[" in pattern else 0
    if ranges > _MAX_CASELESS_RANGES and re.search(r"\(\?[a-zA-Z]*i", pattern):
        # Each range is compared with the case pairs of all Unicode, some milliseconds apiece.
        raise re.error("too many ranges that ignore case")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(pattern)
        except (RecursionError, OverflowError):
            raise re.error("nested too deeply") from None


def is_plain(pattern: str) -> bool:
    """Tell whether a pattern compiles wherever PEFT sets it, having nothing but names in it."""
    return re.fullmatch(_PLAIN_PATTERN, pattern) is not None


def compile_error(template: str, pattern: str) -> str:
    """Return why a pattern does not compile that PEFT sets into a larger one, at `{}`."""
    try:
        compile_pattern(template.format(pattern))
    except re.error as error:
        whole = str(error)
    else:
        return ""
    try:  # its own error counts positions in the pattern, not in PEFT's
        compile_pattern(pattern)
    except re.error as error:
        return str(error)
    return whole.rpartition(" at position ")[0] or whole
