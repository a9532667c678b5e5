"""What the set-up of an editor consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class UnmergeableError(Exception):
    """An existing settings file cannot be extended safely; the text says why."""


@dataclass(frozen=True)
class EditorFile:
    """A file that an editor reads.

    Attributes:
        path: where it is, relative to the folder that is open.
        text: what is in it if it does not exist; empty if it is then not needed.
        merged: returns the content of an existing file with our settings.
    """

    path: str
    text: str
    merged: Callable[[str], str]

    def with_ours(self, present: str) -> str:
        """Return the content with our settings, unchanged if it has them.

        Raises:
            UnmergeableError: if they have to be added by hand.
        """
        return self.merged(present) if present.strip() else self.text


@dataclass(frozen=True)
class EditorSetup:
    """The files of an editor, and what is left to do by hand.

    Attributes:
        settings: the file with our settings.
        others: files from which our other settings are removed, since both would report the same.
        schema: where a copy of the schema is; None if the set-up has none.
        next_step: what the user does then.
    """

    settings: EditorFile
    others: tuple[EditorFile, ...] = ()
    schema: str | None = None
    next_step: str | None = None
