"""The table of the tensors that each option adds, from the plan of PEFT's semantics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from config_page import cell
from demo_adapters import write_base

from loracfg import Engine, LoraConfig, Options
from loracfg.adapter.header.tensor import Shape

_RANK: Final = 16
_PREFIX: Final = "base_model.model."
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    'target_modules=["q_proj"]': {},
    "use_dora=True": {"use_dora": True},
    "lora_bias=True": {"lora_bias": True},
    'target_modules=["embed_tokens"]': {"target_modules": ["embed_tokens"]},
    'modules_to_save=["lm_head"]': {"modules_to_save": ["lm_head"]},
    "trainable_token_indices=[128002]": {"trainable_token_indices": [128002]},
}


def name_rows() -> Iterator[str]:
    """Yield a row for each option, with the tensors that it adds to those of the first."""
    yield "| Option | Tensors | Shape |"
    yield "|---|---|---|"
    with TemporaryDirectory() as name:
        base = Path(name)
        write_base(base, {"num_hidden_layers": 1})
        engine = Engine(Options(base=base))
        first: Mapping[str, Shape] = {}
        for option, settings in _OPTIONS.items():
            shapes = _shapes(engine, settings)
            added = {name: shape for name, shape in shapes.items() if name not in first}
            first = first or shapes
            names = "<br>".join(f"`{name.removeprefix(_PREFIX)}`" for name in added)
            sizes = "<br>".join(f"`{shape}`" for shape in added.values())
            yield f"| `{cell(option)}` | {names} | {sizes} |"


def _shapes(engine: Engine, settings: Mapping[str, Any]) -> Mapping[str, Shape]:
    values = {"target_modules": ["q_proj"], "r": _RANK, "task_type": "CAUSAL_LM", **settings}
    plan = engine.open_config(LoraConfig(**values)).plan
    if plan is None:
        raise ValueError(f"there is no plan for {settings}")
    return plan.shapes
