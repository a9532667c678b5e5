"""Evaluates rows for one config."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from loracfg.base.catalogue.evaluation.budget import CONTAINERS, Budget
from loracfg.base.catalogue.evaluation.config import Config, ConfigClasses, copy_value
from loracfg.base.catalogue.evaluation.operations import OPERATIONS, Operation
from loracfg.base.catalogue.evaluation.reading import shown
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.evaluation.rows import Rows
from loracfg.base.catalogue.evaluation.surroundings import InnerModels

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand, Row


_PASSING: Final = frozenset((".", "[]", "i", "acc", "scan", "if", "and", "or", "kw"))
"""Operations whose values exist before; what others make is measured, and bounded, when made."""


class Evaluation:
    """Evaluates rows for a config, each once unless it depends on the turn of a loop.

    Attributes:
        config: the value of the row `["c"]`.
        budget: the remaining budget of the request.
        env: the current turn of each loop, by the loop's number.
        carried: the state that the current turn of each loop gets from earlier ones.
        memo: values by the number of their row.
        models: the models that may be inside this one.
    """

    operations: ClassVar[Mapping[str, Operation]] = OPERATIONS
    """The function of each operation; subclasses may have more."""

    def __init__(
        self, table: Rows, config: Config, budget: Budget, models: InnerModels | None = None
    ) -> None:
        self.table, self.rows = table, table.rows
        self.config = config
        self.models = models
        self.budget: Budget = budget
        self.env: dict[object, int] = {}
        self.carried: dict[object, Any] = {}
        self.memo: dict[int, Any] = {}
        self._epoch = 0  # identifies the current turns of all loops
        self._latest = 0
        self._in_epoch: dict[int, tuple[int, Any]] = {}
        self._scanned: dict[int, tuple[int, Any]] = {}

    @property
    def library(self) -> ConfigClasses:
        """The config classes of the release.

        Raises:
            DeclinedError: if the config does not have them.
        """
        return self.config.library

    def value(self, operand: Operand) -> object:
        """Return the value of an operand.

        Raises:
            RefusedError: if the library rejects the config here.
            DeclinedError: if the value is unknown, or the budget is spent.
            TypeError: or another error that Python also raises in the library.
        """
        if type(operand) is not int:
            if isinstance(operand, list):
                constant = operand[0]
                return copy_value(constant) if type(constant) in (list, dict) else constant
            raise TypeError(f"`{operand!r:.40}` is not an operand")
        memo = self.memo
        if operand in memo:
            return memo[operand]
        known = self._in_epoch.get(operand)
        if known is not None and known[0] == self._epoch:
            return known[1]
        budget = self.budget
        budget.steps -= 1
        if budget.steps < 0:
            budget.spend_steps(0)
        row: Any = self.rows[operand]
        operation = self.operations.get(row[0])
        if operation is None:
            raise DeclinedError(f"there is no operation `{row[0]}`")
        value = operation(self, row)
        if type(value) in CONTAINERS and row[0] not in _PASSING:
            budget.spend_reading(value)
        if self.table.loops[operand]:
            self._in_epoch[operand] = self._epoch, value
        else:
            memo[operand] = value
        return value

    def values(self, operands: list[Operand]) -> list[object]:
        """Return the values of operands."""
        value = self.value
        return [value(one) for one in operands]

    def count(self, operand: Operand) -> int:
        """Return the number of turns of a loop, and charge for them.

        Raises:
            TypeError: if it is not an integer.
            DeclinedError: if the budget is spent.
        """
        count = self.value(operand)
        if not isinstance(count, int):
            raise TypeError(f"`{count!r:.40}` is not a number of turns")
        if count > 0:
            self.budget.spend_steps(count)
        return count

    def forget_turn(self) -> None:
        """Forget values that depend on the current turns of loops."""
        self._latest += 1
        self._epoch = self._latest

    def turns(self, loop: int, numbers: range) -> Iterator[int]:
        """Yield the turns of a loop, each of which is the current one until the next."""
        outer, epoch = self.env.get(loop), self._epoch
        for turn in numbers:
            self.env[loop] = turn
            self.forget_turn()
            yield turn
        if outer is not None:
            self.env[loop] = outer
        self._epoch = epoch

    def items(self, operands: list[Operand]) -> list[object]:
        """Return the items of a list; a loop adds several, and a condition may add none."""
        found: list[Any] = []
        self._gather(operands, found)
        return found

    def _gather(self, operands: list[Any], into: list[Any]) -> None:
        for operand in operands:
            row: Any = self.rows[operand] if type(operand) is int else [None]
            if row[0] == "for":
                for _ in self.turns(row[1], range(self.count(row[2]))):
                    self._gather(row[3:], into)
            elif row[0] == "opt":
                if self.value(row[1]):
                    self._gather(row[2:], into)
            else:
                self.budget.spend_items(1)
                into.append(self.value(operand))

    def scan(self, row: Row) -> object:
        """Return the state of a row `["scan", loop, start, body, turn]` before a turn."""
        loop: Any
        _, loop, start, body, turn = row
        last = self.count(turn)
        done, state = self._scanned.get(id(row), (last + 1, None))
        if done > last:
            done, state = 0, self.value(start)
        outer = self.carried.get(loop)
        for _ in self.turns(loop, range(done, last)):
            self.carried[loop] = state
            state = self.value(body)
        self.carried[loop] = outer
        varies = self.table.varies
        if not varies(start) and not varies(body, ~(1 << loop)):
            self._scanned[id(row)] = max(last, 0), state
        return state

    def check(
        self, conditions: list[Operand], computed: list[Operand], required: list[Operand]
    ) -> None:
        """Compute and require operands under conditions, for each turn of loops among them.

        Raises:
            RefusedError: if the config does not meet a requirement.
            DeclinedError: if it is unknown what the library does.
        """
        for place, condition in enumerate(conditions, 1):
            if type(condition) is list and condition[0] == "for":
                inside = conditions[place:]
                loop: Any
                _, loop, count = condition
                turns = range(self.count(count))
                if not self._depend([*inside, *computed, *required], loop):
                    turns = turns[:1]
                for _ in self.turns(loop, turns):
                    self.check(inside, computed, required)
                return
            if not self.value(condition):
                return
        self.values(computed)
        for operand in required:
            if not self.value(operand):
                raise RefusedError(f"the class requires `{shown(self.rows, operand)}`")

    def _depend(self, operands: list[Any], loop: int) -> bool:
        """Tell whether operands, or the counts of loops among them, depend on a loop."""
        own = [one[2] if type(one) is list and one[0] == "for" else one for one in operands]
        return any(self.table.varies(one, 1 << loop) for one in own)

    def remember_change(self, old: object, new: object) -> None:
        """Remember that a dict or list will get the content of its changed copy."""
