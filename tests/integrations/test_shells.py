"""Completion in shells, and `python -m loracfg`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT

SHELLS = {"bash": ".bashrc", "zsh": ".zshrc", "fish": "loracfg.fish"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with `loracfg` on the path."""
    program = tmp_path / "bin/loracfg"
    program.parent.mkdir()
    start = "import sys; sys.argv[0] = 'loracfg'; from loracfg.cli import run; run()"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{start}" "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}


def completed(environment: dict[str, str], folder: Path, *words: str) -> list[str]:
    """Return what bash offers for the last word."""
    quoted = " ".join(f"'{word}'" for word in ("loracfg", *words))
    script = (
        'eval "$(_LORACFG_COMPLETE=bash_source loracfg)"\n'
        f"COMP_WORDS=({quoted}); COMP_CWORD={len(words)}\n"
        'compopt() { echo "compopt $1 $2"; }\n'
        "_loracfg_completion loracfg\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    command = ["bash", "--norc", "-c", script]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_bash_completes_commands(environment: dict[str, str], tmp_path: Path) -> None:
    assert completed(environment, tmp_path, "va") == ["validate"]
    assert {"compat", "inspect", "fix"} <= set(completed(environment, tmp_path, ""))


def test_bash_completes_options_and_their_values(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert completed(environment, tmp_path, "validate", "--exc") == ["--exclude"]
    formats = completed(environment, tmp_path, "validate", "--format", "s")
    assert formats == ["sarif"]


def test_bash_completes_files(environment: dict[str, str], tmp_path: Path) -> None:
    for words in (("validate", "ad"), ("validate", "--base", "ad"), ("inspect", "ad")):
        assert "compopt -o default" in completed(environment, tmp_path, *words)


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_of_shells(environment: dict[str, str], tmp_path: Path, shell: str) -> None:
    """The script is what the page says, and a shell that is here can read it."""
    done = subprocess.run(
        ["loracfg"],
        env=environment | {"_LORACFG_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"_LORACFG_COMPLETE={shell}_complete" in done.stdout
    if shutil.which(shell):
        script = tmp_path / SHELLS[shell]
        script.write_text(done.stdout)
        subprocess.run([shell, "-n", str(script)], check=True)


def test_the_page_has_the_command_for_each_shell() -> None:
    page = (ROOT / "docs/many.md").read_text("utf-8")
    for shell in SHELLS:
        assert f"_LORACFG_COMPLETE={shell}_source loracfg" in page


def test_python_runs_it_as_a_module() -> None:
    command = [sys.executable, "-m", "loracfg", "validate", "--nonsense"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: loracfg validate ")
