"""HTML in which everything that comes from a file is text."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Final, NewType

from loracfg.report.render.words import visible

Markup = NewType("Markup", str)
"""Text that may be put into a page unchanged: only `tag` and `text` make it."""

NOTHING: Final = Markup("")
_VOID: Final = frozenset({"input", "meta"})


def text(value: str) -> Markup:
    """Return text as markup; characters that do not print are escaped."""
    return Markup(html.escape(visible(value)))


def tag(element: str, /, *children: Markup, **attributes: str) -> Markup:
    """Return an element; a `_` at the end of an attribute's name is dropped, others become `-`."""
    shown = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
    )
    start = f"<{element}{shown}>"
    return Markup(start if element in _VOID else f"{start}{''.join(children)}</{element}>")


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """Join pieces of markup."""
    return Markup(text(between).join(parts))


def prose(message: str) -> Markup:
    """Return a message as text and, where it has backticks, `code`."""
    pieces = message.split("`")
    if len(pieces) % 2 == 0:  # an unpaired backtick
        return text(message)
    return joined(
        tag("code", text(piece)) if at % 2 else text(piece) for at, piece in enumerate(pieces)
    )
