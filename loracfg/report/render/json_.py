"""The report as JSON, for programs."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loracfg.report.model import Report


def render(report: Report) -> str:
    """Return `Report.to_dict()` as indented ASCII JSON.

    JSON has no NaN and no infinity: such a number (a scaling, a value in a fix) is null here.
    """
    return json.dumps(_finite(report.to_dict()), indent=2, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
