"""The way from a path to a migration: read the adapter, and plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loracfg.config.history.releases import loading_release
from loracfg.releases.migration.migration import Migration, plan_migration
from loracfg.sources.source import open_source

if TYPE_CHECKING:
    from loracfg.plan.patterns import Budget


def migrate(
    path: str | Path, to: str, source: str | None = None, budget: Budget | None = None
) -> Migration:
    """Plan how the config of an adapter becomes one for the release `to`.

    Nothing is written. `source` is the release by whose rules the file is understood; without it,
    the file is dated.

    Raises:
        LoracfgError: if there is no adapter, a release does not exist, or the config cannot be
            understood.
    """
    adapter = open_source(path).read()
    target = loading_release(to)
    given = None if source is None else loading_release(source)
    return plan_migration(adapter, target, given, budget)
