"""Text in an editor, and the bytes that its file will have."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import Final

from loracfg.config import CONFIG_NAME
from loracfg.named_tuple import NamedTuple

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_REPLACEMENT: Final = "\ufffd"
_LAST_PART: Final = re.compile("[/:]")
_MOST_BYTES: Final = 4
"""The maximum bytes of a character."""


class Buffer(NamedTuple):
    """A version of a text in an editor.

    Attributes:
        uri: what the editor calls the document.
        version: the number of the version; None if the editor does not count.
        text: the text.
        path: the file, which need not exist; None if the document is not one on this machine.
        shows_mark: whether the editor shows a byte order mark in this document, instead of hiding
            it.
    """

    uri: str
    version: int | None
    text: str
    path: Path | None
    shows_mark: bool = False

    @property
    def name(self) -> str:
        """The name of the file, or what stands for it in a URI."""
        return self.path.name if self.path else _LAST_PART.split(self.uri)[-1]

    @property
    def folder(self) -> Path | None:
        """The folder of the file, if it exists."""
        return self.path.parent if self.path and self.path.parent.is_dir() else None

    @property
    def is_adapter(self) -> bool:
        """Whether it is the config of an adapter."""
        return self.name == CONFIG_NAME

    @property
    def data(self) -> bytes:
        """The bytes that the file will have.

        Editors hide byte order marks, and show what they cannot decode with replacements. While a
        text is the one that an editor shows for a file, its bytes are those of the file.
        """
        on_disk = _bytes_at(self.path, len(self.text)) if self.path else None
        if on_disk is not None and self.text in _shown(on_disk, hides_mark=not self.shows_mark):
            return on_disk
        return _SURROGATE.sub(_REPLACEMENT, self.text).encode()


def _bytes_at(path: Path, characters: int) -> bytes | None:
    """Return the bytes of a file if they can be a text of so many characters."""
    most = _MOST_BYTES * (characters + 1)
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except (OSError, ValueError):
        return None
    return data if len(data) <= most else None


def _shown(data: bytes, *, hides_mark: bool) -> tuple[str, ...]:
    """Return what editors show of a file; some recognise UTF-16."""
    as_utf8 = data.decode("utf-8-sig" if hides_mark else "utf-8", errors="replace")
    if not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return (as_utf8,)
    return as_utf8, data.decode("utf-16", errors="replace")
