"""Which modules of a plan are meant by tensors whose names differ from theirs in one step."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from loracfg.analysis.subject import Subject

_MOST: Final = 5_000
"""The most pairs of modules that are compared; more would take seconds."""


class IntendedModule(NamedTuple):
    """Tensors for a module that the base lacks, and the names that they have in the plan."""

    path: str
    names: dict[str, str]


def intended_modules(subject: Subject) -> dict[str, IntendedModule]:
    """Return what modules that the base lacks stand for, each for another module of the plan.

    The plan expects all their tensors there, of the same shapes, and the file has none of them.
    Without a base that is certain, nothing is known.
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
    """Yield what stands before and behind each step of a path."""
    steps = path.split(".")
    for at in range(len(steps)):
        yield ".".join(steps[:at]), ".".join(steps[at + 1 :])


def _renamed(subject: Subject, names: list[str], old: str, new: str) -> dict[str, str] | None:
    """Return tensors with the names that they would have, None if one is not expected there."""
    found = {name: name.replace(f".{old}.", f".{new}.", 1) for name in names}
    expected = {name: subject.missing.get(other) for name, other in found.items()}
    fit = all(one and one.shape == subject.shape(name) for name, one in expected.items())
    return found if fit else None


def _one_by_one(ranked: list[tuple[float, str, IntendedModule]]) -> dict[str, IntendedModule]:
    """Return the first choice for each module, of those that are left."""
    chosen: dict[str, IntendedModule] = {}
    taken: set[str] = set()
    for _, lost, meant in ranked:
        if lost not in chosen and meant.path not in taken:
            chosen[lost] = meant
            taken.add(meant.path)
    return chosen
