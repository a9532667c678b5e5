"""Build what inference engines see of an adapter on its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.adapter.directory import Adapter
from loracfg.analysis.planning import Planning
from loracfg.base.architecture import Architecture
from loracfg.base.search import ResolvedBase
from loracfg.planning.experts import unstacked

if TYPE_CHECKING:
    from loracfg.cache import Cache
    from loracfg.runtimes.served import ServedAdapter


def served_adapter(
    adapter: Adapter,
    planning: Planning,
    resolved: ResolvedBase,
    kept: Cache[Architecture] | None = None,
) -> ServedAdapter:
    """Return an adapter as engines see it, on the base of its planning."""
    from loracfg.base.catalogue.work import Work
    from loracfg.base.named_classes import classes_of, tree_of
    from loracfg.runtimes.served import ServedAdapter

    names = classes_of(resolved, adapter.config.task_type if adapter.config else None)
    work = Work(tree_cache=kept)
    built = {name: tree for name in names if (tree := tree_of(resolved, name, work))}
    if planning.unstacked:
        built = {name: unstacked(tree) for name, tree in built.items()}
    return ServedAdapter(
        adapter,
        planning.settings,
        planning.selection,
        planning.base,
        resolved.certain,
        built,
        names,
    )
