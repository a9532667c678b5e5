"""The plan: every tensor that PEFT 0.21.2 saves for a config on a base, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from loracfg.adapter.names import PREFIX
from loracfg.adapter.tensor import Ends, Header, Shape
from loracfg.base.architecture import Architecture
from loracfg.plan.layers import LayerTensor, Role
from loracfg.plan.settings import Settings
from loracfg.plan.state import WrappedBase
from loracfg.plan.targets import Selection
from loracfg.plan.tokens import TokenModules
from loracfg.plan.tying import Tying

if TYPE_CHECKING:
    from loracfg.config.model import LoraConfig


class Expected(NamedTuple):
    """A tensor that must be in the file: its full name, shape and part, and the module it is of."""

    name: str
    shape: Shape
    role: Role
    path: str


class AdaptedModule(NamedTuple):  # made for each layer, several times faster than a dataclass
    """A module (or one `parameter` of it) that gets an adapter.

    `target` is the config entry that selected it.
    """

    path: str
    target: str
    settings: Settings
    parameter: str | None = None


class Failure(NamedTuple):
    """PEFT raises when it builds this: `kind` names the cause, `field` the config key to blame."""

    kind: str
    field: str
    message: str
    path: str | None = None


Row = tuple[str, str, Sequence[LayerTensor]]
"""Tensors of one module: what their names begin with, its path, and the ends of their names."""


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """What a config produces on a base.

    `base` is the tree that tensor names refer to (after layer replication), `selection` tells how
    modules were picked. `rows` are the tensors that must be in the file, complete only if there are
    no `failures`. `saved` are the modules that are saved whole, `tokens` those with trained rows,
    and `tying` tells which follow the input embedding. `spelt` maps names to those in the file,
    where it has others that PEFT takes for them, and `fitted` gives shapes that are taken from the
    file. `file` is the header of a file that has just these tensors.
    """

    base: Architecture
    config: LoraConfig
    selection: Selection
    modules: tuple[AdaptedModule, ...]
    rows: tuple[Row, ...]
    failures: tuple[Failure, ...]
    wrapped: WrappedBase
    tying: Tying
    saved: tuple[str, ...]
    tokens: TokenModules
    spelt: Mapping[str, str] = field(default_factory=dict)
    fitted: Mapping[str, Shape] = field(default_factory=dict)
    file: Header | None = None

    def is_all_of(self, header: Header) -> bool:
        """Tell whether a file has just these tensors, where that can be told by whole layers."""
        ends: dict[int, Ends] = {}
        count = 0
        for stem, _, tensors in self.rows:
            found, own = header.rows.get(stem), ends.get(id(tensors))
            if own is None:
                own = tuple(sorted((end, shape) for end, shape, _ in tensors))
                own = ends[id(tensors)] = found if found == own else own
            if found is not own:  # the header has one object for all that are equal
                return False
            count += len(own)
        return count == len(header.shapes) and not self.fitted

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of the tensors that must be in the file, by name."""
        if self.file is not None:
            return self.file.shapes
        found = {stem + end: shape for stem, _, tensors in self.rows for end, shape, _ in tensors}
        if self.spelt:
            found = {self.spelt.get(name, name): shape for name, shape in found.items()}
        return {**found, **self.fitted} if self.fitted else found

    @cached_property
    def tensors(self) -> dict[str, Expected]:
        """The same with part and module; most plans are never asked for it."""
        spelt, shapes = self.spelt, self.shapes
        found = {}
        for stem, path, tensors in self.rows:
            for end, _, role in tensors:
                name = spelt.get(stem + end, stem + end)
                found[name] = Expected(name, shapes[name], role, path)
        return found

    def base_shape(self, name: str) -> Shape | None:
        """Return the shape of the base's own tensor that has a name once the adapter is in place.

        A tensor of the file under such a name replaces the base's, whatever the config says.
        """
        own = name.removeprefix(PREFIX)
        return None if own == name else self.wrapped.shape_of(own)
