"""What caches keep of requests that have ended is bounded in bytes, not only in number."""

from __future__ import annotations

import gc
import json
import tracemalloc
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from tests.api import asgi

pytestmark = pytest.mark.slow

KEPT = 24 * 2**20


def config(number: int, **more: Any) -> str:
    """Return the text of one of many different configs."""
    return json.dumps(
        {"peft_type": "LORA", "target_modules": ["q"], "lora_alpha": number, **more},
        separators=(",", ":"),
    )


def weights() -> dict[str, Any]:
    """Return the weights of one layer."""
    header = {}
    for letter, start in (("A", 0), ("B", 128)):
        entry = {"dtype": "F16", "shape": [8, 8], "data_offsets": [start, start + 128]}
        header[f"base_model.model.q.lora_{letter}.weight"] = entry
    text = json.dumps(header).encode()
    head = len(text).to_bytes(8, "little") + text
    return {"head": b64encode(head).decode(), "size": len(head) + 256}


def long_config(number: int) -> dict[str, Any]:
    return {"config": config(number, x="y" * 4_000_000)}


def dense_config(number: int) -> dict[str, Any]:
    return {"config": config(number, x=[[]] * 20_000)}


def many_files(number: int) -> dict[str, Any]:
    files = {f"{number}-{index}-{'f' * 900}": 1 for index in range(9000)}
    return {"config": config(8), "weights": weights(), "files": files}


@pytest.mark.parametrize("body", [long_config, dense_config, many_files])
def test_a_worker_keeps_little_of_large_requests(body: Callable[[int], dict[str, Any]]) -> None:
    app = create_app(Settings(access_log=False))
    texts = (json.dumps(body(number)).encode() for number in range(12))
    asgi.post(app, "/validate", [json.dumps(long_config(0)).encode()])  # imports
    gc.collect()
    tracemalloc.start()
    try:
        for text in texts:
            for _ in range(3):
                assert asgi.post(app, "/validate", [text]).status == 200
        del text
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < KEPT
