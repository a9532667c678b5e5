"""Trees built on the meta device equal those of real models as PEFT reads them."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import Any

import pytest
import torch
import transformers
from peft.tuners.tuners_utils import BaseTuner, _get_in_out_features
from peft.utils.other import _get_module_names_tied_with_embedding
from torch import nn

from loracfg.base.architecture import Architecture, Kind
from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.from_library import built as builder
from loracfg.base.from_library import meta_device as meta
from loracfg.base.from_library.live_model import architecture_of
from tests.base.conftest import Save
from tests.zoo import CONFIGS, tiny_config

TYPES = sorted(CONFIGS)


def architecture(model_type: str, class_name: str, **changes: Any) -> Architecture:
    return builder.build(tiny_config(model_type, **changes).to_dict(), class_name)


@pytest.mark.parametrize("model_type", TYPES)
def test_built_from_the_saved_config_equals_the_real_model(model_type: str, saved: Save) -> None:
    real = saved(model_type)

    assert builder.build(real.config, real.class_name) == architecture_of(real.model)


@pytest.mark.parametrize("model_type", TYPES)
def test_modules_are_in_the_order_of_pytorch(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    built = builder.build(real.config, real.class_name)

    assert list(built.modules) == [path for path, _ in real.model.named_modules()]
    everything = {path for path, _ in real.model.named_modules(remove_duplicate=False) if path}
    assert set(built.paths()) == everything


@pytest.mark.parametrize("model_type", TYPES)
def test_parameters_and_buffers_are_the_state_dict(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    built = builder.build(real.config, real.class_name)

    shapes = {
        f"{path}.{name}" if path else name: shape
        for path in ["", *built.paths()]
        for module in [built.find(path)]
        if module
        for name, shape in {**module.parameters, **module.buffers}.items()
    }
    assert shapes == {n: tuple(t.shape) for n, t in real.model.state_dict().items()}


@pytest.mark.parametrize("model_type", TYPES)
def test_features_are_those_that_peft_uses(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    built = builder.build(real.config, real.class_name)

    layers = {path: module for path, module in built.modules.items() if module.kind != Kind.OTHER}
    assert layers
    for path, module in layers.items():
        assert module.features == _get_in_out_features(real.model.get_submodule(path)), path


@pytest.mark.parametrize("model_type", TYPES)
def test_modules_without_a_kind_are_not_peft_layers(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    built = builder.build(real.config, real.class_name)

    layers = (nn.Linear, nn.Embedding, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.MultiheadAttention)
    for path, module in built.modules.items():
        if module.kind is Kind.OTHER:
            assert not isinstance(real.model.get_submodule(path), layers), path


@pytest.mark.parametrize("model_type", TYPES)
@pytest.mark.parametrize("tie", [True, False])
def test_tied_modules_are_those_of_peft(model_type: str, tie: bool, saved: Save) -> None:
    class_name = saved(model_type).class_name
    model = type(saved(model_type).model)(tiny_config(model_type, tie_word_embeddings=tie))
    built = architecture(model_type, class_name, tie_word_embeddings=tie)

    assert list(built.tied) == _get_module_names_tied_with_embedding(model)
    assert built.tie_word_embeddings == bool(
        BaseTuner.get_model_config(model).get("tie_word_embeddings")
    )


def test_tying_on_the_meta_device_is_seen() -> None:
    assert architecture("llama", "LlamaForCausalLM", tie_word_embeddings=True).tied == ("lm_head",)
    assert architecture("llama", "LlamaForCausalLM", tie_word_embeddings=False).tied == ()


@pytest.mark.parametrize("model_type", TYPES)
def test_embeddings_and_vocabulary(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    built = builder.build(real.config, real.class_name)

    assert built.input_embeddings is not None
    assert real.model.get_submodule(built.input_embeddings) is real.model.get_input_embeddings()
    head = real.model.get_output_embeddings()  # type: ignore[no-untyped-call]
    found = built.output_embeddings
    assert (real.model.get_submodule(found) if found else None) is head
    assert built.vocab_size == getattr(real.model.config, "vocab_size", None)


def test_gpt2_has_transposed_layers() -> None:
    module = architecture("gpt2", "GPT2LMHeadModel").modules["transformer.h.0.attn.c_attn"]

    assert module.kind is Kind.CONV1D_GPT2
    assert module.parameters["weight"] == (32, 96)
    assert module.features == (32, 96)


def test_a_depthwise_convolution_has_its_groups() -> None:
    module = architecture("mamba", "MambaForCausalLM").modules["backbone.layers.0.mixer.conv1d"]

    assert (module.kind, module.groups) == (Kind.CONV1D, 64)
    assert module.features == (64, 64)


def test_expert_stacks_have_an_orientation() -> None:
    stacks = {
        model_type: [
            m for m in architecture(model_type, name).modules.values() if m.path.endswith("experts")
        ]
        for model_type, name in (
            ("gpt_oss", "GptOssForCausalLM"),
            ("mixtral", "MixtralForCausalLM"),
        )
    }

    for module in stacks["gpt_oss"]:
        assert module.is_transposed
        assert module.parameters["gate_up_proj"] == (4, 32, 112)
    for module in stacks["mixtral"]:
        assert not module.is_transposed
        assert module.parameters["gate_up_proj"] == (4, 112, 32)


def test_a_parametrised_convolution_is_one() -> None:
    config = {
        "model_type": "wav2vec2",
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "conv_dim": [24, 24],
        "conv_stride": [2, 2],
        "conv_kernel": [3, 3],
        "num_conv_pos_embeddings": 8,
        "num_conv_pos_embedding_groups": 4,
    }
    built = builder.build(config, "Wav2Vec2Model")

    found = built.modules["encoder.pos_conv_embed.conv"]
    assert (found.kind, found.groups, found.weight) == (Kind.CONV1D, 4, (32, 8, 8))
    assert built.notes == ()
    assert lookup.build(config, "Wav2Vec2Model").modules[found.path] == found


def test_modules_of_other_libraries_are_distinguished() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Linear(3, 5)
            self.attention = nn.MultiheadAttention(8, 2)
            self.again = self.first

    built = architecture_of(Net())

    assert not built.is_transformers
    assert built.aliases == {"again": "first"}
    assert built.modules["attention"].features == (8, 24)
    assert built.modules["attention.out_proj"].kind is Kind.LINEAR


def test_the_number_of_labels_comes_from_the_config() -> None:
    built = architecture("bert", "BertForSequenceClassification", num_labels=7)

    assert built.modules["classifier"].features == (32, 7)


def test_quantisation_and_precision_do_not_change_the_tree(saved: Save) -> None:
    real = saved("llama")
    quantised = real.config | {
        "quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True},
        "torch_dtype": "float8_e4m3fn",
        "_attn_implementation": "flash_attention_2",
    }

    assert builder.build(quantised, real.class_name) == builder.build(real.config, real.class_name)
    assert "quantization_config" in quantised


@pytest.mark.skipif(
    transformers.__version__.startswith("4."), reason="only transformers 5 writes them so"
)
def test_infinite_numbers_are_read_as_they_are_written() -> None:
    config = {"model_type": "mamba2", "num_hidden_layers": 1, "time_step_limit": [0.0, math.inf]}
    written = config | {"time_step_limit": [0.0, {"__float__": "Infinity"}]}

    assert builder.build(written, "Mamba2Model") == builder.build(config, "Mamba2Model")


def test_the_text_model_of_a_multimodal_config_is_built_from_its_part() -> None:
    text = tiny_config("gemma2").to_dict() | {"model_type": "gemma3_text"}
    config = {
        "model_type": "gemma3",
        "text_config": text,
        "vision_config": {"num_hidden_layers": 1},
    }
    built = builder.build(config, "Gemma3ForCausalLM")

    assert built.model_type == "gemma3_text"
    assert built.modules["model.layers.1.self_attn.q_proj"].features == (32, 40)


@pytest.mark.parametrize(
    ("config", "class_name", "message"),
    [
        ({"model_type": "llama"}, "NoSuchModel", "has no model class `NoSuchModel`"),
        ({"model_type": "llama"}, "LlamaConfig", "has no model class `LlamaConfig`"),
        ({"model_type": "llama"}, "AutoModelForCausalLM", "has no model class"),
        (
            {
                "model_type": "chatglm",
                "architectures": ["ChatGLMModel"],
                "auto_map": {"AutoModel": "modeling_chatglm.ChatGLMModel"},
            },
            "ChatGLMModel",
            "`ChatGLMModel` is custom code of the model's repository",
        ),
        ({"model_type": "llama", "hidden_size": "many"}, "LlamaForCausalLM", "cannot be built"),
        ({"model_type": "llama", "num_attention_heads": 0}, "LlamaForCausalLM", "cannot be built"),
        ({"model_type": "llama", "num_hidden_layers": 10**9}, "LlamaForCausalLM", "1000000000"),
    ],
)
def test_errors_of_building_are_one_clause(
    config: dict[str, Any], class_name: str, message: str
) -> None:
    with pytest.raises(CannotBuildError) as caught:
        builder.build(config, class_name)

    assert message in caught.value.message
    assert "\n" not in caught.value.message


def test_a_tree_without_end_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meta, "MAX_MODULES", 1000)

    with pytest.raises(CannotBuildError, match="more than 1000 modules"):
        architecture("llama", "LlamaForCausalLM", num_hidden_layers=90_000)
    assert architecture("llama", "LlamaForCausalLM").modules


def test_a_config_of_another_type_is_read_by_the_class() -> None:
    built = builder.build(tiny_config("mistral").to_dict(), "LlamaForCausalLM")

    assert built.class_name == "LlamaForCausalLM"
    assert built.modules["model.layers.0.self_attn.q_proj"].features == (32, 40)


def test_a_config_of_another_type_is_read_as_it_is_in_the_file() -> None:
    mrope = {
        "type": "mrope",
        "mrope_section": [1, 1, 2],
    }  # `Qwen2VLConfig` replaces it with a default one
    config = tiny_config("qwen2").to_dict() | {"model_type": "qwen2_vl", "rope_scaling": mrope}
    config.pop("rope_parameters", None)

    with pytest.raises(CannotBuildError, match="mrope"):
        builder.build(config, "LlamaForCausalLM")
    assert mrope == {"type": "mrope", "mrope_section": [1, 1, 2]}


@pytest.mark.parametrize(
    ("model_type", "task", "first"),
    [
        ("llama", "CAUSAL_LM", "LlamaForCausalLM"),
        ("llama", "SEQ_CLS", "LlamaForSequenceClassification"),
        ("llama", "TOKEN_CLS", "LlamaForTokenClassification"),
        ("llama", "QUESTION_ANS", "LlamaForQuestionAnswering"),
        ("llama", "FEATURE_EXTRACTION", "LlamaModel"),
        ("t5", "SEQ_2_SEQ_LM", "T5ForConditionalGeneration"),
        ("gpt2", "CAUSAL_LM", "GPT2LMHeadModel"),
    ],
)
def test_the_task_selects_the_class(model_type: str, task: str, first: str) -> None:
    config = {"model_type": model_type, "architectures": ["Other"]}

    assert builder.trusted_classes(config, task) == [first, "Other"]


def test_classes_are_in_order_of_trust() -> None:
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}
    trusted = builder.trusted_classes(config, "SEQ_CLS", saved_class="SavedFrom")
    others = builder.other_classes(config)

    assert trusted == ["SavedFrom", "LlamaForSequenceClassification", "LlamaForCausalLM"]
    assert others[0] == "LlamaModel"
    assert len(others) == len(set(others))
    assert "LlamaForTokenClassification" in others


def test_a_class_that_the_user_names_is_the_only_trusted_one() -> None:
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}

    assert builder.trusted_classes(config, "SEQ_CLS", "Explicit", "SavedFrom") == ["Explicit"]


def test_a_task_without_a_class_uses_the_architectures() -> None:
    config = {"model_type": "whisper", "architectures": ["WhisperForConditionalGeneration"]}

    assert builder.trusted_classes(config, "SEQ_2_SEQ_LM") == ["WhisperForConditionalGeneration"]


@pytest.mark.parametrize(
    "config", [{}, {"model_type": 3}, {"model_type": "nowhere", "architectures": "x"}]
)
def test_configs_that_name_nothing_have_no_candidates(config: dict[str, Any]) -> None:
    assert builder.trusted_classes(config, "CAUSAL_LM") == []
    assert builder.other_classes(config) == []


def test_text_models_of_multimodal_configs_come_last() -> None:
    config = {"model_type": "gemma3", "text_config": {"model_type": "gemma3_text"}}
    others = builder.other_classes(config)

    assert others.index("Gemma3Model") < others.index("Gemma3TextModel")
    assert "Gemma3ForCausalLM" in others


def test_every_candidate_of_a_type_can_be_built() -> None:
    config = tiny_config("qwen2").to_dict()

    for name in builder.other_classes(config):
        assert builder.build(config, name).class_name == name


@pytest.mark.slow
def test_building_says_nothing_and_leaves_no_trace() -> None:
    code = """
import json, logging, os, sys, warnings
events = []
sys.addaudithook(lambda name, args: events.append(name) if name.startswith("socket.") else None)
from loracfg.base.from_library import meta_device as meta
from loracfg.base.from_library import built as builder
config = json.loads(sys.argv[1])
config |= {"auto_map": {"AutoModelForCausalLM": "x--modeling.Evil"}, "_name_or_path": "no/where"}
builder.build(config, "GptOssForCausalLM")
try:
    builder.build({"model_type": "xcodec", "acoustic_model_config": {}}, "XcodecModel")
except builder.CannotBuildError:
    pass
import torch
from huggingface_hub import constants
assert not [e for e in events if e in ("socket.connect", "socket.getaddrinfo")], events
assert torch.empty(1).device.type == "cpu"
assert torch.nn.Linear(2, 2).weight.abs().sum() > 0
assert "HF_HUB_OFFLINE" not in os.environ and not constants.HF_HUB_OFFLINE
assert logging.root.manager.disable == 0
"""
    config = tiny_config("gpt_oss").to_json_string(use_diff=False)
    online = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    done = subprocess.run(
        [sys.executable, "-c", code, config], capture_output=True, text=True, env=online
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr == ""


def test_llama_3_8b_has_its_shapes_without_its_memory() -> None:
    config = {
        "model_type": "llama",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "vocab_size": 128256,
    }
    built = builder.build(config, "LlamaForCausalLM")

    assert sum(module.kind is Kind.LINEAR for module in built.modules.values()) == 32 * 7 + 1
    assert built.modules["model.layers.31.self_attn.k_proj"].features == (4096, 1024)
    assert torch.get_default_dtype() is torch.float32
