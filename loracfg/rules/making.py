"""What follows from a config, the tensors and a base: made once for adapters that share them.

Readers give the same object for the same bytes, as far as they remember them, so that objects tell
whether there is anything new.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.tensor import Header
from loracfg.base.architecture import Architecture
from loracfg.base.search import Resolved
from loracfg.config.model.constraints import WITH_PARAMETERS
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.document.display import printable
from loracfg.kept import Kept, begin_making
from loracfg.plan.build import build_plan
from loracfg.plan.compare import Comparison
from loracfg.plan.experts import has_stacks, unstacked
from loracfg.plan.heads import Labels, fit_labels
from loracfg.plan.layer_settings import Settings, settings_of
from loracfg.plan.patterns import Budget, PatternTimeoutError
from loracfg.plan.plan import Plan
from loracfg.plan.spelling import spell_as_in_file
from loracfg.plan.targets import Selection, is_all_linear, named_targets, select
from loracfg.plan.unsaved import without_unsaved
from loracfg.releases.dating import written_by
from loracfg.releases.loading import loads_in
from loracfg.releases.outcome import Outcome
from loracfg.report.fault import Fault
from loracfg.report.report import AdapterReport, Location, NotChecked

if TYPE_CHECKING:
    from loracfg.runtimes.served import Served

_MAX_KEPT: Final = 5_000
"""Modules of a base up to which what follows from it is kept."""


@dataclass(eq=False, repr=False)
class Made:
    """The plan and what else rules look at, with the parts that it was made of.

    `base` is the tree as it is judged by, with single experts if the file names them
    (`unstacked`), and `translated` is then the plan for the stacks. `not_checked` says what could
    not be made, and why.
    """

    reading: ConfigReading | None
    header: Header | None
    given: Architecture | None
    base: Architecture | None = None
    unstacked: bool = False
    plan: Plan | None = None
    translated: Plan | None = None
    labels: Labels | None = None
    settings: dict[str, Settings] = field(default_factory=dict)
    selection: Selection | None = None
    compared: Comparison = field(default_factory=Comparison)
    faults: list[Fault] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    outcomes: dict[tuple[str | None, str], dict[str, Outcome]] = field(default_factory=dict)
    reports: Kept[AdapterReport] = field(default_factory=lambda: Kept(4))

    def outcomes_of(self, adapter: Adapter, writer: str, budget: Budget) -> dict[str, Outcome]:
        """Return what each release makes of the adapter, understood by the rules of `writer`.

        Raises:
            PatternTimeoutError: if the patterns take longer than the budget.
            re.error: if one does not compile.
        """
        key = adapter.weights, writer
        if key not in self.outcomes:
            self.outcomes[key] = loads_in(adapter, writer, budget, self.compared.tree)
        return self.outcomes[key]


_KEPT: Final = Kept[Made](8)


def make(adapter: Adapter, base: Architecture | None, budget: Budget) -> Made:
    """Plan an adapter on a base; the patterns of its config have the time of the budget."""
    key = (id(adapter.reading), id(adapter.header), id(base))
    kept = _KEPT.find(key)  # it holds on to its parts, so no other object can have their ids
    if kept is not None:
        return kept
    begin_making()
    made = Made(adapter.reading, adapter.header, base)
    in_time = _fill(made, adapter, budget)
    is_small = adapter.table.is_small and (base is None or len(base.modules) <= _MAX_KEPT)
    if is_small and in_time:
        _KEPT.add(key, made)
    return made


def _fill(made: Made, adapter: Adapter, budget: Budget) -> bool:
    """Make the parts, and tell whether the patterns were matched in time."""
    base = made.given
    made.base = base
    if base and adapter.table.has_single_experts and has_stacks(base):
        made.base, made.unstacked = unstacked(base), True
    in_time = True
    if made.reading:
        try:
            _plan(made, made.reading, adapter, budget)
        except PatternTimeoutError as error:
            in_time = False
            made.faults += [_slow_pattern(error)] if error.is_own else []
            why = "they take too long" if error.is_own else "other adapters took the time for it"
            made.not_checked.append(NotChecked("what the patterns select", why))
        except re.error as error:
            # Patterns that do not compile are faults of the config already.
            made.not_checked.append(NotChecked("what the patterns select", f"{error}"))
    fatal = _fatal_fields(made.reading) if made.reading else None
    if base and fatal:
        listed = ", ".join(f"`{name}`" for name in sorted(fatal))
        why = f"PEFT fails on {listed}"
        if made.reading and made.reading.unusable:
            why += f", or takes {'it' if len(fatal) == 1 else 'them'} for what cannot be meant"
        made.not_checked.append(NotChecked("tensors against the base", why))
    if made.reading and made.reading.config.megatron_config:
        module = printable(f"{made.reading.config.megatron_core}")
        why = f"PEFT imports `{module}` for it, and raises where that is not installed"
        made.not_checked.append(NotChecked("`megatron_config`", why))
    made.compared = Comparison(made.header, made.plan, _tree(made), made.settings)
    return in_time


def _plan(made: Made, reading: ConfigReading, adapter: Adapter, budget: Budget) -> None:
    if made.base and not _fatal_fields(reading):
        plan = build_plan(reading.config, made.base, budget)
        made.plan = _as_in_file(plan, adapter, adapter.header) if adapter.header else plan
        made.plan, made.labels = fit_labels(made.plan, adapter.shapes)
        if made.unstacked and made.given:
            made.translated = build_plan(reading.config, made.given, budget)
    paths = adapter.table.sorted_paths
    if reading.usable("r", "rank_pattern", "lora_alpha", "alpha_pattern"):
        made.settings = settings_of(reading.config, paths, budget)
    made.selection = _selection(reading, paths, made.base, budget)


def _as_in_file(plan: Plan, adapter: Adapter, header: Header) -> Plan:
    """Return the plan by the names of the file, without what may be left out of it and is."""
    dating = written_by(adapter) if plan.config.bias == "lora_only" else None
    writers = dating.releases if dating else ()
    return without_unsaved(spell_as_in_file(plan, header), header, writers)


def _tree(made: Made) -> Architecture | None:
    """Return the base with the layers that tensor names count, None where that is not known."""
    if made.plan:
        return made.plan.base
    reading = made.reading
    if reading is None or not reading.usable("layer_replication"):
        return None
    return None if reading.config.layer_replication else made.base


def served_of(adapter: Adapter, made: Made, resolved: Resolved) -> Served:
    """Return an adapter as engines meet it, on the base that it was planned for."""
    from loracfg.base.named_classes import classes_of, tree_of
    from loracfg.runtimes.served import Served

    names = classes_of(resolved, adapter.config.task_type if adapter.config else None)
    built = {name: tree for name in names if (tree := tree_of(resolved, name))}
    if made.unstacked:
        built = {name: unstacked(tree) for name, tree in built.items()}
    return Served(
        adapter,
        made.settings,
        made.selection,
        made.base,
        resolved.certain,
        built,
        names,
    )


def _fatal_fields(reading: ConfigReading) -> frozenset[str]:
    """Return the config fields on which PEFT raises before it looks at the base."""
    return reading.unusable | {c.field for c in reading.conflicts if c.name != WITH_PARAMETERS}


def _selection(
    reading: ConfigReading, paths: Sequence[str], base: Architecture | None, budget: Budget
) -> Selection | None:
    """Apply the targets to the modules that the tensors name, those of the model type for null."""
    fields = (
        "target_modules",
        "target_parameters",
        "exclude_modules",
        "modules_to_save",
        "layers_to_transform",
        "layers_pattern",
    )
    if not _fatal_fields(reading).isdisjoint(fields):
        return None
    resolved = named_targets(reading.config, base)
    if resolved is None and base and reading.config.target_parameters:
        resolved = ()
    if resolved is None or is_all_linear(resolved):
        return None
    return select(reading.config, resolved, paths, budget)


def _slow_pattern(error: PatternTimeoutError) -> Fault:
    return Fault(
        "slow-pattern",
        f"the pattern `{error.pattern}` takes longer than {error.seconds:g} s to match",
        Location("adapter_config.json"),
        "write it without nested repetitions",
    )
