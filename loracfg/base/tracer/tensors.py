"""Follows the sizes of tensors through torch's functions: which expression each dimension has.

A tensor carries `shape_expression`, a size for each dimension: a symbol or a plain number. Each
rule computes sizes from those of its arguments; where the numbers are not those of the tensor that
torch made, or no rule is known, dimensions are matched by their numbers, or lose their expression.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from loracfg.base.tracer.recorder import recorder
from loracfg.base.tracer.stand_ins import TracedMath, TracedType, traced_len
from loracfg.base.tracer.symbols import SymFloat, SymInt, expression_of, plain, symbol

Sizes = tuple[Any, ...]


def shapes_mode() -> Any:
    """Return a context in which tensors are made with the expressions of their sizes."""
    import torch
    from torch.overrides import TorchFunctionMode

    shape = torch.Tensor.shape  # type: ignore[attr-defined]

    class Shapes(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            kwargs = kwargs or {}
            name = getattr(func, "__name__", "")
            if name == "__get__" and getattr(func, "__self__", None) is shape:
                return _shape_read(args[0], func(*args))
            if name in _READERS:
                return _READERS[name](func, args, kwargs)
            result = func(*_plain_arguments(args), **_plain_arguments(kwargs))
            with recorder.paused():
                _note(name, args, kwargs, result)
            return result

    return Shapes()


def sizes_of(tensor: Any) -> Sizes:
    """Return the sizes of a tensor, as symbols where they are known."""
    known: Sizes | None = getattr(tensor, "shape_expression", None)
    if known is not None and len(known) == tensor.dim():
        return known
    return tuple(tensor.shape)


def _shape_read(tensor: Any, read: Any) -> Any:
    return tuple(sizes_of(tensor)) if hasattr(tensor, "shape_expression") else read


def _size(func: Any, args: Any, kwargs: Any) -> Any:
    read = _shape_read(args[0], func(args[0]))
    at = plain(args[1] if len(args) > 1 else kwargs.get("dim"))
    return read if at is None else read[at]


def _length(func: Any, args: Any, kwargs: Any) -> int:
    return int(func(*args))


def _numel(func: Any, args: Any, kwargs: Any) -> Any:
    return product(sizes_of(args[0]))


_READERS: Final[dict[str, Callable[[Any, Any, Any], Any]]] = {
    "size": _size,
    "numel": _numel,
    "nelement": _numel,
    "__len__": _length,
}


def product(sizes: Sequence[Any]) -> Any:
    """Return the number of items of a tensor of some sizes."""
    made: Any = 1
    for size in sizes:
        made = size if type(made) is int and made == 1 else made * size
    return made


def _plain_arguments(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain_arguments(item) for item in list.__iter__(value)]
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return type(value)([_plain_arguments(item) for item in value])
    if isinstance(value, dict):
        return {key: _plain_arguments(item) for key, item in value.items()}
    return plain(value)


def _note(name: str, args: Any, kwargs: Any, result: Any) -> None:
    """Give what a function made the sizes that follow from its arguments."""
    import torch

    if isinstance(result, torch.Tensor):
        sizes = _ruled(name, args, kwargs, result)
        if sizes is None or not _fits(sizes, result):
            sizes = _matched(args, result)
        if sizes is not None:
            result.shape_expression = tuple(sizes)  # type: ignore[attr-defined]
    elif isinstance(result, (list, tuple)):
        for number, one in enumerate(result):
            if isinstance(one, torch.Tensor):
                made = _ruled(name, args, kwargs, one, number)
                if made is None or not _fits(made, one):
                    made = _matched(args, one)
                if made is not None:
                    one.shape_expression = tuple(made)  # type: ignore[attr-defined]


def _fits(sizes: Sequence[Any], result: Any) -> bool:
    return tuple(plain(size) for size in sizes) == tuple(result.shape)


def _ruled(
    name: str, args: Any, kwargs: Any, result: Any, number: int | None = None
) -> Sequence[Any] | None:
    rule = _RULES.get(name)
    try:
        if rule is not None:
            return rule(args, kwargs, result)
        if name in ("split", "chunk", "unbind", "tensor_split") and number is not None:
            return _part(name, args, kwargs, result, number)
        if name == "meshgrid":
            given = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
            sizes = [sizes_of(one)[0] if one.dim() else 1 for one in given]
            turned = kwargs.get("indexing", "ij") == "xy" and len(sizes) > 1
            return [sizes[1], sizes[0], *sizes[2:]] if turned else sizes
        return _broadcast(args, result)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError):
        return None


def _tensors(args: Any) -> list[Any]:
    import torch

    found = []
    for argument in args:
        if isinstance(argument, torch.Tensor):
            found.append(argument)
        elif isinstance(argument, (list, tuple)):
            found += _tensors(argument)
    return found


def _broadcast(args: Any, result: Any) -> Sequence[Any] | None:
    """Return the sizes of what is made item by item."""
    made: list[Any] = [1] * result.dim()
    sources = [sizes_of(one) for one in _tensors(args)]
    if not any(isinstance(size, SymInt) for sizes in sources for size in sizes):
        return None
    for sizes in sources:
        for at, size in enumerate(reversed(sizes)):
            place = -1 - at
            if plain(made[place]) == 1 or (
                isinstance(size, SymInt) and not isinstance(made[place], SymInt)
            ):
                made[place] = size
    return made


def _matched(args: Any, result: Any) -> Sequence[Any] | None:
    """Take sizes from the tensors that a result was made of, where numbers tell them apart."""
    known: dict[int, Any] = {}
    for source in _tensors(args):
        for size in sizes_of(source):
            if isinstance(size, SymInt):
                known[plain(size)] = size
    if not known:
        return None
    dims = tuple(result.shape)
    if all(dim == 1 or dim in known for dim in dims):
        return [1 if dim == 1 else known[dim] for dim in dims]
    return None


def _given(args: Any) -> Sequence[Any]:
    if len(args) == 1 and not isinstance(args[0], int):
        return list(args[0])
    return args


def _named(args: Any, kwargs: Any, at: int, name: str, default: Any) -> Any:
    return args[at] if len(args) > at else kwargs.get(name, default)


def _new(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    given = kwargs.get("size", args)
    return _given((given,)) if given is not args else _given(args)


def _new_method(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return _new(args[1:], kwargs, result)


def _full(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return _given((_named(args, kwargs, 0, "size", ()),))


def _randint(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    given = kwargs.get("size") or next(a for a in args if isinstance(a, (list, tuple)))
    return list(given)


def _alike(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return sizes_of(args[0])


def _arange(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    given = [*args, *(kwargs[k] for k in ("start", "end", "step") if k in kwargs)]
    start, stop, step = 0, given[0], 1
    if len(given) > 1:
        start, stop = given[:2]
    if len(given) > 2:
        step = given[2]
    if plain(start) == 0 and plain(step) == 1 and isinstance(stop, int):
        return [stop]
    parts = tuple(expression_of(part) for part in (start, stop, step))
    if not any(isinstance(part, (SymInt, SymFloat)) for part in (start, stop, step)):
        return list(result.shape)
    if any(isinstance(part, float) for part in (start, stop, step)):
        count = math.ceil((plain(stop) - plain(start)) / plain(step))
        difference = parts[1] if plain(start) == 0 else ("sub", parts[1], parts[0])
        return [symbol(count, ("ceil", ("truediv", difference, parts[2])))]
    return [symbol(len(range(plain(start), plain(stop), plain(step))), ("span", *parts))]


def _linspace(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return [_named(args, kwargs, 2, "steps", None)]


def _eye(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return [args[0], _named(args, kwargs, 1, "m", args[0])]


def _data(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    made: list[Any] = []
    value = args[0]
    while isinstance(value, (list, tuple)):
        made.append(traced_len(value))
        value = plain(value)[0]
    return made


def _cat(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    dim = plain(_named(args, kwargs, 1, "dim", kwargs.get("axis", 0)))
    parts = [sizes_of(one) for one in args[0] if one.dim() == result.dim()]
    made = list(max(parts, key=lambda sizes: sum(isinstance(s, SymInt) for s in sizes)))
    made[dim] = parts[0][dim]
    for sizes in parts[1:]:
        made[dim] = made[dim] + sizes[dim]
    return made


def _stack(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    dim = plain(_named(args, kwargs, 1, "dim", 0)) % result.dim()
    made = list(sizes_of(args[0][0]))
    return [*made[:dim], traced_len(args[0]), *made[dim:]]


def _normal(args: Any, kwargs: Any, result: Any) -> Sequence[Any] | None:
    given = _named(args, kwargs, 2, "size", None)
    return _broadcast(args, result) if given is None else list(given)


def _reshape(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    wanted = list(_given((kwargs["shape"],)) if "shape" in kwargs else _given(args[1:]))
    known = [size for size in wanted if plain(size) != -1]
    if len(known) == len(wanted):
        return wanted
    total, rest = product(sizes_of(args[0])), product(known)
    missing = total if plain(rest) == 1 else total // rest
    return [missing if plain(size) == -1 else size for size in wanted]


def _flatten(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    sizes = sizes_of(args[0])
    start = plain(_named(args, kwargs, 1, "start_dim", 0)) % len(sizes)
    end = plain(_named(args, kwargs, 2, "end_dim", -1)) % len(sizes)
    return [*sizes[:start], product(sizes[start : end + 1]), *sizes[end + 1 :]]


def _unsqueeze(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    made = list(sizes_of(args[0]))
    dim = plain(_named(args, kwargs, 1, "dim", 0)) % result.dim()
    return [*made[:dim], 1, *made[dim:]]


def _squeeze(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    sizes = list(sizes_of(args[0]))
    dim = plain(_named(args, kwargs, 1, "dim", None))
    if dim is None:
        return [size for size in sizes if plain(size) != 1]
    if plain(sizes[dim]) == 1:
        del sizes[dim]
    return sizes


def _transpose(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    sizes = list(sizes_of(args[0]))
    first, second = (
        plain(_named(args, kwargs, at, name, default))
        for at, name, default in ((1, "dim0", 0), (2, "dim1", 1))
    )
    sizes[first], sizes[second] = sizes[second], sizes[first]
    return sizes


def _turned(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return sizes_of(args[0])[::-1]


def _permute(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    order = kwargs.get("dims") or _given(args[1:])
    return [sizes_of(args[0])[plain(at)] for at in order]


def _expand(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    wanted = list(_given(args[1:]))
    own = [1] * (len(wanted) - args[0].dim()) + list(sizes_of(args[0]))
    return [o if plain(w) == -1 else w for w, o in zip(wanted, own, strict=True)]


def _repeat(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    times = list(_given(args[1:]))
    own = [1] * (len(times) - args[0].dim()) + list(sizes_of(args[0]))
    times = [1] * (len(own) - len(times)) + times
    return [
        o if plain(t) == 1 else t if plain(o) == 1 else o * t
        for t, o in zip(times, own, strict=True)
    ]


def _repeat_interleave(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    times = _named(args, kwargs, 1, "repeats", None)
    dim = plain(_named(args, kwargs, 2, "dim", None))
    if dim is None:
        return [product(sizes_of(args[0])) * times]
    sizes = list(sizes_of(args[0]))
    sizes[dim] = sizes[dim] * times
    return sizes


def _outer(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return [sizes_of(args[0])[0], sizes_of(args[1])[0]]


def _matmul(args: Any, kwargs: Any, result: Any) -> Sequence[Any] | None:
    left, right = sizes_of(args[0]), sizes_of(args[1])
    if len(left) < 2 or len(right) < 2:
        return None
    batch = max((left[:-2], right[:-2]), key=len)
    return [*batch, left[-2], right[-1]]


def _einsum(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    before, after = args[0].replace(" ", "").split("->")
    known: dict[str, Any] = {}
    for letters, one in zip(before.split(","), _tensors(args[1:]), strict=True):
        known |= dict(zip(letters, sizes_of(one), strict=True))
    return [known[letter] for letter in after]


def _reduced(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    sizes = sizes_of(args[0])
    dim = plain(_named(args, kwargs, 1, "dim", None))
    if dim is None:
        return [1] * result.dim()
    dims = {d % len(sizes) for d in ([dim] if isinstance(dim, int) else dim)}
    if result.dim() == len(sizes):
        return [1 if at in dims else size for at, size in enumerate(sizes)]
    return [size for at, size in enumerate(sizes) if at not in dims]


def _item(args: Any, kwargs: Any, result: Any) -> Sequence[Any] | None:
    """Return the sizes that indexing leaves; of tensors as indices, one alone."""
    index = args[1] if isinstance(args[1], tuple) else (args[1],)
    sizes = list(sizes_of(args[0]))
    taken = sum(1 for one in index if one is not None and one is not Ellipsis)
    made: list[Any] = []
    at = 0
    for one in index:
        if one is None:
            made.append(1)
        elif one is Ellipsis:
            rest = len(sizes) - taken
            made += sizes[at : at + rest]
            at += rest
        elif isinstance(one, slice):
            made.append(_sliced(sizes[at], one))
            at += 1
        elif isinstance(one, int):
            at += 1
        elif isinstance(one, (list, tuple)):
            made.append(len(one))
            at += 1
        else:
            made += sizes_of(one)
            at += 1
    return [*made, *sizes[at:]]


def _sliced(size: Any, part: slice) -> Any:
    given = (part.start, part.stop, part.step)
    bounds = slice(*(plain(one) for one in given)).indices(plain(size))
    count = len(range(*bounds))
    if count == plain(size) and all(one is None or not isinstance(one, SymInt) for one in given):
        whole = part.stop is None and not part.start and part.step in (None, 1)
        if whole:
            return size
    values = ("slots", expression_of(size), *(expression_of(one) for one in given))
    return (
        symbol(count, values) if any(isinstance(one, SymInt) for one in (size, *given)) else count
    )


def _part(name: str, args: Any, kwargs: Any, result: Any, number: int) -> Sequence[Any]:
    sizes = list(sizes_of(args[0]))
    if name == "unbind":
        dim = plain(_named(args, kwargs, 1, "dim", 0)) % len(sizes)
        return [size for at, size in enumerate(sizes) if at != dim]
    how = _named(args, kwargs, 1, "split_size" if name == "split" else "chunks", None)
    dim = plain(_named(args, kwargs, 2, "dim", 0))
    if isinstance(how, (list, tuple)):
        sizes[dim] = list(how)[number]
    elif name == "split":
        sizes[dim] = how
    else:
        sizes[dim] = sizes[dim] // how
    return sizes


def _padded(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    sizes = list(sizes_of(args[0]))
    pads = list(_named(args, kwargs, 1, "pad", ()))
    for at in range(len(pads) // 2):
        sizes[-1 - at] = sizes[-1 - at] + pads[2 * at] + pads[2 * at + 1]
    return sizes


def _one_hot(args: Any, kwargs: Any, result: Any) -> Sequence[Any]:
    return [*sizes_of(args[0]), _named(args, kwargs, 1, "num_classes", result.shape[-1])]


_RULES: Final[dict[str, Callable[[Any, Any, Any], Sequence[Any] | None]]] = {
    **dict.fromkeys(("empty", "zeros", "ones", "rand", "randn", "FloatTensor"), _new),
    **dict.fromkeys(("new_zeros", "new_ones", "new_empty"), _new_method),
    **dict.fromkeys(
        (
            *("empty_like", "zeros_like", "ones_like", "rand_like", "randn_like", "full_like"),
            *("to", "float", "long", "int", "half", "bool", "type", "type_as", "clone", "detach"),
            *("contiguous", "triu", "tril", "flip", "roll", "cumsum", "cumprod", "softmax"),
            *("double", "cpu", "cuda", "requires_grad_", "argsort", "sort"),
        ),
        _alike,
    ),
    "full": _full,
    "normal": _normal,
    "randint": _randint,
    "randperm": lambda args, kwargs, result: [args[0]],
    "arange": _arange,
    "linspace": _linspace,
    "logspace": _linspace,
    "eye": _eye,
    "tensor": _data,
    "as_tensor": _data,
    **dict.fromkeys(("cat", "concat", "concatenate"), _cat),
    "stack": _stack,
    **dict.fromkeys(("reshape", "view"), _reshape),
    **dict.fromkeys(("flatten", "ravel"), _flatten),
    "unsqueeze": _unsqueeze,
    "squeeze": _squeeze,
    **dict.fromkeys(("transpose", "swapaxes", "swapdims", "t"), _transpose),
    "permute": _permute,
    "expand": _expand,
    "expand_as": lambda args, kwargs, result: sizes_of(args[1]),
    **dict.fromkeys(("repeat", "tile"), _repeat),
    "repeat_interleave": _repeat_interleave,
    **dict.fromkeys(("outer", "ger"), _outer),
    **dict.fromkeys(("matmul", "mm", "bmm", "__matmul__"), _matmul),
    "einsum": _einsum,
    **dict.fromkeys(("sum", "mean", "max", "min", "any", "all", "argmax", "prod"), _reduced),
    "__getitem__": _item,
    "pad": _padded,
    "one_hot": _one_hot,
}


def stand_ins() -> dict[int, Any]:
    """Return what stands in for modules that modelling code imports, by the module's `id`."""
    import torch

    class Tensor(metaclass=TracedType):
        cast = torch.Tensor

        def __new__(cls, *args: Any) -> Any:  # the one constructor that no mode sees
            made = torch.Tensor(*_plain_arguments(args))
            sizes = _given(args) if args and isinstance(args[0], int) else ()
            if sizes and _fits(sizes, made):
                made.shape_expression = tuple(sizes)  # type: ignore[attr-defined]
            return made

    class Torch:
        """Stands in for the module `torch`."""

        def __getattr__(self, name: str) -> Any:
            return Tensor if name in ("Tensor", "FloatTensor") else getattr(torch, name)

    return {id(math): TracedMath(), id(torch): Torch()}
