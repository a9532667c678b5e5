"""Repair weight files: join shards and convert pickles."""

from __future__ import annotations

from typing import Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.header.safetensors_file import DTYPE_BITS, read_safetensors
from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.pickle.pickled_header import read_zipped
from loracfg.adapter.pickle.torch_pickle import PickledTensor
from loracfg.adapter.pickle.torch_zip import data_begin
from loracfg.analysis.folder_files import shards
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.repair.change import Change
from loracfg.repair.draft import PEFT_METADATA, Draft, stored_tensors
from loracfg.repair.tensor_data import StoredTensor, TensorSource, Transpose
from loracfg.rules.rule import Finding

_SAME_VALUES: Final = "names and values do not change"


def convert_pickle(_: Subject, __: Finding, draft: Draft) -> Change | None:
    """Convert a pickle to safetensors without running it (LC404)."""
    size = draft.sizes().get(PICKLE_NAME)
    if draft.tensors is not None or size is None:
        return None
    with draft.open(PICKLE_NAME) as stream:
        found = read_zipped(stream, size, PICKLE_NAME)
        if found is None:
            return None
        pickled, records = found
        if any(t.storage is None or not records[t.storage.key].is_plain for t in pickled.values()):
            return None
        begins = {key: data_begin(stream, record) for key, record in records.items()}
    tensors = {name: _source(tensor, begins) for name, tensor in pickled.items()}
    known = {name: source for name, source in tensors.items() if source is not None}
    if len(known) < len(tensors):
        return None
    changed = draft.without_files([PICKLE_NAME]).with_tensors(known, PEFT_METADATA)
    title = f"write {plural(len(known), 'tensor')} of `{PICKLE_NAME}` to `{SAFETENSORS_NAME}`"
    return Change(changed, title, True, f"{_SAME_VALUES}, and the pickle is not run")


def _source(tensor: PickledTensor, begins: dict[str, int]) -> TensorSource | None:
    """Return where the data of a tensor is; None if it is not a permuted contiguous block."""
    if tensor.dtype not in DTYPE_BITS or DTYPE_BITS[tensor.dtype] < 8 or tensor.storage is None:
        return None
    begin = begins[tensor.storage.key] + tensor.begin
    shape, strides = tensor.shape, tensor.strides
    if 0 in shape or _contiguous(shape) == _without_ones(shape, strides):
        return StoredTensor(PICKLE_NAME, begin, tensor.dtype, shape)
    order = sorted(range(len(shape)), key=lambda axis: -strides[axis])
    block = tuple(shape[axis] for axis in order)
    if _contiguous(block) != _without_ones(block, tuple(strides[axis] for axis in order)):
        return None
    axes = tuple(order.index(axis) for axis in range(len(shape)))
    return Transpose(StoredTensor(PICKLE_NAME, begin, tensor.dtype, block), block, axes, shape)


def _contiguous(shape: Shape) -> list[int]:
    """Return the strides of a contiguous block, without axes of length one."""
    strides, step = [], 1
    for count in reversed(shape):
        strides += [step] if count != 1 else []
        step *= count
    return strides[::-1]


def _without_ones(shape: Shape, strides: Shape) -> list[int]:
    return [stride for count, stride in zip(shape, strides, strict=True) if count != 1]


def join_shards(_: Subject, __: Finding, draft: Draft) -> Change | None:
    """Join sharded safetensors files into one (LC403)."""
    sizes = draft.sizes()
    parts = shards(sizes)
    files = [name for name in parts if name.endswith(".safetensors")]
    tensors: dict[str, TensorSource] = {}
    for name in files:
        with draft.open(name) as stream:
            header, faults = read_safetensors(stream, sizes[name], name)
        if header is None or faults or tensors.keys() & header.shapes.keys():
            return None
        tensors |= stored_tensors(draft.files, name, header)
    if not _are_all(files) or not tensors or CONFIG_NAME not in sizes:
        return None
    changed = draft.without_files(parts).with_tensors(tensors, PEFT_METADATA)
    title = f"join {plural(len(tensors), 'tensor')} of {len(files)} files into one file"
    return Change(changed, title, True, _SAME_VALUES)


def _are_all(files: list[str]) -> bool:
    """Tell whether all shards named like `…-00001-of-00003.safetensors` are there."""
    ends = [name.removesuffix(".safetensors").rpartition("-of-") for name in files]
    found = {(one.rpartition("-")[2].lstrip("0"), total.lstrip("0")) for one, _, total in ends}
    wanted = {(f"{number}", f"{len(files)}") for number in range(1, len(files) + 1)}
    return wanted <= found
