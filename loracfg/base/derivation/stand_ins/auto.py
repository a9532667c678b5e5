"""Stands in for the auto classes of transformers."""

from __future__ import annotations

from collections import UserDict
from collections.abc import KeysView, Sequence
from typing import Any

from loracfg.base.derivation.source.package import load, read_index
from loracfg.base.derivation.stand_ins.unknown import Unknown


class ConfigMapping(UserDict[str, Any]):
    """Config classes by model type, loaded on demand."""

    def __init__(self, package: str) -> None:
        super().__init__()
        self.package = package

    def __contains__(self, key: object) -> bool:
        return key in read_index(self.package).configs

    def __getitem__(self, key: str) -> Any:
        return load(self.package, read_index(self.package).configs[key])

    def keys(self) -> KeysView[str]:
        return read_index(self.package).configs.keys()


class ModelMapping:
    """Model classes by config class."""

    def __init__(self, package: str, name: str) -> None:
        self.package, self.name = package, name

    def names(self, config_class: type) -> str | Sequence[str] | None:
        index = read_index(self.package)
        found = index.mappings[self.name]
        own = config_class.__name__
        types = [key for key, value in index.configs.items() if value == own]
        if not types:
            raise KeyError(own)
        return next((found[t] for t in [types[-1], *types] if t in found), None)

    def __contains__(self, config_class: Any) -> bool:
        return self.names(config_class) is not None

    def __getitem__(self, config_class: Any) -> Any:
        names = self.names(config_class)
        if names is None:
            raise KeyError(config_class)
        if isinstance(names, str):
            return load(self.package, names)
        return tuple(load(self.package, name) for name in names)


def auto_class(package: str, name: str) -> type:
    """Return an auto class: it creates a model of the class that a mapping has for a config."""
    mapping = ModelMapping(package, name)

    def from_config(config: Any, **keywords: Any) -> Any:
        names = mapping.names(type(config))
        if names is None:
            raise ValueError("unrecognized configuration class")
        if not isinstance(names, str):
            wanted = getattr(config, "architectures", None) or []
            names = next((one for one in wanted if one in names), names[0])
        keywords.pop("trust_remote_code", None)
        model_class: Any = load(package, names)
        text = config.sub_configs.get("text_config")
        takes = read_index(package).takes.get(names)
        if text is not None and takes == text.__name__:
            config = config.get_text_config()
        return model_class._from_config(config, **keywords)

    own = {"from_config": staticmethod(from_config), "_model_mapping": mapping}
    return type("AutoModel", (), own)


def auto_config(package: str) -> type:
    """Return a class that creates configs by model type."""

    def for_model(model_type: str, *arguments: Any, **keywords: Any) -> Any:
        mapping = ConfigMapping(package)
        if model_type not in mapping:
            raise ValueError(f"unrecognized model type {model_type}")
        return mapping[model_type](*arguments, **keywords)

    return type("AutoConfig", (), {"for_model": staticmethod(for_model)})


def generation_config(package: str) -> type:
    """Return a class that knows the keys for generation."""
    names = dict.fromkeys(read_index(package).generation)
    own = {
        "_get_default_generation_params": staticmethod(lambda: names),
        "from_model_config": staticmethod(generation_settings),
    }
    return type("GenerationConfig", (), own)


def generation_settings(_: object) -> Unknown:
    """Stand in for the function that reads the generation settings of a config."""
    return Unknown("the generation config")
