"""Makes the adapters with the installed PEFT, and tells what PEFT computes with each.

Weights are such as no conversion rounds: 1/8, 1/16 or 1/32 with either sign.
"""

from __future__ import annotations

import copy
import shutil
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file

from tests.oracles.bases import Tensors, base_model, inputs_of, output_of
from tests.oracles.cases import Case


class Made(NamedTuple):
    """Where an adapter is: as PEFT wrote it, as it is given to loaders, and its base."""

    name: str
    trained: Path
    patched: Path
    base: Path
    expected: Path

    @property
    def inputs(self) -> Path:
        """The file with what the model of the base is called with."""
        return self.base.with_suffix(".safetensors")

    def expect(self) -> Tensors:
        """Return what PEFT computes: `output`, and `delta.NAME` for each parameter that it changes.

        Instead of deltas, an adapter that PEFT cannot merge has `unmergeable`.
        """
        return load_file(self.expected)


def make(root: Path, cases: Mapping[str, Case]) -> list[Made]:
    """Make adapters below `root` with their bases, unless they are there."""
    return [_make(name, case, root) for name, case in cases.items()]


def _make(name: str, case: Case, root: Path) -> Made:
    import peft

    made = Made(
        name,
        root / "trained" / name,
        root / "adapters" / name,
        root / "bases" / case.base,
        root / "expected" / f"{name}.safetensors",
    )
    if made.expected.exists():
        return made
    model = base_model(case.base)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    inputs = inputs_of(case.base)
    if not made.base.exists():
        model.save_pretrained(made.base)
        save_file(inputs, made.inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = peft.LoraConfig(**case.arguments, base_model_name_or_path=str(made.base))
        wrapped = peft.get_peft_model(model, config).eval()
        _train(wrapped.named_parameters())
        wrapped.save_pretrained(str(made.trained))
        expected = {"output": output_of(wrapped, inputs)} | _deltas(wrapped, before)
    shutil.copytree(made.trained, made.patched)
    for patch in case.patches:
        patch(made.patched)
    made.expected.parent.mkdir(exist_ok=True)
    save_file(expected, made.expected)
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
        return {"unmergeable": torch.ones(1)}
    return {
        f"delta.{key}": change
        for key, value in merged.items()
        if (change := value - before.get(key, torch.zeros_like(value))).any()
    }
