"""Sound adapters with random values from the real PEFT, and the outputs of their models."""

from __future__ import annotations

import json
import shutil
import warnings
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file

from tests.injector.inputs import inputs
from tests.made.make import Made, make
from tests.made.recipes import recipe
from tests.zoo import tiny_model

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"


class Good(NamedTuple):
    """An adapter, the model that it is for, and the folder of that."""

    folder: Path
    base: Path
    model_type: str
    model: Any


@cache
def good_adapter(model_type: str, option: str, root: Path) -> Good | None:
    """Make an adapter; None where there is no such recipe or PEFT refuses it."""
    chosen = recipe(model_type, option)
    if chosen is None:
        return None
    made = make(model_type, chosen, root, f"{option}-good")
    if not isinstance(made, Made):
        return None
    file = made.adapter / WEIGHTS
    generator = torch.Generator().manual_seed(11)
    tensors = {name: _drawn(name, t, generator) for name, t in load_file(file).items()}
    save_file(tensors, file, {"format": "pt"})
    return Good(made.adapter, made.base, model_type, tiny_model(model_type, chosen.head))


def _drawn(name: str, tensor: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    if "lora_" not in name:
        return tensor
    drawn = torch.randn(tensor.shape, generator=generator).to(tensor)
    return drawn.abs() + 0.5 if "magnitude" in name else drawn * 0.3


def computed(good: Good, folder: Path) -> list[torch.Tensor]:
    """Return what the model gives with an adapter that PEFT loads; no name may be left over."""
    import peft

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)  # some initialisations change the base, and draw
        model = peft.PeftModel.from_pretrained(deepcopy(good.model), str(folder))
        model.eval()
        with torch.no_grad():
            found = model(**inputs(good.model_type))
    return [value for value in found.to_tuple() if isinstance(value, torch.Tensor)]


class Copy:
    """A copy of an adapter, to be broken."""

    def __init__(self, good: Good, folder: Path) -> None:
        shutil.copytree(good.folder, folder)
        self.folder, self.base = folder, good.base
        self.config: dict[str, Any] = json.loads((folder / CONFIG).read_text())
        self.tensors: dict[str, torch.Tensor] = load_file(folder / WEIGHTS)

    def save(self, name: str = WEIGHTS) -> None:
        """Write config and weights back."""
        (self.folder / CONFIG).write_text(json.dumps(self.config, indent=2, sort_keys=True))
        (self.folder / WEIGHTS).unlink(missing_ok=True)
        whole = {key: tensor.contiguous() for key, tensor in self.tensors.items()}
        save_file(whole, self.folder / name, {"format": "pt"})

    def is_plain(self) -> bool:
        """Tell whether all tensors are factors of linear layers."""
        return all(n.endswith((".lora_A.weight", ".lora_B.weight")) for n in self.tensors) and all(
            tensor.ndim == 2 for tensor in self.tensors.values()
        )
