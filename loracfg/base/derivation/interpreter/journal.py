"""Records the changes of a branch or a turn of a loop, to undo them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from loracfg.base.derivation.interpreter.expressions import (
    PLAIN_TYPES,
)
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    Symbol,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


Change: TypeAlias = tuple[Any, Any, Any]
"""A dict or list, its key (for a list, the whole list), and the value."""
Place = tuple[int, Any]
"""A container and its key."""


class Journal:
    """The changes of a branch, and the containers that it created.

    Attributes:
        changes: The container, key and earlier value of each change, oldest first.
        made: Containers that are newer than the journal: their changes need not be undone.
        orders: Dicts that a key was deleted from, with the earlier order of their keys.
    """

    __slots__ = ("changes", "made", "orders")

    def __init__(self) -> None:
        self.changes: dict[tuple[int, Any], Change] = {}
        self.made: dict[int, Value] = {}
        self.orders: dict[int, tuple[dict[Any, Value], list[Any]]] = {}

    def undo(self) -> dict[tuple[int, object], Change]:
        """Undo all changes; return them with the values that they set."""
        undone: list[tuple[tuple[int, Any], Change]] = []
        for place, (container, key, before) in reversed(self.changes.items()):
            if isinstance(container, list):
                undone.append((place, (container, key, list(container))))
                container[:] = before
            else:
                undone.append((place, (container, key, container.get(key, MISSING))))
                if before is MISSING:
                    container.pop(key, None)
                else:
                    container[key] = before
        for container, order in self.orders.values():
            held = dict(container)
            container.clear()
            container.update({key: held[key] for key in order if key in held})
            container.update(held)
        return dict(reversed(undone))


def is_unchanged(container: Mapping[str, Value], key: str, value: Value) -> bool:
    """Return whether a key of a dict already has a value."""
    held = container.get(key, MISSING)
    if held is value or (isinstance(value, Symbol) and held == value):
        return True
    return isinstance(value, PLAIN_TYPES) and type(held) is type(value) and held == value
