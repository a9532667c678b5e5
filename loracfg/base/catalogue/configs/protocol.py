"""Lists in the base classes of transformers: names, types of layers, keys with their defaults.

`protocol.json` has these lists, which change from release to release. Those that end with `_4` are
only in transformers 4.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_LISTS: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("protocol.json").read_text("utf-8")
)

LAYER_TYPES: Final = {key: frozenset(types) for key, types in _LISTS["layer_types"].items()}
"""The types of layers that each key accepts."""
LAYER_TYPES_4: Final[frozenset[str]] = frozenset(_LISTS["layer_types_4"])
"""The types of layers that `layer_type_validation` of 4.57 accepts."""
RENAMED_LAYERS: Final[dict[str, str]] = _LISTS["renamed_layers"]
"""The current names of types of layers in older files."""
DTYPES: Final[frozenset[str]] = frozenset(_LISTS["dtypes"])
CACHES: Final[frozenset[str]] = frozenset(_LISTS["caches"])
"""The kinds of caches in both releases."""
ROPE: Final = {kind: tuple(keys) for kind, keys in _LISTS["rope"].items()}
"""The required keys of each kind of rotary positions in transformers 5."""
UNWRITTEN: Final[list[str]] = _LISTS["unwritten"]
"""Attributes that are not written to files."""
ABSENT: Final[frozenset[str]] = frozenset(_LISTS["absent"])
"""Attributes of the library's configs that ours do not have."""
ABSENT_4: Final[frozenset[str]] = frozenset(_LISTS["absent_4"])
PROBLEMS_4: Final[list[str | None]] = _LISTS["problems_4"]
"""Values of `problem_type`."""
BASE_KEYS_4: Final[dict[str, Any]] = _LISTS["base_keys_4"]
"""Keys that all configs have, with their defaults."""
