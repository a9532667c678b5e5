"""Find alphas stored as tensors of one number, as kohya's scripts write them."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject

_END = ".alpha"


def alphas_of_layers(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the alphas next to factors with PEFT's names, each with the path of its module."""
    if Part.BASE not in subject.adapter.table.parts:
        return
    modules = subject.adapter.module_paths
    for name, taken in subject.adapter.names.items():
        is_alpha = taken.rest == "alpha" and is_number(subject, name)
        if is_alpha and taken.prefix and taken.module in modules:
            yield name, taken.module


def foreign_alphas(subject: Subject) -> Iterator[str]:
    """Yield the alphas next to `lora_down.weight`, kohya's name for A."""
    shapes = subject.adapter.shapes
    for name in shapes:
        factor = name.removesuffix(_END) + ".lora_down.weight"
        if name.endswith(_END) and factor in shapes and is_number(subject, name):
            yield name


def is_number(subject: Subject, name: str) -> bool:
    """Tell whether a tensor is a single number."""
    return subject.shape(name) in ((), (1,))
