"""Neovim without a screen, in a folder that `loracfg editor neovim --write` has set up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.running import call
from tests.editor.project import install_program

DRIVER: Final = Path(__file__).with_name("neovim.lua")
SECONDS: Final = 900
Step = tuple[str] | tuple[str, dict[str, Any]]


def program() -> str:
    """Return Neovim, or skip the calling test if there is none that is new enough."""
    found = os.environ.get("LORACFG_NEOVIM") or shutil.which("nvim")
    if found is None:
        pytest.skip("Neovim is not on this machine (Debian's package is `neovim`)")
    shown = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    version = tuple(int(one) for one in shown.stdout.split()[1][1:].split("-")[0].split("."))
    if version < (0, 10):
        pytest.skip("Neovim is older than 0.10")
    return found


def run_steps(nvim: str, folder: Path, file: str, *steps: Step, init: str = "") -> list[Any]:
    """Open a file of a folder in Neovim, do the steps of `neovim.lua`, and return the results."""
    home = folder.parent / f"{folder.name}-home"
    (home / "CONFIG" / "nvim").mkdir(parents=True, exist_ok=True)
    (home / "CONFIG" / "nvim" / "init.lua").write_text(f"vim.o.exrc = true\n{init}")
    results = home / "results.json"
    environment = os.environ | {
        **{f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
        "STEPS": json.dumps(steps),
        "RESULTS": str(results),
    }
    trust = "lua vim.secure.trust({ action = 'allow', bufnr = 0 })"
    base = [nvim, "--headless", "-n"]
    for arguments in (
        ["-u", "NONE", ".nvim.lua", "-c", trust, "-c", "qa!"],
        [file, "-c", f"luafile {DRIVER}"],
    ):
        done = subprocess.run(
            [*base, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    answer = json.loads(results.read_text())
    assert "problem" not in answer, (answer["problem"], done.stderr)
    found = answer["results"]
    assert isinstance(found, list)
    return found


def set_up(folder: Path) -> None:
    """Set up a folder, with a virtual environment."""
    install_program(folder)
    assert call("editor", "neovim", "--write", "--directory", folder).status == 0
