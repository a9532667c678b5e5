"""The limits of architecture files, shared by their reader and their schema."""

from __future__ import annotations

from typing import Final

ARCHITECTURE_VERSION: Final = 1
MAX_MODULES: Final = 300_000
"""The maximum number of modules, aliases, tied modules or notes; the same as for built trees."""
MAX_TEXT: Final = 4096
"""The maximum number of characters of a path, a name or a note."""
MAX_DIMENSIONS: Final = 64
MAX_SIZE: Final = 2**63 - 1
"""The largest integer, as for sizes in torch."""

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
"""The weight of each kind of layer and its number of dimensions; `other` has no entry."""
