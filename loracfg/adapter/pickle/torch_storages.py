"""Check that a `torch.save` file has the data of all storages, with the right sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from loracfg.adapter.files import NotHeldError
from loracfg.adapter.header.gathered_faults import Notes, quoted
from loracfg.adapter.header.other_formats import read_exactly
from loracfg.adapter.pickle.pickle_machine import PickleError
from loracfg.adapter.pickle.torch_pickle import PickledTensor, Storage, item_bytes
from loracfg.adapter.pickle.torch_zip import Record, check_data

if TYPE_CHECKING:
    from typing import BinaryIO

COPY_AGAIN: Final = "the file was cut off or damaged: download or copy it again"
_COUNT_BYTES: Final = 8

Tensors = Mapping[str, PickledTensor]
Storages = Mapping[str, Storage]


def check_records(
    stream: BinaryIO,
    size: int,
    tensors: Tensors,
    storages: Storages,
    records: Mapping[str, Record],
    notes: Notes,
) -> None:
    """Compare the records of a zip archive of `size` bytes with those that the pickle needs.

    torch reads the records of all storages, even if no tensor uses them.
    """
    sizes: dict[str, int | None] = {key: record.size for key, record in records.items()}
    owners = _check_sizes(tensors, storages, sizes, notes)
    for key, storage in storages.items():
        if key in records:
            _check_record(stream, size, key, records[key], owners.get(key), notes)
        if key in owners:
            continue
        if key not in records:
            message = f"the file does not have the data {quoted(key)}, which its pickle needs"
            notes.add("storage-missing", message, COPY_AGAIN)
        elif storage.size not in (None, records[key].size):
            message = f"the data {quoted(key)} has {records[key].size} bytes, not {storage.size}"
            notes.add("storage-size", message, COPY_AGAIN)


def _check_record(
    stream: BinaryIO, size: int, key: str, record: Record, owner: str | None, notes: Notes
) -> None:
    """Check the local header before the data of a storage, if it was sent."""
    try:
        check_data(stream, record, size)
    except NotHeldError:
        return
    except PickleError as error:
        message = f"the data {quoted(key)} cannot be read: {error}"
        notes.add("storage-missing", message, COPY_AGAIN, tensor=owner, cause="damaged")


def check_counts(
    stream: BinaryIO,
    begin: int,
    size: int,
    tensors: Tensors,
    storages: Storages,
    keys: list[str],
    notes: Notes,
) -> None:
    """Compare the data at the end of a legacy file, from byte `begin` on, with what is needed.

    The data of each storage is preceded by its number of elements.

    Raises:
        PickleError: one of the `keys` is not a storage of the pickle.
    """
    needed = {key: storage.size for key, storage in storages.items()}
    owners: dict[str, str] = {}
    for name, tensor in tensors.items():
        if tensor.storage is not None:
            key = tensor.storage.key
            owners.setdefault(key, name)
            if needed[key] is not None and tensor.end is not None:
                needed[key] = max(needed[key] or 0, tensor.end)  # torch enlarges the storage
    known = {key: needed[key] for key in keys if key in needed}
    if len(known) < len(set(keys)):
        key = next(key for key in keys if key not in known)
        raise PickleError(f"its list of data names {quoted(key)}, which no tensor has")
    _check_sizes(tensors, storages, known, notes, grows=True)
    end = begin + sum(_COUNT_BYTES + (needed[key] or 0) for key in keys)
    if size < end:
        message = f"the data of the last tensor ends at byte {end}, but the file at byte {size}"
        notes.add("data-truncated", message, COPY_AGAIN)
        return
    at = begin
    for key in keys:
        length, each = needed[key], item_bytes(storages[key].dtype)
        if length is None or each is None:
            return
        found = _count_at(stream, at)
        if found is not None and found * each != length:
            message = f"the data {quoted(key)} has {found} elements, not {length // each}"
            notes.add("storage-size", message, COPY_AGAIN, tensor=owners.get(key), cause="count")
        at += _COUNT_BYTES + length


def _count_at(stream: BinaryIO, at: int) -> int | None:
    """Return the number at an offset of the file; None if that part was not sent."""
    try:
        stream.seek(at)
        return int.from_bytes(read_exactly(stream, _COUNT_BYTES), "little", signed=True)
    except NotHeldError:
        return None


def _check_sizes(
    tensors: Tensors,
    storages: Storages,
    sizes: Mapping[str, int | None],
    notes: Notes,
    *,
    grows: bool = False,
) -> dict[str, str]:
    """Compare the bytes that tensors need with the `sizes` of the storages in the file.

    Returns:
        The first tensor of each storage.
    """
    owners: dict[str, str] = {}
    for name, tensor in tensors.items():
        if tensor.storage is None:
            continue
        key = tensor.storage.key
        owners.setdefault(key, name)
        needed = storages[key].size
        if key not in sizes:
            message = f"the file does not have the data {quoted(key)}, which {quoted(name)} needs"
            notes.add("storage-missing", message, COPY_AGAIN, tensor=name)
        elif grows or needed is None:
            continue
        elif sizes[key] != needed:
            message = f"the data of {quoted(name)} has {sizes[key]} bytes, not {needed}"
            notes.add("storage-size", message, COPY_AGAIN, tensor=name)
        elif tensor.end is not None and tensor.end > needed:
            message = f"{quoted(name)} needs {tensor.end} bytes, but its data has {needed}"
            notes.add("size-mismatch", message, COPY_AGAIN, tensor=name)
    return owners
