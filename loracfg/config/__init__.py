"""The config of an adapter: its fields, their constraints and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.config.model.known_names import CONFIG_NAME

if TYPE_CHECKING:
    from loracfg.config.history.derived_models import model_at

__all__ = ["CONFIG_NAME", "model_at"]


def __getattr__(name: str) -> object:
    """Import `model_at` on first use, since most users of this package need no models."""
    if name != "model_at":
        raise AttributeError(f"module `loracfg.config` has no attribute `{name}`")
    from loracfg.config.history.derived_models import model_at

    return model_at
