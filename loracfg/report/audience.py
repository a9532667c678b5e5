"""Who reads advice: people at a command line, or people who only have a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_HAS_COMMANDS: Final = ContextVar("has_commands", default=True)


@contextmanager
def without_commands() -> Iterator[None]:
    """Give advice in this context that needs no command line."""
    token = _HAS_COMMANDS.set(False)
    try:
        yield
    finally:
        _HAS_COMMANDS.reset(token)


def advice_for_all(with_commands: str, on_a_page: str) -> str:
    """Return the wording for whoever reads it."""
    return with_commands if _HAS_COMMANDS.get() else on_a_page
