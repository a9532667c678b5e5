"""The rows of a fused layer that each layer of the base gets, if they are known."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from loracfg.repair.change import Change
from loracfg.repair.fused import split_fused_layers
from loracfg.repair.tensor_data import RowSlice
from loracfg.report.report import Location
from loracfg.rules.rule import Finding
from tests.repair.single import changed, config_of

FINDING: Final = Finding("", Location(""), "")
LAYERS: Final = "base_model.model.model.layers"


def config(**values: Any) -> str:
    return f"config {json.dumps(values)}"


def pair(layer: int, module: str, out: int) -> list[str]:
    stem = f"tensor {LAYERS}.{layer}.{module}.lora_"
    return [f"{stem}A.weight F32 [4, 16]", f"{stem}B.weight F32 [{out}, 4]"]


QKV: Final = [line for layer in (0, 1) for line in pair(layer, "self_attn.qkv_proj", 48)]
GATE: Final = pair(0, "mlp.gate_up_proj", 40)
OTHER: Final = pair(0, "self_attn.o_proj", 16)
TARGETS: Final = config(target_modules=["o_proj", "qkv_proj", "q_proj"])


def apart(*lines: str) -> Change | None:
    return changed(lambda s, d: split_fused_layers(s, FINDING, d), "drop .", TARGETS, *lines)


def test_rows_of_b_are_those_of_one_layer_after_the_other() -> None:
    change = apart(*OTHER, *QKV)
    assert change is not None
    tensors = change.draft.tensors or {}
    for layer in (0, 1):
        for name, rows in (("q_proj", (0, 24)), ("k_proj", (24, 36)), ("v_proj", (36, 48))):
            stem = f"{LAYERS}.{layer}.self_attn.{name}.lora_"
            assert tensors[f"{stem}A.weight"].shape == (4, 16)
            b = tensors[f"{stem}B.weight"]
            assert isinstance(b, RowSlice)
            assert (b.first, b.end) == rows
    assert len(tensors) == 2 * (2 * 3 + 1)
    assert config_of(change)["target_modules"] == ["o_proj", "q_proj", "k_proj", "v_proj"]
    assert change.title == "split `qkv_proj` of 2 layers into the base's layers"
    assert not change.safe


def test_several_fused_layers() -> None:
    change = apart(*QKV, *GATE, config(target_modules=["qkv_proj", "gate_up_proj"]))
    names = ["q_proj", "k_proj", "v_proj", "gate_proj", "up_proj"]
    assert config_of(change)["target_modules"] == names


@pytest.mark.parametrize(
    "lines",
    [
        (*QKV, "config none"),
        (*QKV, "weights append 00"),
        (*QKV, config(use_dora=True)),
        (*QKV, config(lora_bias=True)),
        (*QKV, config(rank_pattern={"x": 8})),
        (*QKV, config(alpha_pattern={"x": 8})),
        (*QKV, config(target_modules=".*qkv_proj")),
        (*QKV, "base none"),
        (*QKV, "drop 0.*lora_A"),
        (*QKV, "drop 0.*lora_B"),
        (*QKV, "reshape 1.*lora_B -> [47, 4]"),
        (*QKV, "reshape 1.*lora_B -> [49, 4]"),
        (*QKV, "reshape 1.*lora_B -> []"),
        (*QKV, f"tensor {LAYERS}.0.self_attn.qkv_proj.lora_magnitude_vector F32 [48]"),
        (*QKV, *pair(1, "self_attn.xkv_proj", 48)),
        (*QKV, *pair(1, "self_attn.xkv_proj", 0)),
        (*QKV, *pair(1, "self_attn.k_proj", 12)),  # which of the two is it?
        (*GATE, 'base {"experts": 2}'),  # whose experts have no such layers
        tuple(OTHER),
    ],
)
def test_without_one_answer_nothing_is_split(lines: tuple[str, ...]) -> None:
    assert apart(*lines) is None
