"""What the base classes of transformers list: names, types of layers, keys with their defaults.

`protocol.json` has the lists, which change from release to release; those that end with `_4` are of
transformers 4 alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_LISTS: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("protocol.json").read_text("utf-8")
)

LAYER_TYPES: Final = {key: frozenset(types) for key, types in _LISTS["layer_types"].items()}
"""Types of layers that each key accepts."""
LAYER_TYPES_4: Final[frozenset[str]] = frozenset(_LISTS["layer_types_4"])
"""Types of layers that `layer_type_validation` of 4.57 accepts."""
RENAMED_LAYERS: Final[dict[str, str]] = _LISTS["renamed_layers"]
"""Types of layers that older files have by another name."""
DTYPES: Final[frozenset[str]] = frozenset(_LISTS["dtypes"])
CACHES: Final[frozenset[str]] = frozenset(_LISTS["caches"])
"""Kinds of caches in both releases."""
ROPE: Final = {kind: tuple(keys) for kind, keys in _LISTS["rope"].items()}
"""Keys that each kind of rotary positions needs in transformers 5."""
UNWRITTEN: Final[list[str]] = _LISTS["unwritten"]
"""Attributes that are not written to files."""
ABSENT: Final[frozenset[str]] = frozenset(_LISTS["absent"])
"""Attributes that configs of the library have and ours do not."""
PROBLEMS_4: Final[list[str | None]] = _LISTS["problems_4"]
"""Values of `problem_type`."""
BASE_KEYS_4: Final[dict[str, Any]] = _LISTS["base_keys_4"]
"""Keys that all configs have, with their defaults."""
