"""vLLM: its real model and LoRA manager on a CPU, without the extension in C.

What is compared is the factors in the buffers of its layers, scaled as it scales them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.oracles.child import Found, Inputs, Load, answer

os.environ["VLLM_TARGET_DEVICE"] = "cpu"


def prepare(base: Path, inputs: Inputs) -> Load:
    """Return what loads an adapter into the engine's model; `inputs` are not run."""
    from vllm.lora.request import LoRARequest

    worker, _ = worker_of(base)
    manager = worker._adapter_manager

    def load(adapter: Path) -> Found:
        worker.remove_all_adapters()
        worker.add_adapter(LoRARequest("adapter", 1, str(adapter)))
        return {
            f"delta.{name}.weight": delta
            for path, layer in manager.modules.items()
            for name, delta in _deltas(path, layer, manager.packed_modules_mapping)
            if delta.any()
        }

    return load


def worker_of(base: Path, **arguments: Any) -> tuple[Any, Any]:
    """Return the part of a worker that loads adapters, with a base's model, and its config.

    Args:
        base: the folder of the base.
        arguments: more arguments of the engine.
    """
    import torch
    from vllm.config import set_current_vllm_config
    from vllm.distributed import init_distributed_environment, initialize_model_parallel
    from vllm.engine.arg_utils import EngineArgs
    from vllm.lora.worker_manager import LRUCacheWorkerLoRAManager
    from vllm.model_executor.model_loader import get_model
    from vllm.utils.network_utils import get_open_port, get_tcp_uri

    torch.accelerator.empty_cache = lambda: None  # raises where there is no accelerator
    config = EngineArgs(
        str(base),
        dtype="float32",
        enable_lora=True,
        enforce_eager=True,
        max_model_len=64,
        skip_tokenizer_init=True,
        **arguments,
    ).create_engine_config()
    with set_current_vllm_config(config):
        address = get_tcp_uri("127.0.0.1", get_open_port())
        init_distributed_environment(1, 0, address, 0, "gloo")
        initialize_model_parallel(1)
        model = get_model(vllm_config=config)
        worker = LRUCacheWorkerLoRAManager(config, torch.device("cpu"), model.embedding_modules)
        worker.create_lora_manager(model, config)
    return worker, config


def _deltas(path: str, layer: Any, packed: dict[str, list[str]]) -> Iterator[tuple[str, Any]]:
    """Yield the change of each weight that a layer stands for, `(outputs, inputs)`."""
    if isinstance(layer.lora_a_stacked, list):
        # Those of experts are refused, so all that is to be seen is that these are zero.
        yield from ((f"{path}.{n}", factor) for n, factor in enumerate(layer.lora_b_stacked))
    elif isinstance(layer.lora_a_stacked, tuple):
        parent, _, leaf = path.rpartition(".")
        parts = packed.get(leaf, [leaf])
        for part, a, b in zip(parts, layer.lora_a_stacked, layer.lora_b_stacked, strict=True):
            yield f"{parent}.{part}", b[0, 0] @ a[0, 0]
    elif layer.lora_a_stacked.dim() == 3:  # an embedding
        yield path, layer.lora_a_stacked[0] @ layer.lora_b_stacked[0, 0].T
    else:
        yield path, layer.lora_b_stacked[0, 0] @ layer.lora_a_stacked[0, 0]


if __name__ == "__main__":
    answer(prepare)
