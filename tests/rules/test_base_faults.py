"""A base that cannot be used is reported as such, never as a fault of the adapter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg.adapter.header.tensor import Tensor
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.fault import Fault
from loracfg.report.report import AdapterReport, Location
from loracfg.rules.reading.lc005_unusable_base import RULE as UNUSABLE
from loracfg.rules.reading.lc006_damaged_base import RULE as DAMAGED
from loracfg.testing.building.examples import build
from loracfg.testing.memory_files import safetensors_bytes
from tests.rules.subjects import on_base, subject


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


@pytest.mark.parametrize(
    ("code", "kind", "has_base"),
    [
        ("LC005", "base-unreadable", False),
        ("LC005", "base-class", True),
        ("LC006", "base-unreadable", True),
        ("LC006", "base-bad-header", True),
        (None, "unreadable", True),
    ],
)
def test_a_fault_of_a_base_is_one_finding(code: str | None, kind: str, has_base: bool) -> None:
    lines = () if has_base else ("base none",)
    faults = tuple(Fault(kind, "it is so", Location(place)) for place in ("x", "/y"))
    seen = on_base(subject(*lines), faults=faults)
    found = {
        rule.code: [one.location.file for one in rule.check(seen)] for rule in (UNUSABLE, DAMAGED)
    }
    files = [str(Path("x").absolute()), "/y"]
    assert found == {"LC005": [], "LC006": []} | ({code: files} if code else {})


def test_an_uploaded_base_keeps_the_path_of_its_sender() -> None:
    for place in (Location("base", elsewhere=True), Location("base")):
        seen = on_base(subject("base none"), faults=(Fault("base-unreadable", "no", place),))
        (found,) = UNUSABLE.check(seen)
        assert found.location.elsewhere
        assert (found.location.file == "base") is place.elsewhere
