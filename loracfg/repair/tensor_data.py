"""Where the tensors of a repaired file come from: data of other files, copied or computed."""

from __future__ import annotations

from typing import TypeAlias

from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.adapter.header.tensor import Shape
from loracfg.named_tuple import NamedTuple


class StoredTensor(NamedTuple):
    """A tensor stored contiguously in a file, starting at byte `begin`."""

    file: str
    begin: int
    dtype: str
    shape: Shape

    def rows(self, first: int, end: int) -> StoredTensor:
        """Return the rows from `first` up to, but not including, `end`."""
        shape = (end - first, *self.shape[1:])
        before = bytes_of(self.dtype, (first, *self.shape[1:]))
        return self._replace(begin=self.begin + before, shape=shape)


class Transpose(NamedTuple):
    """A tensor with its axes reordered: reshaped to `parts`, transposed, reshaped to `shape`."""

    source: TensorSource
    parts: Shape
    axes: tuple[int, ...]
    shape: Shape

    @property
    def dtype(self) -> str:
        """The dtype of the source."""
        return self.source.dtype


class Concatenation(NamedTuple):
    """Tensors concatenated along the first axis; their dtypes and other dimensions are equal."""

    sources: tuple[TensorSource, ...]

    @property
    def dtype(self) -> str:
        """The dtype of all sources."""
        return self.sources[0].dtype

    @property
    def shape(self) -> Shape:
        """The shape, with the rows of all sources."""
        return (sum(s.shape[0] for s in self.sources), *self.sources[0].shape[1:])


class RowSlice(NamedTuple):
    """The rows of a tensor from `first` up to, but not including, `end`."""

    source: TensorSource
    first: int
    end: int

    @property
    def dtype(self) -> str:
        """The dtype of the source."""
        return self.source.dtype

    @property
    def shape(self) -> Shape:
        """The shape, with only these rows."""
        return (self.end - self.first, *self.source.shape[1:])


class Zeros(NamedTuple):
    """A tensor of zeros."""

    dtype: str
    shape: Shape


class Scale(NamedTuple):
    """A floating-point tensor multiplied by a number and rounded to its dtype."""

    source: TensorSource
    factor: float

    @property
    def dtype(self) -> str:
        """The dtype of the source."""
        return self.source.dtype

    @property
    def shape(self) -> Shape:
        """The shape of the source."""
        return self.source.shape


class Cast(NamedTuple):
    """A floating-point tensor in a different dtype, with each value rounded to the nearest."""

    source: TensorSource
    dtype: str

    @property
    def shape(self) -> Shape:
        """The shape of the source."""
        return self.source.shape


TensorSource: TypeAlias = StoredTensor | Transpose | Concatenation | RowSlice | Zeros | Scale | Cast


def is_computed(source: TensorSource) -> bool:
    """Tell whether the data of a tensor must be computed, which needs numpy."""
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
    """Return the transpose of a matrix."""
    rows, columns = source.shape
    return Transpose(source, source.shape, (1, 0), (columns, rows))
