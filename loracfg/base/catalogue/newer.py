"""The names of model types that were added in the release after the catalogue's.

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
    """Return the next release, such as `transformers 5.24.0`, and the model types it adds."""
    value = json.loads(FILE.read_text("utf-8"))
    return value["library"], frozenset(value["types"])


def newer_type_note(model_type: object, known: str) -> str | None:
    """Return a clause saying that a model type was added in a later release, if it was.

    Args:
        model_type: the value of `model_type`.
        known: the release that is known instead, such as `the catalogue has 5.23.0`.
    """
    library, types = newer_types()
    if not isinstance(model_type, str) or model_type not in types:
        return None
    return f"`{model_type}` was added in {library}; {known}"
