"""Save the adapters of a live model and check the files that were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from loracfg.base.search import ResolvedBase
from loracfg.engine.engine import Engine
from loracfg.engine.fronts import engine_for
from loracfg.errors import LoracfgError
from loracfg.report.report import Report
from loracfg.training.live.adapted_model import AdaptedModel, adapted_model
from loracfg.training.live.failed_check import FailedCheckError, errors_in
from loracfg.training.live.live_base import live_base
from loracfg.version import __version__

if TYPE_CHECKING:
    from torch import nn

    from loracfg.engine.options import OptionArguments, Options

_DEFAULT: Final = "default"
"""The adapter that PEFT saves in the folder itself; others get a folder of their own in it."""


def save_checked(
    model: nn.Module,
    path: str | PathLike[str],
    options: Options | None = None,
    *,
    saving: Mapping[str, object] | None = None,
    **arguments: Unpack[OptionArguments],
) -> Report:
    """Save the adapters of a model with `save_pretrained`, and check the files on the live base.

    Files with errors stay where they are. Where `saving` has `is_main_process=False`, nothing is
    written or checked, and the report is empty.

    Args:
        model: a `PeftModel`, or a model with `add_adapter`.
        path: the folder.
        options: how to check.
        saving: arguments for `save_pretrained`, such as a gathered `state_dict`.
        arguments: fields of `Options`, which override those of `options`.

    Raises:
        FailedCheckError: a file has errors; its `report` has all findings.
        LoracfgError: the model has no adapter, or an argument cannot be used.
    """
    _require_path(path)
    adapted, engine = adapted_model(model), engine_for(options, **arguments)
    base = live_base(adapted.given, adapted.configs.values())
    given = dict(saving or {})
    saved: Any = adapted.model
    saved.save_pretrained(str(path), **given)
    if given.get("is_main_process") is False:
        return Report(__version__, ())
    chosen: Any = given.get("selected_adapters")
    report = check_saved(engine, Path(path), adapted, base, chosen)
    if errors_in(report):
        raise FailedCheckError(f"`{path}`", report)
    return report


def _require_path(path: object) -> None:
    if not isinstance(path, str | PathLike):
        raise LoracfgError(f"`{path}` is not a path", "pass the folder to save to")


def check_saved(
    engine: Engine,
    folder: Path,
    adapted: AdaptedModel,
    base: ResolvedBase,
    names: Iterable[str] | None = None,
    *,
    with_fixes: bool = True,
) -> Report:
    """Validate the adapters of a model in a folder that it was saved to.

    Args:
        engine: the engine to validate with.
        folder: the folder.
        adapted: the model.
        base: its base.
        names: the names of the adapters that were saved (default: all).
        with_fixes: whether findings get their fixes.

    Raises:
        LoracfgError: an adapter is not there.
    """
    saved = adapted.configs if names is None else names
    folders = [folder if name == _DEFAULT else folder / name for name in saved]
    if not adapted.is_peft_model:  # transformers saves the active adapter in the folder itself
        folders = [folder]
    cases = [engine.open_on(one, base, with_fixes=with_fixes) for one in folders]
    return Report(__version__, tuple(case.report for case in cases))
