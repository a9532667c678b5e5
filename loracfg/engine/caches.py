"""The caches of an engine: bounded, and keyed by content."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from loracfg.adapter.directory import Adapter, ConfigFile, FileCaches
from loracfg.adapter.header.tensor import Header
from loracfg.analysis.planning import Planning, plan_adapter
from loracfg.base.architecture import Architecture
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, ResolvedBase
from loracfg.cache import Cache
from loracfg.config import CONFIG_NAME
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.planning.patterns import PatternBudget, PatternTimeoutError
from loracfg.releases.loading import loads_in
from loracfg.releases.outcome import Outcome
from loracfg.report.report import AdapterReport, NotChecked

_MAX_MODULES = 5_000
"""Bases with more modules, and plannings for them, are not cached."""
_MAX_CONFIG_BYTES: Final = 65_536
"""Plannings of larger configs are not cached."""
_MAX_METADATA: Final = 65_536
"""The most characters in the metadata of weights whose planning is cached."""
_CONFIG_BYTES: Final = 131_072
"""Bytes of all cached configs; what is read from them may take a hundred times as much."""
_HEADER_BYTES: Final = 1_048_576
"""Bytes of all cached headers."""


@dataclass(eq=False, repr=False)
class CachedPlanning:
    """A planning with its inputs, and results that adapters with the same inputs share.

    Attributes:
        planning: the plan, and what else follows from the inputs.
        parts: the inputs. They are kept alive because the cache identifies them by id.
        outcomes: what releases of PEFT do, by weight file and writer.
        reports: reports on adapters, by their other files and the options.
    """

    planning: Planning
    parts: tuple[ConfigReading | None, Header | None, Architecture | None]
    outcomes: dict[tuple[str | None, str], dict[str, Outcome]] = field(default_factory=dict)
    reports: Cache[AdapterReport] = field(default_factory=lambda: Cache(4))

    def outcomes_of(
        self, adapter: Adapter, writer: str, budget: PatternBudget
    ) -> tuple[dict[str, Outcome], list[NotChecked]]:
        """Return what each release does with the adapter if the release `writer` wrote it.

        If the patterns cannot be matched, the outcomes are empty and the second part says so.
        """
        key = adapter.weights, writer
        if key not in self.outcomes:
            try:
                found = loads_in(adapter, writer, budget, self.planning.compared.tree)
            except (PatternTimeoutError, re.error):
                why = "the patterns cannot be matched"
                return {}, [NotChecked("which releases load it", why)]
            self.outcomes[key] = found
        return self.outcomes[key], []


class Caches:
    """The caches of an engine; engines may share them.

    The same bytes give the same object, so later steps can compare objects by id.

    Attributes:
        files: config files and headers, by their bytes.
        trees: module trees from the catalogue, by config and class.
    """

    def __init__(self, *, keeps_bases: bool = False, max_modules: int | None = None) -> None:
        """Create empty caches.

        Args:
            keeps_bases: whether a base that was found is not read again for other adapters. What
                has changed on disk or on the Hub since is then not seen.
            max_modules: a base with more modules counts as one whose modules are unknown.
        """
        configs = Cache[ConfigFile](32, _CONFIG_BYTES, len)
        self.files = FileCaches(configs, Cache[Header](16, _HEADER_BYTES, lambda key: len(key[0])))
        self.trees = Cache[Architecture](64)
        self._plannings = Cache[CachedPlanning](8)
        self._bases = Cache[ResolvedBase](64) if keeps_bases else None
        self._max_modules = max_modules

    def base_for(self, request: BaseRequest) -> ResolvedBase:
        """Return the base that is requested, from the cache if possible."""
        if self._bases is None or request.given is not None:
            return self._found(request)
        kept = self._bases.find(request)
        if kept is not None:
            return kept
        found = self._found(request)
        tree = found.architecture
        is_small = tree is not None and len(tree.modules) <= _MAX_MODULES
        return self._bases.add(request, found) if is_small else found

    def _found(self, request: BaseRequest) -> ResolvedBase:
        found = resolve_base(request, tree_cache=self.trees)
        count = len(found.architecture.modules) if found.architecture else 0
        if self._max_modules is None or count <= self._max_modules:
            return found
        why = f"the base has {count} modules, more than the limit of {self._max_modules}"
        return found._replace(architecture=None, certain=False, name=None, not_checked=(why,))

    def planning_for(
        self, adapter: Adapter, base: Architecture | None, budget: PatternBudget
    ) -> CachedPlanning:
        """Return the planning of an adapter on a base, from the cache if possible."""
        parts = adapter.reading, adapter.header, base
        key = tuple(map(id, parts))
        kept = self._plannings.find(key)
        if kept is not None:
            return kept
        made = CachedPlanning(plan_adapter(adapter, base, budget), parts)
        is_small = _is_small(adapter) and (base is None or len(base.modules) <= _MAX_MODULES)
        return self._plannings.add(key, made) if is_small and made.planning.in_time else made


def _is_small(adapter: Adapter) -> bool:
    """Return whether a planning may keep what was read of an adapter."""
    metadata = adapter.header.metadata if adapter.header else {}
    return (
        adapter.table.is_small
        and adapter.files.get(CONFIG_NAME, 0) <= _MAX_CONFIG_BYTES
        and sum(map(len, (*metadata, *metadata.values()))) <= _MAX_METADATA
    )
