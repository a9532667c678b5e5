"""Run PEFT's `hotswap_adapter` on two adapters of a tiny model."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from tests.injector.inputs import outputs
from tests.planning.models import model_of


class Real(NamedTuple):
    """How a swap ended: `swaps`, `differs` from the second adapter loaded afresh, or `raises`."""

    answer: str
    error: str = ""


def make_adapter(folder: Path, model: str, seed: int, **config: Any) -> Path:
    """Have PEFT make an adapter, with random numbers in everything that it saves."""
    import peft
    import torch

    arguments: dict[str, Any] = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}
    with _quiet(), torch.random.fork_rng():
        torch.manual_seed(seed)
        written = peft.LoraConfig(**arguments | config)
        made: Any = peft.get_peft_model(deepcopy(model_of(model)), written)
        for tensor in peft.get_peft_model_state_dict(made).values():
            tensor.data.copy_(torch.rand_like(tensor) + 0.1)
        made.save_pretrained(str(folder))
    return folder


def swap(model: str, first: Path, second: Path, target_rank: int | None = None) -> Real:
    """Load an adapter, swap another into its place, and compare with that loaded afresh.

    With a rank, the model is prepared as for compilation, and no tensor may change its shape.
    """
    import peft
    import torch
    from peft.utils.hotswap import hotswap_adapter, prepare_model_for_compiled_hotswap

    with _quiet():
        swapped = peft.PeftModel.from_pretrained(deepcopy(model_of(model)), str(first)).eval()
        if target_rank is not None:
            prepare_model_for_compiled_hotswap(swapped, target_rank=target_rank)
        shapes = _shapes(swapped)
        try:
            hotswap_adapter(swapped, str(second), adapter_name="default", torch_device="cpu")
            found = outputs(swapped, model)
        except Exception as error:  # whatever PEFT raises is an answer
            return Real("raises", f"{type(error).__name__}: {error}")
        assert target_rank is None or _shapes(swapped) == shapes
        afresh = peft.PeftModel.from_pretrained(deepcopy(model_of(model)), str(second)).eval()
        wanted = outputs(afresh, model)
    alike = all(
        torch.allclose(one, other, rtol=1e-4, atol=1e-5)
        for one, other in zip(found, wanted, strict=True)
    )
    return Real("swaps" if alike else "differs")


def _shapes(model: Any) -> list[tuple[int, ...]]:
    return [tuple(tensor.shape) for tensor in model.state_dict().values()]


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
