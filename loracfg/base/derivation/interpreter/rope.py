"""The rule for `ROPE_INIT_FUNCTIONS`, the table of functions that compute rotary frequencies."""

from __future__ import annotations

import types
from typing import Final

from loracfg.base.derivation.interpreter.callables import Native
from loracfg.base.derivation.interpreter.conversion import as_expression, is_expressible
from loracfg.base.derivation.interpreter.expressions import Operand, expression
from loracfg.base.derivation.interpreter.library_rules import changed_config
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
)

_KEYS: Final = frozenset(
    [
        "rope_parameters",
        "rope_scaling",
        "rope_theta",
        "head_dim",
        "global_head_dim",
        "hidden_size",
        "num_attention_heads",
        "max_position_embeddings",
        "original_max_position_embeddings",
        "partial_rotary_factor",
        "per_layer_config",
        "layer_types",
    ]
)
"""Keys of a config that rotary frequencies may depend on."""
_FILE: Final = "modeling_rope_utils"


def is_rope_table(value: dict[object, Value]) -> bool:
    """Return whether a dict is the library's table."""
    one = next(iter(value.values()), None)
    return isinstance(one, types.FunctionType) and one.__module__.endswith(_FILE)


def rope_function(machine: Machine, kind: Operand) -> Native:
    """Return the function of a kind, which creates a tensor with the length that `rope` gives.

    Args:
        machine: The interpreter.
        kind: The key in the table.
    """

    def compute(config: Value, *_: Value, layer_type: Value = None, **more: Value) -> Value:
        if set(more) - {"device", "seq_len"} or not is_expressible(layer_type):
            raise NotFollowed("rotary frequencies with other arguments")
        if not isinstance(config, Symbol):
            raise NotFollowed("rotary frequencies of no config")
        changed = changed_config(machine, config.expression, _KEYS)
        count = expression("rope", changed, kind, as_expression(layer_type))
        return SymbolicTensor((machine.evaluable(count),)), UNKNOWN

    return Native(compute, "rope")
