"""Makes the adapters with the installed PEFT, and tells what PEFT computes with each.

Weights are such as no conversion rounds: 1/8, 1/16 or 1/32 with either sign.
"""

from __future__ import annotations

import copy
import shutil
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from safetensors.torch import load_file, save_file

from tests.oracles.cases import CASES, MADE, Case

TOKENS: Final = [5, 9, 1, 2, 77, 30, 64, 3, 118, 41, 2, 8]
"""The text that models are asked to continue; 1 and 2 are what activates the activated LoRA."""

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
_TIED: Final = {"llama": False, "llama-tied": True}
BASES: Final = tuple(_TIED)

Tensors = dict[str, torch.Tensor]


class Made(NamedTuple):
    """Where an adapter is: as PEFT wrote it, as it is given to loaders, and its base."""

    name: str
    trained: Path
    patched: Path
    base: Path
    expected: Path

    def expect(self) -> Tensors:
        """Return what PEFT computes: `logits`, and `delta.NAME` for each parameter that it changes.

        There are no deltas of an adapter that PEFT cannot merge.
        """
        return load_file(self.expected)


def make(root: Path, cases: Mapping[str, Case] = CASES) -> list[Made]:
    """Make adapters below `root`, with their bases."""
    return [_make(name, case, root) for name, case in cases.items()]


def base_model(base: str) -> Any:
    """Return the model of a base; its weights are the same each time."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(**_LLAMA | {"tie_word_embeddings": _TIED[base]})
    model: Any = LlamaForCausalLM(config).train(False)
    for name, parameter in model.named_parameters():
        if name.endswith(".bias"):
            parameter.data.normal_(0, 0.1)
    return model


def logits(model: Any) -> torch.Tensor:
    """Return the logits for every one of `TOKENS`, `(12, 128)`."""
    with torch.no_grad():
        found: torch.Tensor = model(input_ids=torch.tensor([TOKENS])).logits[0]
    return found.float()


def _make(name: str, case: Case, root: Path) -> Made:
    import peft

    made = Made(
        name,
        root / "trained" / name,
        root / "adapters" / name,
        root / "bases" / case.base,
        root / "expected" / f"{name}.safetensors",
    )
    model = base_model(case.base)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    if not made.base.exists():
        model.save_pretrained(made.base)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = peft.LoraConfig(**MADE | dict(case.config), base_model_name_or_path=str(made.base))
        wrapped = peft.get_peft_model(model, config).eval()
        _train(wrapped.named_parameters())
        wrapped.save_pretrained(str(made.trained))
        expected = {"logits": logits(wrapped)} | _deltas(wrapped, before)
    made.expected.parent.mkdir(exist_ok=True)
    save_file(expected, made.expected)
    shutil.copytree(made.trained, made.patched)
    for patch in case.patches:
        patch(made.patched)
    return made


def _train(parameters: Iterable[tuple[str, torch.nn.Parameter]]) -> None:
    """Give what is trained values that all dtypes hold; magnitudes of DoRA stay positive."""
    values = torch.tensor([0.125, 0.0625, 0.03125])
    generator = torch.Generator().manual_seed(1)
    for name, parameter in parameters:
        if parameter.requires_grad:
            shape = parameter.shape
            drawn = values[torch.randint(3, shape, generator=generator)]
            signs = torch.randint(2, shape, generator=generator) * 2 - 1
            parameter.data = drawn if "magnitude" in name else drawn * signs


def _deltas(wrapped: Any, before: Tensors) -> Tensors:
    """Return by how much each parameter of the base changes when PEFT merges the adapter."""
    untied = copy.deepcopy(wrapped)
    for module in untied.modules():  # or a change of the head would be one of the embedding too
        if isinstance(module, torch.nn.Linear):
            module.weight = torch.nn.Parameter(module.weight.detach().clone())
    try:
        merged = untied.merge_and_unload().state_dict()
    except NotImplementedError:  # an activated LoRA is no change of weights
        return {}
    return {
        f"delta.{key}": change
        for key, value in merged.items()
        if (change := value - before.get(key, torch.zeros_like(value))).any()
    }
