"""Tiny base models with fixed weights, and what they are asked to compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch

Tensors = dict[str, torch.Tensor]

_LLAMA: Final[dict[str, Any]] = {
    "vocab_size": 128,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "max_position_embeddings": 64,
    "attention_bias": True,
    "tie_word_embeddings": False,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "torch_dtype": "float32",
}
_FLUX: Final[dict[str, Any]] = {
    "in_channels": 8,
    "num_layers": 1,
    "num_single_layers": 1,
    "attention_head_dim": 16,
    "num_attention_heads": 2,
    "joint_attention_dim": 24,
    "pooled_projection_dim": 20,
    "axes_dims_rope": [4, 4, 8],
}


def _llama(**changes: Any) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(LlamaConfig(**_LLAMA | changes))


def _qwen3_moe() -> Any:
    from transformers import Qwen3MoeConfig, Qwen3MoeForCausalLM

    changes: dict[str, Any] = {"attention_bias": False, "norm_topk_prob": True}
    changes |= {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
    return Qwen3MoeForCausalLM(Qwen3MoeConfig(**_LLAMA | changes))


def _flux() -> Any:
    from diffusers import FluxTransformer2DModel

    kind: Any = FluxTransformer2DModel
    return kind(**_FLUX)


BASES: Final[dict[str, Callable[[], Any]]] = {
    "llama": _llama,
    "llama-tied": lambda: _llama(tie_word_embeddings=True),
    "qwen3-moe": _qwen3_moe,
    "flux": _flux,
}
"""What builds each base; `flux` needs diffusers."""


def base_model(base: str) -> Any:
    """Return the model of a base; its weights are the same each time."""
    torch.manual_seed(0)
    model = BASES[base]().train(False)
    for name, parameter in model.named_parameters():
        if name.endswith(".bias"):
            parameter.data.normal_(0, 0.1)
    return model


def inputs_of(base: str) -> Tensors:
    """Return what the model of a base is called with, by the names of its arguments."""
    if base != "flux":
        # 1 and 2 are what activates the activated LoRA.
        return {"input_ids": torch.tensor([[5, 9, 1, 2, 77, 30, 64, 3, 118, 41, 2, 8]])}
    generator = torch.Generator().manual_seed(2)
    drawn = {
        "hidden_states": torch.randn(1, 6, _FLUX["in_channels"], generator=generator),
        "encoder_hidden_states": torch.randn(
            1, 4, _FLUX["joint_attention_dim"], generator=generator
        ),
        "pooled_projections": torch.randn(1, _FLUX["pooled_projection_dim"], generator=generator),
    }
    return drawn | {
        "timestep": torch.tensor([0.5]),
        "img_ids": torch.arange(18.0).reshape(6, 3),
        "txt_ids": torch.zeros(4, 3),
    }


def output_of(model: Any, inputs: Tensors) -> torch.Tensor:
    """Return the logits of a text, `(tokens, vocabulary)`, or what a model of images computes."""
    with torch.no_grad():
        found = model(**inputs)
    output: torch.Tensor = found.logits[0] if hasattr(found, "logits") else found.sample[0]
    return output.float()
