"""Configs that differ from layer to layer: `per_layer_config`."""

from __future__ import annotations

from typing import Any

from loracfg.base.catalogue.evaluation.config import GLOBAL_ACCESS, Config, copy_value
from loracfg.base.catalogue.evaluation.layer_differences import LayerDifferences
from loracfg.base.catalogue.evaluation.refusals import RefusedError

EXCLUSIVE = ("sliding_window", "attention_chunk_size")
_MISSING = object()


def differences(config: Config, given: object) -> LayerDifferences:
    """Return the differences between layers in the value of `per_layer_config`.

    Raises:
        RefusedError: if the library rejects the value.
    """
    by_number: Any = given
    layers = {int(number): _layer(values) for number, values in by_number.items()}
    count = config.read("num_hidden_layers")
    if layers and any(not 0 <= number < count for number in layers):
        raise RefusedError("`per_layer_config` has a layer that does not exist")
    own = {name: _own(config, name) for name in EXCLUSIVE}
    config.budget.spend_reading(range(count))
    for number in range(count):
        values = layers.get(number, {})
        if all(values.get(name, own[name]) is not None for name in EXCLUSIVE):
            raise RefusedError(f"layer {number} has both {EXCLUSIVE[0]} and {EXCLUSIVE[1]}")
    named = {name for values in layers.values() for name in values} - {"skip"}
    config.budget.spend_steps(len(named) * len(layers))
    for name in named:
        _drop_equal(config, name, layers)
    layers = {number: values for number, values in layers.items() if values}
    hidden = {name for values in layers.values() for name in values} - {"skip"}
    return LayerDifferences(layers, hidden, named)


def _layer(values: Any) -> dict[str, Any]:
    made: Any = copy_value(values)
    if "skip" in made:
        skip = made.pop("skip")
        if isinstance(skip, str) or not all(isinstance(one, str) for one in skip):
            raise RefusedError("`skip` is not a list of names")
        if skip:
            made["skip"] = sorted(set(skip))
    return dict(made)


def _drop_equal(config: Config, name: str, layers: dict[int, dict[str, Any]]) -> None:
    """Drop an attribute from layers that have the config's value."""
    own = _own(config, name, _MISSING)
    if own is _MISSING:
        said = sum(name in values for values in layers.values())
        if said != len(layers) or said != config.read("num_hidden_layers"):
            raise RefusedError(f"`{name}` has no value for all layers")
        return
    for values in layers.values():
        if name in values and values[name] == own:
            del values[name]


def _own(config: Config, name: str, default: Any = None) -> Any:
    try:
        return config.read_plainly(config.config_class.names.get(name, name))
    except AttributeError:
        return default


def own_keys(config: Config) -> list[str]:
    """Return the names of attributes that can be read."""
    is_open = config.read(GLOBAL_ACCESS) or config.layers is None
    hidden = () if is_open or config.layers is None else config.layers.hidden
    return [name for name in config.attributes if name not in hidden]


class LayerConfigs:
    """The configs of all layers, each read by its number or type."""

    __iter__ = __reversed__ = __contains__ = None  # nobody bounds the number of layers

    def __init__(self, config: Config) -> None:
        self._config = config

    def __len__(self) -> int:
        count: int = self._config.read("num_hidden_layers")
        return count

    def __getitem__(self, which: Any) -> Config:
        if isinstance(which, str):
            which = self._number_of(which)
        number = which + (len(self) if which < 0 else 0)
        if not 0 <= number < len(self):
            raise IndexError(number)
        own = self._config.layers
        return self._config if own is None else self._made(own.layers.get(number, {}))

    def _number_of(self, layer_type: str) -> int:
        """Return the first layer of a type; the layers of the type must not differ."""
        types = self._config.get("layer_types")
        if types is None or layer_type not in types:
            raise ValueError(f"no layer has the type {layer_type}")
        first: int = types.index(layer_type)
        own = self._config.layers
        if own is not None:
            numbers = [number for number, one in enumerate(types) if one == layer_type]
            if any(own.layers.get(one, {}) != own.layers.get(first, {}) for one in numbers):
                raise ValueError(f"layers of type {layer_type} differ")
        return first

    def _made(self, values: dict[str, Any]) -> Config:
        self._config.budget.spend_items(len(self._config.attributes))
        made = self._config.copy()
        made.layers = None
        made.set("skip", values.get("skip", []))
        for name, value in values.items():
            if name != "skip":
                made.set(name, value)
        return made
