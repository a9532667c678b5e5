"""A callback that checks an adapter before training, at each save, and when training resumes.

`LoracfgCallback` inherits from the class of transformers, which takes a second to import, so it is
only made when it is used.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, Unpack

from loracfg.base.search import ResolvedBase
from loracfg.engine.fronts import engine_for
from loracfg.engine.options import texts_argument
from loracfg.errors import LoracfgError
from loracfg.report.render import render
from loracfg.report.report import Report
from loracfg.training import plan_text
from loracfg.training.live.adapted_model import AdaptedModel, adapted_model, written_config
from loracfg.training.live.failed_check import FailedCheckError, errors_in
from loracfg.training.live.live_base import live_base
from loracfg.training.live.live_check import open_adapter, report_on
from loracfg.training.live.live_plan import live_plan, run_values
from loracfg.training.live.resumption import (
    TrainerState,
    checkpoint_folder,
    config_changes,
    resumed_checkpoint,
)
from loracfg.training.live.saving import check_saved
from loracfg.version import __version__

if TYPE_CHECKING:
    from os import PathLike

    from torch import nn

    from loracfg.engine.options import OptionArguments, Options
    from loracfg.training.training_plan import TrainingPlan

OnError = Literal["raise", "warn"]
_ON_ERROR: Final = ("raise", "warn")
_SHARDED: Final = "pytorch_model_fsdp*"
"""What accelerate writes with `SHARDED_STATE_DICT` of FSDP, instead of the adapter's files."""
_LOGGER: Final = logging.getLogger("loracfg.training")


class TrainingArguments(Protocol):
    """What is used of the arguments of a `Trainer`."""

    @property
    def output_dir(self) -> str | None:
        """The folder of the checkpoints."""

    @property
    def should_save(self) -> bool:
        """Whether this process writes files."""


class TrainingChecks:
    """The checks of `LoracfgCallback`; the events are those of transformers' `TrainerCallback`.

    Attributes:
        on_error: what to do about errors.
        log: where the numbers of the plan go when training begins, such as `trainer.log`.
        resumed_from: the checkpoint that training resumes from, if it is not in the output folder.
    """

    def __init__(
        self,
        on_error: OnError = "raise",
        options: Options | None = None,
        *,
        for_: str | Iterable[str] = (),
        log: Callable[[dict[str, float]], object] | None = None,
        resumed_from: str | PathLike[str] | None = None,
        **arguments: Unpack[OptionArguments],
    ) -> None:
        """Prepare the checks; nothing runs before the `Trainer` is made.

        Args:
            on_error: `raise` an error, which stops training, or only `warn`.
            options: how to check.
            for_: engines that the adapter is synced to, such as `vllm==0.33,max_lora_rank=32`.
            log: where to send the numbers of the plan, such as `trainer.log`.
            resumed_from: the checkpoint that training resumes from. It is found by itself if it is
                in the output folder.
            arguments: fields of `Options`, which override those of `options`.

        Raises:
            LoracfgError: an argument cannot be used.
        """
        if on_error not in _ON_ERROR:
            raise LoracfgError(f"`on_error` cannot be `{on_error}`", "use `raise` or `warn`")
        runtimes = texts_argument("for_", for_)
        if runtimes:
            arguments["runtimes"] = runtimes
        self.on_error, self.log = on_error, log
        self.resumed_from = None if resumed_from is None else Path(resumed_from)
        self._engine = engine_for(options, **arguments)
        self._base: ResolvedBase | None = None

    def on_init_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: object,
        model: nn.Module | None = None,
        **others: object,
    ) -> None:
        """Read the tree of the model before it is wrapped or sharded."""
        adapted = _adapted(model)
        if adapted is not None:
            self._base = _base_of(adapted)

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: object,
        model: nn.Module | None = None,
        optimizer: object = None,
        **others: object,
    ) -> None:
        """Check the model that training starts with, on every process.

        Raises:
            FailedCheckError: there are errors, and they are to be raised.
            LoracfgError: the model has no adapter, and errors are to be raised.
        """
        adapted = _adapted(model)
        if adapted is None:
            what = f"the model in training (`{type(model).__name__}`) has no adapter"
            self._fail(LoracfgError(what, "add one with `get_peft_model` or `add_adapter`"))
            return
        self._base = self._base or _base_of(adapted)
        named = getattr(args, "resume_from_checkpoint", None)
        checkpoint = self.resumed_from or resumed_checkpoint(state, named, args.output_dir or "")
        plans = [self._plan(adapted, name, checkpoint, optimizer) for name in adapted.active]
        for plan in plans:
            _LOGGER.info("The adapter before training:\n%s", plan_text.render(plan))
        if self.log is not None and plans:
            self.log(run_values(plans[0]))
        report = Report(__version__, tuple(plan.report for plan in plans))
        self._judge("the adapter in training", report)

    def on_save(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: object,
        model: nn.Module | None = None,
        **others: object,
    ) -> None:
        """Check the files of a checkpoint on the process that wrote them.

        Raises:
            FailedCheckError: there are errors, and they are to be raised.
            LoracfgError: there is no adapter in the checkpoint, and errors are to be raised.
        """
        adapted = _adapted(model)
        if adapted is None or not args.should_save:
            return
        folder = checkpoint_folder(args.output_dir or "", state.global_step)
        if not folder.is_dir() or any(folder.glob(_SHARDED)):
            why = "it is sharded" if folder.is_dir() else "there is no such folder"
            _LOGGER.warning("`%s` is not checked: %s", folder, why)
            return
        try:
            base = self._base or _base_of(adapted)
            report = check_saved(self._engine, folder, adapted, base, with_fixes=False)
        except LoracfgError as error:
            self._fail(error)
            return
        self._judge(f"`{folder}`", report)

    def _plan(
        self, adapted: AdaptedModel, name: str, checkpoint: Path | None, optimizer: object
    ) -> TrainingPlan:
        text = written_config(adapted, name)
        changes = config_changes(checkpoint, name, text) if checkpoint else ()
        base = self._base or _base_of(adapted)
        case = open_adapter(self._engine, adapted, name, base, optimizer, changes)
        return live_plan(self._engine, text, base, report_on(case))

    def _judge(self, what: str, report: Report) -> None:
        if errors_in(report):
            self._fail(FailedCheckError(what, report))
        elif any(one.severity == "warning" for a in report.adapters for one in a.diagnostics):
            _LOGGER.warning("Warnings on %s:\n%s", what, render(report, "concise"))

    def _fail(self, error: LoracfgError) -> None:
        if self.on_error == "raise":
            raise error
        _LOGGER.warning("%s", error)


def _adapted(model: nn.Module | None) -> AdaptedModel | None:
    try:
        return None if model is None else adapted_model(model)
    except LoracfgError:
        return None


def _base_of(adapted: AdaptedModel) -> ResolvedBase:
    return live_base(adapted.given, adapted.configs.values())


@cache
def _callback_class() -> type:
    try:
        from transformers import TrainerCallback
    except ImportError:
        message = "`LoracfgCallback` needs transformers, which is not installed"
        raise LoracfgError(message, "run `pip install transformers torch`") from None
    doc = {"__doc__": TrainingChecks.__doc__, "__module__": __name__}
    return type("LoracfgCallback", (TrainingChecks, TrainerCallback), doc)


if TYPE_CHECKING:
    from transformers import TrainerCallback

    class LoracfgCallback(TrainingChecks, TrainerCallback):
        """A callback for transformers' `Trainer` and the trainers of TRL."""


def __getattr__(name: str) -> type:
    """Make `LoracfgCallback` when it is first used."""
    if name == "LoracfgCallback":
        return _callback_class()
    raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
