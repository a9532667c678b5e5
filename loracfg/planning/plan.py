"""The plan: every tensor that PEFT saves for a config on a base, with its module and role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from loracfg.adapter.header.tensor import Ends, Header, Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Architecture
from loracfg.named_tuple import NamedTuple
from loracfg.planning.adapted import AdaptedModule, AdaptedModules, Failure, Row, one_by_one
from loracfg.planning.layer_tensors import Role
from loracfg.planning.saved import second_tensors
from loracfg.planning.state import WrappedBase
from loracfg.planning.targets import Selection
from loracfg.planning.tied_targets import Tying
from loracfg.planning.trained_tokens import TokenModules

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class ExpectedTensor(NamedTuple):
    """A tensor that must be in the file: its full name, shape, role and module."""

    name: str
    shape: Shape
    role: Role
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """What a config produces on a base.

    Attributes:
        base: the tree that tensor names refer to, after layer replication.
        config: the config as PEFT rewrites it for the base.
        selection: how the config selects modules.
        adapted: the modules that get adapters.
        rows: the tensors that must be in the file; incomplete if there are `failures`.
        failures: everything on which PEFT raises.
        wrapped: the base with its modules wrapped.
        tying: the layers that follow the input embedding.
        saved: the modules that are saved whole.
        tokens: the modules with trained rows.
        saves_embeddings: whether PEFT asks the base for its embeddings when it saves.
        left_out: layers that targets select, but not after PEFT's conversion of experts.
        file_names: names in the file that differ from the plan, but that PEFT loads as the same.
        file_shapes: shapes that are taken from the file.
        file: the header of the file, if it has exactly these tensors.
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
    saves_embeddings: bool = False
    left_out: tuple[str, ...] = ()
    file_names: Mapping[str, str] = field(default_factory=dict)
    file_shapes: Mapping[str, Shape] = field(default_factory=dict)
    file: Header | None = None

    def equals(self, header: Header) -> bool:
        """Tell whether a file has exactly these tensors; may be false if layers are not whole."""
        ends: dict[int, Ends] = {}
        count = 0
        for stem, _, tensors in self.rows:
            found, own = header.rows.get(stem), ends.get(id(tensors))
            if own is None:
                own = tuple(sorted((end, shape) for end, shape, _ in tensors))
                own = ends[id(tensors)] = found if found == own else own
            if found is not own:  # equal layers of the header share one object
                return False
            count += len(own)
        return count == len(header.shapes) and not self.file_shapes

    @cached_property
    def modules(self) -> tuple[AdaptedModule, ...]:
        """The modules that get adapters; rarely needed, so computed on demand."""
        return tuple(one_by_one(self.adapted))

    @property
    def is_empty(self) -> bool:
        """Whether nothing gets an adapter."""
        return next(one_by_one(self.adapted), None) is None

    @property
    def scalings(self) -> list[float]:
        """The scalings of the modules; modules with the same one may share an entry."""
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
        if self.file_names:
            found = {self.file_names.get(name, name): shape for name, shape in found.items()}
        return {**found, **self.file_shapes} if self.file_shapes else found

    @cached_property
    def tensors(self) -> dict[str, ExpectedTensor]:
        """The tensors that must be in the file, by name; rarely needed, so computed on demand."""
        file_names, shapes = self.file_names, self.shapes
        found = {}
        for stem, path, tensors in self.rows:
            for end, _, role in tensors:
                name = file_names.get(stem + end, stem + end)
                found[name] = ExpectedTensor(name, shapes[name], role, path)
        return found

    def base_shape(self, name: str) -> Shape | None:
        """Return the shape of the base's own tensor with this name in the adapted model.

        PEFT loads a tensor with such a name into the base, whatever the config says. Names under
        which PEFT saves a tensor a second time are included.
        """
        own = name.removeprefix(PREFIX)
        if own == name:
            return None
        shape = self.wrapped.shape_of(own)
        return self._doubles.get(own) if shape is None else shape

    def base_path(self, name: str) -> str | None:
        """Return the path of the module with the base's own tensor of this name."""
        own = name.removeprefix(PREFIX)
        return None if own == name else self.wrapped.path_of(own)

    @cached_property
    def _doubles(self) -> dict[str, Shape]:
        return dict(second_tensors(self.wrapped, self.rows, self.tokens))
