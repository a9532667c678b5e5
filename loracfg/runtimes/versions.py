"""Version numbers of engines: lists, comparisons, ranges and patterns."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from loracfg.named_tuple import NamedTuple

NUMBER: Final = r"\d{1,9}"
_OWN: Final = r"(0|[1-9]\d{0,8})"
"""A number in a version, without leading zeros."""
_MORE: Final = rf"(\.{_OWN}){{0,6}}(\.post{_OWN})?"
_ANY: Final = rf"{_OWN}{_MORE}"
_POST: Final = -1
"""Comes before the number of a post-release, so that `1.2.post1` sorts before `1.2.0.1`."""
_BOUND: Final = re.compile(r"(>=|<|==)(\d+(?:\.\d+)*(?:\.post\d+)?)")
_LAST: Final = re.compile(r"(.*\D)(\d+)-(\d+)")
_IN_VERSIONS: Final = re.compile(r"([\w.-]+)([<>=]\S+)?")


class Word(NamedTuple):
    """A word of a set, and the versions of the engine in which it belongs to the set."""

    text: str
    versions: str = ""


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text, each with its versions: `AquilaModel<0.25`."""
    for entry in text.split():
        match = _IN_VERSIONS.fullmatch(entry)
        if match is None:
            raise ValueError(f"`{entry}` is not a name with versions")
        yield Word(match[1], match[2] or "")


def is_in(version: str, ranges: str) -> bool:
    """Return whether a version is in all ranges, such as `>=0.12,<0.32`; true without ranges."""
    own = parts(version)
    tests = {"<": own.__lt__, ">=": own.__ge__, "==": own.__eq__}
    return all(tests[sign](parts(bound)) for sign, bound in _BOUND.findall(ranges))


def parts(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, without trailing zeros."""
    release, _, post = version.partition(".post")
    found = [int(part) for part in release.split(".")]
    while len(found) > 1 and not found[-1]:
        found.pop()
    return (*found, _POST, int(post)) if post else tuple(found)


def listed(text: str) -> Iterator[str]:
    """Yield the versions in a text, in which `0.8.0-2` means `0.8.0 0.8.1 0.8.2`."""
    for word in text.split():
        if match := _LAST.fullmatch(word):
            numbers = range(int(match[2]), int(match[3]) + 1)
            yield from (f"{match[1]}{number}" for number in numbers)
        else:
            yield word


def is_of(release: str, version: str) -> bool:
    """Return whether a version is a release or its series, such as `0.33` for `0.33.0`."""
    return release == version or release.startswith(f"{version}.")


def newest_of(releases: Iterable[str]) -> str:
    """Return the newest of some versions."""
    return max(releases, key=parts)


def nearest(version: str, releases: Sequence[str]) -> tuple[str, ...]:
    """Return the releases before and after a version."""
    ordered = sorted(releases, key=parts)
    place = bisect([parts(one) for one in ordered], parts(version))
    return tuple(ordered[max(place - 1, 0) : place + 1])


def pattern_of(releases: Sequence[str]) -> str:
    """Return a pattern for the releases, their series and all newer versions.

    Without releases, it matches any version.
    """
    if not releases:
        return f"({_ANY})"
    newest, _, post = newest_of(releases).partition(".post")
    numbers = newest.split(".")
    newer = [
        f"{re.escape('.'.join([*numbers[:place], '']))}({_above(int(number))}){_MORE}"
        for place, number in enumerate(numbers)
    ]
    later = f"({_above(int(post))})" if post else _OWN
    after = f"{re.escape(newest)}(\\.post{later}|\\.[1-9]\\d{{0,8}})"
    known = _tree([release.split(".") for release in releases])
    return f"({'|'.join([known, *newer, after])})"


def _above(number: int) -> str:
    """Return a pattern for all larger numbers."""
    digits = str(number)
    found = [f"[1-9]\\d{{{len(digits)},8}}"]
    for place, digit in enumerate(digits):
        if digit != "9":
            rest = len(digits) - place - 1
            found.append(f"{digits[:place]}[{int(digit) + 1}-9]\\d{{{rest}}}")
    return "|".join(found)


def _tree(names: Iterable[Sequence[str]]) -> str:
    """Return a pattern for names split into steps, which may end after any step."""
    rest: dict[str, list[Sequence[str]]] = {}
    for first, *others in names:
        rest.setdefault(first, []).extend([others] if others else [])
    return "|".join(
        f"{first}(\\.({_tree(below)}))?" if below else first for first, below in rest.items()
    )
