"""`--select` and `--ignore` only choose which findings are listed, and the report says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.report.formats import FORMATS
from tests.cli.running import call, write_adapter

WRONG_RANK = 'config {"r": 8}'
LOOSE_VALUE = 'config {"fan_in_fan_out": null}'
FACTS = ("status", "base", "written_by", "loads_in", "coverage", "scaling", "not_checked")
FILTERS = [
    ("--ignore", "LC503"),
    ("--ignore", "LC"),
    ("--select", "LC104"),
    ("--select", "LC7"),
    ("--select", "LC503", "--ignore", "rank-mismatch"),
]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write_adapter(tmp_path / "broken", WRONG_RANK, LOOSE_VALUE)


def report_of(*arguments: str | Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(call("validate", *arguments, "--format", "json").out)
    return report


@pytest.mark.parametrize("filters", FILTERS, ids=" ".join)
def test_filters_change_no_fact(broken: Path, base: Path, filters: tuple[str, ...]) -> None:
    (whole,) = report_of(broken, "--base", base)["adapters"]
    (filtered,) = report_of(broken, "--base", base, *filters)["adapters"]
    assert whole["status"] == "invalid"
    assert {key: filtered[key] for key in FACTS} == {key: whole[key] for key in FACTS}


@pytest.mark.parametrize("filters", FILTERS, ids=" ".join)
def test_what_is_hidden_is_counted(broken: Path, base: Path, filters: tuple[str, ...]) -> None:
    whole = report_of(broken, "--base", base)
    filtered = report_of(broken, "--base", base, *filters)
    assert whole["adapters"][0]["hidden"] == {"errors": 0, "warnings": 0, "infos": 0}
    assert whole["summary"]["hidden"] == 0
    hidden = filtered["adapters"][0]["hidden"]
    for severity in ("errors", "warnings", "infos"):
        assert filtered["summary"][severity] + hidden[severity] == whole["summary"][severity]
    assert filtered["summary"]["hidden"] == sum(hidden.values()) > 0


def test_the_exit_status_follows_what_is_listed(broken: Path, base: Path) -> None:
    def status(*arguments: str) -> int:
        return call("validate", broken, "--base", base, *arguments).status

    assert status() == 1
    assert status("--ignore", "LC503") == 0
    assert status("--select", "LC104", "--fail-on", "warning") == 1
    assert status("--ignore", "LC503", "--strict") == 0


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_says_what_is_hidden(broken: Path, base: Path, format_name: str) -> None:
    def out(*arguments: str) -> str:
        return call("validate", broken, "--base", base, "--format", format_name, *arguments).out

    hides = '"hidden": 1' if format_name == "json" else "hidden"
    assert hides not in out()
    assert hides in out("--ignore", "LC503")


def test_a_missing_tensor_stays_missing(tmp_path: Path, base: Path) -> None:
    gone = write_adapter(tmp_path / "gone", r"drop layers\.1\.self_attn\.v_proj\.lora_B")
    outcome = call("validate", gone, "--base", base, "--ignore", "LC5,LC6")
    assert outcome.status == 0
    assert f"{gone}: invalid\n" in outcome.out
    assert "Loads in" not in outcome.out
    assert "1 adapter: 1 invalid (1 hidden)" in outcome.out


def test_what_cannot_be_read_is_always_listed(adapter: Path, tmp_path: Path) -> None:
    for options in (("--ignore", "LC"), ("--select", "LC5")):
        outcome = call("validate", adapter, "--base", tmp_path / "absent", *options)
        assert outcome.status == 2
        assert "error[LC005]" in outcome.out


def test_the_exit_status_of_a_repair_follows_what_is_listed(broken: Path, base: Path) -> None:
    assert call("fix", broken, "--base", base).status == 1
    outcome = call("fix", broken, "--base", base, "--ignore", "LC503")
    assert outcome.status == 0
    assert "1 invalid" in outcome.out
