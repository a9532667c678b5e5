"""Unexpected folders, links, pipes and names, and a rule that crashes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from loracfg.analysis.subject import Subject
from loracfg.report.formats import FORMATS
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Finding
from tests.cli.running import call, check_answer, hashes, run, write_adapter

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS, "adapter_model.bin"])
def test_folder_in_the_place_of_a_file(tmp_path: Path, base: Path, name: str) -> None:
    folder = write_adapter(tmp_path / "adapter")
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    outcome = call("validate", folder, "--base", base)
    check_answer(outcome)
    assert outcome.status == (0 if name == "adapter_model.bin" else 1)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_folder_in_the_place_of_a_file_of_the_base(adapter: Path, base: Path, name: str) -> None:
    (base / name).unlink()
    (base / name).mkdir()
    check_answer(call("validate", adapter, "--base", base))


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_link_to_itself(tmp_path: Path, base: Path, name: str) -> None:
    folder = write_adapter(tmp_path / "adapter")
    (folder / name).unlink()
    (folder / name).symlink_to(folder / name)
    outcome = call("validate", folder, "--base", base)
    check_answer(outcome)
    assert outcome.status == 1


def test_folder_that_is_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    outcome = call("validate", tmp_path / "loop")
    check_answer(outcome)
    assert outcome.status == 2


def test_folder_that_contains_itself(tmp_path: Path, base: Path) -> None:
    folder = write_adapter(tmp_path / "adapter")
    (folder / "again").symlink_to(folder)
    outcome = call("validate", folder, "--base", base)
    check_answer(outcome)
    assert outcome.status == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize(
    "name",
    [
        f"adapter/{CONFIG}",
        f"adapter/{WEIGHTS}",
        "adapter/adapter_model.bin",
        "base/config.json",
        "base/model.safetensors",
        "base/model.safetensors.index.json",
    ],
)
def test_named_pipe_is_not_waited_for(tmp_path: Path, adapter: Path, base: Path, name: str) -> None:
    path = tmp_path / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    outcome = run("validate", adapter, "--base", base)
    assert outcome.status in (0, 1, 2)
    assert outcome.err == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("arguments", [("pipe",), ("adapter", "--base", "pipe")])
def test_named_pipe_as_path(tmp_path: Path, adapter: Path, arguments: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    outcome = run("validate", *arguments, cwd=tmp_path)
    assert (outcome.status, outcome.err) == (2, "")


not_for_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the super-user may read everything"
)


@not_for_root
@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_file_without_permission(tmp_path: Path, base: Path, name: str) -> None:
    folder = write_adapter(tmp_path / "adapter")
    (folder / name).chmod(0)
    outcome = call("validate", folder, "--base", base)
    check_answer(outcome)
    assert outcome.status == 2
    assert "LC004" in outcome.out


@not_for_root
def test_folder_without_permission(tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter")
    folder.chmod(0)
    try:
        outcome = call("validate", folder)
    finally:
        folder.chmod(0o700)
    check_answer(outcome)
    assert outcome.status == 2


@not_for_root
def test_base_without_permission(adapter: Path, base: Path) -> None:
    base.chmod(0)
    try:
        outcome = call("validate", adapter, "--base", base)
    finally:
        base.chmod(0o700)
    check_answer(outcome)
    assert outcome.status == 2
    assert "LC005" in outcome.out


@pytest.mark.parametrize("name", ["\udcff", "a\x1b[31mb", "a\nb", "ä", " ", "%s{}", "a" * 255])
def test_names_of_folders(tmp_path: Path, base: Path, name: str) -> None:
    try:
        folder = write_adapter(tmp_path / name)
    except OSError:
        pytest.skip("the file system takes no such name")
    for format_name in FORMATS:
        outcome = call("validate", folder, "--base", base, "--format", format_name)
        check_answer(outcome)
        assert outcome.status == 0
    missing = run("validate", tmp_path / name[:-1] / "absent")
    assert (missing.status, missing.err) == (2, "")
    assert "\x1b" not in missing.out


def test_names_that_no_file_can_have(adapter: Path) -> None:
    for arguments in (["a\x00b"], ["a" * 5000], [adapter, "--base", "a\x00b"]):
        outcome = call("validate", *arguments)
        check_answer(outcome)
        assert outcome.status == 2


@pytest.mark.parametrize("code", ["LC104", "LC503", "LC690"])
def test_rule_that_crashes_affects_no_other_rule(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, base: Path, code: str
) -> None:
    def crash(_: Subject) -> Iterator[Finding]:
        raise RuntimeError("a defect, on purpose")

    rules = [r._replace(check=crash) if r.code == code else r for r in all_rules()]
    monkeypatch.setattr("loracfg.engine.case.rules_to_run", lambda *, preview: tuple(rules))
    lines = ('config {"r": 8, "fan_in_fan_out": null}',)
    folder = write_adapter(tmp_path / "adapter", *lines)
    outcome = call("validate", folder, "--base", base, "--format", "json")
    assert (outcome.status, outcome.err) == (2, "")
    (report,) = json.loads(outcome.out)["adapters"]
    found = {d["code"]: d["message"] for d in report["diagnostics"]}
    assert found["LC901"].startswith(f"the rule {code} crashed in `test_folders.py:")
    assert {"LC104", "LC503"} - {code} <= found.keys()


@pytest.mark.parametrize("lines", [(), ('config {"r": 8}',), ("weights pickled",)])
def test_nothing_is_changed(tmp_path: Path, base: Path, lines: tuple[str, ...]) -> None:
    folder = write_adapter(tmp_path / "adapter", *lines)
    before, times = hashes(tmp_path), {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    for format_name in FORMATS:
        call("validate", folder, "--base", base, "--format", format_name)
    assert hashes(tmp_path) == before
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == times
