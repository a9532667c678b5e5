"""A bounded memory of results, for work that many adapters of one kind would repeat."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Final, Generic, TypeVar

V = TypeVar("V")

_MET: Final = 8
"""Keys that are known to have been met, for each result that is kept."""


_MODE: Final = local()


class NotKeptError(Exception):
    """Something would have to be made that is not kept."""


@contextmanager
def only_kept() -> Iterator[None]:
    """Have everything in this thread that takes long, unless it is kept, raise `NotKeptError`."""
    _MODE.is_strict = True
    try:
        yield
    finally:
        _MODE.is_strict = False


def begin_making() -> None:
    """Say that something is about to be made that takes long.

    Raises:
        NotKeptError: inside `only_kept`.
    """
    if getattr(_MODE, "is_strict", False):
        raise NotKeptError


class Kept(Generic[V]):
    """The results that were used last, up to a number of them, by what they were made of.

    A key must hold all that the result depends on, and nobody may change a result. What is met for
    the first time is not kept: it would push out what recurs.
    """

    def __init__(self, most: int) -> None:
        """Keep this many results at most."""
        self._most = most
        self._results: OrderedDict[Hashable, V] = OrderedDict()
        self._met: OrderedDict[int, None] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> V | None:
        """Return the result for a key, None if it is not kept."""
        with self._lock:
            found = self._results.get(key)
            if found is not None:
                self._results.move_to_end(key)
            return found

    def add(self, key: Hashable, result: V) -> V:
        """Keep a result if its key was met before, and return it."""
        met = hash(key)
        with self._lock:
            if met in self._met:
                self._results[key] = result
                if len(self._results) > self._most:
                    self._results.popitem(last=False)
            self._met[met] = None
            if len(self._met) > _MET * self._most:
                self._met.popitem(last=False)
        return result

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the result for a key, made if it is not kept."""
        found = self.find(key)
        if found is None:
            begin_making()
            return self.add(key, make())
        return found
