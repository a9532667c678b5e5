"""Walks the modules of a live model as they were before PEFT, torch or a trainer wrapped them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import nn

_WRAPPERS: Final = ("_fsdp_wrapped_module", "_orig_mod", "_checkpoint_wrapped_module")
"""Where torch keeps a module that it wraps: FSDP, `torch.compile`, activation checkpointing."""
_OF_PEFT: Final = (
    ("peft.tuners.tuners_utils", "BaseTunerLayer", ("base_layer",)),
    ("peft.utils.other", "AuxiliaryTrainingWrapper", ("original_module", "token_adapter")),
)
"""The classes with which PEFT wraps a module, and where they keep it."""
_SHARDED: Final = "FSDPModule"
"""The base that `fully_shard` of torch adds to the class of each module that it shards."""
_ROOTS: Final = ("DistributedDataParallel", "DataParallel", "DeepSpeedEngine")
"""Classes that wrap a whole model, which they keep as `module`."""


def unwrapped(module: nn.Module) -> nn.Module:
    """Return the module inside all wrappers, or the module itself if nothing wraps it."""
    inner = _inside(module)
    while inner is not None:
        module, inner = inner, _inside(inner)
    return module


def outermost(model: nn.Module) -> nn.Module:
    """Return a model without what wraps it as a whole, but with its adapters."""
    while True:
        inner = _wrapped_by_torch(model)
        if inner is None and type(model).__name__ in _ROOTS:
            inner = model._modules.get("module")
        if inner is None:
            return model
        model = inner


def base_of(model: nn.Module) -> nn.Module:
    """Return the model that adapters were added to: that inside a `PeftModel`, or the model."""
    model = outermost(model)
    module = sys.modules.get("peft.peft_model")
    if module is not None and isinstance(model, module.PeftModel):
        inner: nn.Module = model.get_base_model()
        return outermost(inner)
    return model


def unwrapped_modules(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Yield every module of the model below wrappers, with its path.

    A module in several places comes once for each of them, as with
    `named_modules(remove_duplicate=False)`. Adapters are left out.
    """
    waiting = [("", base_of(model))]
    while waiting:
        path, module = waiting.pop()
        module = unwrapped(module)
        yield path, module
        dot = f"{path}." if path else ""
        children = [
            (dot + name, child) for name, child in module._modules.items() if child is not None
        ]
        waiting += reversed(children)


def class_of(module: nn.Module) -> type:
    """Return the class of a module, without the subclass that `fully_shard` puts in its place."""
    cls: type = type(module)
    is_sharded = any(base.__name__ == _SHARDED for base in cls.__bases__)
    return next(base for base in cls.__bases__ if base.__name__ != _SHARDED) if is_sharded else cls


def _inside(module: nn.Module) -> nn.Module | None:
    inner = _wrapped_by_torch(module)
    if inner is not None:
        return inner
    for home, name, kept in _OF_PEFT:
        library = sys.modules.get(home)
        if library is not None and isinstance(module, getattr(library, name, ())):
            return _first(module, kept)
    return None


def _wrapped_by_torch(module: nn.Module) -> nn.Module | None:
    return _first(module, _WRAPPERS)


def _first(module: nn.Module, names: Iterable[str]) -> nn.Module | None:
    own = module._modules
    return next((own[name] for name in names if own.get(name) is not None), None)
