"""Tensors that belong to an option of the config: present without it, or missing with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.adapter.name_table import LayerTensors
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.factor_pairs import is_stack
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class Option(NamedTuple):
    """A config field that gives each layer an extra tensor.

    `part` is the part of the layer, and `suffix` is the end of the tensor's name after the module
    path. With a value in `unset`, layers do not have the tensor.
    """

    field: str
    part: Part
    suffix: str
    unset: tuple[object, ...] = (False, None)

    def is_set(self, config: ConfigValues) -> bool:
        """Tell whether layers have the tensor with this config."""
        return getattr(config, self.field) not in self.unset

    def missing_tensors(self, subject: Subject) -> list[str]:
        """Return the tensors that are missing although the option is set."""
        config = subject.config
        if config is None or not self.is_set(config) or subject.conflicts(self.field):
            return []
        names = [
            f"base_model.model.{layer.path}.{self.suffix}"
            for layer in subject.layers.values()
            if not _has(layer, self.part) and _takes(layer, self.part, subject)
        ]
        known = subject.adapter.shapes.keys() | subject.explained
        return [name for name in names if name not in known]

    def unneeded_tensors(self, subject: Subject) -> list[str]:
        """Return the tensors of the option that are present although it is not set."""
        config = subject.config
        if config is None or not subject.gives(self.field) or self.is_set(config):
            return []
        open_names = subject.open_names.items()
        return [n for n, taken in open_names if taken.part is self.part and not _is_of_a(n)]


class OptionTensors(NamedTuple):
    """Tensors of an option that are missing although it is set, or present although it is not.

    `is_complete` says that every layer that can have the tensor has one with the right shape.
    """

    field: str
    names: tuple[str, ...]
    is_complete: bool = False


DORA: Final = Option("use_dora", Part.MAGNITUDE, "lora_magnitude_vector")
FACTOR_BIAS: Final = Option("lora_bias", Part.BIAS, "lora_B.bias")
DIAGONAL: Final = Option("kasa_config", Part.DIAGONAL, "lora_diag")
TOKENS: Final = Option(
    "trainable_token_indices", Part.TOKENS, "trainable_tokens_delta", unset=(None, {})
)


def is_in_every_layer(subject: Subject, part: Part) -> bool:
    """Tell whether every layer that can have this part has it, with the shape that PEFT uses."""
    layers = subject.adapter.table.layers.values()
    takers = [layer for layer in layers if _takes(layer, part, subject)]
    holders = [layer for layer in layers if _has(layer, part)]
    return takers == holders and all(_fits(subject, layer, part) for layer in takers)


def _has(layer: LayerTensors, part: Part) -> bool:
    return part in layer.parts and not _is_of_a(layer.parts[part])


def _is_of_a(name: str) -> bool:
    """Tell whether a tensor is a bias of A, which PEFT never creates."""
    return name.endswith(".lora_A.bias")


def _fits(subject: Subject, layer: LayerTensors, part: Part) -> bool:
    """Tell whether a layer's tensor has as many values as B has outputs."""
    shapes = subject.adapter.shapes
    b = layer.parts.get(Part.B) or layer.parts[Part.EMBEDDING_B]
    found = [size for size in shapes[layer.parts[part]] if size != 1]  # convolutions have ones
    return found == [size for size in shapes[b][:1] if size != 1]


def _has_blocks_in_b(layer: LayerTensors, subject: Subject) -> bool:
    """Tell whether B of a layer is block-diagonal, which means that it has no bias."""
    blocks = subject.config.use_bdlora if subject.config else None
    names = blocks.target_modules_bd_b if blocks else None
    return any(name in layer.module for name in names or ())


def _takes(layer: LayerTensors, part: Part, subject: Subject) -> bool:
    if is_stack(subject, layer.path) or "base_layer" in layer.path.split("."):
        return False
    if part is Part.BIAS and _has_blocks_in_b(layer, subject):
        return False
    has_factors = Part.A in layer.parts and Part.B in layer.parts
    if part is Part.MAGNITUDE:
        return has_factors or (Part.EMBEDDING_A in layer.parts and Part.EMBEDDING_B in layer.parts)
    return has_factors
