"""Model types that came with the release after the catalogue's, of which it has the names alone.

`python -m loracfg.base.derivation.building.newer` writes the list.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("newer.json")


@cache
def newer_types() -> tuple[str, frozenset[str]]:
    """Return the next release, as `transformers 5.24.0`, and the model types that came with it."""
    value = json.loads(FILE.read_text("utf-8"))
    return value["library"], frozenset(value["types"])


def came_later(model_type: object, there: str) -> str | None:
    """Return in a clause that a model type came with a later release, None if it did not.

    Args:
        model_type: the value of `model_type`.
        there: what is there instead, as `the catalogue has 5.23.0`.
    """
    library, types = newer_types()
    if not isinstance(model_type, str) or model_type not in types:
        return None
    return f"`{model_type}` came with {library}; {there}"
