"""A checkout that is judged in CI: what commands leave behind, and what links lead to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.running import ROOT
from tests.security.tricks import facts
from tests.security.ways import write_project

COMMANDS: Final = {
    "validate": (".", "--format", "sarif"),
    "inspect": ("adapter",),
    "plan": ("adapter", "--base", "base"),
    "diff": ("adapter", "adapter"),
    "fix": ("adapter", "--base", "base", "--unsafe"),
    "migrate": ("adapter", "--to", "0.12.0"),
    "compat": ("adapter", "--base", "base"),
    "deploy": ("adapter", "--base", "base", "--for", "vllm"),
}


def _run(folder: Path, command: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "loracfg", command, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Usage:" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def _contents(folder: Path) -> dict[str, bytes | None]:
    """Return everything in a folder, but for what Python itself keeps."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_write_nothing(command: str, tmp_path: Path) -> None:
    write_project(tmp_path, facts())
    before = _contents(tmp_path)
    assert _run(tmp_path, command, *COMMANDS[command])
    assert _contents(tmp_path) == before


def test_a_link_out_of_the_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    write_project(folder, facts())
    config = folder / "adapter/adapter_config.json"
    config.rename(tmp_path / "elsewhere.json")
    config.symlink_to(tmp_path / "elsewhere.json")
    said = _run(folder, "validate", "adapter")
    assert "LC709" in said
    assert "`adapter_config.json` is a link out of the folder" in said
