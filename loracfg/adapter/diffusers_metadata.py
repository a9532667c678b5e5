"""Read the config that diffusers 0.34 and newer write into the metadata of a weight file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject


_KEY: Final = "lora_adapter_metadata"


def config_in(metadata: Mapping[str, str]) -> JsonObject:
    """Return the config, without the prefixes of keys in a file for several models.

    It is empty if there is none, or if it cannot be read.
    """
    text = metadata.get(_KEY)
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key.rpartition(".")[2]: value for key, value in found.items()}
