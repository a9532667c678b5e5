"""Adapters that the tests of the page choose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tests.cli.running import ROOT

EXAMPLES: Final = ROOT / "docs" / "examples"
ADAPTER: Final = EXAMPLES / "adapter"
EDITED: Final = EXAMPLES / "edited-adapter"
BASE: Final = EXAMPLES / "base"
WEIGHTS: Final = "adapter_model.safetensors"


def header_bytes(path: Path) -> bytes:
    """Return a safetensors file up to the end of its header."""
    data = path.read_bytes()
    return data[: 8 + int.from_bytes(data[:8], "little")]


def made_adapter(folder: Path, modules: list[str], **config: object) -> Path:
    """Write an adapter of rank 2 for these modules."""
    folder.mkdir()
    fields = {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["q_proj"]}
    (folder / "adapter_config.json").write_text(
        json.dumps(fields | config, indent=2, ensure_ascii=False)
    )
    header: dict[str, object] = {}
    for module in modules:
        for factor, shape in (("lora_A", [2, 4]), ("lora_B", [4, 2])):
            begin = 32 * len(header)
            name = f"base_model.model.{module}.{factor}.weight"
            header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, begin + 32]}
    text = json.dumps(header).encode()
    data = len(text).to_bytes(8, "little") + text + bytes(32 * len(header))
    (folder / WEIGHTS).write_bytes(data)
    return folder
