"""What engines see of the tensors of an adapter, each with what comes near to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from loracfg.runtimes import of_tensors
from loracfg.runtimes.served import ServedAdapter
from tests.runtimes.making import NAME, NO_BASE, experts, pair, pairs, saved, served

LAYER: Final = "model.layers.{}.{}"
Q, K, V = (f"model.layers.0.self_attn.{name}_proj" for name in "qkv")
STACK: Final = "model.layers.{}.mlp.experts"
INNER: Final = f"{STACK}.base_layer"
PARAMETERS: Final = 'config {"target_parameters": ["down_proj"]}'
Test = Callable[[ServedAdapter], object]


def named(*names: str) -> tuple[str, ...]:
    """Return lines with tensors of these names only."""
    return ("drop .*", *(f"tensor {name} F32 [4, 16]" for name in names))


FACTORS: Final = [
    (of_tensors.lacks_factors, (), False),
    (of_tensors.lacks_factors, named("x.weight"), True),
    (of_tensors.lacks_factors, ("drop .*",), True),
    (of_tensors.lacks_factors, (*named("x.weight"), "config text {"), False),
    (
        of_tensors.lacks_factors,
        (*named("x.weight"), 'config {"target_modules": "dummy-target-modules"}'),
        False,
    ),
    (of_tensors.has_names_of_diffusers, (), False),
    (of_tensors.has_names_of_diffusers, named("unet.a.to_q.lora.down.weight"), True),
    (of_tensors.has_names_of_diffusers, named("diffusion_model.x.lora_A.weight"), False),
    (of_tensors.has_names_of_diffusers, named("lora_unet_a.lora_down.weight"), False),
    (of_tensors.has_magnitudes, (), False),
    (of_tensors.has_magnitudes, ('made with {"use_dora": true}',), False),
    (
        of_tensors.has_magnitudes,
        ('made with {"use_dora": true}', 'config {"use_dora": false}'),
        True,
    ),
    (of_tensors.has_magnitudes, ('made with {"use_dora": true}', "config text {"), True),
    (of_tensors.has_factor_biases, ('made with {"lora_bias": true}',), True),
    (of_tensors.has_factor_biases, (saved("x.bias", 4),), False),
    (of_tensors.has_trained_tokens, (), False),
    (
        of_tensors.has_trained_tokens,
        (saved("model.embed_tokens.token_adapter.trainable_tokens_delta", 1, 16),),
        True,
    ),
    (of_tensors.lacks_prefix, (), False),
    (of_tensors.lacks_prefix, (r"rename ^base_model\.model\.(.*q_proj) ->\1",), True),
    (of_tensors.lacks_prefix, ("tensor x.weight F32 [4]",), False),
]
VOCABULARY: Final = [
    (of_tensors.adapts_embeddings, (), False),
    (of_tensors.adapts_embeddings, (saved("wte.lora_embedding_A", 4, 32),), True),
    (of_tensors.adapts_embeddings, (saved("x.lora_embedding_A", 4, 32),), True),
    (of_tensors.adapts_embeddings, pair("model.embed_tokens"), True),
    (of_tensors.adapts_embeddings, pair("lm_head"), False),
    (of_tensors.adapts_head, (), False),
    (of_tensors.adapts_head, pair("lm_head"), True),
    (of_tensors.adapts_head, pair("model.embed_tokens"), False),
    (of_tensors.adapts_vocabulary, (), False),
    (of_tensors.adapts_vocabulary, pair("lm_head"), True),
    (of_tensors.adapts_vocabulary, pair("model.embed_tokens"), True),
]
STACKS: Final = [
    (of_tensors.adapts_stacks, ("config text {",), False),
    (of_tensors.adapts_stacks, (PARAMETERS,), False),
    (of_tensors.adapts_stacks, ('config {"target_parameters": ["x", "a.experts.w"]}',), True),
    (of_tensors.adapts_stacks, ('config {"target_parameters": ["my_experts.w"]}',), False),
    (of_tensors.adapts_stacks, pair(STACK.format(0)), False),
    (of_tensors.adapts_stacks, (PARAMETERS, *pair(STACK.format(0))), True),
    (of_tensors.adapts_stacks, (PARAMETERS, *pair(INNER.format(0))), True),
    (of_tensors.adapts_stacks, (PARAMETERS, saved(f"{STACK.format(0)}.weight", 4)), False),
    (of_tensors.adapts_half_of_stacks, (), False),
    (of_tensors.adapts_half_of_stacks, pair(STACK.format(0)), False),
    (of_tensors.adapts_half_of_stacks, (*pair(STACK.format(0)), PARAMETERS), True),
    (
        of_tensors.adapts_half_of_stacks,
        (*pair(STACK.format(0)), *pair(INNER.format(0)), PARAMETERS),
        False,
    ),
    (
        of_tensors.adapts_half_of_stacks,
        (
            *(line for i in range(3) for line in pair(STACK.format(i))),
            *(line for i in range(2) for line in pair(INNER.format(i))),
            PARAMETERS,
        ),
        True,
    ),
]
LAYERS: Final = [
    (of_tensors.names_layers_otherwise, (), False),
    (of_tensors.names_layers_otherwise, pairs("lm_head"), False),
    (of_tensors.names_layers_otherwise, pairs("lm_head", "h.0.attn.c_attn"), True),
    (of_tensors.names_layers_otherwise, pairs("h.0.attn.c_attn", "layers.0.attn"), False),
    (of_tensors.names_layers_otherwise, pairs("layers.first.h.0"), True),
]
WHOLE: Final = [
    (of_tensors.saves("other"), (saved("x.weight", 4),), True),
    (of_tensors.saves("other"), (saved("x.base_layer.weight", 4),), False),
    (of_tensors.saves("other"), (saved("x.bias", 4),), False),
    (of_tensors.saves("other"), named("x.weight"), False),
    (of_tensors.saves("norm"), (saved("model.norm.weight", 4),), True),
    (of_tensors.saves("norm"), (saved("model.normal.x.weight", 4),), False),
    (of_tensors.saves("head"), (saved("model.classifier.weight", 4),), True),
    (of_tensors.saves("head"), (saved("classifier.dense.weight", 4),), False),
    (of_tensors.saves("embedding"), (saved("lm_head.weight", 4),), True),
    (of_tensors.saves("embedding"), (saved("model.wte.weight", 4),), True),
    (of_tensors.saves("embedding"), (saved("score.weight", 4),), False),
    (of_tensors.saves_odd_norms, (), False),
    (of_tensors.saves_odd_norms, (saved("model.norm.weight", 4),), False),
    (of_tensors.saves_odd_norms, (saved("a.input_layernorm.weight", 4),), False),
    (of_tensors.saves_odd_norms, (saved("a.norm.weight", 4), saved("a.norm.bias", 4)), True),
    (of_tensors.saves_odd_norms, (saved("a.norm.weight", 4), saved("a.ln_1.weight", 4)), True),
    (of_tensors.saves_odd_norms, (saved("a.proj.bias", 4),), False),
    (of_tensors.saves_odd_norms, pair("a.ln_1"), False),
    (of_tensors.saves_mixer_norms, (saved("a.norm.weight", 4),), False),
    (of_tensors.saves_mixer_norms, (saved("a.mixer.norm.weight", 4),), True),
    (of_tensors.saves_mixer_norms, pair("a.mixer.norm"), False),
    (of_tensors.copies_biases, (), False),
    (of_tensors.copies_biases, (saved("x.weight", 4), saved("x.bias", 4)), False),
    (of_tensors.copies_biases, (saved(f"{Q}.base_layer.weight", 4),), False),
    (of_tensors.copies_biases, (saved(f"{Q}.base_layer.bias", 4),), False),
    (of_tensors.copies_biases, (saved(f"{Q}.base_layer.scales", 4),), False),
    (
        of_tensors.copies_biases,
        (
            *(saved("x.weight", 4), saved("x.bias", 4)),
            *(saved(f"{Q}.base_layer.weight", 4), saved(f"{Q}.base_layer.bias", 4)),
        ),
        True,
    ),
    (of_tensors.saves_biases, (), False),
    (of_tensors.saves_biases, (saved("x.bias", 4),), True),
    (of_tensors.saves_biases, (saved("x.bias", 4), saved("x.weight", 4)), False),
    (of_tensors.saves_biases, (saved("x.bias", 4), saved("y.weight", 4)), True),
    (of_tensors.saves_biases, named("x.bias"), False),
    (of_tensors.saves_other_biases, (saved("x.bias", 4),), False),
    (of_tensors.saves_other_biases, (saved("layers.0.x.bias", 4),), True),
    (of_tensors.saves_other_biases, (saved("x.bias", 4), saved("layers.0.x.bias", 4)), True),
    (of_tensors.saves_other_biases, (saved(f"{Q}.bias", 24),), False),
    (of_tensors.saves_other_biases, (saved(f"{Q}.base_layer.bias", 24),), False),
    (
        of_tensors.saves_other_biases,
        (saved("layers.0.x.bias", 4), saved("layers.0.x.weight", 4)),
        False,
    ),
]


@pytest.mark.parametrize("table", [FACTORS, VOCABULARY, STACKS, LAYERS, WHOLE])
def test_features_from_names(table: list[tuple[Test, tuple[str, ...], bool]]) -> None:
    for test, lines, expected in table:
        assert test(served(*lines)) is expected, lines


def test_last_names_of_fully_saved_modules() -> None:
    found = served(
        *(saved("model.score.weight", 2, 16), saved("x.weight", 4), saved("y.bias", 4)),
        saved("z.base_layer.weight", 4),
    )
    assert of_tensors.saved_modules(found) == {"score", "x"}


def test_labels_of_classification_heads() -> None:
    found = served(saved("score.weight", 2, 16), saved("classifier.weight", 5, 16))
    assert of_tensors.saved_heads(found) == {"score": 2, "classifier": 5}
    assert of_tensors.saved_labels(found) == 5
    assert of_tensors.saved_labels(served(saved("lm_head.weight", 7, 16))) == 0
    assert of_tensors.saved_labels(served(saved("score.bias", 7))) == 0


def test_classification_head_without_rows_has_no_labels() -> None:
    found = served(saved("score.weight"))
    assert of_tensors.saved_heads(found) == {"score": 0}


EXPERTS: Final = 'config {"target_modules": ["q_proj", "v_proj", "gate_proj"]}'
UNTARGETED: Final = [
    ((), False),
    (pair(K), True),
    ((*pair(K), "config text {"), False),
    ((*pair(K), 'config {"target_modules": "all-linear"}'), False),
    ((*pair(K), PARAMETERS), False),
    ((*pair(K), 'config {"ensure_weight_tying": true}'), False),
    (tuple(experts(0)), False),
    # PEFT adapts stacks of experts of which only the single ones are named
    ((*pair(STACK.format(0)), EXPERTS), True),
    ((*pair(STACK.format(0)), EXPERTS, NO_BASE), False),
    ((*pair(STACK.format(0)), EXPERTS, 'base {"experts": 2}'), False),
    ((*pair(K), EXPERTS, NO_BASE), True),
]


def test_modules_that_the_config_does_not_target() -> None:
    for lines, expected in UNTARGETED:
        assert of_tensors.has_untargeted(served(*lines)) is expected, lines


OLORA: Final = 'made with {"init_lora_weights": "olora", "r": 20, "target_modules": ["q_proj"]}'
WIDE: Final = ("reshape q_proj.lora_A -> [8, 16]", "reshape q_proj.lora_B -> [24, 8]")
RANKS: Final = [
    ((), False),
    (WIDE, True),
    (("reshape layers.1.*v_proj.lora_A -> [3, 16]",), True),
    ((*WIDE, "config text {"), False),
    ((*WIDE, 'config {"r": "4"}'), False),
    ((*WIDE, PARAMETERS), False),
    ((*WIDE, 'config {"use_bdlora": {"nblocks": 2}}'), False),
    ((*WIDE, 'config {"rank_pattern": {"q_proj": 8}}'), False),
    # decompositions give a linear layer no more ranks than it has inputs or outputs
    ((OLORA,), False),
    ((OLORA, "reshape lora_A -> [20, 16]", "reshape lora_B -> [24, 20]"), True),
    ((OLORA, "reshape lora_A -> [16, 40]", "reshape lora_B -> [16, 16]"), False),
    ((OLORA, "reshape lora_A -> [20, 16, 1, 1]", "reshape lora_B -> [24, 20, 1, 1]"), False),
    (
        (
            'made with {"init_lora_weights": "olora", "r": 40}',
            'made with {"target_modules": ["embed_tokens"]}',
        ),
        False,
    ),
]


def test_ranks_that_differ_from_the_config() -> None:
    for lines, expected in RANKS:
        assert of_tensors.has_other_ranks(served(*lines)) is expected, lines


Z, QKV = ("model.layers.{}.linear_attn.in_proj_" + name for name in ("z", "qkv"))
LONE: Final = [
    ((), "q_proj", "v_proj", False),
    (pairs(Q), "q_proj", "v_proj", True),
    (pairs(Q), "v_proj", "q_proj", False),
    (pairs(Q, V.replace("0", "1")), "q_proj", "v_proj", True),
    (pairs(Q, Q.replace("0", "1"), V), "q_proj", "v_proj", True),
    (pairs(Q, V, V.replace("0", "1")), "q_proj", "v_proj", False),
    (pairs(Q, Q.replace("q_proj", "kv_b_proj")), "q_proj", "v_proj", False),
    (pairs(QKV.format(0)), "in_proj_qkv", "in_proj_z", False),
    ((*pairs(QKV.format(0)), NO_BASE), "in_proj_qkv", "in_proj_z", True),
]


def test_modules_without_their_counterpart_in_the_layer() -> None:
    for lines, one, other, expected in LONE:
        assert of_tensors.without(one, other)(served(*lines)) is expected, lines


def single(*paths: str) -> tuple[str, ...]:
    return pairs(*(f"model.layers.0.mlp.experts.{path}" for path in paths))


TWO, THREE = ('base {"experts": 2}', 'base {"experts": 3}')
PARTIAL: Final = [
    ((), False),
    ((NO_BASE,), False),
    ((NO_BASE, *experts(0, 1)), None),
    ((NO_BASE, *experts(0, 2)), True),
    ((NO_BASE, *experts(1)), True),
    ((NO_BASE, *single("0.gate_proj", "0.up_proj")), True),
    ((NO_BASE, *single("0.w1", "0.w2", "0.w3")), None),
    ((NO_BASE, *single("0.w1", "0.w2", "0.w3", "1.w1", "1.w2")), True),
    ((NO_BASE, *experts(0, 1), *experts(0, 2, layer=1)), True),
    ((TWO, *experts(0, 1)), False),
    ((THREE, *experts(0, 1)), True),
    ((TWO, *experts(0, 1), *experts(0, 1, layer=1)), False),
    ((TWO, *experts(0), *experts(0, 1, layer=1)), True),
    ((TWO, *experts(0, 1), *experts(0, layer=1)), True),
]


def test_experts_without_factors() -> None:
    for lines, expected in PARTIAL:
        assert of_tensors.lacks_experts(served(*lines)) is expected, lines


def metadata(text: str) -> str:
    return f'metadata {{"lora_adapter_metadata": "{text}"}}'


def test_dtypes() -> None:
    test = of_tensors.has_dtypes("F16", "F32")
    assert test(served())
    assert not test(served("drop .*", f"tensor {NAME}.x.lora_A.weight BF16 [4, 16]"))


OTHER: Final = metadata(r"{\"r\": 8}")
METADATA: Final = [
    ((), False),
    ((OTHER,), True),
    ((metadata(r"{\"r\": 4}"),), False),
    ((metadata(r"{\"r\": 8, \"rank_pattern\": {\"a\": 1}}"),), False),
    ((metadata(r"{\"r\": 8, \"rank_pattern\": {}}"),), True),
    ((metadata(r"{\"r\": 8, \"rank_pattern\": null}"),), True),
    ((metadata(r"{\"lora_alpha\": 8}"),), False),
    ((metadata(r"{\"r\": 4}"), f"reshape {Q}.lora_A -> [8, 16]"), True),
    ((metadata(r"{\"r\": 4}"), f"reshape {Q}.lora_B -> [24, 8]"), False),
    ((metadata(r"{\"r\": 4}"), f"reshape {Q}.lora_A -> []"), True),
]


def test_ranks_in_the_metadata() -> None:
    for lines, expected in METADATA:
        assert of_tensors.has_other_metadata_rank(served(*lines)) is expected, lines


def test_no_metadata_without_a_weight_file() -> None:
    assert of_tensors.metadata(served("weights none")) == {}
    assert of_tensors.metadata(served(OTHER)) == {"r": 8}
