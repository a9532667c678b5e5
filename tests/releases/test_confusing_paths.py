"""Module paths that contain a part of a tensor name, checked with the code of each release."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest
import torch

from loracfg.adapter.tensor_names import PREFIX, parse_name
from loracfg.config.history.releases import between
from loracfg.releases.written_tensors import is_misread
from tests.releases.wheels import wheel

SOURCE: Final = "peft/utils/save_and_load.py"
PATHS: Final = (
    "model.layers.0.q_proj",
    "weighted_averaging",
    "attn.to_weights",
    "Weight.fc",
    "lora_head",
    "my_lora_net.fc",
    "x.lora_A_net.fc",
    "biased.fc",
)
NAMED: Final = {
    "lora_A.weight": "lora_A.default.weight",
    "lora_B.weight": "lora_B.default.weight",
    "lora_B.bias": "lora_B.default.bias",
    "lora_embedding_A": "lora_embedding_A.default",
    "lora_magnitude_vector": "lora_magnitude_vector.default",
    "bias": "bias",
}
"""Ends of names in a file, and in a model whose adapter is called `default`."""


def renamed(release: str, keys: list[str]) -> list[str]:
    """Run the loop by which a release puts the adapter's name into the keys of a file."""
    with ZipFile(wheel(release)) as archive:
        tree = ast.parse(archive.read(SOURCE))
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For)]
    (loop,) = (node for node in loops if "suffix_to_replace" in ast.unparse(node))
    found: dict[str, int] = {}
    scope: dict[str, Any] = {
        "state_dict": {key: number for number, key in enumerate(keys)},
        "peft_model_state_dict": found,
        "adapter_name": "default",
        "parameter_prefix": "lora_",
        "re": re,
    }
    exec(compile(ast.Module([loop], []), SOURCE, "exec"), scope)  # noqa: S102  # PEFT's own
    by_number = {number: key for key, number in found.items()}
    return [by_number[number] for number in range(len(keys))]


@pytest.mark.parametrize("release", between("0.3.0", "0.21.0"))
def test_what_a_release_misreads(release: str) -> None:
    expected = {
        f"{PREFIX}{path}.{end}": f"{PREFIX}{path}.{named}"
        for path in PATHS
        for end, named in NAMED.items()
    }
    names = renamed(release, list(expected))
    lost = {key for key, name in zip(expected, names, strict=True) if name != expected[key]}
    assert {key for key in expected if is_misread(parse_name(key), release)} == lost
    assert lost


@pytest.mark.parametrize("path", ["weighted.fc", "lora_net.fc"])
def test_the_newest_release_loads_them(path: str, tmp_path: Path) -> None:
    from peft import LoraConfig, PeftModel, get_peft_model

    def model() -> torch.nn.Module:
        layer = torch.nn.ModuleDict({"fc": torch.nn.Linear(4, 4), "head": torch.nn.Linear(4, 4)})
        return torch.nn.ModuleDict({path.partition(".")[0]: layer})

    config = LoraConfig(target_modules=["fc"], modules_to_save=["head"], init_lora_weights=False)
    made: Any = get_peft_model(model(), config)
    made.save_pretrained(tmp_path)
    loaded = PeftModel.from_pretrained(model(), tmp_path)
    saved = {k: v for k, v in made.state_dict().items() if "lora_A" in k or "to_save" in k}
    assert len(saved) == 3
    for name, value in saved.items():
        assert torch.equal(loaded.state_dict()[name], value), name
