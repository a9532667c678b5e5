"""The exception that loracfg raises for errors that users can fix."""

from __future__ import annotations

from loracfg.urls import redacted


class LoracfgError(Exception):
    """An error for the user: `message` says what happened and where, `help` what to do.

    Neither has the secrets of URLs.
    """

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002  # same word as in reports
        self.message, self.help = redacted(message), redacted(help)
        super().__init__(f"{self.message}; {self.help}" if help else self.message)
