"""How adapters start: values, dtypes and devices, and what the start does to the base."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

import pytest
import torch
from torch import nn

pytest.importorskip("peft", reason="the injector is compared with PEFT")

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import (
    ArrowConfig,
    BdLoraConfig,
    KasaConfig,
    LoftQConfig,
    LoraGAConfig,
)
from loracfg.errors import LoracfgError
from loracfg.injector import inject, state_dict
from tests.injector.agreement import assert_all_close
from tests.injector.pair import Pair, base_tensors, pair_of, their_state
from tests.planning.models import model_of

pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning")

TYING: Final[dict[str, Any]] = {"target_modules": ["embed_tokens"], "ensure_weight_tying": True}
DECIDED: list[tuple[str, dict[str, Any]]] = [
    ("llama", {"target_modules": ["q_proj", "down_proj"], "init_lora_weights": "olora"}),
    ("llama", {"target_modules": ["q_proj", "down_proj"], "init_lora_weights": "mica"}),
    ("llama", {"target_modules": ["embed_tokens"], "init_lora_weights": "mica"}),
    ("gpt2", {"target_modules": ["c_attn", "c_proj"], "init_lora_weights": "mica"}),
    ("gemma2", {**TYING, "init_lora_weights": "mica"}),
    ("modules", {"target_modules": [], "target_parameters": ["flat.w"]}),
]
"""Models and configs whose factors follow from the base."""


def check_start(pair: Pair) -> None:
    assert_all_close(base_tensors(pair.ours), base_tensors(pair.theirs.base_model.model), 1e-5)


@pytest.mark.parametrize(("model", "config"), DECIDED)
def test_factors_that_follow_from_the_base(model: str, config: dict[str, Any]) -> None:
    pair = pair_of(model, LoraConfig(r=4, **config))
    check_start(pair)
    own, real = state_dict(pair.ours), their_state(pair.theirs)
    if "init_lora_weights" in config:
        assert_all_close(own, real, 1e-5)


@pytest.mark.parametrize("init", [True, False, "gaussian", "olora", "orthogonal", "pissa", "mica"])
def test_which_factors_a_tied_layer_shares(init: bool | str) -> None:
    """Initialisations that replace its factors leave those of the embedding alone."""
    pair = pair_of("gemma2", LoraConfig(r=4, init_lora_weights=init, **TYING))
    theirs = pair.theirs.base_model.model
    embedding, head = theirs.model.embed_tokens, theirs.lm_head
    real = (embedding.lora_embedding_A.default, embedding.lora_embedding_B.default)
    theirs_shared = [
        real[1].data_ptr() == head.lora_A.default.weight.data_ptr(),
        real[0].data_ptr() == head.lora_B.default.weight.data_ptr(),
    ]
    a, b = pair.ours.model.embed_tokens.adapter("default").factors
    tied_a, tied_b = pair.ours.lm_head.adapter("default").factors
    assert [b.data_ptr() == tied_a.data_ptr(), a.data_ptr() == tied_b.data_ptr()] == theirs_shared
    for ours, value in zip((a, b), real, strict=True):
        assert float(ours.std()) == pytest.approx(float(value.std()), rel=0.3)


@pytest.mark.parametrize("model", ["llama", "gpt2"])
@pytest.mark.parametrize("init", ["pissa", "pissa_niter_16"])
def test_pissa_takes_the_largest_components(model: str, init: str) -> None:
    """Their signs are the decomposition's, so that only the product is the same."""
    names = ["q_proj"] if model == "llama" else ["c_attn"]
    config = LoraConfig(r=4, target_modules=names, init_lora_weights=init, lora_alpha=12)
    pair = pair_of(model, config)
    own, real = state_dict(pair.ours), their_state(pair.theirs)
    for key in own:
        if "lora_A" in key:
            other = key.replace("lora_A", "lora_B")
            ours, theirs = own[other] @ own[key], real[other] @ real[key]
            if init == "pissa":
                assert (ours - theirs).norm() <= 1e-5 * theirs.norm()
            assert float(ours.norm()) == pytest.approx(float(theirs.norm()), rel=0.02)
    if init == "pissa":
        check_start(pair)


def test_kasa_cuts_the_base_down() -> None:
    pair = pair_of("llama", LoraConfig(r=4, target_modules=["q_proj"], kasa_config=KasaConfig()))
    check_start(pair)
    weight = pair.ours.model.layers[0].self_attn.q_proj.base_layer.weight
    assert int(torch.linalg.matrix_rank(weight)) == min(weight.shape) - 4


def test_blocks_start_with_no_update() -> None:
    blocks = BdLoraConfig(target_modules_bd_a=["q_proj"], target_modules_bd_b=["v_proj"], nblocks=2)
    model = deepcopy(model_of("llama"))
    inject(model, LoraConfig(r=4, target_modules=["q_proj", "v_proj"], use_bdlora=blocks))
    assert all(not t.any() for key, t in state_dict(model).items() if "lora_B" in key)


@pytest.mark.parametrize("init", [True, False, "gaussian", "orthogonal"])
def test_random_factors_are_drawn_as_in_peft(init: bool | str) -> None:
    """Means and deviations agree over many numbers."""

    def base() -> nn.Module:
        return nn.ModuleDict({"lin": nn.Linear(600, 400), "emb": nn.Embedding(300, 200)})

    import peft

    config = LoraConfig(r=64, target_modules=["lin", "emb"], init_lora_weights=init)
    ours, theirs = base(), peft.get_peft_model(base(), config.to_peft())
    inject(ours, config)
    real = their_state(theirs)
    for key, tensor in state_dict(ours).items():
        std = float(real[key].std())
        assert float(tensor.mean()) == pytest.approx(float(real[key].mean()), abs=0.05 * std + 1e-6)
        assert float(tensor.std()) == pytest.approx(std, rel=0.05)
    if init == "orthogonal":
        a, b = (state_dict(ours)[f"base_model.model.lin.lora_{x}.weight"] for x in "AB")
        assert (b @ a).abs().max() < 1e-5


@pytest.mark.parametrize(
    ("init", "what"),
    [
        ("eva", "activations"),
        ("corda", "activations"),
        ("lora_ga", "gradients"),
        ("loftq", "a quantizer"),
    ],
)
def test_what_needs_data_says_so(init: str, what: str) -> None:
    config = LoraConfig(
        target_modules=["q_proj"],
        init_lora_weights=init,
        loftq_config=LoftQConfig() if init == "loftq" else {},
        lora_ga_config=LoraGAConfig() if init == "lora_ga" else None,
    )
    model = deepcopy(model_of("llama"))
    with pytest.raises(
        LoracfgError, match=f"`{init}` starts from {what}.*create the adapter with PEFT"
    ):
        inject(model, config)
    assert is_unchanged(model)


def test_arrow_is_left_to_peft() -> None:
    config = LoraConfig(target_modules=["q_proj"], arrow_config=ArrowConfig())
    model = deepcopy(model_of("llama"))
    with pytest.raises(LoracfgError, match="the injector does not support `arrow_config`"):
        inject(model, config)
    assert is_unchanged(model)


def is_unchanged(model: nn.Module) -> bool:
    kinds = [type(module) for module in model.modules()]
    trained = all(parameter.requires_grad for parameter in model.parameters())
    return trained and kinds == [type(module) for module in model_of("llama").modules()]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize(
    "options",
    [
        {"target_modules": ["q_proj", "embed_tokens"], "use_dora": True},
        {"target_modules": ["q_proj"], "modules_to_save": ["lm_head"]},
        {"target_modules": ["q_proj"], "trainable_token_indices": [1, 4]},
        {"target_modules": ["q_proj"], "kasa_config": {}, "bias": "all"},
        {"target_modules": ["q_proj"], "velora_config": {"num_groups": 4}},
        {"target_modules": ["q_proj"], "monteclora_config": {"num_samples": 2}},
    ],
)
def test_dtypes_are_those_of_peft(dtype: torch.dtype, options: dict[str, Any]) -> None:
    pair = pair_of("llama", LoraConfig(r=4, **options), dtype)
    own, real = state_dict(pair.ours), their_state(pair.theirs)
    assert {k: t.dtype for k, t in own.items()} == {k: t.dtype for k, t in real.items()}


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_results_in_half_precision(dtype: torch.dtype) -> None:
    from tests.injector.inputs import outputs
    from tests.injector.pair import align

    pair = pair_of("llama", LoraConfig(r=4, target_modules=["q_proj", "down_proj"]), dtype)
    align(pair)
    (ours,), (theirs,) = outputs(pair.ours, "llama"), outputs(pair.theirs, "llama")
    assert ours.dtype == theirs.dtype == dtype
    assert (ours - theirs).float().norm() <= 1e-2 * theirs.float().norm()


OPTIONS: list[dict[str, Any]] = [
    {},
    {"init_lora_weights": "pissa"},
    {"init_lora_weights": "olora"},
    {"init_lora_weights": "mica"},
    {"init_lora_weights": "orthogonal"},
    {"use_dora": True},
    {"kasa_config": {}},
    {"velora_config": {}},
    {"monteclora_config": {}},
    {"modules_to_save": ["lm_head"]},
    {"trainable_token_indices": [1]},
    {"layer_replication": [(0, 2), (0, 2)]},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_adapters_on_the_meta_device(options: dict[str, Any]) -> None:
    config = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], **options)
    there, here = deepcopy(model_of("llama")).to("meta"), deepcopy(model_of("llama"))
    inject(there, config)
    inject(here, config)
    shapes = {key: (t.shape, t.dtype) for key, t in state_dict(there).items()}
    assert shapes == {key: (t.shape, t.dtype) for key, t in state_dict(here).items()}
    assert all(p.device.type == "meta" for p in there.parameters())


def test_models_of_plain_torch() -> None:
    model = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))
    inject(model, LoraConfig(r=2, target_modules=["0", "2"]))
    assert model(torch.randn(5, 4)).shape == (5, 3)
    assert len(state_dict(model)) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target_modules": ["absent"]}, "no module of the base is a target"),
        ({"target_modules": ["norm"]}, "PEFT cannot adapt a `LlamaRMSNorm`"),
        ({"target_modules": ["q_proj"], "trainable_token_indices": [500]}, "token `500`"),
    ],
)
def test_what_peft_could_not_make(options: dict[str, Any], message: str) -> None:
    model = deepcopy(model_of("llama"))
    with pytest.raises(LoracfgError, match=message):
        inject(model, LoraConfig(r=2, **options))
    assert not hasattr(model, "lora_adapters")
    assert is_unchanged(model)
