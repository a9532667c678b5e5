"""`inspect` agrees with safetensors, PEFT and the config."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

import loracfg
from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from loracfg.inspection.contents import Inspection
from loracfg.inspection.contents_text import render as render_text
from loracfg.inspection.html_page import render as render_page
from loracfg.inspection.wording import headline
from loracfg.rules.registry import all_rules
from loracfg.testing.building.examples import examples
from tests.cli.running import call, check_answer, run, write_adapter, write_base
from tests.comparison.swapping import make_adapter
from tests.llama8b import TENSORS, make
from tests.planning.models import model_of
from tests.zoo import tiny_config

ADAPTERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "plain": ("llama", {}),
    "DoRA": ("llama", {"use_dora": True}),
    "patterns": ("llama", {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"v_proj": 3}}),
    "saved": ("llama", {"modules_to_save": ["lm_head"]}),
    "tokens": ("llama", {"trainable_token_indices": [1, 2]}),
    "embeddings": ("llama", {"target_modules": ["embed_tokens", "q_proj"]}),
    "biases": ("gpt2", {"target_modules": ["c_attn"], "bias": "all"}),
    "own biases": ("llama", {"lora_bias": True}),
    "experts": ("qwen3_moe", {"target_parameters": ["gate_up_proj"], "target_modules": None}),
    "KaSA": ("llama", {"kasa_config": {}}),
}
ROLES: Final = {
    "plain": {"lora_A", "lora_B"},
    "DoRA": {"lora_A", "lora_B", "magnitudes"},
    "patterns": {"lora_A", "lora_B"},
    "saved": {"lora_A", "lora_B", "saved modules"},
    "tokens": {"lora_A", "lora_B", "trained tokens"},
    "embeddings": {"lora_A", "lora_B", "embeddings"},
    "biases": {"lora_A", "lora_B", "biases"},
    "own biases": {"lora_A", "lora_B", "biases"},
    "experts": {"lora_A", "lora_B"},
    "KaSA": {"lora_A", "lora_B", "other"},
}


@pytest.mark.parametrize("with_base", [True, False])
@pytest.mark.parametrize("name", ADAPTERS)
def test_sizes_are_those_of_the_file(name: str, with_base: bool, tmp_path: Path) -> None:
    from safetensors import safe_open

    model, config = ADAPTERS[name]
    folder = make_adapter(tmp_path / "adapter", model, 1, **config)
    tiny_config(model).save_pretrained(tmp_path / "base")
    base = str(tmp_path / "base") if with_base else None
    found = loracfg.inspect(folder, loracfg.Options(base=base, class_name=class_of(model)))
    with safe_open(folder / "adapter_model.safetensors", "pt") as file:
        tensors = [file.get_tensor(key) for key in file.keys()]  # noqa: SIM118
    assert found.total.tensors == len(tensors)
    assert found.total.parameters == sum(tensor.numel() for tensor in tensors)
    assert found.total.bytes == sum(tensor.nbytes for tensor in tensors)
    assert {role.name for role in found.roles} == ROLES[name]
    assert found.report.status == ("valid" if with_base else "undetermined")


def class_of(model: str) -> str:
    return type(model_of(model)).__name__


@pytest.mark.parametrize("name", ["patterns", "experts"])
def test_modules_are_scaled_as_by_peft(name: str, tmp_path: Path) -> None:
    import peft

    model, config = ADAPTERS[name]
    folder = make_adapter(tmp_path / "adapter", model, 1, **config)
    loaded = peft.PeftModel.from_pretrained(deepcopy(model_of(model)), str(folder))
    layers = {
        path.removeprefix("base_model.model."): layer
        for path, layer in loaded.named_modules()
        if isinstance(layer, peft.tuners.lora.LoraLayer)
    }
    found = {one.path: one for one in loracfg.inspect(folder).modules if one.tensors}
    assert found.keys() == layers.keys()
    for path, layer in layers.items():
        one = found[path]
        assert (one.rank, one.alpha) == (layer.r["default"], layer.lora_alpha["default"])
        assert math.isclose(one.scaling or 0.0, layer.scaling["default"])
        assert one.experts == (getattr(layer, "num_experts", None))


def test_trained_tokens_are_no_adapted_module(tmp_path: Path) -> None:
    model, config = ADAPTERS["tokens"]
    found = loracfg.inspect(make_adapter(tmp_path / "adapter", model, 1, **config))
    (embedding,) = (one for one in found.modules if one.path == "model.embed_tokens")
    assert (embedding.tensors, embedding.rank, embedding.scaling) == (1, None, None)
    assert " on 4 modules, " in headline(found)


def test_usual_adapter_fits_a_screen(tmp_path: Path) -> None:
    adapter, base = make(tmp_path)
    outcome = call("inspect", adapter, "--base", base)
    lines = outcome.out.splitlines()
    assert (outcome.status, outcome.err) == (0, "")
    assert len(lines) <= 24
    assert max(map(len, lines[7:-1])) <= 100
    assert f"rank 16 on 224 modules, 41,943,040 parameters in {TENSORS} tensors" in lines[0]
    assert "0-31  4096 -> 14336    16     32    2.0    F32" in outcome.out.replace("→", "->")
    assert "\x1b" not in outcome.out


def test_colour_stays_out_of_pipes(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    assert "\x1b" not in run("inspect", adapter).out


def test_json_has_everything(tmp_path: Path) -> None:
    adapter, base = write_adapter(tmp_path / "adapter"), write_base(tmp_path / "base")
    outcome = call("inspect", adapter, "--base", base, "--data", "--format", "json")
    data = json.loads(outcome.out)
    (q, v) = data["groups"]
    assert (q["pattern"], q["modules"], q["layers"]) == (
        "model.layers.*.self_attn.q_proj",
        2,
        [[0, 1]],
    )
    assert (q["inputs"], q["outputs"], v["outputs"]) == (16, 24, 12)
    assert (q["rank"], q["alpha"], q["scaling"], q["dtypes"]) == (4, 8, 2.0, ["F32"])
    assert q["largest"] == 0.0
    assert data["adapter"]["base"]["class"] == "LlamaForCausalLM"
    states = [module["state"] for module in data["modules"]]
    assert states.count("fits") == 4
    assert states.count("not_targeted") == len(states) - 4


def test_values_that_json_cannot_represent_are_text(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter", r"values .*0\.self_attn\.q_proj\.lora_A.* nan")
    data = json.loads(call("inspect", adapter, "--data", "--format", "json").out)
    assert "nan" in [group["largest"] for group in data["groups"]]


def test_unknown_base_is_shown(tmp_path: Path) -> None:
    outcome = call("inspect", write_adapter(tmp_path / "adapter"))
    assert outcome.status == 0
    assert "no base to compare with" in outcome.out
    assert "not checked: tensors against the base" in outcome.out


def test_broken_adapter_is_shown_with_what_is_wrong(tmp_path: Path) -> None:
    outcome = call("inspect", write_adapter(tmp_path / "adapter", 'config {"r": 8}'))
    assert outcome.status == 0
    assert "validate: invalid, error LC503 rank-mismatch: `r` is `8`" in outcome.out


@pytest.mark.parametrize("lines", [('config text {"r": ', "weights bytes 00"), ()])
def test_nothing_to_show(lines: tuple[str, ...], tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", *lines) if lines else tmp_path / "missing"
    outcome = call("inspect", folder)
    assert (outcome.status, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_whatever_a_rule_finds_can_be_shown(rule: Any, tmp_path: Path) -> None:
    sound = write_adapter(tmp_path / "sound")
    for at, example in enumerate(examples(rule.page)):
        folder = write_adapter(tmp_path / str(at), *example.lines)
        if is_shown(folder) and has_config(folder):
            check_answer(call("diff", sound, folder))


def has_config(folder: Path) -> bool:
    """Tell whether there is a config to compare with another."""
    return read_adapter(Folder(folder)).reading is not None


def is_shown(folder: Path) -> bool:
    """Have an adapter shown in every way; tell whether there is anything to show."""
    try:
        found = loracfg.inspect(folder)
    except loracfg.LoracfgError:
        return False
    assert render_page(found).startswith("<!doctype html>")
    json.dumps(found.to_dict())
    shown = render_text(found)
    assert all(char.isprintable() or char == "\n" for char in shown)
    return True


def notes(folder: Path) -> dict[str, str]:
    found: Inspection = loracfg.inspect(folder)
    return {note.name: note.message for note in found.notes}


@pytest.mark.parametrize("value", [True, False])
def test_adapter_is_loaded_frozen_unless_asked(value: bool, tmp_path: Path) -> None:
    import peft

    folder = make_adapter(tmp_path / "adapter", "llama", 1)
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"inference_mode": value}))
    for is_trainable in (True, False):
        loaded = peft.PeftModel.from_pretrained(
            deepcopy(model_of("llama")), str(folder), is_trainable=is_trainable
        )
        trained = [p for n, p in loaded.named_parameters() if "lora_" in n and p.requires_grad]
        assert bool(trained) is is_trainable
    assert f"`inference_mode` is `{str(value).lower()}`" in notes(folder)["training"]
    assert "`is_trainable=True`" in notes(folder)["training"]


@pytest.mark.parametrize("options", [{"use_dora": True}, {"trainable_token_indices": [1, 2]}])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "float8_e4m3fn"])
def test_factors_become_float32(dtype: str, options: dict[str, Any], tmp_path: Path) -> None:
    import peft
    import torch
    from safetensors.torch import load_file, save_file

    saved = {"modules_to_save": ["lm_head"]}
    folder = make_adapter(tmp_path / "adapter", "llama", 1, **options | saved)
    path, kind = folder / "adapter_model.safetensors", getattr(torch, dtype)
    tensors = {name: tensor.to(kind) for name, tensor in load_file(path).items()}
    save_file(tensors, path)
    for autocast in (True, False):
        base = deepcopy(model_of("llama")).to(torch.bfloat16)
        loaded = peft.PeftModel.from_pretrained(base, str(folder), autocast_adapter_dtype=autocast)
        dtypes = {name: parameter.dtype for name, parameter in loaded.named_parameters()}
        own = {dtypes[n] for n in dtypes if ".lora_" in n or "trainable_tokens" in n}
        assert own == {torch.float32 if autocast else torch.bfloat16}
        assert {dtypes[n] for n in dtypes if "modules_to_save" in n} == {torch.bfloat16}
    is_cast = dtype not in ("float32", "float64")
    message = notes(folder).get("dtype", "")
    assert bool(message) is is_cast
    if is_cast:
        assert f"{len(tensors) - 1} tensors of the adapter in" in message
        assert "unless you pass `autocast_adapter_dtype=False`" in message


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (64, "4 modules with a scale above 8.0"),
        (0.1, "4 modules with a scale below 0.05"),
        (32, None),
        (0.2, None),
    ],
)
def test_unusual_scales_are_pointed_out(alpha: float, words: str | None, tmp_path: Path) -> None:
    message = notes(write_adapter(tmp_path / "a", f'config {{"lora_alpha": {alpha}}}')).get("scale")
    assert (message is None) is (words is None)
    if words and message:
        assert message.startswith(words)
        assert f"alpha `{alpha:g}` over rank `4` is" in message
