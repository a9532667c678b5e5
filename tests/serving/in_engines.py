"""Runs an example of docs/serving.md in the environment of an engine, with the engine's own loader.

A job is JSON on stdin: `engine`, `example` (the code), `sound` and `broken` (what names adapters).
The answer is JSON on stdout: what the example returned or raised for each, as text.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def sglang(example: dict[str, Any]) -> Callable[[str], str]:
    """Load into the real LoRA manager, with the real model of the base."""
    from tests.oracles.sglang import prepare

    into_pool = prepare(Path("base"), {})

    def load_lora_adapter(lora_name: str, lora_path: str) -> str:
        return f"loaded {len(into_pool(Path(lora_path)))} weights of {lora_name}"

    engine = SimpleNamespace(load_lora_adapter=load_lora_adapter)
    load: Callable[[Any, str, str], str] = example["load"]
    return lambda folder: load(engine, "sql", folder)


def dynamo(example: dict[str, Any]) -> Callable[[str], str]:
    """Download with the real manager."""
    from dynamo.common.lora.manager import LoRAManager

    manager = LoRAManager(Path("downloaded"))
    return lambda uri: json.dumps(asyncio.run(example["download"](manager, uri)))


def ray(example: dict[str, Any]) -> Callable[[str], str]:
    """Download with the real loader, from S3."""
    from ray.llm._internal.common.utils.cloud_utils import LoraMirrorConfig

    loader = example["CheckedLoader"](lora_root="downloaded")

    def load(uri: str) -> str:
        name = f"base:{uri.rpartition('/')[2]}"
        mirror = LoraMirrorConfig(lora_model_id=name, bucket_uri=uri, max_total_tokens=None)
        found = asyncio.run(loader.load_model(name, mirror))
        return f"loaded {found.local_path}"

    return load


def main() -> None:
    """Answer the job on stdin."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # engines write to stdout
    job = json.load(sys.stdin)
    example: dict[str, Any] = {}
    exec(compile(job["example"], "docs/serving.md", "exec"), example)  # noqa: S102  # our own page
    load = {"sglang": sglang, "dynamo": dynamo, "ray": ray}[job["engine"]](example)
    found = {}
    for kind in ("sound", "broken"):
        try:
            found[kind] = load(job[kind])
        except Exception as error:
            found[kind] = f"{type(error).__name__}: {getattr(error, 'detail', error)}"
    answers.write(json.dumps(found))
    answers.close()


if __name__ == "__main__":
    main()
