"""The language service of VS Code, Zed and Neovim: installed once, asked over a pipe."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final, Self

import pytest

HERE: Final = Path(__file__).resolve().parent
INSTALL_SECONDS: Final = 120
PATIENCE: Final = ("--fetch-retries=1", "--fetch-timeout=20000")
UNREACHABLE: Final = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ERR_SOCKET_TIMEOUT",
)


def installed(project: Path = HERE) -> Path:
    """Return a folder with the packages of a project's lock file, installed on first use.

    Skips the calling test where that cannot be. Several processes may call this at once.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not on this machine")
    lock = (project / "package-lock.json").read_bytes()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = caches / "loracfg-tests" / hashlib.sha256(lock).hexdigest()[:16]
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as new:
            _install(project, Path(new) / "packages")
            try:
                (Path(new) / "packages").rename(place)
            except OSError:
                assert place.exists()  # another process was first
    return place


def _install(project: Path, folder: Path) -> None:
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(project / name, folder)
    try:
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", *PATIENCE],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"the npm registry takes more than {INSTALL_SECONDS} s")
    if any(code in done.stderr for code in UNREACHABLE):
        pytest.skip("no npm registry is reachable, so packages cannot be installed")
    assert done.returncode == 0, done.stderr


class Service:
    """A process of the language service; in texts, `|` marks the place of the cursor."""

    def __init__(self, packages: Path, schemas: list[dict[str, Any]]) -> None:
        """Start it with the `fileMatch` and `uri` of each schema."""
        self._process = subprocess.Popen(
            ["node", str(HERE / "service.mjs"), str(packages), json.dumps(schemas)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def completions(self, text: str) -> dict[str, dict[str, Any]]:
        """Return what is offered at the cursor, by its label."""
        found = self._ask("complete", text)
        return {item["label"].strip('"'): item for item in found}

    def hover(self, text: str) -> str:
        """Return the text that is shown for what is at the cursor."""
        found = self._ask("hover", text)
        if found is None:
            return ""
        contents = found["contents"]
        assert isinstance(contents, dict | list)
        parts = [contents] if isinstance(contents, dict) else contents
        return "\n".join(part if isinstance(part, str) else part["value"] for part in parts)

    def diagnostics(self, text: str, uri: str = "file:///adapter_config.json") -> list[str]:
        """Return the messages for a text without a cursor."""
        return [found["message"] for found in self._ask("diagnose", text, uri, cursor=False)]

    def _ask(
        self, action: str, text: str, uri: str = "file:///adapter_config.json", cursor: bool = True
    ) -> Any:
        offset = 0
        if cursor:
            before, after = text.split("|")
            text, offset = before + after, len(before)
        job = {"action": action, "uri": uri, "text": text, "offset": offset}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        reply = json.loads(self._process.stdout.readline())
        assert "error" not in reply, reply["error"]
        return reply["result"]
