"""An adapter on another class of its base model: the class that it fits is named."""

from __future__ import annotations

import json
from pathlib import Path

import peft
import pytest

from loracfg.report.model import AdapterReport
from loracfg.validation import Options, validate
from tests.zoo import tiny_model


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
    assert "fit `LlamaModel`, none fits `LlamaForCausalLM`" in finding.message
