"""Repositories of a fleet, generated from their numbers: the same number gives the same files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from loracfg.config import CONFIG_NAME
from loracfg.config.model.lora_config import LoraConfig
from tests.llama8b import LAYER_NAMES, LAYERS

WEIGHTS: Final = "adapter_model.safetensors"
KINDS: Final = tuple(
    (rank, modules)
    for rank in (8, 16, 32, 64)
    for modules in (("q_proj", "v_proj"), ("q_proj", "k_proj", "v_proj", "o_proj"), ())
)
"""Ranks and target modules; none stands for all linear layers."""
DEFECTS: Final = ("rank", "json", "no-config", "no-weights", "other-method", "gated", "gone")
"""What is wrong with every twentieth adapter, in turn."""
_EVERY: Final = 20
_PREFIX: Final = "base_model.model.model"


class Repository(NamedTuple):
    """A repository: its files, its commit, and how the Hub refuses it, if it does.

    A file has its beginning, which of weights is the header, and its size.
    """

    files: Mapping[str, tuple[bytes, int]]
    commit: str
    refused: tuple[int, str] | None = None


def name_of(number: int) -> str:
    """Return the id of a repository."""
    return f"org-{number % 97}/adapter-{number:07}"


def number_of(name: str) -> int | None:
    """Return the number in the id of a repository."""
    end = name.rpartition("-")[2]
    number = int(end) if end.isascii() and end.isdigit() else None
    return number if number is not None and name_of(number) == name else None


def commit_of(number: int, generation: int = 0) -> str:
    """Return the commit of a repository."""
    text = f"{number} {generation}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def repository(number: int, generation: int = 0) -> Repository:
    """Return a repository, after so many changes."""
    rank, modules = KINDS[number % len(KINDS)]
    defect = DEFECTS[number // _EVERY % len(DEFECTS)] if number % _EVERY == 7 else None
    config = _config(rank, modules)
    config["lora_dropout"] = (number + 1) / 100_000_000
    if generation:
        config["lora_alpha"] = rank + generation
    if defect == "rank":
        config["r"] = rank + 1
    if defect == "other-method":
        config["peft_type"] = "LOHA"
    text = json.dumps(config, indent=2)
    data = (text[:-9] if defect == "json" else text).encode()
    files = {CONFIG_NAME: (data, len(data)), WEIGHTS: _weights(rank, modules)}
    if defect == "no-config":
        del files[CONFIG_NAME]
    if defect == "no-weights":
        del files[WEIGHTS]
    refused = {"gated": (403, "GatedRepo"), "gone": (404, "RepoNotFound")}.get(defect or "")
    return Repository(files, commit_of(number, generation), refused)


def _config(rank: int, modules: tuple[str, ...]) -> dict[str, Any]:
    return dict(_whole_config(rank, modules))


@cache
def _whole_config(rank: int, modules: tuple[str, ...]) -> dict[str, Any]:
    wanted = modules or tuple(name.rpartition(".")[2] for name in LAYER_NAMES)
    config = LoraConfig(
        r=rank, lora_alpha=2 * rank, target_modules=list(wanted), task_type="CAUSAL_LM"
    )
    return {**config.to_dict(), "base_model_name_or_path": "meta-llama/Meta-Llama-3-8B"}


@cache
def _weights(rank: int, modules: tuple[str, ...]) -> tuple[bytes, int]:
    """Return the header of a weight file and the size of the whole file."""
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for layer in range(LAYERS):
        for path, (out, into) in LAYER_NAMES.items():
            if modules and path.rpartition(".")[2] not in modules:
                continue
            stem = f"{_PREFIX}.layers.{layer}.{path}"
            for part, shape in (("lora_A", (rank, into)), ("lora_B", (out, rank))):
                end = at + 2 * shape[0] * shape[1]
                name = f"{stem}.{part}.weight"
                entries[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, end]}
                at = end
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    head = len(header).to_bytes(8, "little") + header
    return head, len(head) + at
