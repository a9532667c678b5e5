"""Build vLLM's LoRA manager on a CPU, and tell what it allocates; nothing of ours is needed.

The model, the manager and its layers are vLLM's own. Where the weights are split over several
devices, this process is the first of them: the group of processes is torch's `fake` one, which
never communicates, since buffers are allocated without it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ["VLLM_TARGET_DEVICE"] = "cpu"
os.environ["VLLM_LOGGING_LEVEL"] = "ERROR"
os.environ["HF_HUB_OFFLINE"] = "1"


def prepare() -> None:
    """Replace what needs an accelerator, or other processes."""
    import torch
    from torch.testing._internal.distributed.fake_pg import FakeStore
    from vllm.distributed import parallel_state
    from vllm.distributed.device_communicators.shm_broadcast import MessageQueue
    from vllm.model_executor.models import registry

    MessageQueue.create_from_process_group = lambda *_, **__: None  # would wait for the others
    parallel_state.in_the_same_node_as = lambda *_, **__: [True]
    torch.accelerator.empty_cache = lambda: None  # raises where there is no accelerator
    torch.cpu._is_amx_tile_supported = lambda: False  # the wheel has no operators for it
    registry._run_in_subprocess = lambda function: function()  # which takes long
    distributed: Any = torch.distributed
    new_group = distributed.new_group
    distributed.new_group = lambda *args, **named: new_group(*args, **{**named, "backend": "fake"})
    init = distributed.init_process_group

    def begin(**named: Any) -> None:
        init(backend="fake", rank=named["rank"], world_size=named["world_size"], store=FakeStore())

    distributed.init_process_group = begin


def config_of(base: str, settings: dict[str, Any]) -> Any:
    """Return the engine's config for a base and settings of LoRA.

    Raises whatever the engine's own checks raise.
    """
    import torch
    from vllm.config.lora import LoRAConfig
    from vllm.engine.arg_utils import EngineArgs

    named = dict(settings)
    size, dtype = named.pop("tensor_parallel_size"), named.pop("dtype")
    arguments = EngineArgs(
        base,
        dtype=dtype,
        enforce_eager=True,
        max_model_len=48,
        skip_tokenizer_init=True,
        enable_lora=True,
    )
    config = arguments.create_engine_config()
    config.parallel_config.tensor_parallel_size = size
    config.parallel_config.world_size = size
    config.parallel_config.disable_custom_all_reduce = True
    config.lora_config = LoRAConfig(**named)
    config.lora_config.verify_with_model_config(config.model_config)
    assert isinstance(config.lora_config.lora_dtype, torch.dtype)
    return config


def begin(size: int) -> None:
    """Make this process the first of several; experts have a group of their own."""
    from vllm.distributed import (
        destroy_distributed_environment,
        destroy_model_parallel,
        init_distributed_environment,
        initialize_model_parallel,
    )

    destroy_model_parallel()
    destroy_distributed_environment()
    init_distributed_environment(size, 0, "tcp://127.0.0.1:1", 0, "gloo")
    initialize_model_parallel(size)


def model_of(config: Any) -> Any:
    """Return the engine's model for a config."""
    from vllm.config import set_current_vllm_config
    from vllm.model_executor.layers.fused_moe.routed_experts import RoutedExperts
    from vllm.model_executor.model_loader.utils import initialize_model
    from vllm.utils.torch_utils import set_default_torch_dtype

    with set_current_vllm_config(config):
        begin(config.parallel_config.tensor_parallel_size)
        with set_default_torch_dtype(config.model_config.dtype):
            model = initialize_model(vllm_config=config)
            for module in model.modules():
                if isinstance(module, RoutedExperts):  # chooses their kernel; others need none
                    module.quant_method.process_weights_after_loading(module)
    return model


def worker_of(model: Any, config: Any) -> Any:
    """Return the engine's LoRA worker for a model, with its manager."""
    import torch
    from vllm.config import set_current_vllm_config
    from vllm.lora.worker_manager import LRUCacheWorkerLoRAManager

    device = torch.device("cpu")
    with set_current_vllm_config(config):
        worker = LRUCacheWorkerLoRAManager(config, device, getattr(model, "embedding_modules", {}))
        worker.create_lora_manager(model, config)
    return worker


def layers_of(worker: Any) -> list[list[Any]]:
    """Return each layer with buffers: its path, its class, and each buffer with shape and bytes."""
    found = []
    for path, layer in worker._adapter_manager.modules.items():
        found.append([path, type(layer).__name__, buffers_of(layer)])
    return found


def buffers_of(layer: Any) -> list[list[Any]]:
    """Return the tensors that a layer allocates for adapters: name, shape, bytes."""
    import torch

    found, seen = [], set()
    for name, value in vars(layer).items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(one, torch.Tensor):
                continue
            storage = one.untyped_storage()
            if storage.data_ptr() not in seen or not storage.nbytes():
                seen.add(storage.data_ptr())
                found.append([name, list(one.shape), storage.nbytes()])
    return found


def shown(error: BaseException) -> str:
    """Return an error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:400]


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Return what the engine does with a base, settings and adapters.

    `refused` is the error of its own check of settings, `unmade` that of making the base, and
    `failed` that of making the manager. Otherwise, there are the `layers` with buffers. For each
    adapter, there is an error or nothing, and the `lost` modules that no layer with buffers has;
    then the error of keeping all that it took in the memory of the `host`, and that of a `batch`
    with them.
    """
    try:
        config = config_of(job["base"], job["settings"])
    except Exception as error:  # whatever it raises is an answer
        return {"refused": shown(error)}
    try:
        model = model_of(config)
    except Exception as error:
        return {"unmade": shown(error)}
    try:
        worker = worker_of(model, config)
    except Exception as error:
        return {"failed": shown(error)}
    return {"layers": layers_of(worker), **serve(worker, job["adapters"])}


def serve(worker: Any, adapters: list[list[Any]]) -> dict[str, Any]:
    """Have the engine load adapters, and then serve all that it took in one batch."""
    from vllm.lora.model_manager import LoRAModelManager
    from vllm.lora.request import LoRARequest

    taken: dict[Any, Any] = {}
    errors, host = list[str](), ""
    lost: list[list[str]] = []
    manager = worker._adapter_manager
    for number, (path, is_stacked) in enumerate(adapters, 1):
        request = LoRARequest(f"a{number}", number, path, is_3d_lora_weight=is_stacked)
        try:
            lora = worker._load_adapter(request)
            manager._add_adapter(lora)
            manager.activate_adapter(number)
            manager.remove_all_adapters()
        except Exception as error:
            errors.append(shown(error))
            lost.append([])
            continue
        errors.append("")
        lost.append(sorted(name for name in lora.loras if name not in manager.modules))
        taken[request] = lora
    try:
        for lora in taken.values():
            LoRAModelManager.add_adapter(manager, lora)  # that of its subclass drops others
    except Exception as error:
        host = shown(error)
    worker.remove_all_adapters()
    batch = ""
    try:
        worker._apply_adapters(set(taken))
    except Exception as error:
        batch = shown(error)
    return {"errors": errors, "lost": lost, "host": host, "batch": batch}


def main() -> None:
    """Answer each line of the input with a line."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    prepare()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
