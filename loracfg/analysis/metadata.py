"""Read rank and alpha from the metadata of a weight file, which PEFT ignores."""

from __future__ import annotations

import math
from typing import Final

from loracfg.analysis.subject import Subject

ALPHA_KEYS: Final = ("lora_alpha", "alpha", "network_alpha", "ss_network_alpha")
RANK_KEYS: Final = ("r", "rank", "lora_r", "lora_rank", "network_dim", "ss_network_dim")


def number_in_metadata(subject: Subject, keys: tuple[str, ...]) -> tuple[str, float] | None:
    """Return the first of these keys with a finite number, and the number."""
    header = subject.adapter.header
    for key in keys:
        text = header.metadata.get(key) if header else None
        try:
            value = float(text) if text else math.nan
        except ValueError:
            continue
        if math.isfinite(value):
            return key, value
    return None


def alpha_in_metadata(subject: Subject) -> float | None:
    """Return the alpha in the metadata."""
    found = number_in_metadata(subject, ALPHA_KEYS)
    return found[1] if found else None
