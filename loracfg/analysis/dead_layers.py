"""Find layers whose update is zero because one of their factors is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.adapter.name_table import Pair
from loracfg.analysis.subject import Subject

if TYPE_CHECKING:
    from loracfg.adapter.tensor_values import AdapterValues


def known_pairs(subject: Subject, values: AdapterValues) -> list[Pair]:
    """Return the factor pairs whose values are known."""
    known = values.tensors
    return [pair for pair in subject.adapter.table.pairs if pair.a in known and pair.b in known]


def is_dead(pair: Pair, values: AdapterValues) -> bool:
    """Tell whether the product of the factors is zero because one of them is."""
    a, b = values.tensors[pair.a], values.tensors[pair.b]
    return (a.is_zero or b.is_zero) and not (a.not_finite or b.not_finite)


def changes_nothing(subject: Subject, values: AdapterValues) -> bool:
    """Tell whether every layer is dead and no other tensor in the file can change the base."""
    pairs = known_pairs(subject, values)
    if not pairs or not all(is_dead(pair, values) for pair in pairs):
        return False
    factors = {name for pair in pairs for name in (pair.a, pair.b)}
    others = [name for name in subject.adapter.names if name not in factors]
    return all(name in values.tensors and values.tensors[name].is_zero for name in others)


def part_of_factor(pair: Pair, values: AdapterValues) -> str:
    """Return the part name of the factor that is zero."""
    zero = pair.b if values.tensors[pair.b].is_zero else pair.a
    return {name: part for part, name in pair.layer.parts.items()}[zero]
