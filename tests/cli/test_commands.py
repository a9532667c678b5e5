"""`loracfg explain`, `loracfg rules` and options that all commands share."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from loracfg import __version__
from loracfg.cli import loracfg
from loracfg.rules.registry import all_rules
from tests.cli.running import PROGRAM, ROOT, call, run, start, write_adapter


@pytest.mark.parametrize("given", ["LC503", "lc503", "rank-mismatch", "Rank-Mismatch"])
def test_explain(given: str) -> None:
    outcome = call("explain", given)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith("LC503 rank-mismatch (error, stable, added in 0.1.0)\n\n")
    assert "\nRepair: " in outcome.out


def test_every_rule_is_explained() -> None:
    for rule in all_rules():
        outcome = call("explain", rule.code)
        assert outcome.status == 0
        assert rule.page in outcome.out


@pytest.mark.parametrize("given", ["LC999", "LC5", "nonsense", "", "\x1b[31m"])
def test_explain_an_unknown_rule(given: str) -> None:
    outcome = call("explain", given)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("loracfg: there is no rule `")
    assert "\x1b" not in outcome.err


def test_rules_as_text() -> None:
    lines = call("rules").out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        [rule.code, rule.severity, rule.name] for rule in all_rules()
    ]


def test_rules_as_json() -> None:
    listed = json.loads(call("rules", "--format", "json").out)
    assert [entry["code"] for entry in listed] == [rule.code for rule in all_rules()]
    for entry in listed:
        assert entry.keys() == {"code", "name", "severity", "stage", "since", "summary", "url"}
        assert entry["summary"].endswith(".")


def test_version() -> None:
    outcome = run("--version")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == f"loracfg, version {__version__}\n"


@pytest.mark.parametrize(
    "command",
    [(), ("validate",), ("explain",), ("rules",), ("base", "trace"), ("inspect",), ("diff",)],
)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(command: tuple[str, ...], option: str) -> None:
    result = CliRunner().invoke(loracfg, [*command, option])
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_help_of_the_program_gives_the_exit_status() -> None:
    assert "Exit status: 0 no findings, 1 findings, 2" in call("--help").out


@pytest.mark.parametrize("arguments", [("rules",), ("explain", "LC503"), ("validate", "adapter")])
def test_reader_that_goes_away(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_adapter(tmp_path / "adapter", 'config {"r": 8}')
    process = start(*arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) in (0, 1)
    assert errors == b""


def test_long_output_to_a_reader_of_one_line(tmp_path: Path) -> None:
    lines = [f'config {{"nonsense{i}": 1}}' for i in range(3000)]
    write_adapter(tmp_path / "adapter", *lines)
    process = start(
        "validate", "adapter", cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline().startswith(b"warning[LC101]")
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == 0
    assert errors == b""


def test_a_full_disk_gives_a_message() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full")
    with full.open("wb") as stream:
        outcome = run("rules", stdout=stream)
    assert outcome.status == 2
    assert outcome.err == "loracfg: cannot write to standard output: No space left on device\n"


def test_a_full_disk_gives_a_message_for_help_too() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full")
    with full.open("wb") as stream:
        outcome = run("--help", stdout=stream)
    assert (outcome.status, outcome.err) == (2, "loracfg: No space left on device\n")


def test_closed_standard_output_gives_a_message() -> None:
    script = f"exec {shlex.join(PROGRAM)} rules >&-"
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", "-c", script], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "loracfg: cannot write to standard output: it is closed\n"


def test_status_of_findings_survives_a_reader_that_goes_away(tmp_path: Path) -> None:
    write_adapter(tmp_path / "adapter", 'config {"r": 8}')
    read, write = os.pipe()
    os.close(read)
    process = start("validate", "adapter", cwd=tmp_path, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (1, b"")
