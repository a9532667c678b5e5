"""SGLang: its real model, LoRA manager and memory pool on a CPU, without `sgl_kernel`.

What is compared is the factors in the buffers of its first batch, scaled as it scales them.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from tests.oracles.child import Found, Inputs, Load, answer

PARTS: Final = {
    "qkv_proj": ("q_proj", "k_proj", "v_proj"),
    "gate_up_proj": ("gate_proj", "up_proj"),
    "o_proj": ("o_proj",),
    "down_proj": ("down_proj",),
}
"""What each layer of the engine's model stands for, in the order of its outputs."""


def prepare(base: Path, inputs: Inputs) -> Load:
    """Return what loads an adapter into the memory pool; `inputs` are not run."""
    _make_up_for_missing_gpu()
    from sglang.srt.lora.lora_registry import LoRARef

    manager = _manager(base)

    def load(adapter: Path) -> Found:
        reference = LoRARef(lora_name=adapter.name, lora_path=str(adapter), pinned=False)
        result = manager.load_lora_adapter(reference)
        if not result.success:
            raise RuntimeError(result.error_message)
        manager.memory_pool._clear_buffer_slot_for_base(0)
        manager.fetch_new_loras({reference.lora_id})
        scaling = manager.loras[reference.lora_id].scaling
        return {
            f"delta.{name}.weight": scaling * delta
            for name, delta in _deltas(manager, manager.configs[reference.lora_id].r)
            if delta.any()
        }

    return load


def _make_up_for_missing_gpu() -> None:
    """Pin no memory, and have a function for positions that is imported, but never called here."""
    import torch

    tensor = torch.tensor
    torch.tensor = lambda *given, pin_memory=False, **options: tensor(*given, **options)
    torch.Tensor.pin_memory = lambda tensor, *given: tensor  # type: ignore[method-assign]
    operations: Any = types.ModuleType("vllm._custom_ops")
    operations.rotary_embedding = None
    sys.modules |= {"vllm": types.ModuleType("vllm"), "vllm._custom_ops": operations}


def _manager(base: Path) -> Any:
    import torch
    from sglang.srt.configs.device_config import DeviceConfig
    from sglang.srt.configs.load_config import LoadConfig
    from sglang.srt.configs.model_config import ModelConfig
    from sglang.srt.distributed import parallel_state
    from sglang.srt.layers.dp_attention import initialize_dp_attention
    from sglang.srt.layers.moe import initialize_moe_config
    from sglang.srt.lora.lora_manager import LoRAManager
    from sglang.srt.model_loader import get_model
    from sglang.srt.runtime_context import SpawnRanks, publish
    from sglang.srt.server_args import ServerArgs
    from sglang.srt.utils.network import get_open_port

    arguments = ServerArgs(
        model_path=str(base),
        device="cpu",
        dtype="float32",
        attention_backend="torch_native",
        disable_cuda_graph=True,
        skip_tokenizer_init=True,
        enable_lora=True,
        lora_backend="torch_native",
        lora_target_modules=[*chain(*PARTS.values()), "embed_tokens", "lm_head"],
        max_lora_rank=64,
        max_loras_per_batch=1,
    )
    publish(arguments, role="scheduler", ranks=SpawnRanks(world_rank=0))
    initialize_moe_config()
    address = f"tcp://127.0.0.1:{get_open_port()}"
    parallel_state.init_distributed_environment(
        backend="gloo", world_size=1, rank=0, local_rank=0, distributed_init_method=address
    )
    parallel_state.initialize_model_parallel()
    initialize_dp_attention(arguments)
    config, loading = ModelConfig(model_path=str(base), dtype="float32"), LoadConfig()
    model = get_model(model_config=config, load_config=loading, device_config=DeviceConfig("cpu"))
    return LoRAManager(
        base_model=model,
        base_hf_config=config.hf_config,
        max_loras_per_batch=arguments.max_loras_per_batch,
        load_config=loading,
        dtype=torch.float32,
        server_args=arguments,
        lora_backend=arguments.lora_backend,
        max_lora_rank=arguments.max_lora_rank,
        target_modules=arguments.lora_target_modules,
    )


def _deltas(manager: Any, rank: int) -> Iterator[tuple[str, Any]]:
    """Yield the product of the factors of each weight that the pool has a place for."""
    pool = manager.memory_pool
    for number, layers in enumerate(manager.lora_modules):
        for path, layer in layers.items():
            parent, _, leaf = path.rpartition(".")
            if leaf == "experts":
                continue  # theirs are below
            a, b = pool.A_buffer[leaf][number][0], pool.B_buffer[leaf][number][0]
            offsets = layer.output_offset.tolist()
            for index, part in enumerate(PARTS[leaf]):
                rows = b[offsets[index] : offsets[index + 1], :rank]
                yield f"{parent}.{part}", rows @ a[index * rank : (index + 1) * rank]
    for name in (name for name in pool.B_buffer if name.endswith("_moe")):
        # Those of experts are refused, so all that is to be seen is that these are zero.
        yield from ((f"{number}.{name}", b[0]) for number, b in enumerate(pool.B_buffer[name]))
    a, b = pool.embedding_A_buffer["embed_tokens"][0], pool.embedding_B_buffer["embed_tokens"][0]
    yield "model.embed_tokens", (b[:, :rank] @ a[:rank]).T
    a, b = pool.lm_head_A_buffer["lm_head"][0], pool.lm_head_B_buffer["lm_head"][0]
    yield "lm_head", b[:, :rank] @ a[:rank]


if __name__ == "__main__":
    answer(prepare)
