"""Baselines: what identifies a finding, and what stays accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loracfg.errors import LoracfgError
from loracfg.report.report import AdapterReport, Location, Report
from loracfg.rules.kinds.engine_verdicts import EngineFact
from loracfg.rules.registry import all_rules
from loracfg.settings.baseline import (
    Baseline,
    BaselineEntry,
    entry_for,
    path_from,
    read_baseline,
)
from loracfg.testing.building.examples import examples
from loracfg.testing.building.judging import judged

CASES = [
    pytest.param(example.lines, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page))
    if example.fires
]
ENTRY: dict[str, Any] = {
    "path": "a",
    "code": "LC503",
    "file": "f",
    "place": "/r",
    "count": 1,
    "data": "",
}


def everything(_: str, __: str) -> bool:
    return True


def renewed(report: AdapterReport) -> Baseline:
    return Baseline(Path("baseline.json")).renewed(Report("", (report,)), everything)


def reworded(value: Any) -> Any:
    """Return data with other words in its messages, but not in the facts about engines."""
    if isinstance(value, EngineFact):
        return value._replace(evidence="a different file")
    if isinstance(value, str) and len(re.findall(r"\b[a-z]+\b(?= )", value)) > 2:
        return "in other words"
    if hasattr(value, "_asdict"):
        return value._replace(**{n: reworded(one) for n, one in value._asdict().items()})
    return tuple(map(reworded, value)) if type(value) is tuple else value


@pytest.mark.parametrize("lines", CASES)
def test_findings_are_accepted_in_other_words_too(lines: tuple[str, ...]) -> None:
    report = judged(*lines)._replace(path="adapter")
    baseline = renewed(report)
    words = [
        d._replace(message="in other words", help="do", related=(), data=reworded(d.data))
        for d in report.diagnostics
    ]
    accepted = baseline.accept(report._replace(diagnostics=tuple(words)))
    assert accepted.accepted.total + len(accepted.diagnostics) == len(words)
    assert all(d.code in ("LC002", "LC004") for d in accepted.diagnostics)
    assert accepted.hidden == accepted.accepted
    assert accepted.status == report.status
    assert baseline.stale(everything) == []


def findings() -> Iterator[Any]:
    report = judged('config {"r": 8}')._replace(path="adapter")
    (one,) = report.diagnostics
    yield report, one
    yield report, one._replace(count=one.count + 1)
    yield report, one._replace(code="LC504")
    yield report, one._replace(location=one.location._replace(pointer="/rank_pattern"))
    yield report, one._replace(location=one.location._replace(file="other.json"))
    yield report, one._replace(data=one.data._replace(given=9))  # type: ignore[union-attr]
    yield report._replace(path="other"), one


def test_anything_else_is_a_new_finding() -> None:
    (report, _), *others = findings()
    assert renewed(report).accept(report).diagnostics == ()
    for changed, one in others:
        baseline = renewed(report)
        assert baseline.accept(changed._replace(diagnostics=(one,))).diagnostics == (one,)


def test_one_entry_accepts_one_finding() -> None:
    report = judged('config {"r": 8}')._replace(path="adapter")
    twice = report._replace(diagnostics=report.diagnostics * 2)
    assert len(renewed(report).accept(twice).diagnostics) == 1
    assert len(renewed(twice)) == 2
    assert renewed(twice).accept(twice).accepted.errors == 2


def test_files_elsewhere_have_only_their_name() -> None:
    (_, one), *_ = findings()
    place = Location("/home/somebody/base/config.json", elsewhere=True)
    assert entry_for("a", one._replace(location=place)).file == "config.json"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    entries = [BaselineEntry("b", "LC503", "f", 'x"\u2028', 1, ""), BaselineEntry(**ENTRY)]
    for count in (0, 1, 2):
        text = Baseline(path, entries[:count]).text()
        path.write_text(text, "utf-8")
        assert read_baseline(path).text() == text
        assert len(json.loads(text)["findings"]) == count
    assert text.index('"path": "a"') < text.index('"path": "b"')


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "c.zip").touch()
    monkeypatch.chdir(tmp_path / "a")
    for named, path in {
        "b": "a/b",
        "./b/": "a/b",
        str(tmp_path / "a" / "b"): "a/b",
        "c.zip": "a/c.zip",
        "c.zip/inner/x": "a/c.zip/inner/x",
        "org/name": "org/name",
        "hf://org/name": "hf://org/name",
        "-": "-",
    }.items():
        assert path_from(named, tmp_path) == path
    assert path_from("b", tmp_path / "x") == "../a/b"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"baseline_version": 2, "findings": []}', "has the version `2`, and this loracfg"),
        (b'{"baseline_version": 1, "findings": {}}', "entry 0 is not one of a baseline"),
        (b'{"baseline_version": 1, "findings": [1]}', "entry 0 is not one of a baseline"),
        (b'{"baseline_version": 1, "findings": [{"path": "a"}]}', "entry 0 is not one"),
    ],
)
def test_what_is_no_baseline(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(data)
    with pytest.raises(LoracfgError) as caught:
        read_baseline(path)
    assert said in caught.value.message
    assert caught.value.help == "delete it, and write it again with `--write-baseline`"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "since it is not JSON: Expecting property name"),
        (b"\xff", "since it is not JSON"),
        (b"[" * 100_000, "since it is not JSON"),
        (b"[]", "is not a baseline"),
        (b'{"findings": []}', "is not a baseline"),
    ],
)
def test_nobody_is_told_to_delete_any_other_file(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "adapter_config.json"
    path.write_bytes(data)
    with pytest.raises(LoracfgError) as caught:
        read_baseline(path)
    assert said in caught.value.message
    assert caught.value.help.startswith("pass a different file; if this was a baseline, delete it")


@pytest.mark.parametrize(("path", "kind"), [(Path(), "a folder"), (Path("/dev/zero"), "a device")])
def test_only_a_file_is_read(path: Path, kind: str) -> None:
    with pytest.raises(LoracfgError, match=f"the baseline `{path}` is {kind}, not a file"):
        read_baseline(path)


@pytest.mark.parametrize(("key", "value"), [("count", "1"), ("count", True), ("data", None)])
def test_wrong_types(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "baseline.json"
    data = {"baseline_version": 1, "findings": [ENTRY, ENTRY | {key: value}]}
    path.write_text(json.dumps(data))
    with pytest.raises(LoracfgError, match=f"`{key}` of entry 1 has the wrong type"):
        read_baseline(path)
