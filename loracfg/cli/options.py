"""What options of several commands have in common."""

from __future__ import annotations


def split_codes(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the rule codes or names of all `--select` or `--ignore` options, one by one."""
    return tuple(code.strip() for entry in given for code in entry.split(",") if code.strip())
