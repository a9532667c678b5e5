"""Creates config objects of the installed library, each as in a new process."""

from __future__ import annotations

import copy
from typing import Any

import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING


class Installed:
    """The config classes of the installed transformers.

    They change default values of their parts, so a config depends on earlier ones. These values are
    restored.
    """

    def __init__(self) -> None:
        self._seen: set[Any] = set()
        self._defaults: list[tuple[Any, Any]] = []
        base: Any = getattr(transformers, "PreTrainedConfig", None)  # not in transformers 4
        self._decode = getattr(base, "_decode_special_floats", lambda value: value)

    def make(self, model_type: str, values: dict[str, Any]) -> Any:
        """Create the config for the value of a `config.json`."""
        for part, given in self._defaults:
            part.init_kwargs = copy.deepcopy(given)
        config_class: Any = CONFIG_MAPPING[model_type]
        self._remember(config_class)
        return config_class(**self._decode(values))

    def _remember(self, config_class: Any) -> None:
        if config_class in self._seen:
            return
        self._seen.add(config_class)
        for part in (getattr(config_class, "sub_configs_defaults", None) or {}).values():
            self._defaults.append((part, copy.deepcopy(part.init_kwargs)))
            if hasattr(part.config_class, "sub_configs_defaults"):
                self._remember(part.config_class)
