"""What the tensors of a repaired file are made of: data of other files, copied or computed."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.adapter.header.tensor import Shape


class StoredTensor(NamedTuple):
    """A tensor as it stands in a file, its elements one after the other, from byte `begin` on."""

    file: str
    begin: int
    dtype: str
    shape: Shape

    def rows(self, first: int, end: int) -> StoredTensor:
        """Return some of its rows, along the first axis."""
        shape = (end - first, *self.shape[1:])
        before = bytes_of(self.dtype, (first, *self.shape[1:]))
        return self._replace(begin=self.begin + before, shape=shape)


class Transpose(NamedTuple):
    """A tensor with its axes in another order: reshaped to `parts`, transposed, reshaped."""

    source: TensorSource
    parts: Shape
    axes: tuple[int, ...]
    shape: Shape

    @property
    def dtype(self) -> str:
        """The dtype, as it was."""
        return self.source.dtype


class Concatenation(NamedTuple):
    """Tensors one after the other along the first axis; their dtypes and other sizes are equal."""

    sources: tuple[TensorSource, ...]

    @property
    def dtype(self) -> str:
        """The dtype that all have."""
        return self.sources[0].dtype

    @property
    def shape(self) -> Shape:
        """The shape: the rows of all together."""
        return (sum(s.shape[0] for s in self.sources), *self.sources[0].shape[1:])


class RowSlice(NamedTuple):
    """Some rows of a tensor, along the first axis, `end` not among them."""

    source: TensorSource
    first: int
    end: int

    @property
    def dtype(self) -> str:
        """The dtype, as it was."""
        return self.source.dtype

    @property
    def shape(self) -> Shape:
        """The shape: as many rows as were taken."""
        return (self.end - self.first, *self.source.shape[1:])


class Zeros(NamedTuple):
    """A tensor of zeros."""

    dtype: str
    shape: Shape


class Scale(NamedTuple):
    """A floating-point tensor times a number, rounded to its dtype."""

    source: TensorSource
    factor: float

    @property
    def dtype(self) -> str:
        """The dtype, as it was."""
        return self.source.dtype

    @property
    def shape(self) -> Shape:
        """The shape, as it was."""
        return self.source.shape


class Cast(NamedTuple):
    """A floating-point tensor in another dtype, each value rounded to the nearest."""

    source: TensorSource
    dtype: str

    @property
    def shape(self) -> Shape:
        """The shape, as it was."""
        return self.source.shape


TensorSource: TypeAlias = StoredTensor | Transpose | Concatenation | RowSlice | Zeros | Scale | Cast


def is_computed(source: TensorSource) -> bool:
    """Tell whether the data of a tensor are more than copied, which takes numpy."""
    match source:
        case Transpose() | Scale() | Cast():
            return True
        case Concatenation(sources):
            return any(map(is_computed, sources))
        case RowSlice(inner):
            return is_computed(inner)
        case StoredTensor() | Zeros():
            return False


def transposed(source: TensorSource) -> TensorSource:
    """Return a matrix with rows and columns exchanged."""
    rows, columns = source.shape
    return Transpose(source, source.shape, (1, 0), (columns, rows))
