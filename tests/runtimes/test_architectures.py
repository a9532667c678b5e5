"""What engines do on bases of several architectures, and that the facts are what releases say.

The expected answers were settled by the line of source that decides, or by a run of the engine's
own converter, before the answers were looked at.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from loracfg.engine.fronts import compat
from loracfg.engine.options import Options
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile_files import profile_of
from loracfg.runtimes.verdict import Verdict
from tests.made.make import Made
from tests.runtimes.extract.engines import ENGINES
from tests.runtimes.extract.packages import find, kept_versions
from tests.runtimes.extract.ranges import packed
from tests.runtimes.models import MODELS, make
from tests.runtimes.older import as_needed

EXPECTED: Final = {
    "vllm==0.33": {
        "GPT-2": "raises",  # gpt2.py: GPT2LMHeadModel(nn.Module, SupportsPP)
        "Falcon": "raises",  # falcon.py: FalconForCausalLM(nn.Module, SupportsPP)
        "BLOOM": "raises",  # bloom.py: BloomForCausalLM(nn.Module, SupportsPP, SupportsQuant)
        "OPT": "loads",  # opt.py: OPTForCausalLM(nn.Module, SupportsPP, SupportsLoRA)
        "GPT-J": "raises",  # gpt_j.py: GPTJForCausalLM(nn.Module, SupportsPP)
        "StableLM": "raises",  # stablelm.py: StablelmForCausalLM(nn.Module, SupportsPP)
        "Mamba": "raises",  # mamba.py: MambaForCausalLM has no SupportsLoRA
        "Llama": "loads",
        "Qwen2": "loads",
        "Mixtral": "loads",
        "Gemma": "loads",
    },
    "sglang==0.5.23": {
        "GPT-2": "raises",  # lora/utils.py: get_default_hidden_dim has no c_attn
        "Falcon": "raises",  # the same, no query_key_value
        "BLOOM": "raises",  # the same
        "OPT": "raises",  # the same asks for num_key_value_heads, which OPTConfig has not
        "GPT-J": "raises",  # the same of GPTJConfig
        "StableLM": "loads",  # stablelm.py: qkv_proj
        "Mamba": "raises",  # lora/utils.py: get_default_hidden_dim has no in_proj
        "Llama": "loads",
        "Qwen2": "loads",
        "Mixtral": "loads",
        "Gemma": "loads",
    },
    "llama.cpp": {
        "GPT-2": "raises",  # conversion/gpt2.py transposes c_attn; llama-adapter.cpp
        "Falcon": "raises",  # run: the converter fails in conversion/falcon.py
        "BLOOM": "loads",  # run: the update is that of the rearranged weight
        "OPT": "raises",  # run: "Model OPTForCausalLM is not supported"
        "GPT-J": "raises",  # run: "Model GPTJForCausalLM is not supported"
        "StableLM": "loads",  # run: the update is the same
        "Mamba": "loads",  # run, the same; src/models/mamba-base.cpp: build_lora_mm
        "Llama": "loads",
        "Qwen2": "loads",
        "Mixtral": "loads",
        "Gemma": "loads",
    },
    "lmdeploy==0.18.0": {
        "GPT-2": "raises",  # module_map.py has none of these
        "Falcon": "raises",
        "BLOOM": "raises",
        "OPT": "raises",
        "GPT-J": "raises",
        "StableLM": "raises",
        "Mamba": "raises",
        "Llama": "loads",
        "Qwen2": "loads",
        "Mixtral": "raises",  # mixtral.py has no packed_modules_mapping for qkv_proj
        "Gemma": "loads",
    },
    "tgi": {
        **dict.fromkeys(MODELS, "unknown"),  # no release is on an index; snapshots differ
        "Llama": "loads",  # flash_llama_modeling.py: TensorParallelMultiAdapterLinear
    },
    "lorax": {
        **dict.fromkeys(MODELS, "unknown"),
        "Falcon": "raises",  # flash_rw.py: FlashRWSharded leaves supports_adapter_loading False
        "OPT": "raises",  # opt.py: OPTSharded, the same
        "Llama": "loads",
        "Qwen2": "loads",  # flash_qwen2.py: adapter_target_to_layer
        "Mixtral": "loads",  # flash_mixtral.py, for attention
        "Gemma": "loads",  # flash_gemma.py
    },
    "tensorrt-llm": {
        **dict.fromkeys(MODELS, "unknown"),
        "GPT-2": "raises",  # lora_manager.py: c_attn is in no list of modules
        "Falcon": "raises",  # the same, query_key_value
        "BLOOM": "raises",  # the same
        "Mamba": "raises",  # the same, in_proj
        "Llama": "loads",  # modeling_llama.py: **kwargs reach attention and MLP
        "Qwen2": "loads",  # modeling_qwen.py, the same
    },
    "mlx-lm": dict.fromkeys(MODELS, "raises"),  # run: it only reads its own format
}
CELLS: Final = [(e, model) for e, answers in EXPECTED.items() for model in answers]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """The adapters by the names of their models."""
    pytest.importorskip("peft", reason="the adapters are made by PEFT")
    return {name: make(name, tmp_path_factory.mktemp(name)) for name in MODELS}


@pytest.mark.parametrize(("engine", "model"), CELLS)
def test_answer(engine: str, model: str, made: dict[str, Made]) -> None:
    one = made[model]
    adapter = as_needed(one.adapter, engine)
    (verdict,) = compat(adapter, [engine], Options(str(one.base)))
    assert verdict.answer == EXPECTED[engine][model], (verdict.facts, verdict.unknown)
    assert not verdict.assumed


SEVERAL: Final = {
    # vllm/model_executor/models/registry.py: resolve_model_cls takes the first that is registered
    "vllm==0.33": ("loads", "raises", "loads"),
    # sglang/srt/models/registry.py: _normalize_archs leaves out what has no class
    "sglang==0.5.23": ("loads", "unknown", "loads"),
    # lmdeploy/pytorch/models/patch.py: _get_model_class, the first of the module map
    "lmdeploy==0.18.0": ("loads", "loads", "loads"),
    # conversion/base.py: get_model_architecture takes architectures[0]
    "llama.cpp": ("raises", "raises", "loads"),
}
CLASSES: Final = (
    ["NewForCausalLM", "LlamaForCausalLM"],
    ["GPT2LMHeadModel", "LlamaForCausalLM"],
    ["LlamaForCausalLM", "GPT2LMHeadModel"],
)


@pytest.mark.parametrize("engine", SEVERAL)
def test_class_that_the_engine_builds_decides(
    engine: str, made: dict[str, Made], tmp_path: Path
) -> None:
    one = made["Llama"]
    adapter = as_needed(one.adapter, engine)
    answers: list[Verdict] = []
    for classes in CLASSES:
        text = (one.base / "config.json").read_text("utf-8")
        config = tmp_path / "config.json"
        config.write_text(json.dumps(json.loads(text) | {"architectures": classes}), "utf-8")
        answers += compat(adapter, [engine], Options(str(config)))
    assert tuple(one.answer for one in answers) == SEVERAL[engine], answers


@pytest.mark.parametrize("engine", ENGINES)
def test_facts_match_the_releases(engine: str) -> None:
    package = ENGINES[engine].package
    profile = profile_of(engine)
    newest = kept_versions(package)[-1:]
    if not newest:
        command = f"python -m tests.runtimes.extract {engine} {profile.newest}"
        pytest.skip(f"no release of {package} is kept: `{command}`")
    release = find(package, newest[0])
    assert release is not None
    found = ENGINES[engine].extract(release)
    runtime = find_runtime(engine if profile.by_date else f"{engine}=={newest[0]}")
    said = {name: set(runtime.words(name)) for name in ENGINES[engine].sets}
    listed = packed({newest[0]: found})
    assert set(listed["takes"]) == said.pop("takes") | profile.modules.keys()
    assert said == {name: set(listed[name]) for name in said}
    for architecture, modules in profile.modules.items():
        assert architecture in listed[f"modules {' '.join(sorted(modules))}"]
    if "sized" in found:
        assert found["sized"] <= set(runtime.words("sized"))
