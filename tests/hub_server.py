"""A Hugging Face Hub on loopback: as much of its HTTP interface as downloading a file takes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from tests.ranges import FOR_PAGES, ranged

ROOT: Final = Path(__file__).resolve().parents[1]
MAIN: Final = "8cde5ca8380496c9a6cc7ef3a8b46a0372a1d920"
OLD: Final = "0e9e39f249a16976918f6564b8830bc894c89659"


@dataclass(frozen=True)
class Repo:
    """A model: its files, its revisions by name, and how the Hub refuses it, if it does.

    `headers` replace those of an answer; an empty one is left out. Without `has_ranges`, files are
    sent whole.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    revisions: Mapping[str, str] = field(default_factory=lambda: {"main": MAIN})
    refused: tuple[int, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False
    has_ranges: bool = True


class Hub(ThreadingHTTPServer):
    """The server, which keeps the requests that it got, each as method, path and token.

    `sent` is the size of the content of the answer to each, and `ranges` what it asked for. Large
    files are sent by a server of their own, like files in LFS, if there is one: `large_at` is its
    URL.
    """

    daemon_threads = True

    def __init__(self, repos: Mapping[str, Repo]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repos = dict(repos)
        self.requests: list[tuple[str, str, str]] = []
        self.sent: list[int] = []
        self.ranges: list[str] = []
        self.large_at: str | None = None
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def surroundings(self, cache: Path, **more: str) -> dict[str, str]:
        """Return the environment of a process that uses this Hub and a cache."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
        own = {
            "HF_ENDPOINT": self.address,
            "HF_HUB_CACHE": str(cache),
            "HF_HOME": str(cache.parent / "home"),
            "HF_HUB_ETAG_TIMEOUT": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
            "PYTHONPATH": str(ROOT),
        }
        return kept | own | more

    def download(self, cache: Path, *wanted: tuple[str, str, str]) -> None:
        """Have the real client download files (id, revision, file), be they there or not."""
        code = (
            "import sys\n"
            "from huggingface_hub import hf_hub_download\n"
            "from huggingface_hub.errors import EntryNotFoundError\n"
            "for line in sys.stdin.read().splitlines():\n"
            "    repo, revision, name = line.split()\n"
            "    try:\n"
            "        hf_hub_download(repo, name, revision=revision)\n"
            "    except EntryNotFoundError:\n"
            "        pass\n"
        )
        subprocess.run(
            [sys.executable, "-c", code],
            input="\n".join(map(" ".join, wanted)),
            env=self.surroundings(cache),
            text=True,
            check=True,
            timeout=30,
        )


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        token = self.headers.get("authorization", "")
        self.server.requests.append((self.command, self.path, token))
        self.server.ranges.append(self.headers.get("Range", ""))
        named, _, rest = self.path.partition("/resolve/")
        revision, _, name = rest.partition("/")
        name = unquote(name.partition("?")[0])
        repo = self.server.repos.get(named.lstrip("/"))
        if repo is None:
            return self._send(404, {"X-Error-Code": "RepoNotFound"})
        if repo.hangs:
            self.server.closing.wait(5)
        if repo.refused:
            status, code = repo.refused
            known = {"X-Error-Code": code} if code else {}
            return self._send(status, known | dict(repo.headers))
        revision = unquote(revision)
        known = {**repo.revisions, **{commit: commit for commit in repo.revisions.values()}}
        if revision not in known:
            return self._send(404, {"X-Error-Code": "RevisionNotFound"})
        commit = {"X-Repo-Commit": known[revision]}
        if name not in repo.files:
            return self._send(404, {"X-Error-Code": "EntryNotFound", **commit})
        data = repo.files[name]
        if self.server.large_at and name.endswith((".safetensors", ".bin", ".zip")):
            where = f"{self.server.large_at}/{named.lstrip('/')}/{name}"
            return self._send(302, {"Location": where, **commit})
        etag = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        sends_part = self.command == "GET" and repo.has_ranges
        part = ranged(data, self.headers.get("Range") if sends_part else None)
        headers = {"ETag": f'"{etag}"', **part.headers, **commit, **repo.headers}
        return self._send(part.status, headers, part.data)

    def _send(self, status: int, headers: Mapping[str, str], data: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **FOR_PAGES, **headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        is_sent = self.command == "GET"
        self.server.sent.append(len(data) if is_sent else 0)
        if is_sent:
            self.wfile.write(data)


@contextmanager
def serving(repos: Mapping[str, Repo]) -> Iterator[Hub]:
    """Serve models while the block runs."""
    hub = Hub(repos)
    thread = threading.Thread(target=hub.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hub
    finally:
        hub.closing.set()
        hub.shutdown()
        thread.join()
        hub.server_close()
