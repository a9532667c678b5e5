"""Run vLLM's model and LoRA manager on a CPU; the interpreter has vLLM, and nothing of ours.

The model is built twice: one takes adapters, the other loads the base, and the base with the
adapter merged in by PEFT. How its weights change there is what the factors in the buffers of the
first one should come to.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

os.environ["VLLM_TARGET_DEVICE"] = "cpu"
os.environ["VLLM_LOGGING_LEVEL"] = "ERROR"
os.environ["HF_HUB_OFFLINE"] = "1"
_HEAD = "lm_head.weight"


class Engine:
    """The engine with one base."""

    def __init__(self, config: Any) -> None:
        """Build both models."""
        import torch
        from safetensors.torch import load_file
        from vllm.config import set_current_vllm_config
        from vllm.lora.worker_manager import LRUCacheWorkerLoRAManager
        from vllm.model_executor.model_loader import get_model
        from vllm.model_executor.model_loader.utils import initialize_model

        with set_current_vllm_config(config):
            model = get_model(vllm_config=config)
            self.worker = LRUCacheWorkerLoRAManager(
                config, torch.device("cpu"), getattr(model, "embedding_modules", {})
            )
            self.worker.create_lora_manager(model, config)
        base = config.model_config.model
        self.config = config_of(base)  # one for each model, which keeps its layers there
        with set_current_vllm_config(self.config):
            self.plain = initialize_model(vllm_config=self.config)
        self.saved = load_file(f"{base}/model.safetensors")
        self.before = self._weights(self.saved)

    def _weights(self, saved: dict[str, Any]) -> dict[str, Any]:
        """Return the weights of the plain model after it loaded a checkpoint."""
        from vllm.config import set_current_vllm_config

        with set_current_vllm_config(self.config):
            self.plain.load_weights(iter(saved.items()))
        return {name: value.detach().clone() for name, value in self.plain.named_parameters()}

    def serve(self, adapter: str) -> tuple[str, str]:
        """Return what the engine does with an adapter, and why."""
        from safetensors.torch import load_file
        from vllm.lora.request import LoRARequest

        self.worker.remove_all_adapters()
        try:
            self.worker.add_adapter(LoRARequest("adapter", 1, adapter))
        except Exception as error:  # whatever it raises is an answer
            return "raises", shown(error)
        merged = load_file(f"{adapter}/merged/model.safetensors")
        is_tied = _HEAD not in self.saved  # some classes take no head then
        after = self._weights({n: w for n, w in merged.items() if n != _HEAD or not is_tied})
        wanted = {name: after[name] - before for name, before in self.before.items()}
        wanted = {name: delta for name, delta in wanted.items() if delta.any()}
        if _HEAD in merged:
            old = self._embedding(merged[_HEAD].shape) if is_tied else self.saved[_HEAD]
            wanted.pop(_HEAD, None)
            if (delta := merged[_HEAD] - old).any():
                wanted[_HEAD] = delta
        return compare(wanted, dict(self.applied()))

    def _embedding(self, shape: Any) -> Any:
        """Return the weight that a tied head of a shape shares."""
        embeddings = (v for n, v in self.saved.items() if "embed" in n or n.endswith("wte.weight"))
        return next(one for one in embeddings if one.shape == shape)

    def applied(self) -> Iterator[tuple[str, Any]]:
        """Yield the change of each weight that the factors in the buffers make."""
        for path, layer in self.worker._adapter_manager.modules.items():
            for name, delta in deltas(path, layer):
                if delta.any():
                    yield name, delta


def deltas(path: str, layer: Any) -> Iterator[tuple[str, Any]]:
    """Yield the change of each weight of a layer."""
    import torch

    if hasattr(layer, "w13_lora_a_stacked"):
        pairs = zip(layer.w13_lora_a_stacked, layer.w13_lora_b_stacked, strict=True)
        up = torch.cat([b[0] @ a[0] for a, b in pairs], dim=-2)
        yield f"{path}.w13_weight", up
        yield f"{path}.w2_weight", layer.w2_lora_b_stacked[0][0] @ layer.w2_lora_a_stacked[0][0]
    elif isinstance(layer.lora_a_stacked, tuple):
        pairs = zip(layer.lora_a_stacked, layer.lora_b_stacked, strict=True)
        yield f"{path}.weight", torch.cat([b[0, 0] @ a[0, 0] for a, b in pairs])
    elif layer.lora_a_stacked.dim() == 3:  # an embedding
        yield f"{path}.weight", layer.lora_a_stacked[0] @ layer.lora_b_stacked[0, 0].T
    else:
        yield f"{path}.weight", layer.lora_b_stacked[0, 0] @ layer.lora_a_stacked[0, 0]


def compare(wanted: dict[str, Any], found: dict[str, Any]) -> tuple[str, str]:
    """Compare the changes of weights that are wanted with those that are made."""
    import torch

    wanted = {n.replace(".routed_experts.", "."): delta for n, delta in wanted.items()}
    wrong = sorted(wanted.keys() ^ found.keys())
    if wrong:
        return "differs", f"changes only on one side: {wrong[:3]} of {len(wrong)}"
    for name, delta in wanted.items():
        own = found[name]
        if any(own.shape[i] > n for i, n in enumerate(delta.shape)):
            own = own[tuple(slice(n) for n in delta.shape)]
        delta = delta[tuple(slice(n) for n in own.shape)]  # the vocabulary is padded
        if not torch.allclose(own, delta, rtol=1e-3, atol=1e-5):
            return "differs", f"another change of {name}"
    return "loads", f"{len(wanted)} weights"


def config_of(base: str) -> Any:
    """Return the engine's config for a base."""
    from vllm.engine.arg_utils import EngineArgs

    return EngineArgs(
        base,
        dtype="float32",
        enable_lora=True,
        enforce_eager=True,
        max_model_len=48,
        skip_tokenizer_init=True,
    ).create_engine_config()


def shown(error: Exception) -> str:
    """Return an error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:400]


def begin(bases: list[str]) -> None:
    """Set the engine up, with a base that has experts if there is one."""
    import torch
    from vllm.config import set_current_vllm_config
    from vllm.distributed import init_distributed_environment, initialize_model_parallel
    from vllm.model_executor.models import registry
    from vllm.utils.network_utils import get_open_port, get_tcp_uri

    torch.accelerator.empty_cache = lambda: None  # raises where there is no accelerator
    torch.cpu._is_amx_tile_supported = lambda: False  # the wheel has no operators for it
    registry._run_in_subprocess = lambda function: function()  # which takes long
    for base in sorted(bases, key=lambda one: "mixtral" not in one):
        try:
            config = config_of(base)
        except Exception:  # noqa: S112, it does not take LoRA
            continue
        with set_current_vllm_config(config):
            address = get_tcp_uri("127.0.0.1", get_open_port())
            init_distributed_environment(1, 0, address, 0, "gloo")
            initialize_model_parallel(1)
        return


def start(base: str) -> Engine | tuple[str, str]:
    """Return the engine with a base; the answer where it refuses it with LoRA enabled."""
    try:
        config = config_of(base)
    except Exception as error:  # whatever it raises is an answer, but where imports fail here
        why = shown(error)
        return "unsettled" if "failed to be inspected" in why else "raises", why
    try:
        return Engine(config)
    except Exception as error:  # what it has no operator for on a CPU, for instance
        return "unsettled", shown(error)


def main() -> None:
    """Answer for each job on the input."""
    jobs = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    begin(list(dict.fromkeys(job["base"] for job in jobs)))
    engine: Engine | tuple[str, str] = ("unsettled", "")
    base = ""
    for number, job in sorted(enumerate(jobs), key=lambda one: one[1]["base"]):
        if job["base"] != base:
            base = job["base"]
            engine = start(base)
        try:
            answer = engine if isinstance(engine, tuple) else engine.serve(job["adapter"])
        except Exception as error:  # the comparison failed
            answer = ("unsettled", shown(error))
        print(json.dumps([number, answer[0], "run", answer[1]]), file=answers, flush=True)


if __name__ == "__main__":
    main()
