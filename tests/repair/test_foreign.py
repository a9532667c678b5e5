"""Converted diffusers adapters compute the same in PEFT as in diffusers."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("diffusers", reason="diffusers writes and reads these files")

import peft
import torch
from safetensors.torch import save_file

from loracfg.engine.fixing import fix
from loracfg.engine.options import Options
from tests.zoo import FLUX

diffusers: Any = import_module("diffusers")


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    torch.manual_seed(1)
    model = diffusers.FluxTransformer2DModel(**FLUX)
    base = tmp_path_factory.mktemp("flux") / "transformer"
    model.save_pretrained(base)
    return model, base


def inputs() -> dict[str, Any]:
    generator = torch.Generator().manual_seed(3)
    return {
        "hidden_states": torch.randn(1, 6, 4, generator=generator),
        "encoder_hidden_states": torch.randn(
            1, 5, FLUX["joint_attention_dim"], generator=generator
        ),
        "pooled_projections": torch.randn(1, FLUX["pooled_projection_dim"], generator=generator),
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


@pytest.fixture(scope="module")
def unet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    torch.manual_seed(2)
    model = diffusers.UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=24,
        attention_head_dim=8,
        norm_num_groups=8,
    )
    base = tmp_path_factory.mktemp("sd") / "unet"
    model.save_pretrained(base)
    return model, base


def computed(model: Any) -> torch.Tensor:
    generator = torch.Generator().manual_seed(4)
    sample = torch.randn(1, 4, 8, 8, generator=generator)
    states = torch.randn(1, 5, 24, generator=generator)
    with torch.no_grad():
        found: torch.Tensor = model(sample, 3, encoder_hidden_states=states).sample
    return found


PROCESSORS = "unet.{block}.attn1.processor.{layer}_lora.{way}.weight"
PLAIN = "unet.{block}.attn1.{layer}.lora.{way}.weight"
ENCODER = "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_linear_layer.{way}.weight"


@pytest.mark.parametrize("with_encoder", [False, True])
@pytest.mark.parametrize("form", [PROCESSORS, PLAIN])
def test_names_of_older_diffusers(
    unet: tuple[Any, Path], tmp_path: Path, form: str, with_encoder: bool
) -> None:
    model, base = unet
    block = "mid_block.attentions.0.transformer_blocks.0"
    tensors = {}
    for layer in ("to_q", "to_out"):
        step = layer if form is PROCESSORS or layer != "to_out" else "to_out.0"
        for way, shape in {"down": (4, 64), "up": (64, 4)}.items():
            tensors[form.format(block=block, layer=step, way=way)] = torch.randn(shape)
    state, alphas = diffusers.StableDiffusionPipeline.lora_state_dict(dict(tensors))
    loaded = diffusers.UNet2DConditionModel.from_pretrained(base)
    loaded.load_lora_adapter(state, prefix="unet", network_alphas=alphas)
    if with_encoder:
        tensors |= {ENCODER.format(way=way): torch.ones(4, 4) for way in ("down", "up")}
    (tmp_path / "theirs").mkdir()
    save_file(tensors, tmp_path / "theirs" / "pytorch_lora_weights.safetensors")
    options = Options(base=str(base))
    if with_encoder:
        (offered,) = fix(tmp_path / "theirs", options).offered
        assert "drop the tensors for `text_encoder`" in offered.title
    repaired = fix(tmp_path / "theirs", options, unsafe=with_encoder)
    assert repaired.after.status == "valid"
    repaired.write(tmp_path / "ours")
    ours = peft.PeftModel.from_pretrained(
        diffusers.UNet2DConditionModel.from_pretrained(base), str(tmp_path / "ours")
    )
    plain, theirs, found = map(computed, (model, loaded, ours))
    assert torch.allclose(theirs, found, atol=1e-5)
    assert not torch.allclose(plain, theirs, atol=1e-3)


@pytest.mark.parametrize(("alpha", "converts"), [(2.0, False), (4.0, True)])
def test_alphas_that_diffusers_ignores(
    unet: tuple[Any, Path], tmp_path: Path, alpha: float, converts: bool
) -> None:
    block = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
    tensors = {f"{block}.lora.down.weight": torch.ones(4, 64)}
    tensors |= {f"{block}.lora.up.weight": torch.ones(64, 4), f"{block}.alpha": torch.tensor(alpha)}
    save_file(tensors, tmp_path / "pytorch_lora_weights.safetensors")
    _, alphas = diffusers.StableDiffusionPipeline.lora_state_dict(tensors)
    assert alphas is None
    repaired = fix(tmp_path, Options(base=str(unet[1])), unsafe=True)
    assert bool(repaired.steps) is converts


@pytest.mark.parametrize("end", ["dora_scale", "magnitude"])
def test_magnitudes_of_other_tools(transformer: tuple[Any, Path], tmp_path: Path, end: str) -> None:
    _, base = transformer
    path = "transformer_blocks.0.attn.to_q"
    a, b, m = torch.randn(4, 32), torch.randn(32, 4), torch.rand(32) + 0.5
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    if end == "dora_scale":
        flat = f"lora_transformer_{path.replace('.', '_')}"
        named = {f"{flat}.lora_down.weight": a, f"{flat}.lora_up.weight": b}
        named |= {f"{flat}.dora_scale": m[:, None], f"{flat}.alpha": torch.tensor(2.0)}
        scale = 0.5
    else:
        named = {f"transformer.{path}.lora_A.weight": a, f"transformer.{path}.lora_B.weight": b}
        named |= {f"transformer.{path}.magnitude": m}
        scale = 1.0
    save_file(named, theirs / "some.safetensors")
    repaired = fix(theirs, Options(base=str(base)))
    assert repaired.after.status == "valid"
    repaired.write(tmp_path / "ours")
    ours = peft.PeftModel.from_pretrained(
        diffusers.FluxTransformer2DModel.from_pretrained(base), str(tmp_path / "ours")
    )
    changed = diffusers.FluxTransformer2DModel.from_pretrained(base)
    layer = changed.transformer_blocks[0].attn.to_q
    with torch.no_grad():
        whole = layer.weight + scale * b @ a
        layer.weight.copy_(m[:, None] * whole / whole.norm(dim=1, keepdim=True))
        expected, found = (m(**inputs()).sample for m in (changed, ours))
    assert torch.allclose(expected, found, atol=1e-5)


def mlx(folder: Path, **values: Any) -> Path:
    folder.mkdir()
    tensors = {"model.layers.0.self_attn.q_proj.lora_a": torch.ones(32, 4)}
    tensors["model.layers.0.self_attn.q_proj.lora_b"] = torch.ones(4, 32)
    save_file(tensors, folder / "adapters.safetensors")
    settings = {"rank": 4, "scale": 2.0, "dropout": 0.0} | values
    config = {"fine_tune_type": "lora", "num_layers": 2, "lora_parameters": settings}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder


def test_rank_of_mlx_lm(tmp_path: Path) -> None:
    assert fix(mlx(tmp_path / "sound")).steps
    assert not fix(mlx(tmp_path / "other", rank=8)).steps  # mlx-lm raises on the shapes


@pytest.mark.parametrize("prefix", ["base_model.model.", ""])
def test_names_of_peft_without_a_config(
    transformer: tuple[Any, Path], tmp_path: Path, prefix: str
) -> None:
    name = f"{prefix}transformer_blocks.0.attn.to_q"
    tensors = {
        f"{name}.lora_A.weight": torch.ones(4, 32),
        f"{name}.lora_B.weight": torch.ones(32, 4),
    }
    for file in ("adapter_model.safetensors", "some.safetensors"):
        folder = tmp_path / file.partition(".")[0]
        folder.mkdir()
        save_file(tensors, folder / file)
        repaired = fix(folder, Options(base=str(transformer[1])), unsafe=True)
        codes = {step.code for step in repaired.steps}
        assert codes.isdisjoint({"LC002", "LC003", "LC501"})  # their scale is not known
