"""The limits of architecture files, which their reader and their schema keep."""

from __future__ import annotations

from typing import Final

ARCHITECTURE_VERSION: Final = 1
MAX_MODULES: Final = 300_000
"""Modules, and also aliases, tied modules and notes; the largest tree that is built has as many."""
MAX_TEXT: Final = 4096
"""Characters of a path, a name or a note."""
MAX_DIMENSIONS: Final = 64
MAX_SIZE: Final = 2**63 - 1
"""The largest integer, which is that of torch's sizes."""

TEXT: Final = r"^[^\x00-\x1f\x7f]*$"
NAME: Final = r"^[^.\x00-\x1f\x7f]+$"
PATH: Final = r"^([^.\x00-\x1f\x7f]+(\.[^.\x00-\x1f\x7f]+)*)?$"

WEIGHTS: Final = {
    "Linear": ("weight", 2),
    "Conv1D": ("weight", 2),
    "Embedding": ("weight", 2),
    "Conv1d": ("weight", 3),
    "Conv2d": ("weight", 4),
    "Conv3d": ("weight", 5),
    "MultiheadAttention": ("in_proj_weight", 2),
}
"""The parameter that each kind of layer has, and its number of dimensions; `other` has none."""
