"""Workflow commands, parsed like GitHub's runner does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from loracfg.report.render import render
from loracfg.report.report import AdapterReport, Diagnostic, Location, Region, Report
from tests.report.samples import CONFIG, HOSTILE, INVALID
from tests.report.strategies import reports

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def _unescape(text: str) -> str:
    for escape, char in ESCAPES.items():
        text = text.replace(escape, char)
    return text


def _parse(line: str) -> tuple[str, dict[str, str], str]:
    empty, command, message = line.split("::", 2)
    assert empty == ""
    name, _, listed = command.partition(" ")
    properties = dict(item.split("=", 1) for item in listed.split(","))
    return name, {key: _unescape(value) for key, value in properties.items()}, _unescape(message)


def _commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    return [_parse(line) for line in render(report, "github").splitlines()]


def _at(path: str, region: Region | None) -> Report:
    location = Location(CONFIG, "/r", region)
    d = Diagnostic("LC101", "some-rule", "warning", "message", location, help="", url="")
    return Report("1", (AdapterReport(path, "valid", (d,)),))


def test_place_title_and_message() -> None:
    assert _commands(INVALID)[0] == (
        "error",
        {
            "file": "adapters/bad/adapter_config.json",
            "line": "3",
            "col": "8",
            "endLine": "3",
            "endColumn": "9",
            "title": "LC503 rank-mismatch",
        },
        "the tensors have rank 16, but `r` is 8\nhelp: set `r` to 16",
    )


def test_no_columns_where_the_region_has_more_than_one_line() -> None:
    (command,) = _commands(_at("a", Region(4, 21, 7, 4)))
    assert command[1] == {
        "file": "a/adapter_config.json",
        "line": "4",
        "endLine": "7",
        "title": "LC101 some-rule",
    }


def test_separators_in_a_path_survive() -> None:
    assert _commands(HOSTILE)[1][1]["file"] == "my adapters/a%b:c,d/adapter_config.json"


def test_escapes_in_a_message_are_not_the_runners() -> None:
    d = INVALID.adapters[0].diagnostics[0]._replace(message="50%0A is not 50%", help="")
    (command,) = _commands(Report("1", (AdapterReport("a", "invalid", (d,)),)))
    assert command[2] == "50%0A is not 50%"


def test_paths_are_relative_inside_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "repo"
    here.mkdir()
    monkeypatch.chdir(here)

    def file(path: str) -> str:
        return _commands(_at(path, None))[0][1]["file"]

    assert file(str(here / "adapter")) == "adapter/adapter_config.json"
    assert file("./x/../adapter/") == "adapter/adapter_config.json"
    assert file(".") == "adapter_config.json"
    assert file("../adapter") == (tmp_path / "adapter/adapter_config.json").as_posix()


@given(reports)
def test_a_command_for_each_finding_and_for_what_is_undetermined_or_hidden(report: Report) -> None:
    names = {"error": "error", "warning": "warning", "info": "notice"}
    expected = []
    for adapter in report.adapters:
        expected += [names[d.severity] for d in adapter.diagnostics]
        expected += ["notice"] * (adapter.status == "undetermined")
        expected += ["notice"] * (adapter.hidden.total > 0)
    lines = render(report, "github").split("\n")[:-1]
    assert [_parse(line)[0] for line in lines] == expected
