"""The base of a live model, as what `loracfg.base.resolve` finds for an adapter in files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from loracfg.base.from_library.live_model import architecture_of
from loracfg.base.from_library.unwrapped import base_of, class_of, unwrapped_modules
from loracfg.base.search import ResolvedBase
from loracfg.training.live.adapted_model import why_hidden

if TYPE_CHECKING:
    from torch import nn

_REPLICATED = "`layer_replication` has changed the layers of the model"
_EMPTY = "this process holds no part of some parameters, and nothing says which shape they have"


def live_base(model: nn.Module, configs: Iterable[object] = ()) -> ResolvedBase:
    """Return the base of a live model, or the reasons why its tree is not known.

    Args:
        model: the model, with or without adapters.
        configs: PEFT's configs of the adapters that it has.
    """
    base = base_of(model)
    reason = why_hidden(model) or _why_unknown(base, configs)
    if reason:
        return ResolvedBase(None, not_checked=(reason,), certain=False)
    config: Any = getattr(base, "config", None)
    values = dict(config.to_dict()) if hasattr(config, "to_dict") else {}
    own = class_of(base).__name__
    values["architectures"] = values.get("architectures") or [own]
    dtype = getattr(base, "dtype", None)
    return ResolvedBase(
        architecture_of(base),
        dtype=None if dtype is None else str(dtype).removeprefix("torch."),
        saved_as=tuple(values["architectures"]),
        model_type=getattr(config, "model_type", None),
        config=values,
    )


def _why_unknown(base: nn.Module, configs: Iterable[object]) -> str | None:
    if any(getattr(config, "layer_replication", None) for config in configs):
        return _REPLICATED
    is_empty = any(
        parameter is not None and not parameter.numel() and not hasattr(parameter, "ds_shape")
        for _, module in unwrapped_modules(base)
        for parameter in module._parameters.values()
    )
    return _EMPTY if is_empty else None
