"""The base's biases in a model whose modules are wrapped, some of them to be saved whole.

A `ModulesToSaveWrapper` (`peft/utils/other.py`, 0.21.2) keeps the module as `original_module` and a
copy of it as `modules_to_save.default`; with `bias` at `all`, the biases of both are saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loracfg.adapter.tensor import Shape
from loracfg.plan.state import WrappedBase


def bias_tensors(wrapped: WrappedBase, saved: Sequence[str]) -> Iterator[tuple[str, str, Shape]]:
    """Yield every saved name of a base bias, with the path of its module and its shape."""
    owners = [wrapped.name_of(path) for path in saved]
    for path in ("", *wrapped.base.paths()):
        module = wrapped.base.find(path)
        shape = module.parameters.get("bias") if module else None
        if shape is None:
            continue
        name = f"{wrapped.name_of(path)}.bias".removeprefix(".")
        owner = next((o for o in owners if name.startswith(o + ".")), None)
        if owner is None:
            yield name, path, shape
            continue
        inside = name.removeprefix(owner)
        yield f"{owner}.original_module{inside}", path, shape
        # Only an adapter name next to the last part is removed from a name.
        copy = "modules_to_save.default" if inside.count(".") > 1 else "modules_to_save"
        yield f"{owner}.{copy}{inside}", path, shape
