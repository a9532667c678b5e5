"""What people published: nothing that PEFT loads is an error, and the rest has its own code."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from tests.corpus import shared


def config_paths() -> dict[str, Path]:
    corpus = shared("corpus")
    return {p.stem: p for folder in ("configs", "other") for p in (corpus / folder).iterdir()}


def peft_results() -> dict[str, str]:
    data = json.loads(shared("corpus/peft_load_0.21.2.json").read_text(encoding="utf-8"))
    return {name: entry["result"] for name, entry in data.items()}


@cache
def judged_configs() -> dict[str, AdapterReport]:
    """Judge every config of the corpus alone, by its id; that there are no weights is left out."""
    reports = {}
    with TemporaryDirectory() as folder:
        for name, path in config_paths().items():
            shutil.copy(path, Path(folder) / "adapter_config.json")
            (reports[name],) = validate(folder, Options(ignore=("LC401",))).adapters
    return reports


def errors(report: AdapterReport) -> list[str]:
    return [f"{d.code} {d.message}" for d in report.diagnostics if d.severity == "error"]


def test_no_config_that_peft_loads_has_an_error() -> None:
    loads = [name for name, result in peft_results().items() if result.startswith("ok")]
    found = {name: errors(judged_configs()[name]) for name in loads}
    assert len(loads) > 100
    assert {name: messages for name, messages in found.items() if messages} == {}


def test_every_config_that_peft_refuses_has_one_error() -> None:
    refused = [name for name, result in peft_results().items() if not result.startswith("ok")]
    found = {name: len(errors(judged_configs()[name])) for name in refused}
    assert refused
    assert found == dict.fromkeys(refused, 1)


def test_lfs_pointers_are_named() -> None:
    pointers = [
        name for name, path in config_paths().items() if path.read_bytes().startswith(b"version ")
    ]
    assert pointers
    for name in pointers:
        assert [d.code for d in judged_configs()[name].diagnostics] == ["LC015"]


def test_configs_of_other_tools_are_named() -> None:
    names = [name for name, path in config_paths().items() if path.parent.name == "other"]
    assert names
    for name in names:
        assert [d.code for d in judged_configs()[name].diagnostics] == ["LC021"]


def test_few_infos_and_warnings() -> None:
    reports = judged_configs().values()
    assert max(r.count("info") for r in reports) <= 2
    assert max(r.count("warning") for r in reports) <= 1


def test_published_adapters_have_no_error_or_warning() -> None:
    folders = sorted(shared("corpus/adapters").iterdir())
    assert folders
    for report in validate(folders).adapters:
        serious = [(d.code, d.message) for d in report.diagnostics if d.severity != "info"]
        assert serious == [], report.path
        assert report.status == "undetermined"
        assert report.coverage.tensors > 0
