"""Features that a config or the list of files tells, and what paths tell of the base."""

from __future__ import annotations

from typing import Final

from loracfg.base.architecture import Kind, Module
from loracfg.runtimes.features import features_of
from tests.runtimes.making import NO_BASE, pair, pairs, served, with_modules

OF_CONFIG: Final = """
    bias modules_to_save modules_to_save_besides_heads repeated_targets nested_targets
    no_target_modules zero_alpha float_alpha kasa lora_bias regex_targets all_linear quantised_base
    changed_base alpha_missing peft_type_missing base_missing
"""
OF_FILES: Final = """
    orphan_factor pickled both_formats several_weight_files lora_metadata unknown_metadata
"""
OF_PATHS: Final = """
    moved_modules nothing_fits inner_paths outer_paths short_paths unnamed_modules extra_layers
    smaller_factors larger_factors
"""
Q, V, K = (f"model.layers.0.self_attn.{name}_proj" for name in "qvk")
INNER: Final = r"rename model\.layers -> model.language_model.layers"


def targets(*named: str) -> str:
    return f'config {{"target_modules": {list(named)}}}'.replace("'", '"')


def metadata(*keys: str) -> str:
    inner = ", ".join(rf"\"{key}\": 4" for key in keys)
    return f'metadata {{"lora_adapter_metadata": "{{{inner}}}"}}'


CASES: Final = [
    (OF_CONFIG, (), ""),
    (OF_CONFIG, ("config text {",), ""),
    (OF_CONFIG, ('config {"bias": "all"}',), "bias"),
    (OF_CONFIG, ('config {"modules_to_save": ["score"]}',), "modules_to_save"),
    (
        OF_CONFIG,
        ('config {"modules_to_save": ["score", "x"]}',),
        "modules_to_save modules_to_save_besides_heads",
    ),
    (OF_CONFIG, (targets("a.q_proj", "v_proj"),), "nested_targets"),
    (OF_CONFIG, (targets("a.q_proj", "q_proj"),), "nested_targets"),
    (OF_CONFIG, (targets("a.q_proj", "b.q_proj"),), "nested_targets repeated_targets"),
    (OF_CONFIG, (targets("a.q_proj", "b.q_proj", "a.v_proj"),), "nested_targets repeated_targets"),
    (OF_CONFIG, ('config {"target_modules": "a.q_proj"}',), "regex_targets"),
    (OF_CONFIG, ('config {"target_modules": "all-linear"}',), "all_linear"),
    (OF_CONFIG, ('config {"target_modules": null}',), "no_target_modules"),
    (OF_CONFIG, ('config {"lora_alpha": 0}',), "zero_alpha"),
    (OF_CONFIG, ('config {"lora_alpha": 1}',), ""),
    (OF_CONFIG, ('config {"lora_alpha": -1}',), ""),
    (OF_CONFIG, ('config {"lora_alpha": 8.0}',), "float_alpha"),
    (OF_CONFIG, ('config {"kasa_config": {}}',), "kasa"),
    (OF_CONFIG, ('config {"lora_bias": true}',), "lora_bias"),
    (OF_CONFIG, ('config {"base_model_name_or_path": "x/y-AWQ"}',), "quantised_base"),
    (OF_CONFIG, ('config {"base_model_name_or_path": null}',), ""),
    (OF_CONFIG, ('config {"init_lora_weights": "pissa"}',), "changed_base"),
    (OF_CONFIG, ('config {"init_lora_weights": "gaussian"}',), ""),
    (OF_CONFIG, ('config {"init_lora_weights": "lora_ga"}',), ""),
    (OF_CONFIG, ('config {"init_lora_weights": false}',), ""),
    (OF_CONFIG, ('config without "lora_alpha"',), "alpha_missing"),
    (OF_CONFIG, ('config without "peft_type"',), "peft_type_missing"),
    (OF_CONFIG, ('config without "base_model_name_or_path"',), "base_missing"),
    (OF_FILES, (), ""),
    (OF_FILES, ("drop layers.0.*q_proj.lora_B",), "orphan_factor"),
    (OF_FILES, ("weights pickled",), "pickled"),
    (OF_FILES, ("weights none",), ""),
    (OF_FILES, ("file adapter_model.bin x",), "both_formats"),
    (OF_FILES, ("file adapter_model.bin x", "config none"), "both_formats"),
    (OF_FILES, ("file other.bin x",), ""),
    (OF_FILES, ("file other.safetensors x",), "several_weight_files"),
    (OF_FILES, ("file other.safetensors x", "weights pickled"), "pickled"),
    (OF_FILES, (metadata("r", "peft_version", "enable_lora", "use_dora"),), "lora_metadata"),
    (OF_FILES, (metadata("r", "dora"),), "lora_metadata unknown_metadata"),
    (OF_PATHS, (), ""),
    (OF_PATHS, (NO_BASE, *pair("nowhere")), ""),
    (OF_PATHS, pair("nowhere"), "unnamed_modules"),
    (OF_PATHS, pairs("nowhere"), "unnamed_modules nothing_fits"),
    (OF_PATHS, pairs(Q, "nowhere"), "unnamed_modules smaller_factors"),
    (OF_PATHS, pairs("lm_head.nowhere", Q), "unnamed_modules smaller_factors"),
    (OF_PATHS, pair(Q.replace("0", "2")), "extra_layers"),
    (OF_PATHS, (INNER,), "moved_modules nothing_fits inner_paths"),
    (OF_PATHS, (INNER, *pair(f"x.{K}")), "moved_modules nothing_fits"),
    (
        OF_PATHS,
        (r"rename model\.model\.layers -> model.layers",),
        "moved_modules nothing_fits short_paths",
    ),
    (
        OF_PATHS,
        (r"rename model\.model\.layers -> model.layers", *pair(f"x.{K}")),
        "moved_modules nothing_fits",
    ),
    (OF_PATHS, ("reshape q_proj.lora_B -> [25, 4]",), "larger_factors"),
    (OF_PATHS, ("reshape q_proj.lora_B -> [23, 4]",), "smaller_factors"),
    (
        OF_PATHS,
        ("reshape q_proj.lora_B -> [23, 4]", "reshape v_proj.lora_B -> [13, 4]"),
        "smaller_factors larger_factors",
    ),
]


def on_layer(*weight: int) -> set[str]:
    """Return the features of an adapter for a layer of GPT-2's kind."""
    layer = Module("attn", Kind.CONV1D_GPT2, "Conv1D", {"weight": weight})
    return set(features_of(with_modules(served(*pairs("attn")), layer)))


def test_features_differ_from_near_misses() -> None:
    for group, lines, wanted in CASES:
        found = features_of(served(*lines))
        assert {name for name in group.split() if found.get(name)} == set(wanted.split()), lines
    assert on_layer(16, 16) - on_layer(16, 48) == {"square_transposed_lora"}
    assert "transposed_lora" in on_layer(16, 48) - on_layer(16, 16)
