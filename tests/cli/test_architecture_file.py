"""`validate --base` with architecture files, including hostile and large ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from loracfg.base.architecture_file import MAX_BYTES, write_architecture
from loracfg.config.schema.architecture_limits import MAX_MODULES
from loracfg.testing.llama import BASE, llama
from tests.base.architecture_cases import edited
from tests.cli.running import call, check_answer, run, write_adapter

LLAMA: Final[dict[str, Any]] = json.loads(write_architecture(llama(BASE), {}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_adapter(folder / "adapter")
    write_adapter(folder / "all", 'made with {"target_modules": "all-linear", "bias": "all"}')
    return folder


def test_the_written_file_is_a_base(folder: Path) -> None:
    (folder / "x.json").write_text(json.dumps(LLAMA))
    outcome = call("validate", folder / "adapter", "--base", folder / "x.json")
    check_answer(outcome)
    assert outcome.status == 0
    assert f"base: LlamaForCausalLM (from transformers), {folder}/x.json" in outcome.out


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edited(LLAMA))
def test_any_file_gets_an_answer(folder: Path, value: Any) -> None:
    (folder / "x.json").write_text(json.dumps(value))
    for name in ("adapter", "all"):
        outcome = call("validate", folder / name, "--base", folder / "x.json", "--format", "json")
        check_answer(outcome)
        (adapter,) = json.loads(outcome.out)["adapters"]
        codes = {one["code"] for one in adapter["diagnostics"]}
        assert not {code for code in codes if code.startswith("LC9")}
        assert (adapter["status"] == "error") == ("LC005" in codes)


def test_a_different_class_is_an_error_with_a_reason(folder: Path) -> None:
    (folder / "x.json").write_text(json.dumps(LLAMA))
    arguments = ("--base", folder / "x.json", "--class", "LlamaModel")
    outcome = call("validate", folder / "adapter", *arguments)
    assert outcome.status == 2
    assert "error[LC005]" in outcome.out
    assert "describes `LlamaForCausalLM`, not `LlamaModel`" in outcome.out
    assert "`loracfg base trace --class`" in outcome.out


@pytest.mark.parametrize("end", ["[" * 1000, "0," * (MAX_BYTES // 2), "x" * MAX_BYTES])
def test_files_over_a_limit_end_soon(end: str, folder: Path) -> None:
    path = folder / "large.json"
    path.write_text('{"architecture_version": 1, "notes": [' + end)
    outcome = run("validate", folder / "adapter", "--base", path)
    check_answer(outcome)
    assert outcome.status == 2
    assert "error[LC005]" in outcome.out


@pytest.mark.slow
def test_the_largest_tree_is_read(folder: Path) -> None:
    line = '{"path": "m%d", "kind": "Linear", "class": "Linear", "parameters": {"weight": [4, 4]}}'
    modules = ", ".join(line % number for number in range(MAX_MODULES - len(LLAMA["modules"])))
    text = json.dumps(LLAMA).removesuffix("]}") + f", {modules}]}}"
    path = folder / "largest.json"
    path.write_text(text)
    outcome = run("validate", folder / "adapter", "--base", path)
    check_answer(outcome)
    assert outcome.status == 0
    assert "8 of 8 tensors apply" in outcome.out
