"""The plan of a config is what the real PEFT saves, or both reject the config."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from loracfg.adapter.tensor_names import PREFIX
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import EvaConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from tests.planning.cases import ACCEPTED, REFUSED, UNLOADABLE, Case, cases_of
from tests.planning.models import architecture, model_of
from tests.planning.real import Refusal, planned, read_back, reloaded, save, saved, wrapped

pytest.importorskip("peft", reason="the plan is compared with PEFT's")


def config_of(case: Case) -> LoraConfig:
    return LoraConfig.model_validate({"r": 4} | case.config, context=FIELDS_ONLY)


@pytest.mark.parametrize("case", cases_of(ACCEPTED), ids=str)
def test_plan_is_what_peft_saves(case: Case) -> None:
    config = config_of(case)
    real = saved(wrapped(model_of(case.model), config))
    assert not isinstance(real, Refusal)
    assert planned(config, architecture(case.model)) == real


@pytest.mark.parametrize("case", cases_of(ACCEPTED), ids=str)
def test_plan_of_the_saved_config_is_what_peft_loads(case: Case, tmp_path: Path) -> None:
    """A saved config may mean something else than the one that was given (tying, experts)."""
    adapted = wrapped(model_of(case.model), config_of(case))
    save(adapted, tmp_path)
    ours = planned(read_back(tmp_path), architecture(case.model))
    again = reloaded(model_of(case.model), tmp_path)
    if isinstance(again, Refusal):
        assert ours != saved(adapted), again
    else:
        assert ours == saved(again)


@pytest.mark.parametrize("case", cases_of(ACCEPTED), ids=str)
def test_tensors_of_the_base_are_found_by_their_names(case: Case) -> None:
    plan = build_plan(config_of(case), architecture(case.model), PatternBudget())
    shapes = {PREFIX + name: shape for name, shape in plan.wrapped.tensors("")}
    assert {name: plan.base_shape(name) for name in shapes} == shapes
    for name in shapes:
        others = {name.replace(".base_layer", ""), f"{name}.x", name.replace(PREFIX, "", 1)}
        others |= {name.replace(".", "..", 1), name.replace(".weight", ".base_layer.weight")}
        others |= {name.replace(".weight", "")}
        assert all(plan.base_shape(one) is None for one in others - shapes.keys()), name


@pytest.mark.parametrize("case", cases_of(REFUSED), ids=str)
def test_what_peft_refuses_is_no_plan(case: Case) -> None:
    config = config_of(case)
    assert isinstance(wrapped(model_of(case.model), config), Refusal)
    assert isinstance(planned(config, architecture(case.model)), Refusal)


@pytest.mark.parametrize("case", cases_of(UNLOADABLE), ids=str)
def test_what_peft_cannot_load_is_no_plan(case: Case, tmp_path: Path) -> None:
    config = config_of(case)
    save(wrapped(model_of(case.model), config), tmp_path)
    assert isinstance(reloaded(model_of(case.model), tmp_path), Refusal)
    assert isinstance(planned(config, architecture(case.model)), Refusal)


def test_plan_of_ranks_that_eva_has_spread(tmp_path: Path) -> None:
    """EVA gives every layer its own rank, and leaves out layers that get none."""
    import peft
    import torch

    torch.manual_seed(0)
    config = LoraConfig(
        target_modules=["q_proj", "v_proj", "down_proj"],
        r=4,
        init_lora_weights="eva",
        eva_config=EvaConfig(rho=2.0),
        task_type="CAUSAL_LM",
    )
    adapted = wrapped(model_of("llama-3-layers"), config)
    batches = [{"input_ids": torch.randint(0, 96, (4, 16))} for _ in range(8)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peft.initialize_lora_eva_weights(adapted, batches, show_progress_bar=False)
    save(adapted, tmp_path)
    later = read_back(tmp_path)
    assert len({*later.rank_pattern.values(), later.r}) > 1
    assert planned(later, architecture("llama-3-layers")) == saved(adapted)
    again = reloaded(model_of("llama-3-layers"), tmp_path)
    assert planned(later, architecture("llama-3-layers")) == saved(again)


def test_known_difference_of_saved_modules_that_hold_others(tmp_path: Path) -> None:
    """The plan refuses every module wrapped in a saved one; PEFT cannot load most of them.

    It loads one that stands three steps down and holds its tensors in further modules, under
    names with `modules_to_save.default` in them.
    """
    config = LoraConfig(
        target_modules=["word_embeddings"], modules_to_save=["encoder", "intermediate"]
    )
    adapted = wrapped(model_of("bert"), config)
    save(adapted, tmp_path)
    again = saved(reloaded(model_of("bert"), tmp_path))
    assert isinstance(again, dict)
    assert any("modules_to_save.default" in name for name in again)
    assert isinstance(planned(config, architecture("bert")), Refusal)


@pytest.mark.parametrize("side", ["target_modules_bd_a", "target_modules_bd_b"])
@pytest.mark.parametrize("init", ["pissa", "olora", "orthogonal", "gaussian"])
def test_blocks_of_a_rank_that_is_lowered_fail_at_first_use(init: str, side: str) -> None:
    """PEFT makes and loads such an adapter; the plan refuses what no model can compute."""
    import torch

    values = {"r": 40, "target_modules": ["q_proj"], "init_lora_weights": init}
    blocks = {side: ["q_proj"], "nblocks": 2, "match_strict": True}
    config = LoraConfig.model_validate(values | {"use_bdlora": blocks})
    adapted = wrapped(model_of("llama"), config)
    try:
        adapted(torch.tensor([[1, 2, 3]]))
    except RuntimeError:
        assert isinstance(planned(config, architecture("llama")), Refusal)
    else:
        assert planned(config, architecture("llama")) == saved(adapted)
