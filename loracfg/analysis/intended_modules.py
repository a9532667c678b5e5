"""Find the modules of a plan that tensors are intended for if their names differ in one step."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple

_MOST: Final = 5_000
"""The maximum number of module pairs to compare; more would take seconds."""
_LONGEST: Final = 300
"""The maximum length of a path to compare; comparing takes the square of it."""


class IntendedModule(NamedTuple):
    """The module that tensors are intended for, and their names in the plan."""

    path: str
    names: dict[str, str]


def intended_modules(subject: Subject) -> dict[str, IntendedModule]:
    """Map modules that are not in the base to the modules of the plan that were intended.

    The plan must expect all their tensors with the same shapes, and the file must not have them.
    Each module of the plan is used once. Without a certain base, the result is empty.
    """
    if not subject.certain or not subject.lost_paths:
        return {}
    named: dict[str, list[str]] = {}
    for name, taken in subject.open_names.items():
        if taken.prefix and taken.is_adapter and taken.module in subject.lost_paths:
            named.setdefault(taken.module, []).append(name)
    places: dict[tuple[str, str], list[str]] = {}
    for path in dict.fromkeys(expected.path for expected in subject.missing.values()):
        for place in _places(path):
            places.setdefault(place, []).append(path)
    pairs = [(lost, place) for lost in named for place in _places(lost) if place in places]
    if sum(len(places[place]) for _, place in pairs) > _MOST:
        return {}
    found = [
        (SequenceMatcher(a=lost, b=path).ratio(), lost, IntendedModule(path, new))
        for lost, path in dict.fromkeys((lost, p) for lost, place in pairs for p in places[place])
        if (new := _renamed(subject, named[lost], lost, path)) is not None
    ]
    return _one_by_one(sorted(found, key=lambda one: -one[0]))


def _places(path: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a path before and after each of its steps; nothing of a long path."""
    steps = path.split(".") if len(path) <= _LONGEST else []
    for at in range(len(steps)):
        yield ".".join(steps[:at]), ".".join(steps[at + 1 :])


def _renamed(subject: Subject, names: list[str], old: str, new: str) -> dict[str, str] | None:
    """Map tensor names to those under the new path; None if the plan does not expect them all."""
    found = {name: name.replace(f".{old}.", f".{new}.", 1) for name in names}
    expected = {name: subject.missing.get(other) for name, other in found.items()}
    fit = all(one and one.shape == subject.shape(name) for name, one in expected.items())
    return found if fit else None


def _one_by_one(ranked: list[tuple[float, str, IntendedModule]]) -> dict[str, IntendedModule]:
    """Assign each module its best remaining match, without using a match twice."""
    chosen: dict[str, IntendedModule] = {}
    taken: set[str] = set()
    for _, lost, intended in ranked:
        if lost not in chosen and intended.path not in taken:
            chosen[lost] = intended
            taken.add(intended.path)
    return chosen
