"""The numbers of a plan: modules, tensors and parameters, and the bytes of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Final

from loracfg.base.architecture import Architecture
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan
from loracfg.planning.targets import leaf_of
from loracfg.planning.trained_parameters import (
    TrainedParameter,
    base_parameters,
    frozen_parameters,
    is_frozen,
)
from loracfg.training.training_plan import OtherParameters, PlanSizes, PlanTarget

_OTHERS: Final = {"saved": "saved modules", "tokens": "trained tokens", "bias": "biases"}
_OF_ADAPTERS: Final = (
    *(Role.FACTOR_A, Role.FACTOR_B, Role.FACTOR_BIAS),
    *(Role.MAGNITUDE, Role.VARIANT),
)


def sizes_of(
    plan: Plan, base: Architecture, trained: Sequence[TrainedParameter], file_bytes: int | None
) -> PlanSizes:
    """Return the numbers of a plan.

    Args:
        plan: a plan without failures.
        base: the tree from `trained_base`.
        trained: its trained parameters.
        file_bytes: the size of its file; None if PEFT does not save it.
    """
    trainable = sum(prod(one.shape) for one in trained)
    own = sum(prod(one.shape) for one in trained if one.what == "bias")
    return PlanSizes(
        len(plan.modules),
        len(plan.shapes),
        trainable,
        base_parameters(base) + trainable - own + sum(map(prod, frozen_parameters(plan))),
        file_bytes,
    )


def targets_of(plan: Plan) -> tuple[PlanTarget, ...]:
    """Return the modules that get an adapter by their last name, in the order of the base."""
    counts: dict[str, list[int]] = {}
    for name, parameters in _parameters_of_modules(plan):
        counts.setdefault(name, []).append(parameters)
    return tuple(PlanTarget(name, len(each), sum(each)) for name, each in counts.items())


def others_of(trained: Sequence[TrainedParameter]) -> tuple[OtherParameters, ...]:
    """Return what is trained beside the targets."""
    found = {
        words: sum(prod(one.shape) for one in trained if one.what == what)
        for what, words in _OTHERS.items()
    }
    return tuple(OtherParameters(words, number) for words, number in found.items() if number)


def _parameters_of_modules(plan: Plan) -> Iterator[tuple[str, int]]:
    """Yield the name of each adapted module or parameter, with its number of parameters."""
    rows: dict[str, list[int]] = {}
    for _, path, tensors in plan.rows:
        own = [(shape, role) for _, shape, role in tensors if role in _OF_ADAPTERS]
        if own:
            trained = sum(prod(shape) for shape, role in own if not is_frozen(role, plan.config))
            rows.setdefault(path, []).append(trained)
    for module in plan.modules:
        found = rows[module.path]
        if module.parameter is None:
            yield leaf_of(module.path), sum(found)
        else:  # one row for each parameter, in the same order
            yield f"{leaf_of(module.path)}.{module.parameter}", found.pop(0)
