"""What is known about an adapter, as plain data: every output is a function of this."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loracfg.inspection.covered_modules import State
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport
from loracfg.urls import redacted

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject


class InspectedModule(NamedTuple):
    """A module of the base, and the tensors that the adapter has for it.

    `path` has a `base_layer` step for each further adapter on the same module. `rank` is that of
    the factors, `alpha` and `scaling` follow from the config; `experts` is the number of experts
    whose parameter the factors adapt. `largest` is the largest magnitude of its values, if they
    were read. What is unknown is None.
    """

    path: str
    state: State
    inputs: int | None = None
    outputs: int | None = None
    rank: int | None = None
    alpha: float | None = None
    scaling: float | None = None
    experts: int | None = None
    dtypes: tuple[str, ...] = ()
    tensors: int = 0
    parameters: int = 0
    bytes: int = 0
    largest: float | None = None

    @property
    def is_adapted(self) -> bool:
        """Whether it has factors, and not only trained tokens."""
        return self.tensors > 0 and (self.rank is not None or self.scaling is not None)

    def to_dict(self) -> JsonObject:
        """Return the module as JSON data."""
        return self._asdict() | {
            "dtypes": list(self.dtypes),
            "largest": _as_json(self.largest),
        }


def _as_json(value: float | None) -> float | str | None:
    """Return a number, as text if JSON cannot express it: `nan`, `inf`."""
    return value if value is None or math.isfinite(value) else str(value)


class Group(NamedTuple):
    """Modules whose paths differ only in numbers, and which are otherwise the same.

    `pattern` is their path with `*` for each number, `layers` the inclusive ranges of the first
    number. `modules` is how many there are, `of_each` one that represents all; sizes in the group
    are sums.
    """

    pattern: str
    modules: int
    layers: tuple[tuple[int, int], ...]
    of_each: InspectedModule
    parameters: int
    bytes: int
    largest: float | None = None

    def to_dict(self) -> JsonObject:
        """Return the group as JSON data."""
        one = self.of_each
        return {
            "pattern": self.pattern,
            "modules": self.modules,
            "layers": [list(ends) for ends in self.layers],
            "inputs": one.inputs,
            "outputs": one.outputs,
            "rank": one.rank,
            "alpha": one.alpha,
            "scaling": one.scaling,
            "experts": one.experts,
            "dtypes": list(one.dtypes),
            "parameters": self.parameters,
            "bytes": self.bytes,
            "largest": _as_json(self.largest),
        }


class Share(NamedTuple):
    """Tensors that have something in common: their number, elements and bytes."""

    name: str
    tensors: int
    parameters: int
    bytes: int

    def to_dict(self) -> JsonObject:
        """Return the share as JSON data."""
        return self._asdict()


class EngineAnswer(NamedTuple):
    """How an engine handles the adapter: `loads`, `differs`, `raises` or `unknown`.

    `assumed` lists the assumptions that the answer rests on.
    """

    name: str
    answer: str
    assumed: tuple[str, ...] = ()

    def to_dict(self) -> JsonObject:
        """Return the answer as JSON data."""
        return self._asdict() | {"assumed": list(self.assumed)}


class Note(NamedTuple):
    """The answer to something that people ask about adapters like this one."""

    name: str
    message: str

    def to_dict(self) -> JsonObject:
        """Return the note as JSON data."""
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an adapter contains.

    `report` is the result of `validate`. `modules` are those of the base that can be adapted, or,
    without a base, those that the tensors name; `groups` summarize the adapted ones.
    `named_base` is the base that the config names.
    """

    report: AdapterReport
    modules: tuple[InspectedModule, ...]
    groups: tuple[Group, ...]
    roles: tuple[Share, ...]
    dtypes: tuple[Share, ...]
    engines: tuple[EngineAnswer, ...]
    notes: tuple[Note, ...]
    named_base: str | None = None

    @property
    def total(self) -> Share:
        """All tensors of the file."""
        sums = [sum(column) for column in zip(*(role[1:] for role in self.roles), strict=True)]
        return Share("all", *(sums or (0, 0, 0)))

    def to_dict(self) -> JsonObject:
        """Return everything as JSON data."""
        return {
            "adapter": self.report.to_dict(),
            "named_base": self.named_base and redacted(self.named_base),
            "total": self.total.to_dict(),
            "roles": [role.to_dict() for role in self.roles],
            "dtypes": [dtype.to_dict() for dtype in self.dtypes],
            "groups": [group.to_dict() for group in self.groups],
            "engines": [engine.to_dict() for engine in self.engines],
            "notes": [note.to_dict() for note in self.notes],
            "modules": [module.to_dict() for module in self.modules],
        }
