"""Validate LoRA adapters: config and tensors, against each other and against the base model."""

import os
import sys

_is_run = sys.argv[:1] == ["-m"] and "loracfg" in sys.orig_argv
if _is_run and sys.path[:1] == [os.getcwd()]:  # noqa: PTH109  # to import nothing that is judged
    del sys.path[0]

from typing import TYPE_CHECKING, Any  # noqa: E402

from loracfg.version import __version__  # noqa: E402

if TYPE_CHECKING:
    from loracfg.comparison.compared import diff
    from loracfg.config.model.lora_config import LoraConfig
    from loracfg.engine.case import Case
    from loracfg.engine.engine import Engine
    from loracfg.engine.fixing import FixResult, fix
    from loracfg.engine.fronts import compat, migrate, validate
    from loracfg.engine.options import Options
    from loracfg.errors import LoracfgError
    from loracfg.inspection.inspected import inspect
    from loracfg.releases.migration.migration import Migration
    from loracfg.report.report import Report
    from loracfg.settings.project import ProjectSettings, read_settings
    from loracfg.training.live.callback import LoracfgCallback
    from loracfg.training.live.failed_check import FailedCheckError
    from loracfg.training.live.live_check import check
    from loracfg.training.live.saving import save_checked
    from loracfg.training.planned import plan
    from loracfg.training.training_plan import TrainingPlan

__all__ = [
    "Case",
    "Engine",
    "FailedCheckError",
    "FixResult",
    "LoraConfig",
    "LoracfgCallback",
    "LoracfgError",
    "Migration",
    "Options",
    "ProjectSettings",
    "Report",
    "TrainingPlan",
    "__version__",
    "check",
    "compat",
    "diff",
    "fix",
    "inspect",
    "migrate",
    "plan",
    "read_settings",
    "save_checked",
    "validate",
]

_HOMES = {
    "Case": "loracfg.engine.case",
    "Engine": "loracfg.engine.engine",
    "LoraConfig": "loracfg.config.model.lora_config",
    "LoracfgError": "loracfg.errors",
    "Migration": "loracfg.releases.migration.migration",
    "Options": "loracfg.engine.options",
    "FailedCheckError": "loracfg.training.live.failed_check",
    "FixResult": "loracfg.engine.fixing",
    "LoracfgCallback": "loracfg.training.live.callback",
    "ProjectSettings": "loracfg.settings.project",
    "Report": "loracfg.report.report",
    "check": "loracfg.training.live.live_check",
    "TrainingPlan": "loracfg.training.training_plan",
    "compat": "loracfg.engine.fronts",
    "diff": "loracfg.comparison.compared",
    "fix": "loracfg.engine.fixing",
    "inspect": "loracfg.inspection.inspected",
    "migrate": "loracfg.engine.fronts",
    "plan": "loracfg.training.planned",
    "read_settings": "loracfg.settings.project",
    "save_checked": "loracfg.training.live.saving",
    "validate": "loracfg.engine.fronts",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, which keeps `import loracfg` fast."""
    if name not in _HOMES:
        raise AttributeError(f"module `loracfg` has no attribute `{name}`")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
