"""Compare the tensors of a file with those that a plan expects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from loracfg.adapter.header.tensor import Header, Shape, kinds_of
from loracfg.adapter.name_table import NameTable, Pair
from loracfg.base.architecture import Architecture
from loracfg.base.renaming import renamed
from loracfg.planning.layer_settings import LayerSettings
from loracfg.planning.plan import ExpectedTensor, Plan


class PlanComparison:
    """Compares the header of a file with a plan and a module tree, if there are any."""

    def __init__(
        self,
        header: Header | None = None,
        plan: Plan | None = None,
        tree: Architecture | None = None,
        settings: Mapping[str, LayerSettings] | None = None,
    ) -> None:
        """Store what to compare; each result is computed on first use."""
        self.header = header
        self.plan = plan
        self.tree = tree
        self.settings = {} if settings is None else settings

    @property
    def _shapes(self) -> Mapping[str, Shape]:
        return self.header.shapes if self.header else {}

    @property
    def _table(self) -> NameTable:
        return self.header.table if self.header else NameTable({})

    @cached_property
    def _is_as_planned(self) -> bool:
        """Whether the file has exactly the planned tensors, like most adapters."""
        if self.plan is None or self.header is None:
            return False
        return self.plan.file is self.header or self.plan.shapes == self.header.shapes

    @cached_property
    def missing(self) -> dict[str, ExpectedTensor]:
        """Expected tensors that are not in the file; empty without a header."""
        if self.plan is None or self.header is None or self._is_as_planned:
            return {}
        found = self.header.shapes
        return {name: e for name, e in self.plan.tensors.items() if name not in found}

    @cached_property
    def mismatched(self) -> dict[str, ExpectedTensor]:
        """Expected tensors that have a different shape in the file, in file order."""
        if self.plan is None or self._is_as_planned:
            return {}
        plan, expected = self.plan, self.plan.shapes
        found = self._shapes.items()
        wrong = [n for n, shape in found if n in expected and expected[n] != shape]
        return {name: plan.tensors[name] for name in wrong}

    @cached_property
    def unplanned(self) -> tuple[str, ...]:
        """The tensors of the file that the plan does not expect."""
        if self.plan is None or self._is_as_planned:
            return ()
        return tuple(name for name in self._shapes if name not in self.plan.shapes)

    @cached_property
    def lost_paths(self) -> frozenset[str]:
        """The modules in names of adapter tensors that the tree does not have."""
        tree = self.tree
        if tree is None:
            return frozenset()
        unknown = self._table.module_paths.difference(tree.modules)
        return frozenset(
            path
            for path in unknown
            if tree.find(path) is None and tree.find(renamed(path, tree.renames)) is None
        )

    @cached_property
    def kinds(self) -> tuple[Pair, ...]:
        """One pair of factors for each kind (see `kinds_of`)."""
        if self.header and len(set(map(id, self.settings.values()))) <= 1:
            return self.header.kinds
        return kinds_of(self._table.pairs, self._shapes, self.rank_of)

    def rank_of(self, module: str) -> int | None:
        """Return the configured rank of a module; None if it is unknown."""
        given = self.settings.get(module)
        return given.rank if given else None
