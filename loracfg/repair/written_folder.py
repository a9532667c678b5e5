"""Write a repaired adapter: copy data by ranges, and only load tensors that change.

The folder appears in one step, when it is complete.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.files import Files
from loracfg.adapter.header.other_formats import read_exactly
from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.new_files import create, new_folder
from loracfg.repair.compute import compute
from loracfg.repair.copied_folder import copy_folder, copy_range
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import (
    Cast,
    Concatenation,
    RowSlice,
    Scale,
    StoredTensor,
    TensorSource,
)

_BLOCK_BYTES: Final = 8 * 1024 * 1024


def write_folder(draft: Draft, folder: Path | None, output: Path) -> None:
    """Write a draft of an adapter to a new folder.

    Args:
        draft: the draft.
        folder: the directory of the adapter, to copy everything else from; None if there is none
            on disk, and only the files of the draft are written.
        output: the new folder.

    Raises:
        LoracfgError: `output` exists already or cannot be written, or a file cannot be downloaded.
    """
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise LoracfgError(f"`{output}` already exists", "use a folder that is new or empty")
    if folder and output.resolve().is_relative_to(folder.resolve()):
        raise LoracfgError(f"`{output}` is inside `{folder}`", "use a folder outside it")
    try:
        mode = folder.stat().st_mode if folder else 0o777
        with new_folder(output, mode | 0o700) as new:
            _fill(draft, folder, new)
    except OSError as error:
        raise LoracfgError(f"cannot write `{output}`: {error.strerror or error}") from None


def _fill(draft: Draft, folder: Path | None, new: Path) -> None:
    if folder is not None:
        copy_folder(folder, new, draft.replaced)
    else:
        _copy_files(draft, new)
    if draft.config is not None:
        with create(new / CONFIG_NAME) as target:
            target.write(draft.config.encode())
    if draft.tensors is not None:
        with create(new / SAFETENSORS_NAME) as target:
            write_weights(draft, target)


def _copy_files(draft: Draft, new: Path) -> None:
    """Copy the files that stay as they are, but no sub-folders."""
    for name, size in draft.files.sizes().items():
        if name not in draft.replaced and "/" not in name:
            with draft.files.open(name) as source, create(new / name) as target:
                copy_range(source, 0, size, target)


def write_weights(draft: Draft, target: BinaryIO) -> None:
    """Write the new weight file of a draft to a file that is empty so far.

    Raises:
        OSError: a file cannot be read or written.
        LoracfgError: numpy is needed but not installed, or a file ends too early.
    """
    target.write(draft.head)
    tensors = (draft.tensors or {}).values()
    with ExitStack() as stack:
        sources = OpenFiles(draft.files, stack)
        for piece in _pieces(tensors):
            if isinstance(piece, StoredTensor):
                copy_range(sources.stream(piece.file), piece.begin, _size(piece), target)
            else:
                for part in _computed(piece, sources):
                    target.write(part)


class OpenFiles:
    """The files that data is read from, each opened once."""

    def __init__(self, files: Files, stack: ExitStack) -> None:
        """Keep files open until the stack is closed."""
        self.files = files
        self.stack = stack
        self.streams: dict[str, BinaryIO] = {}
        self.whole: tuple[TensorSource, bytes] | None = None

    def stream(self, name: str) -> BinaryIO:
        """Return an open file."""
        if name not in self.streams:
            self.streams[name] = self.stack.enter_context(self.files.open(name))
        return self.streams[name]

    def read(self, stored: StoredTensor) -> bytes:
        """Return the data of a tensor.

        Raises:
            LoracfgError: the file ends too early.
        """
        stream = self.stream(stored.file)
        stream.seek(stored.begin)
        data = read_exactly(stream, _size(stored))
        if len(data) < _size(stored):
            raise LoracfgError(f"`{stored.file}` ends before the data of its tensors")
        return data

    def rows(self, rows: RowSlice) -> bytes:
        """Compute rows of a tensor; consecutive calls for the same tensor compute it once."""
        if self.whole is None or self.whole[0] is not rows.source:
            self.whole = rows.source, compute(rows.source, self.read)
        width = bytes_of(rows.dtype, (1, *rows.shape[1:]))
        return self.whole[1][rows.first * width : rows.end * width]


def _pieces(tensors: Iterable[TensorSource]) -> Iterator[TensorSource]:
    """Yield tensors in order, merging those that are adjacent in a file into one range."""
    run: StoredTensor | None = None
    for one in _flat(tensors):
        if not isinstance(one, StoredTensor):
            if run:
                yield run
            run = None
            yield one
        elif run and run.file == one.file and run.begin + _size(run) == one.begin:
            run = StoredTensor(run.file, run.begin, "U8", (_size(run) + _size(one),))
        else:
            if run:
                yield run
            run = one
    if run:
        yield run


def _flat(tensors: Iterable[TensorSource]) -> Iterator[TensorSource]:
    for one in tensors:
        if isinstance(one, Concatenation):
            yield from _flat(one.sources)
        elif isinstance(one, RowSlice) and isinstance(one.source, StoredTensor):
            yield one.source.rows(one.first, one.end)
        else:
            yield one


def _size(stored: StoredTensor) -> int:
    return bytes_of(stored.dtype, stored.shape)


def _computed(source: TensorSource, sources: OpenFiles) -> Iterator[bytes]:
    """Yield the data of a tensor, in blocks if possible."""
    for block in blocks(source):
        if isinstance(block, RowSlice):
            yield sources.rows(block)
        else:
            yield compute(block, sources.read)


def blocks(source: TensorSource) -> Iterator[TensorSource]:
    """Yield a tensor in the pieces to compute: in blocks if it is only cast or scaled."""
    if not (isinstance(source, Cast | Scale) and isinstance(source.source, StoredTensor)):
        yield source
        return
    count, step = math.prod(source.shape), _BLOCK_BYTES // 8
    flat = source.source._replace(shape=(count,))
    for first in range(0, count, step):
        yield source._replace(source=flat.rows(first, min(first + step, count)))
