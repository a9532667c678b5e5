"""Reports are valid against their schema, which allows nothing else."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

import loracfg
from loracfg.config.schema.schema_files import REPORT
from loracfg.report.render import render
from loracfg.report.report import Report
from loracfg.rules.registry import all_rules
from loracfg.testing.building.examples import examples
from loracfg.testing.building.judging import judged
from tests.cli.running import call, write_adapter, write_base
from tests.report.samples import SAMPLES
from tests.schema.reading import errors, validator


def faults(data: Any) -> list[tuple[str, str]]:
    return errors(validator(REPORT), data)


def as_json(report: Report) -> Any:
    return json.loads(render(report, "json"))


@pytest.mark.parametrize("name", SAMPLES)
def test_sample(name: str) -> None:
    assert faults(as_json(SAMPLES[name])) == []


@pytest.mark.slow
def test_report_of_every_example() -> None:
    """Each rule fires in one; together they have every severity, fixes and related places."""
    adapters = [judged(*e.lines) for rule in all_rules() for e in examples(rule.page)]
    data = as_json(Report("1.2.3", tuple(adapters)))
    assert faults(data) == []
    found = [one for adapter in data["adapters"] for one in adapter["diagnostics"]]
    assert {one["severity"] for one in found} == {"error", "warning", "info"}
    assert any(one["related"] for one in found)
    assert any("line" in one["location"] for one in found)
    assert any("tensor" in one["location"] for one in found)
    assert {adapter["status"] for adapter in data["adapters"]} >= {"valid", "invalid"}


def test_report_of_the_command(tmp_path: Path) -> None:
    write_base(tmp_path / "base")
    write_adapter(tmp_path / "good")
    write_adapter(tmp_path / "bad", 'config {"r": 8}')
    paths = [str(tmp_path / name) for name in ("good", "bad", "none")]
    for base in ([], ["--base", str(tmp_path / "base")]):
        outcome = call("validate", *paths, *base, "--format", "json")
        data = json.loads(outcome.out)
        assert faults(data) == []
        assert [adapter["status"] for adapter in data["adapters"]][1:] == ["invalid", "error"]


def test_report_of_the_library(tmp_path: Path) -> None:
    write_adapter(tmp_path)
    assert faults(loracfg.validate(tmp_path).to_dict()) == []


ADAPTER: Final = "/adapters/0"

WRONG: Final[list[tuple[str, Any, str]]] = [
    ("/report_version", 2, "/report_version"),
    ("/unheard_of", 1, ""),
    (f"{ADAPTER}/status", "fine", f"{ADAPTER}/status"),
    (f"{ADAPTER}/unheard_of", 1, ADAPTER),
    (f"{ADAPTER}/coverage/applied", -1, f"{ADAPTER}/coverage/applied"),
    (f"{ADAPTER}/base/library", None, f"{ADAPTER}/base/library"),
    (f"{ADAPTER}/written_by/evidence", None, f"{ADAPTER}/written_by/evidence"),
    (f"{ADAPTER}/loads_in", {"dropping": "0.12"}, f"{ADAPTER}/loads_in"),
    (f"{ADAPTER}/diagnostics/0/code", "LC5033", f"{ADAPTER}/diagnostics/0/code"),
    (f"{ADAPTER}/diagnostics/0/location/line", 0, f"{ADAPTER}/diagnostics/0/location/line"),
    (f"{ADAPTER}/diagnostics/0/fix/edits/0/to", 1, f"{ADAPTER}/diagnostics/0/fix/edits/0"),
    ("/summary/fatal", 0, "/summary"),
]


@pytest.mark.parametrize(("place", "value", "pointer"), WRONG)
def test_anything_else_is_refused(place: str, value: Any, pointer: str) -> None:
    data = deepcopy(as_json(SAMPLES["invalid"]))
    *steps, last = place.strip("/").split("/")
    at = data
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[last] = value
    assert [found for found, _ in faults(data)] == [pointer]


def test_every_key_is_required() -> None:
    """But those of places and of `loads_in`, which a report leaves out where they say nothing.

    So it does with the base's `library` and `config`.
    """
    data = as_json(SAMPLES["invalid"])
    adapter = data["adapters"][0]
    for at in (data, data["tool"], data["summary"], adapter, adapter["coverage"], adapter["base"]):
        for key in at.keys() - {"library", "config"}:
            value = at.pop(key)
            assert faults(data), key
            at[key] = value
    region = adapter["diagnostics"][0]["location"]
    del region["end_line"]
    assert faults(data)
