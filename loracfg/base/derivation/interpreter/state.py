"""The state of an interpretation: changes that can be undone, and requirements."""

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
"""The maximum number of evaluated expressions and statements for one class."""
WHOLE: Final = "[]"
"""The key of a list in a journal, which records whole lists."""


class InterpreterState:
    """The state of an interpretation.

    Attributes:
        package: The name of the package with the interpreted classes.
        checks: What must hold, in the order of the constructor.
        overlay: Attributes of configs that the constructor changed.
        loop_depth: The number of enclosing loops and comprehensions with symbolic counts.
        branch_depth: The number of enclosing branches.
        open_loops: The number of enclosing loops that can still be run in a different way.
        unreliable: Attributes that were set on modules with computed names.
        filled: Globals that functions set.
        twins: Lists that change together.
        settled: Places that a loop sets to their final values.
        reasons: Why regions were not followed, with counts.
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
        self.filled: set[str] = set()
        self.settled: set[tuple[int, Any]] = set()
        self.twins = Twins()
        self._required: set[Check] = set()
        self._owners: dict[int, tuple[Value, Instance]] = {}
        self._serial = 0
        self._copies = 0

    @contextmanager
    def at_depth(self, index: int) -> Iterator[None]:
        """Give the next loop the index of an earlier loop, whose modules it visits.

        Raises:
            NotFollowed: An enclosing loop has the index.
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
        """Record that a dict or list is new; return it."""
        if self.journals:
            self.journals[-1].made[id(container)] = container
        return container

    def note_owner(self, instance: Instance) -> None:
        """Record the owner of the containers of a new object."""
        containers = (instance.attributes, instance.registered, instance.special)
        for container in (*containers, instance.children, instance.child_names):
            if container is not None:
                self._owners[id(container)] = (container, instance)
                self.note_made(container)

    def instances(self) -> list[Instance]:
        """Return all created objects once, in the order of their creation."""
        found = {instance.serial: instance for _, instance in self._owners.values()}
        return [found[serial] for serial in sorted(found)]

    def is_of_turn(self, container: Value, loop: Expression) -> bool:
        """Return whether a container belongs to an object that each turn of a loop creates.

        Args:
            container: The container.
            loop: The loop, within the enclosing ones.
        """
        held = self._owners.get(id(container))
        if held is None or held[0] is not container:
            return False
        loops, outer = held[1].loops, self.path.loops()
        return loops[: len(outer) + 1] == (*outer, loop)

    def put(self, container: dict[K, Value], key: K, value: Value) -> None:
        """Set a key of a dict, or delete it if the value is `MISSING`."""
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
            NotFollowed: Something else has its entries.
        """
        for changed, own in list(self.twins.changes(container, entries)):
            self.put_list(changed, own)

    def begin_journal(self) -> None:
        """Start to record changes, so they can be undone."""
        self.journals.append(Journal())

    def end_journal(self) -> dict[tuple[int, object], Change]:
        """Undo the changes since `begin_journal`; return them, with the values that were set."""
        journal = self.journals.pop()
        undone = journal.undo()
        if self.journals:
            self.journals[-1].made.update(journal.made)
        return undone

    def keep_journal(self) -> None:
        """End the current journal, and move its changes to the enclosing one."""
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
        """Repeat changes that were undone."""
        for container, key, value in changes.values():
            if isinstance(container, list):
                self.put_list(container, value)
            else:
                self.put(container, key, value)

    def next_serial(self) -> int:
        """Return a number for a new object."""
        self._serial += 1
        return self._serial

    def next_copy(self) -> int:
        """Return a number for the copy of a config."""
        self._copies += 1
        return self._copies

    def require(self, requirement: Operand) -> None:
        """Record a requirement at the current place."""
        if requirement is True:
            return
        guards = self.path.guards()
        if any((guards[:n], requirement) in self._required for n in range(len(guards) + 1)):
            return
        self._required.add((guards, requirement))
        self.checks.append((guards, requirement))

    def forget_checks(self, length: int) -> None:
        """Drop all checks after the first `length`."""
        for check in self.checks[length:]:
            self._required.discard(check)
        del self.checks[length:]

    def evaluable(self, operand: Operand) -> Value:
        """Return the value of an expression, and require that evaluating it does not raise."""
        if isinstance(operand, Expression):
            self.require(expression("ok", operand))
        return as_value(operand)

    def assume(self, condition: Operand) -> None:
        """Record that a condition is required from here on in this scope."""
        if isinstance(condition, Expression) and condition not in self.path:
            self.path.add(condition, is_required=True)
