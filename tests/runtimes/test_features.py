"""The features that engines see of an adapter, each with what comes near to it.

A feature with `?` is one that only the base would tell.
"""

from __future__ import annotations

from typing import Final

import pytest

from loracfg.config.history.field_table import RESULTS
from loracfg.runtimes.features import FEATURES, features_of
from tests.runtimes.making import NAME, NO_BASE, experts, pair, saved, served

SEEN_OTHERWISE: Final = {
    "arrow_config",
    "enable_lora",
    "ensure_weight_tying",
    "exclude_modules",
    "fan_in_fan_out",
    "layers_pattern",
    "layers_to_transform",
    "megatron_config",
    "peft_type",
    "task_type",
    "trainable_token_indices",
}
"""Fields that choose modules or a class, or that tensors show, or that no released file sets."""

Q: Final = f"{NAME}.model.layers.0.self_attn.q_proj"


def features(*lines: str) -> set[str]:
    found = features_of(served(*lines))
    return {name if held else f"{name}?" for name, held in found.items()}


def metadata(text: str) -> str:
    return f'metadata {{"lora_adapter_metadata": "{text}"}}'


def test_engines_are_asked_about_every_field_that_affects_the_result() -> None:
    keys = {feature.key for feature in FEATURES.values()}
    missing = RESULTS.keys() - keys - SEEN_OTHERWISE
    assert not missing, (
        "add features of these to loracfg/runtimes/features.py, and facts of engines"
    )
    assert RESULTS.keys() - keys >= SEEN_OTHERWISE


def test_features_of_the_default_example() -> None:
    assert features() == {"own_head"}
    assert features(NO_BASE) == {"expert_base?", "own_head?", "tied_base?"}
    assert features('base {"tied": true}') == {"tied_base"}
    assert features('base {"vision": 2, "biases": true}') == {"own_head"}


@pytest.mark.parametrize(
    ("lines", "added"),
    [
        (
            (saved("model.x.lora_embedding_A", 4, 32), saved("model.x.lora_embedding_B", 16, 4)),
            "embedding_lora unnamed_modules untargeted_layers vocabulary_lora",
        ),
        (
            pair("model.embed_tokens"),
            "embedding_lora other_vocabulary smaller_factors untargeted_layers vocabulary_lora",
        ),
        (pair("lm_head", 32), "head_lora untargeted_layers vocabulary_lora"),
        (("rename model.layers -> model.h",), "moved_modules nothing_fits other_layers"),
        # modules that are saved whole
        ((saved("lm_head.weight", 32, 16),), "saved_embeddings"),
        ((saved("lm_head.weight", 33, 16),), "other_vocabulary saved_embeddings"),
        ((saved("lm_head.weight", 33),), "saved_embeddings"),
        ((saved("lm_head.base_layer.weight", 32, 16),), ""),
        ((saved("model.norm.weight", 33, 16),), "saved_norms"),
        ((saved("score.weight", 2, 16),), "headless_base saved_head"),
        ((saved("x.weight", 2, 16),), "saved_others"),
        # biases and parts of layers
        ((saved("lm_head.bias", 33),), "saved_biases"),
        ((f"tensor {Q}.bias F32 [24]",), "saved_biases"),
        ((f"tensor {Q}.bias F32 [24]", f"tensor {Q}.weight F32 [24, 16]"), "saved_others"),
        ((f"tensor {Q}.lora_B.bias F32 [24]",), "factor_biases"),
        ((f"tensor {Q}.lora_magnitude_vector F32 [24]",), "magnitudes"),
        (
            (f"tensor {Q}.lora_magnitude_vector F32 [24]", 'config {"use_dora": true}'),
            "use_dora",
        ),
        (("drop lora_", "tensor x.weight F32 [1]"), "no_factors"),
        (
            (
                *("drop lora_", "tensor x.weight F32 [1]"),
                'config {"target_modules": "dummy-target-modules"}',
            ),
            "regex_targets saved_others",
        ),
        (("rename ^base_model.model. ->",), "prefix_missing"),
        # modules and layers without the others
        (("drop v_proj",), "q_without_v"),
        (("drop q_proj",), "v_without_q"),
        (("drop layers.1",), "partial_layers"),
        (("drop layers.1.*v_proj",), "partial_layers q_without_v"),
        # ranks and targets
        (
            ("reshape q_proj.lora_A -> [8, 16]", "reshape q_proj.lora_B -> [24, 8]"),
            "other_ranks",
        ),
        (('config {"rank_pattern": {"q_proj": 8}}',), "other_ranks rank_pattern"),
        # OLoRA has no more ranks than the layer has inputs and outputs, but of an embedding
        (('made with {"init_lora_weights": "olora", "r": 20}',), "changed_base"),
        (
            (
                'made with {"init_lora_weights": "olora", "r": 20}',
                *("reshape q_proj.lora_A -> [12, 16]", "reshape q_proj.lora_B -> [24, 12]"),
            ),
            "changed_base other_ranks",
        ),
        (
            (
                'made with {"init_lora_weights": "olora", "r": 20}',
                'made with {"target_modules": ["embed_tokens"]}',
            ),
            "changed_base embedding_lora vocabulary_lora",
        ),
        (('config {"target_modules": ["q_proj"]}',), "untargeted_layers"),
        (
            ('config {"target_modules": ["q_proj"], "target_parameters": ["x"]}',),
            "target_parameters",
        ),
        (('config {"target_modules": ["q_proj"], "ensure_weight_tying": true}',), ""),
        ((metadata(r"{\"r\": 8}"),), "lora_metadata other_metadata_rank"),
        ((metadata(r"{\"r\": 4}"),), "lora_metadata"),
        ((metadata(r"{\"r\": 8, \"rank_pattern\": {\"a\": 1}}"),), "lora_metadata"),
        # files and tokens
        (("file added_tokens.json {}",), ""),
        (('file added_tokens.json {"<a>": 31}',), "added_tokens"),
        (('file added_tokens.json {"<a>": 32}',), "added_tokens new_tokens"),
        (("file added_tokens.json x",), "added_tokens? new_tokens?"),
        (("weights pickled",), "pickled"),
        (("file adapter_model.bin x",), "both_formats"),
        (("file other.safetensors x",), "several_weight_files"),
        # towers and experts
        (('base {"vision": 2}', *pair("projector")), "tower_lora untargeted_layers"),
        (
            ('base {"experts": 2}', *experts(0, 1)),
            "expert_base partial_layers single_experts smaller_factors",
        ),
        (
            ('base {"experts": 3}', *experts(0, 1)),
            "expert_base partial_experts partial_layers single_experts smaller_factors",
        ),
    ],
)
def test_features_on_a_base(lines: tuple[str, ...], added: str) -> None:
    assert features(*lines) == {"own_head", *added.split()}


@pytest.mark.parametrize(
    ("lines", "added"),
    [
        ((r"rename layers.(\d) -> block\1",), ""),
        (("drop layers.0",), "partial_layers?"),
        (("drop layers.1",), ""),
        (('config {"layers_to_transform": [0, 1]}',), "partial_layers?"),
        (('file added_tokens.json {"<a>": 32}',), "added_tokens new_tokens?"),
        (("rename model.layers -> vision_tower.layers",), "tower_lora?"),
        (tuple(experts(0, 1)), "partial_experts? partial_layers? single_experts"),
        (tuple(experts(0, 2)), "partial_experts partial_layers? single_experts"),
    ],
)
def test_features_without_a_base(lines: tuple[str, ...], added: str) -> None:
    assert features(NO_BASE, *lines) == {"expert_base?", "own_head?", "tied_base?", *added.split()}
