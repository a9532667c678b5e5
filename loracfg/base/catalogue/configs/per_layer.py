"""Configs that differ from layer to layer: `per_layer_config`."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from loracfg.base.catalogue.configs.core import Core
from loracfg.base.catalogue.evaluation.refusals import RefusedError
from loracfg.named_tuple import NamedTuple

SPECIFICATION = "_heterogeneity_spec"
GLOBAL_ACCESS = "allow_global_per_layer_attribute_access"
EXCLUSIVE = ("sliding_window", "attention_chunk_size")
_MISSING = object()


class Specification(NamedTuple):
    """The differences between layers.

    Attributes:
        layers: the attributes in which layers differ from the config, by number.
        hidden: attributes in which some layers differ.
        named: attributes that were given for a layer, even if they equal the config's.
    """

    layers: dict[int, dict[str, Any]]
    hidden: set[str]
    named: set[str]


def specification(config: Core, given: object) -> Specification:
    """Return the differences between layers in the value of `per_layer_config`.

    Raises:
        RefusedError: if the library rejects the value.
    """
    by_number: Any = given
    layers = {int(number): _layer(values) for number, values in by_number.items()}
    count = config.num_hidden_layers
    if layers and any(not 0 <= number < count for number in layers):
        raise RefusedError("`per_layer_config` has a layer that does not exist")
    own = {name: _own(config, name) for name in EXCLUSIVE}
    config._budget.spend_reading(range(count))
    for number in range(count):
        values = layers.get(number, {})
        if all(values.get(name, own[name]) is not None for name in EXCLUSIVE):
            raise RefusedError(f"layer {number} has both {EXCLUSIVE[0]} and {EXCLUSIVE[1]}")
    named = {name for values in layers.values() for name in values} - {"skip"}
    config._budget.spend_steps(len(named) * len(layers))
    for name in named:
        _drop_equal(config, name, layers)
    layers = {number: values for number, values in layers.items() if values}
    hidden = {name for values in layers.values() for name in values} - {"skip"}
    return Specification(layers, hidden, named)


def _layer(values: Any) -> dict[str, Any]:
    made: dict[str, Any] = copy.deepcopy(values)
    if "skip" in made:
        skip = made.pop("skip")
        if isinstance(skip, str) or not all(isinstance(one, str) for one in skip):
            raise RefusedError("`skip` is not a list of names")
        if skip:
            made["skip"] = sorted(set(skip))
    return made


def _drop_equal(config: Core, name: str, layers: dict[int, dict[str, Any]]) -> None:
    """Drop an attribute from layers that have the config's value."""
    own = _own(config, name, _MISSING)
    if own is _MISSING:
        said = sum(name in values for values in layers.values())
        if said != len(layers) or said != config.num_hidden_layers:
            raise RefusedError(f"`{name}` has no value for all layers")
        return
    for values in layers.values():
        if name in values and values[name] == own:
            del values[name]


def _own(config: Core, name: str, default: Any = None) -> Any:
    try:
        return object.__getattribute__(config, config._facts.names.get(name, name))
    except AttributeError:
        return default


@cache
def class_by_layer(config_class: type[Core]) -> type[Core]:
    """Return a class of configs that refuse to read attributes in which layers differ."""

    def read(self: Core, name: str) -> Any:
        own = object.__getattribute__(self, "__dict__")
        how = own.get(SPECIFICATION)
        if how is not None and not own.get(GLOBAL_ACCESS):
            names = object.__getattribute__(self, "_facts").names
            if names.get(name, name) in how.hidden:
                raise RefusedError(f"`{name}` differs per layer (`per_layer_config`)")
        return object.__getattribute__(self, name)

    body = {"__slots__": (), "__getattribute__": read}
    made: type[Core] = type(config_class.__name__, (config_class,), body)
    return made


class LayerConfigs:
    """The configs of all layers."""

    def __init__(self, config: Core) -> None:
        self._config = config

    def __len__(self) -> int:
        count: int = self._config.num_hidden_layers
        return count

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, str):
            which = self._number_of(which)
        how = self._how()
        number = which + (len(self) if which < 0 else 0)
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._config if how is None else self._made(how.layers.get(number, {}))

    def _how(self) -> Specification | None:
        return vars(self._config).get(SPECIFICATION)

    def _number_of(self, layer_type: str) -> int:
        """Return the first layer of a type; the layers of the type must not differ."""
        types = getattr(self._config, "layer_types", None)
        if types is None or layer_type not in types:
            raise ValueError(f"no layer has the type {layer_type}")
        first: int = types.index(layer_type)
        how = self._how()
        if how is not None:
            numbers = [number for number, one in enumerate(types) if one == layer_type]
            if any(how.layers.get(one, {}) != how.layers.get(first, {}) for one in numbers):
                raise ValueError(f"layers of type {layer_type} differ")
        return first

    def _made(self, values: dict[str, Any]) -> Core:
        self._config._budget.spend_items(len(vars(self._config)))
        made = copy.copy(self._config)
        vars(made).pop(SPECIFICATION, None)
        made.skip = values.get("skip", [])
        for name, value in values.items():
            if name != "skip":
                setattr(made, name, value)
        return made
