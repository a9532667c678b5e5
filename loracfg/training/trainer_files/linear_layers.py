"""Finds modules of a base as trainers do that replace a shorthand such as `all`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from loracfg.base.architecture import Kind

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture, Module

IsWanted = Callable[["Module"], bool]


def last_name(path: str) -> str:
    """Return the last name of a path."""
    return path.rpartition(".")[2]


def is_named_linear(module: Module) -> bool:
    """Return whether `Linear` is in the name of the class, as of quantised layers too."""
    return "Linear" in module.class_name and "Embedding" not in module.class_name


def is_linear(module: Module) -> bool:
    """Return whether a module is a `torch.nn.Linear`, or named like one."""
    is_rope = module.class_name == "LlamaLinearScalingRotaryEmbedding"
    return module.kind is Kind.LINEAR or ("Linear" in module.class_name and not is_rope)


def last_names(base: Architecture, is_wanted: IsWanted) -> set[str]:
    """Return the last names of the modules that are wanted."""
    return {last_name(path) for path, one in base.modules.items() if path and is_wanted(one)}


def paths_with(
    base: Architecture, wanted: Collection[str], forbidden: Collection[str]
) -> Iterator[str]:
    """Yield the paths that contain any of the texts `wanted` and none of `forbidden`."""
    for path in base.modules:
        if any(one in path for one in wanted) and not any(one in path for one in forbidden):
            yield path
