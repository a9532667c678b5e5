"""What training does with an adapter in a live model: gradients, optimizer, ties, devices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from loracfg.analysis.live_facts import SHARDED, ConfigChange, LiveFacts
from loracfg.analysis.phrases import with_verb
from loracfg.base.architecture import Architecture
from loracfg.base.from_library.unwrapped import base_of, unwrapped_modules
from loracfg.report.report import NotChecked
from loracfg.training.live.adapted_model import AdaptedModel, LiveTensor

if TYPE_CHECKING:
    import torch
    from torch import nn

_COPYING: Final = ("deepspeed", "apex")
"""Packages with optimizers that hold copies of the parameters, such as flat ones in `float32`."""
_OPTIMIZER: Final = "which tensors the optimizer has"


def live_facts(
    adapted: AdaptedModel,
    name: str,
    tensors: Sequence[LiveTensor],
    tree: Architecture | None,
    optimizer: object = None,
    changes: tuple[ConfigChange, ...] = (),
) -> LiveFacts:
    """Return what is true of an adapter in a live model.

    Args:
        adapted: the model.
        name: the name of the adapter in it.
        tensors: the tensors of the adapter; none if they cannot be seen.
        tree: the module tree of the base, if it is known.
        optimizer: the optimizer, if there is one yet.
        changes: how its config differs from that of the checkpoint that training resumes from.
    """
    from torch import nn

    config: Any = adapted.configs[name]
    for_inference = bool(getattr(config, "inference_mode", False))
    of_base = {id(one) for one in _base_parameters(adapted.model).values()}
    parameters = [one for one in tensors if isinstance(one.value, nn.Parameter)]
    trained = [one for one in parameters if one.value.requires_grad]
    frozen = [p for p in parameters if not p.value.requires_grad and id(p.value) not in of_base]
    optimized, gaps = _optimized(trained, optimizer)
    layers = list(_layers(adapted.model, name))
    return LiveFacts(
        in_training=name in adapted.active and not for_inference,
        for_inference=for_inference,
        active=adapted.active,
        trained=tuple(one.name for one in trained),
        frozen=tuple(one.name for one in frozen),
        optimized=optimized,
        unsaved=() if adapted.hidden else tuple(_unsaved(adapted)),
        without_data=tuple(_without_data(adapted.model, tensors)),
        untied=tuple(_untied(adapted.model, tree)) if tree else (),
        idle=_idle(layers, name),
        changes=changes,
        not_checked=(*gaps, *_split(tensors)),
    )


def _optimized(
    trained: Sequence[LiveTensor], optimizer: object
) -> tuple[frozenset[str] | None, list[NotChecked]]:
    """Return the trained tensors that an optimizer has, or why that is unknown."""
    if optimizer is None or not trained:
        return None, []
    chain = list(_optimizers(optimizer))
    if any(type(one).__module__.startswith(_COPYING) for one in chain):
        return None, [NotChecked(_OPTIMIZER, "it holds copies of the parameters")]
    groups: Any = getattr(optimizer, "param_groups", None)
    if groups is None:
        return None, [NotChecked(_OPTIMIZER, "it has no `param_groups`")]
    held = {id(one) for group in groups for one in group["params"]}
    found = frozenset(one.name for one in trained if id(one.value) in held)
    if not found and any(one.is_split for one in trained):
        return None, [NotChecked(_OPTIMIZER, "it holds other tensors than the sharded model")]
    return found, []


def _optimizers(optimizer: object) -> Iterator[object]:
    """Yield an optimizer, and those that it wraps as accelerate does."""
    seen: set[int] = set()
    found: object = optimizer
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = getattr(found, "optimizer", None)


def _unsaved(adapted: AdaptedModel) -> Iterator[str]:
    """Yield the parameters of the base that require gradients and are in no adapter's file."""
    named = _base_parameters(adapted.model)
    trained = {name: id(one) for name, one in named.items() if one.requires_grad}
    if trained:
        saved = {id(one.value) for name in adapted.configs for one in adapted.tensors(name)}
        yield from (name for name, key in trained.items() if key not in saved)


def _without_data(model: nn.Module, tensors: Sequence[LiveTensor]) -> Iterator[str]:
    """Yield the tensors on the meta device, unless the whole base is there."""
    found = [one.name for one in tensors if one.value.is_meta]
    if found and not all(one.is_meta for one in _base_parameters(model).values()):
        yield from found


def _base_parameters(model: nn.Module) -> dict[str, torch.Tensor]:
    """Return the parameters of the base, each under its first name."""
    found: dict[int, tuple[str, torch.Tensor]] = {}
    for path, module in unwrapped_modules(model):
        dot = f"{path}." if path else ""
        for name, parameter in module._parameters.items():
            if parameter is not None:
                found.setdefault(id(parameter), (dot + name, parameter))
    return dict(found.values())


def _untied(model: nn.Module, tree: Architecture) -> Iterator[str]:
    """Yield the tied modules whose weight is another tensor than the input embedding's."""
    modules = dict(unwrapped_modules(base_of(model)))
    source = _weight(modules.get(tree.input_embeddings or ""))
    for path in tree.tied:
        own = _weight(modules.get(path))
        if source is None or own is None or own is source:
            continue
        if source.is_meta or own.is_meta or source.data_ptr() != own.data_ptr():
            yield path


def _weight(module: nn.Module | None) -> torch.Tensor | None:
    return None if module is None else module._parameters.get("weight")


def _layers(model: nn.Module, name: str) -> Iterator[Any]:
    """Yield the layers of PEFT that have an adapter."""
    for module in model.modules():
        if name in (getattr(module, "lora_A", None) or ()):
            yield module


def _idle(layers: Sequence[Any], name: str) -> str | None:
    """Return why no layer uses an adapter, if that is so."""
    if layers and all(name in getattr(layer, "merged_adapters", ()) for layer in layers):
        return "merged"
    if layers and all(getattr(layer, "disable_adapters", False) for layer in layers):
        return "disabled"
    return None


def _split(tensors: Sequence[LiveTensor]) -> Iterator[NotChecked]:
    """Say which tensors are on other processes, of which only the shapes are checked here."""
    split = [one for one in tensors if one.is_split]
    if split:
        said = f"{with_verb(len(split), 'tensor', 'are')} split across processes"
        yield NotChecked(SHARDED, f"{said}; files show it at each save")
