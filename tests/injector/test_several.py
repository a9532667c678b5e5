"""Several adapters in one model: added, switched, combined, disabled, merged and removed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

pytest.importorskip("peft", reason="the injector is compared with PEFT")

import peft

from loracfg.config.model.lora_config import LoraConfig
from loracfg.errors import LoracfgError
from loracfg.injector import disabled, inject, merge, remove, set_active, state_dict, unmerge
from tests.injector.agreement import assert_all_close, assert_close, check_bases
from tests.injector.inputs import outputs
from tests.injector.pair import Pair, align_adapter, as_saved, base_tensors
from tests.planning.models import model_of

pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning")

CONFIGS: dict[str, dict[str, Any]] = {
    "plain": {"target_modules": ["q_proj", "v_proj"], "r": 4},
    "dora": {"target_modules": ["q_proj", "down_proj"], "r": 2, "use_dora": True},
    "saved": {"target_modules": ["v_proj"], "r": 3, "modules_to_save": ["lm_head"]},
    "tokens": {"target_modules": ["o_proj"], "r": 2, "trainable_token_indices": [5, 6]},
    "stack": {"target_modules": [], "target_parameters": ["experts.down_proj"], "r": 2},
    "attention": {"target_modules": ["mha", "plane"], "r": 2},
    "embedding": {"target_modules": ["emb", "lin"], "r": 2},
}


def pair_with(model: str, *names: str) -> Pair:
    """Return a model of each library with several adapters, the first of them active."""
    configs = {name: LoraConfig(**CONFIGS[name]) for name in names}
    ours: Any = deepcopy(model_of(model))
    theirs: Any = None
    for name, config in configs.items():
        inject(ours, config, name)
        if theirs is None:
            base = deepcopy(model_of(model))
            theirs = peft.get_peft_model(base, config.to_peft(), adapter_name=name)
        else:
            theirs.add_adapter(name, config.to_peft())
    pair = Pair(model, theirs, ours, (None, None))
    for seed, name in enumerate(names):
        align_adapter(pair, name, seed, their_tensors(theirs, name))
    ours.eval()
    theirs.eval()
    return pair


def their_tensors(theirs: nn.Module, name: str) -> dict[str, Tensor]:
    """Return the tensors of one adapter, which PEFT cannot list where another has no tokens."""
    named = (*theirs.named_parameters(), *theirs.named_buffers())
    own = {key: tensor for key, tensor in named if f".{name}" in key}
    return {as_saved(k, name).replace(".modules_to_save.", "."): t.data for k, t in own.items()}


def check_results(pair: Pair) -> None:
    own, real = outputs(pair.ours, pair.name), outputs(pair.theirs, pair.name)
    for ours, theirs in zip(own, real, strict=True):
        assert_close(ours, theirs, "a result", 1e-6)


def trained(model: nn.Module) -> set[str]:
    return {
        as_saved(as_saved(key, "plain"), "dora").removeprefix("base_model.model.")
        for key, parameter in model.named_parameters()
        if parameter.requires_grad
    }


def test_the_first_adapter_acts_alone() -> None:
    pair = pair_with("llama", "plain", "dora")
    check_results(pair)
    assert trained(pair.ours) == trained(pair.theirs)


@pytest.mark.parametrize("names", [["dora"], ["plain", "dora"], ["dora", "plain"]])
def test_other_adapters_are_set_active(names: list[str]) -> None:
    pair = pair_with("llama", "plain", "dora")
    set_active(pair.ours, names)
    pair.theirs.base_model.set_adapter(names)
    check_results(pair)
    assert trained(pair.ours) == trained(pair.theirs)


@pytest.mark.parametrize("name", ["saved", "tokens"])
def test_whole_modules_and_rows_belong_to_one_adapter(name: str) -> None:
    pair = pair_with("llama", "plain", name)
    check_results(pair)
    set_active(pair.ours, name)
    pair.theirs.set_adapter(name)
    check_results(pair)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("llama", ("plain", "dora")),
        ("llama", ("saved", "plain")),
        ("llama", ("tokens", "plain")),
        ("qwen3_moe", ("stack", "plain")),
        ("modules", ("attention", "embedding")),
    ],
)
def test_disabled_adapters_leave_the_base(model: str, names: tuple[str, str]) -> None:
    pair = pair_with(model, *names)
    before = outputs(pair.ours, model)
    with disabled(pair.ours):
        without = outputs(pair.ours, model)
    for ours, theirs in zip(without, outputs(model_of(model).eval(), model), strict=True):
        assert_close(ours, theirs, "a result", 1e-6)
    assert any(not torch.equal(a, b) for a, b in zip(before, without, strict=True))
    for again, first in zip(outputs(pair.ours, model), before, strict=True):
        assert torch.equal(again, first)


@pytest.mark.parametrize("names", [["plain", "dora"], ["dora", "plain"]])
def test_adapters_are_merged_one_after_the_other(names: list[str]) -> None:
    pair = pair_with("llama", "plain", "dora")
    merge(pair.ours, names)
    pair.theirs.merge_adapter(adapter_names=names)
    check_bases(pair, 1e-6)
    check_results(pair)
    unmerge(pair.ours)
    pair.theirs.unmerge_adapter()
    check_bases(pair, 1e-5)


def test_merging_twice_changes_nothing() -> None:
    pair = pair_with("llama", "plain")
    merge(pair.ours)
    once = {key: tensor.clone() for key, tensor in base_tensors(pair.ours).items()}
    merge(pair.ours)
    assert_all_close(base_tensors(pair.ours), once, 0.0)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("llama", ("plain", "dora")),
        ("llama", ("saved", "tokens")),
        ("llama-tied", ("tokens", "plain")),
        ("qwen3_moe", ("stack", "plain")),
        ("modules", ("attention", "embedding")),
    ],
)
def test_removing_all_adapters_restores_the_model(model: str, names: tuple[str, str]) -> None:
    pair = pair_with(model, *names)
    first, second = names
    remove(pair.ours, first)
    with pytest.raises(LoracfgError, match="no adapter"):
        state_dict(pair.ours, first)
    assert state_dict(pair.ours, second)
    remove(pair.ours)
    own, expected = pair.ours.state_dict(), model_of(model).state_dict()
    assert own.keys() == expected.keys()
    assert all(torch.equal(tensor, expected[key]) for key, tensor in own.items())
    kinds = [(path, type(module)) for path, module in pair.ours.named_modules()]
    assert kinds == [(path, type(module)) for path, module in model_of(model).named_modules()]


def test_invocations_are_found_while_there_is_an_adapter() -> None:
    model: Any = deepcopy(model_of("llama")).eval()
    before = outputs(model, "llama")
    config = LoraConfig(
        r=2, target_modules=["q_proj"], alora_invocation_tokens=[1, 2], task_type="CAUSAL_LM"
    )
    inject(model, config)
    for tensor in state_dict(model).values():
        tensor.fill_(1.0)
    (changed,), (plain,) = outputs(model, "llama"), before
    assert torch.equal(changed[:, :4], plain[:, :4])
    assert not torch.allclose(changed[:, 4:], plain[:, 4:])
    with pytest.raises(LoracfgError, match="works on some tokens only"):
        merge(model)
    remove(model)
    assert torch.equal(outputs(model, "llama")[0], plain)
    assert not model._forward_pre_hooks


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        ("llama", {"target_modules": ["q_proj"], "lora_bias": True}, "a layer without bias"),
        ("modules", {"target_modules": ["lines"]}, "a convolution with groups"),
    ],
)
def test_what_cannot_be_merged_changes_no_weight(
    model: str, options: dict[str, Any], message: str
) -> None:
    adapted = deepcopy(model_of(model))
    inject(adapted, LoraConfig(r=2, **options))
    for tensor in state_dict(adapted).values():
        tensor.fill_(1.0)
    before = {key: tensor.clone() for key, tensor in base_tensors(adapted).items()}
    with pytest.raises(LoracfgError, match=message):
        merge(adapted)
    assert all(torch.equal(t, before[key]) for key, t in base_tensors(adapted).items())


def test_a_merge_without_numbers_changes_no_weight() -> None:
    model = deepcopy(model_of("llama"))
    inject(model, LoraConfig(r=2, target_modules=["layers.0.self_attn.q_proj"]))
    for tensor in state_dict(model).values():
        tensor.fill_(float("nan"))
    with pytest.raises(LoracfgError, match="non-finite values"):
        merge(model)
    assert all(torch.isfinite(tensor).all() for tensor in base_tensors(model).values())


def test_a_merged_adapter_stays_when_it_is_removed() -> None:
    pair = pair_with("llama", "plain")
    expected = outputs(pair.ours, "llama")
    merge(pair.ours)
    remove(pair.ours)
    for ours, theirs in zip(outputs(pair.ours, "llama"), expected, strict=True):
        assert_close(ours, theirs, "a result", 1e-5)


@pytest.mark.parametrize("act", [set_active, merge, remove, state_dict])
def test_an_adapter_that_is_not_there(act: Any) -> None:
    model = deepcopy(model_of("llama"))
    with pytest.raises(LoracfgError, match="the model has no adapter `other`"):
        act(model, "other")


def test_a_name_is_taken_once() -> None:
    model = deepcopy(model_of("llama"))
    inject(model, LoraConfig(target_modules=["q_proj"]))
    with pytest.raises(LoracfgError, match="already has an adapter `default`"):
        inject(model, LoraConfig(target_modules=["v_proj"]))


def test_layers_are_replicated_for_the_first_adapter_only() -> None:
    model = deepcopy(model_of("llama"))
    inject(model, LoraConfig(target_modules=["q_proj"]))
    replicating = LoraConfig(target_modules=["q_proj"], layer_replication=[(0, 2), (1, 2)])
    with pytest.raises(LoracfgError, match="layer_replication"):
        inject(model, replicating, "other")
