"""Biases as older releases saved them, or did not, in files that load and compute the same.

The files are those of the installed PEFT, changed into what the release wrote.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from loracfg import Options, validate
from loracfg.config import CONFIG_NAME
from loracfg.config.history.field_facts import fields_of
from loracfg.report.report import AdapterReport
from tests.zoo import CONFIGS, tiny_model

WEIGHTS = "adapter_model.safetensors"
TOKENS = torch.arange(8).reshape(1, 8)

peft = pytest.importorskip("peft")


def labelled() -> Any:
    torch.manual_seed(0)
    config = transformers.RobertaConfig(**CONFIGS["bert"])
    model: Any = transformers.RobertaForSequenceClassification(config)
    return model.eval()


def trained(model: Any, folder: Path, **config: Any) -> Any:
    """Adapt a model, give what is trainable random values, and save it."""
    model.config.architectures = [type(model).__name__]
    adapted = peft.get_peft_model(model, peft.LoraConfig(r=4, **config))
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.2)
    adapted.save_pretrained(str(folder))
    model.config.to_json_file(folder / "config.json")
    return adapted.eval()


def report(folder: Path) -> AdapterReport:
    (found,) = validate(folder, Options(base=str(folder / "config.json"))).adapters
    return found


def codes(found: AdapterReport) -> set[str]:
    return {d.code for d in found.diagnostics if d.severity != "info"}


def written_as(release: str, folder: Path) -> None:
    """Leave the keys that a release writes in the config."""
    path = folder / CONFIG_NAME
    values = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in values.items() if k in fields_of(release)}))


@pytest.mark.parametrize("copies", ["as of 0.17.1", "left out"])
@pytest.mark.parametrize("saved", [["classifier"], ["LayerNorm", "classifier"]])
def test_copies_of_biases_in_a_saved_module(saved: list[str], copies: str, tmp_path: Path) -> None:
    options: dict[str, Any] = {"target_modules": ["query"], "bias": "all", "modules_to_save": saved}
    before = trained(labelled(), tmp_path, **options)(TOKENS).logits
    found = load_file(tmp_path / WEIGHTS)
    copied = [name for name in found if ".modules_to_save.default." in name]
    assert copied
    if copies == "left out":
        kept = {n: t for n, t in found.items() if ".modules_to_save." not in n}
        kept = {n: t for n, t in kept.items() if ".original_module." not in n}
    else:
        kept = {n.replace(".default.", "."): t for n, t in found.items()}
    save_file(kept, tmp_path / WEIGHTS, {"format": "pt"})

    with warnings.catch_warnings(record=True) as noted:
        again = peft.PeftModel.from_pretrained(labelled(), str(tmp_path)).eval()
    assert not [one for one in noted if "adapter" in str(one.message)]
    assert torch.equal(again(TOKENS).logits, before)
    judged = report(tmp_path)
    assert (judged.status, codes(judged)) == ("valid", set())
    assert judged.coverage.applied == judged.coverage.expected == len(kept)


def test_biases_of_the_module_itself_are_missed(tmp_path: Path) -> None:
    options = {"target_modules": ["query"], "bias": "all", "modules_to_save": ["classifier"]}
    trained(labelled(), tmp_path, **options)
    found = load_file(tmp_path / WEIGHTS)
    kept = {n: t for n, t in found.items() if n != "base_model.model.classifier.dense.bias"}
    save_file(kept, tmp_path / WEIGHTS, {"format": "pt"})
    assert report(tmp_path).status == "invalid"


@pytest.mark.parametrize(("release", "warned"), [("0.9.0", False), ("0.10.0", True)])
def test_biases_of_adapted_layers_that_were_not_saved(
    release: str, warned: bool, tmp_path: Path
) -> None:
    """PEFT 0.7 to 0.9 trained none (seen in 0.7.1, 0.8.2 and 0.9.0), 0.10 to 0.20 lost them."""
    trained(tiny_model("qwen2"), tmp_path, target_modules=["q_proj"], bias="lora_only")
    found = load_file(tmp_path / WEIGHTS)
    kept = {name: tensor for name, tensor in found.items() if "lora_" in name}
    assert len(kept) < len(found)
    save_file(kept, tmp_path / WEIGHTS, {"format": "pt"})
    written_as(release, tmp_path)

    judged = report(tmp_path)
    assert (judged.status, codes(judged)) == ("valid", {"LC615"} if warned else set())
