"""Threads whose cause is which files there are, and what tool wrote them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.threads.making import QV, Given, built, edit, on, on_model, saved, tensors, write
from tests.zoo import tiny_model


def _random(*shape: int) -> Any:
    import torch

    return torch.rand(shape, generator=torch.Generator().manual_seed(len(shape)))


def _pairs(modules: dict[str, tuple[int, int]], down: str, up: str, rank: int = 4) -> Any:
    """Return the factors of modules by their names and sizes."""
    result = {}
    for name, (size_in, size_out) in modules.items():
        result[name + down] = _random(rank, size_in)
        result[name + up] = _random(size_out, rank)
    return result


def transformers_28531(root: Path) -> Given:
    """A checkpoint of a trainer whose adapter has a name, and so a folder of its own."""
    given = on("llama", root)
    checkpoint = root / "checkpoint-300"
    checkpoint.mkdir()
    given.path.rename(checkpoint / "my_adapter")
    for name in ("trainer_state.json", "optimizer.pt", "rng_state.pth", "scheduler.pt"):
        (checkpoint / name).write_text("{}")
    return given._replace(path=checkpoint)


def trl_4416(root: Path) -> Given:
    """A file of 40 bytes: a sound header, and no tensors."""
    given = on("llama", root)
    write(given.path / "adapter_model.safetensors", {})
    return given


def torchtune_2162(root: Path) -> Given:
    """Weights in the names of PEFT, without a config."""
    given = on("llama", root)
    (given.path / "adapter_config.json").unlink()
    return given


def mlx_examples_1317(root: Path) -> Given:
    """The numpy archive of the older MLX script."""
    import numpy

    folder = root / "adapters"
    folder.mkdir()
    names = [f"model.layers.{n}.self_attn.q_proj" for n in (0, 1)]
    values: dict[str, Any] = {f"{name}.lora_a": numpy.ones((32, 4), "float32") for name in names}
    values |= {f"{name}.lora_b": numpy.ones((4, 32), "float32") for name in names}
    numpy.savez(folder / "adapters.npz", **values)
    return Given(folder, saved(tiny_model("llama"), root / "base"))


def llama_cpp_10551(root: Path) -> Given:
    """An adapter of mlx-lm, given to a tool that wants PEFT's."""
    folder = root / "adapter"
    modules = {f"model.layers.{n}.self_attn.{p}": (32, 32) for n in (0, 1) for p in ("q_proj",)}
    factors = _pairs(modules, ".lora_a", ".lora_b")
    write(folder / "adapters.safetensors", {n: v.T for n, v in factors.items()})
    config = {
        "fine_tune_type": "lora",
        "model": "org/model",
        "num_layers": 2,
        "lora_parameters": {"rank": 4, "dropout": 0.0, "scale": 20.0},
        "data": "data",
        "iters": 600,
        "seed": 0,
    }
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return Given(folder, saved(tiny_model("llama"), root / "base"), engine="llama.cpp")


def llava_1592(root: Path) -> Given:
    """Weights that were trained beside the adapter, in a file that PEFT never reads."""
    import torch

    given = on("llama", root)
    values = {f"base_model.model.model.mm_projector.{n}.weight": _random(8, 8) for n in (0, 2)}
    torch.save(values, given.path / "non_lora_trainables.bin")
    config = {"model_type": "llava_llama", "architectures": ["LlavaLlamaForCausalLM"]}
    (given.path / "config.json").write_text(json.dumps(config))
    return given


def verl_4770(root: Path) -> Given:
    """A whole model that was saved with the adapter's layers in it."""
    config = built("peft", "LoraConfig", r=4, lora_alpha=8, **QV)
    wrapped = built("peft", "get_peft_model", tiny_model("qwen2"), config)
    folder = root / "huggingface"
    write(folder / "model.safetensors", dict(wrapped.state_dict()))
    tiny_model("qwen2").config.save_pretrained(folder)
    return Given(folder)


def adapters_372(root: Path) -> Given:
    """An adapter of the library of AdapterHub, which names its files nearly as PEFT does."""
    import torch

    folder = root / "LoRA"
    folder.mkdir()
    layers = [f"transformer.h.{n}.attn.c_attn.loras.LoRA" for n in (0, 1)]
    values = {f"{layer}.lora_A": _random(16, 32) for layer in layers}
    values |= {f"{layer}.lora_B": _random(64, 8) for layer in layers}
    torch.save(values, folder / "pytorch_adapter.bin")
    config = {
        "config": {"architecture": "lora", "r": 8, "alpha": 8, "attn_matrices": ["q", "v"]},
        "hidden_size": 32,
        "model_class": "GPT2LMHeadModel",
        "model_name": "gpt2",
        "model_type": "gpt2",
        "name": "LoRA",
        "version": "3.0.1",
    }
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return Given(folder, saved(tiny_model("gpt2"), root / "base"))


def musubi_tuner_26(root: Path) -> Given:
    """A file in the names of kohya's scripts, for the video model of another tool."""
    blocks = {f"lora_unet_double_blocks_{n}_img_mlp_fc1": (32, 64) for n in (0, 1)}
    values = _pairs(blocks, ".lora_down.weight", ".lora_up.weight")
    values |= {f"{block}.alpha": _random().mul(0).add(1) for block in blocks}
    metadata = {"ss_network_module": "networks.lora", "ss_network_dim": "4"}
    return Given(write(root / "lora.safetensors", values, metadata))


def comfyui_4347(root: Path) -> Given:
    """Flattened names of diffusers' layers, each with an underscore too much."""
    blocks = {
        f"lora_unet_single_transformer_blocks_{n}_attn_to_{p}_": (32, 32)
        for n in (0, 1)
        for p in "kqv"
    }
    values = _pairs(blocks, ".lora_down.weight", ".lora_up.weight")
    values |= {f"{block}.alpha": _random() for block in blocks}
    return Given(write(root / "pytorch_lora_weights.safetensors", values))


def comfyui_10222(root: Path) -> Given:
    """Differences of biases and norms beside the factors of a video model."""
    attention = [f"diffusion_model.blocks.{n}.cross_attn" for n in (35, 36)]
    factors = {f"{a}.{p}": (32, 32) for a in attention for p in ("k_img", "v_img")}
    values = _pairs(factors, ".lora_down.weight", ".lora_up.weight")
    values |= {f"{a}.v_img.diff_b": _random(32) for a in attention}
    values |= {f"{a}.norm_k_img.diff": _random(32) for a in attention}
    return Given(write(root / "wan_lora.safetensors", values))


def comfyui_3494(root: Path) -> Given:
    """Names that were half converted from PEFT's to kohya's, with DoRA's magnitudes."""
    block = "lora_unet_down_blocks_2_attentions_1_transformer_blocks_5_attn1"
    values = _pairs({f"{block}_to_q": (32, 32)}, ".lora_down.weight", ".lora_up.weight")
    values |= {f"{block}.to_{p}.lora_magnitude_vector": _random(32) for p in "qv"}
    values[f"{block}_to_out.0.lora_magnitude_vector"] = _random(32)
    return Given(write(root / "dora.safetensors", values))


def comfyui_6909(root: Path) -> Given:
    """Trained at an alpha of 1 and a rank of 32; nothing in the file says so."""
    names = {f"transformer.transformer_blocks.{n}.attn.to_q": (32, 32) for n in (0, 1)}
    values = _pairs(names, ".lora_A.weight", ".lora_B.weight", rank=32)
    return Given(write(root / "pytorch_lora_weights.safetensors", values))


def ai_toolkit_67(root: Path) -> Given:
    """A file of a trainer in diffusers' names, for another tool."""
    names = {f"transformer.single_transformer_blocks.{n}.proj_out": (64, 32) for n in (0, 1)}
    names |= {f"transformer.transformer_blocks.{n}.norm1.linear": (32, 96) for n in (0, 1)}
    values = _pairs(names, ".lora_A.weight", ".lora_B.weight")
    return Given(write(root / "flux_lora_v1.safetensors", values))


def simpletuner_766(root: Path) -> Given:
    """PEFT's prefix behind that of a pipeline's part."""
    blocks = {f"single_transformer_blocks.{n}.attn.to_{p}": (32, 32) for n in (0, 1) for p in "kqv"}
    names = {f"transformer.base_model.model.{block}": size for block, size in blocks.items()}
    values = _pairs(names, ".lora_A.weight", ".lora_B.weight")
    return Given(write(root / "pytorch_lora_weights.safetensors", values))


def comfyui_extramodels_70(root: Path) -> Given:
    """PEFT's factors without PEFT's prefix, on a model of diffusers."""
    given = on_model(_pixart, root, target_modules=["to_q", "net.0.proj"])
    values = tensors(given.path)
    short = {name.removeprefix("base_model.model."): value for name, value in values.items()}
    write(given.path / "adapter_model.safetensors", short)
    return given


def _pixart() -> Any:
    return built(
        "diffusers",
        "PixArtTransformer2DModel",
        num_attention_heads=2,
        attention_head_dim=8,
        in_channels=4,
        num_layers=1,
        norm_num_groups=2,
        cross_attention_dim=16,
        sample_size=8,
        patch_size=2,
        caption_channels=12,
    )


def lycoris_270(root: Path) -> Given:
    """A file of another method, LoHa, that was taken for LoRA."""
    block = "lora_unet_down_blocks_1_attentions_0_proj_in"
    values = {f"{block}.hada_{w}_{f}": _random(32, 4) for w in ("w1", "w2") for f in "ab"}
    values[f"{block}.alpha"] = _random()
    return Given(write(root / "loha_animal_sdxl.safetensors", values))


def sglang_35952(root: Path) -> Given:
    """A lone file, whose header alone has the alpha."""
    names = {f"diffusion_model.blocks.{n}.self_attn.q": (32, 32) for n in (0, 1)}
    values = _pairs(names, ".lora_A.weight", ".lora_B.weight", rank=32)
    metadata = {"format": "pt", "alpha": "8", "rank": "32"}
    return Given(write(root / "ref2v_turbo_4step.safetensors", values, metadata))


def rl_2190(root: Path) -> Given:
    """The layers of Megatron under a config of PEFT."""
    adapter = on("llama", root)
    names = {
        f"decoder.layers.{n}.{part}.adapter": sizes
        for n in (0, 1)
        for part, sizes in {
            "self_attention.linear_qkv": (32, 64),
            "self_attention.linear_proj": (32, 32),
            "mlp.linear_fc1": (32, 112),
            "mlp.linear_fc2": (56, 32),
        }.items()
    }
    values = _pairs(names, ".linear_in.weight", ".linear_out.weight")
    write(adapter.path / "adapter_model.safetensors", values)
    edit(adapter.path, target_modules=["linear_qkv", "linear_proj", "linear_fc1", "linear_fc2"])
    return adapter


def automodel_2120(root: Path) -> Given:
    """PEFT's names without PEFT's prefix, from the path that saves quantised bases."""
    given = on("llama", root)
    values = tensors(given.path)
    prefix = "base_model.model."
    short = {name.removeprefix(prefix): value for name, value in values.items()}
    write(given.path / "adapter_model.safetensors", short)
    return given


def latent_consistency_model_109(root: Path) -> Given:
    """PEFT's names in a lone file for a pipeline of diffusers."""
    blocks = {f"down_blocks.{n}.resnets.0.time_emb_proj": (16, 8) for n in (0, 1)}
    names = {f"base_model.model.{block}": size for block, size in blocks.items()}
    values = _pairs(names, ".lora_A.weight", ".lora_B.weight")
    return Given(write(root / "pytorch_lora_weights.safetensors", values))
