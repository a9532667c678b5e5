"""Reads the configs of training tools into the PEFT config that they build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loracfg.training.trainer_files.reading import read_trainer_file

__all__ = ["read_trainer_file"]


def __getattr__(name: str) -> Any:
    """Import the reader on first use."""
    if name not in __all__:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    from loracfg.training.trainer_files import reading

    return getattr(reading, name)
