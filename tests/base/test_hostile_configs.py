"""For any config, the catalogue soon answers or declines, and keeps nothing."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import LAYOUTS
from loracfg.base.class_builder import MAX_CLASSES, CannotBuildError
from loracfg.document.plain import MAX_DEPTH
from tests.base.default_configs import default_config

TYPES: Final = [
    "llama",
    "qwen2_moe",
    "bert",
    "t5",
    "clip",
    "whisper",
    "mamba2",
    "gemma3",
    "deepseek_v3",
    "videomae",
    "swin",
    "wav2vec2",
]
SMALL: Final[dict[str, Any]] = {
    "num_hidden_layers": 2,
    "num_layers": 2,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "depths": [1, 1],
    "num_frames": 2,
    "decoder_num_hidden_layers": 1,
    "decoder_hidden_size": 8,
}
ODD_KEYS: Final = [
    "__class__",
    "__dict__",
    "__init__",
    "__setattr__",
    "__validators__",
    "_modules",
    "_source",
    "_born",
    "_walk",
    "validate",
    "to_dict",
    "update",
    "attribute_map",
    "model_type",
    "sub_configs",
    "base_config_key",
    "architectures",
    "id2label",
    "num_labels",
    "label2id",
    "tie_word_embeddings",
    "rope_scaling",
    "rope_parameters",
    "layer_types",
    "text_config",
    "vision_config",
    "pruned_heads",
    "self",
    "cls",
    "kwargs",
    "args",
    "config",
    "gradient_checkpointing",
    "backbone_config",
    "use_pretrained_backbone",
    "quantization_config",
    "dtype",
    "name_or_path",
]
SECONDS: Final = 1
BYTES: Final = 150 * 2**20

NUMBER: Final = st.one_of(
    st.integers(-2, 16),
    st.sampled_from([10**4, 99_999, 10**5, 10**6, 10**7, 10**9, 10**12, 2**31, 2**63, 10**30]),
    st.sampled_from([0.0, 0.5, -1.0, 1e30, float("inf"), float("nan")]),
)
LEAF: Final = (
    NUMBER
    | st.sampled_from([None, True, False])
    | st.sampled_from(
        ["", "gelu", "x" * 1000, "full_attention", "linear", "yarn", "llama3", "group", "\ud800"]
    )
)
VALUE: Final[st.SearchStrategy[Any]] = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["0", "a", "factor", "rope_type", *ODD_KEYS]), inner)
    ),
    max_leaves=6,
)


@cache
def keys_of(model_type: str, layout: str) -> tuple[str, ...]:
    return tuple(default_config(model_type, layout))


def small(model_type: str, layout: str) -> dict[str, Any]:
    own = keys_of(model_type, layout)
    return {"model_type": model_type, **{k: v for k, v in SMALL.items() if k in own}}


def built(config: dict[str, Any], class_name: str, layout: str) -> Architecture:
    """Build without the cache."""
    return lookup.build_uncached(config, class_name, layout)


@cache
def usual(model_type: str, layout: str) -> Architecture:
    return built(small(model_type, layout), lookup.classes(model_type, layout)[0], layout)


@st.composite
def hostile(draw: st.DrawFn) -> tuple[str, str, dict[str, Any], str]:
    """Draw a layout, a model type, a config with a few values that no model has, and a class."""
    layout = draw(st.sampled_from(LAYOUTS))
    model_type = draw(st.sampled_from(TYPES))
    config = small(model_type, layout)
    key = st.sampled_from(keys_of(model_type, layout)) | st.sampled_from([*ODD_KEYS, *TYPES])
    config |= draw(st.dictionaries(key, VALUE, min_size=1, max_size=3))
    if draw(st.integers(0, 9)) == 0:
        config["model_type"] = draw(st.sampled_from([*TYPES, "no_type"]))
    return layout, model_type, config, draw(st.sampled_from(lookup.classes(model_type, layout)))


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    for layout in LAYOUTS:
        for model_type in TYPES:
            usual(model_type, layout)


@given(hostile())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hostile_configs_are_answered_or_declined(
    drawn: tuple[str, str, dict[str, Any], str],
) -> None:
    layout, model_type, config, class_name = drawn
    given_config = repr(config)
    start = time.process_time()

    with contextlib.suppress(CannotBuildError):
        built(config, class_name, layout)
    assert time.process_time() - start < SECONDS
    assert repr(config) == given_config

    first = lookup.classes(model_type, layout)[0]
    assert built(small(model_type, layout), first, layout) == usual(model_type, layout)


def nested(depth: int) -> Any:
    value: Any = 1
    for number in range(depth):
        value = [value] if number % 2 else {"text_config": value}
    return value


WORST: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "layers": ({"model_type": "llama", "num_hidden_layers": 100_000}, "LlamaForCausalLM"),
    "experts": (
        {"model_type": "qwen2_moe", "num_hidden_layers": 100_000, "num_experts": 100_000},
        "Qwen2MoeForCausalLM",
    ),
    "blocks": ({"model_type": "t5", "num_layers": 100_000}, "T5ForConditionalGeneration"),
    "layers that differ": (
        {"model_type": "big_bird", "num_hidden_layers": 100_000},
        "BigBirdModel",
    ),
    "stages": (
        {
            "model_type": "pp_ocrv5_mobile_rec",
            "backbone_config": {"model_type": "pp_lcnet_v3", "conv_symmetric_num": 100_000},
        },
        "PPOCRV5MobileRecModel",
    ),
    "stages that differ": (
        {
            "model_type": "pp_ocrv5_mobile_det",
            "backbone_config": {"model_type": "pp_lcnet_v3", "conv_symmetric_num": 100_000},
        },
        "PPOCRV5MobileDetForObjectDetection",
    ),
    "names": (
        {
            "model_type": "xmod",
            "languages": [f"{number}{'x' * 3_000}" for number in range(20)],
            "num_hidden_layers": 1_500,
        },
        "XmodModel",
    ),
    "depth": ({"model_type": "llama", "rope_parameters": nested(MAX_DEPTH)}, "LlamaModel"),
    "depths": ({"model_type": "swin", "depths": [100_000, 100_000]}, "SwinModel"),
    "many depths": ({"model_type": "swin", "depths": [2] * 100_000}, "SwinModel"),
    "positions": (
        {"model_type": "videomae", "image_size": 10**6, "hidden_size": 10**6},
        "VideoMAEModel",
    ),
    "labels": ({"model_type": "bert", "num_labels": 10**7}, "BertForSequenceClassification"),
    "huge labels": ({"model_type": "bert", "num_labels": 10**12}, "BertForSequenceClassification"),
    "layer types": (
        {"model_type": "gemma3", "text_config": {"layer_types": ["full_attention"] * 150_000}},
        "Gemma3ForConditionalGeneration",
    ),
    "convolutions": (
        {
            "model_type": "wav2vec2",
            "conv_dim": [8] * 60_000,
            "conv_stride": [1] * 60_000,
            "conv_kernel": [1] * 60_000,
            "num_feat_extract_layers": 60_000,
        },
        "Wav2Vec2Model",
    ),
    "pattern": (
        {"model_type": "gemma3", "text_config": {"sliding_window_pattern": 10**30}},
        "Gemma3ForConditionalGeneration",
    ),
}

PROGRAM: Final = f"""
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_DATA, ({BYTES}, {BYTES}))
from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import MAX_CLASSES, CannotBuildError
config, name = json.load(sys.stdin)
start = time.process_time()
try:
    lookup.build(config, name)
except CannotBuildError as error:
    assert not isinstance(error.__cause__, MemoryError), "it takes too much memory"
assert time.process_time() - start < {SECONDS}, f"it took {{time.process_time() - start}} seconds"
"""


@pytest.mark.parametrize("case", WORST)
def test_the_worst_configs_take_neither_time_nor_memory(case: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(WORST[case]),
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_only_a_few_of_many_names_and_parts_are_tried() -> None:
    parts = {f"part{n}": {"model_type": name} for n, name in enumerate(lookup.model_types())}
    named = [f"b{n}" for n in range(50_000)]
    config = {"model_type": "bert", "architectures": named, **parts}
    assert lookup.trusted_classes(config) == named[:MAX_CLASSES]
    looked_at = [name for name, _ in lookup.candidates(config)]
    assert looked_at == ["bert", *lookup.model_types()[:16]]
