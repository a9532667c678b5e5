"""loracfg's own functions for what many classes of the libraries do, within a budget.

Each takes the budget as its first argument, and charges it before work that the config can make
large.
"""

from __future__ import annotations

import math
from typing import Any, Final

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import Config, as_config, get_attribute
from loracfg.base.catalogue.evaluation.python import Function, made_range, text_of
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

OF_MODULES: Final = frozenset(
    (
        *("T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init"),
        *("children", "clear", "compile", "cpu", "cuda", "double", "dump_patches", "eval"),
        *("extra_repr", "float", "forward", "get_buffer", "get_extra_state", "get_parameter"),
        *("get_submodule", "half", "ipu", "items", "keys", "load_state_dict", "modules", "mtia"),
        *("named_buffers", "named_children", "named_modules", "named_parameters", "parameters"),
        *("pop", "register_buffer", "register_module", "register_parameter", "requires_grad_"),
        *("set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty"),
        *("train", "training", "type", "update", "values", "xpu", "zero_grad"),
    )
)
"""Attributes of `torch.nn.Module` and `ModuleDict`, except hooks."""


def is_size(budget: Budget, value: object) -> bool:
    """Whether a value can be a size of a tensor: an integer of 0 or more, but not a boolean."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_name(budget: Budget, value: object) -> bool:
    """Whether a value can be the name of a module, parameter or buffer.

    Raises:
        DeclinedError: if modules may have an attribute of that name.
    """
    if value in OF_MODULES or str(value)[:1] == "_":
        raise DeclinedError(f"a module is named `{value}`")
    return isinstance(value, str) and value != "" and "." not in value


def is_padding(budget: Budget, rows: int, padding: object) -> bool:
    """True if an embedding with this many rows can use this row for padding.

    Raises:
        RefusedError: if torch rejects it.
    """
    if padding is not None and not (isinstance(padding, int) and -rows <= padding < rows):
        raise RefusedError(f"the embedding has no row {str(padding)[:40]} for padding")
    return True


def _is_probability(budget: Budget, value: Any) -> bool:
    """Whether a value is between 0 and 1."""
    return bool(0 <= value <= 1)


def _broadcasts(budget: Budget, first: Any, second: Any) -> bool:
    """Whether two sizes broadcast: they are equal, or one of them is 1."""
    return bool(first == second or 1 in (first, second))


def _slice(budget: Budget, owner: Any, *bounds: Any) -> Any:
    """A part of a sequence: sequence, start, stop, step."""
    if isinstance(owner, (list, tuple, str)):
        budget.spend_items(len(owner))
    return owner[slice(*bounds)]


def _text(budget: Budget, *values: Any) -> str:
    """The text of the values, as in an f-string."""
    parts = []
    for value in values:
        parts.append(text_of(budget, value))
        budget.spend_bytes(len(parts[-1]))
    return "".join(parts)


def _arange(budget: Budget, *given: Any) -> int:
    """The length of `torch.arange`."""
    start, stop, step = (0, *given, 1) if len(given) == 1 else (*given, 1)[:3]
    if not step or (stop - start) / step < 0:
        raise DeclinedError("torch.arange of these numbers")
    count: int = math.ceil((stop - start) / step)
    return count


def _linspace(budget: Budget, start: Any, stop: Any, count: Any, index: Any) -> Any:
    """One number of `torch.linspace`: start, stop, count, index."""
    if not 0 <= index < count:
        raise IndexError(index)
    step = (stop - start) / (count - 1) if count > 1 else 0.0
    if index < count // 2 or count == 1:
        return start + step * index
    return stop - step * (count - 1 - index)


def _parts_are_configs(budget: Budget, config: object) -> bool:
    """True; declined if the part of a config for text exists but is not a config."""
    for name in ("decoder", "generator", "text_config"):
        part = get_attribute(config, name)
        if part is not None and type(part) is not Config:
            raise DeclinedError(f"`{name}` is not a config")  # models that generate reject it
    return True


def _generation(budget: Budget, config: object) -> bool:
    """True; rejects settings for generation that contradict each other: config."""
    config = as_config(config)
    config.library.check_generation(config)
    return True


def _rope(budget: Budget, config: object, kind: object, layer_type: object) -> int:
    """The number of frequencies of rotary positions: config, kind, type of layer."""
    config = as_config(config)
    return config.library.frequencies(config, kind, layer_type)


OWN: Final[dict[str, Function]] = {
    "size": is_size,
    "name": is_name,
    "padding": is_padding,
    "probability": _is_probability,
    "bcast": _broadcasts,
    "range": made_range,
    "slice": _slice,
    "fmt": _text,
    "arange": _arange,
    "linspace": _linspace,
    "parts": _parts_are_configs,
    "generation": _generation,
    "rope": _rope,
}
"""The functions by the names of their operations."""
