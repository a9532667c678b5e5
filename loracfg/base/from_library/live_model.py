"""Reads the module tree of a live model, of plain torch or of a library."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import (
    CONVOLUTIONS,
    Architecture,
    Kind,
    Module,
    Parameter,
    has_dimensions,
)
from loracfg.base.from_library.unwrapped import base_of, class_of, unwrapped, unwrapped_modules
from loracfg.base.tying import hides_embeddings, raises_for_embeddings, tied_names
from loracfg.base.vocabulary import vocabulary_size

if TYPE_CHECKING:
    import torch

_DECLARED: Final = {
    Kind.LINEAR: ("out_features", "in_features"),
    Kind.CONV1D_GPT2: ("nx", "nf"),
    Kind.EMBEDDING: ("num_embeddings", "embedding_dim"),
}
"""The attributes of layers with the sizes of their weight, in its order."""


def architecture_of(model: torch.nn.Module) -> Architecture:
    """Return the module tree of a model on any device, from any library.

    Of a model with adapters, this is the tree that it had before they were added.
    """
    model = base_of(model)
    everywhere = list(unwrapped_modules(model))
    names: dict[int, str] = {}
    for path, module in everywhere:
        names.setdefault(id(module), path)
    library = sys.modules.get("transformers.modeling_utils")
    is_transformers = library is not None and isinstance(model, library.PreTrainedModel)
    config: Any = getattr(model, "config", None)
    values = config.to_dict() if hasattr(config, "to_dict") else {}
    unreadable: list[str] = []
    return Architecture(
        source="transformers",
        model_type=getattr(config, "model_type", None),
        class_name=class_of(model).__name__,
        modules={
            path: _module(path, module, unreadable)
            for path, module in everywhere
            if names[id(module)] == path
        },
        aliases={
            path: names[id(module)] for path, module in everywhere if names[id(module)] != path
        },
        input_embeddings=_name_of(model, "get_input_embeddings", names),
        output_embeddings=_name_of(model, "get_output_embeddings", names),
        tied=tied_names(model, everywhere),
        tie_word_embeddings=bool(values.get("tie_word_embeddings")),
        vocab_size=vocabulary_size(config),
        is_transformers=is_transformers,
        notes=tuple(unreadable),
        shared=tuple(_shared(one for one in everywhere if names[id(one[1])] == one[0])),
        hides_embeddings=hides_embeddings(model),
        raises_for_embeddings=raises_for_embeddings(model),
    )


def _shared(modules: Iterable[tuple[str, torch.nn.Module]]) -> Iterator[Parameter]:
    """Yield the parameters that are the same object as one before them."""
    seen: set[int] = set()
    for path, module in modules:
        for name, parameter in module._parameters.items():
            if parameter is not None and id(parameter) in seen:
                yield path, name
            seen.add(id(parameter))


def _module(path: str, module: torch.nn.Module, notes: list[str]) -> Module:
    parameters = {n: whole_shape(p) for n, p in module._parameters.items() if p is not None}
    buffers = {
        name: tuple(buffer.shape)
        for name, buffer in module._buffers.items()
        if buffer is not None and name not in module._non_persistent_buffers_set
    }
    kind, computed = _kind(module), None
    needed = "in_proj_weight" if kind is Kind.ATTENTION else "weight"
    if kind is not Kind.OTHER and needed not in parameters:  # as with weight norm
        computed = _computed_weight(module, kind)
    elif kind is not Kind.OTHER:
        computed = _declared_weight(module, kind, parameters[needed])
    is_known = computed is not None or has_dimensions(kind, parameters.get(needed, ()))
    if kind is not Kind.OTHER and not is_known:
        kind = Kind.OTHER
        what = f"`{path}` ({type(module).__name__}) has no weight"
        notes.append(f"{what}, so its adapters are unknown")
    return Module(
        path=path,
        kind=kind,
        class_name=class_of(module).__name__,
        parameters=parameters,
        buffers=buffers,
        groups=module.groups if kind in CONVOLUTIONS else 1,  # type: ignore[arg-type]
        is_transposed=getattr(module, "is_transposed", False) is True,
        computed=computed,
    )


def whole_shape(tensor: torch.Tensor) -> Shape:
    """Return the shape of a tensor, also of one that DeepSpeed ZeRO-3 keeps on several devices.

    ZeRO-3 leaves an empty tensor in its place, with the shape of the whole as `ds_shape`. A
    `DTensor` has the shape of the whole as its own.
    """
    return tuple(int(size) for size in getattr(tensor, "ds_shape", tensor.shape))


def _declared_weight(module: torch.nn.Module, kind: Kind, stored: Shape) -> Shape | None:
    """Return the shape of a weight that is stored differently: packed, or on other devices.

    PEFT also goes by what the layer declares (`_get_in_out_features` in `tuners/tuners_utils.py`).
    """
    names = _DECLARED.get(kind)
    sizes = [getattr(module, name, None) for name in names or ()]
    if not sizes or not all(isinstance(size, int) for size in sizes):
        return None
    declared = tuple(size for size in sizes if isinstance(size, int))
    return None if declared == stored else declared


def _computed_weight(module: torch.nn.Module, kind: Kind) -> Shape | None:
    """Return the shape of a weight that is computed from other parameters, if there is one."""
    try:
        weight = module.weight
        shape = tuple(int(size) for size in weight.shape)  # type: ignore[union-attr]
    except Exception:  # code of the model computes it and can raise anything
        return None
    return shape if kind is not Kind.ATTENTION and has_dimensions(kind, shape) else None


def _kind(module: torch.nn.Module) -> Kind:
    cls: type = type(module)  # mypy knows that a `type` is hashable
    return _kind_of_class(cls)


@lru_cache(1024)
def _kind_of_class(cls: type) -> Kind:
    from torch import nn

    kinds: dict[type, Kind] = {
        nn.Embedding: Kind.EMBEDDING,
        nn.Conv2d: Kind.CONV2D,
        nn.Conv3d: Kind.CONV3D,
        nn.Conv1d: Kind.CONV1D,
        nn.MultiheadAttention: Kind.ATTENTION,
        nn.Linear: Kind.LINEAR,
    }
    utilities = sys.modules.get("transformers.pytorch_utils")
    if utilities is not None:  # otherwise no class of the model comes from there
        kinds[utilities.Conv1D] = Kind.CONV1D_GPT2
    return next((kind for base, kind in kinds.items() if issubclass(cls, base)), Kind.OTHER)


def _name_of(model: torch.nn.Module, getter: str, names: dict[int, str]) -> str | None:
    """Return the path of the module that a getter of a model returns."""
    try:
        module = getattr(model, getter)()
    except Exception:  # models without embeddings can raise anything
        return None
    is_module = hasattr(module, "_modules")  # Perceiver's embedding is a parameter
    return names.get(id(unwrapped(module))) if is_module else None
