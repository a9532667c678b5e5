"""The values of rows for one config."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.errors import DeclinedError
from loracfg.base.catalogue.evaluation.operations import OPERATIONS
from loracfg.base.catalogue.evaluation.rows import Operand, Row, Rows


class Models(Protocol):
    """What rows ask of a model that stands inside another, by its mapping and config."""

    def attribute(self, mapping: str, config: Any, name: str) -> Any:
        """Return an attribute of the model."""
        ...

    def has(self, mapping: str, config: Any, name: str) -> bool:
        """Return whether the model has a module of this name."""
        ...

    def activation(self, name: Any) -> Any:
        """Return an activation, or raise `RefusedError` or `KeyError` if there is none."""
        ...


class Evaluation:
    """Evaluates rows for a config, each once if it does not change from turn to turn of a loop.

    Attributes:
        config: what the row `["c"]` stands for.
        budget: what the request may still use.
        env: the turn that each loop is in, by the loop's number.
        carried: what earlier turns left to the turn that a loop is in, by the loop's number.
        memo: values by the number of their row.
        models: what is known of models that stand inside this one.
    """

    __slots__ = (
        "_in_epoch",
        "_latest",
        "_scanned",
        "budget",
        "carried",
        "config",
        "env",
        "epoch",
        "loops",
        "memo",
        "models",
        "rows",
        "table",
    )

    operations: ClassVar[Mapping[str, Callable[[Any, Row], Any]]] = OPERATIONS
    """What each operation does; subclasses may know more."""

    def __init__(
        self, table: Rows, config: Any, budget: Budget, models: Models | None = None
    ) -> None:
        self.table, self.rows, self.loops = table, table.rows, table.loops
        self.config: Any = config
        self.models = models
        self.budget: Budget = budget
        self.env: dict[int, int] = {}
        self.carried: dict[int, Any] = {}
        self.memo: dict[int, Any] = {}
        self.epoch = 0  # tells the turns that loops are in from other ones
        self._latest = 0
        self._in_epoch: dict[int, tuple[int, Any]] = {}
        self._scanned: dict[int, tuple[int, Any]] = {}

    def value(self, operand: Operand) -> Any:
        """Return the value of an operand.

        Raises:
            RefusedError: if the library refuses the config here.
            DeclinedError: if the value is not known, or the budget is spent.
            TypeError: and the like, where Python raises it for the library, too.
        """
        if isinstance(operand, list):
            return operand[0]
        memo = self.memo
        if operand in memo:
            return memo[operand]
        known = self._in_epoch.get(operand)
        if known is not None and known[0] == self.epoch:
            return known[1]
        budget = self.budget
        budget.steps -= 1
        if budget.steps < 0:
            budget.spend_steps(0)
        row = self.rows[operand]
        operation = self.operations.get(row[0])
        if operation is None:
            raise DeclinedError(f"there is no operation `{row[0]}`")
        value = operation(self, row)
        loops = self.loops[operand]
        if loops < 0:
            loops = self.table.loops_of(operand)
        if loops:
            self._in_epoch[operand] = self.epoch, value
        else:
            memo[operand] = value
        return value

    def begin_turn(self, loop: int, turn: int) -> None:
        """Begin a turn of a loop; who ends the loop sets `epoch` as it was before."""
        self.env[loop] = turn
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Forget values that depend on loops."""
        self._latest += 1
        self.epoch = self._latest

    def values(self, operands: list[Any]) -> list[Any]:
        """Return the values of operands."""
        value = self.value
        return [value(one) for one in operands]

    def turns(self, operand: Operand) -> int:
        """Return how often a loop turns, and charge for it.

        Raises:
            TypeError: if it is no integer.
            DeclinedError: if the budget is spent.
        """
        count = self.value(operand)
        if not isinstance(count, int):
            raise TypeError(f"`{count!r:.40}` is no number of turns")
        if count > 0:
            self.budget.spend_steps(count)
        return count

    def gather(self, operand: Operand, into: list[Any]) -> None:
        """Add the value of an operand to a list; loops add several, what is guarded maybe none."""
        if type(operand) is int:
            row = self.rows[operand]
            kind = row[0]
            if kind == "for":
                self.gather_turns(row, into)
                return
            if kind == "opt":
                if self.value(row[1]):
                    self.gather(row[2], into)
                return
            if kind == "if" and self._has_items(row):
                self.gather(row[2] if self.value(row[1]) else row[3], into)
                return
        self.budget.spend_items(1)
        into.append(self.value(operand))

    def gather_turns(self, row: Row, into: list[Any]) -> None:
        """Add what the turns of a row `["for", loop, count, item, ...]` give to a list."""
        loop, env, epoch = row[1], self.env, self.epoch
        outer = env.get(loop)
        for turn in range(self.turns(row[2])):
            self.begin_turn(loop, turn)
            for item in row[3:]:
                self.gather(item, into)
        if outer is not None:
            env[loop] = outer
        self.epoch = epoch

    def scan(self, row: Row) -> Any:
        """Return what the turns of a row `["scan", loop, start, body, turn]` leave to a turn."""
        _, loop, start, body, turn = row
        last = self.turns(turn)
        done, state = self._scanned.get(id(row), (last + 1, None))
        if done > last:
            done, state = 0, self.value(start)
        outer, epoch = (self.env.get(loop), self.carried.get(loop)), self.epoch
        for number in range(done, last):
            self.carried[loop] = state
            self.begin_turn(loop, number)
            state = self.value(body)
        self.env[loop], self.carried[loop] = outer  # type: ignore[assignment]
        self.epoch = epoch
        if not self._varies(start) and not self._varies(body, but=loop):
            self._scanned[id(row)] = max(last, 0), state
        return state

    def _varies(self, operand: Operand, but: int | None = None) -> bool:
        if not isinstance(operand, int):
            return False
        loops = self.table.loops_of(operand)
        return bool(loops if but is None else loops & ~(1 << but))

    def _has_items(self, row: Row) -> bool:
        return any(type(x) is int and self.rows[x][0] in ("for", "opt", "if") for x in row[2:])

    def made_config(self, class_name: str, values: dict[str, Any]) -> Any:
        """Make a config of a class, as the library of the config has it."""
        facts = getattr(type(self.config), "_facts", None)
        if facts is None:
            raise DeclinedError(f"a config of `{class_name}` is made")
        library = facts.library
        return library.make(library.config_class(class_name), values, self.budget)

    def remember_change(self, old: Any, new: Any) -> None:
        """Remember that a dict or list is to become what its changed copy is."""
