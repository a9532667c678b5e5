"""Calling a model, of whatever kind, with inputs that are the same every time."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

SPOKEN = ("whisper",)
SEEN = ("vit",)


def outputs(model: nn.Module, name: str) -> list[Tensor]:
    """Return what a model gives, as a list of tensors."""
    torch.manual_seed(7)
    if name == "modules":
        return _outputs_of_modules(model)
    dtype = next(model.parameters()).dtype
    given = {key: t.to(dtype) if t.is_floating_point() else t for key, t in inputs(name).items()}
    return [model(**given).logits]


def inputs(name: str) -> dict[str, Any]:
    """Return the arguments of a model of transformers."""
    generator = torch.Generator().manual_seed(3)
    if name in SEEN:
        return {"pixel_values": torch.randn(2, 3, 24, 24, generator=generator)}
    tokens = torch.randint(4, 96, (2, 9), generator=generator)
    tokens[:, 4:6] = torch.tensor([1, 2])  # what invokes an aLoRA
    if name in SPOKEN:
        features = torch.randn(2, 20, 60, generator=generator)
        return {"input_features": features, "decoder_input_ids": tokens}
    return {"input_ids": tokens} | ({"decoder_input_ids": tokens} if name in ("t5", "bart") else {})


def _outputs_of_modules(model: nn.Module) -> list[Tensor]:
    generator = torch.Generator().manual_seed(3)

    dtype = next(model.parameters()).dtype

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator).to(dtype)

    given: dict[str, tuple[Tensor, ...]] = {
        "line": (drawn(2, 4, 9),),
        "lines": (drawn(2, 4, 9),),
        "plane": (drawn(2, 4, 7, 8),),
        "planes": (drawn(2, 4, 7, 8),),
        "space": (drawn(2, 4, 5, 6, 7),),
        "spaces": (drawn(2, 8, 5, 6, 7),),
        "emb": (torch.randint(0, 11, (2, 5), generator=generator),),
        "lin": (drawn(2, 3, 6),),
        "lin2": (drawn(2, 3, 10),),
        "xlin2": (drawn(2, 4),),
        "list.0": (drawn(2, 3),),
        "first.shared": (drawn(2, 10),),
        "second.shared": (drawn(2, 10),),
        "first.block.0": (drawn(2, 6),),
    }
    found: list[Tensor] = [model.get_submodule(path)(*args) for path, args in given.items()]
    query = drawn(3, 2, 8)
    return [*found, *model.get_submodule("mha")(query, query, query)]
