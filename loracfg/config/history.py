"""Annotations that say when a field of `adapter_config.json` came to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PEFT_RELEASE: Final = "0.21.2"
"""The release that `LoraConfig` describes."""

REMOVED: Final = {"enable_lora": "0.3.0", "merge_weights": "0.3.0"}
"""Keys that no release since the named one knows (wheels 0.2.0 and 0.3.0, `tuners/lora.py`)."""


@dataclass(frozen=True, slots=True)
class Since:
    """The first PEFT release whose LoraConfig has the field."""

    release: str
