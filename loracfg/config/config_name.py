"""The name of the file that PEFT keeps the config of an adapter in."""

from __future__ import annotations

from typing import Final

CONFIG_NAME: Final = "adapter_config.json"
