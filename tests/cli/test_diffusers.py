"""`loracfg validate` on PEFT adapters of diffusers models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.running import call

REASON: Final = "`diffusers` is not installed"
UNET: Final[dict[str, Any]] = {
    "sample_size": 8,
    "block_out_channels": [32, 64],
    "layers_per_block": 1,
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"],
    "cross_attention_dim": 24,
    "attention_head_dim": 4,
    "norm_num_groups": 8,
}
FLUX: Final[dict[str, Any]] = {
    "in_channels": 4,
    "num_layers": 1,
    "num_single_layers": 2,
    "attention_head_dim": 16,
    "num_attention_heads": 3,
    "joint_attention_dim": 40,
    "pooled_projection_dim": 24,
    "axes_dims_rope": [4, 4, 8],
}


def save(folder: Path, class_name: str, config: dict[str, Any], **options: Any) -> Path:
    """Save an adapter and its base, as part of a pipeline; return the pipeline's folder."""
    diffusers = pytest.importorskip("diffusers", reason=REASON)
    from peft import LoraConfig, get_peft_model

    part = "unet" if class_name.startswith("UNet") else "transformer"
    model = getattr(diffusers, class_name).from_config(config)
    model.save_pretrained(folder / "base" / part)
    index = {"_class_name": "AnyPipeline", part: ["diffusers", class_name]}
    (folder / "base" / "model_index.json").write_text(json.dumps(index))
    get_peft_model(model, LoraConfig(r=4, **options)).save_pretrained(str(folder / "adapter"))
    return folder / "base"


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"target_modules": ["to_q", "to_k", "to_v", "to_out.0"]},
        {"target_modules": ["to_q", "conv1", "conv_in"], "use_rslora": True},
        {"target_modules": "all-linear", "use_dora": True},
        {"target_modules": ["to_q"], "modules_to_save": ["conv_out"]},
    ],
)
@pytest.mark.parametrize(
    ("class_name", "config"), [("UNet2DConditionModel", UNET), ("FluxTransformer2DModel", FLUX)]
)
def test_valid(
    tmp_path: Path, class_name: str, config: dict[str, Any], options: dict[str, Any]
) -> None:
    base = save(tmp_path, class_name, config, **options)

    outcome = call("validate", tmp_path / "adapter", "--base", base, "--strict")

    assert (outcome.status, outcome.err) == (0, ""), outcome.out
    assert f"tensors apply to {class_name}" in outcome.out


def test_a_different_width_is_an_error(tmp_path: Path) -> None:
    base = save(tmp_path, "FluxTransformer2DModel", FLUX, target_modules=["to_q"])
    config = base / "transformer" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"num_attention_heads": 6}))

    outcome = call("validate", tmp_path / "adapter", "--base", base)

    assert outcome.status == 1
    assert "48" in outcome.out
    assert "96" in outcome.out
