"""From a config to its plan: the one way for the command line, the library and the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.engine.case import Case
from loracfg.planning.saved_header import file_bytes
from loracfg.planning.trained_parameters import trained_base, trained_parameters
from loracfg.training.sizes import others_of, sizes_of, targets_of
from loracfg.training.training_plan import TrainingPlan

if TYPE_CHECKING:
    pass


def plan_case(case: Case, *, trainer: str | None = None) -> TrainingPlan:
    """Return the plan of a config that has been opened with `Engine.open_planned`."""
    found = TrainingPlan(case.name, trainer, case.report, case.dtype)
    plan, base, header = case.plan, case.planning.base, case.saved.weights
    if plan is None or base is None or header is None:
        return found
    base = trained_base(plan, base)
    trained = tuple(trained_parameters(plan, base))
    return TrainingPlan(
        case.name,
        trainer,
        case.report,
        case.dtype,
        sizes_of(plan, base, trained, file_bytes(header)),
        targets_of(plan),
        others_of(trained),
    )
