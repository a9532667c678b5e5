"""The releases of PEFT: their order, names and ranges."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from loracfg.document.display import printable
from loracfg.errors import LoracfgError

_SHOWN: Final = 80
"""The characters of an unknown release that a message shows."""
RELEASES: Final = (
    "0.0.1",
    "0.0.2",
    "0.1.0",
    "0.2.0",
    "0.3.0",
    "0.4.0",
    "0.5.0",
    "0.6.0",
    "0.6.1",
    "0.6.2",
    "0.7.0",
    "0.7.1",
    "0.8.0",
    "0.8.1",
    "0.8.2",
    "0.9.0",
    "0.10.0",
    "0.11.0",
    "0.11.1",
    "0.12.0",
    "0.13.0",
    "0.13.1",
    "0.13.2",
    "0.14.0",
    "0.15.0",
    "0.15.1",
    "0.15.2",
    "0.16.0",
    "0.17.0",
    "0.17.1",
    "0.18.0",
    "0.18.1",
    "0.19.0",
    "0.19.1",
    "0.20.0",
    "0.21.0",
    "0.21.1",
    "0.21.2",
)
"""Every release, oldest first."""

PEFT_RELEASE: Final = RELEASES[-1]
"""The release that `LoraConfig` describes."""

FIRST_TO_SAVE: Final = "0.1.0"
"""The first release that could write and read an adapter directory."""

_ORDER: Final = {release: index for index, release in enumerate(RELEASES)}
_PARTS: Final = tuple(tuple(map(int, release.split("."))) for release in RELEASES)
_NUMBERS: Final = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")


def at_least(release: str, since: str) -> bool:
    """Return whether a release is not older than another."""
    return _ORDER[release] >= _ORDER[since]


def between(since: str, before: str | None = None) -> tuple[str, ...]:
    """Return the releases from `since` up to, but not including, `before`."""
    return RELEASES[_ORDER[since] : _ORDER[before] if before else None]


def find_release(text: str) -> str:
    """Return the release for `0.12.0`, or the last release of a series for `0.12`.

    Raises:
        LoracfgError: if there is no such release.
    """
    match = _NUMBERS.fullmatch(text.strip())
    if match:
        major, minor, patch = match.groups()
        series = [r for r in RELEASES if r.startswith(f"{int(major)}.{int(minor)}.")]
        if patch is None and series:
            return series[-1]
        exact = f"{int(major)}.{int(minor)}.{int(patch or 0)}"
        if exact in series:
            return exact
    raise LoracfgError(
        f"`{printable(text, _SHOWN)}` is not a known release of PEFT",
        f"use one from `{RELEASES[0]}` to `{PEFT_RELEASE}`; `loracfg schema --list` lists them",
    )


def loading_release(text: str) -> str:
    """Return the release for a text like `find_release`, if it can load adapters.

    Raises:
        LoracfgError: if there is no such release, or it cannot load adapters.
    """
    release = find_release(text)
    if not at_least(release, FIRST_TO_SAVE):
        raise LoracfgError(
            f"PEFT {release} cannot load adapters", f"use `{FIRST_TO_SAVE}` or a newer release"
        )
    return release


def release_of_version(version: str) -> str | None:
    """Return the newest release that is not newer than a version; None if it is not a version.

    A development build counts as the release that follows it: `0.19.0.dev0@abc` is `0.19.0`.
    """
    match = _NUMBERS.match(version)
    if match is None:
        return None
    wanted = tuple(int(part or 0) for part in match.groups())
    older = bisect_right(_PARTS, wanted)
    return RELEASES[older - 1] if older else None


def specifier(releases: Iterable[str]) -> str:
    """Return releases as ranges, such as `>=0.1,<0.6 or >=0.14`; `none` without any.

    Releases that could not save adapters are ignored.
    """
    return _specifier(frozenset(releases))


@lru_cache(256)
def _specifier(releases: frozenset[str]) -> str:
    chosen = {_ORDER[release] for release in releases}
    first, last = _ORDER[FIRST_TO_SAVE], len(RELEASES) - 1
    ranges = []
    start = None
    for index in range(first, last + 2):
        if index in chosen and start is None:
            start = index
        elif index not in chosen and start is not None:
            ranges.append(_range(start, index))
            start = None
    return " or ".join(ranges) or "none"


def _range(start: int, end: int) -> str:
    """Return the range from the release at `start` up to, but not including, `end`."""
    lower = f">={_short(start)}"
    if end > len(RELEASES) - 1:
        return lower
    if end == start + 1 and _short(end).count(".") == 2:
        return f"=={RELEASES[start]}"
    return f"{lower},<{_short(end)}"


def _short(index: int) -> str:
    """Return `0.12` for the first release of a series, else the full version."""
    release = RELEASES[index]
    series = release.rpartition(".")[0]
    return series if not RELEASES[index - 1].startswith(f"{series}.") else release
