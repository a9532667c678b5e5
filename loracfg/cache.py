"""A bounded cache, for work that would be repeated for similar adapters."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, Generic, TypeVar

V = TypeVar("V")

_SEEN: Final = 8
"""How many seen keys to remember per result that is kept."""


class Cache(Generic[V]):
    """An LRU cache of results.

    A key must include everything that the result depends on, and results must not be changed. A
    result is kept when its key is seen for the second time; otherwise, results that are never used
    again would evict those that are.
    """

    def __init__(
        self, size: int, most: int = sys.maxsize, weigh: Callable[[Any], int] = lambda key: 0
    ) -> None:
        """Keep up to `size` results.

        Args:
            size: how many results to keep.
            most: how many bytes the keys may have together, since results grow with them.
            weigh: returns the bytes of a key.
        """
        self._size, self._most, self._weigh = size, most, weigh
        self._bytes = 0
        self._results: OrderedDict[Hashable, V] = OrderedDict()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> V | None:
        """Return the result for a key; None if it is not in the cache."""
        with self._lock:
            found = self._results.get(key)
            if found is not None:
                self._results.move_to_end(key)
            return found

    def add(self, key: Hashable, result: V) -> V:
        """Keep a result if its key was seen before, and return the result."""
        seen = hash(key)
        with self._lock:
            if seen in self._seen:
                self._keep(key, result)
            self._seen[seen] = None
            if len(self._seen) > _SEEN * self._size:
                self._seen.popitem(last=False)
        return result

    def keep(self, key: Hashable, result: V) -> None:
        """Keep a result whose key the caller has seen before."""
        with self._lock:
            self._keep(key, result)

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the result for a key, calling `make` if it is not in the cache."""
        found = self.find(key)
        return self.add(key, make()) if found is None else found

    def _keep(self, key: Hashable, result: V) -> None:
        if key not in self._results:
            self._bytes += self._weigh(key)
        self._results[key] = result
        while len(self._results) > self._size or self._bytes > self._most:
            oldest, _ = self._results.popitem(last=False)
            self._bytes -= self._weigh(oldest)
