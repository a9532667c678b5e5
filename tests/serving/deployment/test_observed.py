"""The bytes of buffers are those that vLLM was seen to allocate.

`python -m tests.serving.deployment.drawn --record` wrote them down.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.server_limits import Value
from loracfg.serving.deployment.server_memory import BufferMemory, Hardware, base_for, memory_of
from tests.serving.deployment.sizes import Size, recorded

SIZES = recorded()


def memory_for(one: Size, folder: Path) -> BufferMemory:
    """Return the memory that is planned for a recorded base and settings."""
    from tests.serving.deployment.draws import write_base

    write_base(one.model_type, one.values, folder)
    resolved = resolve_base(BaseRequest(named=str(folder)))
    runtime = find_runtime(f"vllm=={one.release}")
    tree, server = resolved.architecture, runtime.profile.server
    assert tree is not None
    assert server is not None
    base = base_for(tree, resolved.saved_as[0], resolved.config, runtime)
    settings: dict[str, Value] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in one.settings.items()
    }
    return memory_of(base, runtime, server, settings, Hardware(one.devices, one.dtype))


def test_sizes_are_of_many_sets() -> None:
    types = Counter(one.model_type for one in SIZES)
    assert len(SIZES) >= 200
    assert len(types) >= 38
    assert {one.devices for one in SIZES} == {1, 2, 4}
    assert any(one.settings.get("fully_sharded_loras") for one in SIZES)
    assert any(one.settings.get("enable_moe_shared_loras") for one in SIZES)
    assert any(one.settings.get("enable_mixed_moe_lora_format") for one in SIZES)


@pytest.mark.parametrize("model_type", sorted({one.model_type for one in SIZES}))
def test_bytes_are_those_of_the_engine(model_type: str, tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="it writes the configs of the bases")
    for number, one in enumerate(SIZES):
        if one.model_type == model_type:
            memory = memory_for(one, tmp_path / f"{number}")
            assert memory.device == one.size, one


def test_one_less_takes_less(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="it writes the configs of the bases")
    one = next(one for one in SIZES if len(one.settings["lora_target_modules"]) > 1)
    targets, rank = one.settings["lora_target_modules"], one.settings["max_lora_rank"]
    smaller = {"lora_target_modules": targets[1:], "max_lora_rank": rank // 2, "max_loras": 0}
    for name, value in smaller.items():
        less = one._replace(settings=one.settings | {name: value})
        assert memory_for(less, tmp_path / name).device < one.size
