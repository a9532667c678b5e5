"""A web server on loopback with files in memory, which sends ranges of them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from tests.ranges import FOR_PAGES, ranged


@dataclass(frozen=True)
class Asked:
    """A request: its path with the query, its headers in lower case, and the bytes sent."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: int = 0


class WebServer(ThreadingHTTPServer):
    """The server; `files` are by their path without the first slash, and may change."""

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes], *, has_ranges: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = dict(files)
        self.has_ranges = has_ranges
        self.asked: list[Asked] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def add_folder(self, name: str, files: Mapping[str, bytes]) -> str:
        """Serve more files, and return the URL of their folder."""
        self.files |= {f"{name}/{file}": data for file, data in files.items()}
        return f"{self.address}/{name}"


class _Handler(BaseHTTPRequestHandler):
    server: WebServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        data = self.server.files.get(unquote(urlsplit(self.path).path).lstrip("/"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if data is None:
            self.server.asked.append(Asked(self.path, headers))
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        wanted = headers.get("range") if self.server.has_ranges else None
        sent = ranged(data, wanted)
        self.server.asked.append(Asked(self.path, headers, len(sent.data)))
        self.send_response(sent.status)
        digest = hashlib.sha1(data[:1000], usedforsecurity=False).hexdigest()
        own = {"Content-Length": str(len(sent.data)), "ETag": f'"{digest}"'}
        for name, value in (FOR_PAGES | own | sent.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent.data)


@contextmanager
def serving_web(
    files: Mapping[str, bytes] | None = None, *, has_ranges: bool = True
) -> Iterator[WebServer]:
    """Serve files while the block runs."""
    server = WebServer(files or {}, has_ranges=has_ranges)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
