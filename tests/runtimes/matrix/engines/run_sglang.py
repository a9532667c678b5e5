"""Starts SGLang with each adapter of the jobs on stdin, by an interpreter that has it installed.

The model, the LoRA manager, its memory pool and layers are the engine's own, with the backends in
plain torch. For bases whose layers are computed on a GPU only, the factors in the memory pool are
compared with those in the file.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import types
from array import array
from collections.abc import Callable, Iterator
from functools import partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, Final

TOKENS: Final = (1, 5, 9, 17, 33, 50, 71, 90)
PARTS: Final = {
    "qkv_proj": ("q_proj", "k_proj", "v_proj"),
    "gate_up_proj": ("gate_proj", "up_proj"),
    "in_proj_qkvz": ("in_proj_q", "in_proj_k", "in_proj_v", "in_proj_z"),
    "fused_qkv_a_proj_with_mqa": ("q_a_proj", "kv_a_proj_with_mqa"),
}
"""What fused layers of the engine stand for."""

FIRST: Final = (".lora_A.weight", ".lora_embedding_A")
SECOND: Final = (".lora_B.weight", ".lora_embedding_B")
REWRITTEN: Final = {"exaone4": {"sliding_window_pattern": "LLLG"}}
"""Keys that transformers 5 writes otherwise than published configs have them."""

ATTENTION: Final = {"exaone4": "triton", "gpt_oss": "triton"}
"""The backends of types that the engine starts with none in plain torch."""

UNABLE: Final = (
    "the Transformers implementation is not compatible",
    "for Transformers backend",
    "No module or parameter named",
    "'Mamba2Config' object has no attribute",
    "srt/models/gpt_j.py",  # with tied embeddings
)
"""What the engine says of bases that it cannot take anywhere."""


def main() -> None:
    """Answer the jobs: a line for each, with its number, the answer, how it was found, and why."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the engine writes to stdout
    jobs = list(enumerate(json.load(sys.stdin)))
    _make_up_for_missing_gpu()
    import sglang.srt.models.registry  # noqa: F401  # once for all bases

    _act_as_on_gpu()

    for base in sorted({job["base"] for _, job in jobs}):
        own = [(number, job) for number, job in jobs if job["base"] == base]
        _in_child(partial(_answer, base, own, answers))
    answers.close()


class NoKernelError(Exception):
    """A compiled kernel was called, which is not installed here."""


class _Kernels(types.ModuleType):
    """Stands for a module of compiled kernels, none of which can be called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*given: Any, **options: Any) -> None:
            raise NoKernelError(name)

        return call


class _Finder:
    """Finds the modules of `sgl_kernel` but for that which the engine can do without."""

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        is_kernel = name.partition(".")[0] == "sgl_kernel" and "scalar_type" not in name
        return ModuleSpec(name, self) if is_kernel else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        module = _Kernels(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def _make_up_for_missing_gpu() -> None:
    """Have the engine run on this machine: nothing here computes, and nothing is about adapters."""
    import torch

    os.environ["SGLANG_USE_CPU_ENGINE"] = "1"
    sys.meta_path.append(_Finder())
    kernels: Any = _Kernels("kernels")
    namespace: Any = torch._ops._OpNamespace
    usual = namespace.__getattr__
    namespace.__getattr__ = lambda self, name: (
        getattr(kernels, name)
        if self.name == "sgl_kernel" and name.endswith("_cpu")
        else usual(self, name)
    )
    for name in ("tensor", "empty", "zeros"):
        setattr(torch, name, _unpinned(getattr(torch, name)))
    torch.Tensor.pin_memory = lambda tensor, *given: tensor  # type: ignore[method-assign]
    torch.set_num_threads(1)


def _act_as_on_gpu() -> None:
    """Leave out what the engine does for the sake of a CPU alone."""
    from sglang.srt.layers.rotary_embedding import factory
    from sglang.srt.model_executor import model_runner

    model_runner.adjust_config_with_unaligned_cpu_tp = _without_padding
    factory.get_rope_cpu = lambda *given: factory.get_rope(*given[:8])


def _without_padding(config: Any, *given: Any) -> Any:
    for key in ("linear_num_key_heads", "linear_num_value_heads"):
        for one in (config.hf_config, config.hf_text_config):
            if hasattr(one, key):
                setattr(one, f"{key}_cpu", getattr(one, key))
    return config


def _unpinned(make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, pin_memory=False, **options: make(*given, **options)


def _in_child(work: Callable[[], None]) -> int:
    """Run work in a copy of this process, which a crash ends alone."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(0)
    return os.waitpid(child, 0)[1]


def _answer(base: str, jobs: list[tuple[int, dict[str, str]]], answers: Any) -> None:
    """Answer the jobs of a base."""

    def say(number: int, answer: str, why: str) -> None:
        answers.write(json.dumps([number, answer, "run", why]) + "\n")
        answers.flush()

    try:
        runner = _runner(base)
    except Exception as error:
        is_able = not any(one in _told(error) for one in UNABLE)
        for number, _ in jobs:
            say(number, "unsettled" if is_able else "raises", f"the base: {_told(error)}")
        return
    for number, job in jobs:

        def ask(number: int = number, job: dict[str, str] = job) -> None:
            try:
                say(number, *_found(runner, job["adapter"]))
            except Exception as error:
                say(number, "raises", _told(error))

        if _in_child(ask):
            say(number, "raises", "it crashes")


def _told(error: Exception) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/sglang/" in f.filename]
    where = [f"{f.filename.rpartition('/sglang/')[2]}:{f.lineno}" for f in frames[-1:]]
    return f"{type(error).__name__}: {error}"[:300] + " at ".join(["", *where])


def _runner(base: str) -> Any:
    """Return the runner of a base, without adapters."""
    from sglang.benchmark import one_batch
    from sglang.srt.configs.model_config import ModelConfig
    from sglang.srt.distributed import bootstrap
    from sglang.srt.model_executor.model_runner import ModelRunner
    from sglang.srt.runtime_context import SpawnRanks, get_device, publish, spawn_world_rank
    from sglang.srt.server_args import PortArgs, ServerArgs

    model_type = _rewrite_keys(Path(base, "config.json"))
    arguments = ServerArgs(
        model_path=base,
        device="cpu",
        dtype="float32",
        attention_backend=ATTENTION.get(model_type, "torch_native"),
        sampling_backend="pytorch",
        lora_backend="torch_native",
        enable_lora=True,
        max_lora_rank=64,
        lora_target_modules=["q_proj"],
        disable_radix_cache=True,
        skip_tokenizer_init=True,
        max_total_tokens=256,
        max_running_requests=4,
        mem_fraction_static=0.05,
    )
    port = PortArgs.init_new(arguments).nccl_port
    rank = spawn_world_rank(arguments, tp_rank=0, pp_rank=0)
    publish(arguments, role="scheduler", ranks=SpawnRanks(world_rank=rank, gpu_id=0))
    one_batch._init_process_global_configs()
    config = ModelConfig.from_server_args(arguments)
    bootstrap.init_parallel_runtime(
        server_args=arguments, device=get_device().device, dist_port=port
    )
    bootstrap.init_layer_runtime(model_config=config)
    ModelRunner.init_lora_manager = lambda runner: None  # each adapter has one of its own
    runner = ModelRunner(
        model_config=config,
        mem_fraction_static=0.05,
        gpu_id=0,
        nccl_port=port,
        server_args=arguments,
    )
    runner.alloc_memory_pool()
    runner.init_attention_backends()
    runner.init_cuda_graphs()
    return runner


def _rewrite_keys(path: Path) -> str:
    """Write keys of a config as published ones have them; return the type of the model."""
    config = json.loads(path.read_text())
    model_type: str = config["model_type"]
    path.write_text(json.dumps(config | REWRITTEN.get(model_type, {})))
    return model_type


def _found(runner: Any, adapter: str) -> tuple[str, str]:
    """Return what the engine does: the logits, or whether all factors are in place."""
    from sglang.srt.lora.lora_manager import LoRAManager
    from sglang.srt.lora.lora_registry import LoRARef

    reference = LoRARef(lora_id="x", lora_name="x", lora_path=adapter, pinned=False)
    runner.lora_manager = manager = LoRAManager(
        base_model=runner.model,
        base_hf_config=runner.model_config.hf_config,
        max_loras_per_batch=2,
        load_config=runner.load_config,
        dtype=runner.dtype,
        server_args=runner.server_args,
        lora_backend="torch_native",
        lora_paths=[reference],
    )
    manager.fetch_new_loras({None, "x"})
    found: dict[str, Any] = {"lost": _lost(manager, Path(adapter))}
    try:
        found["base"] = _logits(runner, None)
        found["adapted"] = _logits(runner, "x")
    except Exception as error:
        if not isinstance(error, NoKernelError) and _fails_anywhere(error):
            raise
        found["error"] = _told(error)
    return "computed", json.dumps(found)


def _fails_anywhere(error: Exception) -> bool:
    """Tell whether an error is not about this machine.

    It is in layers with adapters then, or in a model of transformers.
    """
    frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    return any(
        "/srt/lora/" in file or file.endswith("/srt/models/transformers.py") for file in frames
    )


def _logits(runner: Any, adapter: str | None) -> list[list[float]]:
    from sglang.benchmark import one_batch
    from sglang.srt.managers.schedule_batch import Req
    from sglang.srt.sampling.sampling_params import SamplingParams

    request = Req(
        rid="0",
        origin_input_text="",
        origin_input_ids=array("q", TOKENS),
        sampling_params=SamplingParams(temperature=0, max_new_tokens=1),
        lora_id=adapter,
    )
    request.full_untruncated_fill_ids = request.origin_input_ids
    request.logprob_start_len = -1
    request.extend_end = len(TOKENS)
    logits: list[list[float]] = one_batch.extend([request], runner)[1].float().tolist()
    return logits


def _lost(manager: Any, adapter: Path) -> list[str]:
    """Return what the file has and the layers of the engine's model do not apply as it is."""
    wanted, lost = _in_file(adapter)
    for number, path, parts in _in_pool(manager):
        parent = path.rpartition(".")[0]
        for part, delta in parts:
            own = wanted.pop((number, f"{parent}.{part}".lstrip(".")), None)
            if own is not None and (own.shape != delta.shape or not _is_near(own, delta)):
                lost.append(path)
    return sorted({*lost, *(path for (_, path), own in wanted.items() if own.any())})


def _is_near(one: Any, other: Any) -> bool:
    return bool((one - other).norm() <= 0.001 * one.norm())


def _in_file(adapter: Path) -> tuple[dict[tuple[int | None, str], Any], list[str]]:
    """Return the changes of modules by layer and path in it, and tensors that are no factors."""
    from safetensors.torch import load_file

    config = json.loads((adapter / "adapter_config.json").read_text())
    tensors = load_file(adapter / "adapter_model.safetensors")
    found, others = {}, []
    for name, tensor in tensors.items():
        if name.endswith(FIRST) and tensor.dim() == 2:
            path, _, end = name.rpartition(".lora_")
            second = tensors[f"{path}.lora_{end.replace('A', 'B')}"]
            r = tensor.shape[0]
            alpha = config["alpha_pattern"].get(path.rpartition(".")[2], config["lora_alpha"])
            scale = alpha / (r**0.5 if config["use_rslora"] else r)
            found[_place(path)] = scale * second @ tensor
        elif not name.endswith((*FIRST, *SECOND, ".base_layer.weight")):
            others.append(name)
    if config["init_lora_weights"] == "pissa":
        others.append("the base of PiSSA")
    return found, others


def _place(path: str) -> tuple[int | None, str]:
    from sglang.srt.layers.utils import get_layer_id

    number = get_layer_id(path + ".")
    ending = f"layers.{number}." if number is not None else "."
    return number, path.rpartition(ending)[2]


def _in_pool(manager: Any) -> Iterator[tuple[int | None, str, list[tuple[str, Any]]]]:
    """Yield the layers that the engine wrapped, each with the changes of its parts."""
    from sglang.srt.lora.utils import get_target_module_name

    pool = manager.memory_pool
    slot, rank = pool.get_buffer_id("x"), manager.configs["x"].r
    scaling = manager.loras["x"].scaling
    for number, layers in enumerate(manager.lora_modules):
        for path, layer in layers.items():
            offsets = _offsets(layer)
            if offsets is None:
                continue  # of experts, whose factors are then missed
            name = get_target_module_name(path, pool.target_modules)
            a, b = pool.A_buffer[name][number][slot], pool.B_buffer[name][number][slot]
            own = path.rpartition(".")[2]
            parts = PARTS.get(own, (own,))
            changes = [
                (part, scaling * b[low:high, :rank] @ a[i * rank : (i + 1) * rank])
                for i, (part, low, high) in enumerate(
                    zip(parts, offsets, [*offsets[1:], len(b)], strict=False)
                )
            ]
            yield number, _place(path)[1], changes
    if manager.embed_tokens_module is not None:
        a, b = pool.embedding_A_buffer["embed_tokens"], pool.embedding_B_buffer["embed_tokens"]
        yield None, "embed_tokens", [("embed_tokens", scaling * b[slot][:, :rank] @ a[slot][:rank])]
    if manager.lm_head_module is not None:
        a, b = pool.lm_head_A_buffer["lm_head"], pool.lm_head_B_buffer["lm_head"]
        yield None, "lm_head", [("lm_head", scaling * b[slot][:, :rank] @ a[slot][:rank])]


def _offsets(layer: Any) -> list[int] | None:
    """Return where the outputs of the parts of a layer begin."""
    if hasattr(layer, "first_output_dim"):
        return [0, layer.first_output_dim] if layer.first_output_dim else [0]
    return layer.output_offset.tolist()[:-1] if hasattr(layer, "output_offset") else None


if __name__ == "__main__":
    main()
