"""A copy of an adapter in memory, to which defects can be added."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Shape, Tensor
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"


@dataclass
class Copy:
    """The config and tensors of an adapter; `files` replace the files written from these."""

    config: dict[str, Any]
    tensors: dict[str, Tensor]
    metadata: dict[str, str] = field(default_factory=lambda: {"format": "pt"})
    files: dict[str, bytes | None] = field(default_factory=dict)

    @classmethod
    def of(cls, adapter: Path) -> Copy:
        """Copy the config and the header of an adapter directory."""
        config = json.loads((adapter / CONFIG).read_text())
        weights = adapter / WEIGHTS
        with weights.open("rb") as stream:
            header, faults = read_safetensors(stream, weights.stat().st_size, WEIGHTS)
        assert header is not None
        assert not faults
        return cls(config, dict(header.tensors))

    def written(self) -> MemoryFiles:
        """Return the files of this adapter."""
        contents: dict[str, bytes | None] = {
            CONFIG: json.dumps(self.config, indent=2, sort_keys=True).encode(),
            WEIGHTS: safetensors_bytes(self.tensors.values(), self.metadata),
        }
        contents |= self.files
        return MemoryFiles({name: data for name, data in contents.items() if data is not None})

    def weights(self) -> bytes:
        """Return the content of the weight file."""
        return safetensors_bytes(self.tensors.values(), self.metadata)

    def named(self, pattern: str) -> list[str]:
        """Return the names of the tensors in which a pattern occurs."""
        return [name for name in self.tensors if re.search(pattern, name)]

    def drop(self, names: list[str]) -> bool:
        """Remove tensors, and tell whether there were any."""
        for name in names:
            del self.tensors[name]
        return bool(names)

    def rename(self, change: Callable[[str], str]) -> bool:
        """Rename tensors, and tell whether any name changed."""
        renamed = [tensor._replace(name=change(name)) for name, tensor in self.tensors.items()]
        changed = [t.name for t in renamed] != list(self.tensors)
        self.tensors = {tensor.name: tensor for tensor in renamed}
        return changed

    def reshape(self, pattern: str, change: Callable[[Shape], Shape]) -> bool:
        """Change the shapes of tensors whose names match a pattern, and tell if there are any."""
        names = self.named(pattern)
        for name in names:
            tensor = self.tensors[name]
            self.tensors[name] = tensor._replace(shape=change(tensor.shape))
        return bool(names)
