"""Names with the versions that have them, as the facts of engines hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

Found = Mapping[str, frozenset[str]]
"""What one release says: classes by the set that they are in."""


_DRAFT: Final = re.compile(r".*(MTP|NextN|[Ee]agle|DFlash|DSpark|Draft|Speculator)")


def packed(found: Mapping[str, Found]) -> dict[str, list[str]]:
    """Return the names of each set with the versions that have them: `AquilaModel<0.25`.

    Models that only draft for others are left out: nobody trains adapters of them.

    Args:
        found: what each release says, oldest first; each stands for those up to the next one.
    """
    sets = sorted({key for one in found.values() for key in one})
    return {key: list(_entries(key, found)) for key in sets}


def _entries(key: str, found: Mapping[str, Found]) -> Iterator[str]:
    versions = list(found)
    for name in sorted({name for one in found.values() for name in one.get(key, ())}):
        if _DRAFT.match(name):
            continue
        has = [name in found[version].get(key, ()) for version in versions]
        yield from (f"{name}{span}" for span in _spans(has, versions))


def _spans(has: Sequence[bool], versions: Sequence[str]) -> Iterator[str]:
    """Yield ranges of the versions that have something."""
    start = None
    for number, (one, version) in enumerate(zip(has, versions, strict=True)):
        if one and start is None:
            start = number
        if start is not None and not one:
            first = f">={_short(versions[start])}," if start else ""
            yield f"{first}<{_short(version)}"
            start = None
    if start is not None:
        yield f">={_short(versions[start])}" if start else ""


def _short(version: str) -> str:
    while version.count(".") > 1 and version.endswith(".0"):
        version = version.removesuffix(".0")
    return version
