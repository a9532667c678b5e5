"""The sizes of buffers that vLLM was seen to allocate, as `drawn.py --record` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from loracfg.serving.deployment.deployment import Deployment
from loracfg.serving.deployment.server_memory import Dtype
from tests.serving.deployment.draws import Draw
from tests.serving.deployment.observing import RELEASE

_FILE: Final = Path(__file__).with_name("observed.jsonl")


class Size(NamedTuple):
    """The bytes on one device that a release allocates for the base and settings of a draw."""

    seed: int
    number: int
    release: str
    model_type: str
    values: dict[str, Any]
    settings: dict[str, Any]
    devices: int
    dtype: Dtype
    size: int

    @classmethod
    def of(cls, one: Draw, plan: Deployment, size: int) -> Size:
        """Return what was seen for a plan."""
        settings = dict(plan.settings)
        devices, dtype = one.hardware
        return cls(
            one.seed,
            one.number,
            RELEASE,
            one.model_type,
            one.values,
            settings,
            devices,
            dtype,
            size,
        )


def record(sizes: list[Size]) -> None:
    """Write sizes down, in place of those of the same draws."""
    found = {(one.seed, one.number): one for one in (*recorded(), *sizes)}
    lines = (json.dumps(one._asdict(), sort_keys=True) for _, one in sorted(found.items()))
    _FILE.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def recorded() -> list[Size]:
    """Return the sizes that were written down."""
    if not _FILE.exists():
        return []
    return [Size(**json.loads(line)) for line in _FILE.read_text("utf-8").splitlines()]
