"""Rules about values, with adapters that PEFT makes and torch trains."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from loracfg import Options, validate
from loracfg.report.report import AdapterReport
from loracfg.testing.building.judging import judged
from tests.cli.running import call
from tests.rules.subjects import config

WEIGHTS = "adapter_model.safetensors"
Spoil = Callable[[dict[str, torch.Tensor]], None]


@pytest.fixture(scope="module")
def model() -> Any:
    config = transformers.LlamaConfig(
        hidden_size=16,
        intermediate_size=24,
        num_attention_heads=2,
        num_hidden_layers=3,
        vocab_size=32,
    )
    return peft.get_peft_model(
        transformers.LlamaForCausalLM(config),
        peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"),
    )


@pytest.fixture
def trained(model: Any, tmp_path: Path) -> Path:
    tokens = torch.arange(8).reshape(1, 8)
    optimizer = torch.optim.SGD((p for p in model.parameters() if p.requires_grad), lr=0.1)
    model(input_ids=tokens, labels=tokens).loss.backward()
    optimizer.step()
    return saved(model, tmp_path / "trained")


def saved(model: Any, folder: Path) -> Path:
    model.save_pretrained(str(folder / "adapter"))
    model.base_model.model.config.to_json_file(folder / "config.json")
    return folder


def report(folder: Path) -> AdapterReport:
    options = Options(base=str(folder / "config.json"), data=True)
    (found,) = validate(folder / "adapter", options).adapters
    return found


def codes(folder: Path) -> list[str]:
    return [d.code for d in report(folder).diagnostics if d.severity != "info"]


def spoilt(folder: Path, spoil: Spoil) -> list[str]:
    path = folder / "adapter" / WEIGHTS
    tensors = load_file(path)
    spoil(tensors)
    save_file(tensors, path, metadata={"format": "pt"})
    return codes(folder)


def test_a_new_adapter_changes_nothing(model: Any, tmp_path: Path) -> None:
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            parameter.data.zero_()
    folder = saved(model, tmp_path)
    assert codes(folder) == ["LC432"]
    assert validate(folder / "adapter").adapters[0].status != "invalid"


def test_a_trained_adapter_is_valid(trained: Path) -> None:
    assert codes(trained) == []
    assert report(trained).status == "valid"


def test_one_value_is_nan(trained: Path) -> None:
    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        next(iter(tensors.values()))[1, 2] = torch.nan

    assert spoilt(trained, spoil) == ["LC431"]


def test_layers_without_gradients(trained: Path) -> None:
    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        for name, tensor in tensors.items():
            if "layers.0" in name and "lora_B" in name:
                tensor.zero_()

    assert spoilt(trained, spoil) == ["LC433"]
    (found,) = (d for d in report(trained).diagnostics if d.code == "LC433")
    assert "enable_input_require_grads" in found.help
    assert found.count == 2


def test_a_layer_written_twice(trained: Path) -> None:
    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        for name in list(tensors):
            if "layers.1" in name:
                tensors[name] = tensors[name.replace("layers.1", "layers.2")].clone()

    assert spoilt(trained, spoil) == ["LC434", "LC434"]


def test_the_merged_update_is_checked_for_overflow(trained: Path) -> None:
    config = trained / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"dtype": "float16"}))

    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        for tensor in tensors.values():
            tensor.fill_(200.0)  # 2 * 4 * 200 * 200 is 320,000

    assert "LC435" in spoilt(trained, spoil)


@pytest.mark.parametrize(("number", "fires"), [(32752, False), (32753, True)])
def test_the_largest_float16_does_not_overflow(trained: Path, number: int, fires: bool) -> None:
    config = trained / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"dtype": "float16"}))

    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        for name, tensor in tensors.items():
            tensor.zero_()
            tensor[0, 0] = 1 if "lora_B" in name else number  # the scaling is 2

    assert ("LC435" in spoilt(trained, spoil)) == fires


def test_values_of_other_formats_are_reported_as_unknown(trained: Path) -> None:
    folder = trained / "adapter"
    torch.save(load_file(folder / WEIGHTS), folder / "adapter_model.bin")
    (folder / WEIGHTS).unlink()
    assert "the values of the tensors" in [one.what for one in report(trained).not_checked]


def test_command_line(trained: Path) -> None:
    arguments = ("validate", trained / "adapter", "--base", trained / "config.json")
    assert call(*arguments, "--data").status == 0
    both = call(*arguments, "--data", "--server", "http://localhost:1")
    assert both.status == 2
    assert "remove `--data` or `--server`" in both.err


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ((), 4),
        (("values v_proj 400",), 4),
        (("values v_proj 300", "values q_proj 0.1"), 2),
        ((config(lora_alpha=-8),), 4),
        ((config(r=-1),), 0),  # which has no scaling
        (('base {"dtype": "float32"}',), 0),
        # layers without a known product
        (("values v_proj.lora_A nan",), 2),
        (("values v_proj.lora_B nan",), 2),
        (("values v_proj.lora_A inf",), 2),
        (("values v_proj.lora_B inf",), 2),
        (("reshape v_proj.lora_A -> [2, 16]",), 2),
        (("reshape v_proj.lora_A -> [4, 16, 1]",), 2),
        (("reshape v_proj.lora_B -> [12, 4, 1]",), 2),
        (("reshape v_proj.lora_B -> [12]",), 2),
    ],
)
def test_updates_that_overflow_are_counted(lines: tuple[str, ...], count: int) -> None:
    found = judged("values . 300", 'base {"dtype": "float16"}', *lines).diagnostics
    assert "LC901" not in [one.code for one in found]
    overflows = [one for one in found if one.code == "LC435"]
    assert sum(one.count for one in overflows) == count


def test_the_largest_update_is_shown() -> None:
    lines = ("values . 1", "values layers.0 300", "values layers.1.self_attn.v_proj 200")
    (found,) = judged(*lines, 'base {"dtype": "float16"}').diagnostics
    assert found.count == 3
    assert found.location.tensor == "base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight"
    size = re.search(
        r"`([^`]+)`, more than the maximum `65504` of the base's `float16`", found.message
    )
    assert size
    assert 2 * 300**2 < float(size[1]) < 2 * 4 * 300**2
