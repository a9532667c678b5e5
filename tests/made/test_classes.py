"""An adapter on another class of its base model: the class that it fits is named."""

from __future__ import annotations

import json
from pathlib import Path

import peft
import pytest

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from tests.zoo import tiny_config, tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a base with a head, and an adapter of its bare model."""
    folder = tmp_path_factory.mktemp("classes")
    tiny_model("llama").save_pretrained(folder / "base")
    config = peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"])
    bare = peft.get_peft_model(tiny_model("llama", "FEATURE_EXTRACTION"), config)
    bare.save_pretrained(str(folder / "bare"))
    data = json.loads((folder / "bare" / "adapter_config.json").read_text())
    (folder / "causal").mkdir()
    (folder / "causal" / "adapter_config.json").write_text(
        json.dumps(data | {"task_type": "CAUSAL_LM", "auto_mapping": None})
    )
    weights = (folder / "bare" / "adapter_model.safetensors").read_bytes()
    (folder / "causal" / "adapter_model.safetensors").write_bytes(weights)
    return folder


def judged(folder: Path, adapter: str, base: str, class_name: str | None = None) -> AdapterReport:
    options = Options(base=str(folder / base), class_name=class_name)
    return validate(folder / adapter, options).adapters[0]


BASES = pytest.mark.parametrize("base", ["base", "base/config.json"])


@BASES
def test_class_that_the_adapter_was_saved_from_is_used(folder: Path, base: str) -> None:
    report = judged(folder, "bare", base)
    assert report.status == "valid"
    assert report.base is not None
    assert report.base.class_name == "LlamaModel"


@BASES
@pytest.mark.parametrize(
    ("adapter", "class_name"), [("causal", None), ("bare", "LlamaForCausalLM")]
)
def test_other_class_is_said_with_the_one_that_fits(
    folder: Path, base: str, adapter: str, class_name: str | None
) -> None:
    report = judged(folder, adapter, base, class_name)
    assert report.status == "invalid"
    (finding,) = (d for d in report.diagnostics if d.severity == "error")
    assert finding.code == "LC602"
    assert "fit `LlamaModel`, but none fits `LlamaForCausalLM`" in finding.message


SIZES = {
    name: getattr(tiny_config("llama"), name)
    for name in ("hidden_size", "num_attention_heads", "num_key_value_heads", "head_dim")
}


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make bases of several models, and adapters whose configs name their classes only."""
    folder = tmp_path_factory.mktemp("others")
    for name, task in (("gpt2", None), ("mistral", None), ("llama", "SEQ_CLS")):
        model = tiny_model(name, task, **(SIZES if name == "mistral" else {}))
        targets = ["c_attn"] if name == "gpt2" else ["q_proj", "v_proj"]
        head = ["score"] if task else None
        config = peft.LoraConfig(
            r=4, target_modules=targets, modules_to_save=head, fan_in_fan_out=name == "gpt2"
        )
        peft.get_peft_model(model, config).save_pretrained(str(folder / name))
    for name in ("gpt2", "llama"):
        tiny_model(name).save_pretrained(folder / "base" / name)
    return folder


@pytest.mark.parametrize("base", ["base/llama", "base/llama/config.json"])
def test_adapter_of_another_model_is_refused_with_one_finding(others: Path, base: str) -> None:
    report = judged(others, "gpt2", base)
    assert report.status == "invalid"
    (finding,) = (d for d in report.diagnostics if d.severity != "info")
    assert finding.code == "LC600"
    assert "saved from a `GPT2LMHeadModel`, but the base is a `LlamaForCausalLM`" in finding.message
    with pytest.raises(ValueError, match="not found"):
        peft.PeftModel.from_pretrained(tiny_model("llama"), str(others / "gpt2"))
    assert judged(others, "gpt2", base.replace("llama", "gpt2")).status == "valid"


def test_adapter_of_another_model_that_fits_is_warned_of(others: Path) -> None:
    report = judged(others, "mistral", "base/llama")
    codes = [d.code for d in report.diagnostics if d.severity != "info"]
    assert (report.status, codes) == ("valid", ["LC624"])
    assert peft.PeftModel.from_pretrained(tiny_model("llama"), str(others / "mistral"))


def test_class_that_the_user_names_is_taken_for_any_model(others: Path) -> None:
    report = judged(others, "mistral", "base/llama", "MistralForCausalLM")
    assert [d.code for d in report.diagnostics if d.severity != "info"] == []


@BASES
def test_class_of_the_weights_that_has_no_module_is_warned_of(folder: Path, base: str) -> None:
    report = judged(folder, "bare", base)
    (finding,) = (d for d in report.diagnostics if d.severity != "info")
    assert finding.code == "LC626"
    assert "names `LlamaForCausalLM`, which has 0 of the" in finding.message
    assert "`LlamaModel` has all" in finding.message
    assert [d.code for d in judged(folder, "bare", base, "LlamaModel").diagnostics] == ["LC703"]


def test_head_that_is_added_for_a_task_is_not_warned_of(others: Path) -> None:
    report = judged(others, "llama", "base/llama")
    assert report.base is not None
    assert report.base.class_name == "LlamaForSequenceClassification"
    assert [d.code for d in report.diagnostics if d.severity != "info"] == []
