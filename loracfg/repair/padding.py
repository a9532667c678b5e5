"""Bytes of a weight file outside all tensors: padding, or data of a tensor with wrong offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from loracfg.adapter.directory import SAFETENSORS_NAME, Adapter
from loracfg.adapter.header.other_formats import read_exactly
from loracfg.adapter.header.safetensors_file import DTYPE_BITS, bytes_of, read_head
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.repair.change import Change
from loracfg.repair.draft import Draft, stored_tensors
from loracfg.repair.tensor_data import StoredTensor, TensorSource
from loracfg.rules.rule import Finding

_PADDED: Final = frozenset({"offset-gap", "trailing-bytes", "header-large"})
"""Faults of a weight file in which each tensor still has its own bytes."""
_BLOCK_BYTES: Final = 1_048_576


def remove_padding(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Rewrite the tensor data contiguously, with nothing between or after (LC418, LC424).

    This needs a file in which each tensor has its own bytes, as many as its shape requires.
    """
    adapter = subject.adapter
    if adapter.header is None or adapter.weights != SAFETENSORS_NAME or draft.tensors is not None:
        return None
    if not _PADDED.issuperset(_kinds(adapter)):
        return None
    tensors = stored_tensors(draft.files, SAFETENSORS_NAME, adapter.header)
    with draft.files.open(SAFETENSORS_NAME) as stream:
        begin = len(read_head(stream))
        gaps = list(_gaps(tensors.values(), begin, draft.files.sizes()[SAFETENSORS_NAME]))
        is_padding = all(_is_padding(gap, stream) for gap in gaps)
    size = sum(gap.end - gap.begin for gap in gaps)
    title = f"drop {plural(size, 'byte')} outside all tensors and rewrite the data contiguously"
    why = (
        "the bytes are padding: they are zero, and the values next to them are not"
        if is_padding
        else "if an offset is wrong, the bytes belong to a tensor"
    )
    return Change(draft.with_tensors(tensors, adapter.header.metadata), title, is_padding, why)


def _kinds(adapter: Adapter) -> frozenset[str]:
    """Return the kinds of the weight file's faults."""
    return frozenset(f.kind for f in adapter.faults if f.location.file == adapter.weights)


class _Gap(NamedTuple):
    """A range of bytes outside all tensors, and the tensors on both sides of it."""

    begin: int
    end: int
    before: StoredTensor | None
    after: StoredTensor | None


def _gaps(tensors: Iterable[TensorSource], begin: int, size: int) -> Iterator[_Gap]:
    """Yield the gaps in a data section from `begin` to `size`, in order."""
    before = None
    for one in tensors:
        assert isinstance(one, StoredTensor)
        if one.begin > begin:
            yield _Gap(begin, one.begin, before, one)
        if taken := bytes_of(one.dtype, one.shape):
            before, begin = one, one.begin + taken
    if size > begin:
        yield _Gap(begin, size, before, None)


def _is_padding(gap: _Gap, stream: BinaryIO) -> bool:
    """Tell whether a gap is all zeros, between values that are not zero.

    If a value next to the gap is zero, or the gap is narrower than a value, it may hold values too.
    """
    sides = [one for one in (gap.before, gap.after) if one]
    if any(gap.end - gap.begin < _width(one) for one in sides):
        return False
    last = _read(stream, gap.begin - _width(gap.before), gap.begin) if gap.before else b"any"
    first = _read(stream, gap.end, gap.end + _width(gap.after)) if gap.after else b"any"
    if not (any(last) and any(first)):
        return False
    steps = range(gap.begin, gap.end, _BLOCK_BYTES)
    return not any(any(_read(stream, at, min(at + _BLOCK_BYTES, gap.end))) for at in steps)


def _width(one: StoredTensor) -> int:
    return max(1, DTYPE_BITS[one.dtype] // 8)


def _read(stream: BinaryIO, begin: int, end: int) -> bytes:
    stream.seek(begin)
    return read_exactly(stream, end - begin)
