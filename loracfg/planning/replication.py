"""`layer_replication`: build the tree of a base with replicated layers.

Source: `replicate_layers` in `peft/tuners/tuners_utils.py`, 0.21.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from loracfg.base.architecture import Architecture, Module

MAX_LAYERS: Final = 10_000
"""The maximum number of layers, to limit time and memory."""

_LIST_CLASSES: Final = ("ModuleList", "Module")
"""The class that PEFT replicates, and the class of modules that are only known from headers."""


def replicate_layers(base: Architecture, ranges: Sequence[tuple[int, int]]) -> Architecture | None:
    """Return the tree with its layers replaced by these `[start, end)` ranges of them.

    Return None if PEFT does not find the list of layers, a range exceeds it, or the result would
    have more than `MAX_LAYERS`.
    """
    container = layer_container(base)
    if container is None:
        return None
    count = sum(_is_child(path, container) for path in base.modules)
    taken = [(start, end) for start, end in ranges if start < end]
    if not all(-count <= start and end <= count for start, end in taken):
        return None
    if sum(end - start for start, end in taken) > MAX_LAYERS:
        return None
    order = [index for start, end in taken for index in range(start, end)]
    prefix = container + "."
    layers = _by_layer(base, prefix)
    modules: dict[str, Module] = {}
    for path, module in base.modules.items():
        if path.startswith(prefix):
            continue
        modules[path] = module
        if path == container:
            for new, old in enumerate(order):
                modules |= _moved(layers.get(f"{old % count}", ()), prefix, f"{new}")
    return replace(base, modules=modules)


def taken_layers(base: Architecture, ranges: Sequence[tuple[int, int]]) -> Architecture:
    """Return the tree without the layers that no range has; replicas share their parameters."""
    container = layer_container(base)
    if container is None:
        return base
    count = sum(_is_child(path, container) for path in base.modules)
    taken = {index % count for start, end in ranges for index in range(start, end)}
    prefix = container + "."

    def is_taken(path: str) -> bool:
        step = path.removeprefix(prefix).partition(".")[0]
        return not path.startswith(prefix) or not step.isdecimal() or int(step) in taken

    return replace(base, modules={p: one for p, one in base.modules.items() if is_taken(p)})


def layer_container(base: Architecture) -> str | None:
    """Return the path of the module list that PEFT replicates, if it finds one."""
    path = ""
    while base.find(_join(path, "model")):
        path = _join(path, "model")
    if base.find(_join(path, "bert")):
        path = _join(path, "bert")
    for name in ("layers", "encoder.layer", "h"):
        module = base.find(_join(path, name))
        if module:
            return module.path if module.class_name in _LIST_CLASSES else None
    return None


Inner = list[tuple[str, Module]]
"""The modules of a layer, each with the rest of its path."""


def _by_layer(base: Architecture, prefix: str) -> dict[str, Inner]:
    """Return the modules of each layer, by its name in the list."""
    layers: dict[str, Inner] = {}
    for path, module in base.modules.items():
        if path.startswith(prefix):
            name, dot, rest = path.removeprefix(prefix).partition(".")
            layers.setdefault(name, []).append((dot + rest, module))
    return layers


def _moved(layer: Iterable[tuple[str, Module]], prefix: str, name: str) -> dict[str, Module]:
    paths = ((f"{prefix}{name}{rest}", module) for rest, module in layer)
    return {path: module._replace(path=path) for path, module in paths}


def _is_child(path: str, container: str) -> bool:
    return path.startswith(container + ".") and "." not in path[len(container) + 1 :]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
