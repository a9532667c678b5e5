"""Quantised checkpoints show full shapes or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loracfg.base.architecture import Kind
from loracfg.base.from_checkpoint.checkpoint import read_checkpoint, tree_of
from tests.base.headers import Entry, tensors_of, write_checkpoint

OUT, IN = 48, 64

FORMATS: dict[str, tuple[dict[str, Entry], dict[str, Any]]] = {
    "bitsandbytes-8bit": (
        {"weight": ("I8", (OUT, IN)), "SCB": ("F32", (OUT,)), "weight_format": ("U8", ())},
        {},
    ),
    "bitsandbytes-4bit-with-bias": (
        {
            "weight": ("U8", (OUT * IN // 2, 1)),
            "weight.absmax": ("U8", (48,)),
            "weight.quant_map": ("F32", (16,)),
            "weight.nested_absmax": ("F32", (1,)),
            "weight.nested_quant_map": ("F32", (256,)),
            "weight.quant_state.bitsandbytes__nf4": ("U8", (80,)),
            "bias": (OUT,),
        },
        {},
    ),
    "gptq": (
        {
            "qweight": ("I32", (IN // 8, OUT)),
            "qzeros": ("I32", (4, OUT // 8)),
            "scales": ("F16", (4, OUT)),
            "g_idx": ("I32", (IN,)),
        },
        {},
    ),
    "gptq-8bit-without-order": (
        {
            "qweight": ("I32", (IN // 4, OUT)),
            "qzeros": ("I32", (4, OUT // 4)),
            "scales": ("F16", (4, OUT)),
        },
        {},
    ),
    "awq": (
        {
            "qweight": ("I32", (IN, OUT // 8)),
            "qzeros": ("I32", (4, OUT // 8)),
            "scales": ("F16", (4, OUT)),
        },
        {},
    ),
    "fp8-blocks": (
        {"weight": ("F8_E4M3", (OUT, IN)), "weight_scale_inv": ("F32", (1, 1))},
        {},
    ),
    "fp8-static": (
        {
            "weight": ("F8_E4M3", (OUT, IN)),
            "weight_scale": ("BF16", (OUT, 1)),
            "input_scale": ("BF16", ()),
        },
        {},
    ),
    "compressed-int4": (
        {
            "weight_packed": ("I32", (OUT, IN // 8)),
            "weight_scale": (OUT, 2),
            "weight_shape": ("I64", (2,)),
        },
        {"quantization_config": {"config_groups": {"group_0": {"weights": {"num_bits": 4}}}}},
    ),
    "compressed-nvfp4": (
        {
            "weight_packed": ("U8", (OUT, IN // 2)),
            "weight_scale": ("F8_E4M3", (OUT, IN // 16)),
            "weight_global_scale": ("F32", (1,)),
        },
        {},
    ),
    "modelopt-nvfp4": (
        {
            "weight": ("U8", (OUT, IN // 2)),
            "weight_scale": ("F8_E4M3", (OUT, IN // 16)),
            "weight_scale_2": ("F32", ()),
            "input_scale": ("F32", ()),
        },
        {},
    ),
}

UNTOLD: dict[str, dict[str, Entry]] = {
    "bitsandbytes-4bit": {
        "weight": ("U8", (OUT * IN // 2, 1)),
        "weight.absmax": ("U8", (48,)),
        "weight.quant_state.bitsandbytes__nf4": ("U8", (80,)),
    },
    "compressed-of-unknown-bits": {
        "weight_packed": ("I32", (OUT, IN // 8)),
        "weight_scale": (OUT, 2),
    },
    "compressed-stack": {"weight_packed": ("U8", (2, OUT, IN // 2))},
    "marlin": {
        "qweight": ("I32", (IN // 16, OUT * 2)),
        "qzeros": ("I32", (4, OUT // 8)),
        "scales": ("F16", (4, OUT)),
    },
    "eetq": {"qweight": ("I8", (IN, OUT)), "weight_scales": ("F16", (OUT,))},
    "bitnet": {"weight": ("U8", (OUT // 4, IN)), "weight_scale": ("BF16", (1,))},
    "unknown-integers": {"weight": ("I32", (OUT, IN // 8))},
}


def entries_of(layer: dict[str, Entry]) -> dict[str, Entry]:
    return {f"model.layers.0.q_proj.{name}": entry for name, entry in layer.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_full_shapes_are_recovered(name: str) -> None:
    layer, config = FORMATS[name]
    found = tree_of(tensors_of(entries_of(layer)), config)

    assert found is not None
    module = found.modules["model.layers.0.q_proj"]
    assert module.kind is Kind.LINEAR
    assert module.features == (IN, OUT)
    assert set(module.parameters) <= {"weight", "bias"}
    assert "model.layers.0.q_proj.weight" not in found.modules


@pytest.mark.parametrize("name", UNTOLD)
def test_unknown_shapes_are_left_out(name: str) -> None:
    other: dict[str, Entry] = {"lm_head.weight": (96, IN)}
    found = tree_of(tensors_of(entries_of(UNTOLD[name]) | other), {})

    assert found is not None
    assert not any(path.startswith("model") for path in found.modules)
    assert "the quantised module `" in found.notes[0]


def test_a_checkpoint_without_known_shapes_is_declined(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "model.safetensors", entries_of(UNTOLD["eetq"]))
    found, faults = read_checkpoint(tmp_path, {})

    assert found is None
    assert [fault.kind for fault in faults] == ["base-quantised"]


def test_stacks_of_mxfp4_are_as_gpt_oss_has_them() -> None:
    entries: dict[str, Entry] = {
        "model.layers.0.mlp.experts.gate_up_proj_blocks": ("U8", (4, 112, 2, 16)),
        "model.layers.0.mlp.experts.gate_up_proj_scales": ("U8", (4, 112, 2)),
        "model.layers.0.mlp.experts.gate_up_proj_bias": (4, 112),
        "lm_head.weight": (96, 64),
    }
    found = tree_of(tensors_of(entries), {"model_type": "gpt_oss"})

    assert found is not None
    module = found.modules["model.layers.0.mlp.experts"]
    assert module.parameters == {"gate_up_proj": (4, 64, 112), "gate_up_proj_bias": (4, 112)}
    assert module.is_transposed


def test_parameters_that_are_called_scale_stay() -> None:
    entries: dict[str, Entry] = {
        "model.a.logit": (4,),
        "model.a.logit_scale": (1,),
        "model.b.scale": (4,),
        "lm_head.weight": (96, 64),
    }
    found = tree_of(tensors_of(entries), {})

    assert found is not None
    assert set(found.modules["model.a"].parameters) == {"logit", "logit_scale"}
    assert set(found.modules["model.b"].parameters) == {"scale"}
