"""Tracks lists that are the same list for some configs, since branches set a variable to either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from loracfg.base.derivation.interpreter.expressions import Expression, negate
from loracfg.base.derivation.interpreter.values import GuardedEntry, NotFollowed, Value

Entries = list[Value]


class Twins:
    """Lists that change together.

    When two branches are merged, a variable that is a list in both becomes a list with the entries
    of both. It is one of them if the condition holds, and otherwise the other one, and lists may
    have further names.
    """

    def __init__(self) -> None:
        self._twins: dict[int, list[tuple[Expression, Entries]]] = {}
        self._copied: set[int] = set()
        self._kept: list[Entries] = []  # keeps their ids unique

    def note_merged(
        self, merged: Entries, condition: Expression, yes: Entries, no: Entries
    ) -> None:
        """Record that a list is one of two others, depending on a condition."""
        opposite = negate(condition)
        assert isinstance(opposite, Expression)
        for under, other in ((condition, yes), (opposite, no)):
            self._twins.setdefault(id(merged), []).append((under, other))
            self._twins.setdefault(id(other), []).append((under, merged))
            self._kept += (merged, other)

    def note_copied(self, value: Value) -> None:
        """Record that an expression has a copy of the entries, which does not change with them."""
        if type(value) is list:
            self._copied.add(id(value))
            self._kept.append(value)
        entries: Any = value
        if type(value) in (list, tuple):
            for entry in entries:
                self.note_copied(entry)
        elif isinstance(value, dict):
            for entry in value.values():
                self.note_copied(entry)

    def changes(
        self, changed: Entries, entries: Entries, under: Expression | None = None
    ) -> Iterator[tuple[Entries, Entries]]:
        """Yield a changed list and all lists that are the same, with their new entries.

        Args:
            changed: The list.
            entries: Its new entries.
            under: The condition under which a different list is the same.

        Raises:
            NotFollowed: Something else has the entries of one.
        """
        yield from self._changes(changed, entries, under, set())

    def _changes(
        self, changed: Entries, entries: Entries, under: Expression | None, seen: set[int]
    ) -> Iterator[tuple[Entries, Entries]]:
        if id(changed) in self._copied:
            raise NotFollowed("a list that has two names is changed")
        seen.add(id(changed))
        before = list(changed)
        yield changed, entries
        for condition, twin in self._twins.get(id(changed), ()):
            if id(twin) not in seen and (under is None or negate(condition) is not under):
                both = _entries_of_twin(condition, before, entries, twin)
                yield from self._changes(twin, both, condition, seen)


def _entries_of_twin(
    condition: Expression, before: Entries, after: Entries, twin: Entries
) -> Entries:
    """Return the entries of a list that changes if a condition holds."""
    if _is_start(before, after):
        return [*twin, *(GuardedEntry(condition, entry) for entry in after[len(before) :])]
    return merge_entries(condition, after, twin)


def _is_start(first: Entries, whole: Entries) -> bool:
    return len(first) <= len(whole) and all(a is b for a, b in zip(first, whole, strict=False))


def merge_entries(condition: Expression, yes: Entries, no: Entries) -> Entries:
    """Return the common first entries of two lists, then the rest of each under its condition."""
    same = 0
    while same < len(yes) and same < len(no) and yes[same] is no[same]:
        same += 1
    opposite = negate(condition)
    return [
        *yes[:same],
        *(GuardedEntry(condition, entry) for entry in yes[same:]),
        *(GuardedEntry(opposite, entry) for entry in no[same:]),
    ]
