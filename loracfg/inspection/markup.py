"""HTML in which nothing that comes from a file can be anything but text."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Final, NewType

from loracfg.report.render.words import visible

Markup = NewType("Markup", str)
"""Text that may stand in a page as it is: `tag` and `text` alone make it."""

NOTHING: Final = Markup("")
_VOID: Final = frozenset({"input", "meta"})


def text(value: str) -> Markup:
    """Return text as markup; what does not print is written as an escape."""
    return Markup(html.escape(visible(value)))


def tag(element: str, /, *children: Markup, **attributes: str) -> Markup:
    """Return an element; a `_` at the end of an attribute's name falls off, others are `-`."""
    shown = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
    )
    start = f"<{element}{shown}>"
    return Markup(start if element in _VOID else f"{start}{''.join(children)}</{element}>")


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """Return pieces of markup one after the other."""
    return Markup(text(between).join(parts))


def prose(message: str) -> Markup:
    """Return a message as text and, where it has backticks, `code`."""
    pieces = message.split("`")
    if len(pieces) % 2 == 0:  # a backtick without its other
        return text(message)
    return joined(
        tag("code", text(piece)) if at % 2 else text(piece) for at, piece in enumerate(pieces)
    )
