"""Adapter files in memory."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from errno import EACCES
from io import BytesIO
from os import strerror
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from loracfg.adapter.files import FOLDER
from loracfg.adapter.header.safetensors_file import DTYPE_BITS
from loracfg.adapter.header.tensor import Tensor

_STORAGES = {"F64": "Double", "I64": "Long", "F32": "Float", "F16": "Half", "BF16": "BFloat16"}


@dataclass(frozen=True)
class MemoryFiles:
    """The files of a directory that only exists in memory.

    `locked` files cannot be opened, and `links` lead to places outside the directory.
    """

    contents: Mapping[str, bytes] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()

    def sizes(self) -> dict[str, int]:
        """Return the size of each file by name."""
        return {name: len(data) for name, data in self.contents.items()}

    def links_out(self) -> tuple[str, ...]:
        """Return the links to places outside."""
        return self.links

    def kind_of(self, name: str) -> str | None:
        """Return what has this name if it is not a file: a folder."""
        return FOLDER if f"{name}/" in self.contents else None

    def open(self, name: str) -> BinaryIO:
        """Open a file.

        Raises:
            PermissionError: it is locked.
        """
        if name in self.locked:
            raise PermissionError(EACCES, strerror(EACCES))
        return BytesIO(self.contents[name])


def safetensors_bytes(
    tensors: Iterable[Tensor], metadata: Mapping[str, str] | None = None
) -> bytes:
    """Return a safetensors file with these tensors, all zero."""
    header, size = safetensors_header(tensors, metadata)
    return with_header(json.dumps(header).encode()) + bytes(size)


def safetensors_header(
    tensors: Iterable[Tensor], metadata: Mapping[str, str] | None = None
) -> tuple[dict[str, object], int]:
    """Return the header of a file with these tensors, and the bytes of their data."""
    header: dict[str, object] = {"__metadata__": dict(metadata or {"format": "pt"})}
    end = 0
    for tensor in tensors:
        start, end = end, end + math.prod(tensor.shape) * DTYPE_BITS[tensor.dtype] // 8
        header[tensor.name] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [start, end],
        }
    return header, end


def with_header(text: bytes) -> bytes:
    """Return a safetensors header, preceded by its length."""
    return len(text).to_bytes(8, "little") + text


def torch_bytes(tensors: Iterable[Tensor], opcodes: bytes = b"", *, data: bool = True) -> bytes:
    """Return a state dict of these tensors, all zero, as written by `torch.save`.

    Args:
        tensors: the content of the state dict.
        opcodes: pickle opcodes for more keys and values.
        data: whether the archive has the data of the tensors, without which it is broken.
    """
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        pickle = b"\x80\x02}("
        for key, tensor in enumerate(tensors):
            size = math.prod(tensor.shape)
            pickle += _text(tensor.name) + _pickled(tensor, str(key), size)
            if data:
                content = bytes(size * DTYPE_BITS[tensor.dtype] // 8)
                archive.writestr(ZipInfo(f"archive/data/{key}"), content)
        archive.writestr(ZipInfo("archive/data.pkl"), pickle + opcodes + b"u.")
        archive.writestr(ZipInfo("archive/version"), b"3\n")
    return file.getvalue()


def _pickled(tensor: Tensor, key: str, size: int) -> bytes:
    """Return the opcodes of a call that rebuilds a tensor from the storage with this key."""
    storage = b"ctorch\n%sStorage\n" % _STORAGES[tensor.dtype].encode()
    place = b"(" + _text("storage") + storage + _text(key) + _text("cpu") + _number(size) + b"tQ"
    strides = [math.prod(tensor.shape[i + 1 :]) for i in range(len(tensor.shape))]
    hooks = b"ccollections\nOrderedDict\n)R"
    arguments = place + _number(0) + _tuple(tensor.shape) + _tuple(strides) + b"\x89" + hooks
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + b"tR"


def _text(text: str) -> bytes:
    data = text.encode()
    return b"X" + len(data).to_bytes(4, "little") + data


def _number(number: int) -> bytes:
    return b"J" + number.to_bytes(4, "little")


def _tuple(numbers: Iterable[int]) -> bytes:
    return b"(" + b"".join(map(_number, numbers)) + b"t"
