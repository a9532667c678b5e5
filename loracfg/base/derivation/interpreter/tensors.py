"""Interprets tensors: shapes, and numbers if they come from a range."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import simplified
from loracfg.base.derivation.interpreter.callables import Native
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.shapes import SHAPE_METHODS, Shape, shape_of
from loracfg.base.derivation.interpreter.stand_ins import tensors
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    LibraryRaises,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Turns,
    Value,
)

SAME: Final = frozenset(
    [
        "to",
        "float",
        "contiguous",
        "cpu",
        "cuda",
        "requires_grad_",
        "type",
        "type_as",
    ]
)
"""Methods that return the tensor that they are called on, or one like it."""
_COPIES: Final = frozenset(("clone", "detach"))
"""Methods that return another tensor of the same numbers, which is no parameter or buffer."""
SAME_SHAPE: Final = frozenset(
    [
        "clamp",
        "sinc",
        "abs",
        "long",
        "int",
        "half",
        "bool",
        "double",
        "cos",
        "sin",
        "exp",
        "log",
        "sqrt",
        "round",
        "floor",
        "ceil",
        "masked_fill",
        "pow",
        "tanh",
        "sigmoid",
        "neg",
        "sign",
        "cumsum",
        "cumprod",
        "softmax",
        "log1p",
        "expm1",
        "reciprocal",
        "rsqrt",
        "square",
        "flip",
        "roll",
        "logical_not",
        "clip",
        "tril",
        "triu",
        "fill",
        "masked_scatter",
    ]
)
"""Methods that return a tensor of the same shape."""


def tensor_item(machine: Machine, tensor: SymbolicTensor, key: Value) -> Value:
    """Return a part of a tensor."""
    if not isinstance(key, (slice, tuple, int, Symbol)) and key is not None and key is not ...:
        return SymbolicTensor(None)
    if tensor.shape is None:
        return SymbolicTensor(None)
    parts = list(key) if isinstance(key, tuple) else [key]
    if any(not isinstance(p, (int, slice, Symbol, type(None), type(...))) for p in parts):
        return SymbolicTensor(None)
    found = SymbolicTensor(_shape_of_part(machine, tensor.shape, parts))
    if tensor.item is not None and len(parts) == 1 and isinstance(parts[0], (int, Symbol)):
        found.number = tensor.item(parts[0])
    return found


def set_tensor_item(machine: Machine, tensor: SymbolicTensor, key: Value, value: Value) -> None:
    """Set a part of a tensor; the part must exist, and a new tensor must fit."""
    part: Any = tensor_item(machine, tensor, key)
    shape = part.shape
    if shape is not None and isinstance(value, SymbolicTensor) and value.shape is not None:
        _require_fit(machine, shape, value.shape)
    tensor.number = tensor.item = None


def _require_fit(machine: Machine, shape: Shape, given: Shape) -> None:
    """Require that a tensor can be expanded to a shape, as when torch sets a part.

    Raises:
        LibraryRaises: It cannot be expanded.
    """
    padding = (1,) * (len(given) - len(shape))  # leading sizes of 1 are dropped
    for wanted, size in zip((*padding, *shape)[::-1], given[::-1], strict=False):
        if not is_expressible(wanted) or not is_expressible(size):
            continue
        own, other = as_expression(wanted), as_expression(size)
        if own is other:
            continue
        fits = simplified("or", simplified("==", other, 1), simplified("==", own, other))
        if fits is False:
            raise LibraryRaises("RuntimeError", "a part of another size")
        machine.require(fits)


def _shape_of_part(machine: Machine, shape: Shape, parts: list[Any]) -> Shape | None:
    """Return the shape of a part of a tensor; None if it is unknown."""
    if any(part is ... for part in parts):
        at = next(n for n, part in enumerate(parts) if part is ...)
        given = sum(part is not None for part in parts) - 1
        parts[at : at + 1] = [slice(None)] * (len(shape) - given)
    rest, kept = list(shape), []
    for part in parts:
        if part is None:
            kept.append(1)
            continue
        if not rest:
            return None
        size = rest.pop(0)
        if isinstance(part, slice):
            length: Any = _length_of_slice(machine, size, part)
            if length is None:
                return None
            kept.append(length)
        else:
            _require_index(machine, size, part)
    return (*kept, *rest)


def _require_index(machine: Machine, size: Any, part: Any) -> None:
    """Require that an index is within a dimension."""
    if not is_expressible(size) or not is_expressible(part):
        return
    operands = as_expression(size), as_expression(part)
    if any(isinstance(one, Expression) for one in operands):
        machine.require(simplified("<", operands[1], operands[0]))
        if not isinstance(part, int) or part < 0:
            machine.require(simplified("<=", simplified("-", 0, operands[0]), operands[1]))
    elif not -size <= part < size:
        raise LibraryRaises("IndexError")


def _length_of_slice(machine: Machine, size: Value, part: slice) -> Value:
    bounds = (part.start, part.stop, part.step)
    if part == slice(None):
        return size
    if not all(one is None or is_expressible(one) for one in bounds):
        return None
    if isinstance(size, int) and is_plain(list(bounds)):
        return len(builtins.range(*part.indices(size)))
    whole = expression("range", 0, as_expression(size), 1)
    sliced = expression("slice", whole, *map(as_expression, bounds))
    return machine.evaluable(expression("call", "len", sliced))


def tensor_attribute(machine: Machine, tensor: SymbolicTensor, name: str) -> Value:
    """Return an attribute of a tensor."""
    if name == "shape":
        return UNKNOWN if tensor.shape is None else tensor.shape
    if name == "device":
        return tensors.META
    if name == "dtype":
        return UNKNOWN
    if name == "data":
        return _copied(tensor, tensor.entries)
    if name == "T":
        return SymbolicTensor(None if tensor.shape is None else tensor.shape[::-1])
    if name == "ndim":
        return UNKNOWN if tensor.shape is None else len(tensor.shape)
    return Native(functools.partial(call_tensor_method, machine, tensor, name), name)


def call_tensor_method(
    machine: Machine, tensor: SymbolicTensor, name: str, *arguments: Value, **keywords: Value
) -> Value:
    """Call a method of a tensor."""
    if name.endswith("_") and (name[:-1] in SHAPE_METHODS or name == "resize_"):
        raise NotFollowed("a tensor gets another shape")
    if name in SAME or name.endswith("_"):
        if name not in SAME:
            tensor.number = tensor.item = None
        return tensor if not tensor.entries else _copied(tensor)
    if name in _COPIES:
        return _copied(tensor, tensor.entries)
    found = _number_method(machine, tensor, name, arguments)
    if found is not None:
        return found
    rule = SHAPE_METHODS.get(name)
    if name in ("new_zeros", "new_ones", "new_empty"):
        sizes = [keywords["size"]] if "size" in keywords else list(arguments)
        return SymbolicTensor(shape_of(machine, sizes))
    if name in SAME_SHAPE:
        return SymbolicTensor(tensor.shape)
    if tensor.shape is None or rule is None:
        return UNKNOWN if name in ("item", "tolist", "size", "numel") else SymbolicTensor(None)
    return rule(machine, tensor, *arguments, **keywords)


def _copied(tensor: SymbolicTensor, entries: tuple[Value, ...] = ()) -> SymbolicTensor:
    """Return a tensor of the same numbers that is no parameter or buffer."""
    item, number = tensor.item, tensor.number
    return SymbolicTensor(tensor.shape, item=item, number=number, entries=entries)


def _number_method(
    machine: Machine, tensor: SymbolicTensor, name: str, arguments: tuple[Value, ...]
) -> Value:
    """Call a method of a tensor of known numbers; return None if there is no rule."""
    if tensor.number is not None and name in ("item", "tolist", "cumsum"):
        return tensor if name == "cumsum" else tensor.number
    if tensor.item is None or tensor.shape is None:
        return None
    if name == "tolist":
        return _listed(machine, tensor)
    if name == "split" and arguments:
        return _split(machine, tensor, arguments[0])
    return _cumulated(machine, tensor) if name == "cumsum" else None


def _listed(machine: Machine, tensor: SymbolicTensor) -> Value:
    item = tensor.item
    assert item is not None
    turns = machine.iterate(tensor)
    if not isinstance(turns, Turns):
        return [item(i) for i in range(len(turns))]  # type: ignore[arg-type]
    return [machine.repeat_value(turns.count, item)]


def _offset(machine: Machine, item: Callable[[Value], Value], start: Value, at: Value) -> Value:
    """Return the number at an index of a part that starts at another index."""
    return item(machine.operate("+", start, at))


def _cumulated(machine: Machine, tensor: SymbolicTensor) -> SymbolicTensor:
    """Return the cumulative sums of the numbers."""
    item, shape = tensor.item, tensor.shape
    assert item is not None
    assert shape is not None
    (count,) = shape
    if isinstance(count, int):
        whole: Operand = as_expression([item(n) for n in range(count)])
    else:
        whole = as_expression([machine.repeat_value(as_expression(count), item)])

    def total(i: Value) -> Value:
        end = as_expression(machine.operate("+", i, 1))
        part = expression("slice", whole, None, end, None)
        return machine.evaluable(expression("call", "sum", part))

    return SymbolicTensor(shape, item=total)


def _split(machine: Machine, tensor: SymbolicTensor, sizes: Any) -> Value:
    """Return the parts of a range of numbers; None if there is no rule."""
    item = tensor.item
    assert item is not None
    if isinstance(sizes, Symbol):
        whole = sizes.expression

        def part(j: Value) -> SymbolicTensor:
            earlier = expression("slice", whole, None, as_expression(j), None)
            base = Symbol(expression("call", "sum", earlier))
            length = machine.evaluable(expression("[]", whole, as_expression(j)))
            return SymbolicTensor((length,), item=lambda k: item(machine.operate("+", base, k)))

        return Turns(expression("call", "len", whole), part)
    if isinstance(sizes, (list, tuple)) and not has_symbolic_length(sizes):
        if not is_expressible(sizes):
            return None
        parts: list[Value] = []
        base: Value = 0
        for size in sizes:
            parts.append(
                SymbolicTensor((size,), item=functools.partial(_offset, machine, item, base))
            )
            base = machine.operate("+", base, size)
        return parts
    return None
