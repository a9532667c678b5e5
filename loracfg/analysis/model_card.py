"""The license in an adapter's model card, the front matter of its `README.md`."""

from __future__ import annotations

import os
import re
from errno import EFBIG
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from loracfg.adapter.directory import Adapter

CARD: Final = "README.md"
_MAX_BYTES: Final = 65_536
_BEGIN: Final = r"\A\s*---[ \t]*\n"
_MATTER: Final = rf"(?s){_BEGIN}(.*?\n)---[ \t]*(?:\n|\Z)"
_KEY: Final = r"""(?m)^["']?{key}["']?[ \t]*:(.*(?:\n(?:[ \t].*|-[ \t].*))*)$"""
_BLOCK: Final = r"[|>][+-]?"
"""What stands for the lines below it."""
_NULL: Final = ("", "~", "null")
_COMMENT: Final = r"(?:^|[ \t])#.*$"
_OTHER: Final = "other"
"""The license of cards that name it in `license_name`."""


def has_card(adapter: Adapter) -> bool:
    """Tell whether an adapter has a model card."""
    return CARD in adapter.files


def can_read_card(adapter: Adapter) -> bool:
    """Tell whether the model card can be read, if there is one."""
    if not has_card(adapter):
        return True
    try:
        licenses_of(adapter)
    except OSError:
        return False
    return True


def licenses_of(adapter: Adapter) -> tuple[str, ...]:
    """Return the licenses in the model card, in lower case; none if it names none.

    Raises:
        OSError: the card cannot be read, or may name them after what is read of it.
    """
    if adapter.source is None:
        raise FileNotFoundError(CARD)
    with adapter.source.open(CARD) as stream:
        data = stream.read(_MAX_BYTES)
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if matter := re.match(_MATTER, text):
        return _licenses(matter[1])
    begin = re.match(_BEGIN, text)
    if begin is None or len(data) < _MAX_BYTES:
        return ()
    found = _licenses(text[begin.end() :].rpartition("\n")[0])
    if not found or found == (_OTHER,):
        raise OSError(EFBIG, os.strerror(EFBIG), CARD)
    return found


def _licenses(matter: str) -> tuple[str, ...]:
    found = _values(matter, "license")
    return _values(matter, "license_name") or found if found == (_OTHER,) else found


def _values(matter: str, key: str) -> tuple[str, ...]:
    """Return the texts of a key at the top of YAML: one, or those of a list."""
    found = re.findall(_KEY.format(key=key), matter)
    if not found:
        return ()
    first, *below = (re.sub(_COMMENT, "", line).strip() for line in found[-1].split("\n"))
    if first.startswith("["):
        items = " ".join([first, *below]).removeprefix("[").partition("]")[0].split(",")
    elif first and not re.fullmatch(_BLOCK, first):
        items = [first]
    elif below and below[0].startswith("-"):
        items = [line.removeprefix("-") for line in below]
    else:
        items = [" ".join(below)]
    plain = (item.strip().strip("\"'").lower() for item in items)
    return tuple(one for one in plain if one not in _NULL)
