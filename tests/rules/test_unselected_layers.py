"""Layers with tensors that the config leaves out, and the field that does so."""

from __future__ import annotations

import pytest

from loracfg.rules.rule import Finding
from loracfg.rules.tensors import lc520_untargeted_layer
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config, made_with, on_base, subject

NOT_NAMED = "`target_modules` does not name"
LAYERS = "model.layers"
EXPERTS = 'base {"experts": 4}'
EMBEDDING = "base_model.model.model.embed_tokens"
FACTORS = (
    f"tensor {EMBEDDING}.lora_embedding_A F32 [4, 32]",
    f"tensor {EMBEDDING}.lora_embedding_B F32 [16, 4]",
)
TOKENS = f"tensor {EMBEDDING}.token_adapter.trainable_tokens_delta F32 [2, 16]"
HEAD = (
    'base {"tied": true}',
    made_with(target_modules=["embed_tokens"], ensure_weight_tying=True),
    "tensor base_model.model.lm_head.lora_A.weight F32 [4, 16]",
    "tensor base_model.model.lm_head.lora_B.weight F32 [32, 4]",
)


@pytest.mark.parametrize(
    ("lines", "message", "field", "help_", "count", "first"),
    [
        (
            (config(target_modules=["v_proj"]),),
            f"{NOT_NAMED} 2 layers with tensors: `q_proj`",
            "target_modules",
            "select `q_proj` in the config, as in training",
            4,
            f"{LAYERS}.0.self_attn.q_proj",
        ),
        (
            (
                made_with(target_modules=["q_proj", "v_proj", "o_proj"]),
                config(target_modules=["q_proj"]),
            ),
            f"{NOT_NAMED} 4 layers with tensors: `v_proj` and `o_proj`",
            "target_modules",
            f"select `{LAYERS}.0.self_attn.v_proj` in the config, as in training",
            8,
            f"{LAYERS}.0.self_attn.v_proj",
        ),
        (
            (config(layers_to_transform=[1]), "drop layers.0.*v_proj"),
            "`layers_to_transform` leaves out 1 layer with tensors: `q_proj`",
            "layers_to_transform",
            "select `q_proj` in the config, as in training",
            2,
            f"{LAYERS}.0.self_attn.q_proj",
        ),
        (
            (config(exclude_modules=["v_proj"]),),
            "`exclude_modules` leaves out 2 layers with tensors: `v_proj`",
            "exclude_modules",
            f"change `exclude_modules` so that it does not match `{LAYERS}.0.self_attn.v_proj`",
            4,
            f"{LAYERS}.0.self_attn.v_proj",
        ),
        (
            (config(modules_to_save=["self_attn", "lm_head"]),),
            "`modules_to_save` replaces 4 layers with tensors: `q_proj` and `v_proj`",
            "modules_to_save",
            f"change `modules_to_save` so that it does not match `{LAYERS}.0.self_attn.q_proj`",
            8,
            f"{LAYERS}.0.self_attn.q_proj",
        ),
        (
            (config(modules_to_save=["lm_head"], exclude_modules=["q_proj"]),),
            "`exclude_modules` leaves out 2 layers with tensors: `q_proj`",
            "exclude_modules",
            f"change `exclude_modules` so that it does not match `{LAYERS}.0.self_attn.q_proj`",
            4,
            f"{LAYERS}.0.self_attn.q_proj",
        ),
        # the plan knows which parameters of a base a pattern selects
        (
            (EXPERTS, config(target_modules=".*v_proj"), "rename self_attn.q_proj -> mlp.experts"),
            f"{NOT_NAMED} 2 layers with tensors: `experts`",
            "target_modules",
            "select `experts` in the config, as in training",
            4,
            f"{LAYERS}.0.mlp.experts",
        ),
        (
            (TOKENS, *FACTORS),
            f"{NOT_NAMED} 1 layer with tensors: `embed_tokens`",
            "target_modules",
            "select `embed_tokens` in the config, as in training",
            3,
            "model.embed_tokens",
        ),
    ],
)
def test_the_field_that_leaves_a_layer_out(
    lines: tuple[str, ...], message: str, field: str, help_: str, count: int, first: str
) -> None:
    (found,) = (d for d in judged(*lines).diagnostics if d.code == "LC520")
    assert (found.message, found.help, found.count) == (message, help_, count)
    assert found.location.pointer == f"/{field}"
    (related,) = found.related
    assert related.message == "PEFT ignores this tensor"
    assert f"{related.location.tensor}".startswith(f"base_model.model.{first}.")


def test_each_field_has_its_own_finding() -> None:
    found = judged(config(target_modules=["q_proj"], layers_to_transform=[0])).diagnostics
    assert [(d.code, d.location.pointer, d.count) for d in found] == [
        ("LC520", "/target_modules", 4),
        ("LC520", "/layers_to_transform", 2),
    ]


def left_out(*lines: str) -> list[Finding]:
    """Return the findings before any other rule has run."""
    return list(lc520_untargeted_layer.check(subject(*lines)))


def test_layers_that_are_adapted_without_being_named() -> None:
    assert left_out(*HEAD) == []
    assert left_out(*HEAD, "tensor base_model.model.lm_head.lora_magnitude_vector F32 [32]") == []
    assert left_out(*HEAD, config(ensure_weight_tying=False))
    assert left_out(config(target_parameters=["v_proj.weight"], target_modules=["q_proj"])) == []
    experts = config(target_modules=".*v_proj"), "rename self_attn.q_proj -> mlp.experts"
    assert left_out(*experts, "base none") == []
    # the router of old experts is a parameter, which no other field leaves out
    gate = "base none", "rename self_attn.v_proj -> mlp.gate"
    targets = ["q_proj", "gate"]
    assert left_out(*gate, config(target_modules=targets, exclude_modules=["gate"])) == []


def test_layers_without_a_base() -> None:
    alone = "base none", config(target_modules=["q_proj"])
    assert [one.count for one in left_out(*alone)] == [4]
    assert left_out(*alone, config(target_parameters=["v_proj.weight"])) == []


def test_trained_tokens_are_not_a_layer_that_is_left_out() -> None:
    assert left_out(TOKENS) == []
    lost = "drop layers.0", TOKENS, "tensor base_model.model.lm_head.lora_A.weight F32 [4, 16]"
    assert [one.count for one in left_out(*lost, config(target_modules=["q_proj"]))] == [3]


def test_layers_below_a_wrapped_layer_are_covered() -> None:
    nested = "rename layers.0.self_attn.v_proj -> layers.0.self_attn.v_proj.base_layer"
    assert [one.count for one in left_out(nested, config(target_modules=["q_proj"]))] == [2]


def test_layers_that_the_base_may_have() -> None:
    lost = subject("rename layers.1.*v_proj -> a.lost", made_with())
    assert list(lc520_untargeted_layer.check(lost)) == []
    (found,) = lc520_untargeted_layer.check(on_base(lost, certain=False))
    assert found.message == f"{NOT_NAMED} 1 layer with tensors: `lost`"


def test_an_unusable_config_leaves_nothing_out() -> None:
    assert left_out(config(target_modules=5)) == []
    assert left_out("config none") == []
