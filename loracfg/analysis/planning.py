"""Compute what follows from config, tensors and base: the plan, settings and comparisons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.tensor import Header
from loracfg.base.architecture import Architecture
from loracfg.config.model.config_values import ConfigValues
from loracfg.config.model.constraints import WITH_PARAMETERS
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.document.display import printable
from loracfg.planning.build import build_plan
from loracfg.planning.compare import PlanComparison
from loracfg.planning.experts import is_converted, unstacked, unstacked_paths
from loracfg.planning.heads import Labels, fit_labels
from loracfg.planning.layer_settings import LayerSettings, settings_of
from loracfg.planning.patterns import PatternBudget, PatternTimeoutError
from loracfg.planning.plan import Plan
from loracfg.planning.spelling import spell_as_in_file
from loracfg.planning.targets import Selection, is_all_linear, named_targets, select
from loracfg.planning.unsaved import without_unsaved
from loracfg.releases.dating import written_by
from loracfg.report.fault import Fault
from loracfg.report.report import Location, NotChecked

_SELECTING: Final = (
    "target_modules",
    "target_parameters",
    "exclude_modules",
    "modules_to_save",
    "layers_to_transform",
    "layers_pattern",
)
"""The config fields that select modules."""


@dataclass(frozen=True, eq=False, repr=False)
class Planning:
    """The plan of an adapter on a base, and what else follows from its files and the base.

    Attributes:
        base: the tree that the adapter is compared with; None if no base is known.
        unstacked: whether `base` was changed to single experts, like the names in the file.
        plan: every tensor that PEFT saves; None without a base or a config that can be planned.
        translated: the plan for the original stacks if the tree is `unstacked`.
        labels: set if the head in the file has a different number of labels from the base's.
        settings: rank and scaling by module path; empty if the config cannot be used.
        selection: which modules with tensors the config selects; None if this needs a base.
        compared: the differences between the plan and the file.
        faults: patterns that take too long.
        not_checked: what could not be planned, and why.
        in_time: whether there was enough time to match all patterns.
    """

    base: Architecture | None = None
    unstacked: bool = False
    plan: Plan | None = None
    translated: Plan | None = None
    labels: Labels | None = None
    settings: Mapping[str, LayerSettings] = field(default_factory=dict)
    selection: Selection | None = None
    compared: PlanComparison = field(default_factory=PlanComparison)
    faults: tuple[Fault, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    in_time: bool = True


def plan_adapter(adapter: Adapter, base: Architecture | None, budget: PatternBudget) -> Planning:
    """Plan an adapter on a base; the budget limits the time for matching patterns."""
    planner = _Planner(adapter, base, budget)
    planner.run()
    return Planning(
        planner.base,
        planner.unstacked,
        planner.plan,
        planner.translated,
        planner.labels,
        planner.settings,
        planner.selection,
        PlanComparison(adapter.header, planner.plan, planner.tree(), planner.settings),
        tuple(planner.faults),
        tuple(planner.not_checked),
        planner.in_time,
    )


class _Planner:
    """Computes the parts of a `Planning`, any of which may run out of time."""

    def __init__(self, adapter: Adapter, base: Architecture | None, budget: PatternBudget) -> None:
        self.adapter, self.given, self.budget = adapter, base, budget
        self.reading: ConfigReading | None = adapter.reading
        self.header: Header | None = adapter.header
        self.base = base
        self.unstacked = False
        if base and adapter.table.single_experts and is_converted(base):
            self.base, self.unstacked = unstacked(base), True
        self.plan: Plan | None = None
        self.translated: Plan | None = None
        self.labels: Labels | None = None
        self.settings: dict[str, LayerSettings] = {}
        self.selection: Selection | None = None
        self.faults: list[Fault] = []
        self.not_checked: list[NotChecked] = []
        self.in_time = True

    def run(self) -> None:
        """Compute all parts, and note what cannot be computed."""
        if self.reading is None:
            return
        try:
            self._plan(self.reading)
        except PatternTimeoutError as error:
            self.in_time = False
            self.faults += [_slow_pattern(error)] if error.is_own else []
            why = "they take too long" if error.is_own else "other adapters used up the time"
            self.not_checked.append(NotChecked("what the patterns select", why))
        except re.error as error:
            # The config already has a fault for a pattern that does not compile.
            self.not_checked.append(NotChecked("what the patterns select", f"{error}"))
        self.not_checked += _unplannable(self.reading, has_base=self.base is not None)

    def _plan(self, reading: ConfigReading) -> None:
        config, adapter, budget = reading.config, self.adapter, self.budget
        if self.base and not fatal_fields(reading):
            plan = self._build(config, self.base)
            self.plan = _as_in_file(plan, adapter, self.header) if self.header else plan
            self.plan, self.labels = fit_labels(self.plan, adapter.shapes)
        paths = adapter.table.sorted_paths
        if reading.usable("r", "rank_pattern", "lora_alpha", "alpha_pattern"):
            self.settings = settings_of(config, paths, budget)
        self.selection = _selection(reading, paths, self.base, budget)

    def _build(self, config: ConfigValues, base: Architecture) -> Plan:
        """Build the plan; PEFT adapts the same modules of single experts as of their stacks."""
        if not self.unstacked or self.given is None:
            return build_plan(config, base, self.budget)
        self.translated = build_plan(config, self.given, self.budget)
        raises = bool(self.translated.failures)
        only = None if raises else unstacked_paths(self.translated.modules, self.given)
        return build_plan(config, base, self.budget, only)

    def tree(self) -> Architecture | None:
        """Return the base with the layer numbers of tensor names; None if they are unknown."""
        if self.plan:
            return self.plan.base
        if self.reading is None or not self.reading.usable("layer_replication"):
            return None
        return None if self.reading.config.layer_replication else self.base


def fatal_fields(reading: ConfigReading) -> frozenset[str]:
    """Return the config fields for which PEFT raises before it looks at the base."""
    return reading.unusable | {c.field for c in reading.conflicts if c.name != WITH_PARAMETERS}


def _unplannable(reading: ConfigReading, *, has_base: bool) -> list[NotChecked]:
    """Return what cannot be planned with this config on any base."""
    found = []
    unknown = dict(reading.unknown)
    fatal = fatal_fields(reading) - unknown.keys()
    if has_base and fatal:
        listed = ", ".join(f"`{name}`" for name in sorted(fatal))
        why = f"PEFT fails on {listed}"
        if not reading.unusable <= unknown.keys():
            why += f", or reads {'it' if len(fatal) == 1 else 'them'} as something unintended"
        found.append(NotChecked("tensors against the base", why))
    found += [NotChecked(f"`{name}`", why) for name, why in unknown.items()]
    if reading.config.megatron_config:
        module = printable(f"{reading.config.megatron_core}")
        why = f"PEFT imports `{module}` for it, and raises if that is not installed"
        found.append(NotChecked("`megatron_config`", why))
    return found


def _as_in_file(plan: Plan, adapter: Adapter, header: Header) -> Plan:
    """Return the plan with the file's spelling of names, without optional tensors it leaves out."""
    dating = written_by(adapter) if plan.config.bias == "lora_only" else None
    writers = dating.releases if dating else ()
    return without_unsaved(spell_as_in_file(plan, header), header, writers)


def _selection(
    reading: ConfigReading, paths: Sequence[str], base: Architecture | None, budget: PatternBudget
) -> Selection | None:
    """Apply the targets to the modules with tensors; null means the defaults of the model type."""
    if not fatal_fields(reading).isdisjoint(_SELECTING):
        return None
    resolved = named_targets(reading.config, base)
    if resolved is None and base and reading.config.target_parameters:
        resolved = ()
    if resolved is None or is_all_linear(resolved):
        return None
    return select(reading.config, resolved, paths, budget)


def _slow_pattern(error: PatternTimeoutError) -> Fault:
    limit = f"longer than {error.seconds:g} s"
    if error.steps is not None:
        limit = f"more than {error.steps / 1e6:.0f} million steps"
    return Fault(
        "slow-pattern",
        f"the pattern `{error.pattern}` takes {limit} to match",
        Location("adapter_config.json"),
        "write it without nested repetitions",
    )
