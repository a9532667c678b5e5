"""Configs that break each constraint between fields, and configs that do not."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from loracfg.testing.arguments import VARIANTS, Arguments

TARGETS: Final[Arguments] = {"r": 2, "target_modules": ["lin0", "lin1"]}

PARAMETERS: Final[Arguments] = {
    "r": 2,
    "target_modules": [],
    "target_parameters": ["lin0.weight"],
}
LOFTQ: Final[Arguments] = {"init_lora_weights": "loftq"}

BREAKING: Final[list[tuple[str, Arguments]]] = [
    ("no-targets", {"target_modules": []}),
    ("no-targets", {"target_modules": ""}),
    ("layers-of-pattern", {"target_modules": ".*lin0", "layers_to_transform": [0]}),
    ("layers-of-pattern", {"target_modules": ".*lin0", "layers_to_transform": []}),
    ("layers-of-pattern", {"target_modules": ".*lin0", "layers_pattern": []}),
    ("pattern-without-layers", {**TARGETS, "layers_pattern": "layers"}),
    ("pattern-without-layers", {**TARGETS, "layers_pattern": ["layers"]}),
    ("dora-with-megatron", {**TARGETS, "use_dora": True, "megatron_config": {"a": 1}}),
    ("loftq-without-config", {**TARGETS, **LOFTQ}),
    ("lora-bias-with-init", {**TARGETS, "lora_bias": True, "init_lora_weights": "gaussian"}),
    ("lora-bias-with-dora", {**TARGETS, "lora_bias": True, "use_dora": True}),
    (
        "tokens-of-saved-module",
        {
            **TARGETS,
            "trainable_token_indices": {"embed_tokens": [1]},
            "modules_to_save": ["embed_tokens"],
        },
    ),
    ("option-with-parameters", {**PARAMETERS, "lora_dropout": 0.1}),
    ("option-with-parameters", {**PARAMETERS, "fan_in_fan_out": True}),
    ("option-with-parameters", {**PARAMETERS, "lora_bias": True}),
    *(("option-with-parameters", {**PARAMETERS, **one}) for one in VARIANTS.values()),
    *(
        ("exclusive-variants", {**TARGETS, **one, **other})
        for one, other in combinations(VARIANTS.values(), 2)
    ),
]
"""What breaks a constraint, by the name of the conflict."""

KEEPING: Final[list[Arguments]] = [
    TARGETS,
    PARAMETERS,
    {**TARGETS, "layers_to_transform": [0]},
    {**TARGETS, "layers_to_transform": 0, "layers_pattern": "layers"},
    {**TARGETS, "layers_to_transform": [], "layers_pattern": ["layers"]},
    {**TARGETS, "layers_pattern": []},
    {"target_modules": ".*lin0"},
    {**TARGETS, "use_dora": True, "megatron_config": {}},
    {**TARGETS, "lora_bias": True},
    {**TARGETS, "lora_bias": True, "init_lora_weights": False},
    {**TARGETS, "use_dora": True, "init_lora_weights": "gaussian"},
    {**TARGETS, "trainable_token_indices": {"embed_tokens": [1]}, "modules_to_save": ["head"]},
    {**PARAMETERS, "target_modules": ["lin1"], "lora_dropout": 0, "use_dora": False},
    *({**TARGETS, **one} for one in VARIANTS.values()),
]
"""What comes near, and creates an adapter."""
