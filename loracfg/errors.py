"""The one exception that loracfg raises at its users."""

from __future__ import annotations


class LoracfgError(Exception):
    """Something could not be done: what happened and where, and what to do about it."""

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002  # same word as in reports
        super().__init__(f"{message}; {help}" if help else message)
        self.message = message
        self.help = help
