"""A base that cannot be used is said to be so, and never taken for a fault of the adapter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg.adapter.tensor import Tensor
from loracfg.report.model import AdapterReport
from loracfg.testing.examples import build
from loracfg.testing.files import safetensors_bytes
from loracfg.validation import Options, validate


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    files, _ = build(())
    for name, data in files.contents.items():
        (folder / name).write_bytes(data)
    return folder


def judged(adapter: Path, base: Path, class_name: str | None = None) -> AdapterReport:
    return validate(adapter, Options(base=str(base), class_name=class_name)).adapters[0]


def loud(report: AdapterReport) -> set[str]:
    return {d.code for d in report.diagnostics if d.severity != "info"}


def test_base_that_does_not_exist(adapter: Path, tmp_path: Path) -> None:
    report = judged(adapter, tmp_path / "nowhere")
    assert (report.status, loud(report)) == ("error", {"LC005"})
    assert report.diagnostics[0].location.file == str(tmp_path / "nowhere")


def test_adapter_as_base(adapter: Path) -> None:
    report = judged(adapter, adapter)
    assert (report.status, loud(report)) == ("error", {"LC005"})


def test_broken_config_of_base(adapter: Path, tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text("{")
    report = judged(adapter, base)
    assert (report.status, loud(report)) == ("error", {"LC005"})


def test_unknown_class(adapter: Path, tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="classes are looked up in transformers")
    base = tmp_path / "base"
    base.mkdir()
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}
    (base / "config.json").write_text(json.dumps(config))
    report = judged(adapter, base, "LlamaForNothing")
    assert report.status == "error"
    assert "LC005" in loud(report)


def test_missing_shard_leaves_the_rest_undetermined(adapter: Path, tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    _, tree = build(())
    assert tree is not None
    tensors = [
        Tensor(f"{path}.{name}", "F32", shape)
        for path, module in tree.modules.items()
        for name, shape in module.parameters.items()
    ]
    first = [tensor for tensor in tensors if "layers.1" not in tensor.name]
    (base / "model-00001-of-00002.safetensors").write_bytes(safetensors_bytes(first))
    shards = {t.name: f"model-0000{1 if t in first else 2}-of-00002.safetensors" for t in tensors}
    (base / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    report = judged(adapter, base)
    assert (report.status, loud(report)) == ("undetermined", {"LC006"})
