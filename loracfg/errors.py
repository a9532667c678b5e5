"""The exception that loracfg raises for errors that users can fix."""

from __future__ import annotations


class LoracfgError(Exception):
    """An error for the user: `message` says what happened and where, `help` what to do."""

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002  # same word as in reports
        super().__init__(f"{message}; {help}" if help else message)
        self.message = message
        self.help = help
