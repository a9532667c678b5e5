"""A checkout that is judged in CI: what commands leave behind, and what links lead to."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
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


def _done(folder: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "loracfg", command, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def _run(folder: Path, command: str, *arguments: str) -> str:
    done = _done(folder, command, *arguments)
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


def test_no_file_is_an_option(tmp_path: Path) -> None:
    """As if by a hook that passes the names of all files, one of which looks like an option."""
    write_project(tmp_path, facts())
    (tmp_path / "accepted").mkdir()
    name = "--write-baseline=accepted/adapter_model.bin"
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text("")
    done = _done(tmp_path, "validate", "adapter/adapter_config.json", name)
    assert done.returncode == 2
    assert f"`{name}` is also a file here" in done.stderr
    assert list((tmp_path / "accepted").iterdir()) == []
    assert _done(tmp_path, "validate", "adapter", "--", name).returncode != 0


@pytest.mark.parametrize("table", ["", '[paths."adapter"]\n'])
@pytest.mark.parametrize("options", [(), ("--no-online",)])
def test_settings_name_no_url_without_online(
    table: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    write_project(tmp_path, facts())
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = f'{table}base = "http://127.0.0.1:{server.server_port}/base"\n'
        (tmp_path / "loracfg.toml").write_text(settings)
        assert "http://127.0.0.1" in _run(tmp_path, "validate", "adapter", *options)
        assert asked == []
        _run(tmp_path, "validate", "adapter", "--online")
        assert asked
        server.shutdown()
