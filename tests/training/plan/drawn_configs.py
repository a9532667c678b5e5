"""Adapter configs drawn for a base, most of which PEFT accepts."""

from __future__ import annotations

import random
from typing import Any, Final

from loracfg.base.architecture import Architecture, Kind
from loracfg.planning.targets import leaf_of
from loracfg.testing.plans import adaptable

_TASKS: Final = {
    "ForSequenceClassification": "SEQ_CLS",
    "ForTokenClassification": "TOKEN_CLS",
    "ForQuestionAnswering": "QUESTION_ANS",
    "ForCausalLM": "CAUSAL_LM",
}
_RATE: Final = 0.18
"""How often each option is set."""


def drawn_config(base: Architecture, rng: random.Random) -> dict[str, Any]:
    """Draw a config: targets that the base has, a rank, and some options."""
    names = adaptable(base)
    others = sorted(
        {leaf_of(path) for path, one in base.modules.items() if path and one.parameters}
    )
    some = rng.sample(names, min(len(names), rng.randint(1, 3)))
    values: dict[str, Any] = {
        "r": rng.choice((1, 2, 4, 6, 8, 16)),
        "target_modules": rng.choice((some, some, some, "all-linear", rf".*\.({'|'.join(some)})")),
    }
    free = [name for name in others if name not in some] or others
    choices: dict[str, Any] = {
        "bias": lambda: rng.choice(("all", "lora_only")),
        "modules_to_save": lambda: rng.sample(free, min(len(free), rng.randint(1, 2))),
        "exclude_modules": lambda: [rng.choice(names)],
        "rank_pattern": lambda: {rng.choice(some): rng.choice((2, 3, 12))},
        "alpha_pattern": lambda: {rng.choice(some): 3},
        "use_dora": lambda: True,
        "use_rslora": lambda: True,
        "lora_bias": lambda: True,
        "layers_to_transform": lambda: rng.choice((0, [0], [0, 1])),
        "trainable_token_indices": lambda: [0, rng.randint(1, 9)],
        "ensure_weight_tying": lambda: True,
        "target_parameters": lambda: _parameters(base, rng),
        "layer_replication": lambda: [[0, 2], [1, 2]],
        "velora_config": lambda: {"num_groups": rng.randint(1, 5)},
        "task_type": lambda: _task(base),
    }
    rare = {"velora_config", "layer_replication"}
    for name, draw in choices.items():
        if rng.random() < (_RATE / 4 if name in rare else _RATE):
            values[name] = draw()
    if isinstance(values["target_modules"], str):
        values.pop("layers_to_transform", None)
    return {name: value for name, value in values.items() if value != []}


def _task(base: Architecture) -> str:
    """Return a task that PEFT's model class for it accepts: others need methods of the base."""
    name = base.class_name or ""
    return next((task for end, task in _TASKS.items() if name.endswith(end)), "FEATURE_EXTRACTION")


def _parameters(base: Architecture, rng: random.Random) -> list[str]:
    """Draw parameters with several dimensions of modules that PEFT cannot target."""
    found = sorted(
        {
            f"{leaf_of(path)}.{name}"
            for path, one in base.modules.items()
            for name, shape in one.parameters.items()
            if path and one.kind is Kind.OTHER and len(shape) in (2, 3)
        }
    )
    return rng.sample(found, min(len(found), 2))
