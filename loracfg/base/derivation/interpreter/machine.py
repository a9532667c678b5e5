"""The state of an interpretation: changes that can be undone, branches, and what must hold."""

from __future__ import annotations

import ast
import collections
from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from loracfg.base.derivation.interpreter.carrying import after_loop
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    has_symbolic_length,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import (
    PLAIN_TYPES,
    Expression,
    Operand,
    choose,
    expression,
    negate,
    possible,
    truth_of,
)
from loracfg.base.derivation.interpreter.stand_ins import Unknown
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    UNKNOWN,
    Bound,
    Choice,
    Exit,
    Frame,
    Function,
    Guarded,
    Instance,
    LastTurn,
    LibraryRaises,
    ModelPart,
    Native,
    NotFollowed,
    Partial,
    Segments,
    Symbol,
    SymbolicRange,
    Tensor,
    Turns,
    TurnsDepend,
    Value,
)

MOST_STEPS: Final = 1_500_000
"""So many expressions and statements of one class are evaluated."""

_WHOLE: Final = "[]"
"""The key of a list in a journal, which notes the whole list."""

Container = Any  # a dict, or a list as a whole
Change = tuple[Container, Any, Value]
Place = tuple[int, Any]
"""Which container, and which key of it."""


class Journal:
    """What a branch changed, and what it made.

    Attributes:
        changes: The container, key and earlier value of each change, oldest first.
        made: Containers that are younger than the journal: their changes need not be undone.
        orders: Dicts that a key was deleted from, with the order of their keys before.
    """

    __slots__ = ("changes", "made", "orders")

    def __init__(self) -> None:
        self.changes: dict[tuple[int, Any], Change] = {}
        self.made: dict[int, Container] = {}
        self.orders: dict[int, tuple[dict[Any, Value], list[Any]]] = {}

    def undo(self) -> dict[tuple[int, Any], Change]:
        """Take all changes back; return them, with the value that each set."""
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


class Path:
    """The conditions and loops around what is interpreted, outermost first."""

    def __init__(self) -> None:
        self._entries: list[tuple[Operand, bool]] = []

    def __contains__(self, condition: Operand) -> bool:
        return any(condition is held for held, _ in self._entries)

    def __iter__(self) -> Iterator[Operand]:
        return (condition for condition, _ in self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, condition: Operand, *, is_required: bool = False) -> None:
        """Add a condition; one that is required anyhow guards nothing by itself."""
        self._entries.append((condition, is_required))

    def cut(self, length: int) -> None:
        """Drop what was added since the path had a length."""
        del self._entries[length:]

    def guards(self) -> tuple[Operand, ...]:
        """Return the conditions and loops that guard what is interpreted."""
        return tuple(condition for condition, is_required in self._entries if not is_required)

    def loops(self) -> tuple[Expression, ...]:
        """Return the loops."""
        return tuple(entry for entry in self if isinstance(entry, Expression) and entry[0] == "for")


@dataclass(frozen=True)
class Flow:
    """What runs after a block of statements, where the block decides on it.

    Attributes:
        then: What runs when the block ends.
        on_break: What a `break` of the block runs.
        on_continue: What a `continue` of the block runs.
    """

    then: Continuation | None = None
    on_break: Continuation | None = None
    on_continue: Continuation | None = None

    def end(self) -> Exit | None:
        """Run what follows the block."""
        return self.then() if self.then else None

    def leave(self, exit_: Exit) -> Exit | None:
        """Leave the block early."""
        if exit_.kind == "break" and self.on_break:
            return self.on_break()
        if exit_.kind == "continue" and self.on_continue:
            return self.on_continue()
        return exit_


Continuation = Callable[[], "Exit | None"]
Check = tuple[tuple[Operand, ...], Operand]
"""Guards and loops, and what has to hold, or to be evaluable, there."""


NO_FLOW: Final = Flow()
"""Nothing follows: a block that ends early says how."""


class Machine:
    """Keeps the state, and declares what its subclasses interpret.

    Attributes:
        package: The name of the package with the classes that are followed.
        checks: What has to hold, in the order in which a constructor meets it.
        overlay: Attributes of configs that the constructor changed.
        loop_depth: How many loops and comprehensions with symbolic counts are around.
        branch_depth: How many branches are around.
        open_loops: How many loops are around that can be run in another way.
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
        self._required: set[Check] = set()
        self._owners: dict[int, tuple[Container, Instance]] = {}
        self._serial = 0
        self._copies = 0

    # What modules of this package add

    @abstractmethod
    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Return the value of an expression of the constructor."""

    @abstractmethod
    def run_block(
        self, statements: list[ast.stmt], frame: Frame, flow: Flow = NO_FLOW
    ) -> Exit | None:
        """Run statements and what follows them; return how they end if they end early."""

    @abstractmethod
    def run_for(self, loop: ast.For, frame: Frame, flow: Flow) -> Exit | None:
        """Run a `for` loop and what follows it."""

    @abstractmethod
    def repeat(
        self,
        count: Operand,
        run: Callable[[Value], list[Value]],
        frame: Frame,
        stored: list[str],
    ) -> list[Value]:
        """Return the entries that all turns of a comprehension give."""

    @abstractmethod
    def run_while(self, loop: ast.While, frame: Frame, flow: Flow) -> Exit | None:
        """Run a `while` loop and what follows it."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Set a variable, an attribute or an item."""

    @abstractmethod
    def iterate(self, value: Value) -> list[Value] | Turns | Segments:
        """Return what a loop over a value goes over."""

    @abstractmethod
    def entries_of(self, value: Value) -> list[Value]:
        """Return the entries of an iterable as a list, maybe with `Repeated` and `Guarded`."""

    @abstractmethod
    def get_attribute(self, owner: Value, name: Any) -> Value:
        """Return an attribute."""

    @abstractmethod
    def set_attribute(self, owner: Value, name: Any, value: Value) -> None:
        """Set an attribute."""

    @abstractmethod
    def get_item(self, owner: Value, key: Value) -> Value:
        """Return an item."""

    @abstractmethod
    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """Set an item."""

    @abstractmethod
    def operate(self, operator: str, left: Value, right: Value) -> Value:
        """Return what a binary operator gives."""

    @abstractmethod
    def compare(self, operator: str, left: Value, right: Value) -> Value:
        """Return what a comparison gives."""

    @abstractmethod
    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Call a function, a class or a module."""

    @abstractmethod
    def instantiate(self, cls: type, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Make an object of a class."""

    @abstractmethod
    def call_builtin(
        self, function: Any, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a function of Python."""

    # Changes

    def count_step(self) -> None:
        """Count a step.

        Raises:
            NotFollowed: There were too many.
        """
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise NotFollowed("too many steps")

    def note_made(self, container: Container) -> Container:
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

    def is_of_turn(self, container: Container, loop: Expression) -> bool:
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

    def put(self, container: dict[Any, Value], key: Any, value: Value) -> None:
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
            if (id(container), _WHOLE) not in changes:
                changes[id(container), _WHOLE] = (container, _WHOLE, list(container))
        container[:] = entries

    def begin_journal(self) -> None:
        """Begin to note changes, so that they can be undone."""
        self.journals.append(Journal())

    def end_journal(self) -> dict[tuple[int, Any], Change]:
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

    def redo(self, changes: dict[tuple[int, Any], Change]) -> None:
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

    # What has to hold

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

    # Branches

    def branch(
        self, condition: Operand, then: Callable[[], Value], otherwise: Callable[[], Value]
    ) -> Value:
        """Run both sides of a branch and merge what they did; one that raises is refused."""
        if not isinstance(condition, Expression):
            return then() if condition else otherwise()
        may_hold, may_fail = self.possible_here(condition)
        if not may_fail:
            return then()
        if not may_hold:
            return otherwise()
        opposite = negate(condition)
        assert isinstance(opposite, Expression)
        yes, yes_error, yes_changes = self._try_side(condition, then)
        no, no_error, no_changes = self._try_side(opposite, otherwise)
        if yes_error and no_error:
            raise no_error if isinstance(no_error, NotFollowed) else yes_error
        if yes_error:
            self._leave_out(condition, yes_error, no_changes)
            return no
        if no_error:
            self._leave_out(opposite, no_error, yes_changes)
            return yes
        self._merge_changes(condition, yes_changes, no_changes)
        if isinstance(yes, Exit) or isinstance(no, Exit):
            return self._merge_exits(condition, yes, no)
        return self.merge(condition, yes, no)

    def possible_here(self, condition: Expression) -> tuple[bool, bool]:
        """Return whether a condition may hold, and whether it may not, where we are."""
        if condition in self.path:
            return True, False
        if negate(condition) in self.path:
            return False, True
        return possible(condition, self.path)

    def _try_side(
        self, condition: Expression, run: Callable[[], Value]
    ) -> tuple[Value, NotFollowed | LibraryRaises | None, dict[tuple[int, Any], Change]]:
        length, depth, changes = len(self.path), self.loop_depth, {}
        checks = len(self.checks)
        self.path.add(condition)
        self.begin_journal()
        self.branch_depth += 1
        result: Value = None
        error: NotFollowed | LibraryRaises | None = None
        try:
            result = run()
        except LibraryRaises as raised:
            error = raised
        except NotFollowed as raised:
            if isinstance(raised, TurnsDepend) and self.open_loops:
                raise
            error = raised
            self.reasons[str(raised)[:90]] += 1
        finally:
            self.branch_depth -= 1
            self.loop_depth = depth
            self.path.cut(length)
            changes = self.end_journal()
        if error is not None:  # nothing is built there, whatever is checked before
            self.forget_checks(checks)
        return result, error, changes

    def _leave_out(
        self,
        condition: Expression,
        error: NotFollowed | LibraryRaises,
        changes: dict[tuple[int, Any], Change],
    ) -> None:
        """Go on with the other side only: a config for which a condition holds is left out."""
        remaining = negate(condition)
        is_followed = isinstance(error, LibraryRaises)
        self.require(remaining if is_followed else expression("known", remaining))
        self.assume(remaining)
        self.redo(changes)

    def _merge_changes(
        self,
        condition: Expression,
        yes: dict[tuple[int, Any], Change],
        no: dict[tuple[int, Any], Change],
    ) -> None:
        for place in self._in_order(yes, no):
            container, key, _ = yes.get(place) or no[place]
            if isinstance(container, list):
                before: Value = list(container)
            else:
                before = container.get(key, MISSING)
            after_yes = yes[place][2] if place in yes else before
            after_no = no[place][2] if place in no else before
            if isinstance(container, list):
                self.put_list(container, _merge_lists(condition, after_yes, after_no))
            else:
                is_kind = self._is_registry(container) and after_yes != after_no
                merged = Choice if is_kind else self.merge
                self.put(container, key, merged(condition, after_yes, after_no))

    def _in_order(
        self, yes: dict[tuple[int, Any], Change], no: dict[tuple[int, Any], Change]
    ) -> list[tuple[int, Any]]:
        """Return what two branches changed, names that both register as both have them.

        Raises:
            NotFollowed: They register the same names in different orders.
        """
        places = list({**yes, **no})
        if yes and no:
            for container in {id(c): c for c, _, _ in yes.values()}.values():
                if self._is_registry(container):
                    orders = [
                        [one for one in side if one[0] == id(container)] for side in (yes, no)
                    ]
                    places = [one for one in places if one[0] != id(container)]
                    places += _interleaved(*orders)
        return places

    def _is_registry(self, container: Container) -> bool:
        """Return whether a container has what is registered on an object, whose order counts."""
        owner = self._owners.get(id(container))
        return owner is not None and owner[1].registered is container

    def _merge_exits(self, condition: Expression, yes: Value, no: Value) -> Exit:
        kinds = [side.kind if isinstance(side, Exit) else None for side in (yes, no)]
        if kinds == ["return", "return"]:
            return Exit("return", self.merge(condition, yes.value, no.value))
        if set(kinds) <= {"continue", None}:
            return Exit("continue")
        if kinds == ["break", "break"]:
            return Exit("break")
        raise TurnsDepend("a block that ends early")

    def merge(self, condition: Expression, yes: Value, no: Value) -> Value:
        """Return the value that is one where a condition holds, and the other elsewhere."""
        if yes is no:
            return yes
        if isinstance(yes, PLAIN_TYPES) and type(yes) is type(no) and repr(yes) == repr(no):
            return yes
        if yes is POISON or no is POISON:
            return POISON
        if isinstance(yes, Symbol) and yes == no:
            return yes
        if any(one is UNKNOWN or isinstance(one, ModelPart) for one in (yes, no)):
            return Choice(condition, yes, no)
        if isinstance(yes, Tensor) and isinstance(no, Tensor) and _are_alike(yes, no):
            is_same = yes.item is no.item and yes.number is no.number
            return yes if is_same else Tensor(yes.shape, yes.kind, yes.persistent)
        if type(yes) is tuple and type(no) is tuple and len(yes) == len(no):
            return tuple(map(self.merge, [condition] * len(yes), yes, no))
        if is_expressible(yes) and is_expressible(no):
            return self._merge_expressible(condition, yes, no)
        return Choice(condition, yes, no)

    def _merge_expressible(self, condition: Expression, yes: Value, no: Value) -> Value:
        if type(yes) is list and type(no) is list and len(yes) == len(no):
            return list(map(self.merge, [condition] * len(yes), yes, no))
        if type(yes) is dict and type(no) is dict and list(yes) == list(no):
            return {key: self.merge(condition, yes[key], no[key]) for key in yes}
        return as_value(choose(condition, as_expression(yes), as_expression(no)))

    def lift(self, value: Value, function: Callable[[Value], Value]) -> Value:
        """Call a function with a value, or with each side of a choice in a branch."""
        if isinstance(value, Choice):
            return self.branch(
                value.condition,
                lambda: self.lift(value.yes, function),
                lambda: self.lift(value.no, function),
            )
        if value is MISSING:
            raise LibraryRaises("AttributeError", "missing")
        if isinstance(value, LastTurn):
            return self.lift(after_loop(value), function)
        if value is POISON:
            raise TurnsDepend("a variable of a loop")
        return function(value)

    def lift_pure(self, value: Value, function: Callable[[Value], Value]) -> Value:
        """Call a function that changes nothing with each side of a choice, and merge."""
        if isinstance(value, Choice):
            if value.yes is MISSING:
                return self.lift_pure(value.no, function)
            if value.no is MISSING:
                return self.lift_pure(value.yes, function)
            yes, no = (self.lift_pure(side, function) for side in (value.yes, value.no))
            return self.merge(value.condition, yes, no)
        return function(value)

    def truth(self, value: Value) -> Operand:
        """Return the condition that a value counts as true."""
        if isinstance(value, Symbol):
            return truth_of(value.expression)
        if isinstance(value, Choice):
            yes, no = self.truth(value.yes), self.truth(value.no)
            return yes if yes is no else choose(value.condition, yes, no)
        if isinstance(value, ModelPart):
            return truth_of(as_expression(value))
        if isinstance(value, (Instance, Function, Bound, Native, Partial)):
            return True
        if isinstance(value, Tensor):
            if value.kind == "parameter":
                return True
            raise NotFollowed("a branch on a tensor")
        if value is UNKNOWN or isinstance(value, Unknown):
            raise NotFollowed("a branch on what is not known")
        if value is POISON or value is MISSING:
            raise NotFollowed("a variable of a loop")
        if has_symbolic_length(value) or isinstance(value, SymbolicRange):
            return truth_of(as_expression(value))
        return bool(value)


def is_unchanged(container: Container, key: Any, value: Value) -> bool:
    """Return whether a key of a dict has a value already."""
    held = container.get(key, MISSING)
    if held is value or (isinstance(value, Symbol) and held == value):
        return True
    return isinstance(value, PLAIN_TYPES) and type(held) is type(value) and held == value


def _interleaved(first: list[Place], second: list[Place]) -> list[Place]:
    """Return the entries of two lists in an order that agrees with both.

    Raises:
        NotFollowed: There is none.
    """
    common = [one for one in first if one in second]
    if common != [one for one in second if one in first]:
        raise NotFollowed("modules in an order that depends on the config")
    merged: list[Place] = []
    rest = [first, second]
    for one in common:
        for number, side in enumerate(rest):
            at = side.index(one)
            merged += side[:at]
            rest[number] = side[at + 1 :]
        merged.append(one)
    return [*merged, *rest[0], *rest[1]]


def _are_alike(first: Tensor, second: Tensor) -> bool:
    """Return whether two tensors have the same shape and part in their module."""
    return (
        first.shape == second.shape
        and first.kind == second.kind
        and first.persistent == second.persistent
    )


def _merge_lists(condition: Expression, yes: list[Value], no: list[Value]) -> list[Value]:
    """Return the entries that two lists begin with, and the others under their conditions."""
    same = 0
    while same < len(yes) and same < len(no) and yes[same] is no[same]:
        same += 1
    opposite = negate(condition)
    return [
        *yes[:same],
        *(Guarded(condition, entry) for entry in yes[same:]),
        *(Guarded(opposite, entry) for entry in no[same:]),
    ]
