"""One model with an adapter of PEFT, and one with the same of the injector."""

from __future__ import annotations

import re
import warnings
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from loracfg.adapter.tensor_names import PREFIX
from loracfg.config.model.lora_config import LoraConfig
from loracfg.errors import LoracfgError
from loracfg.injector import inject, load, state_dict
from loracfg.injector.initialise import FROM_DATA
from loracfg.injector.montecarlo import MonteCarlo
from tests.injector.inputs import outputs
from tests.planning.models import model_of


@dataclass
class Pair:
    """Both models, with the same weights; `refusals` say why there is none."""

    name: str
    theirs: Any
    ours: Any
    refusals: tuple[str | None, str | None]


def pair_of(name: str, config: LoraConfig, dtype: torch.dtype = torch.float32) -> Pair:
    """Make both models; the adapters start as each library says."""
    base: Any = deepcopy(model_of(name)).to(dtype)
    if dtype is torch.float64 and hasattr(base, "set_experts_implementation"):
        base.set_experts_implementation("eager")  # the usual one is for smaller numbers
    theirs, why_theirs = _theirs(deepcopy(base), config)
    ours, why_ours = _ours(deepcopy(base), config)
    return Pair(name, theirs, ours, (why_theirs, why_ours))


def _theirs(model: nn.Module, config: LoraConfig) -> tuple[Any, str | None]:
    import peft

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return peft.get_peft_model(model, config.to_peft()), None
        except Exception as error:
            return None, f"{type(error).__name__}: {error}"


def _ours(model: nn.Module, config: LoraConfig) -> tuple[Any, str | None]:
    try:
        inject(model, config, loading=config.init_lora_weights in FROM_DATA)
    except LoracfgError as error:
        return None, str(error)
    return model, None


def their_state(theirs: Any, name: str = "default") -> dict[str, Tensor]:
    from peft import get_peft_model_state_dict

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: dict[str, Tensor] = get_peft_model_state_dict(theirs, adapter_name=name)
    return found


def align(pair: Pair, seed: int = 5) -> None:
    """Give both the same base, and the same drawn values to everything that is saved."""
    own = base_tensors(pair.theirs.base_model.model)
    for key, tensor in base_tensors(pair.ours).items():
        tensor.data.copy_(own[key].data)
    _share_draws(pair)
    align_adapter(pair, "default", seed)


def align_adapter(
    pair: Pair, name: str, seed: int, theirs: dict[str, Tensor] | None = None
) -> None:
    """Draw the same values for everything that an adapter saves."""
    generator = torch.Generator().manual_seed(seed)
    ours, theirs = state_dict(pair.ours, name), theirs or their_state(pair.theirs, name)
    for key in sorted(ours):
        drawn = torch.randn(ours[key].shape, generator=generator).to(ours[key])
        drawn = drawn.abs() + 0.5 if "magnitude" in key else drawn * 0.3
        if "gaussian_var_prior" in key:
            continue
        ours[key].copy_(drawn)
        theirs[key].copy_(drawn)


def _share_draws(pair: Pair) -> None:
    """Give both the same random numbers, where numbers are drawn ahead."""
    theirs = {k.removeprefix(PREFIX): m for k, m in pair.theirs.named_modules()}
    for key, module in pair.ours.named_modules():
        if isinstance(module, MonteCarlo):
            path = key.replace(".adapters.default.", ".") + ".default"
            drawn = theirs[path].sampler.buffer
            module.draws = iter([(d["z_mvn"], d["z_wishart"], d["z_dirichlet"]) for d in drawn])


def base_tensors(model: nn.Module) -> dict[str, Tensor]:
    """Return the base's own parameters and buffers, by the names that PEFT has for them."""
    skipped = re.compile(r"\.(adapters|lora_\w+|modules_to_save|trainable_tokens_\w+)\.")
    named = [*model.named_parameters(), *model.named_buffers()]
    return {key: tensor for key, tensor in named if not skipped.search(f".{key}")}


def trained(pair: Pair) -> tuple[set[str], set[str]]:
    """Return the names of the tensors that each trains, as a file has them."""
    ours = {(as_saved(k)) for k, p in pair.ours.named_parameters() if p.requires_grad}
    theirs = {
        as_saved(k.removeprefix(PREFIX))
        for k, p in pair.theirs.named_parameters()
        if p.requires_grad
    }
    return ours, theirs


def as_saved(key: str, name: str = "default") -> str:
    """Take the name of an adapter, and what tells ours and theirs apart, out of a key."""
    key = key.replace(f".adapters.{name}.", ".")
    key = key.replace(f".{name}.", ".").removesuffix(f".{name}")
    return key.replace("lora_magnitude_vector.weight", "lora_magnitude_vector")


def gradients(model: nn.Module, name: str) -> dict[str, Tensor]:
    """Return the gradients of what is trained, by the names in a file."""
    model.zero_grad(set_to_none=True)
    total = sum((out.float() ** 2).sum() for out in outputs(model, name))
    assert isinstance(total, Tensor)
    if total.requires_grad:
        total.backward()  # type: ignore[no-untyped-call]
    return {
        as_saved(key.removeprefix(PREFIX)): p.grad
        for key, p in model.named_parameters()
        if p.grad is not None
    }


def ours_from(name: str, folder: Path) -> nn.Module:
    """Return a model with an adapter that the injector loaded."""
    model = deepcopy(model_of(name))
    load(model, folder)
    return model


def theirs_from(name: str, folder: Path) -> nn.Module:
    """Return a model with an adapter that PEFT loaded."""
    import peft

    found: nn.Module = peft.PeftModel.from_pretrained(deepcopy(model_of(name)), str(folder))
    return found
