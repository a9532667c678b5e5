"""Published adapters: what PEFT loads has no error, and what it does not load has one."""

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
def config_reports() -> dict[str, AdapterReport]:
    """Return the report on each config of the corpus by its id, without the missing weights."""
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
    found = {name: errors(config_reports()[name]) for name in loads}
    assert len(loads) > 100
    assert {name: messages for name, messages in found.items() if messages} == {}


def test_every_config_that_peft_rejects_has_one_error() -> None:
    rejected = [name for name, result in peft_results().items() if not result.startswith("ok")]
    found = {name: len(errors(config_reports()[name])) for name in rejected}
    assert rejected
    assert found == dict.fromkeys(rejected, 1)


def test_lfs_pointers_are_recognised() -> None:
    pointers = [
        name for name, path in config_paths().items() if path.read_bytes().startswith(b"version ")
    ]
    assert pointers
    for name in pointers:
        assert [d.code for d in config_reports()[name].diagnostics] == ["LC015"]


def test_configs_of_other_tools_are_recognised() -> None:
    names = [name for name, path in config_paths().items() if path.parent.name == "other"]
    assert names
    for name in names:
        assert [d.code for d in config_reports()[name].diagnostics] == ["LC021"]


def test_few_infos_and_warnings() -> None:
    reports = config_reports().values()
    assert max(r.count("info") for r in reports) <= 2
    assert max(r.count("warning") for r in reports) <= 1


def test_published_adapters_have_no_error_or_warning() -> None:
    folders = sorted(shared("corpus/adapters").iterdir())
    assert folders
    for report in validate(folders).adapters:
        serious = [(d.code, d.message) for d in report.diagnostics if d.severity != "info"]
        assert serious == [], f"{report.path} works: a rule that fires on it is an info, or wrong"
        assert report.status == "undetermined"
        assert report.coverage.tensors > 0
