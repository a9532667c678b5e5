"""Find tensors whose sizes differ from the plan's: from another model, or slices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis.phrases import plural, with_verb
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_tensors import Role

_FACTORS: Final = (Role.FACTOR_A, Role.FACTOR_B, Role.FACTOR_BIAS, Role.MAGNITUDE)


class Shapes(NamedTuple):
    """Tensors, each with its shape and the expected shape."""

    tensors: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]


class OtherSizes(NamedTuple):
    """Tensors with wrong sizes.

    `tensors` has their expected shapes. `sizes` maps each pair of found and expected size to the
    first tensor that has it.
    """

    tensors: Mapping[str, Shape]
    sizes: Mapping[tuple[int, int], str]

    def __str__(self) -> str:
        return ", ".join(f"`{got}` for `{wanted}`" for got, wanted in list(self.sizes)[:3])


def other_sizes(subject: Subject) -> OtherSizes | None:
    """Return the factors with wrong sizes, and other tensors that differ in the same sizes."""
    wrong = {n: e.shape for n, e in subject.mismatched.items() if e.role in _FACTORS}
    if not wrong:
        return None
    sizes: dict[tuple[int, int], str] = {}
    for name, expected in wrong.items():
        for pair in _differing(subject.shape(name), expected):
            sizes.setdefault(pair, name)
    others = {n: e.shape for n, e in subject.mismatched.items()} | subject.replacing
    for name, expected in others.items():
        if not sizes.keys().isdisjoint(_differing(subject.shape(name), expected)):
            wrong.setdefault(name, expected)
    return OtherSizes(wrong, sizes)


def _differing(found: Shape, expected: Shape) -> list[tuple[int, int]]:
    if len(found) != len(expected):
        return []
    return [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]


def slices(subject: Subject) -> int | None:
    """Return the factor by which the first dimension of all tensors is too small, if it is one."""
    wrong = subject.mismatched
    if subject.plan is None or len(wrong) < 2 or len(wrong) < len(subject.plan.shapes):
        return None
    parts = {_parts(subject.shape(name), expected.shape) for name, expected in wrong.items()}
    return None if len(parts) > 1 else parts.pop()


def _parts(found: Shape, expected: Shape) -> int | None:
    if len(found) != len(expected) or found[1:] != expected[1:] or not found[0]:
        return None
    parts, rest = divmod(expected[0], found[0])
    return None if rest else parts


def difference_from_base(subject: Subject) -> str | None:
    """Return why the base cannot be the one that the adapter was trained on; None if it can be."""
    lost, others = len(subject.lost_paths), len(subject.compared.mismatched)
    if lost:
        total = len(subject.adapter.module_paths)
        return f"it does not have {lost} of the {plural(total, 'module')} with tensors"
    if others:
        return f"{with_verb(others, 'tensor', 'have')} different sizes there"
    if subject.plan and subject.plan.is_empty:
        return "it has no module that the config targets"
    return None
