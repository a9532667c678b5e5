"""Adapters of single experts on a base with stacks: what PEFT makes of them, and what is said."""

from __future__ import annotations

import json
import re
import warnings
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
import torch
from safetensors.torch import save_file

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from loracfg.analysis.planning import plan_adapter
from loracfg.config.model.lora_config import LoraConfig
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.planning.build import build_plan
from loracfg.planning.experts import LAYOUTS, unstacked
from loracfg.planning.patterns import PatternBudget
from tests.planning.models import architecture, model_of

RANK: Final = 4
LINEAR: Final = {
    "mixtral": ["w1", "w2", "w3", "q_proj"],
    "qwen3_moe": ["gate_proj", "up_proj", "down_proj", "q_proj"],
    "deepseek_v3": ["gate_proj", "up_proj", "down_proj", "o_proj"],
}
SCALE: Final = "base_model.model.model.layers.1.{block}.experts.2.{layer}.lora_{factor}.weight"


class Trained:
    """An adapter of single experts, as PEFT wrote them with transformers 4, and its base."""

    def __init__(self, model: str, root: Path, **options: Any) -> None:
        self.model, self.folder, self.layout = model, root / "adapter", LAYOUTS[model]
        options = {"target_modules": LINEAR[model]} | options
        self.config = LoraConfig(r=RANK, **options)
        tree = unstacked(architecture(model))
        plan = build_plan(self.config, tree, PatternBudget())
        assert plan.failures == ()
        torch.manual_seed(0)
        self.tensors = {name: torch.randn(one.shape) for name, one in plan.tensors.items()}
        for number, tensor in enumerate(self.tensors.values(), 1):
            tensor[0, 0] = number  # tells what has become of it
        self.config.save_pretrained(self.folder)
        save_file(self.tensors, self.folder / "adapter_model.safetensors", {"format": "pt"})
        base: Any = model_of(model)
        base.config.architectures = [type(base).__name__]
        base.config.save_pretrained(root / "base")
        self.base = base

    def found(self) -> list[str]:
        """Return what is said of the experts."""
        options = Options(base=str(self.folder.parent / "base"), select=("LC638",))
        found = validate(self.folder, options).adapters[0].diagnostics
        return [one.message for one in found if "lost" not in one.message]

    def planned(self) -> set[str]:
        """Return the tensors that are planned for the adapter on its base."""
        adapter = read_adapter(Folder(self.folder))
        plan = plan_adapter(adapter, architecture(self.model), PatternBudget()).plan
        assert plan is not None
        return set(plan.tensors)

    def adapted(self) -> Any:
        """Return the base with the adapter, as PEFT loads it."""
        from peft import PeftModel

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PEFT warns of keys of patterns that match nothing
            return PeftModel.from_pretrained(deepcopy(self.base), str(self.folder))

    def loaded(self) -> Any:
        """Return the base with the adapter, merged by PEFT."""
        return self.adapted().merge_and_unload()

    def lost(self) -> set[str]:
        """Return the tensors whose values are nowhere in what PEFT loads."""
        loaded = {
            value
            for name, parameter in self.adapted().named_parameters()
            if "lora_" in name
            for value in parameter.flatten().tolist()
        }
        numbered = enumerate(self.tensors, 1)
        return {name for number, name in numbered if float(number) not in loaded}

    def scales(self) -> dict[str, float]:
        """Return the scale that PEFT gives each layer of an expert."""
        path = "model.layers.1.mlp.experts"
        before, after = (one.get_submodule(path) for one in (self.base, self.loaded()))
        change = {
            name: (after.get_parameter(name) - before.get_parameter(name))[2].detach()
            for name in ("gate_up_proj", "down_proj")
        }
        gate, up = change["gate_up_proj"].chunk(2)
        layers = {self.layout.gate: gate, self.layout.up: up, self.layout.down: change["down_proj"]}
        return {name: self._scale_of(name, delta) for name, delta in layers.items()}

    def _scale_of(self, layer: str, delta: torch.Tensor) -> float:
        """Return how many times the product of a layer's factors a change is."""
        a, b = (
            self.tensors[SCALE.format(block=self.layout.block, layer=layer, factor=one)]
            for one in "AB"
        )
        times = ((delta * (b @ a)).sum() / (b @ a).square().sum()).item()
        assert torch.allclose(delta, times * (b @ a), atol=1e-4)
        return times


@pytest.mark.parametrize("model", LINEAR)
def test_plain_experts_keep_their_scale(model: str, tmp_path: Path) -> None:
    trained = Trained(model, tmp_path)
    assert trained.scales() == pytest.approx(dict.fromkeys(LINEAR[model][:3], 2))
    assert trained.found() == []


@pytest.mark.parametrize("model", LINEAR)
@pytest.mark.parametrize("added", [[], ["gate"], None])
def test_what_peft_loses_is_said(model: str, added: list[str] | None, tmp_path: Path) -> None:
    """The last case is `all-linear`."""
    targets = "all-linear" if added is None else [*LINEAR[model], *added]
    trained = Trained(model, tmp_path, target_modules=targets)
    lost = trained.lost()
    assert bool(lost) == (model != "mixtral")
    assert trained.planned() == trained.tensors.keys() - lost
    report = validate(trained.folder, Options(base=str(tmp_path / "base"))).adapters[0]
    errors = [one for one in report.diagnostics if one.severity == "error"]
    assert [(one.code, one.count) for one in errors] == ([("LC532", len(lost))] if lost else [])


@pytest.mark.parametrize("model", ["qwen3_moe", "deepseek_v3"])
def test_the_advice_keeps_what_peft_loses(model: str, tmp_path: Path) -> None:
    trained = Trained(model, tmp_path)
    report = validate(trained.folder, Options(base=str(tmp_path / "base"))).adapters[0]
    (finding,) = (one for one in report.diagnostics if one.code == "LC532")
    weights = [name for name in re.findall("`(.*?)`", finding.help or "") if "." in name]
    trained.config.model_copy(update={"target_parameters": weights}).save_pretrained(trained.folder)
    assert not trained.lost()
    assert trained.planned() == trained.tensors.keys()


@pytest.mark.parametrize("model", ["qwen3_moe", "deepseek_v3"])
def test_without_experts_in_the_file(model: str, tmp_path: Path) -> None:
    """The config then has to name the layers instead of having them converted."""
    trained = Trained(model, tmp_path)
    layers = {n: t for n, t in trained.tensors.items() if ".experts." not in n}
    save_file(layers, trained.folder / "adapter_model.safetensors", {"format": "pt"})
    report = validate(trained.folder, Options(base=str(tmp_path / "base"))).adapters[0]
    (error,) = (one for one in report.diagnostics if one.severity == "error")
    assert error.code == "LC532"
    weights = [name for name in re.findall("`(.*?)`", error.help or "") if "." in name]
    update = {"target_parameters": weights, "target_modules": LINEAR[model][3:]}
    trained.config.model_copy(update=update).save_pretrained(trained.folder)
    assert trained.planned() == layers.keys()
    assert trained.lost().isdisjoint(layers)


@pytest.mark.parametrize("model", LINEAR)
def test_a_pattern_with_the_numbers_of_experts_matches_nothing(model: str, tmp_path: Path) -> None:
    trained = Trained(model, tmp_path, target_modules=r".*experts\.\d+\.\w+")
    with pytest.raises(ValueError, match="not found in the base model"):
        trained.adapted()
    (message,) = trained.found()
    assert "and then raises: no module of the base is a target" in message


@pytest.mark.parametrize("model", LINEAR)
@pytest.mark.parametrize("alphas", [{}, {"gate": 16}, {"gate": 16, "up": 16, "down": 4}])
def test_another_scale(model: str, alphas: dict[str, int], tmp_path: Path) -> None:
    """Without an alpha of their own, the layers have `use_rslora`."""
    layout = LAYOUTS[model]
    pattern = {getattr(layout, part): alpha for part, alpha in alphas.items()}
    options = {"alpha_pattern": pattern} if pattern else {"use_rslora": True}
    trained = Trained(model, tmp_path, **options)
    root = RANK if pattern else RANK**0.5
    factors: dict[str, list[str]] = {}
    for name, scale in trained.scales().items():
        times = scale / (pattern.get(name, 8) / root)
        if times != pytest.approx(1, abs=1e-3):
            factors.setdefault(f"{times:.4g}", []).append(name)
    assert factors
    assert sorted(trained.found()) == sorted(
        "PEFT 0.19+ converts single experts to `target_parameters`, and gives "
        f"{' and '.join(f'`{name}`' for name in names)} `{times}` times the scale used in training"
        for times, names in factors.items()
    )


@pytest.mark.parametrize(
    ("options", "said", "raised"),
    [
        ({"lora_dropout": 0.1}, "`lora_dropout` does not work", "does not work with lora_dropout"),
        (
            {"alora_invocation_tokens": [3], "task_type": "CAUSAL_LM"},
            "`alora_invocation_tokens` does not work",
            "unsupported variant",
        ),
        ({"init_lora_weights": "pissa"}, "`pissa` starts from a `weight`", "no attribute 'weight'"),
        ({"rank_pattern": {"w2": 2}}, "the one for `w2` rank `4` instead of `2`", "size mismatch"),
        (
            {"rank_pattern": {"w1": 2, "w3": 2}},
            "the one for `w1` and `w3` rank `8` instead of `4`",
            "size mismatch",
        ),
    ],
)
def test_what_peft_raises_for(
    options: dict[str, Any], said: str, raised: str, tmp_path: Path
) -> None:
    trained = Trained("mixtral", tmp_path, **options)
    with pytest.raises((ValueError, RuntimeError, AttributeError), match=raised):
        trained.loaded()
    (message,) = trained.found()
    assert said in message


def test_what_is_found_before_is_not_said_twice(tmp_path: Path) -> None:
    trained = Trained("mixtral", tmp_path)
    path = trained.folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"target_modules": ["q_proj", "w1"]}))
    options = Options(base=str(tmp_path / "base"), ignore=("LC333", "LC703", "LC620"))
    found = validate(trained.folder, options).adapters[0].diagnostics
    assert [one.code for one in found] == ["LC520"]
