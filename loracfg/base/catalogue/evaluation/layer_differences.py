"""How the layers of a model differ."""

from __future__ import annotations

from typing import Any

from loracfg.named_tuple import NamedTuple


class LayerDifferences(NamedTuple):
    """How layers differ from their config, by `per_layer_config`.

    Attributes:
        layers: the attributes in which layers differ from the config, by number.
        hidden: attributes in which some layers differ.
        named: attributes that were given for a layer, even if they equal the config's.
    """

    layers: dict[int, dict[str, Any]]
    hidden: set[str]
    named: set[str]
