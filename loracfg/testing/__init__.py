"""Strategies and adapters for tests of loracfg, and of tools that use it; needs Hypothesis.

Strategies draw config values (`config_values`, for each release of PEFT), configs for a base
(`configs`), bases (`architectures`), and adapters that fit their base (`adapters`) or have one of
the named `DEFECTS` (`spoilt_adapters`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loracfg.testing.arguments import config_values
    from loracfg.testing.defects import DEFECTS, Defect
    from loracfg.testing.drawing import DrawnAdapter, adapters, architectures, spoilt_adapters
    from loracfg.testing.memory_files import MemoryFiles
    from loracfg.testing.plans import configs

__all__ = [
    "DEFECTS",
    "Defect",
    "DrawnAdapter",
    "MemoryFiles",
    "adapters",
    "architectures",
    "config_values",
    "configs",
    "spoilt_adapters",
]

_HOMES = {
    "DEFECTS": "defects",
    "Defect": "defects",
    "DrawnAdapter": "drawing",
    "MemoryFiles": "memory_files",
    "adapters": "drawing",
    "architectures": "drawing",
    "config_values": "arguments",
    "configs": "plans",
    "spoilt_adapters": "drawing",
}


def __getattr__(name: str) -> Any:
    """Import a name on first use, since the examples of rules do not need Hypothesis."""
    if name not in _HOMES:
        raise AttributeError(f"module `loracfg.testing` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(f"loracfg.testing.{_HOMES[name]}"), name)
