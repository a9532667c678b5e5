"""An adapter as a repair leaves it: its files, with changes that are not written yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from typing import Any, BinaryIO, Final

from loracfg.adapter.directory import SAFETENSORS_NAME, Adapter
from loracfg.adapter.files import Files
from loracfg.adapter.header.extents import extents_of
from loracfg.adapter.header.safetensors_file import DTYPE_BITS, bytes_of, read_head
from loracfg.adapter.header.tensor import Header
from loracfg.config import CONFIG_NAME
from loracfg.document.edit import ConfigEdit, apply_edits
from loracfg.document.json_document import read_document
from loracfg.repair.tensor_data import StoredTensor, TensorSource

PEFT_METADATA: Final = {"format": "pt"}
"""The metadata that PEFT writes and transformers requires."""
_LARGE: Final = "header-large"
"""The only fault of a weight file that leaves its tensors in no doubt."""
_ALIGNMENT: Final = 8
"""The data section begins at a multiple of this, as the safetensors library writes it."""


@dataclass(frozen=True)
class Draft:
    """The files of a folder with changes; it can be validated like a folder.

    `config` is the new text of the config, and `tensors` are the tensors of the new weight file, in
    order. Each is None if the file does not change. `left_out` are the files that are not copied.
    """

    files: Files
    config: str | None = None
    tensors: Mapping[str, TensorSource] | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def sizes(self) -> dict[str, int]:
        """Return the size of each file by name, as `Files` does."""
        sizes = {n: size for n, size in self._source_sizes.items() if n not in self.left_out}
        if self.config is not None:
            sizes[CONFIG_NAME] = len(self.config.encode())
        if self.tensors is not None:
            data = sum(bytes_of(one.dtype, one.shape) for one in self.tensors.values())
            sizes[SAFETENSORS_NAME] = len(self.head) + data
        return sizes

    def links_out(self) -> tuple[str, ...]:
        """Return the copied files that are links to a place outside the folder."""
        return tuple(name for name in self.files.links_out() if name not in self.replaced)

    def kind_of(self, name: str) -> str | None:
        """Return what kind of thing has this name if it is not a file, as `Files` does."""
        return None if name in self.replaced else self.files.kind_of(name)

    @property
    def replaced(self) -> frozenset[str]:
        """The files of the folder that are not copied unchanged."""
        new = {CONFIG_NAME} if self.config is not None else set()
        new |= {SAFETENSORS_NAME} if self.tensors is not None else set()
        return self.left_out | new

    def open(self, name: str) -> BinaryIO:
        """Open a file; a new weight file has only its header."""
        if name == CONFIG_NAME and self.config is not None:
            return BytesIO(self.config.encode())
        if name == SAFETENSORS_NAME and self.tensors is not None:
            return BytesIO(self.head)
        return self.files.open(name)

    @cached_property
    def _source_sizes(self) -> dict[str, int]:
        return self.files.sizes()

    @cached_property
    def head(self) -> bytes:
        """The beginning of the new weight file: the length of the header, and the header."""
        entries: dict[str, Any] = {"__metadata__": dict(self.metadata)} if self.metadata else {}
        end = 0
        for name, one in (self.tensors or {}).items():
            begin, end = end, end + bytes_of(one.dtype, one.shape)
            entries[name] = {
                "dtype": one.dtype,
                "shape": list(one.shape),
                "data_offsets": [begin, end],
            }
        text = json.dumps(entries, separators=(",", ":")).encode()
        text += b" " * (-len(text) % _ALIGNMENT)
        return len(text).to_bytes(8, "little") + text

    def with_config_edits(self, changes: Sequence[ConfigEdit]) -> Draft:
        """Return the draft with edits applied to its config, which keeps its layout."""
        with self.open(CONFIG_NAME) as stream:
            document, _ = read_document(stream.read(), CONFIG_NAME)
        assert document is not None  # repairs only edit a config that can be read
        return replace(self, config=apply_edits(document, changes))

    def with_config(self, text: str) -> Draft:
        """Return the draft with this text as its config."""
        return replace(self, config=text)

    def without_files(self, names: Iterable[str]) -> Draft:
        """Return the draft without some files."""
        return replace(self, left_out=self.left_out | frozenset(names))

    def with_tensors(
        self, tensors: Mapping[str, TensorSource], metadata: Mapping[str, str] | None = None
    ) -> Draft:
        """Return the draft with these tensors, widest dtype first so that all are aligned."""
        by_width = sorted(tensors.items(), key=lambda item: -DTYPE_BITS[item[1].dtype])
        kept = self.metadata if metadata is None else metadata
        return replace(self, tensors=dict(by_width), metadata=kept)

    def map_tensors(
        self, change: Callable[[str, TensorSource], Iterable[tuple[str, TensorSource]]]
    ) -> Draft:
        """Return the draft with each tensor replaced by the tensors that `change` returns for it.

        Raises:
            ValueError: if two tensors would have the same name.
        """
        assert self.tensors is not None
        found: dict[str, TensorSource] = {}
        for name, one in self.tensors.items():
            for new, source in change(name, one):
                if new in found:
                    raise ValueError(f"two tensors would be named `{new}`")
                found[new] = source
        return self.with_tensors(found)

    def with_renamed_tensors(self, names: Mapping[str, str]) -> Draft:
        """Return the draft with tensors renamed.

        Raises:
            ValueError: if two tensors would have the same name.
        """
        return self.map_tensors(lambda name, one: [(names.get(name, name), one)])

    def without_tensors(self, names: Iterable[str]) -> Draft:
        """Return the draft without some tensors."""
        gone = frozenset(names)
        return self.map_tensors(lambda name, one: [] if name in gone else [(name, one)])


def with_stored_tensors(draft: Draft, adapter: Adapter) -> Draft:
    """Return a draft with the tensors of its weight file, if the file is sound.

    A damaged file does not change, since nobody knows which bytes belong to which tensor.
    """
    header = adapter.header
    if draft.tensors is not None or header is None or adapter.weights != SAFETENSORS_NAME:
        return draft
    if any(f.location.file == SAFETENSORS_NAME and f.kind != _LARGE for f in adapter.faults):
        return draft
    found = stored_tensors(draft.files, SAFETENSORS_NAME, header)
    return replace(draft, tensors=found, metadata=header.metadata)


def stored_tensors(files: Files, name: str, header: Header) -> dict[str, TensorSource]:
    """Return the tensors of a safetensors file in file order; its header must be sound."""
    with files.open(name) as stream:
        extents = extents_of(read_head(stream))
    found = sorted(header.shapes.items(), key=lambda item: extents[item[0]])
    return {n: StoredTensor(name, extents[n][0], header.dtypes[n], shape) for n, shape in found}
