"""What a rule sees: the adapter, its base, the plan, and what earlier rules have explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from loracfg.adapter.names import Part, TensorName
from loracfg.adapter.read import Adapter
from loracfg.adapter.tensor import Shape, Tensor
from loracfg.base.architecture import Architecture
from loracfg.base.resolve import Fit
from loracfg.config.model import LoraConfig
from loracfg.plan.build import Expected, Plan
from loracfg.plan.heads import Labels
from loracfg.plan.settings import Settings
from loracfg.plan.targets import Selection
from loracfg.releases.outcome import Outcome
from loracfg.report.fault import Fault
from loracfg.report.model import Location


@dataclass(frozen=True)
class Layer:
    """The adapter tensors of one module path: their names, and one name for each part."""

    path: str
    parts: Mapping[Part, str]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """One adapter under judgement.

    `base` and `plan` are None where there is no base, or the config cannot be planned; what a base
    lacks proves nothing unless it is `certain`. `settings` give rank and scaling by module path,
    `selection` how the config picks the modules that the tensors name; both are empty where the
    config cannot be judged. `unstacked` says that experts are read one by one, which the base holds
    in stacks, `labels` that the head in the file has others than the base's. `fits` are the model
    classes that were tried. `explained` are names of tensors, in the file or expected in it, that
    a finding already accounts for. `outcomes` tell what each release of PEFT makes of the adapter,
    `release` is the one that was asked for.
    """

    adapter: Adapter
    settings: Mapping[str, Settings] = field(default_factory=dict)
    selection: Selection | None = None
    base: Architecture | None = None
    plan: Plan | None = None
    certain: bool = True
    unstacked: bool = False
    labels: Labels | None = None
    fits: tuple[Fit, ...] = ()
    faults: tuple[Fault, ...] = ()
    explained: frozenset[str] = frozenset()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    release: str | None = None

    def explaining(self, names: frozenset[str]) -> Subject:
        """Return the subject with more tensors explained."""
        return replace(self, explained=self.explained | names) if names else self

    def faults_of(self, *kinds: str) -> Iterator[Fault]:
        """Yield the faults of these kinds."""
        return (fault for fault in self.faults if fault.kind in kinds)

    @property
    def config(self) -> LoraConfig | None:
        """The config with the values that PEFT works with."""
        return self.adapter.config

    def gives(self, *fields: str) -> bool:
        """Tell whether the config can be judged and none of these fields is unusable."""
        return self.adapter.reading is not None and self.adapter.reading.usable(*fields)

    def conflicts(self, field: str) -> bool:
        """Tell whether a field takes part in a conflict with others, on which PEFT raises."""
        reading = self.adapter.reading
        conflicts = reading.conflicts if reading else ()
        return any(field in (conflict.field, *conflict.others) for conflict in conflicts)

    @property
    def tree(self) -> Architecture | None:
        """The base with the layers that tensor names count, None where that is not known."""
        if self.plan:
            return self.plan.base
        config = self.config
        known = config and self.gives("layer_replication") and not config.layer_replication
        return self.base if known else None

    def value(self, pointer: str) -> Location:
        """Return the place of a value in the config."""
        document = self.adapter.document
        return document.location(pointer) if document else Location("adapter_config.json", pointer)

    def key(self, pointer: str) -> Location:
        """Return the place of a key in the config."""
        document = self.adapter.document
        if document is None:
            return Location("adapter_config.json", pointer)
        return document.location(pointer, key=True)

    def tensor(self, name: str) -> Location:
        """Return the place of a tensor in the weight file."""
        return Location(self.adapter.weights or "", tensor=name)

    @cached_property
    def open_tensors(self) -> dict[str, Tensor]:
        """The tensors of the file that no finding explains yet."""
        return {n: t for n, t in self.adapter.tensors.items() if n not in self.explained}

    @cached_property
    def open_names(self) -> dict[str, TensorName]:
        """The same, as names taken apart."""
        return {n: t for n, t in self.adapter.names.items() if n not in self.explained}

    @cached_property
    def layers(self) -> dict[str, Layer]:
        """The adapter layers that the unexplained tensors form, by path (with `base_layer`)."""
        found: dict[str, list[TensorName]] = {}
        for taken in self.open_names.values():
            if taken.is_adapter and taken.prefix:
                found.setdefault(taken.path, []).append(taken)
        return {
            path: Layer(path, {t.part: t.name for t in names}, tuple(t.name for t in names))
            for path, names in found.items()
        }

    def shape(self, name: str) -> Shape:
        """Return the shape of a tensor of the file."""
        return self.adapter.tensors[name].shape

    def is_as_planned(self, name: str) -> bool:
        """Tell whether a tensor of the file has the shape that PEFT takes it in."""
        expected = self.plan.tensors.get(name) if self.plan else None
        return expected is not None and expected.shape == self.shape(name)

    @cached_property
    def missing(self) -> dict[str, Expected]:
        """Expected tensors that are not in the file and not explained."""
        if self.plan is None or self.adapter.header is None:
            return {}
        found = self.adapter.tensors
        return {
            name: expected
            for name, expected in self.plan.tensors.items()
            if name not in found and name not in self.explained
        }

    @cached_property
    def mismatched(self) -> dict[str, Expected]:
        """Expected tensors that are in the file with another shape, and not explained."""
        if self.plan is None:
            return {}
        return {
            name: self.plan.tensors[name]
            for name in self.open_tensors
            if name in self.plan.tensors and not self.is_as_planned(name)
        }

    @cached_property
    def unexpected(self) -> dict[str, TensorName]:
        """Tensors of the file that nothing in the loaded model takes, and not explained."""
        plan = self.plan
        if plan is None:
            return {}
        return {
            name: taken
            for name, taken in self.open_names.items()
            if name not in plan.tensors and name not in plan.base_tensors
        }

    @cached_property
    def replacing(self) -> dict[str, Shape]:
        """Tensors of the file, not planned, that replace tensors of the base: the base's shapes."""
        plan = self.plan
        if plan is None:
            return {}
        return {
            name: plan.base_tensors[name]
            for name in self.open_names
            if name not in plan.tensors and name in plan.base_tensors
        }
