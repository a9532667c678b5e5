"""Reads the vocabulary size from the config of a base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loracfg.base.catalogue.evaluation.refusals import RefusedError


def vocabulary_size(config: object) -> int | None:
    """Return `vocab_size` of a config object, or of its text config if it has none itself."""
    own = getattr(config, "vocab_size", None)
    if isinstance(own, int):
        return own
    asked: Any = config
    try:
        text = asked.get_text_config(decoder=True)
    except (AttributeError, ValueError, RefusedError):  # no text config, or several
        return None
    found = getattr(text, "vocab_size", None)
    return found if isinstance(found, int) else None


def vocabulary_size_in(config: Mapping[str, object]) -> int | None:
    """Return `vocab_size` of a `config.json`, or of its `text_config` if it has none itself."""
    text = config.get("text_config")
    for values in (config, text if isinstance(text, dict) else {}):
        size = values.get("vocab_size")
        if type(size) is int:
            return size
    return None
