"""The responses of the routes, other than reports."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict, Field

from loracfg.inspection.covered_modules import CoveredModule, State
from loracfg.releases.migration.migration import Migration


class ModuleCoverage(BaseModel):
    """A module of the base, and what the adapter has for it."""

    path: str
    state: State
    rank: int | None
    scaling: float | None


class AdapterModules(BaseModel):
    """The modules of one adapter's base."""

    path: str = Field(description="What the report calls the adapter.")
    modules: list[ModuleCoverage]


class Modules(BaseModel):
    """The modules of each adapter's base."""

    adapters: list[AdapterModules]


def text_of_modules(adapters: Mapping[str, Iterable[CoveredModule]]) -> str:
    """Return the JSON of `Modules`, without an object for each module."""
    listed = [{"path": path, "modules": [*map(_row, own)]} for path, own in adapters.items()]
    return json.dumps({"adapters": listed}, separators=(",", ":"))


def _row(module: CoveredModule) -> dict[str, object]:
    scaling = module.scaling
    is_finite = scaling is not None and math.isfinite(scaling)
    return {**module._asdict(), "scaling": scaling if is_finite else None}


class MigrationAnswer(BaseModel):
    """A migrated config, and what each change loses."""

    model_config = ConfigDict(populate_by_name=True)

    source: str = Field(alias="from", description="The release that the config was written for.")
    to: str
    steps: list[dict[str, object]]
    not_checked: list[str]
    config: str = Field(description="The new `adapter_config.json` as text.")

    @classmethod
    def of(cls, migration: Migration) -> MigrationAnswer:
        """Return the answer for a migration."""
        return cls.model_validate(migration.to_dict())
