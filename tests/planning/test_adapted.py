"""Similar adapters share the tensors of their layers, and different ones do not."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.config.model.lora_config import LoraConfig
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.plan import Plan

PLAIN: dict[str, Any] = {"r": 4, "target_modules": ["one"]}


def plan(base: Architecture | None = None, **values: Any) -> Plan:
    return build_plan(LoraConfig(**PLAIN | values), base or tree(), PatternBudget())


def tree(width: int = 8, model_type: str = "llama", name: str = "one") -> Architecture:
    names = (f"layers.0.{name}", f"layers.1.{name}")
    modules = [Module("", Kind.OTHER, "Model")]
    modules += [Module(name, Kind.LINEAR, "Linear", {"weight": (width, 6)}) for name in names]
    return Architecture("catalogue", model_type, "Model", {one.path: one for one in modules})


def test_families_in_turn_share_their_rows() -> None:
    first, second = ([plan(r=rank) for rank in range(1, 49)] for _ in range(2))
    assert all(ours.rows[0] is theirs.rows[0] for ours, theirs in zip(first, second, strict=True))


def test_a_family_shares_its_rows() -> None:
    first = plan(lora_alpha=3, base_model_name_or_path="a/b")
    second = plan(lora_alpha=9, lora_dropout=0.5, alpha_pattern={"layers.1.one": 2})

    assert len(first.rows) == 2
    assert all(ours is theirs for ours, theirs in zip(first.rows, second.rows, strict=True))
    assert [one.settings.alpha for one in first.modules] == [3, 3]
    assert [one.settings.alpha for one in second.modules] == [9, 2]
    assert sorted(second.scalings) == [0.5, 2.25]
    assert first.scalings == [0.75]


@pytest.mark.parametrize(
    "values",
    [
        {"r": 5},
        {"rank_pattern": {"layers.1.one": 5}},
        {"lora_bias": True},
        {"use_dora": True},
        {"kasa_config": {}},
        {"init_lora_weights": "olora", "r": 7},
        {"layers_to_transform": [1]},
    ],
    ids=str,
)
def test_what_changes_a_tensor_is_never_shared(values: dict[str, Any]) -> None:
    before, changed, after = plan().shapes, plan(**values).shapes, plan().shapes

    assert changed != before == after


def test_patterns_in_another_order_are_others() -> None:
    """The first that matches counts, and equal mappings can differ in order."""
    first = plan(rank_pattern={"one": 2, "(one)": 1}).shapes
    turned = plan(rank_pattern={"(one)": 1, "one": 2}).shapes

    assert {min(shape) for shape in first.values()} == {2}
    assert {min(shape) for shape in turned.values()} == {1}


def test_a_base_of_other_sizes_or_type_shares_nothing() -> None:
    targets = {"target_modules": ["out_proj"]}
    llama, mamba = (tree(model_type=one, name="out_proj") for one in ("llama", "mamba"))

    assert plan(tree(9)).shapes != plan().shapes
    assert len(plan(llama, **targets).shapes) == 4
    assert [one.kind for one in plan(mamba, **targets).failures] == ["unsupported-layer"] * 2
    assert plan(llama, **targets).failures == ()
