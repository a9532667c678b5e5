"""What training a config will do, as plain data: every output is a function of this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport
from loracfg.urls import redacted
from loracfg.version import __version__

if TYPE_CHECKING:
    from loracfg.analysis.unmatched_names import UnmatchedName
    from loracfg.document.json_value import JsonObject
    from loracfg.inspection.contents import EngineAnswer, Group, InspectedModule
    from loracfg.training.config_source import Made
    from loracfg.training.memory import TrainingMemory
    from loracfg.training.suggestions import LeftOut, Suggestion

PLAN_VERSION: Final = 1


class PlanSizes(NamedTuple):
    """The numbers of a plan.

    Attributes:
        modules: the modules and parameters that get an adapter.
        tensors: the tensors of the weight file.
        trainable_parameters: the parameters that are trained, as PEFT counts them.
        all_parameters: the parameters of the model with its adapter, shared ones once.
        file_bytes: the size of the weight file that PEFT saves; None if it does not save it.
    """

    modules: int
    tensors: int
    trainable_parameters: int
    all_parameters: int
    file_bytes: int | None


class PlanTarget(NamedTuple):
    """Modules with the same last name: their number, and the parameters that are trained there.

    For a targeted parameter, the name has its module's: `experts.gate_up_proj`.
    """

    name: str
    modules: int
    parameters: int

    def to_dict(self) -> JsonObject:
        """Return the target as JSON data."""
        return self._asdict()


class OtherParameters(NamedTuple):
    """What is trained beside the targets: `saved modules`, `trained tokens` or `biases`."""

    what: str
    parameters: int

    def to_dict(self) -> JsonObject:
        """Return the parameters as JSON data."""
        return self._asdict()


class TrainingPlan(NamedTuple):
    """What training a config on a base will do.

    Attributes:
        name: the config, as the user named it.
        trainer: the trainer whose file it is from.
        report: what is known about the config: its findings, the base, and what loads the result.
        dtype: the dtype of the base.
        sizes: the numbers; None if there is no plan.
        targets: the modules that get an adapter, by name.
        others: what else is trained.
        groups: the same modules, by path with `*` for each number.
        modules: all modules of the base that can be adapted.
        unmatched: the names in the config that match nothing.
        left_out: linear layers that are no targets.
        memory: the memory that training takes, without activations.
        engines: how inference engines handle the result, if some were named.
        suggestions: what can be targeted, if asked for.
        made: what the training produces. For an adapter that is not PEFT's, nothing is known of the
            file, the memory and what loads it.
    """

    name: str
    trainer: str | None
    report: AdapterReport
    dtype: str
    sizes: PlanSizes | None = None
    targets: tuple[PlanTarget, ...] = ()
    others: tuple[OtherParameters, ...] = ()
    groups: tuple[Group, ...] = ()
    modules: tuple[InspectedModule, ...] = ()
    unmatched: tuple[UnmatchedName, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    memory: TrainingMemory | None = None
    engines: tuple[EngineAnswer, ...] = ()
    suggestions: tuple[Suggestion, ...] | None = None
    made: Made = "PEFT adapter"

    def to_dict(self) -> JsonObject:
        """Return the plan as JSON data, described by `schema/plan.schema.json`."""
        report, sizes = self.report.to_dict(), self.sizes
        found = self.suggestions
        return {
            "plan_version": PLAN_VERSION,
            "tool": {"name": "loracfg", "version": __version__},
            "config": redacted(self.name),
            "trainer": self.trainer,
            "status": report["status"],
            "base": report["base"],
            "dtype": self.dtype,
            "modules": sizes and sizes.modules,
            "tensors": sizes and sizes.tensors,
            "trainable_parameters": sizes and sizes.trainable_parameters,
            "all_parameters": sizes and sizes.all_parameters,
            "file_bytes": sizes and sizes.file_bytes,
            "scaling": report["scaling"],
            "targets": [one.to_dict() for one in self.targets],
            "others": [one.to_dict() for one in self.others],
            "groups": [one.to_dict() for one in self.groups],
            "unmatched": [one.to_dict() for one in self.unmatched],
            "left_out": [one.to_dict() for one in self.left_out],
            "memory": self.memory.to_dict() if self.memory else None,
            "loads_in": report["loads_in"],
            "engines": [one.to_dict() for one in self.engines],
            "suggestions": None if found is None else [one.to_dict() for one in found],
            "not_checked": report["not_checked"],
            "diagnostics": report["diagnostics"],
            "hidden": report["hidden"],
        }
