"""Stands in for the functions of `torch`, and computes the shapes of their results."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from loracfg.base.derivation.stand_ins.nn import nn
from loracfg.base.derivation.stand_ins.tensors import (
    META,
    MOST_VALUES,
    Tensor,
    broadcast,
    made,
    of_data,
    place,
    sizes,
)
from loracfg.base.derivation.stand_ins.unknown import UndeterminedError, Unknown

_Value = TypeVar("_Value")


def _filled(value: Any) -> Callable[..., Tensor]:
    def make(*shape: Any, size: Any = None, **_: Any) -> Tensor:
        found = sizes(shape if size is None else [size])
        count = math.prod(found)
        known = value is not None and count <= MOST_VALUES
        return made(found, [value] * count if known else None)

    return make


def full(size: int | Sequence[object], fill_value: object, **_: object) -> Tensor:
    return _filled(fill_value if isinstance(fill_value, (int, float)) else None)(*_as_sizes(size))


def _as_sizes(size: Any) -> Any:
    return (size,) if isinstance(size, int) else size


def _like(value: Any) -> Callable[..., Any]:
    def make(tensor: Any, *_: Any, **__: Any) -> Any:
        if isinstance(tensor, Unknown):
            return tensor
        known = value is not None and tensor.numel() <= MOST_VALUES
        return made(tensor.shape, [value] * tensor.numel() if known else None)

    return make


def arange(
    *bounds: float | Unknown,
    start: float | Unknown | None = None,
    end: float | Unknown | None = None,
    step: float | Unknown = 1,
    **_: object,
) -> Tensor | Unknown:
    if start is not None or end is not None:
        bounds = (start or 0, *([end] if end is not None else bounds), step)
    numbers = [one for one in bounds if not isinstance(one, Unknown)]
    if len(numbers) < len(bounds):
        return Unknown("a range")
    if isinstance(step, Unknown):
        raise UndeterminedError("the step of a range is not known")
    first: float = 0
    last, by = numbers[0], step
    if len(numbers) > 1:
        first, last = numbers[:2]
    if len(numbers) > 2:
        by = numbers[2]
    if not by or (last - first) / by < 0:
        raise RuntimeError("a range that does not end")
    count = math.ceil((last - first) / by)
    if count > MOST_VALUES:
        return made((count,))
    return made((count,), lambda: [first + n * by for n in range(count)])


def linspace(
    start: float | Unknown = 0,
    end: float | Unknown = 0,
    steps: object = None,
    *,
    base: object = None,
    **_: object,
) -> Tensor | Unknown:
    if isinstance(start, Unknown) or isinstance(end, Unknown) or isinstance(steps, Unknown):
        return Unknown("a range")
    (count,) = sizes([steps])
    by = (end - start) / (count - 1) if count > 1 else 0.0
    half = count // 2
    values = [
        start + by * n if n < half else end - by * (count - 1 - n)
        for n in range(min(count, MOST_VALUES + 1))
    ]
    return made((count,), values if count != 1 else [start])


def cat(tensors: Iterable[Tensor | Unknown], dim: int = 0, **_: object) -> Tensor | Unknown:
    tensors = list(tensors)
    if not tensors:
        raise RuntimeError("expected a non-empty list of tensors")
    if any(isinstance(one, Unknown) for one in tensors):
        return Unknown("a tensor")
    tensors = [one for one in tensors if one.shape != (0,)]  # torch ignores them
    if not tensors:
        return made((0,))
    shape = list(tensors[0].shape)
    at = place(dim, len(shape))
    for one in tensors:
        if len(one.shape) != len(shape) or any(
            a != b for n, (a, b) in enumerate(zip(one.shape, shape, strict=True)) if n != at
        ):
            raise RuntimeError("sizes of tensors must match")
    shape[at] = sum(one.shape[at] for one in tensors)
    return made(shape)


def stack(
    tensors: Sequence[Tensor | Unknown] | Unknown, dim: int = 0, **_: object
) -> Tensor | Unknown:
    if isinstance(tensors, Unknown) or any(isinstance(one, Unknown) for one in tensors):
        return Unknown("a tensor")
    shape = list(tensors[0].shape)
    if any(one.shape != tensors[0].shape for one in tensors):
        raise RuntimeError("stack expects each tensor to be equal size")
    shape.insert(place(dim, len(shape) + 1), len(tensors))
    return made(shape)


def outer(first: Tensor | Unknown, second: Tensor | Unknown, **_: object) -> Tensor | Unknown:
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return Unknown("a tensor")
    return made((len(first), len(second)))


def eye(rows: object, columns: object = None, **_: object) -> Tensor:
    return made(sizes([rows, rows if columns is None else columns]))


def flatten(value: Tensor | Unknown, start_dim: int = 0, end_dim: int = -1) -> Tensor | Unknown:
    return value if isinstance(value, Unknown) else value.flatten(start_dim, end_dim)


def meshgrid(
    *tensors: Tensor | Unknown | Sequence[Tensor | Unknown], **_: object
) -> tuple[Tensor, ...] | Unknown:
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    shape: list[int] = []
    for one in tensors:
        if isinstance(one, Unknown):
            return Unknown("a grid")
        if not isinstance(one, Tensor):
            raise TypeError(f"{one!r} is no tensor")
        shape.append(one.numel())
    if _.get("indexing") == "xy" and len(shape) > 1:
        shape[:2] = shape[1], shape[0]
    return tuple(made(shape) for _one in tensors)


def product(value: Tensor | Unknown, dim: object = None, **_: object) -> Tensor | Unknown:
    if isinstance(value, Unknown):
        return value
    if dim is not None:
        return Unknown("a product")
    return made((), None if value.values is None else [math.prod(value.values)])


def drawn(*bounds: object, size: object = None, **_: object) -> Tensor | Unknown:
    """Return a tensor of random values."""
    if size is None:
        return Unknown("random values")
    if isinstance(size, int) or not all(isinstance(one, _NUMBERS) for one in bounds):
        raise TypeError("random values have numbers for bounds, and a tuple of sizes")
    return made(sizes([size]))


def normal(mean: object = 0.0, std: object = 1.0, **keywords: object) -> Tensor | Unknown:
    """Return a tensor of normally distributed values."""
    if isinstance(std, (int, float)) and std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")
    return drawn(mean, std, **keywords)


_NUMBERS: Final = (int, float, Tensor, Unknown)


def same(value: _Value, *_: object, **__: object) -> _Value | Tensor:
    """Return a tensor of the same shape."""
    return made(value.shape) if isinstance(value, Tensor) else value


def where(condition: object, *others: object) -> Tensor | Unknown:
    if not others:
        return Unknown("where")
    found = (condition, *others)
    if any(isinstance(one, Unknown) for one in found):
        return Unknown("a tensor")
    shape: tuple[int, ...] = ()
    for one in found:
        if isinstance(one, Tensor):
            shape = broadcast(shape, one.shape)
    return made(shape)


def _mapped(compute: Callable[[Any], Any]) -> Callable[..., Any]:
    def apply(value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, Tensor):
            return Unknown("a tensor")
        if value.known is None:
            return made(value.shape)

        def computed() -> list[Any] | None:
            try:
                return [compute(one) for one in value.values or ()]
            except (ArithmeticError, ValueError, TypeError):
                return None

        return made(value.shape, computed)

    return apply


class _Size(tuple[int, ...]):
    __slots__ = ()


class _Context:
    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def __call__(self, function: Any) -> Any:
        return function


class _Backends:
    """The module `torch.backends`, which only affects how numbers are stored."""

    class mps:  # noqa: N801
        is_available = staticmethod(lambda: False)

    def __getattr__(self, name: str) -> Any:
        return Unknown(f"torch.backends.{name}")


class _Compiler:
    """The module `torch.jit`: nothing is ever compiled or traced."""

    is_tracing = is_scripting = staticmethod(lambda: False)
    script = ignore = unused = export = staticmethod(lambda function: function)


class Torch:
    """The module `torch`."""

    jit = _Compiler
    nn = nn

    Tensor = FloatTensor = LongTensor = IntTensor = BoolTensor = Tensor
    Size = _Size
    empty = rand = randn = staticmethod(_filled(None))
    zeros = staticmethod(_filled(0))
    ones = staticmethod(_filled(1))
    full = staticmethod(full)
    zeros_like = staticmethod(_like(0))
    ones_like = staticmethod(_like(1))
    empty_like = rand_like = randn_like = staticmethod(_like(None))
    tensor = as_tensor = staticmethod(of_data)
    arange = staticmethod(arange)
    linspace = staticmethod(linspace)
    cat = concat = concatenate = staticmethod(cat)
    stack = staticmethod(stack)
    outer = ger = staticmethod(outer)
    eye = staticmethod(eye)
    flatten = staticmethod(flatten)
    meshgrid = staticmethod(meshgrid)
    where = staticmethod(where)
    from_numpy = staticmethod(of_data)
    kaiser_window = staticmethod(lambda length, **_: made(sizes([length])))
    sinc = staticmethod(same)
    backends = _Backends()
    clamp = tril = triu = abs = round = floor = ceil = staticmethod(same)
    tanh = sigmoid = softmax = expm1 = staticmethod(same)
    pow = staticmethod(lambda a, b: a**b)
    cumsum = staticmethod(lambda a, dim=0, **_: a.cumsum(dim))
    maximum = minimum = staticmethod(lambda a, b: a + b)
    split = staticmethod(lambda a, size, dim=0: a.split(size, dim))
    unsqueeze = staticmethod(lambda a, dim: a.unsqueeze(dim))
    sum = staticmethod(lambda a, *args, **keywords: a.sum(*args, **keywords))
    prod = staticmethod(product)
    normal = staticmethod(normal)
    randint = staticmethod(drawn)
    get_default_device = staticmethod(lambda: META)
    randperm = staticmethod(lambda n, **__: made(sizes([n])))
    cos = staticmethod(_mapped(math.cos))
    sin = staticmethod(_mapped(math.sin))
    log = staticmethod(_mapped(math.log))
    exp = staticmethod(_mapped(math.exp))
    sqrt = staticmethod(_mapped(math.sqrt))
    log2 = staticmethod(_mapped(math.log2))
    no_grad = inference_mode = staticmethod(_Context)
    device = staticmethod(lambda *_: META)
    finfo = staticmethod(lambda *_: Unknown("torch.finfo"))

    def __getattr__(self, name: str) -> Any:
        return Unknown(f"torch.{name}")


torch: Final = Torch()

STANDS_FOR: Final = ("torch",)
"""Names that transcripts import from here besides classes and functions."""
