"""Rules for functions of `torch`: the shapes of their results."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import loop_variable, simplified
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    has_symbolic_length,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.shapes import product, refuse_truth, shape_of
from loracfg.base.derivation.interpreter.stand_ins import functions, tensors
from loracfg.base.derivation.interpreter.tensors import SAME_SHAPE, call_tensor_method
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    Choice,
    GuardedEntry,
    LibraryRaises,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    SymbolicTensor,
    Value,
)

_MOST_DIMENSIONS: Final = 5
_LIKE: Final = frozenset(
    ["zeros_like", "ones_like", "empty_like", "rand_like", "randn_like", "full_like"]
)
_NOTHING: Final = frozenset(
    [
        "no_grad",
        "inference_mode",
        "device",
        "get_default_device",
        "set_grad_enabled",
        "finfo",
        "iinfo",
        "is_available",
        "autocast",
        "get_default_dtype",
        "set_default_dtype",
    ]
)
_AS_METHODS: Final = frozenset(
    [
        "flatten",
        "transpose",
        "permute",
        "unsqueeze",
        "squeeze",
        "reshape",
        "repeat_interleave",
        "sum",
        "mean",
        "prod",
        "numel",
        "t",
    ]
)


def call_torch(
    machine: Machine, name: str, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """Call a function of `torch`."""
    first = arguments[0] if arguments else None
    if isinstance(first, Choice) and (name in _LIKE or name in SAME_SHAPE):
        more = arguments[1:]
        return machine.lift(
            first, lambda value: call_torch(machine, name, [value, *more], keywords)
        )
    if name in _LIKE or name in SAME_SHAPE:
        return SymbolicTensor(first.shape) if isinstance(first, SymbolicTensor) else UNKNOWN
    if name in _AS_METHODS and isinstance(first, SymbolicTensor):
        return call_tensor_method(machine, first, name, *arguments[1:], **keywords)
    if name == "device" and first == "meta":
        return tensors.META
    if name in _NOTHING or "." in name:
        return UNKNOWN
    rule = _FUNCTIONS.get(name)
    return SymbolicTensor(None) if rule is None else rule(machine, *arguments, **keywords)


def _filled(machine: Machine, *sizes: Value, size: Value = None, **_: Value) -> Value:
    given = list(sizes) if size is None else [size]
    if len(given) == 1 and isinstance(given[0], Symbol) and is_sequence(given[0].expression):
        return _of_sequence(machine, given[0].expression, 1)
    shape = shape_of(machine, given)
    if shape is not None:
        refuse_truth(machine, shape[:1])
    return SymbolicTensor(shape)


def _window(machine: Machine, length: Value, *_: Value, **__: Value) -> SymbolicTensor:
    return SymbolicTensor(shape_of(machine, [length]))


_WINDOWS: Final = tuple(f"{name}_window" for name in ("hann", "hamming", "kaiser", "blackman"))


def is_sequence(operand: Operand) -> bool:
    """Return whether an operand is a list or tuple for every config."""
    if not isinstance(operand, Expression):
        return False
    if operand[0] in ("list", "tuple", "slice", "put"):
        return True
    if operand[0] == "call":
        return operand[1] in ("list", "tuple")
    return operand[0] in ("+", "*") and any(is_sequence(part) for part in operand[1:])


def _of_sequence(machine: Machine, sizes: Expression, dims: int) -> Value:
    """Return a tensor with the sizes in a sequence, for each possible length from `dims` on."""
    if dims > _MOST_DIMENSIONS:
        raise NotFollowed("a shape of so many dimensions")

    def known() -> SymbolicTensor:
        return SymbolicTensor(
            shape_of(machine, [as_value(expression("[]", sizes, n)) for n in range(dims)])
        )

    is_so = expression("==", expression("call", "len", sizes), dims)
    return machine.branch(is_so, known, lambda: _of_sequence(machine, sizes, dims + 1))


def _full(machine: Machine, size: Value, *_: Value, **__: Value) -> SymbolicTensor:
    return SymbolicTensor(shape_of(machine, [(size,)] if isinstance(size, int) else [size]))


def parameter(machine: Machine, data: Value, keywords: dict[str, Value]) -> SymbolicTensor:
    """Return a parameter; one that can be trained cannot have integers."""
    if not isinstance(data, SymbolicTensor):
        return SymbolicTensor((0,) if data is None else None, "parameter")
    if keywords.get("requires_grad", True) is True and data.entries:
        *_, last = data.entries
        if isinstance(last, Symbol) and len(data.entries) == 1:
            machine.require(expression("isinst", last.expression, "float"))
        elif all(isinstance(one, int) for one in data.entries):
            raise LibraryRaises("RuntimeError", "only floats can require gradients")
    return SymbolicTensor(data.shape, "parameter")


def _tensor(machine: Machine, data: Value = None, *_: Value, **keywords: Value) -> Value:
    takes_kinds = keywords.get("dtype") is None
    if isinstance(data, SymbolicTensor):
        return data
    if isinstance(data, (int, float)):
        return SymbolicTensor((), number=data, entries=(data,) * takes_kinds)
    if isinstance(data, Symbol):
        operand = data.expression

        def number() -> SymbolicTensor:
            machine.require(expression("isinst", operand, "Number"))
            return SymbolicTensor((), number=data, entries=(data,) * takes_kinds)

        def listed() -> SymbolicTensor:
            _require_numbers(machine, operand)
            length = machine.evaluable(expression("call", "len", operand))
            return SymbolicTensor((length,), item=lambda i: machine.get_item(data, i))

        return machine.branch(expression("isinst", operand, "list", "tuple"), listed, number)
    if isinstance(data, (list, tuple)):
        made = _of_list(machine, data)
        made.entries = tuple(data) * (takes_kinds and not has_symbolic_length(data))
        return made
    return SymbolicTensor(None)


def _of_list(machine: Machine, data: list[Value] | tuple[Value, ...]) -> SymbolicTensor:
    """Create a tensor from a list of numbers."""
    if has_symbolic_length(data):
        if not is_expressible(data) or any(_is_nested(entry) for entry in data):
            return SymbolicTensor(None)
        whole = as_expression(list(data))
        _require_numbers(machine, whole)
        return SymbolicTensor((machine.evaluable(expression("call", "len", whole)),))
    if any(isinstance(entry, (list, tuple)) for entry in data):
        inner = [_tensor(machine, entry) for entry in data]
        return _stack(machine, inner)
    if any(not isinstance(entry, (int, float)) for entry in data):
        for entry in data:
            if isinstance(entry, Symbol):
                machine.require(expression("isinst", entry.expression, "Number"))
            elif entry is None or isinstance(entry, str):
                raise LibraryRaises("TypeError", "no number")
        return SymbolicTensor((len(data),))
    numbers = list(data)
    return SymbolicTensor((len(data),), item=lambda i: machine.get_item(numbers, i))


def _require_numbers(machine: Machine, operand: Operand) -> None:
    """Require that the entries of a list are numbers."""
    index, length = machine.loop_depth, len(machine.path)
    count = expression("call", "len", operand)
    machine.path.add(expression("for", index, count))
    entry = expression("[]", operand, loop_variable(index))
    machine.require(expression("isinst", entry, "Number"))
    machine.path.cut(length)


def _is_nested(entry: Value) -> bool:
    """Return whether an entry of a list is not a number."""
    if isinstance(entry, RepeatedEntries):
        return any(_is_nested(item) for item in entry.items)
    if isinstance(entry, GuardedEntry):
        return _is_nested(entry.value)
    return not isinstance(entry, (int, float, Symbol))


def _arange(machine: Machine, *bounds: Value, **keywords: Value) -> SymbolicTensor:
    given = list(bounds)
    if "start" in keywords or "end" in keywords:
        first = given[0] if given else None
        start = keywords.get("start", first if given and "end" in keywords else 0)
        given = [start, keywords.get("end", first), keywords.get("step", 1)]
    elif "step" in keywords:
        if len(given) < 2:
            raise LibraryRaises("TypeError", "a range has a step, but no start")
        given.append(keywords["step"])
    given = [
        one.number if isinstance(one, SymbolicTensor) and one.number is not None else one
        for one in given
    ]
    if not all(is_expressible(one) for one in given):
        return SymbolicTensor(None)
    numbers = [one for one in given if isinstance(one, (int, float))]
    if len(numbers) == len(given):
        try:
            return SymbolicTensor(functions.arange(*numbers).shape)
        except RuntimeError as error:
            raise LibraryRaises("RuntimeError", str(error)) from error
    return SymbolicTensor((machine.evaluable(expression("arange", *map(as_expression, given))),))


def _linspace(
    machine: Machine, start: Value = 0, end: Value = None, steps: Value = None, **_: Value
) -> SymbolicTensor:
    if not is_expressible(steps):
        return SymbolicTensor(None)
    shape = shape_of(machine, [steps])
    if shape is None or not is_expressible(start) or not is_expressible(end):
        return SymbolicTensor(shape)
    for one in (start, end):
        if isinstance(one, Symbol):
            machine.require(expression("isinst", one.expression, "Number"))
        elif one is None or isinstance(one, str):
            raise LibraryRaises("TypeError", "a range goes between numbers")
    parts = [as_expression(one) for one in (start, end, steps)]

    def item(i: Value) -> Value:
        return machine.evaluable(expression("linspace", *parts, as_expression(i)))

    return SymbolicTensor(shape, item=item)


def _eye(machine: Machine, rows: Value, columns: Value = None, **_: Value) -> SymbolicTensor:
    return SymbolicTensor(shape_of(machine, [rows, rows if columns is None else columns]))


def _known(machine: Machine, parts: Any) -> list[SymbolicTensor] | None:
    """Return tensors of known shapes as a list; None if they are something else."""
    if not isinstance(parts, (list, tuple)) or not parts or has_symbolic_length(parts):
        return None
    found: list[Any] = [
        machine.lift(p, lambda one: one) if isinstance(p, Choice) else p for p in parts
    ]
    if all(isinstance(one, SymbolicTensor) and one.shape is not None for one in found):
        return found
    return None


def _cat(machine: Machine, parts: Value, dim: Value = 0, **_: Value) -> SymbolicTensor:
    found = _known(machine, parts)
    if found is None or not isinstance(dim, int):
        return SymbolicTensor(None)
    shapes = [one.shape for one in found if one.shape is not None]
    dims = len(shapes[0])
    if not dims or any(len(shape) != dims for shape in shapes) or not -dims <= dim < dims:
        return SymbolicTensor(None)
    at = dim % dims
    first = shapes[0]
    if any(shape[n] != first[n] for shape in shapes for n in range(dims) if n != at):
        return SymbolicTensor(None)
    total = first[at]
    for shape in shapes[1:]:
        total = machine.operate("+", total, shape[at])
    return SymbolicTensor((*first[:at], total, *first[at + 1 :]))


def _stack(machine: Machine, parts: Value, dim: Value = 0, **_: Value) -> SymbolicTensor:
    found = _known(machine, parts)
    if found is None or not isinstance(dim, int):
        return SymbolicTensor(None)
    shape = found[0].shape
    assert shape is not None
    if any(one.shape != shape for one in found) or not -len(shape) - 1 <= dim <= len(shape):
        return SymbolicTensor(None)
    at = dim % (len(shape) + 1)
    return SymbolicTensor((*shape[:at], len(found), *shape[at:]))


def _outer(_: Machine, first: Any, second: Any, **__: Any) -> SymbolicTensor:
    both = (first, second)
    if all(isinstance(one, SymbolicTensor) and one.shape and len(one.shape) == 1 for one in both):
        return SymbolicTensor((first.shape[0], second.shape[0]))
    return SymbolicTensor(None)


def _meshgrid(machine: Machine, *parts: Value, indexing: Value = "ij", **_: Value) -> Value:
    if len(parts) == 1 and isinstance(parts[0], (list, tuple)):
        parts = tuple(parts[0])
    found = _known(machine, list(parts))
    if found is None:
        return UNKNOWN
    shape = [product(machine, one.shape or ()) for one in found]
    if indexing == "xy" and len(shape) > 1:
        shape[:2] = shape[1], shape[0]
    return tuple(SymbolicTensor(tuple(shape)) for _one in found)


def _normal(
    machine: Machine,
    *bounds: Value,
    size: Value = None,
    mean: Value = 0.0,
    std: Value = 1.0,
    **_: Value,
) -> SymbolicTensor:
    for one in (*bounds, mean, std):
        if isinstance(one, SymbolicTensor):
            return SymbolicTensor(None)
        if isinstance(one, Symbol):
            machine.require(expression("isinst", one.expression, "Number"))
        elif not isinstance(one, (int, float)):
            raise LibraryRaises("TypeError", "random values have numbers for bounds")
    deviation = bounds[1] if len(bounds) > 1 else std
    machine.require(simplified("<=", 0, as_expression(deviation)))
    if size is not None and not isinstance(size, (list, tuple)):
        raise LibraryRaises("TypeError", "random values have a tuple of sizes")
    return SymbolicTensor(None if size is None else shape_of(machine, [size]))


def _typed(machine: Machine, *arguments: Value, **_: Value) -> Value:
    """Return a tensor like `torch.FloatTensor`."""
    return machine.instantiate(tensors.Tensor, list(arguments), {})


def _where(machine: Machine, *parts: Value, **_: Value) -> SymbolicTensor:
    """Return a tensor of the shape that a condition and two values broadcast to."""
    shape: tuple[Value, ...] = ()
    for one in parts:
        if isinstance(one, SymbolicTensor):
            if one.shape is None:
                return SymbolicTensor(None)
            found = machine.broadcast(shape, one.shape)
            if found.shape is None:
                return found
            shape = found.shape
        elif not isinstance(one, (int, float, Symbol)):
            return SymbolicTensor(None)
    return SymbolicTensor(shape)


_FUNCTIONS: Final[dict[str, Any]] = {
    **dict.fromkeys(("FloatTensor", "LongTensor", "IntTensor", "BoolTensor", "HalfTensor"), _typed),
    "normal": _normal,
    "where": _where,
    **dict.fromkeys(("empty", "zeros", "ones", "rand", "randn"), _filled),
    **dict.fromkeys(("tensor", "as_tensor", "from_numpy"), _tensor),
    **dict.fromkeys(("cat", "concat", "concatenate"), _cat),
    **dict.fromkeys(("outer", "ger"), _outer),
    **dict.fromkeys(_WINDOWS, _window),
    "full": _full,
    "arange": _arange,
    "linspace": _linspace,
    "eye": _eye,
    "stack": _stack,
    "meshgrid": _meshgrid,
}
