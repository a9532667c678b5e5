"""The code on the page of the library runs as it is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, get_type_hints

import pytest

import loracfg
from loracfg.analysis.policy import Policy
from loracfg.engine.options import OptionArguments
from tests.cli.running import call

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = (ROOT / "docs/library.md").read_text("utf-8")


def test_the_code_on_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs/examples")
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, names)  # noqa: S102  # what the page has
    assert names["report"].adapters[0].status == "valid"
    assert names["case"].plan.shapes.keys() == names["case"].weights.tensors.keys()


def test_the_page_names_every_function() -> None:
    functions = {name for name in loracfg.__all__ if name.islower() and not name.startswith("_")}
    assert functions == set(re.findall(r"^\| `(\w+)\(", PAGE, re.MULTILINE))


def test_keyword_arguments_are_the_options() -> None:
    names = {"Policy": Policy, "Self": loracfg.Options}  # imported for types only
    taken = get_type_hints(loracfg.Options.__new__, localns=names)
    del taken["return"]
    assert get_type_hints(OptionArguments, localns=names) == taken
    assert tuple(taken) == loracfg.Options._fields


def test_the_page_names_every_option() -> None:
    table = PAGE.partition("| Option |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(loracfg.Options._fields)
    assert f"(default: {loracfg.Options().pattern_seconds:g})" in table


def test_the_json_of_a_case_is_an_entry_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT / "docs/examples")
    case = loracfg.Engine(loracfg.Options(base="base")).open("adapter")
    printed = json.loads(call("validate", "adapter", "--base", "base", "--format", "json").out)
    assert printed["adapters"] == [case.report.to_dict()]


def test_keyword_arguments_go_before_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs/examples")
    nowhere = loracfg.Options(base="nowhere/")
    assert loracfg.validate("adapter", nowhere).adapters[0].status == "error"
    assert loracfg.validate("adapter", nowhere, base="base").adapters[0].status == "valid"


def test_cases_from_every_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs/examples")
    engine = loracfg.Engine(loracfg.Options(base="base"))
    files = {path.name: path.read_bytes() for path in Path("adapter").iterdir()}
    opened, held = engine.open("adapter"), engine.open_files(files)
    assert opened.report._replace(path="") == held.report._replace(path="")
    config = engine.open_config(loracfg.LoraConfig.from_pretrained("adapter"))
    assert config.weights is None
    assert config.plan
    assert opened.plan
    assert config.plan.shapes == opened.plan.shapes
    assert [case.name for case in engine.cases("adapter")] == ["adapter"]
