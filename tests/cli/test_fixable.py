"""Reports show which findings `loracfg fix` can repair."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import call, write_adapter, write_base

SAFE = ("rename ^base_model\\.model\\. ->",)
UNSAFE = ('config {"r": 8}',)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base")


def test_a_safe_repair_has_the_mark(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "a", *SAFE)
    outcome = call("validate", adapter, "--base", base)
    first, *_ = outcome.out.splitlines()
    assert first.startswith("error[LC502]")
    assert first.endswith(" [*]")
    fix = "= fix: make the names of 8 tensors begin with `base_model.model.` (safe)"
    assert fix in outcome.out
    assert "\n[*] 1 fixable with `loracfg fix`\n1 adapter: 1 invalid" in outcome.out


def test_an_unsafe_repair_says_so(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "a", *UNSAFE)
    outcome = call("validate", adapter, "--base", base)
    assert "[*]" not in outcome.out
    assert "= fix: set `r` to `4`, the rank of the tensors (unsafe)" in outcome.out
    assert "\n1 fixable with `loracfg fix --unsafe`\n" in outcome.out


def test_both_are_counted(tmp_path: Path, base: Path) -> None:
    adapters = [write_adapter(tmp_path / "a", *SAFE), write_adapter(tmp_path / "b", *UNSAFE)]
    outcome = call("validate", *adapters, "--base", base, "--format", "concise")
    assert "\n[*] 1 fixable with `loracfg fix` (1 more with `--unsafe`)\n" in outcome.out
    assert [line.endswith(" [*]") for line in outcome.out.splitlines()[:2]] == [True, False]
    told = json.loads(call("validate", *adapters, "--base", base, "--format", "json").out)
    assert (told["summary"]["fixable"], told["summary"]["fixable_unsafe"]) == (1, 1)
    fixes = [one["fix"] for found in told["adapters"] for one in found["diagnostics"]]
    assert [(fix["safe"], bool(fix["edits"])) for fix in fixes] == [(True, False), (False, True)]


def test_what_is_not_listed_is_not_counted(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "a", *SAFE)
    outcome = call("validate", adapter, "--base", base, "--ignore", "LC502")
    assert "fixable" not in outcome.out


def test_without_a_repair_nothing_is_written(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "a", *UNSAFE)
    outcome = call("fix", adapter, "--base", base, "--output", tmp_path / "fixed")
    assert f"nothing was repaired, so `{tmp_path / 'fixed'}` was not written" in outcome.err
    assert not (tmp_path / "fixed").exists()


@pytest.mark.slow
def test_the_dry_run_needs_numpy_if_writing_does(tmp_path: Path, base: Path) -> None:
    transposed = (
        "reshape lora_A -> [16, 4]",
        "reshape q_proj.lora_B -> [4, 24]",
        "reshape v_proj.lora_B -> [4, 12]",
    )
    adapter = write_adapter(tmp_path / "a", *transposed)
    program = "import sys; sys.modules['numpy'] = None; from loracfg.cli import run; run()"
    command = [sys.executable, "-c", program, "fix", str(adapter), "--base", str(base)]
    dry = subprocess.run(command, capture_output=True, text=True, check=False)
    output = ["--output", str(tmp_path / "fixed")]
    real = subprocess.run([*command, *output], capture_output=True, text=True, check=False)
    assert dry.returncode == real.returncode == 2
    assert dry.stderr == real.stderr
    assert "numpy, which is not installed" in dry.stderr
