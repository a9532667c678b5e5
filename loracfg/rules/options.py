"""Tensors that belong to one option of the config: there without it, or missing with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from loracfg.adapter.names import Part
from loracfg.adapter.table import Layer
from loracfg.rules.factors import is_stack
from loracfg.rules.noted import changed, tensor_of
from loracfg.rules.rule import Check, Finding, Noted
from loracfg.rules.subject import Subject
from loracfg.rules.wording import subject_of

if TYPE_CHECKING:
    from loracfg.config.model import LoraConfig


def missing_part(
    field: str, part: Part, suffix: str, wanted: Callable[[LoraConfig], bool]
) -> Check:
    """Return a check for layers that lack a tensor although the option is set.

    `suffix` is the end of the tensor's name after the module path.
    """

    def check(subject: Subject) -> Iterator[Finding]:
        config = subject.config
        if config is None or not subject.gives(field) or not wanted(config):
            return
        if subject.conflicts(field):
            return
        names = [
            f"base_model.model.{layer.path}.{suffix}"
            for layer in subject.layers.values()
            if not _has(layer, part) and _takes(layer, part, subject)
        ]
        known = subject.adapter.shapes.keys() | subject.explained
        lacking = [name for name in names if name not in known]
        if not lacking:
            return
        yield Finding(
            f"`{field}` is set, but {subject_of(len(lacking), 'layer', 'have')} no `{suffix}`",
            subject.value(f"/{field}"),
            f"save the adapter again with `{suffix}`, or unset `{field}` if it was trained without",
            count=len(lacking),
            explains=frozenset(lacking),
        )

    return Noted([changed(field)], check)


def needless_part(
    field: str, part: Part, suffix: str, wanted: Callable[[LoraConfig], bool]
) -> Check:
    """Return a check for tensors that belong to an option which is not set."""

    def check(subject: Subject) -> Iterator[Finding]:
        config = subject.config
        if config is None or not subject.gives(field) or wanted(config):
            return
        if part not in subject.adapter.table.parts:
            return
        names = [
            name
            for name, taken in subject.open_names.items()
            if taken.part is part and not _is_of_a(name)
        ]
        if not names:
            return
        is_stray = part in (Part.MAGNITUDE, Part.BIAS) and not is_in_all(subject, part)
        yield Finding(
            f"{subject_of(len(names), 'tensor', 'are')} named `{suffix}`, but `{field}` is not set",
            subject.value(f"/{field}"),
            "not every layer has one that fits: save the adapter again, or remove them"
            if is_stray
            else f"set `{field}` as it was in training",
            count=len(names),
            explains=frozenset(names),
        )

    return Noted([tensor_of(part)], check)


def is_in_all(subject: Subject, part: Part) -> bool:
    """Tell whether every layer that an option is for has its tensor, in the shape PEFT makes."""
    layers = subject.adapter.table.layers.values()
    takers = [layer for layer in layers if _takes(layer, part, subject)]
    holders = [layer for layer in layers if _has(layer, part)]
    return takers == holders and all(_fits(subject, layer, part) for layer in takers)


def _has(layer: Layer, part: Part) -> bool:
    return part in layer.parts and not _is_of_a(layer.parts[part])


def _is_of_a(name: str) -> bool:
    """Tell whether a tensor is a bias of the first factor, which PEFT never makes."""
    return ".lora_A." in name and name.endswith(".bias")


def _fits(subject: Subject, layer: Layer, part: Part) -> bool:
    """Tell whether a layer's tensor has a value for each output, as B has."""
    shapes = subject.adapter.shapes
    b = layer.parts.get(Part.B) or layer.parts[Part.EMBEDDING_B]
    found = [size for size in shapes[layer.parts[part]] if size != 1]  # convolutions have ones
    return found == [size for size in shapes[b][:1] if size != 1]


def _has_blocks_in_b(layer: Layer, subject: Subject) -> bool:
    """Tell whether B of a layer is block-diagonal, and so has no bias."""
    blocks = subject.config.use_bdlora if subject.config else None
    names = blocks.target_modules_bd_b if blocks else None
    return any(name in layer.module for name in names or ())


def _takes(layer: Layer, part: Part, subject: Subject) -> bool:
    if is_stack(subject, layer.path) or "base_layer" in layer.path.split("."):
        return False
    if part is Part.BIAS and _has_blocks_in_b(layer, subject):
        return False
    has_factors = Part.A in layer.parts and Part.B in layer.parts
    if part is Part.MAGNITUDE:
        return has_factors or (Part.EMBEDDING_A in layer.parts and Part.EMBEDDING_B in layer.parts)
    return has_factors
