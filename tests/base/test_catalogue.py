"""The catalogue answers from only a `config.json`, or says why it does not."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.base.architecture import Kind
from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, ResolvedBase
from tests.base.conftest import Save
from tests.base.headers import llama, write_checkpoint
from tests.zoo import tiny_config

Q_PROJ = "model.layers.0.self_attn.q_proj"
LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 32,
    "intermediate_size": 56,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 96,
}


def resolve(folder: Path, *paths: str, **more: Any) -> ResolvedBase:
    return resolve_base(BaseRequest(named=str(folder), paths=frozenset(paths), **more))


def write(folder: Path, **config: Any) -> Path:
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_config_alone_is_enough(tmp_path: Path) -> None:
    found = resolve(write(tmp_path, **LLAMA), Q_PROJ, task_type="CAUSAL_LM")

    assert found.architecture is not None
    assert found.architecture.source == "catalogue"
    assert found.architecture.class_name == "LlamaForCausalLM"
    assert found.architecture.modules[Q_PROJ].features == (32, 32)
    assert found.architecture.modules["model.layers.1.self_attn.v_proj"].features == (32, 16)
    assert found.certain
    assert found.not_checked == ()


def test_it_needs_no_heavy_library(tmp_path: Path) -> None:
    write(tmp_path, **LLAMA)
    code = f"""
import sys
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest
found = resolve_base(BaseRequest(named={str(tmp_path)!r}, paths=frozenset([{Q_PROJ!r}])))
assert found.certain and found.architecture.source == "catalogue"
heavy = {{"torch", "transformers", "numpy", "safetensors", "huggingface_hub"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_task_names_the_class(tmp_path: Path) -> None:
    found = resolve(write(tmp_path, **LLAMA, num_labels=5), Q_PROJ, task_type="SEQ_CLS")

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForSequenceClassification"
    assert found.architecture.modules["score"].features == (32, 5)


def test_labels_may_be_named() -> None:
    named = LLAMA | {"id2label": {"0": "a", "1": "b", "2": "c"}}

    tree = lookup.build(named, "LlamaForSequenceClassification")

    assert tree.modules["score"].features == (32, 3)


def test_missing_keys_have_the_defaults_of_the_class() -> None:
    tree = lookup.build({"model_type": "llama"}, "LlamaForCausalLM")

    assert len([p for p in tree.modules if p.endswith("q_proj")]) == 32
    assert tree.modules["lm_head"].features == (4096, 32000)


def test_unread_keys_do_not_matter() -> None:
    more = {"_name_or_path": "x", "auto_map": {"A": "b"}, "my_own": [1], "torch_dtype": "bfloat16"}

    assert lookup.build(LLAMA | more, "LlamaModel") == lookup.build(LLAMA, "LlamaModel")


def test_quantised_bases_have_the_same_tree() -> None:
    quantised = LLAMA | {"quantization_config": {"quant_method": "gptq", "bits": 4}}

    assert lookup.build(quantised, "LlamaModel") == lookup.build(LLAMA, "LlamaModel")


def test_ties_follow_the_config() -> None:
    tied = lookup.build(LLAMA | {"tie_word_embeddings": True}, "LlamaForCausalLM")
    untied = lookup.build(LLAMA | {"tie_word_embeddings": False}, "LlamaForCausalLM")

    assert (tied.tied, tied.tie_word_embeddings) == (("lm_head",), True)
    assert (untied.tied, untied.tie_word_embeddings) == ((), False)
    assert untied.input_embeddings == "model.embed_tokens"
    assert untied.output_embeddings == "lm_head"


def test_biases_follow_the_config() -> None:
    plain = lookup.build(LLAMA, "LlamaModel").modules["layers.0.self_attn.q_proj"]
    biased = lookup.build(LLAMA | {"attention_bias": True}, "LlamaModel")

    assert list(plain.parameters) == ["weight"]
    assert biased.modules["layers.0.self_attn.q_proj"].parameters["bias"] == (32,)
    assert plain.kind is Kind.LINEAR


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hidden_act": "no-such"}, "there is no activation `no-such`"),
        ({"hidden_size": "32"}, "`hidden_size`"),
        ({"hidden_size": 32.0}, "`hidden_size`"),
        ({"hidden_size": 33}, "requires `?hidden_size % num_attention_heads == 0"),
        ({"num_hidden_layers": 10**7}, "num_hidden_layers"),
        ({"per_layer_config": {"0": {"hidden_size": 8}}}, "`hidden_size` differs per layer"),
        ({"per_layer_config": {"0": {"rms_norm_eps": 0.1}}}, "`rms_norm_eps` differs per layer"),
    ],
)
def test_configs_that_the_class_may_reject_are_declined(
    change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CannotBuildError, match=reason):
        lookup.build(LLAMA | change, "LlamaForCausalLM")


def test_an_unknown_class_is_declined() -> None:
    with pytest.raises(CannotBuildError, match="NoSuchModel"):
        lookup.build(LLAMA, "NoSuchModel")


@pytest.mark.parametrize(
    "model_type", ["no-such", "../llama", "", None, 3, "data", "llama/../llama", [], {}]
)
def test_an_unknown_type_is_a_reason(model_type: Any) -> None:
    assert not lookup.knows(LLAMA | {"model_type": model_type})
    assert lookup.other_classes(LLAMA | {"model_type": model_type}) == []


def test_classes_that_the_catalogue_declines_are_built(tmp_path: Path) -> None:
    part = tiny_config("bert").to_dict()
    declined = {  # its constructor reads the parameters of a `forward`
        "model_type": "encoder-decoder",
        "architectures": ["EncoderDecoderModel"],
        "encoder": part,
        "decoder": part | {"is_decoder": True, "add_cross_attention": True},
    }
    with pytest.raises(CannotBuildError):
        lookup.build(declined, "EncoderDecoderModel")

    found = resolve(write(tmp_path, **declined), "encoder.encoder.layer.0.attention.self.query")

    assert found.architecture is not None
    assert found.architecture.source == "transformers"
    assert found.certain


def test_the_checkpoint_is_not_read_if_the_catalogue_suffices(tmp_path: Path) -> None:
    write(tmp_path, **LLAMA)
    (tmp_path / "model.safetensors").write_bytes(b"no header")
    found = resolve(tmp_path, Q_PROJ, task_type="CAUSAL_LM")

    assert found.architecture is not None
    assert found.architecture.source == "catalogue"
    assert found.faults == ()


def test_a_checkpoint_is_used_if_the_type_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, model_type="my-own", architectures=["MyOwnForCausalLM"])
    write_checkpoint(tmp_path / "model.safetensors", llama())
    found = resolve(tmp_path, Q_PROJ)

    assert found.architecture is not None
    assert found.architecture.source == "checkpoint"


def test_keys_of_the_bare_model_name_the_class_that_they_fit(tmp_path: Path) -> None:
    paths = ("layers.0.self_attn.q_proj", "layers.1.self_attn.q_proj")
    found = resolve(write(tmp_path, **LLAMA), *paths, task_type="CAUSAL_LM")

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForCausalLM"
    assert found.certain
    fits = {fit.class_name: fit for fit in found.alternatives}
    assert fits["LlamaForCausalLM"].matched == 0
    assert fits["LlamaModel"].is_full


def test_a_saved_config_gives_the_real_tree(saved: Save) -> None:
    from loracfg.base.from_library.live_model import architecture_of
    from tests.base.law import differs

    real = saved("llama")

    assert differs(lookup.build(real.config, real.class_name), architecture_of(real.model)) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


KEYS = (
    "hidden_size",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "vocab_size",
    "hidden_act",
    "rope_parameters",
    "rope_scaling",
    "tie_word_embeddings",
    "id2label",
    "num_labels",
    "pad_token_id",
    "is_decoder",
    "d_model",
    "per_layer_config",
    "architectures",
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw imports the classes
@given(data=st.data())
def test_no_config_breaks_the_catalogue(data: st.DataObject) -> None:
    model_type = data.draw(st.sampled_from(["llama", "bert", "bart", "albert"]))
    keys = data.draw(st.lists(st.sampled_from(KEYS), max_size=4))
    config = {"model_type": model_type, "num_hidden_layers": 1, "encoder_layers": 1}
    config |= {key: data.draw(ANYTHING) for key in keys}
    for class_name in lookup.classes(model_type)[:2]:
        with contextlib.suppress(CannotBuildError):
            assert lookup.build(config, class_name).modules


@pytest.mark.parametrize(
    ("class_name", "config"),
    [
        ("FSMTModel", {"model_type": "fsmt", "tgt_vocab_size": 21_012}),
        ("BarkModel", {"model_type": "bark", "fine_acoustics_config": {"vocab_size": 24}}),
        (
            "T5GemmaForConditionalGeneration",
            {"model_type": "t5gemma", "decoder": {"hidden_size": 8}},
        ),
    ],
)
def test_own_ties_that_change_a_shape_are_declined(class_name: str, config: dict[str, Any]) -> None:
    assert lookup.build({"model_type": config["model_type"]}, class_name, "4").modules

    with pytest.raises(CannotBuildError, match="is unknown"):
        lookup.build(config, class_name, "4")


def test_transformers_4_also_creates_the_default_config() -> None:
    parts = {"backbone_config": {"model_type": "sam2_hiera_det_model"}}
    with pytest.raises(CannotBuildError, match="EdgeTamVisionConfig"):
        lookup.build({"model_type": "edgetam_vision_model", **parts}, "EdgeTamVisionModel", "4")
