"""Folders of tiny saved models, created once per session."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.zoo import tiny_model

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class Saved:
    """A model, the folder that it was saved in, and the value of its `config.json`."""

    model: PreTrainedModel
    folder: Path
    config: dict[str, Any]

    @property
    def class_name(self) -> str:
        return type(self.model).__name__


Save = Callable[..., Saved]


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Save:
    """Return a function that saves a tiny model of a type with a head."""

    @cache
    def save(model_type: str, head: str | None = None) -> Saved:
        model = tiny_model(model_type, head)
        folder = tmp_path_factory.mktemp(model_type)
        model.save_pretrained(folder)
        return Saved(model, folder, json.loads((folder / "config.json").read_text()))

    return save
