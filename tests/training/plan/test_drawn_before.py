"""What `python -m tests.training.plan.drawn` found once: plans and PEFT agree on it."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from loracfg.base.catalogue import lookup
from loracfg.base.from_library.built import model_of
from tests.training.plan.drawn import compare

transformers = pytest.importorskip("transformers")
pytest.importorskip("peft", reason="plans are compared with PEFT")

_SIZES: Final = {"hidden_size": 16, "intermediate_size": 16, "num_attention_heads": 2}
_SEAMLESS: Final = {
    **{f"{part}_layers": 1 for part in ("speech_encoder", "encoder", "decoder")},
    **{f"t2u_{part}_layers": 1 for part in ("encoder", "decoder")},
    **{f"{part}_ffn_dim": 16 for part in ("encoder", "decoder", "t2u_encoder", "t2u_decoder")},
    **{f"{part}_attention_heads": 2 for part in ("speech_encoder", "encoder", "decoder")},
    **{f"t2u_{part}_attention_heads": 2 for part in ("encoder", "decoder")},
    **{f"{part}vocab_size": 50 for part in ("", "t2u_", "char_")},
    "hidden_size": 16,
    "speech_encoder_hidden_size": 16,
    "speech_encoder_intermediate_size": 16,
}
_DENSE: Final = {
    **_SIZES,
    "num_hidden_layers": 2,
    "num_key_value_heads": 2,
    "vocab_size": 50,
    "moe_layer_start_index": 9,
    "moe_layer_end_index": 9,
}
_AUDIO: Final = {**_SIZES, "num_hidden_layers": 1, "vocab_size": 50}

CASES: Final[dict[str, tuple[str, str, dict[str, Any], dict[str, Any], str]]] = {
    "ties to layers inside others": (
        "seamless_m4t_v2",
        "SeamlessM4Tv2ForTextToSpeech",
        _SEAMLESS,
        {"r": 2, "target_modules": ["q_proj", "embed_tokens"], "ensure_weight_tying": True},
        "equal",
    ),
    "ties to layers of another size": (
        "seamless_m4t_v2",
        "SeamlessM4Tv2ForTextToSpeech",
        _SEAMLESS | {"vocab_size": 60},
        {"r": 2, "target_modules": ["lm_head"], "ensure_weight_tying": True},
        "equal",
    ),
    "converted targets without experts": (
        "ernie4_5_moe",
        "Ernie4_5_MoeForCausalLM",
        _DENSE,
        {"r": 2, "target_modules": ["q_proj", "gate_proj", "up_proj", "down_proj"]},
        "equal",
    ),
    "one of two fused targets without experts": (
        "ernie4_5_moe",
        "Ernie4_5_MoeForCausalLM",
        _DENSE,
        {"r": 2, "target_modules": ["q_proj", "gate_proj"]},
        "refused",
    ),
    "tokens of a class without embedding": (
        "data2vec-audio",
        "Data2VecAudioForCTC",
        _AUDIO,
        {"r": 2, "target_modules": ["q_proj"], "trainable_token_indices": [0, 1]},
        "refused",
    ),
    "tokens of an embedding tied to a layer that is saved": (
        "ernie",
        "ErnieForMaskedLM",
        _AUDIO,
        {"r": 2, "target_modules": ["value"], "modules_to_save": ["predictions"]}
        | {"trainable_token_indices": [0, 7], "ensure_weight_tying": True},
        "refused",
    ),
    "tokens of an embedding inside a saved module": (
        "ernie",
        "ErnieForMaskedLM",
        _AUDIO,
        {"r": 2, "target_modules": ["value"], "modules_to_save": ["embeddings"]}
        | {"trainable_token_indices": [0, 7]},
        "refused",
    ),
    "tokens of a named embedding inside a saved module": (
        "ernie",
        "ErnieForMaskedLM",
        _AUDIO,
        {"r": 2, "target_modules": ["value"], "modules_to_save": ["embeddings"]}
        | {"trainable_token_indices": {"word_embeddings": [0, 7]}},
        "refused",
    ),
    "biases of attention and of the layer inside it": (
        "phi4_multimodal_vision",
        "Phi4MultimodalVisionModel",
        _SIZES | {"num_hidden_layers": 1},
        {"r": 2, "target_modules": ["attention", "out_proj"], "bias": "lora_only"},
        "equal",
    ),
    "a bias tied to one that is not adapted": (
        "bert",
        "BertLMHeadModel",
        _AUDIO,
        {"r": 2, "target_modules": ["decoder", "value"], "bias": "lora_only"},
        "equal",
    ),
    "tokens of an embedding that is saved with the module around it": (
        "videoprism_text_model",
        "VideoPrismTextModel",
        _AUDIO,
        {"r": 2, "target_modules": ["o_proj"], "modules_to_save": ["embeddings"]}
        | {"trainable_token_indices": [0, 7]},
        "equal",
    ),
    "parametrizations to save": (
        "wavlm",
        "WavLMModel",
        _AUDIO | {"conv_dim": [16], "conv_kernel": [2], "conv_stride": [2]},
        {"r": 2, "target_modules": ["q_proj"], "modules_to_save": ["weight"]},
        "refused",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    model_type, class_name, sizes, values, result = CASES[name]
    given = transformers.AutoConfig.for_model(model_type, **sizes).to_dict()
    config = json.loads(json.dumps(given, default=lambda value: value.to_dict()))
    base = lookup.build(json.loads(json.dumps(config)), class_name)
    found = compare(base, model_of(config, class_name), values, "float32")
    assert (found.result, found.why if result == "equal" else "") == (result, "")
