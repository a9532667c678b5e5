"""Lists that are the same list for some configs, since a variable holds one or the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from loracfg.base.derivation.interpreter.expressions import Expression, negate
from loracfg.base.derivation.interpreter.values import GuardedEntry, NotFollowed, Value

Entries = list[Value]


class Twins:
    """Knows which lists change together.

    Where two branches are merged, a variable that holds a list in both gets a list with the
    entries of both. It is one of them where the condition holds and the other elsewhere, and a
    list may have further names.
    """

    def __init__(self) -> None:
        self._twins: dict[int, list[tuple[Expression, Entries]]] = {}
        self._copied: set[int] = set()
        self._kept: list[Entries] = []  # so that no other list gets the identity of one

    def note_merged(
        self, merged: Entries, condition: Expression, yes: Entries, no: Entries
    ) -> None:
        """Note that a list is one of two others, by a condition."""
        opposite = negate(condition)
        assert isinstance(opposite, Expression)
        for under, other in ((condition, yes), (opposite, no)):
            self._twins.setdefault(id(merged), []).append((under, other))
            self._twins.setdefault(id(other), []).append((under, merged))
            self._kept += (merged, other)

    def note_copied(self, value: Value) -> None:
        """Note that an expression has the entries of lists, and would not follow a change."""
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
        """Yield a list that gets other entries, and the lists that are the same, with theirs.

        Args:
            changed: The list.
            entries: Its entries from now on.
            under: The condition under which another list is the same as this.

        Raises:
            NotFollowed: Something else has the entries of one, too.
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
    """Return the entries of a list that is changed where a condition holds."""
    if _is_start(before, after):
        return [*twin, *(GuardedEntry(condition, entry) for entry in after[len(before) :])]
    return merge_entries(condition, after, twin)


def _is_start(first: Entries, whole: Entries) -> bool:
    return len(first) <= len(whole) and all(a is b for a, b in zip(first, whole, strict=False))


def merge_entries(condition: Expression, yes: Entries, no: Entries) -> Entries:
    """Return the entries that two lists begin with, and the others under their conditions."""
    same = 0
    while same < len(yes) and same < len(no) and yes[same] is no[same]:
        same += 1
    opposite = negate(condition)
    return [
        *yes[:same],
        *(GuardedEntry(condition, entry) for entry in yes[same:]),
        *(GuardedEntry(opposite, entry) for entry in no[same:]),
    ]
