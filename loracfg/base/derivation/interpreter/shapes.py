"""Rules for methods of tensors that change the shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import simplified
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
    negate,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.stand_ins import Unknown
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    Choice,
    GuardedEntry,
    LibraryRaises,
    ModelPart,
    NotFollowed,
    RepeatedEntries,
    Spread,
    Symbol,
    SymbolicTensor,
    Value,
)

Shape = tuple[Value, ...]

_OF_NUMBERS: Final = frozenset(("+", "-", "*", "/", "//", "%", "**", "neg"))
"""Operations whose value is never a boolean."""


def sizes_of(machine: Machine, arguments: list[Value]) -> Shape | None:
    """Return sizes that are given one by one or as one sequence; None if they are unknown."""
    if len(arguments) == 1 and isinstance(arguments[0], Symbol):
        arguments = [sequence_or_size(machine, arguments[0])]
    if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)):
        arguments = list(arguments[0])
    sizes: list[Value] = []
    for one in arguments:
        if isinstance(one, Choice):
            one = machine.lift(one, lambda value: value)
        if isinstance(one, SymbolicTensor) and one.number is not None:
            one = one.number
        is_open = isinstance(
            one,
            (Choice, SymbolicTensor, Unknown, RepeatedEntries, GuardedEntry, Spread, ModelPart),
        )
        if is_open or one is UNKNOWN:
            return None
        sizes.append(one)
    return tuple(sizes)


def sequence_or_size(machine: Machine, sizes: Symbol) -> Value:
    """Return sizes as a sequence if they are one of known length, else unchanged."""
    operand = sizes.expression
    if operand[0] in ("tuple", "list"):
        if any(isinstance(one, Expression) and one[0] in ("for", "opt") for one in operand[1:]):
            raise NotFollowed("sizes that a loop makes")
        return tuple(map(as_value, operand[1:]))
    if operand[0] != "if" or not any(_is_sequence(side) for side in operand[2:]):
        return sizes

    def side(operand: Operand) -> Value:
        if not _is_sequence(operand):
            raise NotFollowed("sizes that may be a sequence")
        return sequence_or_size(machine, Symbol(operand))  # type: ignore[arg-type]

    return machine.branch(operand[1], lambda: side(operand[2]), lambda: side(operand[3]))


def _is_sequence(operand: Operand) -> bool:
    if not isinstance(operand, Expression):
        return False
    if operand[0] == "if":
        return any(_is_sequence(side) for side in operand[2:])
    return operand[0] in ("tuple", "list")


def shape_of(machine: Machine, arguments: list[Value]) -> Shape | None:
    """Return the shape of a tensor with these sizes, and require that they are valid.

    Raises:
        LibraryRaises: One is not a size.
    """
    sizes = sizes_of(machine, arguments)
    if sizes is None:
        return None
    for number, size in enumerate(sizes):
        if isinstance(size, Symbol):
            machine.require(expression("size", size.expression))
        elif not isinstance(size, int) or (isinstance(size, bool) and number == 0):
            raise LibraryRaises("TypeError", "size")
        elif size < 0:
            raise LibraryRaises("RuntimeError", "negative size")
    return sizes


def product(machine: Machine, sizes: Shape) -> Value:
    """Return the product of sizes."""
    total: Value = 1
    for size in sizes:
        is_first = isinstance(total, int) and total == 1
        total = size if is_first else machine.operate("*", total, size)
    return total


def _at(place: Value, dims: int) -> int | None:
    """Return the index of a dimension; None if it is unknown."""
    if not isinstance(place, int):
        return None
    if not -dims <= place < dims:
        raise LibraryRaises("IndexError", "dimension")
    return place % dims


def _unsqueeze(_: Machine, tensor: SymbolicTensor, dim: Value) -> SymbolicTensor:
    shape = tensor.shape or ()
    at = _at(dim, len(shape) + 1)
    return SymbolicTensor(None if at is None else (*shape[:at], 1, *shape[at:]))


def _squeeze(_: Machine, tensor: SymbolicTensor, dim: Value = None) -> SymbolicTensor:
    shape = tensor.shape or ()
    if dim is None:
        if not is_plain(shape):
            return SymbolicTensor(None)
        return SymbolicTensor(tuple(size for size in shape if size != 1))
    at = _at(dim, len(shape))
    if at is None or not isinstance(shape[at], int):
        return SymbolicTensor(None)
    return SymbolicTensor((*shape[:at], *shape[at + 1 :]) if shape[at] == 1 else shape)


def _expand(machine: Machine, tensor: SymbolicTensor, *sizes: Value) -> SymbolicTensor:
    wanted, shape = sizes_of(machine, list(sizes)), tensor.shape or ()
    if not wanted or len(wanted) < len(shape):
        return SymbolicTensor(None)
    if not all(is_plain(one) or isinstance(one, Symbol) for one in wanted):
        return SymbolicTensor(None)
    own = [1] * (len(wanted) - len(shape)) + list(shape)
    for size, other in zip(own, wanted, strict=True):
        if isinstance(other, int) and other == -1:
            continue
        if isinstance(size, Symbol):
            is_one = simplified("==", size.expression, 1)
            machine.require(simplified("or", is_one, _equal(size, other)))
        elif size != 1:
            machine.require(_equal(size, other))
    return SymbolicTensor(tuple(a if b == -1 else b for a, b in zip(own, wanted, strict=True)))


def _view(machine: Machine, tensor: SymbolicTensor, *sizes: Value) -> Value:
    if len(sizes) == 1 and isinstance(sizes[0], Symbol) and sizes[0] not in (tensor.shape or ()):
        return machine.branch(
            expression("isinst", sizes[0].expression, "list", "tuple"),
            lambda: SymbolicTensor(None),
            lambda: _viewed(machine, tensor, sizes),
        )
    return _viewed(machine, tensor, sizes)


def _viewed(machine: Machine, tensor: SymbolicTensor, sizes: tuple[Value, ...]) -> SymbolicTensor:
    wanted, shape = sizes_of(machine, list(sizes)), tensor.shape or ()
    if wanted is None or any(isinstance(one, slice) for one in wanted):
        return SymbolicTensor(None)
    free = [n for n, one in enumerate(wanted) if isinstance(one, int) and one == -1]
    if len(free) > 1:
        raise LibraryRaises("RuntimeError", "only one dimension can be inferred")
    refuse_truth(machine, wanted[:1])
    _require_integers(machine, [one for one in wanted if one not in shape])
    whole = product(machine, shape)
    if not free:
        made = product(machine, wanted)
        machine.require(_equal(whole, made))
        return SymbolicTensor(tuple(wanted))
    (at,) = free
    others = product(machine, (*wanted[:at], *wanted[at + 1 :]))
    machine.require(_equal(machine.operate("%", whole, others), 0))
    return SymbolicTensor((*wanted[:at], machine.operate("//", whole, others), *wanted[at + 1 :]))


def refuse_truth(machine: Machine, first: Shape) -> None:
    """Reject sizes that begin with `True` or `False`, like torch."""
    for size in first:
        if isinstance(size, bool):
            raise LibraryRaises("TypeError", "size")
        if isinstance(size, Symbol) and size.expression[0] not in _OF_NUMBERS:
            machine.require(negate(expression("isinst", size.expression, "bool")))


def _require_integers(machine: Machine, sizes: Sequence[Value]) -> None:
    """Require that sizes of a view are integers."""
    for size in sizes:
        if isinstance(size, Symbol):
            machine.require(expression("isinst", size.expression, "int"))
        elif not isinstance(size, int):
            raise LibraryRaises("TypeError", "size")


def _equal(first: Value, second: Value) -> Operand:
    operands = (as_expression(first), as_expression(second))
    if not any(isinstance(one, tuple) for one in operands):
        return bool(operands[0] == operands[1])
    return operands[0] is operands[1] or expression("==", *operands)


def _flatten(
    machine: Machine, tensor: SymbolicTensor, start_dim: Value = 0, end_dim: Value = -1
) -> SymbolicTensor:
    shape = tensor.shape or ()
    first, last = _at(start_dim, len(shape) or 1), _at(end_dim, len(shape) or 1)
    if first is None or last is None:
        return SymbolicTensor(None)
    inner = product(machine, shape[first : last + 1])
    return SymbolicTensor((*shape[:first], inner, *shape[last + 1 :]))


def _transpose(_: Machine, tensor: SymbolicTensor, first: Value, second: Value) -> SymbolicTensor:
    shape = list(tensor.shape or ())
    a, b = _at(first, len(shape)), _at(second, len(shape))
    if a is None or b is None:
        return SymbolicTensor(None)
    shape[a], shape[b] = shape[b], shape[a]
    return SymbolicTensor(tuple(shape))


def _permute(_: Machine, tensor: SymbolicTensor, *dims: Value) -> SymbolicTensor:
    order = dims[0] if len(dims) == 1 and isinstance(dims[0], (list, tuple)) else dims
    shape = tensor.shape or ()
    places = [_at(dim, len(shape)) for dim in order]
    if None in places or len(places) != len(shape):
        return SymbolicTensor(None)
    return SymbolicTensor(tuple(shape[at] for at in places if at is not None))


def _repeat(machine: Machine, tensor: SymbolicTensor, *times: Value) -> SymbolicTensor:
    factors, shape = sizes_of(machine, list(times)), tensor.shape or ()
    if factors is None or len(factors) < len(shape):
        return SymbolicTensor(None)
    own = [1] * (len(factors) - len(shape)) + list(shape)
    return SymbolicTensor(
        tuple(machine.operate("*", a, b) for a, b in zip(own, factors, strict=True))
    )


def _repeat_interleave(
    machine: Machine, tensor: SymbolicTensor, repeats: Value, dim: Value = None, **_: Value
) -> SymbolicTensor:
    shape = tensor.shape or ()
    if not isinstance(repeats, (int, Symbol)):
        return SymbolicTensor(None)
    if dim is None:
        return SymbolicTensor((machine.operate("*", product(machine, shape), repeats),))
    at = _at(dim, len(shape))
    if at is None:
        return SymbolicTensor(None)
    size = machine.operate("*", shape[at], repeats)
    return SymbolicTensor((*shape[:at], size, *shape[at + 1 :]))


def _reduce(
    _: Machine, tensor: SymbolicTensor, dim: Value = None, keepdim: Value = False, **__: Value
) -> SymbolicTensor:
    shape = tensor.shape or ()
    if dim is None:
        return SymbolicTensor(())
    dims = [_at(one, len(shape)) for one in (dim if isinstance(dim, (list, tuple)) else [dim])]
    if None in dims or not isinstance(keepdim, bool):
        return SymbolicTensor(None)
    if keepdim:
        return SymbolicTensor(tuple(1 if n in dims else size for n, size in enumerate(shape)))
    return SymbolicTensor(tuple(size for n, size in enumerate(shape) if n not in dims))


def _size(_: Machine, tensor: SymbolicTensor, dim: Value = None) -> Value:
    shape = tensor.shape or ()
    if dim is None:
        return shape
    at = _at(dim, len(shape))
    return UNKNOWN if at is None else shape[at]


def _numel(machine: Machine, tensor: SymbolicTensor) -> Value:
    return as_value(as_expression(product(machine, tensor.shape or ())))


def _new_like(machine: Machine, _: SymbolicTensor, *sizes: Value) -> SymbolicTensor:
    return SymbolicTensor(shape_of(machine, list(sizes)))


def _transposed(_: Machine, tensor: SymbolicTensor) -> SymbolicTensor:
    return SymbolicTensor((tensor.shape or ())[::-1])


SHAPE_METHODS: Final[dict[str, Any]] = {
    "unsqueeze": _unsqueeze,
    "squeeze": _squeeze,
    "expand": _expand,
    "view": _view,
    "reshape": _view,
    "flatten": _flatten,
    "transpose": _transpose,
    "permute": _permute,
    "repeat": _repeat,
    "repeat_interleave": _repeat_interleave,
    "sum": _reduce,
    "mean": _reduce,
    "prod": _reduce,
    "size": _size,
    "dim": lambda _, tensor: len(tensor.shape),
    "numel": _numel,
    "t": _transposed,
}
"""Methods by name."""
