"""What a rule sees: the adapter, its base, the plan, and which tensors earlier rules explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.tensor import Shape, kinds_of
from loracfg.adapter.name_table import LayerTensors, Pair, layers_of, pairs_of
from loracfg.adapter.tensor_names import TensorName
from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.planning import Planning
from loracfg.base.architecture import Architecture
from loracfg.base.search import Fit, ResolvedBase
from loracfg.planning.compare import PlanComparison
from loracfg.planning.layer_settings import LayerSettings
from loracfg.planning.plan import ExpectedTensor, Plan
from loracfg.planning.targets import Selection
from loracfg.releases.outcome import Outcome
from loracfg.report.fault import Fault
from loracfg.report.report import Location

if TYPE_CHECKING:
    from loracfg.analysis.policy import Policy
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.runtimes.verdict import Verdict

T = TypeVar("T")

_NO_BASE: Final = ResolvedBase(None)
_NO_PLAN: Final = Planning()


@dataclass(frozen=True, eq=False, repr=False)
class Subject:
    """What a rule sees of one adapter on one base.

    Attributes:
        adapter: the adapter as it was read.
        resolved: the base as it was found.
        planning: what follows from both.
        outcomes: what each release of PEFT does with the adapter; empty if unknown.
        release: the release that the user named.
        verdicts: how the engines that the user named handle the adapter.
        policy: what the user's project allows.
        live: what is true of it in a live model; None for an adapter in files.
        explained: names of tensors, in the file or expected in it, that a finding explains.
    """

    adapter: Adapter
    resolved: ResolvedBase = _NO_BASE
    planning: Planning = _NO_PLAN
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    release: str | None = None
    verdicts: tuple[Verdict, ...] = ()
    policy: Policy | None = None
    live: LiveFacts | None = None
    explained: frozenset[str] = frozenset()

    def with_explained(self, names: frozenset[str]) -> Subject:
        """Return the subject with more explained tensors."""
        return replace(self, explained=self.explained | names) if names else self

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that readers and the planning noted about adapter and base."""
        return (*self.adapter.faults, *self.resolved.faults, *self.planning.faults)

    @property
    def base(self) -> Architecture | None:
        """The tree that the adapter is compared with; None if no base is known."""
        return self.planning.base

    @property
    def certain(self) -> bool:
        """Whether the tree is certain; if not, a module missing from it proves nothing."""
        return self.resolved.certain

    @property
    def is_planned(self) -> bool:
        """Whether the adapter has not been trained yet, so that it has no tensors."""
        return self.adapter.is_planned

    @property
    def is_yet_to_train(self) -> bool:
        """Whether training may still follow: it is planned, or in a live model to be trained."""
        return self.is_planned or (self.live is not None and not self.live.for_inference)

    @property
    def plan(self) -> Plan | None:
        """Every tensor that PEFT saves; None without a base or a config that can be planned."""
        return self.planning.plan

    @property
    def settings(self) -> Mapping[str, LayerSettings]:
        """Rank and scaling by module path; empty if the config cannot be used."""
        return self.planning.settings

    @property
    def selection(self) -> Selection | None:
        """Which modules with tensors the config selects; None if this needs a base."""
        return self.planning.selection

    @property
    def compared(self) -> PlanComparison:
        """The differences between the plan and the file."""
        return self.planning.compared

    def faults_of(self, *kinds: str) -> Iterator[Fault]:
        """Yield the faults of these kinds."""
        return (fault for fault in self.faults if fault.kind in kinds)

    @property
    def config(self) -> ConfigValues | None:
        """The config with the values that PEFT uses."""
        return self.adapter.config

    def gives(self, *fields: str) -> bool:
        """Tell whether the config can be used and none of these fields is unusable."""
        return self.adapter.reading is not None and self.adapter.reading.usable(*fields)

    def conflicts(self, field: str) -> bool:
        """Tell whether PEFT raises because a field conflicts with others."""
        reading = self.adapter.reading
        conflicts = reading.conflicts if reading else ()
        return any(field in (conflict.field, *conflict.others) for conflict in conflicts)

    @property
    def tree(self) -> Architecture | None:
        """The base with the layer numbers of tensor names; None if they are unknown."""
        return self.compared.tree

    @property
    def other_fit(self) -> Fit | None:
        """The first other class, or older layout of this class, that has every module."""
        used = self.base.class_name if self.base else None
        others = (fit for fit in self.resolved.alternatives if fit.layout or fit.class_name != used)
        return next((fit for fit in others if fit.is_full and fit.total), None)

    def value(self, pointer: str) -> Location:
        """Return the location of a value in the config."""
        document = self.adapter.document
        return document.location(pointer) if document else Location("adapter_config.json", pointer)

    def key(self, pointer: str) -> Location:
        """Return the location of a key in the config."""
        document = self.adapter.document
        if document is None:
            return Location("adapter_config.json", pointer)
        return document.location(pointer, key=True)

    def tensor(self, name: str) -> Location:
        """Return the location of a tensor in the weight file."""
        return Location(self.adapter.weights or "", tensor=name)

    @cached_property
    def open_shapes(self) -> Mapping[str, Shape]:
        """The shapes of the tensors in the file that no finding explains yet."""
        return self._open(self.adapter.shapes)

    @cached_property
    def open_names(self) -> Mapping[str, TensorName]:
        """The parsed names of the tensors in the file that no finding explains yet."""
        return self._open(self.adapter.names)

    def _open(self, values: Mapping[str, T]) -> Mapping[str, T]:
        if not self.explained:
            return values
        return {name: value for name, value in values.items() if name not in self.explained}

    @cached_property
    def layers(self) -> Mapping[str, LayerTensors]:
        """The adapter layers of unexplained tensors, by path (including `base_layer`)."""
        if not self.explained:
            return self.adapter.table.layers
        return layers_of(self.open_names.values())

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The complete factor pairs among the unexplained tensors."""
        return pairs_of(self.layers.values()) if self.explained else self.adapter.table.pairs

    @cached_property
    def kinds(self) -> tuple[Pair, ...]:
        """One factor pair of each kind; rules give the same answer for all pairs of a kind.

        With `target_parameters`, each pair is its own kind, since any may belong to a parameter.
        """
        config = self.plan.config if self.plan else self.config
        if config is not None and config.target_parameters:
            return self.pairs
        if not self.explained:
            return self.compared.kinds
        return kinds_of(self.pairs, self.adapter.shapes, self.compared.rank_of)

    @property
    def lost_paths(self) -> frozenset[str]:
        """The modules with adapter tensors that are not in the tree; empty without a tree."""
        return self.compared.lost_paths

    def shape(self, name: str) -> Shape:
        """Return the shape of a tensor in the file."""
        return self.adapter.shapes[name]

    @cached_property
    def missing(self) -> Mapping[str, ExpectedTensor]:
        """The expected tensors that are not in the file and not explained."""
        return self._open(self.compared.missing)

    @cached_property
    def mismatched(self) -> Mapping[str, ExpectedTensor]:
        """The expected tensors that are in the file with a different shape and not explained."""
        return self._open(self.compared.mismatched)

    @cached_property
    def _unplanned(self) -> list[str]:
        return [name for name in self.compared.unplanned if name not in self.explained]

    @cached_property
    def unexpected(self) -> dict[str, TensorName]:
        """The tensors in the file that the loaded model has no place for, not explained."""
        plan, names = self.plan, self.adapter.names
        return {n: names[n] for n in self._unplanned if plan and plan.base_shape(n) is None}

    @cached_property
    def replacing(self) -> dict[str, Shape]:
        """The unplanned tensors in the file that replace tensors of the base, with its shapes."""
        plan = self.plan
        found = {name: plan.base_shape(name) for name in self._unplanned} if plan else {}
        return {name: shape for name, shape in found.items() if shape is not None}
