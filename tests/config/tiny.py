"""A base model that PEFT adapts in milliseconds, with everything that a config can name."""

from __future__ import annotations

import json
import warnings
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import peft
import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WIDTH = 6
INNER = 10
VOCABULARY = 12


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lin0 = nn.Linear(WIDTH, INNER)
        self.lin1 = nn.Linear(INNER, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.lin1(self.lin0(x))  # type: ignore[no-any-return]


class Body(nn.Module):
    """Two layers where PEFT looks for those that `layer_replication` repeats."""

    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.layers = nn.ModuleList([Block(), Block()])
        self.config = SimpleNamespace(num_hidden_layers=2)


class TinyConfig(dict[str, Any]):
    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class TinyModel(nn.Module):
    """A language model as PEFT sees one."""

    def __init__(self) -> None:
        super().__init__()
        self.config = TinyConfig(model_type="llama")
        self.model = Body()
        self.head = nn.Linear(WIDTH, 3)

    def get_input_embeddings(self) -> nn.Module:
        return self.model.embed_tokens

    def prepare_inputs_for_generation(self) -> None:
        """Be there: PEFT asks every causal language model for it."""

    def forward(self, input_ids: Tensor, **kwargs: Any) -> Tensor:
        x = self.model.embed_tokens(input_ids)
        for layer in self.model.layers:
            x = layer(x)
        return self.head(x)  # type: ignore[no-any-return]


@contextmanager
def quiet() -> Iterator[None]:
    """Let PEFT warn of what the tests do to it on purpose."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def create(config: peft.LoraConfig) -> peft.PeftModel:
    """Create the adapter of a config."""
    with quiet():
        return peft.get_peft_model(TinyModel(), config)


def save_adapter(directory: Path, **arguments: Any) -> dict[str, Any]:
    """Let PEFT save an adapter, and return the config that it wrote."""
    given: dict[str, Any] = {"r": 2, "target_modules": ["lin0", "lin1"], "task_type": "CAUSAL_LM"}
    with quiet():
        create(peft.LoraConfig(**(given | arguments))).save_pretrained(str(directory))
    config: dict[str, Any] = json.loads((directory / "adapter_config.json").read_text())
    return config


def run(model: peft.PeftModel) -> None:
    """Let a model read every token once."""
    with quiet(), torch.no_grad():
        model(input_ids=torch.arange(VOCABULARY).reshape(2, -1))
