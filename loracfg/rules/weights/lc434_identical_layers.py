"""Layers have the same values in both factors, which does not happen in training.

A conversion wrote the tensors of one layer under the names of others, or copied the first layer of
a stack to the others. Only checked with `--data`.

Fires:

    values . 0.5
    values layers.0.*q_proj same
    values layers.1.*q_proj same

Passes:

    values . 0.5

Passes:

    values . nan

Repair: convert or save the adapter again, and compare the layers with those of the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.adapter.name_table import Pair
from loracfg.analysis.dead_layers import is_dead, known_pairs
from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule

if TYPE_CHECKING:
    from loracfg.adapter.tensor_values import AdapterValues

_MOST_COMPARED: Final = 64
"""Up to this many similar layers are compared with each other."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look for layers that are equal byte by byte."""
    values = subject.adapter.values
    if values is None:
        return
    similar: dict[object, list[Pair]] = {}
    for pair in known_pairs(subject, values):
        if not is_dead(pair, values) and not _has_non_finite(pair, values):
            key = tuple(values.tensors[name]._replace(at=0) for name in (pair.a, pair.b))
            similar.setdefault(key, []).append(pair)
    for pairs in similar.values():
        for equal in _groups(pairs[:_MOST_COMPARED], values):
            yield Finding(
                f"{listed(pair.layer.module for pair in equal)} have the same values",
                subject.tensor(equal[0].a),
                "convert or save the adapter again",
                count=len(equal),
                data=ModulePaths(tuple(pair.layer.module for pair in equal)),
            )


def _has_non_finite(pair: Pair, values: AdapterValues) -> bool:
    """Tell whether a factor has values that are not finite, which are not compared."""
    return any(values.tensors[name].not_finite for name in (pair.a, pair.b))


def _groups(pairs: list[Pair], values: AdapterValues) -> list[list[Pair]]:
    """Return the groups of layers that are equal."""
    groups: list[list[Pair]] = []
    for pair in pairs:
        group = next((one for one in groups if _are_equal(one[0], pair, values)), None)
        if group is None:
            groups.append([pair])
        else:
            group.append(pair)
    return [group for group in groups if len(group) > 1]


def _are_equal(one: Pair, other: Pair, values: AdapterValues) -> bool:
    return values.are_equal(one.a, other.a) and values.are_equal(one.b, other.b)


RULE = Rule("LC434", "identical-layers", "warning", GatedCheck([VALUES], check), __name__)
