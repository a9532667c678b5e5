"""What was observed beyond the rows of the notes: single checks, in the language of examples."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.analysis.planning import plan_adapter
from loracfg.analysis.serving import served_adapter
from loracfg.base.architecture import Architecture
from loracfg.base.search import ResolvedBase
from loracfg.planning.patterns import PatternBudget
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.verdict import judge
from loracfg.testing.building.examples import build
from loracfg.testing.llama import BASE, llama
from tests.runtimes.older import LMDEPLOY

Lines = tuple[str, ...]

NAME: Final = "base_model.model"


def only(*modules: str) -> Lines:
    targets = ", ".join(f'"{module}"' for module in modules)
    return (f'made with {{"target_modules": [{targets}]}}',)


def experts(*names: str, count: int = 2, layers: int = 2) -> Lines:
    """Factors of single experts on a base with two, which they are of or not."""
    sizes = {"gate_proj": (16, 20), "up_proj": (16, 20), "down_proj": (20, 16)}
    found = ['base {"experts": 2}']
    for layer in range(layers):
        for expert in range(count):
            for name in names:
                into, out = sizes[name]
                stem = f"tensor {NAME}.model.layers.{layer}.mlp.experts.{expert}.{name}"
                found += [f"{stem}.lora_A.weight F32 [4, {into}]"]
                found += [f"{stem}.lora_B.weight F32 [{out}, 4]"]
    return (
        *found,
        f'config {{"target_modules": {["q_proj", "v_proj", *names]}}}'.replace("'", '"'),
    )


ENGINES: Final = ("vllm", "sglang", "llama.cpp")
COMPRESSING: Final = ("vllm", "llama.cpp")
ALL: Final = ("gate_proj", "up_proj", "down_proj")
LARGER: Final = ('base {"hidden": 8}',)
SMALLER: Final = ('base {"hidden": 32}',)
UNNAMED: Final = ("rename q_proj -> query",)
STACKED: Final = 'config {"target_parameters": ["experts.down_proj"]}'
OTHER_ROWS: Final = ('made with {"target_modules": ["embed_tokens"]}', 'base {"vocab": 40}')
OTHER_HEAD: Final = ('made with {"target_modules": ["lm_head"]}', 'base {"vocab": 28}')
QALORA: Final = ('made with {"use_qalora": true}',)
HEAD_OF_RANK_8: Final = 'made with {"r": 8, "target_modules": ["q_proj", "lm_head"]}'
SAVED: Final = ('made with {"modules_to_save": ["mlp"]}',)

TOWER: Final = tuple(
    f"tensor {NAME}.vision_tower.layers.0.self_attn.q_proj.lora_{factor}.weight F32 {shape}"
    for factor, shape in (("A", "[4, 16]"), ("B", "[16, 4]"))
)
VISION: Final = 'base {"vision": 1}'
EXPERTS: Final = experts(*ALL)


def of_class(name: str) -> str:
    return f'base {{"class": "{name}"}}'


DOWN_UP: Final = ("rename lora_A -> lora_down", "rename lora_B -> lora_up")
OLD_DIFFUSERS: Final = ("rename lora_A -> lora.down", "rename lora_B -> lora.up")

CASES: Final[list[tuple[str, Lines, str]]] = [
    *((name, DOWN_UP, "raises") for name in ("vllm", "llama.cpp", "tensorrt-llm", "executorch")),
    *((name, DOWN_UP, "differs") for name in ("transformers", "diffusers", "mergekit")),
    *((name, DOWN_UP, "unknown") for name in ("sglang", "tgi", "lorax", "lmdeploy", "unsloth")),
    ("diffusers", (*OLD_DIFFUSERS, 'config {"lora_alpha": 4}'), "loads"),
    ("sglang", only("k_proj"), "raises"),
    ("sglang", only("k_proj", "v_proj"), "raises"),
    ("sglang", only("q_proj", "k_proj"), "raises"),
    ("sglang", only("up_proj"), "raises"),
    ("sglang", only("gate_proj"), "loads"),
    ("sglang", only("q_proj", "v_proj", "gate_proj", "up_proj"), "loads"),
    ("vllm", only("k_proj"), "loads"),
    *((name, LARGER, "raises") for name in ("vllm", "sglang", "llama.cpp", "ollama==0.34.0")),
    *((name, LARGER, "raises") for name in ("transformers", "transformers==4.57", "diffusers")),
    ("lmdeploy", LARGER, "raises"),
    ("vllm", SMALLER, "differs"),
    *((name, UNNAMED, "raises") for name in ("vllm", "llama.cpp", "lmdeploy", "ollama==0.34.0")),
    *(
        (name, UNNAMED, "differs")
        for name in ("transformers", "transformers==4.57", "tgi", "lorax")
    ),
    *((name, experts(*ALL), "loads") for name in ("vllm", "llama.cpp", "transformers", "sglang")),
    *((name, experts("gate_proj", "up_proj"), "raises") for name in ("vllm", "llama.cpp")),
    *((name, experts(*ALL, count=1), "raises") for name in ("vllm", "llama.cpp", "transformers")),
    ("vllm==0.11", experts(*ALL), "raises"),
    ("transformers", ('made with {"use_rslora": true}', *experts(*ALL)), "differs"),
    ("transformers==4.57", ('made with {"use_rslora": true}', *experts(*ALL)), "loads"),
    ("vllm", (STACKED, 'base {"type": "mixtral"}'), "differs"),
    ("vllm", (STACKED, 'base {"type": "gpt_oss"}'), "loads"),
    ("vllm", (STACKED, 'base {"type": "qwen3_moe"}'), "raises"),
    ("transformers==4.57", (STACKED,), "differs"),
    ("transformers", (r"rename ^base_model\.model\.model\. -> base_model.model.",), "loads"),
    (
        "transformers==4.57",
        (r"rename ^base_model\.model\.model\. -> base_model.model.",),
        "differs",
    ),
    ("llama.cpp", (r"rename ^base_model\.model\.model\. -> base_model.model.x.",), "raises"),
    ("lmdeploy", ('config {"target_modules": "all-linear"}',), "raises"),
    ("sglang", ('config {"target_modules": "all-linear"}',), "loads"),
    ("lmdeploy", ('config {"target_modules": null}',), "raises"),
    ("lmdeploy", ('made with {"target_modules": ["self_attn.q_proj", "v_proj"]}',), "loads"),
    *((name, OTHER_ROWS, "raises") for name in ("vllm", "sglang", "llama.cpp", "transformers")),
    *((name, OTHER_HEAD, "raises") for name in ("sglang", "llama.cpp", "transformers")),
    *((name, SAVED, "differs") for name in ("tgi", "lorax", "diffusers")),
    *((name, SAVED, "raises") for name in ("vllm", "llama.cpp", "lmdeploy", "tensorrt-llm")),
    *((name, QALORA, "differs") for name in ("tgi", "lorax")),
    ("lorax", (HEAD_OF_RANK_8, 'base {"type": "llama"}'), "loads"),
    ("lorax", (HEAD_OF_RANK_8, 'base {"type": "mixtral"}'), "differs"),
    *((name, QALORA, "unknown") for name in ("sglang", "vllm==0.31")),
    ("vllm", QALORA, "raises"),
    ("vllm", ('config {"bias": "all"}',), "raises"),
    ("vllm", (of_class("GPT2LMHeadModel"),), "raises"),
    ("vllm", (of_class("LlamaForSequenceClassification"),), "loads"),
    ("vllm", (of_class("FalconForSequenceClassification"),), "raises"),
    ("vllm==0.24", (of_class("AquilaModel"),), "loads"),
    ("vllm==0.25", (of_class("AquilaModel"),), "raises"),
    ("vllm==0.13", (of_class("Blip2ForConditionalGeneration"),), "raises"),
    ("vllm==0.14", (of_class("Blip2ForConditionalGeneration"),), "loads"),
    *((name, (of_class("NewForCausalLM"),), "unknown") for name in ("vllm",)),
    ("vllm==0.26", (of_class("Qwen3_5ForCausalLM"),), "unknown"),  # it has the multimodal one only
    ("vllm==0.27", (of_class("Qwen3_5ForCausalLM"),), "loads"),
    ("vllm==0.28", (of_class("CohereForCausalLM"),), "raises"),
    ("vllm==0.29", (of_class("CohereForCausalLM"),), "loads"),
    *((name, (of_class("NewForCausalLM"),), "raises") for name in ("llama.cpp", "lmdeploy")),
    ("onnxruntime-genai", (of_class("NewForCausalLM"),), "raises"),
    ("onnxruntime-genai", (of_class("Qwen3ForCausalLM"),), "loads"),
    ("executorch", ('base {"type": "llama"}',), "loads"),
    ("executorch", ('base {"type": "falcon"}',), "unknown"),
    ("sglang", (of_class("NewForCausalLM"),), "differs"),
    # Settled by runs of 0.5.23, of which `tests/runtimes/matrix/engines/sglang.py` is one.
    ("sglang", (*only("o_proj"), of_class("NewForCausalLM")), "raises"),
    ("sglang", (*only("embed_tokens"), of_class("NewForCausalLM")), "unknown"),
    ("sglang", (of_class("BloomForCausalLM"),), "raises"),
    ("sglang", (of_class("ArceeForCausalLM"),), "loads"),
    ("sglang", (*only("up_proj"), of_class("ArceeForCausalLM")), "raises"),
    ("sglang", (*only("lm_head"), of_class("GemmaForCausalLM")), "raises"),
    ("sglang", (*only("embed_tokens"), of_class("GemmaForCausalLM")), "raises"),
    ("sglang", (*only("lm_head"), of_class("Gemma3ForCausalLM")), "raises"),
    ("sglang", (*only("embed_tokens"), of_class("Gemma3ForCausalLM")), "differs"),
    ("sglang", (*only("embed_tokens"), of_class("LlamaForCausalLM")), "loads"),
    ("sglang", only("lm_head"), "loads"),
    ("sglang", ("rename layers -> h",), "differs"),
    ("sglang", ("rename o_proj -> out_proj", *only("o_proj")), "raises"),
    ("vllm", ('base {"type": "opt"}',), "loads"),
    ("vllm==0.8.5", ('base {"type": "opt"}',), "raises"),
    ("vllm==0.12", (*TOWER, VISION), "differs"),
    ("vllm", (*TOWER, VISION), "differs"),
    ("vllm", (VISION,), "loads"),
    ("vllm", (*TOWER, "base none"), "unknown"),
    ("vllm", (*TOWER, 'base {"vision": 1, "type": "ernie4_5_vl_moe"}'), "unknown"),
    ("sglang", (*TOWER, VISION), "differs"),
    ("llama.cpp", (*TOWER, VISION), "unknown"),
    ("transformers", (*TOWER, VISION), "loads"),
    ("vllm", (*only("q_proj", "lm_head"), of_class("Qwen2ForCausalLM")), "raises"),
    ("vllm", (*only("q_proj", "embed_tokens"), of_class("Qwen2ForCausalLM")), "raises"),
    ("vllm", (*only("q_proj"), of_class("Qwen2ForCausalLM")), "loads"),
    ("vllm==0.14", (*only("lm_head"), of_class("Qwen3ForCausalLM")), "raises"),
    ("vllm==0.15", (*only("lm_head"), of_class("Qwen3ForCausalLM")), "unknown"),
    ("vllm==0.16", (*only("lm_head"), of_class("Qwen3ForCausalLM")), "loads"),
    ("vllm==0.14", (*only("lm_head"), of_class("MistralForCausalLM")), "loads"),
    ("vllm==0.16", (*only("lm_head"), of_class("MistralForCausalLM")), "raises"),
    ("vllm", (*only("lm_head"), of_class("OtherForCausalLM")), "unknown"),
    ("vllm", (*only("lm_head"), "base none"), "unknown"),
    ("vllm==0.29", ('config {"use_rslora": true}', *EXPERTS), "differs"),
    ("vllm==0.30", ('config {"use_rslora": true}', *EXPERTS), "loads"),
    ("vllm==0.29", EXPERTS, "loads"),
    ("sglang", only("q_proj"), "raises"),
    ("sglang", ('config {"bias": "all"}',), "loads"),
    ("tensorrt-llm", ("rename q_proj -> qkv_proj",), "raises"),
    ("ollama==0.34.0", ('base {"type": "qwen2"}', *only("v_proj")), "raises"),
    ("ollama==0.34.0", ('base {"type": "gemma2"}',), "loads"),
    ("ollama", only("v_proj"), "raises"),
    ("executorch", ('made with {"use_rslora": true}', *only("q_proj")), "differs"),
    ("executorch", only("q_proj", "lm_head"), "raises"),
    ("onnxruntime-genai", ('made with {"use_dora": true}',), "differs"),
    ("onnxruntime-genai", ('made with {"use_rslora": true}',), "loads"),
    ("olive", ('made with {"use_dora": true}',), "raises"),
    ("olive", ('made with {"alpha_pattern": {"v_proj": 32}}',), "differs"),
    ("mergekit", ('made with {"alpha_pattern": {"v_proj": 32}}',), "loads"),
    ("mergekit", ('config {"base_model_name_or_path": "x/Llama-3-8B-AWQ"}',), "differs"),
    ("mergekit", ('config {"base_model_name_or_path": "x/Hawqs-8B"}',), "loads"),
    *((name, ('config {"r": 0}',), "unknown") for name in ENGINES),
    *((name, ('config {"lora_alpha": null}',), "unknown") for name in ENGINES),
    *((name, ("weights cut 8",), "unknown") for name in ENGINES),
    ("vllm", ("drop .",), "raises"),
    ("llama.cpp", ("drop .",), "raises"),
    *((name, ("rename q_proj -> kv_b_proj", "base none"), "unknown") for name in COMPRESSING),
    *(
        (name, (*only("gate_proj", "q_proj"), "base none"), "loads")
        for name in ("vllm", "llama.cpp")
    ),
]


def answer(runtime: str, lines: Lines, base: Architecture | None = None) -> str:
    files, given = build(lines)
    adapter = read_adapter(files)
    made = plan_adapter(adapter, base or given, PatternBudget())
    (verdict,) = judge(
        served_adapter(adapter, made, ResolvedBase(made.base)), [find_runtime(runtime)]
    )
    return verdict.answer


@pytest.mark.parametrize(("runtime", "lines", "expected"), CASES)
def test_answer(runtime: str, lines: Lines, expected: str) -> None:
    older = LMDEPLOY if runtime == "lmdeploy" else ()
    assert answer(runtime, (*lines, *older)) == expected


@pytest.mark.parametrize(
    ("runtime", "expected"), [("vllm==0.32", "differs"), ("vllm==0.33", "loads")]
)
def test_text_adapter_on_a_multimodal_base(runtime: str, expected: str) -> None:
    tree = llama(BASE)
    inner = {
        path.replace("model.", "model.language_model.", 1): m for path, m in tree.modules.items()
    }
    base = replace(tree, modules={path: m._replace(path=path) for path, m in inner.items()})
    assert (
        answer(runtime, ('made with {"target_modules": ["q_proj", "v_proj"]}',), base) == expected
    )


def test_uncertain_base_proves_nothing() -> None:
    files, base = build(UNNAMED)
    adapter = read_adapter(files)
    made = plan_adapter(adapter, base, PatternBudget())
    (verdict,) = judge(
        served_adapter(adapter, made, ResolvedBase(made.base, certain=False)),
        [find_runtime("vllm")],
    )
    assert verdict.answer == "loads"
