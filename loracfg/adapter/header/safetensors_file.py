"""Read the header of a safetensors file and check it without reading tensor data.

The safetensors library reads exactly the headers that have no error here (safetensors 0.8.0,
`safetensors/src/tensor.rs`), with two exceptions that only its JSON library lets through: an entry
that is an array, `["F32", [1], [0, 4]]`, and a dtype that is an object are errors here.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from loracfg.adapter.header.gathered_faults import Notes, quoted, shown
from loracfg.adapter.header.other_formats import (
    HEAD_BYTES,
    advice_for,
    misplaced,
    read_exactly,
    recognise,
)
from loracfg.adapter.header.sound import read_sound
from loracfg.adapter.header.strict_json import HeaderError, RepeatedKeys, parse_header
from loracfg.adapter.header.tensor import Header, Shape, Tensor
from loracfg.cache import Cache

if TYPE_CHECKING:
    from loracfg.report.fault import Fault

LARGE_HEADER_BYTES: Final = 25_000_000
"""The limit of the Hub's own header reader (`huggingface_hub`, `constants.py`)."""
MAX_HEADER_BYTES: Final = 100_000_000
"""The limit of the safetensors library (`MAX_HEADER_SIZE`)."""
DTYPE_BITS: Final = {
    "BOOL": 8,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "U8": 8,
    "I8": 8,
    "F8_E5M2": 8,
    "F8_E4M3": 8,
    "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8,
    "I16": 16,
    "U16": 16,
    "F16": 16,
    "BF16": 16,
    "I32": 32,
    "U32": 32,
    "F32": 32,
    "C64": 64,
    "F64": 64,
    "I64": 64,
    "U64": 64,
}
"""Every dtype of the format, with the bits per element (safetensors 0.8.0)."""

_LENGTH_BYTES: Final = 8
_MAX_COUNT: Final = 2**64 - 1
_ENTRY_KEYS: Final = ("dtype", "shape", "data_offsets")
_SAVE_AGAIN: Final = "save the file again with the safetensors library"
_COPY_AGAIN: Final = "the file was cut off or damaged: download or copy it again"

_MAX_KEPT_BYTES: Final = 262_144
"""The maximum bytes of a header to cache."""

_Extent = tuple[int, int]
"""Begin and end of a tensor in the data section."""
_Entry = tuple[Tensor | None, _Extent | None]


def read_safetensors(
    stream: BinaryIO, size: int, file: str, kept: Cache[Header] | None = None
) -> tuple[Header | None, list[Fault]]:
    """Read the header of a safetensors file and check it against the size of the file.

    Args:
        stream: the file at its first byte. Only its header is read, so the first
            `8 + header length` bytes are enough. It does not have to be seekable.
        size: the size of the whole file.
        file: its name, for the faults.
        kept: a cache of headers; the same bytes then give the same object.

    Returns:
        The header, or None if a name, dtype or shape is unknown; and the faults. The safetensors
        library only loads files without faults, or with `header-large` or `duplicate-tensor`.

    Raises:
        OSError: the stream cannot be read.
    """
    notes = Notes(file)
    start = read_exactly(stream, _LENGTH_BYTES) if size else b""
    length = int.from_bytes(start, "little")
    if len(start) < _LENGTH_BYTES or length > min(MAX_HEADER_BYTES, size - _LENGTH_BYTES):
        head = start + read_exactly(stream, HEAD_BYTES - len(start))
        return None, [_unread(head, length, size, file)]
    raw = read_exactly(stream, length)
    if len(raw) < length:
        return None, [_unread(start + raw, length, _LENGTH_BYTES + len(raw), file)]
    data_size = size - _LENGTH_BYTES - length
    if length > LARGE_HEADER_BYTES:
        message = f"the header has {length} bytes, more than the {LARGE_HEADER_BYTES} "
        advice = "shorten `__metadata__`, which is part of the header"
        notes.add("header-large", message + "that the Hub reads", advice)
    elif header := _read_sound(raw, data_size, kept):
        return header, []
    try:
        value = parse_header(raw)
    except HeaderError as error:
        if fault := _other_file(start + raw[:HEAD_BYTES], file):
            return None, [fault]
        notes.add("header-not-json", f"the header is not valid JSON: {error}", _COPY_AGAIN)
        return None, notes.faults()
    return _read_header(value, data_size, size, notes), notes.faults()


def bytes_of(dtype: str, shape: Shape) -> int:
    """Return the size of a tensor in bytes; 0 if the format does not have the dtype."""
    return math.prod(shape) * DTYPE_BITS.get(dtype, 0) // 8


def read_head(stream: BinaryIO) -> bytes:
    """Return the first bytes of a file, as many as `read_safetensors` reads."""
    start = read_exactly(stream, _LENGTH_BYTES)
    length = int.from_bytes(start, "little")
    return start + read_exactly(stream, length if length <= MAX_HEADER_BYTES else HEAD_BYTES)


def _read_sound(raw: bytes, data_size: int, kept: Cache[Header] | None) -> Header | None:
    """Return the header of a sound file; None for any other file."""
    if kept is None or len(raw) > _MAX_KEPT_BYTES:
        return read_sound(raw, data_size, DTYPE_BITS)
    header = kept.find((raw, data_size))
    if header is not None:
        return header
    header = read_sound(raw, data_size, DTYPE_BITS)
    return kept.add((raw, data_size), header) if header else None


def _unread(head: bytes, length: int, size: int, file: str) -> Fault:
    """Return the fault of a file without a header of the length that it gives."""
    if fault := _other_file(head, file):
        return fault
    notes = Notes(file)
    if len(head) < _LENGTH_BYTES:
        message = f"the file has {len(head)} bytes, fewer than the {_LENGTH_BYTES} of its length"
        notes.add("header-truncated", message, _COPY_AGAIN)
    elif length > MAX_HEADER_BYTES:
        message = f"the header has {length} bytes, more than the {MAX_HEADER_BYTES} "
        advice = "the first 8 bytes are damaged, or the file is not a safetensors file"
        notes.add("header-too-large", message + "that the safetensors library reads", advice)
    else:
        message = f"the header has {length} bytes, but the file only {size - _LENGTH_BYTES} of them"
        notes.add("header-truncated", message, _COPY_AGAIN)
    return notes.faults()[0]


def _other_file(head: bytes, file: str) -> Fault | None:
    if fault := misplaced(head, file):
        return fault
    found = recognise(head)
    if found is None or found.kind == "safetensors":
        return None
    notes = Notes(file)
    message = f"the file is {found.name}, not a safetensors file"
    notes.add("not-safetensors", message, advice_for(found))
    return notes.faults()[0]


def _read_header(value: Any, data_size: int, size: int, notes: Notes) -> Header | None:
    """Check the parsed header of a file of `size` bytes, `data_size` of them after the header."""
    if not isinstance(value, dict):
        message = f"the header is {shown(value)}, not an object of tensors"
        notes.add("header-invalid", message, _SAVE_AGAIN)
        return None
    metadata: dict[str, str] = {}
    entries: dict[str, _Entry] = {}
    for name, entry in value.pairs if isinstance(value, RepeatedKeys) else value.items():
        if name == "__metadata__":
            metadata = _read_metadata(entry, notes)
        else:
            entries[name] = _read_tensor(name, entry, notes), _read_extent(name, entry, notes)
    if isinstance(value, RepeatedKeys):
        _note_repeated(value, notes)
    _check_data(entries, data_size, size, notes)
    tensors = [tensor for tensor, _ in entries.values() if tensor]
    return Header.of(tensors, metadata) if len(tensors) == len(entries) else None


def _read_metadata(value: Any, notes: Notes) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        message = f"`__metadata__` is {shown(value)}, not an object of strings"
        notes.add("header-invalid", message, _SAVE_AGAIN, cause="metadata")
        return {}
    items = value.pairs if isinstance(value, RepeatedKeys) else value.items()
    for key, text in items:
        if not isinstance(text, str):
            message = f"{quoted(key)} in `__metadata__` is {shown(text)}, not a string"
            notes.add("header-invalid", message, _SAVE_AGAIN, cause="metadata")
            return {}
    return dict(value)


def _note_repeated(header: RepeatedKeys, notes: Notes) -> None:
    seen: set[str] = set()
    for name, _ in header.pairs:
        if name not in seen:
            seen.add(name)
        elif name == "__metadata__":
            message = "`__metadata__` appears twice in the header"
            notes.add("header-invalid", message, _SAVE_AGAIN, cause="metadata twice")
        else:
            message = f"{quoted(name)} appears twice in the header; readers use the last entry"
            notes.add("duplicate-tensor", message, _SAVE_AGAIN, tensor=name)


def _read_tensor(name: str, entry: Any, notes: Notes) -> Tensor | None:
    """Return the name, dtype and shape of an entry; note a fault and return None if it is wrong."""
    if type(entry) is not dict and not _is_sound_object(name, entry, notes):
        return None
    dtype = entry.get("dtype")
    shape = entry.get("shape")
    if type(dtype) is not str:
        _note_value(name, entry, "dtype", "the name of a dtype", notes)
    elif dtype not in DTYPE_BITS:
        message = f"{quoted(name)} has the dtype {quoted(dtype)}, which safetensors does not know"
        advice = "save the tensors in a dtype of the format, such as `F32`, `F16` or `BF16`"
        notes.add("unknown-dtype", message, advice, tensor=name)
    if type(shape) is not list or not _are_counts(shape):
        _note_value(name, entry, "shape", "a list of integers from 0 to 2^64 - 1", notes)
        return None
    return Tensor(name, dtype, tuple(shape)) if type(dtype) is str else None


def _read_extent(name: str, entry: Any, notes: Notes) -> _Extent | None:
    """Return the offsets of an entry; note a fault and return None if they are wrong."""
    if not isinstance(entry, dict):
        return None
    offsets = entry.get("data_offsets")
    if type(offsets) is not list or len(offsets) != 2 or not _are_counts(offsets):
        _note_value(name, entry, "data_offsets", "two integers, begin and end", notes)
        return None
    return offsets[0], offsets[1]


def _is_sound_object(name: str, entry: Any, notes: Notes) -> bool:
    """Tell whether an entry is an object without duplicate keys; note a fault if it is not."""
    if not isinstance(entry, RepeatedKeys):
        message = f"the entry of {quoted(name)} is {shown(entry)}, not an object"
        notes.add("header-invalid", message, _SAVE_AGAIN, tensor=name, cause="entry")
        return False
    keys = [key for key, _ in entry.pairs]
    for key in _ENTRY_KEYS:
        if keys.count(key) > 1:
            message = f"`{key}` appears twice in the entry of {quoted(name)}"
            notes.add("header-invalid", message, _SAVE_AGAIN, tensor=name, cause=f"{key} twice")
            return False
    return True


def _are_counts(values: list[Any]) -> bool:
    for value in values:  # noqa: SIM110  # twice as fast as a generator
        if type(value) is not int or not 0 <= value <= _MAX_COUNT:  # `True` is not a count
            return False
    return True


def _note_value(name: str, entry: dict[str, Any], key: str, wanted: str, notes: Notes) -> None:
    if key in entry:
        message = f"`{key}` of {quoted(name)} is {shown(entry[key])}, not {wanted}"
    else:
        message = f"the entry of {quoted(name)} has no `{key}`"
    notes.add("header-invalid", message, _SAVE_AGAIN, tensor=name, cause=key)


def _check_data(entries: dict[str, _Entry], data_size: int, size: int, notes: Notes) -> None:
    """Check the offsets of the tensors, if all have them."""
    extents = []
    mismatched = set()
    for name, (tensor, extent) in entries.items():
        if extent is None:
            continue
        begin, end = extent
        if end < begin:
            message = (
                f"`data_offsets` of {quoted(name)} is {shown(extent)}, which ends before it begins"
            )
            notes.add("header-invalid", message, _SAVE_AGAIN, tensor=name, cause="reversed")
            continue
        extents.append((begin, end, name))
        if tensor and not _check_size(tensor, end - begin, notes):
            mismatched.add(name)
    if len(extents) == len(entries):
        _check_layout(extents, mismatched, data_size, size, notes)


def _check_size(tensor: Tensor, found: int, notes: Notes) -> bool:
    """Tell whether dtype and shape require the `found` bytes that the offsets give."""
    bits = DTYPE_BITS.get(tensor.dtype)
    if bits is None:
        return True
    elements = 1
    for size in tensor.shape:
        elements *= size
        if elements > _MAX_COUNT:  # even if a later size is 0, as the library multiplies
            break
    total = elements * bits
    if total == found * 8 and total <= _MAX_COUNT:
        return True
    what = f"{quoted(tensor.name)} is `{tensor.dtype}` {shown(tensor.shape)}"
    if total > _MAX_COUNT:
        message = f"{what}, which is more bits than fit in a 64-bit number"
        notes.add("header-invalid", message, _SAVE_AGAIN, tensor=tensor.name, cause="overflow")
    elif total % 8:
        message = f"{what}, which is {total} bits and not a whole number of bytes"
        notes.add("size-mismatch", message, _SAVE_AGAIN, tensor=tensor.name)
    else:
        message = f"{what}, which is {total // 8} bytes, but its `data_offsets` span {found}"
        notes.add("size-mismatch", message, _SAVE_AGAIN, tensor=tensor.name)
    return False


def _check_layout(
    extents: list[tuple[int, int, str]],
    mismatched: Collection[str],
    data_size: int,
    size: int,
    notes: Notes,
) -> None:
    """Check that the data of all tensors is contiguous from 0 to the end of the file.

    Consequences of another fault are not noted. In a file of the right length, a misplaced tensor
    leaves as many bytes free as it takes from other tensors, and a tensor of the wrong size moves
    its neighbour.
    """
    before, last = 0, ""
    breaks = []
    for begin, end, name in sorted(extents):
        if begin != before:
            breaks.append((name, last, begin, before))
        if end >= before:
            before, last = end, name
    is_moved = sum(end - begin for begin, end, _ in extents) == data_size
    has_overlap = any(begin < taken for _, _, begin, taken in breaks)
    for name, neighbour, begin, taken in breaks:
        is_other_side = is_moved and has_overlap and begin > taken
        if not is_other_side and name not in mismatched and neighbour not in mismatched:
            _note_break(name, begin, taken, notes)
    start = size - data_size
    if before > data_size and not (is_moved and breaks):
        message = f"the last tensor ends at byte {start + before}, the file at byte {size}"
        notes.add("data-truncated", message, _COPY_AGAIN)
    elif before < data_size and not breaks:
        message = f"the file has {size} bytes, but its last tensor ends at byte {start + before}"
        notes.add("trailing-bytes", message, _SAVE_AGAIN)


def _note_break(name: str, begin: int, before: int, notes: Notes) -> None:
    if begin > before:
        message = f"no tensor has the data from {before} to {begin}, where {quoted(name)} begins"
        notes.add("offset-gap", message, _SAVE_AGAIN, tensor=name)
    else:
        message = (
            f"{quoted(name)} begins at {begin}, but another tensor has the data up to {before}"
        )
        notes.add("offset-overlap", message, _SAVE_AGAIN, tensor=name)
