"""Draw random adapter directories in memory, either sound or with a defect."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError

from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture import Architecture
from loracfg.config.model.lora_config import LoraConfig
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS, Defect, is_harmful
from loracfg.testing.llama import BASE, llama
from loracfg.testing.memory_files import MemoryFiles
from loracfg.testing.plans import configs


@dataclass(frozen=True)
class DrawnAdapter:
    """The files of an adapter, its config, its base, and its defect, if it has one."""

    files: MemoryFiles
    config: LoraConfig
    base: Architecture
    defect: Defect | None = None


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    """Draw the tree of a small Llama of any sizes, with or without ties, biases and experts."""
    sizes: dict[str, Any] = {
        "hidden": draw(st.sampled_from([16, 24, 32])),
        "inner": draw(st.sampled_from([20, 28, 40])),
        "heads": draw(st.sampled_from([2, 4])),
        "kv_heads": draw(st.sampled_from([1, 2])),
        "head_dim": draw(st.sampled_from([6, 10])),
        "vocab": draw(st.integers(30, 60)),
        "layers": draw(st.integers(1, 3)),
        "tied": draw(st.booleans()),
        "biases": draw(st.booleans()),
        "experts": draw(st.sampled_from([0, 0, 4])),
    }
    return llama(BASE | sizes)


@st.composite
def adapters(draw: st.DrawFn, base: Architecture | None = None) -> DrawnAdapter:
    """Draw an adapter that fits its base: a config that PEFT accepts, and its tensors, all zero.

    Args:
        draw: passed by Hypothesis.
        base: the tree of the base (default: drawn).
    """
    tree = base or draw(architectures())
    config, copy = _fitting(draw, tree)
    return DrawnAdapter(copy.written(), config, tree)


@st.composite
def spoilt_adapters(
    draw: st.DrawFn, defect: str | None = None, base: Architecture | None = None
) -> DrawnAdapter:
    """Draw an adapter with one defect.

    Args:
        draw: given by Hypothesis.
        defect: the name of one in `DEFECTS`, drawn by default.
        base: the tree of the base, drawn by default.

    Raises:
        KeyError: there is no such defect.
    """
    named = {one.name: one for one in DEFECTS}
    wanted = named[defect] if defect else draw(st.sampled_from(DEFECTS))
    tree = base or draw(architectures())
    assume(is_harmful(wanted, tree))
    config, copy = _fitting(draw, tree)
    assume(wanted.apply(copy))  # not every adapter can have it
    return DrawnAdapter(copy.written(), config, tree, wanted)


def _fitting(draw: st.DrawFn, base: Architecture) -> tuple[LoraConfig, Copy]:
    values = {"base_model_name_or_path": "example/llama"} | draw(configs(base))
    try:
        written = json.dumps(LoraConfig.model_validate(values).to_dict(), sort_keys=True)
        config = LoraConfig.model_validate_json(
            written
        )  # the first matching pattern counts, so the order matters
    except ValidationError:
        assume(False)
    plan = build_plan(config, base, PatternBudget())
    assume(not plan.failures)
    tensors = {name: Tensor(name, "F32", e.shape) for name, e in plan.tensors.items()}
    return config, Copy(config.to_dict(), tensors)
