"""What the real Emacs and Helix do with the settings that `loracfg editor` writes."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.running import call
from tests.editor.project import CONFIG, WRONG, install_program, make_project, problems

DRIVER: Final = Path(__file__).with_name("emacs.el")
SECONDS: Final = 180
SEVERITIES: Final = {1: "error", 2: "warning", 3: "info"}


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine (Debian's package is `{package}`)")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    make_project(path, **WRONG)
    return path


def environment(folder: Path) -> dict[str, str]:
    """Return variables with our program on PATH, and without the user's settings."""
    home = folder.parent / "home"
    home.mkdir()
    programs = install_program(folder)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "HOME": str(home), "TERM": "xterm-256color"}


def test_emacs_shows_what_validate_finds(folder: Path) -> None:
    emacs = program("emacs", "emacs-nox")
    if subprocess.run(
        [emacs, "--batch", "-l", "eglot"], check=False, capture_output=True
    ).returncode:
        pytest.skip("this Emacs has no Eglot")
    assert call("editor", "emacs", "--write", "--directory", folder).status == 0
    done = subprocess.run(
        [emacs, "-Q", "--batch", "-l", DRIVER],
        cwd=folder,
        env=environment(folder) | {"FILE": CONFIG},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = [(re.search(r"LC\d+", one["message"]), one["line"]) for one in json.loads(done.stdout)]
    found = sorted((code[0], line) for code, line in shown if code)
    assert len(found) == len(shown)
    assert found == sorted({(code, line) for code, _, line, _ in problems(folder)})


def test_helix_starts_the_server_and_gets_what_validate_finds(folder: Path) -> None:
    helix = program("hx", "hx")
    assert call("editor", "helix", "--write", "--directory", folder).status == 0
    variables = environment(folder)
    health = subprocess.run(
        [helix, "--health", "json"], cwd=folder, env=variables, capture_output=True, check=True
    )
    assert re.search(rb"loracfg.*: .*/bin/loracfg", health.stdout)
    log = folder.parent / "helix.log"
    found = []
    for one in published(helix, folder, variables, log):
        start = one["range"]["start"]
        place = (start["line"] + 1, start["character"] + 1)
        found.append((one["code"], SEVERITIES[one["severity"]], *place))
    assert sorted(found) == problems(folder)


def published(
    helix: str, folder: Path, variables: dict[str, str], log: Path
) -> list[dict[str, Any]]:
    """Open the config in Helix, which needs a terminal, until its log has diagnostics."""
    terminal, own = pty.openpty()
    process = subprocess.Popen(
        [helix, "-vv", "--log", log, CONFIG],
        cwd=folder,
        env=variables,
        stdin=own,
        stdout=own,
        stderr=own,
        start_new_session=True,
    )
    os.close(own)
    os.set_blocking(terminal, False)
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            with suppress(OSError):
                os.read(terminal, 1 << 16)
            text = log.read_text() if log.exists() else ""
            for line in text.splitlines():
                if " <- " in line and '"textDocument/publishDiagnostics"' in line:
                    with suppress(ValueError):
                        diagnostics = json.loads(line.partition(" <- ")[2])["params"]["diagnostics"]
                        assert isinstance(diagnostics, list)
                        return diagnostics
            time.sleep(0.1)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    raise AssertionError("Helix got no diagnostics")
