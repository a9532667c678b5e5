"""The config of a diffusers model: the arguments of its constructor.

Follows `ConfigMixin.from_config` in `configuration_utils.py` of diffusers 0.42.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.configs.config_values import decode_value
from loracfg.base.catalogue.evaluation.config import Config, ConfigClass
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.catalogue.evaluation.budget import Budget
    from loracfg.base.catalogue.program_data import ConfigRecord


DEFAULTS: Final = "_use_default_values"
"""The key that lists keys which get the constructor's default instead of the config's value."""
_ARGUMENTS: Final = ConfigClass("arguments")


def class_for(record: ConfigRecord, class_name: str, config: Mapping[str, object]) -> str:
    """Return the class that the library creates for a config; a key may select a different one.

    Raises:
        RefusedError: if the key that selects the class is missing.
    """
    instead: Any = record.get("consts", {}).get("instead")
    if instead is None:
        return class_name
    key, classes = instead
    if key not in config:
        raise RefusedError(f"`{key}` is missing")
    value = config[key]
    if isinstance(value, (list, dict)):
        raise RefusedError(f"`{key}` is not a string")
    found: str = classes.get(value, class_name)
    return found


def arguments(record: ConfigRecord, config: Mapping[str, object], budget: Budget) -> Config:
    """Return the arguments of a constructor for a config, as attributes.

    `vocab_size` is one of them even if the constructor does not take it.

    Args:
        record: the facts about the class: its keys with their defaults.
        config: the value of the config, which nothing else changes.
        budget: the remaining budget of the request.

    Raises:
        RefusedError: if a key is missing, or the constructor does not take one.
        DeclinedError: if defaults replace values of the config.
    """
    if DEFAULTS in config:
        raise DeclinedError(f"`{DEFAULTS}` leaves values out")
    fields = record["fields"]
    if "dtype" in config and "dtype" not in fields:
        raise RefusedError("the constructor takes no `dtype`")
    values: dict[str, Any] = {}
    for name, (_, *default) in fields.items():
        is_given = name in config and not name.startswith("_") and name != "quantization_config"
        if not is_given and not default:
            raise RefusedError(f"`{name}` is missing")
        values[name] = config[name] if is_given else decode_value(default[0])
    if "vocab_size" in config:
        values.setdefault("vocab_size", config["vocab_size"])
    return Config(_ARGUMENTS, values, budget)
