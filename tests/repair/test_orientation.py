"""Factors are transposed or swapped if the base shows how, expert by expert."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from loracfg.repair.change import Change
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import Transpose
from tests.repair.single import changed, repaired, values_of

TURNED: Final = (
    "reshape lora_A -> [16, 4]",
    "reshape q_proj.lora_B -> [4, 24]",
    "reshape v_proj.lora_B -> [4, 12]",
)
SWAPPED: Final = ("rename lora_A -> lora_x", "rename lora_B -> lora_A", "rename lora_x -> lora_B")
SHAPES: Final = {"lora_A": {(4, 16)}, "lora_B": {(24, 4), (12, 4)}}


def upright(*lines: str) -> Change | None:
    return repaired("LC510", *lines)


def shapes_of(draft: Draft) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    for name, one in (draft.tensors or {}).items():
        found.setdefault(name.split(".")[-2], set()).add(one.shape)
    return found


@pytest.mark.parametrize(
    ("lines", "title"),
    [(TURNED, "transpose A and B of 4 layers"), (SWAPPED, "swap A and B of 4 layers")],
)
def test_all_factors_are_the_other_way_round(lines: tuple[str, ...], title: str) -> None:
    change = upright(*lines)
    assert change is not None
    assert shapes_of(change.draft) == SHAPES
    assert (change.title, change.safe) == (title, True)
    assert change.why == "the sizes of the base's layers allow no other answer"


@pytest.mark.parametrize("lines", [TURNED, SWAPPED])
def test_some_factors_are_the_other_way_round(lines: tuple[str, ...]) -> None:
    own = [line.replace(" q", " 0.*q").replace(" v", " 0.*v") for line in lines]
    own = [line.replace(" lora", " (0.*)lora", 1).replace("-> l", r"-> \1l") for line in own]
    change = upright(*own)
    assert change is not None
    assert shapes_of(change.draft) == SHAPES
    assert (change.title.split(" of ")[1], change.safe) == ("2 layers", False)
    assert change.why.startswith("other layers have theirs the right way round")
    turned = [one for one in (change.draft.tensors or {}).values() if isinstance(one, Transpose)]
    assert len(turned) == (4 if lines is TURNED else 0)


def test_convolutions_are_not_looked_at() -> None:
    stem = "tensor base_model.model.model.layers.0.conv.lora_"
    change = upright(*TURNED, f"{stem}A.weight F32 [4, 16, 1]", f"{stem}B.weight F32 [8, 4, 1]")
    assert change is not None
    assert change.safe


@pytest.mark.parametrize(
    "lines", [(), (*TURNED, "base none"), (*TURNED, "weights append 00"), ("weights none",)]
)
def test_without_one_way_nothing_is_turned(lines: tuple[str, ...]) -> None:
    assert upright(*lines) is None


STACKS: Final = tuple(f"mlp.experts.{name}_proj" for name in ("down", "gate_up"))
BASE: Final = 'base {"experts": 2}'


def stacks(rank: int = 8, *, as_now: bool = False) -> list[str]:
    """Return stacks of two experts in both layers, as PEFT 0.18 saves them."""
    lines = []
    for layer in (0, 1):
        for step, into, out in (("", 20, 16), ("base_layer.", 16, 40)):
            stem = f"tensor base_model.model.model.layers.{layer}.mlp.experts.{step}lora_"
            into, out = (out, into) if as_now else (into, out)
            lines += [f"{stem}A.weight F32 [{rank}, {out}]", f"{stem}B.weight F32 [{into}, {rank}]"]
    return lines


def swapped(*lines: str, parameters: tuple[str, ...] = STACKS) -> Any:
    """Return the draft before and the change."""
    config = {"target_modules": [], "target_parameters": parameters}
    own = ("drop .", BASE, f"config {json.dumps(config)}", *lines)
    before = changed(lambda _, draft: Change(draft, "", True, ""), *own)
    assert before is not None
    return before.draft, repaired("LC605", *own)


@pytest.mark.parametrize("more", [(), ("layers.0.mlp.gate.weight", "layers.1.mlp.gate.weight")])
def test_experts_have_the_update_they_had(more: tuple[str, ...]) -> None:
    """Before PEFT 0.19.1, that was the transpose of B A."""
    before, change = swapped(*stacks(), "values lora 1", parameters=(*STACKS, *more))
    assert change is not None
    assert change.safe
    assert change.title == "swap A and B of 4 stacks of experts, expert by expert"
    old, new = values_of(before), values_of(change.draft)
    for name in old:
        if "lora_A" not in name:
            continue
        other = name.replace("lora_A", "lora_B")
        for expert in range(2):
            product, turned = (
                one[other].reshape(len(one[other]), 4, 2)[:, :, expert]
                @ one[name].reshape(2, 4, -1)[expert]
                for one in (new, old)
            )
            assert product.shape == turned.T.shape
            assert abs(product - turned.T).max() < 1e-5
            assert abs(product).max() > 0.1


def test_other_tensors_of_experts_stay() -> None:
    name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
    _, change = swapped(*stacks(), f"tensor {name} F32 [4, 16]")
    assert change is not None
    assert change.draft.tensors[name].shape == (4, 16)


def test_experts_that_are_not_exchanged() -> None:
    assert swapped(*stacks(as_now=True))[1] is None
    assert swapped(*stacks(7))[1] is None
    assert swapped(*stacks(), "base none")[1] is None
    assert swapped(*stacks(), "weights append 00")[1] is None
    assert swapped(*stacks(), 'base {"experts": 3}')[1] is None


def test_a_parameter_that_is_no_stack_has_no_experts() -> None:
    lines = (
        'made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}',
        "reshape lora_A -> [4, 24]",
        "reshape lora_B -> [16, 4]",
    )
    assert repaired("LC605", *lines) is None
