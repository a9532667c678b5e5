"""The license in an adapter's model card, the front matter of its `README.md`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from loracfg.adapter.directory import Adapter

CARD: Final = "README.md"
_MAX_BYTES: Final = 65_536
_MATTER: Final = r"(?s)\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)"
_KEY: Final = r"(?m)^{key}[ \t]*:[ \t]*(.*)((?:\n[ \t]*-[ \t]+.*)*)$"
_COMMENT: Final = r"(?:^|[ \t]+)#.*$"
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
        OSError: the card cannot be read.
    """
    if adapter.source is None:
        raise FileNotFoundError(CARD)
    with adapter.source.open(CARD) as stream:
        text = stream.read(_MAX_BYTES).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    matter = re.match(_MATTER, text)
    if matter is None:
        return ()
    found = _values(matter[1], "license")
    return _values(matter[1], "license_name") or found if found == (_OTHER,) else found


def _values(matter: str, key: str) -> tuple[str, ...]:
    """Return the texts of a key at the top of YAML: one, or those of a list."""
    found = re.search(_KEY.format(key=key), matter)
    if found is None:
        return ()
    first = re.sub(_COMMENT, "", found[1]).strip()
    if first.startswith("[") and first.endswith("]"):
        items = first[1:-1].split(",")
    else:
        below = [line.strip().removeprefix("-") for line in found[2].splitlines()[1:]]
        items = [first] if first else [re.sub(_COMMENT, "", line) for line in below]
    plain = (item.strip().strip("\"'").lower() for item in items)
    return tuple(one for one in plain if one)
