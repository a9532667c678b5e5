"""The state of an interpretation: changes that can be undone, and what has to hold."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from loracfg.base.derivation.interpreter.conversion import (
    as_value,
)
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
)
from loracfg.base.derivation.interpreter.journal import Change, Journal
from loracfg.base.derivation.interpreter.path import Check, Path
from loracfg.base.derivation.interpreter.twins import Twins
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    Instance,
    NotFollowed,
    Value,
)

K = TypeVar("K")
C = TypeVar("C")

MOST_STEPS: Final = 1_500_000
"""So many expressions and statements of one class are evaluated."""
WHOLE: Final = "[]"
"""The key of a list in a journal, which notes the whole list."""


class InterpreterState:
    """Keeps the state.

    Attributes:
        package: The name of the package with the classes that are followed.
        checks: What has to hold, in the order in which a constructor meets it.
        overlay: Attributes of configs that the constructor changed.
        loop_depth: How many loops and comprehensions with symbolic counts are around.
        branch_depth: How many branches are around.
        open_loops: How many loops are around that can be run in another way.
        unreliable: Attributes that were set on modules whose names are computed.
        twins: Lists that change together.
        settled: Places that a loop sets to what they are after it.
        reasons: Why regions were not followed, with how often.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self.journals: list[Journal] = []
        self.path = Path()
        self.checks: list[Check] = []
        self.overlay: dict[Expression, dict[str, Value]] = {}
        self.reasons: collections.Counter[str] = collections.Counter()
        self.steps = 0
        self.loop_depth = 0
        self.branch_depth = 0
        self.open_loops = 0
        self.unreliable: set[str] = set()
        self.settled: set[tuple[int, Any]] = set()
        self.twins = Twins()
        self._required: set[Check] = set()
        self._owners: dict[int, tuple[Value, Instance]] = {}
        self._serial = 0
        self._copies = 0

    @contextmanager
    def at_depth(self, index: int) -> Iterator[None]:
        """Take a loop for the one with an index, which modules of another loop have.

        Raises:
            NotFollowed: A loop around has the index.
        """
        if index < self.loop_depth:
            raise NotFollowed("modules of another loop")
        depth, self.loop_depth = self.loop_depth, index
        try:
            yield
        finally:
            self.loop_depth = depth

    def count_step(self) -> None:
        """Count a step.

        Raises:
            NotFollowed: There were too many.
        """
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise NotFollowed("too many steps")

    def note_made(self, container: C) -> C:
        """Note that a dict or list is new; return it."""
        if self.journals:
            self.journals[-1].made[id(container)] = container
        return container

    def note_owner(self, instance: Instance) -> None:
        """Note whose the containers of a new object are."""
        containers = (instance.attributes, instance.registered, instance.special)
        for container in (*containers, instance.children, instance.child_names):
            if container is not None:
                self._owners[id(container)] = (container, instance)
                self.note_made(container)

    def instances(self) -> list[Instance]:
        """Return all objects that were made, each once, in their order."""
        found = {instance.serial: instance for _, instance in self._owners.values()}
        return [found[serial] for serial in sorted(found)]

    def is_of_turn(self, container: Value, loop: Expression) -> bool:
        """Return whether a container is of an object that each turn of a loop has for itself.

        Args:
            container: The container.
            loop: The loop, within those that are around.
        """
        held = self._owners.get(id(container))
        if held is None or held[0] is not container:
            return False
        loops, outer = held[1].loops, self.path.loops()
        return loops[: len(outer) + 1] == (*outer, loop)

    def put(self, container: dict[K, Value], key: K, value: Value) -> None:
        """Set a key of a dict, or delete it where the value is `MISSING`."""
        if self.journals and id(container) not in self.journals[-1].made:
            changes = self.journals[-1].changes
            if (id(container), key) not in changes:
                before = container.get(key, MISSING)
                changes[id(container), key] = (container, key, before)
            if value is MISSING and key in container:
                order = (container, list(container))
                self.journals[-1].orders.setdefault(id(container), order)
        if value is MISSING:
            container.pop(key, None)
        else:
            container[key] = value

    def put_list(self, container: list[Value], entries: list[Value]) -> None:
        """Set all entries of a list."""
        if self.journals and id(container) not in self.journals[-1].made:
            changes = self.journals[-1].changes
            if (id(container), WHOLE) not in changes:
                changes[id(container), WHOLE] = (container, WHOLE, list(container))
        container[:] = entries

    def change_list(self, container: list[Value], entries: list[Value]) -> None:
        """Set all entries of a list, and of lists that are the same for some configs.

        Raises:
            NotFollowed: Something else has its entries, too.
        """
        for changed, own in list(self.twins.changes(container, entries)):
            self.put_list(changed, own)

    def begin_journal(self) -> None:
        """Begin to note changes, so that they can be undone."""
        self.journals.append(Journal())

    def end_journal(self) -> dict[tuple[int, object], Change]:
        """Undo the changes since `begin_journal`; return them, with the values that were set."""
        journal = self.journals.pop()
        undone = journal.undo()
        if self.journals:
            self.journals[-1].made.update(journal.made)
        return undone

    def keep_journal(self) -> None:
        """Stop to note changes on their own; they become those of the journal around."""
        journal = self.journals.pop()
        if self.journals:
            around = self.journals[-1]
            for place, change in journal.changes.items():
                if id(change[0]) not in around.made:
                    around.changes.setdefault(place, change)
                    if id(change[0]) in journal.orders:
                        around.orders.setdefault(id(change[0]), journal.orders[id(change[0])])
            around.made.update(journal.made)

    def redo(self, changes: dict[tuple[int, object], Change]) -> None:
        """Make changes that were undone again."""
        for container, key, value in changes.values():
            if isinstance(container, list):
                self.put_list(container, value)
            else:
                self.put(container, key, value)

    def next_serial(self) -> int:
        """Return a number for an object that is made."""
        self._serial += 1
        return self._serial

    def next_copy(self) -> int:
        """Return a number for the copy of a config."""
        self._copies += 1
        return self._copies

    def require(self, requirement: Operand) -> None:
        """Note what has to hold where the interpretation is."""
        if requirement is True:
            return
        guards = self.path.guards()
        if any((guards[:n], requirement) in self._required for n in range(len(guards) + 1)):
            return
        self._required.add((guards, requirement))
        self.checks.append((guards, requirement))

    def forget_checks(self, length: int) -> None:
        """Drop the checks since there were `length` of them."""
        for check in self.checks[length:]:
            self._required.discard(check)
        del self.checks[length:]

    def evaluable(self, operand: Operand) -> Value:
        """Return the value of an expression whose evaluation may raise, and note that."""
        if isinstance(operand, Expression):
            self.require(expression("ok", operand))
        return as_value(operand)

    def assume(self, condition: Operand) -> None:
        """Note that a condition is required from here on, in this scope."""
        if isinstance(condition, Expression) and condition not in self.path:
            self.path.add(condition, is_required=True)
