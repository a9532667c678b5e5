"""Task heads, whose rows are the labels: the adapter's own count stands where the base's differs.

A base checkpoint says nothing of a task that it was not trained for; whoever loads the adapter
gives `num_labels`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from loracfg.adapter.header.tensor import Shape
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.plan.layer_tensors import Role
from loracfg.plan.plan import Plan


class Labels(NamedTuple):
    """The labels that an adapter's head has, and those of the base as it is configured."""

    path: str
    found: int
    base: int


def fit_labels(plan: Plan, tensors: Mapping[str, Shape]) -> tuple[Plan, Labels | None]:
    """Give the heads of a task the rows that the file has, if they differ in nothing else."""
    heads = TASK_HEADS.get(plan.config.task_type or "", ())
    if not heads:
        return plan, None
    changed: dict[str, Shape] = {}
    labels: Labels | None = None
    for name, expected in plan.tensors.items():
        if expected.role is not Role.SAVED_MODULE or name not in tensors:
            continue
        if not any(expected.path.endswith(head) for head in heads):
            continue
        found, wanted = tensors[name], expected.shape
        if found == wanted or not found or found[1:] != wanted[1:]:
            continue
        if labels and found[0] != labels.found:
            return plan, None
        labels = Labels(expected.path, found[0], wanted[0])
        changed[name] = found
    if labels is None:
        return plan, None
    return replace(plan, fitted=changed), labels
