"""Adapters as engines meet them, and lines of examples that make such."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.base.architecture import Module
from loracfg.engine.engine import Engine
from loracfg.runtimes import profile_files
from loracfg.runtimes.served import ServedAdapter
from loracfg.testing.building.examples import build
from loracfg.testing.building.surroundings import resolved_of

NAME: Final = "base_model.model"
NO_BASE: Final = "base none"


def served(*lines: str) -> ServedAdapter:
    """Return the adapter of these lines (see `loracfg.testing.building.examples`) on their base."""
    files, base = build(lines)
    adapter, resolved = read_adapter(files), resolved_of(lines, base)
    return Engine().open_read(adapter, resolved).served


def with_modules(found: ServedAdapter, *modules: Module, **own: Any) -> ServedAdapter:
    """Return the adapter on its base with other modules in the place of those of their paths."""
    assert found.base
    tree = found.base.modules | {module.path: module for module in modules}
    return replace(found, base=replace(found.base, modules=tree, **own))


def pair(path: str, rows: int = 16) -> tuple[str, ...]:
    """Return lines with the factors of a module with 16 inputs."""
    stem = f"tensor {NAME}.{path}.lora_"
    return f"{stem}A.weight F32 [4, 16]", f"{stem}B.weight F32 [{rows}, 4]"


def pairs(*paths: str) -> tuple[str, ...]:
    """Return lines with the factors of these modules, and of no others."""
    return ("drop .*", *(line for path in paths for line in pair(path)))


def saved(name: str, *shape: int) -> str:
    """Return the line with a parameter of the base."""
    return f"tensor {NAME}.{name} F32 {list(shape)}"


def experts(*numbers: int, layer: int = 0) -> Iterator[str]:
    """Yield lines with the factors of experts."""
    for number in numbers:
        for name in ("gate_proj", "up_proj", "down_proj"):
            yield from pair(f"model.layers.{layer}.mlp.experts.{number}.{name}")


@contextmanager
def with_facts(**own: str) -> Iterator[None]:
    """Have only engines with these facts known, by names that no other test gives one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile_files, "texts", lambda: own)
        profile_files.names.cache_clear()
        try:
            yield
        finally:
            profile_files.names.cache_clear()
