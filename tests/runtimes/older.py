"""Adapters as older releases of PEFT write them, for engines that need such a release."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

from loracfg.config import CONFIG_NAME
from loracfg.config.history.field_table import SINCE
from loracfg.releases.release_reading import is_set, unknown_keys
from loracfg.testing.building.examples import build

NEEDED: Final = {"lmdeploy": "0.14.0"}
"""Engines that lose an adapter's config over a key which their release of PEFT does not know."""


def _written() -> list[str]:
    files, _ = build(())
    return list(json.loads(files.contents[CONFIG_NAME]))


LMDEPLOY: Final = tuple(
    f'config without "{key}"' for key in unknown_keys(_written(), NEEDED["lmdeploy"])
)
"""Lines of an example without the keys that lmdeploy's PEFT does not know."""


def as_needed(adapter: Path, engine: str) -> Path:
    """Return a copy of an adapter without idle keys that an engine's PEFT does not know.

    It is beside the adapter. An engine that can live with such keys gets the adapter itself.
    """
    release = NEEDED.get(engine.partition("==")[0])
    if release is None:
        return adapter
    folder = adapter.with_name(f"{adapter.name}-{release}")
    if folder.exists():
        return folder
    shutil.copytree(adapter, folder)
    config = folder / CONFIG_NAME
    values = json.loads(config.read_text("utf-8"))
    idle = unknown_keys([k for k, v in values.items() if k in SINCE and not is_set(k, v)], release)
    config.write_text(json.dumps({k: v for k, v in values.items() if k not in idle}), "utf-8")
    return folder
