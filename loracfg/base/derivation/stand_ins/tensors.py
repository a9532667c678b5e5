"""Stands in for `torch.Tensor`: a shape, and values if they come from a range or from data."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from loracfg.base.derivation.stand_ins.unknown import UndeterminedError, Unknown

Values = list[float] | Callable[[], list[float] | None] | None
"""The values of a tensor, or a function that computes them when needed; None if unknown."""

MOST_VALUES: Final = 4096
"""The size of the largest tensor whose values are known."""


def sizes(shape: Sequence[object]) -> tuple[int, ...]:
    """Return sizes that are given one by one or as one sequence.

    Raises:
        UndeterminedError: if one is unknown.
        TypeError: if one is not an integer.
        RuntimeError: if one is negative, or they are too large.
    """
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    if len(shape) and isinstance(shape[0], bool):  # torch only checks the first one
        raise TypeError(f"{shape[0]} is no size")
    found: list[int] = []
    for size in shape:
        if isinstance(size, (Unknown, Tensor)):
            raise UndeterminedError("a size is not known")
        if type(size) is not int and not isinstance(size, int):
            raise TypeError(f"{size!r} is no size")
        if size < 0:
            raise RuntimeError(f"{size} is no size")
        found.append(int(size))
    if math.prod(filter(None, found)) > _MOST_NUMBERS:
        raise RuntimeError("a tensor is too large")
    return tuple(found)


_MOST_NUMBERS: Final = (2**63 - 1) // 4
"""The number of 32-bit values that a torch tensor may have on any device."""


class Device:
    """The meta device, on which all modules are created."""

    type = "meta"
    index = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) or other == "meta"

    def __hash__(self) -> int:
        return hash("meta")


META: Final = Device()


def made(shape: Sequence[int] = (), values: Values = None) -> Tensor:
    """Return a tensor of a shape, with values or a function that computes them when needed."""
    new: Tensor = object.__new__(Tensor)
    new.shape = tuple(shape)
    new.known = values if not isinstance(values, list) or len(values) <= MOST_VALUES else None
    return new


class Tensor:
    """A tensor: `shape`, and its values in order if they are known."""

    shape: tuple[int, ...]
    known: Values = None
    is_unknown = False

    @property
    def values(self) -> list[float] | None:
        """The values in order; None if unknown."""
        if callable(self.known):
            self.known = self.known()
        return self.known

    @values.setter
    def values(self, values: list[float] | None) -> None:
        self.known = values

    def __init__(self, *data: Any, **_: Any) -> None:
        """Create a tensor like `torch.Tensor`: from sizes, or from values."""
        if len(data) == 1 and not isinstance(data[0], int):
            found = of_data(data[0])
            if isinstance(found, Unknown):
                raise UndeterminedError("a tensor is not known")
            self.shape, self.values = found.shape, found.values
        else:
            self.shape, self.values = (sizes(data) if data else (0,)), None

    @property
    def device(self) -> Device:
        return META

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _SAME:
            return lambda *_, **__: self
        if name in _NEW:
            return lambda *_, **__: made(self.shape)
        if name.endswith("_"):
            self.values = None
            return lambda *_, **__: self
        return Unknown(f"tensor.{name}")

    @property
    def data(self) -> Tensor:
        return self

    @data.setter
    def data(self, value: Tensor | Unknown) -> None:
        if isinstance(value, Unknown):
            self.is_unknown = True
        else:
            self.shape = value.shape

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def numel(self) -> int:
        return math.prod(self.shape)

    def item(self) -> float:
        if self.values is None or len(self.values) != 1:
            raise UndeterminedError("a value of a tensor is not known")
        return self.values[0]

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def unsqueeze(self, dim: int) -> Tensor:
        shape = list(self.shape)
        shape.insert(place(dim, len(shape) + 1), 1)
        return made(shape, self.values)

    def _compute(self, *_: Any) -> Any:
        return Unknown("what a tensor computes")

    __getitem__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _compute
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _compute
    __pow__ = __rpow__ = __matmul__ = __and__ = __gt__ = __lt__ = __ge__ = __le__ = _compute
    __neg__ = __invert__ = _compute


_NEW: Final = (
    *("clamp", "abs", "cos", "sin", "exp", "log", "sqrt", "round", "floor", "tril", "triu"),
    *("masked_fill", "tanh", "sigmoid"),
)
_SAME: Final = (
    *("to", "float", "long", "int", "half", "bool", "double", "clone", "detach", "contiguous"),
    *("cpu", "cuda", "requires_grad_", "type", "type_as"),
)


def place(dim: int, count: int) -> int:
    """Return the index of a dimension, which may count from the end."""
    if not -count <= dim < count:
        raise IndexError("dimension out of range")
    return dim % count


def broadcast(first: Sequence[int], second: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that two shapes broadcast to."""
    length = max(len(first), len(second))
    left = [1] * (length - len(first)) + list(first)
    right = [1] * (length - len(second)) + list(second)
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right, strict=True)):
        raise RuntimeError(f"{first} and {second} do not go together")
    return tuple(b if a == 1 else a for a, b in zip(left, right, strict=True))


def of_data(data: object, **_: object) -> Tensor | Unknown:
    if isinstance(data, (Tensor, Unknown)):
        return data
    shape: list[int] = []
    at = data
    while isinstance(at, (list, tuple)):
        shape.append(len(at))
        if not at:
            break
        at = at[0]
    values: list[Any] = []

    def walk(value: Any, depth: int) -> None:
        if isinstance(value, (list, tuple)) != (depth < len(shape)):
            raise TypeError("expected sequences of equal depth")
        if depth == len(shape):
            values.append(value)
            return
        if len(value) != shape[depth]:
            raise ValueError("expected sequences of equal length")
        for one in value:
            walk(one, depth + 1)

    walk(data, 0)
    if any(isinstance(value, Unknown) for value in values):
        return Unknown("a tensor")
    if any(isinstance(value, Tensor) for value in values):
        return made([*shape, *values[0].shape])
    if not all(isinstance(value, (int, float)) for value in values):
        raise TypeError("a tensor has numbers")
    return made(shape, values)
