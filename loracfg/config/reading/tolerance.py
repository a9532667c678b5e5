"""How PEFT handles values that its annotations forbid.

This was observed by loading an adapter with each value in each field, which
`tests/config/test_tolerance.py` repeats. PEFT only tests flags for truth, never reads some fields
and accepts a few values with a surprising meaning. A value that PEFT reads as something that the
author cannot have intended, such as true as the number 1, is still rejected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.config.history.field_facts import FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNREAD: Final = frozenset(
    {
        "auto_mapping",
        "base_model_name_or_path",
        "loftq_config",
        "megatron_core",
        "peft_version",
        "qalora_group_size",
        "revision",
    }
)
"""Fields that loading never reads, except together with another field (`FAILS_WITH`)."""

UNREAD_NESTED: Final = {
    "eva_config": frozenset(
        {"use_label_mask", "label_mask_value", "whiten", "adjust_scaling_factors"}
    ),
    "corda_config": frozenset(
        {
            "cache_file",
            "covariance_file",
            "corda_method",
            "verbose",
            "use_float16_for_covariance",
            "prune_temporary_fields",
        }
    ),
    "lora_ga_config": frozenset({"direction", "scale", "stable_gamma"}),
    "monteclora_config": frozenset({"use_entropy", "sample_scaler", "kl_loss_weight"}),
}
"""Fields of nested configs that loading never reads."""

COMPARED_NESTED: Final[dict[tuple[str, str], Callable[[float], bool]]] = {
    ("eva_config", "rho"): lambda value: not value < 1,
    ("eva_config", "tau"): lambda value: not (value < 0 or value > 1),
    ("velora_config", "scale"): lambda value: not value <= 0,
    ("monteclora_config", "dirichlet_prior"): lambda value: not value <= 0,
    ("kasa_config", "beta"): lambda value: not value < 0,
    ("kasa_config", "gamma"): lambda value: not value < 0,
}
"""Training parameters for which loading only checks the range. NaN passes every check."""

FALSY_IS_UNSET: Final = frozenset(
    {
        "alora_invocation_tokens",
        "exclude_modules",
        "init_lora_weights",
        "layer_replication",
        "layers_pattern",
        "megatron_config",
        "modules_to_save",
        "monteclora_config",
        "target_parameters",
    }
)
"""Fields in which any falsy value (`false`, `0`, `""`, `[]`, `{}`, null) means "not set"."""

FAILS_WITH: Final[dict[str, Callable[[object, Mapping[str, object]], bool]]] = {
    "layers_pattern": lambda value, given: (
        _has_no_length(value) and given.get("layers_to_transform") not in (None, [])
    ),
    "loftq_config": lambda _, given: given.get("init_lora_weights") == "loftq",
    "megatron_core": lambda _, given: bool(given.get("megatron_config")),
    "modules_to_save": lambda value, given: (
        _has_no_length(value) and given.get("trainable_token_indices") is not None
    ),
}
"""Whether PEFT fails on an odd value of a field, given the whole config."""

NAMES: Final = frozenset(
    {"exclude_modules", "layers_pattern", "modules_to_save", "target_modules", "target_parameters"}
)
"""Lists of names that PEFT only iterates over, so an object counts as the list of its keys."""

EMPTY_NAMES: Final = NAMES - {"modules_to_save"}
"""Lists in which an empty name matches nothing; in other lists it matches everything."""

PUT_INTO_TEXT: Final = frozenset({"exclude_modules", "layers_pattern", "target_parameters"})
"""Lists whose items PEFT puts into a text, so 1 is the same as "1"."""

WHOLE_NUMBERS: Final = frozenset({"alora_invocation_tokens", "layers_to_transform"})
"""Lists of integers that can also be written as floats, such as 1.0."""

TRUTH_NESTED: Final = frozenset({("use_bdlora", "match_strict")})
"""Fields of nested configs that PEFT only tests for truth."""

FATAL_KEYS: Final = frozenset({"monteclora_config"})
"""Nested configs in which an unknown key makes PEFT 0.20 and 0.21 recurse until they crash."""

UNLOADED: Final = object()
"""PEFT fails on the value, or reads it as something unintended."""


def loaded_value(field: str, given: Mapping[str, object], default: object) -> object:
    """Return what PEFT uses in place of a value that the model rejects, or `UNLOADED`.

    `given` is the config, and `default` the field's default, which replaces values that PEFT never
    reads. Names are not checked, so the model may still reject the result.
    """
    value = given[field]
    if field in FAILS_WITH and FAILS_WITH[field](value, given):
        return UNLOADED
    if field in FLAGS:  # PEFT only tests these for truth
        return bool(value)
    if field in UNREAD:
        return default
    if field in FALSY_IS_UNSET and not value and (field, value) != ("target_parameters", ""):
        return _falsy(field, given, default)
    if field in NAMES and isinstance(value, dict | list):
        return _names(field, list(value))
    if field in WHOLE_NUMBERS and isinstance(value, list):
        return _whole_numbers(value)
    if field == "lora_dropout" and isinstance(value, int | float) and not value > 1:
        # Anything not above 0 (negative, false, NaN) means no dropout. Torch allows 1 and true.
        return 1 if value == 1 else 0.0
    return UNLOADED


def _falsy(field: str, given: Mapping[str, object], default: object) -> object:
    """Return the value that PEFT treats like a falsy one, also where it compares fields."""
    if field == "layers_pattern":
        return ""  # any value but null conflicts with a pattern as `target_modules`
    if field == "init_lora_weights":
        return "" if given.get("lora_bias") and given[field] != 0 else False
    return default


def _has_no_length(value: object) -> bool:
    return isinstance(value, int | float)


def loaded_nested(field: str, key: str, value: object, default: object) -> object:
    """Return what PEFT uses in place of a value of a nested config, or `UNLOADED`."""
    if (field, key) in TRUTH_NESTED:
        return bool(value)
    passes = COMPARED_NESTED.get((field, key))
    unread = key in UNREAD_NESTED.get(field, ())
    if unread or (passes is not None and isinstance(value, int | float) and passes(value)):
        return default
    return UNLOADED


def _names(field: str, values: list[Any]) -> Any:
    if field in PUT_INTO_TEXT and (field != "target_parameters" or _can_be_sorted(values)):
        scalars = str | int | float | None
        values = [f"{value}" if isinstance(value, scalars) else value for value in values]
    if field in EMPTY_NAMES:
        values = [value for value in values if value != ""]
    return values if all(isinstance(value, str) for value in values) else UNLOADED


def _can_be_sorted(values: list[Any]) -> bool:
    """Return whether PEFT can sort these values without duplicates."""
    kinds = (str, int | float, type(None))
    return any(all(isinstance(value, kind) for value in values) for kind in kinds)


def _whole_numbers(values: list[Any]) -> Any:
    if all(isinstance(v, int | float) and not isinstance(v, bool) and v == v // 1 for v in values):
        return [int(value) for value in values]
    return UNLOADED
