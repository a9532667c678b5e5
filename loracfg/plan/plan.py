"""The plan: every tensor that PEFT saves for a config on a base, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from loracfg.adapter.header.tensor import Ends, Header, Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Architecture
from loracfg.plan.adapted import AdaptedModule, AdaptedModules, Failure, Row, one_by_one
from loracfg.plan.layer_tensors import Role
from loracfg.plan.saved import second_tensors
from loracfg.plan.state import WrappedBase
from loracfg.plan.targets import Selection
from loracfg.plan.tied_targets import Tying
from loracfg.plan.trained_tokens import TokenModules

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class ExpectedTensor(NamedTuple):
    """A tensor that must be in the file: its full name, shape and part, and the module it is of."""

    name: str
    shape: Shape
    role: Role
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """What a config produces on a base.

    `base` is the tree that tensor names refer to (after layer replication), `selection` tells how
    modules were picked, and `adapted` which get adapters. `rows` are the tensors that must be in
    the file, complete only if there are no `failures`. `saved` are the modules that are saved
    whole, `tokens` those with trained rows, and `tying` tells which follow the input embedding.
    `spelt` maps names to those in the file, where it has others that PEFT takes for them, and
    `fitted` gives shapes that are taken from the file. `file` is the header of a file that has just
    these tensors.
    """

    base: Architecture
    config: ConfigValues
    selection: Selection
    adapted: tuple[AdaptedModules | AdaptedModule, ...]
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
    def modules(self) -> tuple[AdaptedModule, ...]:
        """The modules that get adapters; most plans are never asked for them."""
        return tuple(one_by_one(self.adapted))

    @property
    def is_empty(self) -> bool:
        """Whether nothing gets an adapter."""
        return next(one_by_one(self.adapted), None) is None

    @property
    def scalings(self) -> list[float]:
        """The factors of the modules' updates, one for all that get the same."""
        has_patterns = self.config.rank_pattern or self.config.alpha_pattern
        found: list[float] = []
        for one in self.adapted:
            if isinstance(one, AdaptedModule):
                found.append(one.settings.scaling)
            else:
                paths = one.paths if has_patterns else islice(one.paths, 1)
                found += [one.settings[path].scaling for path in paths]
        return found

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
    def tensors(self) -> dict[str, ExpectedTensor]:
        """The same with part and module; most plans are never asked for it."""
        spelt, shapes = self.spelt, self.shapes
        found = {}
        for stem, path, tensors in self.rows:
            for end, _, role in tensors:
                name = spelt.get(stem + end, stem + end)
                found[name] = ExpectedTensor(name, shapes[name], role, path)
        return found

    def base_shape(self, name: str) -> Shape | None:
        """Return the shape of the base's own tensor that has a name once the adapter is in place.

        A tensor of the file under such a name replaces the base's, whatever the config says. The
        names of what PEFT saves a second time count as the base's.
        """
        own = name.removeprefix(PREFIX)
        if own == name:
            return None
        shape = self.wrapped.shape_of(own)
        return self._doubles.get(own) if shape is None else shape

    def base_path(self, name: str) -> str | None:
        """Return the path of the module that holds the base's own tensor of this name."""
        own = name.removeprefix(PREFIX)
        return None if own == name else self.wrapped.path_of(own)

    @cached_property
    def _doubles(self) -> dict[str, Shape]:
        return dict(second_tensors(self.wrapped, self.rows, self.tokens))
