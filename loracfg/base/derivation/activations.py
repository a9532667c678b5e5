"""The modules of activation functions: they take no config, so one of each is created."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from loracfg.base.derivation.source.package import Package

_FILE: Final = "common_activations"


def activations(package: Package) -> dict[str, list[list[object]]]:
    """Return the modules of each activation: path, class, parameters and buffers with shapes."""
    if not _has(package):
        return {}
    made: Any = package.module(_FILE).ACT2FN
    return {name: list(_modules(made[name], "")) for name in sorted(made)}


def _has(package: Package) -> bool:
    try:
        package.module(_FILE)
    except ModuleNotFoundError:
        return False
    return True


def _modules(module: Any, path: str) -> Iterator[list[Any]]:
    buffers = {name: one for name, one in module._buffers.items() if name not in module._hidden}
    yield [path, type(module).__name__, _shapes(module._parameters), _shapes(buffers)]
    for name, child in module._modules.items():
        if child is not None:
            yield from _modules(child, f"{path}.{name}" if path else name)


def _shapes(tensors: dict[str, Any]) -> dict[str, list[int]]:
    return {name: list(one.shape) for name, one in tensors.items() if one is not None}
