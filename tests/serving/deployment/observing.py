"""Asks vLLM, in an environment of its own, what it does with a planned server."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

from loracfg.runtimes.server_limits import Value
from loracfg.serving.deployment.deployment import Deployment
from tests.environments import python_in
from tests.releases.wheels import cache_folder

RELEASE: Final = "0.33.0"
_ROOT: Final = Path(__file__).resolve().parents[3]
_NAMES: Final = {"lora_target_modules": "target_modules"}
"""Settings with another name in the engine's `LoRAConfig`."""


class Observed(NamedTuple):
    """What the engine does with a server: an error, or the bytes of its buffers and more.

    Attributes:
        refused: the error of its own checks of the settings, or empty.
        unmade: the error while it makes the base, or empty.
        failed: the error while it makes the buffers, or empty.
        buffers: the bytes of the buffers by layer.
        errors: what it raises for each adapter, or empty.
        lost: the modules of each adapter that it has factors for, but no layer with buffers.
        host: what it raises when it keeps all adapters that it took in the host, or empty.
        batch: what it raises for a batch with all of them, or empty.
    """

    refused: str = ""
    unmade: str = ""
    failed: str = ""
    buffers: Mapping[str, int] = {}
    errors: tuple[str, ...] = ()
    lost: tuple[tuple[str, ...], ...] = ()
    host: str = ""
    batch: str = ""

    @property
    def size(self) -> int:
        """The bytes of all buffers."""
        return sum(self.buffers.values())


class Vllm:
    """The engine, which answers one question after another."""

    def __enter__(self) -> Vllm:
        """Start it, or skip the calling test where it is not installed."""
        envs = os.environ.get("LORACFG_ORACLE_ENVS") or cache_folder("oracle-envs")
        python = python_in(Path(envs) / "vllm-0.33", "python -m tests.oracles --install vllm-0.33")
        self.process = subprocess.Popen(
            [python, Path(__file__).with_name("run_vllm.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": ""},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: object, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()

    def observe(
        self, plan: Deployment, adapters: Sequence[str], **changes: Value | None
    ) -> Observed:
        """Return what the engine does with some adapters and the settings of a plan.

        Args:
            plan: a plan.
            adapters: the adapters, by the names in the plan.
            changes: settings to change; None leaves one out.
        """
        stacked = {one.name for one in plan.shared if "is_3d_lora_weight" in one.requested}
        settings = {**plan.settings, **changes}
        named = {_NAMES.get(name, name): value for name, value in settings.items()}
        named.pop("enable_lora", None)
        job = {
            "base": plan.base,
            "settings": {name: value for name, value in named.items() if value is not None}
            | {"tensor_parallel_size": plan.devices, "dtype": plan.dtype},
            "adapters": [[path, path in stacked] for path in adapters],
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"vLLM ended before it answered for {job}")
        return _observed(json.loads(line))


def _observed(found: dict[str, Any]) -> Observed:
    if "layers" not in found:
        return Observed(**found)
    buffers = {path: sum(size for *_, size in some) for path, _, some in found["layers"]}
    lost = tuple(map(tuple, found["lost"]))
    errors = tuple(found["errors"])
    batch, host = found["batch"], found["host"]
    return Observed(buffers=buffers, errors=errors, lost=lost, host=host, batch=batch)
