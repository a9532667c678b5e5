"""Adjust a plan to the number of labels in the adapter's classification head.

The config of a base does not know the labels of a new task; users pass `num_labels` when they load
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from loracfg.adapter.header.tensor import Shape
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan


class Labels(NamedTuple):
    """The number of labels in an adapter's head, and in the config of the base."""

    path: str
    found: int
    base: int


def fit_labels(plan: Plan, tensors: Mapping[str, Shape]) -> tuple[Plan, Labels | None]:
    """Give the heads of a task as many rows as in the file, if nothing else differs."""
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
    return replace(plan, file_shapes=changed), labels
