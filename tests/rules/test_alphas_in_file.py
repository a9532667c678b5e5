"""Alphas in tensors of the weight file, compared with those in the config."""

from __future__ import annotations

from typing import Any, Final

import pytest

from loracfg.report.report import Diagnostic, Edit
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config

LAYERS: Final = "base_model.model.model.layers"
ALPHAS: Final = tuple(f"tensor {LAYERS}.{i}.self_attn.q_proj.alpha F32 []" for i in (0, 1))
KOHYA: Final = (
    *(
        rf"rename {LAYERS}.(\d+).self_attn.(\w+).lora_{old} -> lora_unet_\1_\2.lora_{new}"
        for old, new in (("A", "down"), ("B", "up"))
    ),
    "tensor lora_unet_0_q_proj.alpha F32 []",
)
IN_PATTERN: Final = "give these layers their alpha in `alpha_pattern`"


def other_alpha(*lines: str) -> list[Diagnostic]:
    report = judged("values . 0.5", *lines)
    assert "LC901" not in [d.code for d in report.diagnostics]
    return [d for d in report.diagnostics if d.code == "LC437"]


@pytest.mark.parametrize(
    ("lines", "message", "help_", "alpha"),
    [
        (
            (*ALPHAS, "values .alpha all 16"),
            "2 layers have alpha `16` in the file, but `8` in the config",
            "set `lora_alpha` to `16`",
            16,
        ),
        (
            (*ALPHAS, "values .alpha all 0.5"),
            "2 layers have alpha `0.5` in the file, but `8` in the config",
            "set `lora_alpha` to `0.5`",
            0.5,
        ),
        (
            (*ALPHAS, "values .alpha all 16", "values layers.1.*alpha all 4"),
            "2 layers have alpha `4` and `16` in the file, but `8` in the config",
            IN_PATTERN,
            None,
        ),
        (  # the first alpha is the config's
            (*ALPHAS, "values .alpha all 8", "values layers.1.*alpha all 4"),
            "1 layer has alpha `4` in the file, but `8` in the config",
            IN_PATTERN,
            None,
        ),
        (
            (*ALPHAS, "values .alpha all 4", config(alpha_pattern={"q_proj": 16})),
            "2 layers have alpha `4` in the file, but `16` in the config",
            IN_PATTERN,
            None,
        ),
        (
            (*KOHYA, "values .alpha all 16"),
            "1 layer has alpha `16` in the file, but `8` in the config",
            "set `lora_alpha` to `16`",
            16,
        ),
    ],
)
def test_different_alphas(
    lines: tuple[str, ...], message: str, help_: str, alpha: float | None
) -> None:
    (found,) = other_alpha(*lines)
    assert found.message == message
    assert found.help == f"{help_} if the layers were trained with it"
    assert [d.location.pointer for d in found.related] == ["/lora_alpha"]
    if alpha is None:
        assert found.fix is None
    else:
        assert found.fix
        assert found.fix.title == f"set `lora_alpha` to `{alpha}`"
        assert found.fix.edits == (Edit("adapter_config.json", "/lora_alpha", alpha),)
        assert not found.fix.safe


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        ((*ALPHAS, "values .alpha all 8"), {}),
        ((*ALPHAS, "values .alpha nan"), {}),  # not a number
        ((*ALPHAS, "values .alpha all 16"), {"alpha_pattern": {"q_proj": 16}}),
        ((*ALPHAS, "values .alpha all 16"), {"lora_alpha": "x"}),
        # such names do not show the module
        ((*KOHYA, "values .alpha all 16"), {"alpha_pattern": {"q_proj": 4}}),
        ((*KOHYA, "values .alpha all 16"), {"lora_alpha": "x"}),
        ((*KOHYA, "values .alpha all 16"), {"alpha_pattern": {"q_proj": "x"}}),
    ],
)
def test_equal_or_unknown_alphas(lines: tuple[str, ...], values: dict[str, Any]) -> None:
    assert other_alpha(*lines, config(**values)) == []
