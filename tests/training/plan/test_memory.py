"""The memory of a plan is what torch allocates in a training step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.training.optimizers import OPTIMIZERS
from loracfg.training.planned import Training
from loracfg.training.quantised_base import Quantization, base_bytes
from tests.planning.models import architecture, model_of
from tests.training.plan.bitsandbytes_library import bitsandbytes
from tests.training.plan.tiny import adapted, planned

pytest.importorskip("peft", reason="memory is compared with that of PEFT's models")

CASES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "saved": ("llama", {"r": 4, "target_modules": ["q_proj"], "modules_to_save": ["lm_head"]}),
    "biases": ("bert", {"r": 4, "target_modules": ["query"], "bias": "all", "use_dora": True}),
    "tokens": ("llama", {"r": 4, "target_modules": ["q_proj"], "trainable_token_indices": [1, 2]}),
    "experts": (
        "qwen3_moe",
        {"r": 4, "target_modules": ["q_proj"], "target_parameters": ["experts.down_proj"]},
    ),
    "frozen": ("llama", {"r": 4, "target_modules": ["q_proj"], "init_lora_weights": "mica"}),
    "large": ("llama", {"r": 96, "target_modules": "all-linear"}),
}
DTYPES: Final = ("float32", "bfloat16")
ALL: Final = list(product(CASES, DTYPES))
CHOSEN: Final = ALL if os.environ.get("LORACFG_PROFILE") == "long" else ALL[::3]
"""In CI, each dtype with some of the cases."""
_8BIT: Final = ("adamw_8bit", "lion_8bit")
_OF_TORCH: Final = tuple(name for name in OPTIMIZERS if name not in _8BIT)


def optimizer(name: str, parameters: list[Any]) -> Any:
    """Return the real optimizer of a name."""
    import torch

    if name in _8BIT:
        library = bitsandbytes().optim
        return (library.AdamW8bit if name == "adamw_8bit" else library.Lion8bit)(parameters)
    if name == "adafactor":
        from transformers.optimization import Adafactor

        return Adafactor(  # type: ignore[no-untyped-call]
            parameters, lr=1e-3, scale_parameter=False, relative_step=False
        )
    makers: dict[str, Callable[..., Any]] = {
        "adamw": torch.optim.AdamW,
        "sgd": torch.optim.SGD,
        "rmsprop": torch.optim.RMSprop,
        "adagrad": torch.optim.Adagrad,
    }
    return makers[name](parameters, lr=1e-3)


def allocated(tensors: Iterable[Any]) -> int:
    """Return the bytes of the storages behind tensors, each once."""
    storages = {one.untyped_storage().data_ptr(): one.untyped_storage() for one in tensors}
    return sum(storage.nbytes() for storage in storages.values())


@pytest.mark.parametrize(("case", "dtype"), CHOSEN)
@pytest.mark.parametrize("names", [_OF_TORCH, _8BIT], ids=["torch", "8bit"])
def test_steps(case: str, dtype: str, names: tuple[str, ...]) -> None:
    import torch

    if names is _8BIT:
        bitsandbytes()

    model, values = CASES[case]
    plain = deepcopy(model_of(model)).to(getattr(torch, dtype))
    kept = plain.state_dict()
    base = allocated([*plain.parameters(), *(b for n, b in plain.named_buffers() if n in kept)])
    own = allocated(plain.parameters())
    theirs = adapted(model, values, dtype)
    trained = [one for one in theirs.parameters() if one.requires_grad]
    theirs(input_ids=torch.arange(8)[None]).logits.float().sum().backward()
    for one in trained:  # a token or an expert that was not used
        one.grad = torch.zeros_like(one) if one.grad is None else one.grad
    for name in names:
        steps = optimizer(name, trained)
        steps.step()
        states = [t for state in steps.state.values() for t in state.values() if torch.is_tensor(t)]
        memory = planned(model, values, Training(dtype, name)).memory
        assert memory is not None
        assert (memory.base, memory.adapter, memory.gradients, memory.optimizer_states) == (
            base,
            allocated(theirs.parameters()) - own,
            allocated(one.grad for one in trained),
            allocated(states),
        ), name


def test_total_is_the_sum() -> None:
    memory = planned(*CASES["saved"]).memory
    assert memory is not None
    parts = memory.base + memory.adapter + memory.gradients + memory.optimizer_states
    assert memory.total == parts == memory.to_dict()["total"]
    assert "activations" in str(memory.to_dict()["left_out"])


@pytest.mark.parametrize("model", ["llama", "gpt2"])
@pytest.mark.parametrize("quantization", ["8bit", "4bit"])
def test_quantised_base(model: str, quantization: Quantization, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    bitsandbytes()
    copied: Any = deepcopy(model_of(model))
    copied.to(torch.bfloat16).save_pretrained(tmp_path)
    options = {f"load_in_{quantization}": True}
    loaded = AutoModelForCausalLM.from_pretrained(
        tmp_path,
        quantization_config=BitsAndBytesConfig(**options),  # type: ignore[no-untyped-call]
        device_map="cpu",
        dtype=torch.bfloat16,
    )
    states = [getattr(one, "quant_state", None) for one in loaded.parameters()]
    packed = [t for one in states if one for t in (one.absmax, one.code)]
    packed += [
        scale for one in loaded.parameters() if (scale := getattr(one, "SCB", None)) is not None
    ]
    ours = base_bytes(architecture(model), "BF16", quantization)
    assert ours == allocated([*loaded.parameters(), *packed])
