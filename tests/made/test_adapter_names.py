"""Names in which the name of an adapter was left, as in a raw `state_dict`, in files read by PEFT.

PEFT is asked which of them it finds; the others are found after the repair.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any, Final

import pytest
import torch
from safetensors.torch import load_file, save_file

from loracfg import Options, fix, validate
from loracfg.adapter.tensor_names import DEFAULT, parse_name
from loracfg.planning.spelling import loads_as_named
from tests.made.recipes import recipe
from tests.zoo import tiny_model

WEIGHTS: Final = "adapter_model.safetensors"
TOKENS: Final = torch.arange(8).reshape(1, 8)
ADAPTERS: Final = {
    "llama": [
        *("plain", "dora", "factor-bias", "embedding", "embedding-dora", "kasa", "velora"),
        *("monteclora", "output-saved", "embedding-and-output-saved", "tokens", "tied-embedding"),
    ],
    "qwen3_moe": ["experts"],
    "bert": ["sequence-classes"],
}
CASES: Final = [(kind, option) for kind, options in ADAPTERS.items() for option in options]
OF_WRAPPERS: Final = ("modules_to_save", "token_adapter")

peft = pytest.importorskip("peft")


def trained(kind: str, option: str, folder: Path, name: str = DEFAULT) -> tuple[Any, torch.Tensor]:
    """Save an adapter with random values, and its base; return the model and what it computes."""
    chosen = recipe(kind, option)
    assert chosen is not None
    base = tiny_model(kind, chosen.head)
    base.config.architectures = [type(base).__name__]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = peft.LoraConfig(r=4, lora_alpha=8, **chosen.config)
        model = peft.get_peft_model(base, config, adapter_name=name).eval()
        for parameter in model.parameters():
            if parameter.requires_grad:
                torch.nn.init.normal_(parameter, std=0.2)
        model.save_pretrained(str(folder), save_embedding_layers=False)
    base.config.to_json_file(folder / "base.json")
    return model, computed(model)


def computed(model: Any) -> torch.Tensor:
    with torch.no_grad():
        logits: torch.Tensor = model(TOKENS).logits
    return logits


def loaded(kind: str, option: str, folder: Path) -> Any:
    chosen = recipe(kind, option)
    assert chosen is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return peft.PeftModel.from_pretrained(tiny_model(kind, chosen.head), str(folder)).eval()


def raw(model: Any) -> dict[str, torch.Tensor]:
    """Return what was trained, and the buffers of adapters, as the model calls them."""
    own = {n for n, parameter in model.named_parameters() if parameter.requires_grad}
    return {n: t.clone() for n, t in model.state_dict().items() if n in own or ".lora_" in n}


def found(folder: Path) -> tuple[str, list[str]]:
    (report,) = validate(folder, Options(base=str(folder / "base.json"))).adapters
    codes = [d.code for d in report.diagnostics if d.severity != "info"]
    return report.status, codes


@pytest.mark.parametrize("name", [DEFAULT, "sql"])
@pytest.mark.parametrize(("kind", "option"), CASES)
def test_a_raw_state_dict(kind: str, option: str, name: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    model, before = trained(kind, option, made, name)
    folder = made if name == DEFAULT else made / name  # where PEFT saves it
    (made / "base.json").replace(folder / "base.json")
    assert found(folder) == ("valid", [])
    tensors = raw(model)
    save_file(tensors, folder / WEIGHTS, {"format": "pt"})

    of_wrappers = any(step in key for key in tensors for step in OF_WRAPPERS)
    if of_wrappers:
        with pytest.raises(KeyError):
            loaded(kind, option, folder)
    else:
        again = loaded(kind, option, folder)
        assert torch.equal(computed(again), before) is (name == DEFAULT)
    loads = name == DEFAULT and not of_wrappers
    assert found(folder) == (("valid", ["LC506"]) if loads else ("invalid", ["LC505"]))

    repaired = fix(folder, Options(base=str(folder / "base.json")))
    repaired.write(tmp_path / "repaired")
    assert repaired.after.status == "valid"
    assert torch.equal(computed(loaded(kind, option, tmp_path / "repaired")), before)


@pytest.mark.parametrize(("kind", "option"), CASES)
def test_a_raw_state_dict_without_default(kind: str, option: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    model, before = trained(kind, option, made)
    tensors = {name.replace(".default", ""): tensor for name, tensor in raw(model).items()}
    save_file(tensors, made / WEIGHTS, {"format": "pt"})
    if any("modules_to_save" in name for name in tensors):
        with pytest.raises(KeyError):
            loaded(kind, option, made)
        assert found(made) == ("invalid", ["LC616"])
        fix(made, Options(base=str(made / "base.json"))).write(tmp_path / "repaired")
        made = tmp_path / "repaired"
        assert found(made)[0] == "valid"
    assert torch.equal(computed(loaded(kind, option, made)), before)


@pytest.mark.parametrize(
    ("option", "saved", "written"),
    [
        ("plain", r"lora_A\.weight", "lora_A.default.weight"),
        ("factor-bias", r"lora_B\.bias", "lora_B.default.bias"),
        ("embedding", "lora_embedding_B", "lora_embedding_B.default"),
        ("kasa", "lora_diag", "lora_diag.default"),
        ("dora", "lora_magnitude_vector", "lora_magnitude_vector.weight"),
        ("dora", "lora_magnitude_vector", "lora_magnitude_vector.default"),
        ("dora", "lora_magnitude_vector", "lora_magnitude_vector.default.weight"),
        ("dora", "lora_magnitude_vector", "lora_magnitude_vector.sql.weight"),
        ("output-saved", r"lm_head\.weight", "lm_head.modules_to_save.default.weight"),
        ("tokens", "tokens_delta", "tokens_delta.default"),
    ],
)
def test_peft_finds_what_is_said_to_load(
    option: str, saved: str, written: str, tmp_path: Path
) -> None:
    _, before = trained("llama", option, tmp_path)
    tensors = load_file(tmp_path / WEIGHTS)
    renamed = {re.sub(rf"{saved}$", written, name): t for name, t in tensors.items()}
    assert renamed.keys() != tensors.keys()
    save_file(renamed, tmp_path / WEIGHTS, {"format": "pt"})
    try:
        loads = torch.equal(computed(loaded("llama", option, tmp_path)), before)
    except KeyError:
        loads = False
    new = [parse_name(name) for name in renamed.keys() - tensors.keys()]
    assert {loads_as_named(taken) for taken in new if taken.adapter} <= {loads}
    assert {taken.bare for taken in new} == tensors.keys() - renamed.keys()
    status, codes = found(tmp_path)
    named = "LC506" if loads else "LC505"
    assert codes == ([named] if any(taken.adapter for taken in new) else [])
    assert status == ("valid" if loads else "invalid")
