"""The plan against what was observed of PEFT 0.21.2, on trees built from names and shapes alone.

Of the 138 cases, 123 are compared: all but the 9 that were converted from another adapter, which
say nothing of their base, and the 6 that `NOT_COMPARED` names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import pytest

from loracfg.adapter.header.tensor import Header, Shape
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.config.model.config_values import ConfigValues
from loracfg.config.model.constraints import load_conflicts
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.config.reading.plain_config import read_with_models
from loracfg.document.json_document import read_document
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from tests.corpus import SHARED, shared
from tests.planning.real import Refusal, Shapes, planned

FACTS: Final = "facts/peft_state_dict_observed.json"

NOT_COMPARED: Final = {
    "save_embedding_layers_true": "an argument of saving decides, not the config",
    "target_embed_tokens_noauto": "an argument of saving decides, not the config",
    "resized_vocab": "the base at hand is not the one on disk",
    "init_pissa_bad": "the reader refuses the value",
    "init_bogus": "the reader refuses the value",
    "init_loftq": "scipy was not installed",
}

REFUSED: Final[dict[str, dict[str, Any]]] = {
    "embedding_lora_bias": {"target_modules": ["emb"], "lora_bias": True},
    "nn_conv2d_groups2_r3": {"target_modules": ["conv"], "r": 3},
    "mha_dora": {"target_modules": ["mha"], "use_dora": True},
    "param_top_level": {"target_modules": [], "target_parameters": ["gate_up_proj"]},
    "trainable_tokens_and_target_embed": {
        "target_modules": ["embed_tokens"],
        "trainable_token_indices": [0],
    },
    "mixtral_v4_style_targets_partial": {"target_modules": ["w1"]},
    "init_orthogonal_odd": {
        "target_modules": ["lin0"],
        "init_lora_weights": "orthogonal",
        "r": 3,
    },
    "init_corda": {
        "target_modules": ["lin0"],
        "init_lora_weights": "corda",
        "corda_config": {},
    },
    "init_mica_r_too_big": {"target_modules": ["lin0"], "init_lora_weights": "mica", "r": 7},
    "init_mica_conv": {"target_modules": ["conv"], "init_lora_weights": "mica"},
    "bdlora_indivisible": {
        "target_modules": ["lin0"],
        "use_bdlora": {"target_modules_bd_a": ["lin0"], "nblocks": 2},
        "r": 3,
    },
    "bdlora_nomatch_strict": {
        "target_modules": ["lin1"],
        "use_bdlora": {"target_modules_bd_a": ["lin0"], "nblocks": 2},
    },
    "kasa_dora": {"target_modules": ["lin0"], "kasa_config": {}, "use_dora": True},
    "alora_dora": {
        "target_modules": ["q_proj"],
        "alora_invocation_tokens": [1],
        "use_dora": True,
    },
}
"""The configs of cases in which PEFT raised, which the facts give in words only."""

ATTENTION: Final = {"q_proj": (8, 8), "k_proj": (4, 8), "v_proj": (4, 8), "o_proj": (8, 8)}
NORMS: Final = {"input_layernorm.weight": (8,), "post_attention_layernorm.weight": (8,)}
MLP: Final = {"gate_proj": (12, 8), "up_proj": (12, 8), "down_proj": (8, 12)}


def decoder(layers: int, block: Mapping[str, Shape], head: str = "lm_head") -> Shapes:
    """Return the tensors of a decoder of the size that the cases have."""
    inner = {f"model.layers.{i}.{name}": s for i in range(layers) for name, s in block.items()}
    rows = 3 if head == "score" else 13
    ends: Shapes = {"model.norm.weight": (8,), f"{head}.weight": (rows, 8)}
    return {"model.embed_tokens.weight": (13, 8)} | inner | ends


def linear(names: Mapping[str, Shape], prefix: str, *, bias: bool = False) -> Shapes:
    """Return the tensors of linear layers."""
    weights: Shapes = {}
    for name, shape in names.items():
        weights[f"{prefix}{name}.weight"] = shape
        if bias:
            weights[f"{prefix}{name}.bias"] = shape[:1]
    return weights


LLAMA_BLOCK: Final = linear(ATTENTION, "self_attn.") | linear(MLP, "mlp.") | NORMS
QWEN_BLOCK: Final = {
    **linear(ATTENTION, "self_attn."),
    "self_attn.q_norm.weight": (4,),
    "self_attn.k_norm.weight": (4,),
    "mlp.experts.gate_up_proj": (4, 24, 8),
    "mlp.experts.down_proj": (4, 8, 12),
    "mlp.gate.weight": (4, 8),
    **NORMS,
}
OSS_BLOCK: Final = {
    "self_attn.sinks": (2,),
    **linear(ATTENTION, "self_attn.", bias=True),
    "mlp.router.weight": (4, 8),
    "mlp.router.bias": (4,),
    "mlp.experts.gate_up_proj": (4, 8, 24),
    "mlp.experts.gate_up_proj_bias": (4, 24),
    "mlp.experts.down_proj": (4, 12, 8),
    "mlp.experts.down_proj_bias": (4, 8),
    **NORMS,
}
GPT2: Final = {
    "transformer.wte.weight": (13, 8),
    "transformer.wpe.weight": (16, 8),
    "transformer.h.0.ln_1.weight": (8,),
    "transformer.h.0.ln_1.bias": (8,),
    "transformer.h.0.attn.c_attn.weight": (8, 24),
    "transformer.h.0.attn.c_attn.bias": (24,),
    "transformer.h.0.attn.c_proj.weight": (8, 8),
    "transformer.h.0.attn.c_proj.bias": (8,),
    "transformer.h.0.mlp.c_fc.weight": (8, 32),
    "transformer.h.0.mlp.c_fc.bias": (32,),
    "transformer.h.0.mlp.c_proj.weight": (32, 8),
    "transformer.h.0.mlp.c_proj.bias": (8,),
    "lm_head.weight": (13, 8),
}
BERT_LAYER: Final = {
    "attention.self.query": (8, 8),
    "attention.self.key": (8, 8),
    "attention.self.value": (8, 8),
    "attention.output.dense": (8, 8),
    "intermediate.dense": (12, 8),
    "output.dense": (8, 12),
}
BERT: Final = {
    "bert.embeddings.word_embeddings.weight": (13, 8),
    "bert.embeddings.LayerNorm.weight": (8,),
    "bert.embeddings.LayerNorm.bias": (8,),
    **linear(BERT_LAYER, "bert.encoder.layer.0.", bias=True),
    **linear({"bert.pooler.dense": (8, 8), "classifier": (3, 8)}, "", bias=True),
}


@cache
def facts() -> dict[str, Any]:
    path = SHARED / FACTS
    cases: dict[str, Any] = json.loads(path.read_text())["cases"] if path.exists() else {}
    return cases


COMPARED: Final = [
    name for name in facts() if not name.startswith("convert_") and name not in NOT_COMPARED
]


def model_type_of(name: str) -> str | None:
    if facts()[name]["base_params"] == "25 tensors":
        return "bert"
    for start, model_type in (
        ("conv1d_gpt2", "gpt2"),
        ("mixtral", "mixtral"),
        ("qwen3moe", "qwen3_moe"),
        ("gptoss", "gpt_oss"),
    ):
        if name.startswith(start):
            return model_type
    given = facts()[name]["base_params"]
    return "llama" if isinstance(given, str) or "model.embed_tokens.weight" in given else None


def tensors_of(name: str, model_type: str | None) -> Shapes:
    """Return the base of a case: as given, or where only its tensors are counted, as known."""
    given = facts()[name]["base_params"]
    if isinstance(given, dict):
        return {key: tuple(shape) for key, shape in given.items()}
    if model_type == "llama":
        layers = 3 if name == "layer_replication" else 2
        return decoder(layers, LLAMA_BLOCK, "score" if name.startswith("seq_cls") else "lm_head")
    known = {
        "bert": BERT,
        "gpt2": GPT2,
        "qwen3_moe": decoder(1, QWEN_BLOCK),
        "gpt_oss": decoder(1, OSS_BLOCK),
    }
    return known[model_type or ""]


def kind_of(path: str, parameters: Mapping[str, Shape], model_type: str | None) -> Kind:
    """Tell the kind of a module by its name and parameters."""
    name = path.rpartition(".")[2]
    weight = parameters.get("weight", ())
    if "in_proj_weight" in parameters:
        return Kind.ATTENTION
    if name == "conv":
        return {3: Kind.CONV1D, 4: Kind.CONV2D, 5: Kind.CONV3D}[len(weight)]
    if len(weight) != 2 or (model_type and name in ("gate", "router")):
        return Kind.OTHER
    if "emb" in name or name in ("wte", "wpe"):
        return Kind.EMBEDDING
    return Kind.CONV1D_GPT2 if name.startswith("c_") else Kind.LINEAR


def base_of(name: str) -> Architecture:
    """Build the tree of the base of a case."""
    model_type = model_type_of(name)
    tensors = tensors_of(name, model_type)
    owned: dict[str, Shapes] = {"": {}}
    for tensor, shape in tensors.items():
        path, _, local = tensor.rpartition(".")
        steps = path.split(".") if path else []
        for i in range(len(steps)):
            owned.setdefault(".".join(steps[: i + 1]), {})
        owned[path][local] = shape
    transposed = "is_transposed_true" in name or model_type == "gpt_oss"
    modules = {}
    for path, parameters in owned.items():
        kind = kind_of(path, parameters, model_type)
        class_name = "ModuleList" if path.endswith((".layers", ".layer", ".h")) else kind.value
        groups = 2 if "groups2" in name and kind is Kind.CONV2D else 1
        modules[path] = Module(
            path, kind, class_name, parameters, groups=groups, is_transposed=transposed
        )
    tied = bool(re.search(r"(^|_)tied(_|$)", name))
    output = "lm_head" if "lm_head" in modules else None
    inputs = next((p for p, m in modules.items() if m.kind is Kind.EMBEDDING), None)
    return Architecture(
        "checkpoint",
        model_type,
        None,
        modules,
        input_embeddings=inputs if model_type else None,
        output_embeddings=output,
        tied=(output,) if output and tied else (),
        tie_word_embeddings=tied,
        is_transformers=model_type is not None,
    )


def saved_config(name: str) -> ConfigValues:
    """Return the config that was saved, as the reader understands it."""
    values = {"peft_type": "LORA"} | facts()[name]["config_non_default"]
    document, _ = read_document(json.dumps(values).encode(), "adapter_config.json")
    assert document is not None
    reading = read_with_models(document)
    assert not reading.unusable
    return reading.config


def refused_config(name: str) -> LoraConfig:
    values = REFUSED.get(name)
    if values is None:
        option, value = name.removeprefix("param_3d_with_").split("=")
        parsed = {"True": True, "0.1": 0.1}.get(value, value)
        values = {
            "target_modules": [],
            "target_parameters": ["experts.gate_up_proj"],
            option: parsed,
        }
    return LoraConfig.model_validate({"r": 2} | values, context=FIELDS_ONLY)


def test_how_many_cases_are_compared() -> None:
    shared(FACTS)
    assert (len(COMPARED), len(facts())) == (123, 138)


@pytest.mark.parametrize("name", [n for n in COMPARED if "tensors" in facts()[n]])
def test_plan_is_what_was_observed(name: str) -> None:
    observed = {key: tuple(shape) for key, (shape, _) in facts()[name]["tensors"].items()}
    plan = build_plan(saved_config(name), base_of(name), PatternBudget())
    assert plan.failures == ()
    assert {key: tensor.shape for key, tensor in plan.tensors.items()} == observed


@pytest.mark.parametrize("name", [n for n in COMPARED if "tensors" in facts()[n]])
def test_file_with_other_tensors_is_not_all_of_the_plan(name: str) -> None:
    observed = {key: tuple(shape) for key, (shape, _) in facts()[name]["tensors"].items()}
    plan = build_plan(saved_config(name), base_of(name), PatternBudget())
    first, *rest = observed
    if all(".lora_" in key and ".mha." not in key for key in observed):  # only whole layers
        assert plan.equals(Header(observed))
    assert not plan.equals(Header({key: observed[key] for key in rest}))
    assert not plan.equals(Header(observed | {first: (*observed[first], 1)}))
    assert not plan.equals(Header(observed | {f"{first}_2": observed[first]}))


@pytest.mark.parametrize("name", [n for n in COMPARED if "error" in facts()[n]])
def test_what_peft_refused_is_no_plan(name: str) -> None:
    config = refused_config(name)
    assert load_conflicts(config) or isinstance(planned(config, base_of(name)), Refusal)
