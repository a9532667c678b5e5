"""Dtypes that torch does not have, that PEFT cannot copy, or that no weights are trained in."""

from __future__ import annotations

import pytest

from loracfg.testing.building.judging import judged
from tests.rules.subjects import made_with

ATTENTION = "base_model.model.model.layers.0.self_attn"
Q_A = f"tensor {ATTENTION}.q_proj.lora_A.weight"
Q_B = f"tensor {ATTENTION}.q_proj.lora_B.weight"
V_A = f"tensor {ATTENTION}.v_proj.lora_A.weight"
V_B = f"tensor {ATTENTION}.v_proj.lora_B.weight"
HEAD = "base_model.model.lm_head.weight"
SAVED = made_with(modules_to_save=["lm_head"])


def found(code: str, *lines: str) -> list[tuple[str, str | None, int]]:
    """Return the message, tensor and count of each finding."""
    report = judged(*lines)
    return [(d.message, d.location.tensor, d.count) for d in report.diagnostics if d.code == code]


@pytest.mark.parametrize(
    ("code", "lines", "expected"),
    [
        (
            "LC415",
            (f"{Q_A} F4 [4, 16]", f"{V_B} F6_E2M3 [12, 4]", f"{V_A} F6_E3M2 [4, 16]"),
            [
                ("1 tensor has dtype `F4`, which PEFT cannot copy", Q_A, 1),
                ("1 tensor has dtype `F6_E2M3`, which torch does not have", V_B, 1),
                ("1 tensor has dtype `F6_E3M2`, which torch does not have", V_A, 1),
            ],
        ),
        (
            "LC415",
            (f"{Q_A} F4 [4, 16]", f"{Q_B} F4 [24, 4]", "tensor x F4 [4]"),
            [("2 tensors have dtype `F4`, which PEFT cannot copy", Q_A, 2)],
        ),
        (
            "LC415",
            (f"tensor {HEAD} F4 [32, 16]",),
            [("1 tensor has dtype `F4`, which PEFT cannot copy", f"tensor {HEAD}", 1)],
        ),
        (
            "LC415",
            (SAVED, f"tensor {HEAD} F4 [32, 16]"),
            [("1 tensor has dtype `F4`, which PEFT cannot copy", f"tensor {HEAD}", 1)],
        ),
        # without a base, any module may exist, but only factors have PEFT's names
        (
            "LC415",
            (f"{Q_A} F4 [4, 16]", "tensor layers.0.q.lora_A.weight F4 [4, 16]", "base none"),
            [("1 tensor has dtype `F4`, which PEFT cannot copy", Q_A, 1)],
        ),
        ("LC415", (f"tensor {HEAD} F4 [32, 16]", "base none"), []),
        ("LC415", ("tensor x F4 [4]", f"{Q_A} BF16 [4, 16]"), []),
        (
            "LC415",
            ("tensor x F6_E2M3 [4]",),
            [("1 tensor has dtype `F6_E2M3`, which torch does not have", "x", 1)],
        ),
        (
            "LC423",
            (
                f"{Q_A} I8 [4, 16]",
                f"{Q_B} F8_E8M0 [24, 4]",
                f"{V_A} C64 [4, 16]",
                f"{V_B} I64 [12, 4]",
                "tensor base_model.model.x.weight I64 [4]",
                "tensor base_model.model.y.weight C64 [4]",
            ),
            [
                ("2 tensors have an integer or boolean dtype (here `I8`)", Q_A, 2),
                ("1 tensor has a dtype for scales (here `F8_E8M0`)", Q_B, 1),
                ("1 tensor has a complex dtype (here `C64`)", V_A, 1),
            ],
        ),
        (
            "LC423",
            (SAVED, f"tensor {HEAD} C64 [32, 16]", f"{Q_B} F16 [24, 4]"),
            [("1 tensor has a complex dtype (here `C64`)", f"tensor {HEAD}", 1)],
        ),
        # a module of a quantized base may have integers too
        ("LC423", (SAVED, f"tensor {HEAD} I8 [32, 16]"), []),
        ("LC423", (f"tensor {HEAD} C64 [32, 16]", "base none"), []),
        (
            "LC423",
            (f"{Q_A} U8 [4, 16]", "base none"),
            [("1 tensor has an integer or boolean dtype (here `U8`)", Q_A, 1)],
        ),
    ],
)
def test_unusual_dtypes(
    code: str, lines: tuple[str, ...], expected: list[tuple[str, str, int]]
) -> None:
    findings = [
        (message, place.removeprefix("tensor "), count) for message, place, count in expected
    ]
    assert found(code, *lines) == findings


def test_a_dtype_that_is_not_in_the_format() -> None:
    header = '{"x": {"dtype": "float32", "shape": [1], "data_offsets": [0, 4]}}'
    ((message, _, _),) = found("LC415", f"weights header {header}", "weights append 00000000")
    assert "`float32`" in message
