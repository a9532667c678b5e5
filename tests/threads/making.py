"""Adapters and their bases with the real PEFT, and the ways in which files of threads differ."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.zoo import tiny_model

QV: Final[dict[str, Any]] = {"target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"}


class Given(NamedTuple):
    """What the author of a thread would validate: a path, a base, and what the command is asked."""

    path: Path
    base: Path | None = None
    engine: str | None = None
    data: bool = False
    model: Any = None
    """Makes the model that the author loads the adapter on, for the real PEFT."""


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore the warnings of libraries, which the settings of the tests make errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def built(library: str, name: str, *given: Any, **values: Any) -> Any:
    """Return an object of a class of a library, with the same weights every time.

    A test is skipped where the library, or a version of it that has the class, is not installed.
    """
    import torch

    made = getattr(pytest.importorskip(library), name, None)
    if made is None:
        pytest.skip(f"{library} has no {name}")
    with torch.random.fork_rng(), quiet():
        torch.manual_seed(0)
        return made(*given, **values)


def saved(model: Any, folder: Path) -> Path:
    """Save a model as the base of an adapter."""
    with quiet():
        model.save_pretrained(folder)
    return folder


def adapted(model: Any, folder: Path, **config: Any) -> Path:
    """Save an adapter that changes its model, made by PEFT with this config."""
    given = {"r": 4, "lora_alpha": 8, "init_lora_weights": False} | config
    wrapped = built("peft", "get_peft_model", model, built("peft", "LoraConfig", **given))
    with quiet():
        wrapped.save_pretrained(str(folder))
    edit(folder, init_lora_weights=True, base_model_name_or_path="org/model")
    return folder


def on(family: str, root: Path, **config: Any) -> Given:
    """Return an adapter of a tiny language model, by default of its queries and values."""
    return on_model(lambda: tiny_model(family), root, **QV | config)


def on_model(make: Callable[[], Any], root: Path, **config: Any) -> Given:
    """Return an adapter of a model, beside its base."""
    adapter = adapted(make(), root / "adapter", **config)
    return Given(adapter, saved(make(), root / "base"), model=make)


def edit(folder: Path, *absent: str, **values: Any) -> None:
    """Change the config of an adapter: leave keys out, set others."""
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text("utf-8")) | values
    path.write_text(json.dumps({k: v for k, v in config.items() if k not in absent}, indent=2))


def tensors(folder: Path) -> dict[str, Any]:
    """Return the tensors of an adapter."""
    from safetensors.torch import load_file

    values: dict[str, Any] = load_file(folder / "adapter_model.safetensors")
    return values


def write(path: Path, values: dict[str, Any], metadata: dict[str, str] | None = None) -> Path:
    """Write tensors to a file."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    copies = {name: value.clone().contiguous() for name, value in values.items()}
    save_file(copies, path, metadata=metadata or {"format": "pt"})
    return path


def rewrite(folder: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change the tensors of an adapter."""
    write(folder / "adapter_model.safetensors", change(tensors(folder)))
