"""Adapters of diffusers are converted so that PEFT computes what diffusers does."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("diffusers", reason="diffusers writes and reads these files")

import peft
import torch

from loracfg.fixing import fix
from loracfg.validation import Options

diffusers: Any = import_module("diffusers")


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    torch.manual_seed(1)
    model = diffusers.FluxTransformer2DModel(
        patch_size=1,
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        axes_dims_rope=(4, 4, 8),
    )
    base = tmp_path_factory.mktemp("flux") / "transformer"
    model.save_pretrained(base)
    return model, base


def inputs() -> dict[str, Any]:
    generator = torch.Generator().manual_seed(3)
    return {
        "hidden_states": torch.randn(1, 6, 4, generator=generator),
        "encoder_hidden_states": torch.randn(1, 5, 32, generator=generator),
        "pooled_projections": torch.randn(1, 32, generator=generator),
        "timestep": torch.tensor([1.0]),
        "img_ids": torch.zeros(6, 3),
        "txt_ids": torch.zeros(5, 3),
    }


@pytest.mark.parametrize("with_metadata", [True, False])
def test_adapter_of_diffusers(
    transformer: tuple[Any, Path], tmp_path: Path, with_metadata: bool
) -> None:
    model, base = transformer
    config = peft.LoraConfig(
        r=4, lora_alpha=12, target_modules=["to_q", "to_k"], init_lora_weights=False
    )
    saved: dict[str, Any] = config.to_dict()  # type: ignore[no-untyped-call]
    trained = diffusers.FluxTransformer2DModel.from_pretrained(base)
    trained.add_adapter(config)
    diffusers.FluxPipeline.save_lora_weights(
        tmp_path / "theirs",
        transformer_lora_layers=peft.get_peft_model_state_dict(trained),
        transformer_lora_adapter_metadata=saved if with_metadata else None,
    )
    loaded = diffusers.FluxTransformer2DModel.from_pretrained(base)
    state, metadata = diffusers.FluxPipeline.lora_state_dict(
        tmp_path / "theirs", return_lora_metadata=True
    )
    loaded.load_lora_adapter(state, prefix="transformer", metadata=metadata)
    repaired = fix(tmp_path / "theirs", Options(base=str(base)))
    assert repaired.after.status == "valid"
    repaired.write(tmp_path / "ours")
    ours = peft.PeftModel.from_pretrained(
        diffusers.FluxTransformer2DModel.from_pretrained(base), str(tmp_path / "ours")
    )
    with torch.no_grad():
        plain, theirs, found = (m(**inputs()).sample for m in (model, loaded, ours))
    assert torch.allclose(theirs, found, atol=1e-6)
    assert not torch.allclose(plain, theirs, atol=1e-3)
