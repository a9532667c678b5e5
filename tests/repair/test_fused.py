"""After splitting fused layers, PEFT computes the same."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("peft", reason="what adapters compute is asked of PEFT")

import torch
from safetensors.torch import load_file, save_file

from loracfg.engine.fixing import fix
from loracfg.engine.options import Options
from tests.made.make import Made, make
from tests.made.recipes import Recipe
from tests.repair.good import WEIGHTS, Copy, Good, computed
from tests.zoo import tiny_model

FUSED = {
    "self_attn.qkv_proj": ("q_proj", "k_proj", "v_proj"),
    "mlp.gate_up_proj": ("gate_proj", "up_proj"),
}


def good_adapter(root: Path) -> Good:
    """Make an adapter whose layers that others fuse have one A."""
    names = [name for parts in FUSED.values() for name in parts]
    made = make("llama", Recipe({"target_modules": names}), root, "fused")
    assert isinstance(made, Made)
    file = made.adapter / WEIGHTS
    tensors = {name: torch.randn(t.shape) * 0.3 for name, t in load_file(file).items()}
    for name in tensors:
        for parts in FUSED.values():
            for part in parts[1:]:
                if f".{part}.lora_A" in name:
                    tensors[name] = tensors[name.replace(part, parts[0])].clone()
    save_file(tensors, file, {"format": "pt"})
    return Good(made.adapter, made.base, "llama", tiny_model("llama"))


def test_fused_layers_are_split(root: Path) -> None:
    good = good_adapter(root)
    copy = Copy(good, root / "fused-broken")
    for layer in range(2):
        for fused, parts in FUSED.items():
            block = f"base_model.model.model.layers.{layer}.{fused.split('.')[0]}"
            for factor in "AB":
                own = [copy.tensors.pop(f"{block}.{p}.lora_{factor}.weight") for p in parts]
                name = f"base_model.model.model.layers.{layer}.{fused}.lora_{factor}.weight"
                copy.tensors[name] = own[0] if factor == "A" else torch.cat(own)
    copy.config["target_modules"] = [fused.split(".")[1] for fused in FUSED]
    copy.save()
    repaired = fix(copy.folder, Options(base=str(good.base)), unsafe=True)
    assert [step.code for step in repaired.steps] == ["LC601"]
    assert repaired.after.status == "valid"
    repaired.write(root / "fused-fixed")
    (ours,), (theirs,) = computed(good, root / "fused-fixed"), computed(good, good.folder)
    assert torch.equal(ours, theirs)


def test_sizes_that_do_not_add_up_are_left_alone(root: Path) -> None:
    good = good_adapter(root / "other")
    copy = Copy(good, root / "fused-otherwise")
    copy.tensors = {n.replace("q_proj", "qkv_proj"): t for n, t in copy.tensors.items()}
    copy.config["target_modules"] = ["qkv_proj", "k_proj", "v_proj", "gate_proj", "up_proj"]
    copy.save()
    assert fix(copy.folder, Options(base=str(good.base)), unsafe=True).steps == ()
