"""Lists in a config take a time that grows with them and the base, not with their product."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.training.planned import plan

CONFIG: Final[dict[str, Any]] = {
    "peft_type": "LORA",
    "r": 8,
    "lora_alpha": 8,
    "target_modules": ["q_proj"],
}
SIZES: Final = {"many names": (60_000, 100), "many layers": (5_000, 2_000)}
"""The numbers of entries and of layers of the base."""
SECONDS: Final = 4.0


def names(count: int) -> list[str]:
    return [f"x{number:x}" for number in range(count)]


FIELDS: Final[dict[str, Callable[[int], dict[str, Any]]]] = {
    "target_modules": lambda count: {"target_modules": ["q_proj", *names(count)]},
    "modules_to_save": lambda count: {"modules_to_save": names(count)},
    "paths": lambda count: {"modules_to_save": [f"a.{name}" for name in names(count)]},
    "exclude_modules": lambda count: {"exclude_modules": names(count)},
    "target_parameters": lambda count: {"target_parameters": names(count)},
    "layers_to_transform": lambda count: {"layers_to_transform": list(range(count))},
    "trainable_token_indices": lambda count: {
        "trainable_token_indices": {key: [1] for key in names(count)}
    },
    "rank_pattern": lambda count: {"rank_pattern": dict.fromkeys(names(count), 4)},
    "rows": lambda count: {"trainable_token_indices": {"proj": list(range(count))}},
    "several": lambda count: {
        "trainable_token_indices": {key: [1] for key in names(count)},
        "modules_to_save": names(count),
    },
}

WIDE: Final[dict[str, dict[str, Any]]] = {
    "saved": {"target_modules": "all-linear", "modules_to_save": ["norm"]},
    "saved with biases": {"modules_to_save": ["norm", "up_proj"], "bias": "all"},
    "rows": {"trainable_token_indices": {"proj": [1]}, "modules_to_save": ["norm"]},
    "parameters": {"target_modules": ["q_proj"], "target_parameters": ["up_proj.weight", "weight"]},
    "replicated": {"layer_replication": [[0, 2_000]] * 5},
}
"""Short configs that select much of a base."""


def write(folder: Path, fields: dict[str, Any], layers: int) -> tuple[Path, Path]:
    adapter, base = folder / "adapter", folder / "base"
    for one in (adapter, base):
        one.mkdir()
    (adapter / "adapter_config.json").write_text(json.dumps(CONFIG | fields))
    values = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "attention_bias": True}
    (base / "config.json").write_text(json.dumps(values | {"num_hidden_layers": layers}))
    return adapter, base


def judge(adapter: Path, base: Path) -> tuple[float, float]:
    """Return the seconds that validating and planning take."""
    start = time.process_time()
    validate(adapter, Options(base=str(base)))
    validated = time.process_time()
    plan(adapter, Options(base=str(base)))
    return validated - start, time.process_time() - validated


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("field", FIELDS)
def test_long_lists_take_little_time(field: str, size: str, tmp_path: Path) -> None:
    count, layers = SIZES[size]
    seconds = judge(*write(tmp_path, FIELDS[field](count), layers))
    assert max(seconds) < SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("name", WIDE)
def test_short_lists_that_select_much_take_little_time(name: str, tmp_path: Path) -> None:
    seconds = judge(*write(tmp_path, WIDE[name], layers=2_000))
    assert max(seconds) < SECONDS


@pytest.mark.slow
def test_suggestions_for_many_layers_take_little_time(tmp_path: Path) -> None:
    adapter, base = write(tmp_path, {}, layers=4_000)
    start = time.process_time()
    suggested = plan(adapter, Options(base=str(base)), suggest=True).suggestions
    assert time.process_time() - start < 2 * SECONDS
    assert suggested
