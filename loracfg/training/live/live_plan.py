"""The plan of an adapter in a live model, with the report on that model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.training.config_source import ConfigSource
from loracfg.training.live.adapted_model import document_of
from loracfg.training.planned import Training, plan_case

if TYPE_CHECKING:
    from loracfg.base.search import ResolvedBase
    from loracfg.engine.engine import Engine
    from loracfg.report.report import AdapterReport
    from loracfg.training.training_plan import TrainingPlan

_PREFIX: Final = "loracfg/"


def live_plan(
    engine: Engine, config: str, base: ResolvedBase, report: AdapterReport
) -> TrainingPlan:
    """Return what training an adapter of a live model will do, without the memory.

    The memory depends on how the model is sharded and on the optimizer, and torch can measure it.

    Args:
        engine: the engine that opens the config.
        config: the config as PEFT would write it.
        base: the base of the model.
        report: the report on the adapter in the model.
    """
    document = document_of(config)
    case = engine.open_planned(document, report.path, base)
    plan = plan_case(case, ConfigSource(report.path, document), Training())
    return plan._replace(report=report, memory=None)


def run_values(plan: TrainingPlan) -> dict[str, float]:
    """Return the numbers of a plan, with names for a tracker; without a plan, only the findings."""
    found: dict[str, float] = {}
    if plan.sizes is not None:
        found = plan.sizes._asdict()
    if plan.report.scaling is not None:
        found["scale_min"], found["scale_max"] = plan.report.scaling
    for severity in ("error", "warning"):
        found[f"{severity}s"] = sum(one.severity == severity for one in plan.report.diagnostics)
    return {_PREFIX + name: value for name, value in found.items()}
