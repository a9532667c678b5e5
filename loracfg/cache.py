"""A bounded memory of results, for work that many adapters of one kind would repeat."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

V = TypeVar("V")

_SEEN: Final = 8
"""Keys that are known to have been seen, for each result that is kept."""


class Cache(Generic[V]):
    """The results that were used last, up to a number of them, by what they were made of.

    A key must hold all that the result depends on, and nobody may change a result. A result is kept
    when its key is seen for the second time: one that never recurs would push out what does.
    """

    def __init__(self, size: int) -> None:
        """Keep up to `size` results."""
        self._size = size
        self._results: OrderedDict[Hashable, V] = OrderedDict()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> V | None:
        """Return the result for a key, None if it is not kept."""
        with self._lock:
            found = self._results.get(key)
            if found is not None:
                self._results.move_to_end(key)
            return found

    def add(self, key: Hashable, result: V) -> V:
        """Keep a result if its key was seen before, and return it."""
        seen = hash(key)
        with self._lock:
            if seen in self._seen:
                self._results[key] = result
                if len(self._results) > self._size:
                    self._results.popitem(last=False)
            self._seen[seen] = None
            if len(self._seen) > _SEEN * self._size:
                self._seen.popitem(last=False)
        return result

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the result for a key, made if it is not kept."""
        found = self.find(key)
        return self.add(key, make()) if found is None else found
