"""Read the header of `adapter_model.bin` from the pickle of `torch.save`, without executing it.

Both formats are supported: the zip archive (torch 1.6 and newer) and the older stream of pickles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

from loracfg.adapter.header.gathered_faults import Notes, quoted
from loracfg.adapter.header.other_formats import (
    HEAD_BYTES,
    advice_for,
    misplaced,
    read_exactly,
    recognise,
)
from loracfg.adapter.header.tensor import Header, Tensor
from loracfg.adapter.pickle.pickle_machine import (
    EndOfDataError,
    Mapping,
    PickleError,
    PickleMachine,
    TooLargeError,
    kind_of,
)
from loracfg.adapter.pickle.pickle_opcodes import run
from loracfg.adapter.pickle.torch_marks import BYTE_ORDER, check_marks, read_mark
from loracfg.adapter.pickle.torch_pickle import PickledTensor, Storage, allows, call, load_storage
from loracfg.adapter.pickle.torch_storages import COPY_AGAIN, check_counts, check_records
from loracfg.adapter.pickle.torch_zip import Record, TorchArchive, read_archive, read_record
from loracfg.adapter.tensor_names import PREFIX
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.report.fault import Fault

MAX_PICKLE_BYTES: Final = 64 * 1024 * 1024
"""The maximum bytes of a pickle, which has about 150 per tensor."""

_LEGACY_MAGIC: Final = 0x1950A86A20F9469CFC6C
_LEGACY_VERSION: Final = 1001
_LEGACY_CHUNK: Final = 1024 * 1024
_ZIP_ID: Final = 5
"""The number of parts of a storage's persistent id in an archive."""
_LEGACY_ID: Final = 6
"""The same in a legacy file, where the last part describes a view of another storage."""
_SHOWN_NAMES: Final = 4
_DENSE: Final = "strided"
"""The layout of tensors that PEFT can copy; it skips other layouts if no module has the name."""

_SAVE_AGAIN: Final = "save the adapter again with `save_pretrained`, which writes safetensors"
_DO_NOT_LOAD: Final = "do not load the file, which may run code; ask its author for safetensors"


class _HostileError(PickleError):
    """The pickle imports globals that no weight file needs: `names`."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class _NotTorchError(PickleError):
    """The stream is a pickle, but not from `torch.save`; the message says what it contains."""


def read_pickled(stream: BinaryIO, size: int, file: str) -> tuple[Header | None, list[Fault]]:
    """Read the names, dtypes and shapes of the state dict in a `torch.save` file.

    Nothing in the file is executed. A dtype that safetensors does not have keeps torch's name
    (`complex128`, `qint8`).

    Args:
        stream: the file at its first byte, seekable.
        size: the size of the whole file.
        file: its name, for the faults.

    Returns:
        The header, or None if there is no readable state dict; and the faults. PEFT only loads
        files without faults, or with `pickle-extra-values` (0.21.2 with torch 2.13).

    Raises:
        OSError: the stream cannot be read.
    """
    head = read_exactly(stream, min(size, HEAD_BYTES))
    if fault := misplaced(head, file):
        return None, [fault]
    notes = Notes(file)
    found = recognise(head)
    if found and found.kind in ("safetensors", "other"):
        notes.add("not-pickle", f"the file is {found.name}, not a pickle", advice_for(found))
        return None, notes.faults()
    read = _read_zip if found and found.kind in ("zip", "archive") else _read_legacy
    try:
        return read(stream, size, notes), notes.faults()
    except _HostileError as error:
        notes.add("hostile-pickle", _hostile_message(error.names), _DO_NOT_LOAD)
    except _NotTorchError as error:
        message = f"the file is a plain pickle of {error}, not written by `torch.save`"
        notes.add("pickle-not-state-dict", message, _SAVE_AGAIN)
    except TooLargeError as error:
        notes.add("pickle-too-large", f"the pickle is too large to read: {error}", _SAVE_AGAIN)
    except PickleError as error:
        if found and found.kind == "text":
            notes.add("not-pickle", f"the file is {found.name}, not a pickle", advice_for(found))
        else:
            notes.add("pickle-unreadable", f"the file cannot be read: {error}", COPY_AGAIN)
    return None, notes.faults()


def _hostile_message(names: list[str]) -> str:
    shown = ", ".join(map(quoted, names[:_SHOWN_NAMES]))
    more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    return f"the pickle imports {shown}{more}, which no weight file needs"


def _read_zip(stream: BinaryIO, size: int, notes: Notes) -> Header | None:
    found = _tensors_of_zip(stream, size, notes)
    return found and _header(found.tensors)


def read_zipped(
    stream: BinaryIO, size: int, file: str
) -> tuple[dict[str, PickledTensor], dict[str, Record]] | None:
    """Return the tensors in a zip archive of `torch.save`, and the records of storages by key.

    None if PEFT cannot load the file, if a tensor is not dense, or if its numbers are big-endian.

    Raises:
        OSError: the stream cannot be read.
    """
    notes = Notes(file)
    try:
        found = _tensors_of_zip(stream, size, notes)
        faults = [fault for fault in notes.faults() if fault.kind != "pickle-extra-values"]
        if found is None or faults:
            return None
        if read_mark(stream, found.archive, BYTE_ORDER) not in (None, b"little"):
            return None
        if any(tensor.layout != _DENSE for tensor in found.tensors.values()):
            return None
    except PickleError:
        return None
    return found.tensors, found.data


class _Zipped(NamedTuple):
    """The content of a zip archive of `torch.save`; `data` has the records of storages by key."""

    tensors: dict[str, PickledTensor]
    archive: TorchArchive
    data: dict[str, Record]


def _tensors_of_zip(stream: BinaryIO, size: int, notes: Notes) -> _Zipped | None:
    archive = read_archive(stream, size)
    record = archive.find("data.pkl")
    if record is None:
        message = f"the file is a zip archive with {quoted(archive.first)}, but without `data.pkl`"
        notes.add("not-pickle", message, _SAVE_AGAIN)
        return None
    if archive.find("constants.pkl"):
        message = "the file is a TorchScript archive, which contains code, not a state dict"
        notes.add("pickle-not-state-dict", message, _SAVE_AGAIN)
        return None
    storages: dict[str, Storage] = {}
    machine = _machine(read_record(stream, record, MAX_PICKLE_BYTES), storages, _ZIP_ID)
    value = _run(machine)
    if archive.problem:
        raise PickleError(archive.problem)
    check_marks(stream, archive)
    tensors = _state_dict(machine, value, notes)
    if tensors is None:
        return None
    data = {key: record for key in storages if (record := archive.find(f"data/{key}"))}
    check_records(stream, size, tensors, storages, data, notes)
    return _Zipped(tensors, archive, data)


def _read_legacy(stream: BinaryIO, size: int, notes: Notes) -> Header | None:
    stream.seek(0)
    data = read_exactly(stream, _LEGACY_CHUNK)
    if _is_tar(data):
        message = "the file is a tar archive, as written before torch 0.1.10, and may run code"
        notes.add("not-pickle", message, _DO_NOT_LOAD)
        return None
    while True:
        storages: dict[str, Storage] = {}
        machine = _machine(data, storages, _LEGACY_ID)
        try:
            value, keys = _legacy_pickles(machine, whole=len(data) >= size)
        except EndOfDataError:
            data += _next_chunk(stream, len(data))
            if len(data) == len(machine.data):
                raise
        else:
            break
    tensors = _state_dict(machine, value, notes)
    if keys is None:
        message = f"the file ends at byte {size}, before the data of its tensors"
        notes.add("data-truncated", message, COPY_AGAIN)
    elif tensors is not None:
        _note_untyped(tensors, notes)
        check_counts(stream, machine.at, size, tensors, storages, keys, notes)
    return _header(tensors)


def _next_chunk(stream: BinaryIO, read: int) -> bytes:
    """Read as many bytes again as were read so far, or fewer at the end of the file."""
    if read >= MAX_PICKLE_BYTES:
        raise TooLargeError(f"it has more than the {MAX_PICKLE_BYTES} bytes that are read")
    return read_exactly(stream, min(read, MAX_PICKLE_BYTES - read))


def _machine(data: bytes, storages: dict[str, Storage], parts: int) -> PickleMachine:
    """Return a machine for a pickle that collects its storages, whose ids have `parts` parts."""

    def load(persistent_id: Any) -> Any:
        storage = load_storage(persistent_id, parts)
        if type(storage) is not Storage:
            return storage
        # As in torch, the first use of a storage determines its type and size.
        first = storages.setdefault(storage.key, storage)
        if parts == _ZIP_ID and first.size != storage.size:
            sizes = f"{first.size} bytes in one place and {storage.size} in another"
            raise PickleError(f"the data {quoted(storage.key)} has {sizes}")
        return first

    return PickleMachine(data, allows, call, load)


def _run(machine: PickleMachine) -> Any:
    try:
        value = run(machine)
    except PickleError:
        if machine.foreign:
            raise _HostileError(list(machine.foreign)) from None
        raise
    if machine.foreign:
        raise _HostileError(list(machine.foreign))
    return value


def _is_tar(data: bytes) -> bool:
    """Tell whether torch would read a file as a tar archive, which it tries before a pickle."""
    import tarfile

    try:
        tarfile.TarInfo.frombuf(data[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _legacy_pickles(machine: PickleMachine, *, whole: bool) -> tuple[Any, list[str] | None]:
    """Return the saved object and the keys of its storages, or None if a `whole` file has none."""
    magic = _run(machine)
    if type(magic) is not int or magic != _LEGACY_MAGIC:
        raise _NotTorchError(kind_of(magic))
    version = _run(machine)
    if version != _LEGACY_VERSION:
        raise PickleError(f"its version is {kind_of(version)} other than {_LEGACY_VERSION}")
    _run(machine)  # the sizes of C types on the machine that wrote it
    value = _run(machine)
    try:
        keys = _run(machine)
    except EndOfDataError:
        if not whole:
            raise
        return value, None
    names = _items_of(keys)
    if names is None or not all(type(name) is str for name in names):
        raise PickleError(f"the keys of its storages are {kind_of(keys)}, not a list of strings")
    return value, names


def _items_of(value: Any) -> list[Any] | None:
    """Return the items of a value, which torch iterates over to get the keys of storages."""
    if type(value) is Mapping:
        return None if value.others else list(value.entries)
    return list(value) if type(value) in (list, tuple, str) else None


def _state_dict(
    machine: PickleMachine, value: Any, notes: Notes
) -> dict[str, PickledTensor] | None:
    """Return the tensors of a state dict, and note what PEFT does not load."""
    if type(value) is not Mapping:
        message = f"the file contains {kind_of(value)}, not a dict of tensors"
        notes.add("pickle-not-state-dict", message, _SAVE_AGAIN)
        return None
    tensors = {n: v for n, v in value.entries.items() if type(v) is PickledTensor}
    rest = {n: kind_of(v) for n, v in value.entries.items() if type(v) is not PickledTensor}
    if not tensors and (rest or value.others):
        message = f"the file contains {_listed(rest, value.others)}, but no tensor at the top level"
        notes.add("pickle-not-state-dict", message, _SAVE_AGAIN)
        return None
    if value.others:
        message = (
            f"the file contains keys that are not strings ({value.others}), which PEFT rejects"
        )
        notes.add("pickle-not-state-dict", message, _SAVE_AGAIN)
    elif rest:
        message = f"the file contains {_listed(rest)} next to its tensors, which PEFT ignores"
        notes.add("pickle-extra-values", message, _SAVE_AGAIN)
    for name, tensor in tensors.items():
        if tensor.layout != _DENSE and name.startswith(PREFIX):
            message = f"{quoted(name)} is a {tensor.layout} tensor, which PEFT cannot copy"
            advice = "save dense tensors (`tensor.to_dense()`) that have data"
            notes.add("tensor-not-dense", message, advice, tensor=name)
    if machine.unread:
        message = f"the pickle has the opcode `{machine.unread}`, which torch's safe loader rejects"
        advice = "save the file again with `torch.save` and its default `pickle_protocol`"
        notes.add("pickle-protocol", message, advice)
    return tensors


def _listed(kinds: dict[str, str], others: int = 0) -> str:
    parts = [f"{quoted(name)} ({kind})" for name, kind in list(kinds.items())[:_SHOWN_NAMES]]
    if more := len(kinds) - len(parts):
        parts.append(f"{more} more")
    if others:
        parts.append(f"keys that are not strings ({others})")
    return ", ".join(parts)


def _note_untyped(tensors: dict[str, PickledTensor], notes: Notes) -> None:
    for name, tensor in tensors.items():
        if tensor.storage and not tensor.storage.typed:
            message = f"{quoted(name)} is `{tensor.dtype}` in torch's old file format, "
            advice = "save the adapter as safetensors, or in the zip format of `torch.save`"
            notes.add("legacy-dtype", message + "which torch cannot load", advice, tensor=name)


def _header(tensors: dict[str, PickledTensor] | None) -> Header | None:
    if tensors is None:
        return None
    return Header.of(Tensor(name, t.dtype, t.shape) for name, t in tensors.items())
