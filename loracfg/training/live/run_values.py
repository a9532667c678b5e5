"""The plan of a run as numbers, for trackers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from loracfg.base.from_library.live_model import whole_shape
from loracfg.engine.case import Case

if TYPE_CHECKING:
    from torch import nn

_PREFIX: Final = "loracfg/"


def run_values(case: Case, model: nn.Module) -> dict[str, float]:
    """Return the numbers of an adapter in a live model, with names for a tracker.

    Args:
        case: the adapter.
        model: the model, of which parameters are counted whole, wherever their parts are.
    """
    report, plan = case.report, case.plan
    sizes = [(math.prod(whole_shape(one)), one.requires_grad) for one in model.parameters()]
    found: dict[str, float] = {
        "trainable_parameters": sum(size for size, is_trained in sizes if is_trained),
        "all_parameters": sum(size for size, _ in sizes),
    }
    if plan is not None:
        found["modules"] = len(plan.modules)
        found["tensors"] = len(plan.shapes)
    if report.scaling is not None:
        found["scale_min"], found["scale_max"] = report.scaling
    for severity in ("error", "warning"):
        found[f"{severity}s"] = sum(one.severity == severity for one in report.diagnostics)
    return {_PREFIX + name: value for name, value in found.items()}
