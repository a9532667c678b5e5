"""Stands in for `torch.Tensor`: a shape, and values only where a range makes them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from loracfg.base.derivation.stand_ins.unknown import UndeterminedError, Unknown

Values = list[Any] | Callable[[], list[Any] | None] | None
"""Values of a tensor, or what computes them once they are asked for; None where nobody knows."""

MOST_VALUES: Final = 4096
"""Largest tensor whose values are followed."""


def sizes(shape: Sequence[Any]) -> tuple[int, ...]:
    """Return sizes given one by one or as one sequence.

    Raises:
        UndeterminedError: if one is not known.
        TypeError: if one is no integer.
        RuntimeError: if one is negative, or they are too large.
    """
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    if len(shape) and isinstance(shape[0], bool):  # torch looks at the first one only
        raise TypeError(f"{shape[0]} is no size")
    for size in shape:
        if isinstance(size, (Unknown, Tensor)):
            raise UndeterminedError("a size is not known")
        if type(size) is not int and not isinstance(size, int):
            raise TypeError(f"{size!r} is no size")
        if size < 0:
            raise RuntimeError(f"{size} is no size")
    if math.prod(filter(None, shape)) > _MOST_NUMBERS:
        raise RuntimeError("a tensor is too large")
    return tuple(int(size) for size in shape)


_MOST_NUMBERS: Final = (2**63 - 1) // 4
"""So many numbers of 32 bits a tensor of torch may have, on whichever device."""


class Device:
    """The meta device, on which all modules are made."""

    type = "meta"
    index = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) or other == "meta"

    def __hash__(self) -> int:
        return hash("meta")


META: Final = Device()


def made(shape: Sequence[int] = (), values: Values = None) -> Tensor:
    """Return a tensor of a shape; its values may be given by what computes them when asked."""
    new: Tensor = object.__new__(Tensor)
    new.shape = tuple(shape)
    new.known = values if not isinstance(values, list) or len(values) <= MOST_VALUES else None
    return new


class Tensor:
    """A tensor: `shape`, and its values in order where they are known."""

    shape: tuple[int, ...]
    known: Values = None
    is_unknown = False

    @property
    def values(self) -> list[Any] | None:
        """The values in order, None where they are not known."""
        if callable(self.known):
            self.known = self.known()
        return self.known

    @values.setter
    def values(self, values: list[Any] | None) -> None:
        self.known = values

    def __init__(self, *data: Any, **_: Any) -> None:
        """Make one as `torch.Tensor` does: of sizes, or of values."""
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
    def data(self, value: Any) -> None:
        if isinstance(value, Unknown):
            self.is_unknown = True
        else:
            self.shape = value.shape

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def dim(self) -> int:
        return len(self.shape)

    def size(self, dim: int | None = None) -> Any:
        return self.shape if dim is None else self.shape[dim]

    def numel(self) -> int:
        return math.prod(self.shape)

    def item(self) -> Any:
        if self.values is None or len(self.values) != 1:
            raise UndeterminedError("a value of a tensor is not known")
        return self.values[0]

    def tolist(self) -> Any:
        if self.values is None:
            raise UndeterminedError("the values of a tensor are not known")
        return _nested(self.values, self.shape)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return iter([self[n] for n in range(len(self))])

    def __bool__(self) -> bool:
        return bool(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __index__(self) -> int:
        return self.item().__index__()  # type: ignore[no-any-return]

    def __getitem__(self, index: Any) -> Any:
        parts = list(index) if isinstance(index, tuple) else [index]
        if any(not isinstance(p, (int, slice, type(None), type(...))) for p in parts):
            return Unknown("a part of a tensor")
        if ... in parts:
            at = parts.index(...)
            given = sum(p is not None for p in parts) - 1
            parts[at : at + 1] = [slice(None)] * (len(self.shape) - given)
        kept: list[int] = []
        rest = list(self.shape)
        for part in parts:
            if part is None:
                kept.append(1)
                continue
            size = rest.pop(0)
            if isinstance(part, slice):
                kept.append(len(range(*part.indices(size))))
            elif not -size <= part < size:
                raise IndexError("index out of range")
        values = None
        if self.values is not None and len(self.shape) == 1 and len(parts) == 1:
            found = self.values[parts[0]] if parts[0] is not None else self.values
            values = found if isinstance(found, list) else [found]
        return made([*kept, *rest], values)

    def __setitem__(self, index: Any, value: Any) -> None:
        self.values = None
        part = self[index]
        are_known = isinstance(part, Tensor) and isinstance(value, Tensor)
        if are_known and broadcast(part.shape, value.shape) != part.shape:
            raise RuntimeError(f"{value.shape} does not go into {part.shape}")

    def view(self, *shape: Any) -> Any:
        if len(shape) == 1 and not isinstance(shape[0], (int, tuple, list)):
            return self
        wanted = list(shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape)
        if -1 in wanted:
            known = math.prod(n for n in wanted if n != -1)
            if not known:
                raise RuntimeError(f"{self.shape} cannot be viewed as {wanted}")
            wanted[wanted.index(-1)] = self.numel() // known
        found = sizes(wanted)
        if math.prod(found) != self.numel():
            raise RuntimeError(f"{self.shape} cannot be viewed as {found}")
        return made(found, self.values)

    reshape = view

    def expand(self, *shape: Any) -> Tensor:
        wanted = list(shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape)
        before = len(wanted) - len(self.shape)
        own = [1] * before + list(self.shape)
        if any(w != -1 and o not in (1, w) for o, w in zip(own, wanted, strict=True)) or any(
            w < (0 if n < before else -1) for n, w in enumerate(wanted)
        ):
            raise RuntimeError(f"{self.shape} cannot be expanded to {wanted}")
        return made([o if w == -1 else w for o, w in zip(own, wanted, strict=True)])

    def repeat(self, *times: Any) -> Tensor:
        factors = sizes(times)
        own = [1] * (len(factors) - len(self.shape)) + list(self.shape)
        return made([o * f for o, f in zip(own, factors, strict=True)])

    def repeat_interleave(self, repeats: Any, dim: int | None = None, **_: Any) -> Any:
        if isinstance(repeats, (Unknown, Tensor)):
            return Unknown("a tensor of repeated values")
        if dim is None:
            return made([self.numel() * sizes([repeats])[0]])
        shape = list(self.shape)
        shape[dim] *= sizes([repeats])[0]
        return made(shape)

    def new_zeros(self, *shape: Any, size: Any = None, **_: Any) -> Tensor:
        return made(sizes(shape if size is None else [size]))

    new_ones = new_empty = new_zeros

    def unsqueeze(self, dim: int) -> Tensor:
        shape = list(self.shape)
        shape.insert(place(dim, len(shape) + 1), 1)
        return made(shape, self.values)

    def squeeze(self, dim: int | None = None) -> Tensor:
        if dim is None:
            return made([n for n in self.shape if n != 1], self.values)
        at = place(dim, len(self.shape))
        return made([n for k, n in enumerate(self.shape) if k != at or n != 1], self.values)

    def transpose(self, first: int, second: int) -> Tensor:
        shape = list(self.shape)
        shape[first], shape[second] = shape[second], shape[first]
        return made(shape)

    def permute(self, *dims: Any) -> Tensor:
        order = dims[0] if len(dims) == 1 and not isinstance(dims[0], int) else dims
        if sorted(place(d, len(self.shape)) for d in order) != [*range(len(self.shape))]:
            raise RuntimeError(f"{order} is no order of the dimensions")
        return made([self.shape[d] for d in order])

    def t(self) -> Tensor:
        return made(self.shape[::-1])

    T = property(t)

    def flatten(self, start: int = 0, end: int = -1) -> Tensor:
        start, last = place(start, len(self.shape)), place(end, len(self.shape))
        if start > last:
            raise RuntimeError("start_dim cannot come after end_dim")
        inner = math.prod(self.shape[start : last + 1])
        return made([*self.shape[:start], inner, *self.shape[last + 1 :]], self.values)

    def sum(self, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
        if dim is not None:
            return self._without(dim, keepdim=keepdim)
        return made((), None if self.values is None else [sum(self.values)])

    def _without(self, dim: Any, *, keepdim: bool = False) -> Tensor:
        gone = {place(d, len(self.shape)) for d in ([dim] if isinstance(dim, int) else dim)}
        if keepdim:
            return made([1 if k in gone else n for k, n in enumerate(self.shape)])
        return made([n for k, n in enumerate(self.shape) if k not in gone])

    def split(self, sizes_: Any, dim: int = 0) -> Any:
        total = self.shape[dim]
        parts = (
            list(sizes_)
            if not isinstance(sizes_, int)
            else [min(sizes_, total - at) for at in range(0, total, sizes_)]
        )
        if sum(parts) != total:
            raise RuntimeError("split_with_sizes")
        found, at = [], 0
        for part in parts:
            values = None
            if self.values is not None and len(self.shape) == 1:
                values = self.values[at : at + part]
            shape = list(self.shape)
            shape[dim] = part
            found.append(made(shape, values))
            at += part
        return tuple(found)

    def cumsum(self, dim: int = 0, **_: Any) -> Tensor:
        place(dim, len(self.shape))
        if self.values is None or len(self.shape) != 1:
            return made(self.shape)
        return made(self.shape, list(itertools.accumulate(self.values)))

    def view_as(self, other: Tensor) -> Any:
        return self.view(*other.shape)

    expand_as = view_as

    def chunk(self, chunks: int, dim: int = 0) -> Any:
        return self.split(-(-self.shape[dim] // chunks), dim)

    def __invert__(self) -> Tensor:
        return made(self.shape)

    def __matmul__(self, other: Any) -> Any:
        if isinstance(other, Unknown):
            return other
        return made([*self.shape[:-1], other.shape[-1]])

    def __and__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a and b)

    __or__ = __and__

    def __eq__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a == b)

    def __ne__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a != b)

    __hash__ = object.__hash__

    def _with(self, other: Any, compute: Callable[[Any, Any], Any]) -> Any:
        if isinstance(other, Unknown):
            return other
        if not isinstance(other, Tensor):
            if not isinstance(other, (int, float)):
                raise TypeError(f"{other!r} is no number")
            if self.known is None:
                return made(self.shape)
            return made(self.shape, lambda: _each(self.values, other, compute))
        if self.known is None or other.known is None or self.shape != other.shape:
            return made(broadcast(self.shape, other.shape))
        return made(self.shape, lambda: _both(self.values, other.values, compute))

    def __add__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a + b)

    def __radd__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b + a)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b - a)

    def __mul__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a / b if b else math.nan)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b / a if a else math.inf)

    def __floordiv__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a // b if b else math.nan)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b // a if a else math.nan)

    def __rmod__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b % a)

    def __pow__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a**b)

    def __rpow__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b**a)

    def __mod__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a % b)

    def __neg__(self) -> Tensor:
        return made(self.shape, None if self.values is None else [-v for v in self.values])

    def __gt__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a > b)

    def __lt__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a < b)

    def __ge__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a >= b)

    def __le__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a <= b)


_NEW: Final = (
    *("clamp", "abs", "cos", "sin", "exp", "log", "sqrt", "round", "floor", "tril", "triu"),
    *("masked_fill", "tanh", "sigmoid"),
)
_SAME: Final = (
    *("to", "float", "long", "int", "half", "bool", "double", "clone", "detach", "contiguous"),
    *("cpu", "cuda", "requires_grad_", "type", "type_as"),
)


def place(dim: int, count: int) -> int:
    """Return the place of a dimension that may count from the end."""
    if not -count <= dim < count:
        raise IndexError("dimension out of range")
    return dim % count


def _each(
    values: list[Any] | None, other: Any, compute: Callable[[Any, Any], Any]
) -> list[Any] | None:
    if values is None:
        return None
    try:
        return [compute(value, other) for value in values]
    except (ArithmeticError, TypeError):
        return None


def _both(
    first: list[Any] | None, second: list[Any] | None, compute: Callable[[Any, Any], Any]
) -> list[Any] | None:
    if first is None or second is None:
        return None
    try:
        return [compute(a, b) for a, b in zip(first, second, strict=True)]
    except (ArithmeticError, TypeError):
        return None


def _nested(values: list[Any], shape: tuple[int, ...]) -> Any:
    if not shape:
        return values[0]
    if len(shape) == 1:
        return list(values)
    step = math.prod(shape[1:])
    return [_nested(values[n * step : (n + 1) * step], shape[1:]) for n in range(shape[0])]


def broadcast(first: Sequence[int], second: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that two shapes have together."""
    length = max(len(first), len(second))
    left = [1] * (length - len(first)) + list(first)
    right = [1] * (length - len(second)) + list(second)
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right, strict=True)):
        raise RuntimeError(f"{first} and {second} do not go together")
    return tuple(b if a == 1 else a for a, b in zip(left, right, strict=True))


def of_data(data: Any, **_: Any) -> Any:
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
