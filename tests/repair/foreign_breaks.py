"""Ways to write an adapter in the format of other tools."""

from __future__ import annotations

import torch

from tests.repair.good import CONFIG, Copy


def scale(copy: Copy) -> float | None:
    """Return the scale that all modules have; None if there is more to the adapter than that."""
    config = copy.config
    special = (
        *("rank_pattern", "alpha_pattern", "target_parameters", "use_bdlora", "layer_replication"),
        *("use_qalora", "kasa_config", "alora_invocation_tokens", "modules_to_save"),
    )
    if not copy.is_plain() or any(config[key] for key in special):
        return None
    if config["init_lora_weights"] is not True:
        return None
    rank: int = config["r"]
    alpha: float = config["lora_alpha"]
    return alpha / (rank**0.5 if config["use_rslora"] else rank)


def kohya(copy: Copy) -> bool:
    found_scale = scale(copy)
    if found_scale is None or copy.config["fan_in_fan_out"]:
        return False
    found = {}
    for name, tensor in copy.tensors.items():
        path, part = name.removeprefix("base_model.model.").rsplit(".lora_", 1)
        flat = f"lora_te_{path.replace('.', '_')}"
        found[f"{flat}.lora_{'down' if part[0] == 'A' else 'up'}.weight"] = tensor
        if part[0] == "A":
            found[f"{flat}.alpha"] = torch.tensor(found_scale * tensor.shape[0])
    copy.tensors = found
    copy.save("lora.safetensors")
    (copy.folder / CONFIG).unlink()
    return True


def down_and_up(copy: Copy) -> bool:
    found_scale = scale(copy)
    if found_scale is None:
        return False
    found = {}
    for name, tensor in copy.tensors.items():
        found[name.replace("lora_A", "lora_down").replace("lora_B", "lora_up")] = tensor
        if name.endswith("lora_A.weight"):
            alpha = torch.tensor(found_scale * tensor.shape[0])
            found[name.replace("lora_A.weight", "alpha")] = alpha
    copy.tensors = found
    copy.save()
    return True


def of_pipeline(copy: Copy) -> bool:
    if scale(copy) in (None, 1.0):
        return False
    names = {name: name.replace("base_model.model.", "unet.", 1) for name in copy.tensors}
    copy.tensors = {names[name]: tensor for name, tensor in copy.tensors.items()}
    copy.save()
    return True


def mlx(copy: Copy) -> bool:
    config, found_scale = copy.config, scale(copy)
    if found_scale is None or config["task_type"] not in (None, "CAUSAL_LM"):
        return False
    rank = config["r"]
    copy.tensors = {
        name.removeprefix("base_model.model.")
        .replace("lora_A.weight", "lora_a")
        .replace("lora_B.weight", "lora_b"): t.T.contiguous()
        for name, t in copy.tensors.items()
    }
    copy.config = {
        "fine_tune_type": "lora",
        "num_layers": 2,
        "model": config["base_model_name_or_path"],
        "lora_parameters": {"rank": rank, "scale": found_scale, "dropout": 0.0},
    }
    copy.save("adapters.safetensors")
    return True
