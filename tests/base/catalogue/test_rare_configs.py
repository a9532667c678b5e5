"""Configs with rare values: the answer is known, and equals that of the installed library."""

from __future__ import annotations

from typing import Any, Final

import pytest
from huggingface_hub.errors import StrictDataclassError

from loracfg.base.catalogue.configs.config_values import LARGEST, LONGEST
from loracfg.base.catalogue.configs.core import to_dict
from loracfg.base.catalogue.evaluation.refusals import REFUSALS, DeclinedError, RefusedError
from loracfg.base.catalogue.index import layout_of
from tests.base.config_law.comparison import difference, plain
from tests.base.config_law.library import Installed
from tests.base.law import LAYOUT

pytestmark = pytest.mark.filterwarnings("ignore")  # warnings of the library

KINDS: Final = {"full_attention": {"rope_type": "default"}, "sliding_attention": None}
XDROPE: Final = {"rope_type": "xdrope", "alpha": 1000.0, "xdrope_section": [16] * 4}
FACTORS: Final = {"short_factor": [1.0] * 48, "long_factor": [1.0] * 48}
LONGROPE: Final = {**FACTORS, "original_max_position_embeddings": 4096}
YARN: Final = {"rope_type": "yarn", "factor": 2.0}

THEIR_ERRORS: Final = (*REFUSALS, RuntimeError, StrictDataclassError)

TAKEN: Final[list[tuple[str, str, dict[str, Any], dict[str, Any]]]] = [
    ("5", "llama", {"torch_dtype": "float16"}, {"dtype": "float16"}),
    ("5", "llama", {"_attn_implementation_internal": "x"}, {"_attn_implementation": None}),
    ("5", "llama", {"a": {"__float__": 1}}, {"a": {"__float__": 1}}),
    ("5", "phi3", {"rope_scaling": {"type": "su", **LONGROPE}}, {}),
    ("5", "cohere_compass_text", {"rope_parameters": {**KINDS, "rope_theta": 3.0}}, {}),
    ("5", "llama", {"per_layer_config": {"0": {"skip": []}}}, {"is_heterogeneous": True}),
    ("5", "table-transformer", {"backbone": None, "backbone_kwargs": {"a": 1}}, {}),
    ("5", "resnet", {"_out_indices": [1], "_out_features": ["stage2"]}, {}),
    ("4", "llama", {"torch_dtype": "float16"}, {"dtype": "float16"}),
    ("4", "llama", {"rope_scaling": YARN}, {"rope_scaling": YARN}),
    ("4", "llama", {"rope_scaling": {"rope_type": "proportional"}}, {}),
    ("4", "dbrx", {"attn_config": {"clip_qkv": 8, "model_type": "x"}}, {"hidden_size": 2048}),
    ("4", "mpt", {"attn_config": {"attn_type": "multiquery_attention"}}, {"hidden_size": 2048}),
]
"""Layout, type, values, and some attributes of the config."""
REFUSED: Final[list[tuple[str, str, dict[str, Any], str]]] = [
    ("5", "phi3", {"rope_scaling": {"type": "su", **FACTORS}}, "`longrope` need short_factor"),
    (
        *("5", "hunyuan_vl_text"),
        {"rope_parameters": {**XDROPE, "mrope_section": [16, 16, 16, 15]}},
        "`xdrope_section` and `mrope_section` differ",
    ),
    (
        *("5", "llama", {"output_attentions": True, "attn_implementation": "sdpa"}),
        "`output_attentions` needs `attn_implementation` `eager`",
    ),
    (
        *("5", "llama", {"per_layer_config": {"0": {"output_attentions": True}}}),
        "`output_attentions` differs per layer",
    ),
    (
        *("5", "llama"),
        {"per_layer_config": {"0": {"sliding_window": 3, "attention_chunk_size": 4}}},
        "layer 0 has both sliding_window and attention_chunk_size",
    ),
    ("5", "llama", {"per_layer_config": {"0": {"skip": "mlp"}}}, "`skip` is not a list of names"),
    ("5", "llama", {"per_layer_config": {"0": {"skip": [1]}}}, "`skip` is not a list of names"),
    ("5", "llama", {"per_layer_config": {"0": {"new": 1}}}, "`new` has no value for all layers"),
    ("5", "llama", {"decoder": {}, "text_config": {}}, "`decoder` and `text_config` are both"),
    ("5", "funnel", {"num_hidden_layers": 3}, "NotImplementedError"),
    ("5", "pocket_tts_audio_tokenizer", {"frame_size": 3}, "AttributeError"),
    ("5", "resnet", {"out_features": "stage1"}, "`out_features` are not stages in order"),
    ("5", "resnet", {"out_indices": 3}, "`out_indices` is not a list"),
    (
        *("5", "resnet", {"out_indices": [1, 2], "out_features": ["stage1"]}),
        "`out_features` and `out_indices` differ",
    ),
    ("5", "llama", {"layer_types": {"full_attention": 1}}, "`layer_types` has 1 items, not 32"),
    ("4", "xlnet", {"max_position_embeddings": 3}, "NotImplementedError"),
    ("4", "llama", {"problem_type": "x"}, "`problem_type` is not a known one"),
    ("4", "gemma3_text", {"layer_types": ["x"]}, "`layer_types` has an unknown type"),
    ("4", "gemma3_text", {"layer_types": ["full_attention"]}, "a different number of layers"),
    ("4", "gptsan-japanese", {"output_attentions": True}, "no _attn_implementation"),
    ("4", "dbrx", {"ffn_config": {"new": 2}}, "the class requires"),
]
"""Layout, type, values, and the reason."""
DECLINED: Final[list[tuple[str, str, dict[str, Any], str]]] = [
    ("5", "llama", {"a": LARGEST}, "the config has a number that is too large"),
    ("5", "llama", {"a": "x" * (LONGEST + 1)}, "the config has a string that is too long"),
    ("5", "llama", {"attribute_map": {"hidden_size": "intermediate_size"}}, "`attribute_map`"),
    ("5", "vitpose", {"backbone_config": {"model_type": "inkling2"}}, "its own way from a dict"),
    ("5", "hunyuan_vl_text", {"rope_parameters": XDROPE}, "what the library does unless"),
    (
        *("5", "hunyuan_vl_text"),
        {"rope_parameters": {**XDROPE, "mrope_section": [16] * 4}},
        "what the library does unless",
    ),
    ("4", "esm", {"is_folding_model": True}, "`EsmConfig` has no defaults that are known"),
]
"""Layout, type, values, and the reason."""


def ours(layout: str, model_type: str, values: dict[str, Any]) -> Any:
    return layout_of(layout).library_configs.config({"model_type": model_type, **values})


def theirs(model_type: str, values: dict[str, Any]) -> Any:
    return Installed().make(model_type, {"model_type": model_type, **values})


@pytest.mark.parametrize(("layout", "model_type", "values", "attributes"), TAKEN)
def test_taken(
    layout: str, model_type: str, values: dict[str, Any], attributes: dict[str, Any]
) -> None:
    config = ours(layout, model_type, values)
    assert {name: config.read(name) for name in attributes} == attributes
    if layout == LAYOUT:
        assert difference(plain(config), plain(theirs(model_type, values))) is None


@pytest.mark.parametrize(("layout", "model_type", "values", "reason"), REFUSED)
def test_refused(layout: str, model_type: str, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        ours(layout, model_type, values)
    if layout == LAYOUT:
        with pytest.raises(THEIR_ERRORS):
            theirs(model_type, values)


@pytest.mark.parametrize(("layout", "model_type", "values", "reason"), DECLINED)
def test_declined(layout: str, model_type: str, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(DeclinedError, match=reason):
        ours(layout, model_type, values)


@pytest.mark.skipif(LAYOUT != "5", reason="layers only differ in transformers 5")
@pytest.mark.parametrize(
    ("layers", "more"),
    [
        ([{"output_attentions": True}, {}], {}),
        ([{"output_attentions": True}, {}], {"attn_implementation": "sdpa"}),
        ([{"output_attentions": True}, {}], {"attn_implementation": "eager"}),
        ([{"output_attentions": 0}, {"output_attentions": None}], {"output_attentions": True}),
        ([{"rope_scaling": {"rope_type": "linear", "factor": 3.0}}, {"rope_scaling": None}], {}),
        ([{"rope_scaling": 3}, {}], {}),
        ([{"per_layer_config": None}, {"per_layer_config": {"0": {"hidden_act": "relu"}}}], {}),
        ([{"new": 1}, {"new": 1}], {}),
        ([{"new": 1}, {"new": 2}], {}),
    ],
)
def test_layers_have_the_attributes_of_the_library(
    layers: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    values = {
        "num_hidden_layers": len(layers),
        "allow_global_per_layer_attribute_access": True,
        "rope_scaling": {"rope_type": "linear", "factor": 2.0},
        "per_layer_config": {str(number): one for number, one in enumerate(layers)},
        **more,
    }
    whole, expected = ours("5", "llama", values), theirs("llama", values)
    assert difference(plain(whole), plain(expected)) is None
    for number in range(len(layers)):
        try:
            wanted = expected.per_layer_config[number]
        except THEIR_ERRORS:
            with pytest.raises((RefusedError, *REFUSALS)):
                whole.read("per_layer_config")[number]
        else:
            own = whole.read("per_layer_config")[number]
            assert difference(plain(own), plain(wanted)) is None


@pytest.mark.skipif(LAYOUT != "5", reason="the facts of the tested configs are of transformers 5")
@pytest.mark.parametrize("model_type", ["llama", "llava", "swin", "encoder-decoder", "rag"])
def test_configs_become_dicts_as_in_the_library(model_type: str) -> None:
    expected = theirs(model_type, {}).to_dict() | {"transformers_version": None}
    assert difference(plain(to_dict(ours("5", model_type, {}))), plain(expected)) is None


@pytest.mark.parametrize(
    ("model_type", "values"),
    [
        ("gemma3_text", {}),
        ("gemma3", {}),
        ("llama", {"per_layer_config": {"0": {"hidden_act": "relu"}}}),
    ],
)
def test_dicts_of_some_configs_are_declined(model_type: str, values: dict[str, Any]) -> None:
    with pytest.raises(DeclinedError, match="as a dict"):
        to_dict(ours("5", model_type, values))
